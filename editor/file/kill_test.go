package file_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"overpaint.dev/overpaint/editor/file"
)

func init() { children["save"] = saveForEver }

// sealed returns what whole accepts: n in some hundred kilobytes, in pieces, and
// their sum.
func sealed(n int) []byte {
	b := bytes.Repeat([]byte(strconv.Itoa(n)+"\n"), 40_000)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// whole reports whether a file holds the whole of what sealed gave.
func whole(b []byte) bool {
	if len(b) < sha256.Size {
		return false
	}
	sum := sha256.Sum256(b[:len(b)-sha256.Size])
	return bytes.Equal(sum[:], b[len(b)-sha256.Size:])
}

// saveForEver replaces one file and makes new ones, and says how many it has made.
func saveForEver(dir string) {
	for n := 0; ; n++ {
		b := sealed(n)
		write := func(w io.Writer) error {
			for piece := b; len(piece) > 0; {
				k := min(len(piece), 10_000)
				if _, err := w.Write(piece[:k]); err != nil {
					return err
				}
				piece = piece[k:]
			}
			return nil
		}
		must(file.Write(filepath.Join(dir, "kept"), file.Shared, write))
		must(file.New(filepath.Join(dir, "new"+strconv.Itoa(n)), file.Shared, write))
		fmt.Println(n)
	}
}

// TestKilledWhileSaving kills programs that save without a pause, and looks at
// what they leave: whole files, and nothing else once the folder was swept.
func TestKilledWhileSaving(t *testing.T) {
	const kills = 15
	rnd := rand.New(rand.NewPCG(7, 8))
	for _, drafts := range []string{"", "named "} {
		left := 0
		for i := range kills {
			dir := t.TempDir()
			c := child(t, drafts+"save", dir)
			out, err := c.StdoutPipe()
			if err := errors.Join(err, c.Start()); err != nil {
				t.Fatal(err)
			}
			lines, known := bufio.NewScanner(out), -1
			hear := func() bool {
				if !lines.Scan() {
					return false
				}
				known, err = strconv.Atoi(lines.Text())
				return err == nil
			}
			for range 1 + rnd.IntN(3) {
				if !hear() {
					t.Fatal("the child has ended by itself")
				}
			}
			for range rnd.IntN(3_000_000) { // so that the kill falls anywhere in a save
				rnd.Uint64()
			}
			c.Process.Kill()
			for hear() {
			}
			c.Wait()
			left += checkKilled(t, dir, known)
			if t.Failed() {
				t.Fatalf("%skill %d", drafts, i)
			}
		}
		t.Logf("%s%d of %d kills left a draft to sweep", drafts, left, kills)
	}
}

// checkKilled looks at what a killed program left after it had said that it had
// made known files, and returns how many drafts were to be swept.
func checkKilled(t *testing.T, dir string, known int) (left int) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	theirs := filepath.Join(dir, ".overpaint-theirs.tmp")
	if err := os.WriteFile(theirs, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	file.Sweep(dir)
	if err := os.Remove(theirs); err != nil {
		t.Errorf("a file that is no draft was swept: %v", err)
	}
	names := map[string]bool{}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".tmp") {
			left++
			if _, err := os.Lstat(filepath.Join(dir, e.Name())); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s was not swept: %v", e.Name(), err)
			}
			continue
		}
		names[e.Name()] = true
		if b, err := os.ReadFile(filepath.Join(dir, e.Name())); err != nil || !whole(b) {
			t.Errorf("%s is not whole: %d bytes, %v", e.Name(), len(b), err)
		}
	}
	for n := range known + 1 {
		if !names["new"+strconv.Itoa(n)] {
			t.Errorf("new%d was made and is not there", n)
		}
	}
	if len(names) > known+3 {
		t.Errorf("%d files, want kept and at most %d", len(names), known+2)
	}
	return left
}

// TestRunningSavesAreNotSwept sweeps a folder while a file is being written in it.
func TestRunningSavesAreNotSwept(t *testing.T) {
	dir := t.TempDir()
	out, err := child(t, "named swept", dir).Output()
	if err != nil || string(out) != "new" {
		t.Fatalf("%s, %v", out, err)
	}
}

func init() {
	children["swept"] = func(dir string) {
		path := filepath.Join(dir, "a")
		must(file.New(path, file.Shared, func(w io.Writer) error {
			if entries, err := os.ReadDir(dir); err != nil {
				return err
			} else if len(entries) != 1 {
				return fmt.Errorf("%d files while one is written", len(entries))
			}
			file.Sweep(dir)
			_, err := io.WriteString(w, "new")
			return err
		}))
		b, err := os.ReadFile(path)
		must(err)
		os.Stdout.Write(b)
	}
}
