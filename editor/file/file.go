// Package file writes files atomically, and provides locks between processes.
//
// All files that the application writes go through New, Write or Save: the bytes are written
// to a file without a name, or with a temporary one where the system has no such files, synced
// to the disk, and only then renamed to the target. A crash, a kill, a full disk or a
// cancelled save leaves the old file, never a part of the new one.
//
// Folders and files that are the application's own, not the user's, are made readable by the
// person alone: see Folder and Tidy.
package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

var (
	// ErrExists reports that a file of that name exists.
	ErrExists = errors.New("file: a file of that name exists already")
	// ErrNotFile reports that the name is a folder, a device or the like.
	ErrNotFile = errors.New("file: not an ordinary file")
	// ErrName reports a name that the system doesn't allow (NameAllowed).
	ErrName = errors.New("file: the system can't have a file of that name")
	// ErrProtected reports that the existing file is write-protected, for everybody or for this
	// person.
	ErrProtected = errors.New("file: the file is write-protected")
)

// Modes of new files before the user's umask. A file that is replaced keeps
// the mode that it has.
const (
	Shared  fs.FileMode = 0o666 // the user's own: pictures, projects
	Private fs.FileMode = 0o600 // the application's: settings, history
)

// Over says which files may be replaced.
type Over int

// What a save may replace: no file, files that the user may write, or
// write-protected ones too.
const (
	Nothing Over = iota
	Writable
	Protected
)

// Save writes a file with what write produces, atomically.
//
// With Nothing, path must be free until the end; a symbolic link counts as taken. Otherwise an
// existing file is replaced and keeps its mode, and its owner and group as far as the system
// permits; a symbolic link stays, and its final target, which need not exist, is replaced or
// made. A new file has mode, less the umask.
//
// It fails with ErrExists, ErrProtected, ErrNotFile, or the system's error, such as
// syscall.ELOOP for links in a circle. After an error, or a panic of write, the old file is
// unchanged and nothing is left beside it.
func Save(path string, over Over, mode fs.FileMode, write func(io.Writer) error) error {
	if over == Nothing {
		if _, err := os.Lstat(path); err == nil {
			return fmt.Errorf("%w: %s", ErrExists, path)
		}
		return put(target{path: path, mode: mode}, write)
	}
	path, err := follow(path)
	if err != nil {
		return err
	}
	old, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return put(target{path: path, mode: mode, replace: true}, write)
	case err != nil:
		return err
	case !old.Mode().IsRegular():
		return fmt.Errorf("%w: %s", ErrNotFile, path)
	case over != Protected && protected(path, old):
		return fmt.Errorf("%w: %s", ErrProtected, path)
	}
	return put(target{path: path, mode: Private, replace: true, old: old}, write)
}

// New is Save with Nothing.
func New(path string, mode fs.FileMode, write func(io.Writer) error) error {
	return Save(path, Nothing, mode, write)
}

// Write is Save over files that the user may write.
func Write(path string, mode fs.FileMode, write func(io.Writer) error) error {
	return Save(path, Writable, mode, write)
}

// IsThere reports whether a name is taken, be it by a dangling link.
func IsThere(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// IsProtected reports whether a file exists that Save replaces only with Protected.
func IsProtected(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && protected(path, info)
}

// protected reports whether a file is write-protected, for everybody or for this person. The
// administrator could write it, but should not do so by mistake.
func protected(path string, info fs.FileInfo) bool {
	return info.Mode().Perm()&0o222 == 0 || !writable(path)
}

// maxLinks is how many symbolic links may lead to a file, as on Linux.
const maxLinks = 40

// follow returns what path names once symbolic links are followed. The last one
// may name nothing yet.
func follow(path string) (string, error) {
	first := path
	for range maxLinks {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		} else if err != nil {
			return "", err
		}
		next, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(next) {
			// Not Join: it would take a ".." behind a linked folder for that
			// folder's place in the path.
			next = filepath.Dir(path) + string(filepath.Separator) + next
		}
		folder, name := filepath.Split(next)
		if folder, err = filepath.EvalSymlinks(folder); err != nil {
			return "", err
		}
		path = filepath.Join(folder, name)
	}
	return "", &fs.PathError{Op: "follow", Path: first, Err: syscall.ELOOP}
}

// Until returns write so that it fails with ctx's error once ctx has ended: at its next piece,
// and at the latest before the file is renamed. A save cancelled that way leaves the old file.
func Until(ctx context.Context, write func(io.Writer) error) func(io.Writer) error {
	return func(w io.Writer) error {
		if err := write(&untilWriter{ctx, w}); err != nil {
			return err
		}
		return ctx.Err()
	}
}

// untilWriter writes as long as its context lives.
type untilWriter struct {
	ctx context.Context
	w   io.Writer
}

func (u *untilWriter) Write(b []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.w.Write(b)
}
