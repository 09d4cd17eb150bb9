//go:build unix

package file

import (
	"os"
	"syscall"
)

// openAtOnce opens a file for reading and doesn't wait where it is a pipe.
func openAtOnce(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}
