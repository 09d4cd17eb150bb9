//go:build unix

package file_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"overpaint.dev/overpaint/editor/file"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	content := bytes.Repeat([]byte("0123456789"), 1000)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, longest := range []int64{10_000, 10_001, 1 << 40} {
		if got, err := file.Read(path, longest); err != nil || !bytes.Equal(got, content) {
			t.Errorf("longest %d: %d bytes, %v", longest, len(got), err)
		}
	}
	if got, err := file.Read(path, 9_999); !errors.Is(err, file.ErrTooLong) || got != nil {
		t.Errorf("one byte too long: %d bytes, %v", len(got), err)
	}
	if got, err := file.Start(path, 9_999); err != nil || !bytes.Equal(got, content[:9_999]) {
		t.Errorf("the beginning: %d bytes, %v", len(got), err)
	}
	if got, err := file.Start(path, 10_001); err != nil || !bytes.Equal(got, content) {
		t.Errorf("all: %d bytes, %v", len(got), err)
	}
	if err := os.Truncate(path, 1<<40); err != nil { // it takes no room, but to read
		t.Skip("the file system has no holes")
	}
	if _, err := file.Read(path, 2<<30); !errors.Is(err, file.ErrTooLong) {
		t.Errorf("a terabyte: %v", err)
	}
	if got, err := file.Start(path, 20_000); err != nil || len(got) != 20_000 {
		t.Errorf("the beginning of a terabyte: %d bytes, %v", len(got), err)
	}
	if _, err := file.Read(filepath.Join(dir, "none"), 10); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

// Opening a pipe whose other end is never opened would block forever.
func TestReadDoesNotBlock(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, pipe, "/dev/null"} {
		if _, err := file.Read(path, 10); !errors.Is(err, file.ErrNotFile) {
			t.Errorf("%s: %v", path, err)
		}
		if f, err := file.Open(path); !errors.Is(err, file.ErrNotFile) {
			f.Close()
			t.Errorf("%s opened: %v", path, err)
		}
	}
}
