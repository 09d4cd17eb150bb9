package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrTooLong reports that a file is longer than a reader takes.
var ErrTooLong = errors.New("file: too long")

// Read returns what is in an ordinary file of at most longest bytes. It never
// waits for a pipe's other end, and of a longer file it reads nothing more than
// longest bytes: these it returns with ErrTooLong. The other errors are
// ErrNotFile and what the system says.
func Read(path string, longest int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var b bytes.Buffer
	if info, err := f.Stat(); err == nil {
		b.Grow(int(min(info.Size(), longest)) + bytes.MinRead)
	}
	if _, err := b.ReadFrom(io.LimitReader(f, longest+1)); err != nil {
		return nil, err
	}
	if int64(b.Len()) > longest {
		return b.Bytes()[:longest], fmt.Errorf("%w: %s", ErrTooLong, path)
	}
	return b.Bytes(), nil
}

// Open opens an ordinary file for reading: a pipe, whose other end it would have
// to wait for, a folder, and a device are ErrNotFile.
func Open(path string) (*os.File, error) {
	f, err := openAtOnce(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%w: %s", ErrNotFile, path)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
