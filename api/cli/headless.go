package cli

import "strings"

// Headless reports whether a command line is Main's to carry out; otherwise it
// asks for the window, with or without a picture to open.
func Headless(args []string) bool {
	if len(args) == 0 {
		return false
	}
	switch args[0] {
	case "edit", "history", "services", "select", "mcp", "version", "help":
		return true
	}
	return strings.HasPrefix(args[0], "-") || len(args) > 1
}
