package file

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestAStampTellsContentsApart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.png")
	put := func(text string, when time.Time) Stamp {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
		return StampOf(path)
	}
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	if !StampOf(path).Same(Stamp{}) {
		t.Error("no file has a stamp")
	}
	first := put("one", noon)
	switch {
	case first.Same(Stamp{}):
		t.Error("a file has the stamp of none")
	case !first.Same(StampOf(path)):
		t.Error("a file that nobody touched has another stamp")
	case first.Same(put("two", noon.Add(time.Second))):
		t.Error("another time isn't seen")
	case first.Same(put("three", noon)):
		t.Error("another size isn't seen")
	}
}
