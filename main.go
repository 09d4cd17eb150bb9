// Overpaint is a desktop application for AI picture editing: `overpaint
// [IMAGE]` opens its window, `overpaint edit` makes one edit without a window.
package main

import (
	"context"
	_ "embed" // for the metadata
	"os"
	"os/signal"
	"regexp"
	"syscall"

	"fyne.io/fyne/v2/app"

	"overpaint/api/cli"
	"overpaint/api/logfile"
	"overpaint/api/settings"
	"overpaint/ui/language"
	"overpaint/ui/window"
)

//go:embed FyneApp.toml
var metadata string

func main() {
	cli.Version = fact("Version")
	args := os.Args[1:]
	if cli.Headless(args) {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		os.Exit(cli.Main(ctx, args, os.Stdout, os.Stderr))
	}
	open(args)
}

// open shows the window, with the picture that the command line names.
func open(args []string) {
	kept := settings.OpenDefault()
	// A language that can't be had is no reason not to start: it is English then.
	_ = language.Use(kept.Current().Language)
	dirs, err := settings.Dirs()
	if err == nil {
		go dirs.Tidy()
	} else if dirs.Data, err = os.MkdirTemp("", "overpaint-"); err == nil { // nowhere to keep a log
		defer os.RemoveAll(dirs.Data)
	}
	log, closer := logfile.Open(dirs.Data)
	defer closer.Close()
	a := app.NewWithID(fact("ID"))
	w := window.New(a, window.Options{Settings: kept, Log: log, Version: cli.Version})
	if len(args) > 0 {
		w.OpenAtStart(args[0])
	}
	w.ShowAndRun()
}

// fact reads a value of FyneApp.toml, the one place that name and version stand in.
func fact(name string) string {
	found := regexp.MustCompile(`(?m)^\s*` + name + `\s*=\s*"([^"]*)"`).FindStringSubmatch(metadata)
	if found == nil {
		return ""
	}
	return found[1]
}
