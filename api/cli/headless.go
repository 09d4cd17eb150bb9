package cli

import (
	"os"
	"strings"
)

// Headless reports whether a command line is carried out by Main; any other one opens the
// window, with or without pictures. Several words of which the first is no file are for Main,
// which tells what commands there are.
func Headless(args []string) bool {
	if len(args) == 0 {
		return false
	}
	if _, ok := command(args[0]); ok {
		return true
	}
	if strings.HasPrefix(args[0], "-") {
		return true
	}
	_, err := os.Stat(args[0])
	return err != nil && len(args) > 1
}
