package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// ErrLocked reports a lock that a running process holds.
var ErrLocked = errors.New("file: locked by a running program")

// Lock is an advisory lock, for instance on a folder or a run's unfinished work, held by
// locking a file. It excludes other processes and other holders in the same process. The
// system releases it when the process ends, however it ends: then the file stays, unlocked,
// and TryLock, WaitLock and Held find it free.
//
// A Lock that is garbage-collected is released. Its methods may be called from any goroutine,
// one at a time.
type Lock struct{ f *os.File }

// A lock that is found taken is tried again for some milliseconds before that
// is believed: it may be held for an instant by Held, or by a TryLock that finds
// that the file was removed under it.
const (
	attempts = 10
	pause    = 2 * time.Millisecond
)

// TryLock locks the file path, which is made (0600) where it doesn't exist. Its folder must
// exist. It fails with ErrLocked where a running process holds the lock, after some
// milliseconds at most.
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

// WaitLock is TryLock, but waits until the lock is free or ctx has ended, whose error it then
// returns.
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

// Held reports whether a running process holds the lock of the file path. Where none does, the
// file is removed if it exists. Where that is unknown it returns true with the error, so that
// nothing of a running process is touched.
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

// Unlock releases the lock and removes its file. A second call does nothing.
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
	if busy(err) { // another process removes it, or reads it
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

// named reports whether a file has the name by which it was opened.
func named(f *os.File) bool {
	mine, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(f.Name())
	return err == nil && os.SameFile(mine, there)
}
