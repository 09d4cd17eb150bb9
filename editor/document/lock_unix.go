//go:build unix

package document

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

// errLocked reports a folder that a running process holds.
var errLocked = errors.New("document: in use by another process")

// folderLock marks an autosave's folder as in use. The system lets go of it
// when the process ends, however it ends.
type folderLock struct{ f *os.File }

// lockFolder takes the lock of a folder without waiting.
func lockFolder(folder string) (*folderLock, error) {
	f, err := os.OpenFile(filepath.Join(folder, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errLocked
		}
		return nil, err
	}
	// Whoever held the lock may have removed the folder meanwhile.
	mine, err := f.Stat()
	if err == nil {
		var there os.FileInfo
		if there, err = os.Stat(f.Name()); err == nil && !os.SameFile(mine, there) {
			err = errLocked
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &folderLock{f}, nil
}

// release lets go of the lock; a second call does nothing.
func (l *folderLock) release() { l.f.Close() }
