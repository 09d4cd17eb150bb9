package file

import (
	"errors"
	"io/fs"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// openUnnamed makes a file without a name in a folder's file system
// (open(2), O_TMPFILE). It fails with errors.ErrUnsupported where that has no
// such files.
func openUnnamed(folder string, mode fs.FileMode) (*os.File, error) {
	if !unnamed {
		return nil, errors.ErrUnsupported
	}
	for {
		fd, err := unix.Open(folder, unix.O_TMPFILE|unix.O_RDWR|unix.O_CLOEXEC, uint32(mode.Perm()))
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case errors.Is(err, unix.EOPNOTSUPP), errors.Is(err, unix.EISDIR), errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS):
			return nil, errors.ErrUnsupported
		case err != nil:
			return nil, &fs.PathError{Op: "open", Path: folder, Err: err}
		}
		f := os.NewFile(uintptr(fd), folder)
		if _, err := os.Stat(descriptor(f)); err != nil { // no /proc, so no name later
			_ = f.Close()
			return nil, errors.ErrUnsupported
		}
		return f, nil
	}
}

// unnamed is false in tests that do without such files.
var unnamed = true

// descriptor is a path of an open file, whatever its name.
func descriptor(f *os.File) string { return "/proc/self/fd/" + strconv.Itoa(int(f.Fd())) }

// linkUnnamed gives a file of openUnnamed a name that isn't taken.
func linkUnnamed(f *os.File, path string) error {
	if err := unix.Linkat(unix.AT_FDCWD, descriptor(f), unix.AT_FDCWD, path, unix.AT_SYMLINK_FOLLOW); err != nil {
		return &fs.PathError{Op: "link", Path: path, Err: err}
	}
	return nil
}

// renameNew renames a file unless the new name is taken.
func renameNew(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EOPNOTSUPP) {
		return linkNew(from, to)
	}
	if err != nil {
		return &fs.PathError{Op: "rename", Path: to, Err: err}
	}
	return nil
}
