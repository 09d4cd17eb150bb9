package file

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"unicode/utf16"
)

// NameAllowed reports whether the system allows a file name, given without folders. Windows
// refuses some characters, names of devices such as CON, with any ending, and a dot or a space
// at the end; other systems refuse little. No system has names of more than 255 bytes, or
// UTF-16 units on Windows.
func NameAllowed(name string) bool {
	const longest = 255
	length := len(name)
	if runtime.GOOS == "windows" {
		length = len(utf16.Encode([]rune(name)))
	}
	if strings.ContainsAny(name, "/\x00") || length > longest {
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

// CleanName removes from a name the characters that some system does not allow, and dots and
// spaces at its ends, which would hide the file or get lost. The result may be empty.
func CleanName(name string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return -1
		}
		return r
	}, name), " .")
}

// Numbered returns a file's path, with a number after the name from the second on.
func Numbered(folder, name, ending string, n int) string {
	if n > 1 {
		name = fmt.Sprintf("%s-%d", name, n)
	}
	return filepath.Join(folder, name+ending)
}
