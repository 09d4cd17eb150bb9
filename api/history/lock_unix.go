//go:build unix

package history

import (
	"os"
	"syscall"
)

// lock takes the file for this process alone and reports whether it could: no
// other process that lives has it. The system lets go when the process ends,
// however it ends.
func lock(f *os.File) bool { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil }
