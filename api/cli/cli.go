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
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/local"
	"overpaint.dev/overpaint/api/settings"
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
	// ExitPipe: nobody read standard output to its end. It is what shells report of programs
	// that are ended by SIGPIPE.
	ExitPipe = 141
)

// Main carries out a command line without the program's name ("edit", ..., "history", ...,
// "select", ... or "version") and returns the exit status. Cancelling ctx stops it without
// leaving partial files.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := settings.OpenDefault()
	text.Use(set.Current().Language)
	if len(args) > 0 {
		if run, ok := command(args[0]); ok {
			return run(ctx, set, args[1:], stdout, stderr)
		}
		r := newReport("", stdout, stderr, false)
		if strings.HasPrefix(args[0], "-") {
			return r.failed(api.InputError("cli.flag_none", "Flag", args[0]), false)
		}
		return r.failed(api.InputError("cli.no_command", "Name", args[0]), false)
	}
	fmt.Fprintln(stderr, text.T("cli.usage"))
	return ExitInput
}

// runner carries out a command with the arguments after its name and returns the exit status.
type runner func(ctx context.Context, set *settings.Store, args []string, stdout, stderr io.Writer) int

// command returns what carries out the command of a name.
func command(name string) (run runner, ok bool) {
	mentioning := func(run runner) runner {
		return func(ctx context.Context, set *settings.Store, args []string, stdout, stderr io.Writer) int {
			mentionCrashes(stderr)
			return run(ctx, set, args, stdout, stderr)
		}
	}
	said := func(words func() string) runner {
		return func(_ context.Context, set *settings.Store, _ []string, stdout, stderr io.Writer) int {
			warn(newReport("", stdout, stderr, false), set.Trouble())
			fmt.Fprintln(stdout, words())
			return ExitDone
		}
	}
	switch name {
	case "edit":
		return mentioning(edit), true
	case "mcp":
		return mentioning(serve), true
	case "services":
		return func(ctx context.Context, set *settings.Store, args []string, stdout, stderr io.Writer) int {
			return services(ctx, set, args, local.Options{}, stdout, stderr)
		}, true
	case "history":
		return mentioning(kept), true
	case "select":
		return pick, true
	case "export":
		return copies, true
	case "version", "-version", "--version":
		return said(Program), true
	case "help", "-h", "-help", "--help":
		return said(func() string { return text.T("cli.usage") }), true
	}
	return nil, false
}

// status returns the exit status for an error. Before anything was sent, an error on this
// computer counts as bad input.
func status(e *api.Error, sent bool) int {
	if pipeClosed(e) {
		return ExitPipe
	}
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
