package file

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Folder makes a folder of the application, readable by the user alone (0700), and missing
// parents. The permissions of an existing one are restricted.
func Folder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return restrict(path, info)
}

// Tidy walks a folder of the application. It removes others' permissions, as far as the system
// permits, which an earlier version or a copy may have left. And it removes the drafts of
// killed programs, as Sweep does. Symbolic links are not followed. A missing folder is
// ignored.
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
			_ = restrict(path, info)
		}
		return nil
	})
}

// restrict removes the permissions of others on a file or folder.
func restrict(path string, info fs.FileInfo) error {
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return os.Chmod(path, mode&0o700)
	}
	return nil
}
