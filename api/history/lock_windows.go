package history

import (
	"os"
	"syscall"
	"unsafe"
)

var lockFileEx = syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")

// lock takes the file for this process alone and reports whether it could: no
// other process that lives has it. The system lets go when the process ends,
// however it ends.
func lock(f *os.File) bool {
	const exclusive, failAtOnce = 2, 1
	var overlapped syscall.Overlapped
	ok, _, _ := lockFileEx.Call(f.Fd(), exclusive|failAtOnce, 0, 1, 0, uintptr(unsafe.Pointer(&overlapped)))
	return ok != 0
}
