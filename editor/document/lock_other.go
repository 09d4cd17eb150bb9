//go:build !unix

package document

import (
	"errors"
	"os"
	"path/filepath"
)

// errLocked reports a folder that a running process holds.
var errLocked = errors.New("document: in use by another process")

// folderLock marks an autosave's folder as in use: a file that is open cannot
// be removed on Windows, and the system closes it when the process ends.
type folderLock struct{ f *os.File }

// lockFolder takes the lock of a folder without waiting.
func lockFolder(folder string) (*folderLock, error) {
	path := filepath.Join(folder, lockName)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, errLocked
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, errLocked
	} else if err != nil {
		return nil, err
	}
	return &folderLock{f}, nil
}

// release lets go of the lock; a second call does nothing.
func (l *folderLock) release() { l.f.Close() }
