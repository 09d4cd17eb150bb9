package console

import (
	"os"

	"golang.org/x/sys/windows"
)

// parent stands for the console of the process that started this one.
const parent = ^uintptr(0)

var attachConsole = windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole")

// Attach connects the standard streams to the console that the program was started
// from, if there is one. Streams that go elsewhere stay as they are.
func Attach() {
	// Where there is no console, or it is ours already, this fails, which is harmless.
	_, _, _ = attachConsole.Call(parent)
	for _, s := range []struct {
		stream **os.File
		id     uint32
		name   string
	}{
		{&os.Stdin, windows.STD_INPUT_HANDLE, "CONIN$"},
		{&os.Stdout, windows.STD_OUTPUT_HANDLE, "CONOUT$"},
		{&os.Stderr, windows.STD_ERROR_HANDLE, "CONOUT$"},
	} {
		handle, err := windows.GetStdHandle(s.id)
		switch given := err == nil && handle != 0 && handle != windows.InvalidHandle; {
		case given && isConsole(handle):
			// Go finds out what a stream is when it is made, and this one may have become
			// a console only now.
			*s.stream = os.NewFile(uintptr(handle), s.name)
		case !given:
			if f, err := os.OpenFile(s.name, os.O_RDWR, 0); err == nil {
				*s.stream = f
			}
		}
	}
}

// isConsole reports whether a stream goes to a console, and not to a file, a pipe or NUL.
func isConsole(handle windows.Handle) bool {
	var mode uint32
	return windows.GetConsoleMode(handle, &mode) == nil
}
