package file_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/editor/file"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWriteReplacesWholeAndKeepsMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	old, err := os.Stat(path) // Windows knows fewer modes
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Write(path, 0o644, text("new")); err != nil {
		t.Fatal(err)
	}
	if got := content(t, path); got != "new" {
		t.Fatalf("content = %q, want new", got)
	}
	if info, _ := os.Stat(path); info.Mode() != old.Mode() {
		t.Fatalf("mode = %v, want the old file's %v", info.Mode(), old.Mode())
	}
}

func TestFailedWriteLeavesEverythingAsItWas(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	if err := file.Write(path, 0o644, text("old")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := file.Write(path, 0o644, func(w io.Writer) error {
		io.WriteString(w, "half of the n")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("err = %v, want %v", err, broken)
	}
	if got := content(t, path); got != "old" {
		t.Fatalf("content = %q, want old", got)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Fatalf("the folder holds %d files, want 1: a temporary file was left", len(entries))
	}
}

func TestNewRefusesAnExistingName(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	if err := file.New(path, 0o644, text("first")); err != nil {
		t.Fatal(err)
	}
	if err := file.New(path, 0o644, text("second")); !errors.Is(err, file.ErrExists) {
		t.Fatalf("err = %v, want ErrExists", err)
	}
	// The name is taken while the bytes are being written.
	other := filepath.Join(dir, "b.txt")
	err := file.New(other, 0o644, func(w io.Writer) error { return os.WriteFile(other, []byte("theirs"), 0o644) })
	if !errors.Is(err, file.ErrExists) {
		t.Fatalf("err = %v, want ErrExists", err)
	}
	if got := content(t, path) + content(t, other); got != "firsttheirs" {
		t.Fatalf("contents = %q", got)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Fatalf("the folder holds %d files, want 2", len(entries))
	}
}

func TestWriteRefusesWhatIsNoFile(t *testing.T) {
	if err := file.Write(t.TempDir(), 0o644, text("new")); !errors.Is(err, file.ErrNotFile) {
		t.Fatalf("err = %v, want ErrNotFile", err)
	}
}

func TestAPanicLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	func() {
		defer func() { recover() }()
		file.Write(filepath.Join(dir, "a.txt"), 0o644, func(io.Writer) error { panic("broken") })
	}()
	if entries, _ := os.ReadDir(dir); len(entries) != 0 {
		t.Fatalf("the folder holds %d files, want none", len(entries))
	}
}
