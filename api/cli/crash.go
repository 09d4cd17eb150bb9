package cli

import (
	"fmt"
	"io"

	"overpaint/api/crash"
	"overpaint/api/settings"
	"overpaint/assets/text"
)

// mentionCrashes tells, once of each, of crashes that the window has not told of.
func mentionCrashes(stderr io.Writer) {
	dirs, err := settings.Dirs()
	if err != nil {
		return // nothing was kept then
	}
	for _, path := range crash.Take(dirs.Crashes(), crash.CommandLine) {
		fmt.Fprintln(stderr, text.T("cli.crashed", "File", path))
	}
}
