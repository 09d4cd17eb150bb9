// Package cli is the program without its window: `overpaint edit`, which makes
// one edit by the same code that the window uses, `overpaint history`, which
// shows and exports what was asked of services, `overpaint services`, which finds
// those on this machine, `overpaint select`, which makes a mask of the thing that is
// pointed at, `overpaint export`, which writes copies, `overpaint mcp`, which has programs edit pictures, and `overpaint version`.
// It needs no display.
package cli

import (
	"context"
	"fmt"
	"io"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/local"
	"overpaint.dev/overpaint/assets/text"
)

// Version is the program's version. Commit and Date are of the source that it was
// built from, set by the linker (see the Makefile); without that they are taken from
// the build's own information, where there is any.
var Version, Commit, Date string

// The exit statuses.
const (
	// ExitDone: pictures came, though it may be fewer than were asked for.
	ExitDone = 0
	// ExitTrouble: something failed on this computer after the request was made.
	ExitTrouble = 1
	// ExitInput: bad input or usage; nothing was sent.
	ExitInput = 2
	// ExitRefused: the service answered and gave no picture.
	ExitRefused = 3
	// ExitNoAnswer: no answer, or nobody knows how it ended.
	ExitNoAnswer = 4
	// ExitNoWindow: the window could not be opened. Only the program with its window ends so.
	ExitNoWindow = 5
	// ExitInterrupted: stopped by the user.
	ExitInterrupted = 130
)

// Main carries out a command line without the program's name ("edit", ...,
// "history", ..., "select", ... or "version") and returns the exit status. Cancelling ctx stops it cleanly:
// nothing half-written is left.
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

// status returns the exit status for trouble of a kind. Before anything was
// sent, trouble on this computer counts as bad input.
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
