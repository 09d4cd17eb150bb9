// Overpaint is a desktop application for AI picture editing: `overpaint
// [IMAGE...]` opens its window, `overpaint edit` makes one edit without a window.
package main

import (
	"context"
	_ "embed" // for the metadata
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"overpaint.dev/overpaint/api/cli"
	"overpaint.dev/overpaint/api/console"
	"overpaint.dev/overpaint/api/crash"
	"overpaint.dev/overpaint/api/instance"
	"overpaint.dev/overpaint/api/logfile"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/desktop"
	"overpaint.dev/overpaint/ui/display"
	"overpaint.dev/overpaint/ui/idle"
	"overpaint.dev/overpaint/ui/idle/x11"
	"overpaint.dev/overpaint/ui/language"
	"overpaint.dev/overpaint/ui/window"
)

//go:embed FyneApp.toml
var metadata string

func main() {
	cli.Version = fact("Version")
	dirs, err := settings.Dirs()
	args := os.Args[1:]
	headlessly := cli.Headless(args)
	var watch *crash.Watch
	if err != nil {
		dirs.Data = os.TempDir()
	} else {
		// Where no file can be made a crash is reported only on standard error.
		of := crash.Window
		if headlessly {
			of = crash.CommandLine
		}
		watch, _ = crash.Start(dirs.Crashes(), cli.Program(), of)
	}
	if headlessly {
		console.Attach()
		status := headless(args)
		watch.Close()
		os.Exit(status)
	}
	status := open(args, dirs)
	watch.Close()
	os.Exit(status)
}

// headless carries out a command line without a window and returns the exit status.
func headless(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return cli.Main(ctx, args, os.Stdout, os.Stderr)
}

// open shows the window, with the pictures that the command line names. Where
// the program runs already it is given them instead. It returns the exit status.
func open(args []string, dirs settings.Folders) int {
	var program *window.Program
	ready := make(chan struct{})
	paths := absolute(args)
	first, handed, instanceErr := instance.Start(dirs.Data, paths, func(paths []string) {
		<-ready
		program.Open(paths)
	})
	if handed {
		return cli.ExitDone
	}
	defer first.Close()
	set := settings.OpenDefault()
	// A language that can't be had is no reason not to start: it is English then.
	_ = language.Use(set.Current().Language)
	if dirs.Cache != "" {
		// The drivers of OpenGL and Fyne keep things beside ours, and Mesa makes no
		// folder above its own.
		_ = os.MkdirAll(filepath.Dir(dirs.Cache), 0o700)
	}
	screen, err := display.Probe()
	if err != nil {
		fmt.Fprintln(os.Stderr, display.Sentence(err))
		desktop.Notify(text.T("display.title"), display.Sentence(err), fact("ID"))
		return cli.ExitNoWindow
	}
	go dirs.Tidy()
	log, closer := logfile.Open(dirs.Data)
	defer closer.Close()
	if instanceErr != nil {
		log.Warn("other starts are not heard", "error", instanceErr)
	}
	a := app.NewWithID(fact("ID"))
	if x11.Available {
		a = idle.New(a, &x11.Waiter{})
	}
	asked := service.Open(context.Background(), service.Options{Settings: set, Profiles: set.Profiles(), Log: log, UserAgent: cli.UserAgent()})
	defer asked.Close()
	width, height := screen.Units(float64(a.Settings().Scale()))
	program = window.New(a, window.Options{
		Room: fyne.NewSize(width, height), Settings: set, Service: asked, Log: log, Version: cli.Version, UserAgent: cli.UserAgent(),
		Crashes: crash.Take(dirs.Crashes(), crash.Window),
	}, paths...)
	close(ready)
	program.Run()
	return cli.ExitDone
}

// absolute makes paths independent of this program's folder.
func absolute(args []string) []string {
	paths := make([]string, 0, len(args))
	for _, arg := range args {
		if whole, err := filepath.Abs(arg); err == nil {
			arg = whole
		}
		paths = append(paths, arg)
	}
	return paths
}

// fact reads a value of FyneApp.toml, the one place that name and version stand in.
func fact(name string) string {
	found := regexp.MustCompile(`(?m)^\s*` + name + `\s*=\s*"([^"]*)"`).FindStringSubmatch(metadata)
	if found == nil {
		return ""
	}
	return found[1]
}
