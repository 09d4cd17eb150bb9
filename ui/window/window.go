// Package window is the shell around a session: it builds the widgets, shows the session's
// state in them and calls its actions. It has no state but what the toolkit needs, and makes
// no decisions on the user's work.
//
// A Program has any number of windows, each with a session of its own. All of it is used on
// Fyne's goroutine.
package window

import (
	"context"
	"log/slog"
	"path/filepath"
	"reflect"
	"slices"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/ui/canvas"
	"overpaint.dev/overpaint/ui/clipboard"
	"overpaint.dev/overpaint/ui/dialogs"
	"overpaint.dev/overpaint/ui/gallery"
	"overpaint.dev/overpaint/ui/menubar"
	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/results"
	"overpaint.dev/overpaint/ui/session"
)

// Window shows one session.
type Window struct {
	program *Program
	win     fyne.Window
	session *session.Session
	log     *slog.Logger
	ctx     context.Context // ends with the window
	stop    context.CancelFunc
	clip    clipboard.Clipboard

	surface *canvas.Surface
	hold    *hold
	bar     *menubar.Bar
	rail    *panel.ToolRail
	options *panel.OptionsBar
	results *results.List
	side    *panel.SidePanel
	status  *panel.StatusBar
	strip   *gallery.Gallery
	grid    *gallery.Gallery
	empty   *panel.EmptyState
	over    *over
	places  *places

	asked          int64                           // the question that is shown, or 0
	forecast       func(bytes int64, working bool) // shows how large the file will be that is asked about, or nil
	flicker        func()                          // ends the flicker between two pictures
	historyChanged func()                          // refreshes the history's dialog, where it is open
	seen           map[string]any                  // what was shown last, by part
	applying       *dialogs.ApplySheet             // where it is open
	closing        bool

	commands   map[string]func()   // by their names in the table of keys
	registered []fyne.Shortcut     // that the canvas has of them
	language   string              // that the parts were made in,
	keys       map[string][]string // and the keys that they name
}

// newWindow builds a window with an empty session.
func newWindow(p *Program) *Window {
	w := &Window{
		program: p, win: p.app.NewWindow("Overpaint"), log: p.options.Log, hold: nil,
		seen: map[string]any{}, flicker: func() {}, historyChanged: func() {},
	}
	w.ctx, w.stop = context.WithCancel(p.ctx)
	w.session = session.New(w.ctx, session.Options{
		Service: p.options.Service, Settings: p.options.Settings, Post: fyne.Do, Clipboard: &w.clip, Log: w.log,
		DropShape: func() { w.surface.Cancel() }, SettleShape: func() bool { return w.surface.Settle() }, Memory: p.memory,
		Elsewhere: func(path string) bool {
			return slices.ContainsFunc(p.windows, func(o *Window) bool { return o != w && o.session.Has(path) })
		},
	})
	w.surface = canvas.New(w.canvasCallbacks(), canvas.Options{Screen: p.screen})
	w.bar = menubar.New(w.win.Canvas())
	w.bar.OnOpen = w.buildMenu
	w.hold = newHold(w.session.HoldOriginal)
	w.places = newPlaces(w)
	w.build()
	w.places.restore()
	w.session.Subscribe(w.changed)
	w.hearKeys()
	w.win.SetOnDropped(w.dropped)
	w.win.SetCloseIntercept(w.session.Close)
	w.changed(^session.Part(0))
	return w
}

// dropped opens files that are dropped on the window; pictures that are dropped on the panel
// with the prompt become references.
func (w *Window) dropped(at fyne.Position, uris []fyne.URI) {
	side := w.side.Object()
	corner := fyne.CurrentApp().Driver().AbsolutePositionForObject(side)
	within := at.Subtract(corner)
	on := side.Visible() && within.X >= 0 && within.Y >= 0 && within.X < side.Size().Width && within.Y < side.Size().Height
	switch {
	case len(uris) == 0:
	case on && w.session.Panel().Profile.Images > 1:
		w.session.AddReferences(paths(uris)...)
	default:
		w.openFiles(paths(uris))
	}
}

func paths(uris []fyne.URI) []string {
	list := make([]string, len(uris))
	for i, u := range uris {
		list[i] = u.Path()
	}
	return list
}

// openFiles opens files: the first one here, after asking about what would be lost, the others
// in windows of their own.
func (w *Window) openFiles(list []string) {
	for i, path := range list {
		if i == 0 {
			w.session.Open(path)
			continue
		}
		w.program.open().session.Open(path)
	}
}

// changed updates the parts of the window for parts of the session that may look different.
func (w *Window) changed(p session.Part) {
	w.places.look()
	if w.stale() {
		w.build()
		p |= ^session.Part(0)
	}
	for _, s := range []struct {
		part session.Part
		show func()
	}{
		{session.Wishes, w.grant},
		{session.Canvas, w.showCanvas},
		{session.Canvas | session.Gallery, w.showGallery},
		{session.Tools | session.Results, w.showTool},
		{session.Panel | session.Status, w.showPanel},
		{session.Canvas | session.Status | session.Panel, w.showStatus},
		{session.Menu, func() { w.when("panels", w.session.PanelsHidden(), w.showPanels) }},
		{session.Notices | session.Status | session.Canvas | session.Gallery, w.showNotices},
		{session.Applying, w.showApply},
		{session.Questions, w.ask},
		{session.History, func() { w.historyChanged() }},
	} {
		if p&s.part != 0 {
			s.show()
		}
	}
}

// when updates a part only where its value has changed since the last time.
func (w *Window) when(part string, value any, show func()) {
	if old, ok := w.seen[part]; !ok || !reflect.DeepEqual(old, value) {
		w.seen[part] = value
		show()
	}
}

// grant carries out the session's wishes.
func (w *Window) grant() {
	for _, wish := range w.session.Wishes() {
		switch wish.Kind {
		case session.WishWindow:
			w.program.openFor(wish)
		case session.WishClose:
			w.close()
		case session.WishHistory:
			w.showHistory(wish.Entry)
		case session.WishSettings:
			w.showSettings(wish.Connection, wish.Key)
		case session.WishShare:
			w.program.settingsChanged(w)
		case session.WishNotify:
			w.notify(wish.Text.String())
		case session.WishFit:
			w.surface.Fit()
		case session.WishReveal:
			w.reveal(int64(wish.Edit))
		case session.WishFolder:
			w.showInFolder(wish.Path)
		}
	}
}

// notify has the desktop notify the user, where no window is in front.
func (w *Window) notify(words string) {
	if !w.program.front {
		w.log.Info("notified")
		w.program.app.SendNotification(fyne.NewNotification("Overpaint", words))
	}
}

// title names the window by its file.
func (w *Window) title() string {
	d := w.session.Document()
	if !d.Open {
		return "Overpaint"
	}
	title := plain.Line(filepath.Base(d.Name), 120) + " - Overpaint"
	if d.Modified {
		title = "* " + title
	}
	return title
}

// close closes the window after its session has ended.
func (w *Window) close() {
	if w.closing {
		return
	}
	w.closing = true
	w.places.end()
	w.flicker()
	go func() {
		w.clip.Close()
		fyne.Do(func() { w.program.closed(w) })
	}()
}
