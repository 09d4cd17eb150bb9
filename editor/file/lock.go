package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// ErrLocked reports a lock that somebody alive holds.
var ErrLocked = errors.New("file: locked by a running program")

// Lock is a claim to something that one holder has at a time, such as a folder
// or a run's unfinished work, shown by a file that the holder has locked. It
// excludes other processes and other holders in the same process. The system
// takes it back when the process ends, however it ends: then the file stays,
// unlocked, and TryLock, WaitLock and Held see that nobody has it.
//
// Locks are advisory: they bind those who ask for them. A Lock must be kept: one
// that nothing refers to any more is free. Its methods may be called on any
// goroutine, one at a time.
type Lock struct{ f *os.File }

// A lock that is found taken is tried again for some milliseconds before that
// is believed: it may be held for an instant by Held, or by a TryLock that finds
// that the file was removed under it.
const (
	attempts = 10
	pause    = 2 * time.Millisecond
)

// TryLock takes the lock of the file path, which is made (0600) where it isn't
// there. Its folder must exist. It fails with ErrLocked where somebody alive
// holds it, after some milliseconds at most.
func TryLock(path string) (*Lock, error) {
	for range attempts {
		f, err := attempt(path, os.O_CREATE)
		if err == nil {
			return &Lock{f}, nil
		}
		if !errors.Is(err, ErrLocked) {
			return nil, err
		}
		time.Sleep(pause)
	}
	return nil, fmt.Errorf("%w: %s", ErrLocked, path)
}

// WaitLock is TryLock, but waits until the lock is free or ctx has ended, whose
// error it then returns.
func WaitLock(ctx context.Context, path string) (*Lock, error) {
	for {
		l, err := TryLock(path)
		if !errors.Is(err, ErrLocked) {
			return l, err
		}
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrLocked, err)
		}
	}
}

// Held reports whether somebody alive holds the lock of the file path. Where
// nobody does, the file is removed if there is one. Where that can't be found
// out it returns true with the error, since what belongs to somebody alive must
// not be touched.
func Held(path string) (bool, error) {
	for range attempts {
		f, err := attempt(path, 0)
		switch {
		case err == nil:
			return false, remove(f)
		case errors.Is(err, fs.ErrNotExist):
			return false, nil
		case !errors.Is(err, ErrLocked):
			return true, err
		}
		time.Sleep(pause)
	}
	return true, nil
}

// Unlock gives the lock back and removes its file. A second call does nothing.
func (l *Lock) Unlock() error {
	f := l.f
	if f == nil {
		return nil
	}
	l.f = nil
	return remove(f)
}

// attempt opens the file path, with a further flag, and locks it. It fails with
// ErrLocked where that is locked already, or is no longer the file of that name:
// its holder may remove it between the two steps.
func attempt(path string, flag int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|flag, 0o600)
	if errors.Is(err, fs.ErrPermission) {
		f, err = os.Open(path) // a draft may be write-protected already
	}
	if busy(err) { // somebody removes it, or looks into it
		return nil, ErrLocked
	}
	if err != nil {
		return nil, err
	}
	if err = lock(f); err == nil && !named(f) {
		err = ErrLocked
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// named reports that a file has the name by which it was opened.
func named(f *os.File) bool {
	mine, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(f.Name())
	return err == nil && os.SameFile(mine, there)
}
