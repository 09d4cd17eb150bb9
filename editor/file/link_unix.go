//go:build unix

package file

import (
	"errors"
	"io/fs"
	"os"
)

// linkNew renames a file unless the new name is taken: a hard link fails there,
// which a rename does not.
func linkNew(from, to string) error {
	err := os.Link(from, to)
	if err == nil {
		return os.Remove(from)
	}
	if errors.Is(err, fs.ErrExist) {
		return err
	}
	// Some file systems (FAT, many network shares) have no hard links.
	if _, err := os.Lstat(to); err == nil {
		return &fs.PathError{Op: "rename", Path: to, Err: fs.ErrExist}
	}
	return os.Rename(from, to)
}
