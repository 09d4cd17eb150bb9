// Package cli is the command line of the program: `overpaint edit`, which edits pictures
// by the same code that the window uses, `overpaint history`, which shows and exports
// earlier edits, `overpaint services`, which finds services on this machine, `overpaint
// select`, which makes a mask of the object at given points, `overpaint export`, which
// writes copies, `overpaint mcp`, an MCP server by which other programs edit pictures, and
// `overpaint version`. It needs no display.
package cli

import (
	"context"
	"fmt"
	"io"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/local"
	"overpaint.dev/overpaint/assets/text"
)

// Version is the program's version; Commit and Date are those of the source that it was
// built from. The linker sets them (see the Makefile); otherwise Commit and Date are read
// from Go's build information, where there is any.
var Version, Commit, Date string

// The exit statuses.
const (
	// ExitDone: there are pictures, though perhaps fewer than were requested.
	ExitDone = 0
	// ExitTrouble: something failed on this computer after the request was made.
	ExitTrouble = 1
	// ExitInput: bad input or usage; nothing was sent.
	ExitInput = 2
	// ExitRefused: the service answered and gave no picture.
	ExitRefused = 3
	// ExitNoAnswer: no answer, or an unknown outcome.
	ExitNoAnswer = 4
	// ExitNoWindow: the window could not be opened; only the program with its window
	// returns it.
	ExitNoWindow = 5
	// ExitInterrupted: stopped by the user.
	ExitInterrupted = 130
)

// Main carries out a command line without the program's name ("edit", ..., "history", ...,
// "select", ... or "version") and returns the exit status. Cancelling ctx stops it without
// leaving partial files.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	text.Use("")
	if len(args) > 0 {
		switch args[0] {
		case "version", "-version", "--version":
			fmt.Fprintln(stdout, Program())
			return ExitDone
		case "edit":
			mentionCrashes(stderr)
			return edit(ctx, args[1:], stdout, stderr)
		case "mcp":
			mentionCrashes(stderr)
			return serve(ctx, args[1:], stderr)
		case "services":
			return services(ctx, args[1:], local.Options{}, stdout, stderr)
		case "history":
			mentionCrashes(stderr)
			return kept(ctx, args[1:], stdout, stderr)
		case "select":
			return pick(ctx, args[1:], stdout, stderr)
		case "export":
			return copies(ctx, args[1:], stdout, stderr)
		case "help", "-h", "-help", "--help":
			fmt.Fprintln(stdout, text.T("cli.usage"))
			return ExitDone
		}
	}
	fmt.Fprintln(stderr, text.T("cli.usage"))
	return ExitInput
}

// status returns the exit status for an error. Before anything was sent, an error on this
// computer counts as bad input.
func status(e *api.Error, sent bool) int {
	switch e.Kind {
	case api.KindInput:
		return ExitInput
	case api.KindLocal:
		if sent {
			return ExitTrouble
		}
		return ExitInput
	case api.KindNetwork, api.KindUnknown:
		return ExitNoAnswer
	case api.KindCancelled:
		return ExitInterrupted
	}
	return ExitRefused
}
