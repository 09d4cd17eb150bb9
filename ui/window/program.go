package window

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/ui/display"
	"overpaint.dev/overpaint/ui/language"
	"overpaint.dev/overpaint/ui/session"
	"overpaint.dev/overpaint/ui/theme"
)

// Options are what the windows need from the program.
type Options struct {
	Settings *settings.Store
	Service  *service.Service
	Log      *slog.Logger
	Version  string
	// UserAgent identifies the program in the request for newer releases.
	UserAgent string
	// Room is the largest size of a window's content on the screen, in Fyne's units; zero where
	// that is unknown.
	Room fyne.Size
	// Crashes are the paths of reports of crashes that the user has not seen yet, the
	// oldest first.
	Crashes []string
}

// Program holds all windows of the process.
type Program struct {
	app     fyne.App
	options Options
	ctx     context.Context // ends with the program
	stop    context.CancelFunc
	windows []*Window
	memory  *document.Memory
	// language is that of the settings, theme the one in use.
	language string
	theme    theme.Mode
	front    bool                 // one of the windows has the focus
	screen   func() *colour.Space // of the first monitor, as it was when it was first asked for
}

// New returns a program with one window, which opens the files at paths.
func New(a fyne.App, o Options, paths ...string) *Program {
	set := o.Settings.Current()
	p := &Program{app: a, options: o, memory: document.NewMemory(document.DefaultCache, nil), language: set.Language, theme: "none", front: true}
	p.ctx, p.stop = context.WithCancel(context.Background())
	p.screen = sync.OnceValue(p.lookAtScreen)
	startHook()
	a.SetIcon(theme.AppIcon())
	p.applyTheme()
	p.watchFocus()
	w := p.open()
	w.tellSettings()
	w.tellCrashes(o.Crashes)
	w.session.Recover()
	w.session.LookForLeft()
	w.lookForUpdate()
	go sweepDrafts(o.Settings.Current().Recent)
	if len(paths) > 0 {
		w.openFiles(paths)
	}
	return p
}

// lookAtScreen reads the colour space of the first monitor; nil is sRGB.
func (p *Program) lookAtScreen() *colour.Space {
	profile, err := display.Profile()
	if len(profile) == 0 && err == nil {
		return nil
	}
	var space *colour.Space
	if err == nil {
		space, err = colour.FromICC(profile)
	}
	if err != nil {
		p.options.Log.Warn("the screen's profile can't be used", "error", err)
	}
	return space
}

// Run shows the windows and returns when the last one was closed and its work has ended.
func (p *Program) Run() {
	p.app.Run()
	p.stop()
}

// Open opens files, passed on by another start of the program, in windows of their own; none
// brings a window to the front. It may be called from any goroutine.
func (p *Program) Open(paths []string) {
	fyne.Do(func() {
		if len(paths) == 0 && len(p.windows) > 0 {
			p.windows[len(p.windows)-1].win.RequestFocus()
			return
		}
		p.openFor(session.Wish{}).openFiles(paths)
	})
}

// open opens another window.
func (p *Program) open() *Window {
	w := newWindow(p)
	p.windows = append(p.windows, w)
	w.win.Show()
	if len(p.windows) == 1 {
		fyne.Do(w.places.restorePlace) // once it is there
	}
	return w
}

// openFor opens a window for a session's wish, or uses one in which nothing is open.
func (p *Program) openFor(wish session.Wish) *Window {
	w := p.open()
	switch {
	case wish.Entry != 0:
		w.session.Reopen(wish.Entry, wish.Again)
	case wish.Path != "":
		w.session.Open(wish.Path)
	}
	return w
}

// quit closes all windows, once each has asked what it has to ask, one after the other. Where the
// user stays in one of them, all stay.
func (p *Program) quit() { p.leave(slices.Clone(p.windows), nil) }

// leave has windows ask, and then closes the earlier ones, by closes, and these.
func (p *Program) leave(windows []*Window, closes []func()) {
	if len(windows) == 0 {
		for _, do := range closes {
			do()
		}
		return
	}
	w, asks := windows[0], slices.Contains(p.windows, windows[0])
	if !asks { // it was closed meanwhile
		p.leave(windows[1:], closes)
		return
	}
	w.session.Leave(func(do func()) {
		asks = false
		p.leave(windows[1:], append(closes, do))
	})
	if asks {
		w.win.RequestFocus()
	}
}

// closed removes a window; with the last one the program ends, once the service has recorded
// how its edits ended.
func (p *Program) closed(w *Window) {
	w.stop()
	p.windows = slices.DeleteFunc(p.windows, func(o *Window) bool { return o == w })
	if len(p.windows) > 0 {
		w.win.SetCloseIntercept(nil)
		w.win.Close()
		return
	}
	go func() {
		p.options.Service.Close()
		fyne.Do(p.app.Quit)
	}()
}

// settingsChanged makes all windows but by, which has changed the settings, apply them.
func (p *Program) settingsChanged(by *Window) {
	p.applyTheme()
	if code := p.options.Settings.Current().Language; code != p.language {
		p.language = code
		if err := language.Use(code); err != nil {
			p.options.Log.Warn("language not changed", "error", err)
		}
	}
	for _, w := range p.windows {
		if w != by {
			w.session.SettingsChanged()
		}
		w.changed(^session.Wishes)
	}
}

// applyTheme applies the theme of the settings.
func (p *Program) applyTheme() {
	if mode := theme.Mode(p.options.Settings.Current().Theme); mode != p.theme {
		p.theme = mode
		p.app.Settings().SetTheme(theme.New(mode))
	}
}

// watchFocus tracks whether one of the windows is in front, and has held keys released where
// none is.
func (p *Program) watchFocus() {
	p.app.Lifecycle().SetOnEnteredForeground(func() { p.front = true })
	p.app.Lifecycle().SetOnExitedForeground(func() {
		p.front = false
		for _, o := range p.windows {
			o.hold.end()
			o.surface.FocusLost()
			o.places.look()
		}
	})
}

// sweepDrafts removes half-written files that killed programs left in folders where pictures
// were saved recently.
func sweepDrafts(recent []string) {
	done := map[string]bool{}
	for _, path := range recent {
		if folder := filepath.Dir(path); !done[folder] {
			done[folder] = true
			file.Sweep(folder)
		}
	}
}
