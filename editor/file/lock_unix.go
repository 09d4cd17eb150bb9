//go:build unix

package file

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// lock takes f for its opener alone without waiting. It fails with ErrLocked
// where another has it. The lock ends when f is closed.
func lock(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return ErrLocked
		case err != nil:
			return &fs.PathError{Op: "flock", Path: f.Name(), Err: err}
		default:
			return nil
		}
	}
}

// remove closes a locked file and removes it. The name goes first: whoever has
// opened the file sees afterwards that it is not the one of that name, while a
// name that is removed without the lock may be another's by then.
func remove(f *os.File) error {
	var err error
	if named(f) {
		if err = os.Remove(f.Name()); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	return errors.Join(err, f.Close())
}
