package logfile

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLinesAreJSONAndTheLogIsBounded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	log, closer := Open(dir)
	defer closer.Close()
	filler := strings.Repeat("x", 1<<16)
	for range 3 * Limit << 20 / len(filler) {
		log.Info("something happened", "filler", filler)
	}
	var total int64
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	// One set aside too many may still be waiting for its removal.
	if total > 3*Limit<<20 || total < Limit<<20 {
		t.Fatalf("%d files hold %d bytes", len(entries), total)
	}
	f, err := os.Open(filepath.Join(dir, Name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var entry struct{ Msg string }
	if err := json.Unmarshal(line, &entry); err != nil || entry.Msg != "something happened" {
		t.Fatalf("line %.80s: %v", line, err)
	}
}
