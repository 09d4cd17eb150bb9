// Package file writes files whole or not at all.
//
// Every file that the application leaves on a disk goes through Write: the
// bytes are put into a temporary file beside the target, forced to the disk
// and only then given the target's name, so that a crash, a full disk or a
// cancelled save leaves what was there before.
package file

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrExists reports that New found a file of that name already there.
var ErrExists = errors.New("file: a file of that name exists already")

// ErrNotFile reports that Write found a folder, a device or the like at path.
var ErrNotFile = errors.New("file: not an ordinary file")

// Write puts what write produces into path, replacing a file that is there.
// The file's permissions are kept where it existed and are mode otherwise; a
// symbolic link stays one, and what it points to is replaced. After an error, or
// a panic of write, path is as it was before and no temporary file is left.
func Write(path string, mode fs.FileMode, write func(io.Writer) error) error {
	if old, err := os.Stat(path); err == nil {
		if !old.Mode().IsRegular() {
			return fmt.Errorf("%w: %s", ErrNotFile, path)
		}
		mode = old.Mode().Perm()
		// Renaming onto a link would replace the link.
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
	}
	return put(path, mode, write, os.Rename)
}

// Until returns write so that it fails with ctx's error once ctx has ended: at
// its next piece, and at the latest before the file gets its name. A save that
// is cancelled so leaves what was there before.
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

// New is Write for a name that must be free: it fails with ErrExists, and
// touches nothing, where path exists, even if it came to exist meanwhile.
func New(path string, mode fs.FileMode, write func(io.Writer) error) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%w: %s", ErrExists, path)
	}
	return put(path, mode, write, func(temporary, target string) error {
		// A hard link fails where the target exists, which a rename does not.
		if err := os.Link(temporary, target); err == nil {
			return os.Remove(temporary)
		} else if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%w: %s", ErrExists, target)
		}
		// Some file systems (FAT, many network shares) have no hard links.
		if _, err := os.Lstat(target); err == nil {
			return fmt.Errorf("%w: %s", ErrExists, target)
		}
		return os.Rename(temporary, target)
	})
}

func put(path string, mode fs.FileMode, write func(io.Writer) error, publish func(temporary, target string) error) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".overpaint-*.tmp")
	if err != nil {
		return err
	}
	temporary := f.Name()
	published := false
	defer func() {
		if !published {
			f.Close()
			os.Remove(temporary)
		}
	}()
	buffered := bufio.NewWriterSize(f, 1<<16)
	if err := write(buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := publish(temporary, path); err != nil {
		return err
	}
	published = true
	syncDir(dir)
	return nil
}

// syncDir makes the new name itself survive a power cut. Systems that cannot
// sync a folder (Windows) say so with an error that means nothing here.
func syncDir(dir string) {
	d, err := os.Open(dir)
	if err != nil {
		return
	}
	_ = d.Sync()
	d.Close()
}
