package desktop

import "golang.org/x/sys/windows"

// box shows a message and waits until the user has read it. It reports whether
// this system has such boxes.
func box(summary, body string) bool {
	title, err := windows.UTF16PtrFromString(summary)
	if err != nil {
		return true
	}
	message, err := windows.UTF16PtrFromString(body)
	if err != nil {
		return true
	}
	_, _ = windows.MessageBox(0, message, title, windows.MB_OK|windows.MB_ICONERROR)
	return true
}
