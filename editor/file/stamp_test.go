package file

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestAStampTellsContentsApart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.png")
	put := func(text string, when time.Time) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	if StampAt(path) != (Stamp{}) || StampOf(nil).Is(path) || (Stamp{}).Is(path) {
		t.Error("no file has a stamp")
	}
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	put("one", noon)
	one := StampAt(path)
	if one == (Stamp{}) || one != StampOf([]byte("one")) || !one.Is(path) {
		t.Error("a file doesn't have the stamp of its bytes")
	}
	put("one", noon.Add(time.Second))
	if !one.Is(path) {
		t.Error("the same bytes, written again, have another stamp")
	}
	put("two", noon)
	if one.Is(path) {
		t.Error("other bytes of the same size and time aren't seen")
	}
	put("three", noon)
	if one.Is(path) {
		t.Error("another size isn't seen")
	}
	put("", noon)
	if (Stamp{}).Is(path) {
		t.Error("an empty file is taken for none")
	}
}
