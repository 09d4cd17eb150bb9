//go:build unix

package history

import (
	"errors"
	"os"
	"syscall"
)

// syncFolder makes the names in a folder survive a power cut, where its file
// system can sync folders.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	if err = d.Sync(); errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}
