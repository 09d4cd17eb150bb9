package file

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// renamesOpen reports whether an open file can be renamed: a draft is opened so that
// it can, and keeps its lock until it has its name.
const renamesOpen = true

// openDraft makes a file that is not there yet, which others may rename or remove
// while it is open. os.OpenFile would not allow that.
func openDraft(name string, mode fs.FileMode) (*os.File, error) {
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	attributes := uint32(windows.FILE_ATTRIBUTE_NORMAL)
	if mode&0o200 == 0 {
		attributes = windows.FILE_ATTRIBUTE_READONLY
	}
	h, err := windows.CreateFile(path, windows.GENERIC_READ|windows.GENERIC_WRITE,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, nil, windows.CREATE_NEW, attributes, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(h), name), nil
}

// replace renames a file over another. Windows keeps files that are marked
// read-only, so the mark is taken off first; the new file has it again.
func replace(from, to string) error {
	if err := os.Chmod(to, 0o666); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return retryBusy(func() error { return os.Rename(from, to) })
}

// Programs that look through new files, such as scanners for viruses, hold them
// for an instant; a picture that another program shows may be held for longer.
const (
	busyPatience = 2 * time.Second
	busyPause    = 50 * time.Millisecond
)

// retryBusy repeats what fails because another program holds a file, for at most
// two seconds, and returns how it ended.
func retryBusy(do func() error) error {
	for end := time.Now().Add(busyPatience); ; time.Sleep(busyPause) {
		err := do()
		if !busy(err) && !errors.Is(err, windows.ERROR_ACCESS_DENIED) || time.Now().After(end) {
			return err
		}
	}
}

// busy reports whether another program has a file so that it can't be opened,
// renamed or removed now.
func busy(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION)
}

// renameNew renames a file unless the new name is taken.
func renameNew(from, to string) error {
	source, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	err = retryBusy(func() error { return windows.MoveFileEx(source, name, windows.MOVEFILE_WRITE_THROUGH) })
	if err != nil {
		return &fs.PathError{Op: "rename", Path: to, Err: err}
	}
	return nil
}

// writable reports whether the user may write a file that is there. Whether
// it is marked read-only is in its mode; access lists are tried when it is
// replaced.
func writable(string) bool { return true }

// adopt marks a file read-only where the other is. Its owner is the user.
func adopt(f *os.File, old fs.FileInfo) error { return f.Chmod(old.Mode().Perm()) }
