package file

import (
	"runtime"
	"slices"
	"strings"
)

// NameAllowed reports whether the system can make a file of a name, which is one
// without folders. Windows refuses some characters, names of devices such as CON,
// with any ending, and a dot or a space at the end; other systems refuse little.
func NameAllowed(name string) bool {
	if strings.ContainsAny(name, "/\x00") {
		return false
	}
	return runtime.GOOS != "windows" || allowedOnWindows(name)
}

// devices are names that Windows keeps for devices.
var devices = []string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"}

func allowedOnWindows(name string) bool {
	if strings.ContainsAny(name, `<>:"/\|?*`) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) ||
		strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") {
		return false
	}
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	if slices.Contains(devices, stem) {
		return false
	}
	port, ok := strings.CutPrefix(stem, "COM")
	if !ok {
		port, ok = strings.CutPrefix(stem, "LPT")
	}
	return !ok || !slices.Contains([]string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"}, port)
}
