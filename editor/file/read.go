package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrTooLong reports that a file is longer than allowed.
var ErrTooLong = errors.New("file: too long")

// Read returns the content of an ordinary file of at most longest bytes; a longer one is
// ErrTooLong. It never blocks on a pipe. The other errors are ErrNotFile and the system's.
func Read(path string, longest int64) ([]byte, error) {
	data, more, err := start(path, longest, false)
	if err == nil && more {
		return nil, fmt.Errorf("%w: %s", ErrTooLong, path)
	}
	return data, err
}

// Start is Read, but returns the first longest bytes of a longer file.
func Start(path string, longest int64) ([]byte, error) {
	data, _, err := start(path, longest, true)
	return data, err
}

// start reads a file's first longest bytes, and says whether there are more. Of a
// file that has more it reads nothing unless that is wanted.
func start(path string, longest int64, wanted bool) (data []byte, more bool, err error) {
	f, err := Open(path)
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, false, err
	}
	if info.Size() > longest && !wanted {
		return nil, true, nil
	}
	var b bytes.Buffer
	b.Grow(int(min(info.Size(), longest)) + bytes.MinRead)
	if _, err := b.ReadFrom(io.LimitReader(f, longest)); err != nil {
		return nil, false, err
	}
	n, err := f.Read(make([]byte, 1))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, err
	}
	return b.Bytes(), n > 0, nil
}

// Open opens an ordinary file for reading. A pipe, which would block, a folder or a device is
// ErrNotFile.
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
