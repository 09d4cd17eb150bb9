package file

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Folder makes a folder of the application's, for the person alone (0700), and
// the missing ones above it. Where it is there already, others are shut out of it.
func Folder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return shut(path, info)
}

// Tidy goes through a folder of the application's and all below it. It shuts
// others out, as far as the system permits: an earlier version, or a copy from
// elsewhere, may have left it open to them. And it removes the drafts of killed
// programs, as Sweep does. Symbolic links in it are not followed. A folder that
// isn't there is nothing to do.
func Tidy(path string) {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return
	}
	_ = filepath.WalkDir(path, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.Type() != 0 && !e.IsDir() {
			return nil
		}
		if temporary.MatchString(e.Name()) {
			_, _ = Held(path)
			return nil
		}
		if info, err := e.Info(); err == nil {
			_ = shut(path, info)
		}
		return nil
	})
}

// shut takes from a file or folder what others may do with it.
func shut(path string, info fs.FileInfo) error {
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return os.Chmod(path, mode&0o700)
	}
	return nil
}
