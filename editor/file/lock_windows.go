package file

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

// lock takes f for its opener alone without waiting. It fails with ErrLocked
// where another has it. The lock ends when f is closed.
func lock(f *os.File) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return ErrLocked
	}
	if err != nil {
		return &fs.PathError{Op: "LockFileEx", Path: f.Name(), Err: err}
	}
	return nil
}

// remove closes a locked file and removes it, unless another process has opened it
// meanwhile: Windows removes no file that is open, so it stays theirs.
func remove(f *os.File) error {
	err := f.Close()
	gone := os.Remove(f.Name())
	if errors.Is(gone, fs.ErrNotExist) || errors.Is(gone, windows.ERROR_SHARING_VIOLATION) {
		gone = nil
	}
	return errors.Join(err, gone)
}
