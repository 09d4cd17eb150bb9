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
	// UserAgent is what the question for newer releases calls the program.
	UserAgent string
	// Room is how large a window's inside can be on the screen, in Fyne's units; 0 by 0
	// where that isn't known.
	Room fyne.Size
	// Crashes are the reports of crashes that nobody has told of, the oldest first.
	Crashes []string
}

// Program is all windows of this program.
type Program struct {
	app     fyne.App
	options Options
	ctx     context.Context // ends with the program
	stop    context.CancelFunc
	windows []*Window
	memory  *document.Memory
	// language is that of the settings, theme the one that is shown.
	language string
	theme    theme.Mode
	front    bool                 // one of the windows has the focus
	screen   func() *colour.Space // of the first monitor, as it was when it was first asked for
}

// New returns a program with one window, which opens the files of those paths.
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

// lookAtScreen finds out what the colours of the first monitor are; nil is sRGB.
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

// Run shows the windows and returns when the last one was closed and all that
// they did has its end.
func (p *Program) Run() {
	p.app.Run()
	p.stop()
}

// Open opens files that another start of the program was given, in windows of
// their own; none brings a window to the front. It may be called on any goroutine.
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

// openFor opens another window for what a session wishes, or uses one in which
// nothing is open.
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

// closed lets go of a window; with the last one the program ends, once the
// service has written down how its edits ended.
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

// settingsChanged has all windows go by the settings as they are now; the one
// that has changed them does so already.
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

// applyTheme shows the theme of the settings, which draws everything anew.
func (p *Program) applyTheme() {
	if mode := theme.Mode(p.options.Settings.Current().Theme); mode != p.theme {
		p.theme = mode
		p.app.Settings().SetTheme(theme.New(mode))
	}
}

// watchFocus notes whether one of the windows is in front. Keys are released
// unheard where none is.
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

// sweepDrafts removes what killed programs left half written where pictures
// were saved last.
func sweepDrafts(recent []string) {
	done := map[string]bool{}
	for _, path := range recent {
		if folder := filepath.Dir(path); !done[folder] {
			done[folder] = true
			file.Sweep(folder)
		}
	}
}
