package cli

import (
	"os"
	"strings"
)

// Headless reports whether a command line is carried out by Main; any other one opens the
// window, with or without pictures. Where the first word is no file, several words are for
// Main, and so is a single one that can't be meant as a path: Main tells that there is no such
// command.
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
	return err != nil && (len(args) > 1 || !strings.ContainsAny(args[0], `./\:`))
}
