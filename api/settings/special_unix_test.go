//go:build unix

package settings_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"overpaint.dev/overpaint/api/settings"
)

// TestAPipeInPlaceOfTheSettingsIsNotWaitedFor: opening a named pipe would block until
// another process opens its other end.
func TestAPipeInPlaceOfTheSettingsIsNotWaitedFor(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(folder, settings.FileName), 0o600); err != nil {
		t.Fatal(err)
	}
	var unreadable *settings.UnreadableError
	if err := settings.Open(folder).Trouble(); !errors.As(err, &unreadable) {
		t.Fatalf("trouble %v", err)
	}
	if info, err := os.Lstat(filepath.Join(folder, settings.FileName)); err != nil || info.Mode().Type() != os.ModeNamedPipe {
		t.Errorf("the pipe is gone: %v, %v", info, err)
	}
}
