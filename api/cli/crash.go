package cli

import (
	"fmt"
	"io"

	"overpaint.dev/overpaint/api/crash"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
)

// mentionCrashes reports crashes that the user wasn't told of yet, each once.
func mentionCrashes(stderr io.Writer) {
	dirs, err := settings.Dirs()
	if err != nil {
		return // nothing was kept then
	}
	for _, path := range crash.Take(dirs.Crashes(), crash.CommandLine) {
		fmt.Fprintln(stderr, text.T("cli.crashed", "File", path))
	}
}
