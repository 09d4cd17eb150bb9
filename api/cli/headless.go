package cli

import "strings"

// Headless reports whether a command line is carried out by Main; any other one opens the
// window, with or without a picture.
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
