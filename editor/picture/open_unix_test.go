//go:build unix

package picture

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipe opens a file that nobody writes to: that must not wait.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, Limits{}); !errors.Is(err, ErrNotPicture) {
		t.Errorf("err = %v, want ErrNotPicture", err)
	}
}
