// Package window is the controller: it builds the window, holds the document,
// and wires what the person does to the document, the worker and the files. It
// computes no pixels and speaks to no service itself.
package window

import (
	"context"
	"errors"
	"image"
	"log/slog"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint/api"
	"overpaint/api/service"
	"overpaint/api/settings"
	"overpaint/assets/plain"
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/editor/region"
	"overpaint/editor/tool"
	"overpaint/ui/canvas"
	"overpaint/ui/clipboard"
	"overpaint/ui/dialogs"
	gallery "overpaint/ui/strip"
	"overpaint/ui/panel"
	"overpaint/ui/theme"
	"overpaint/ui/widgets"
)

// Options are what the window needs from the program.
type Options struct {
	Settings *settings.Store
	Service  *service.Service
	Log      *slog.Logger
	Version  string
	// Crashes are the reports of crashes that nobody has told of, the oldest first.
	Crashes []string
}

// Window is the main window. All of it is used on Fyne's goroutine.
type Window struct {
	app      fyne.App
	win      fyne.Window
	settings *settings.Store
	service  *service.Service
	log      *slog.Logger
	version  string
	context  context.Context // ends with the program
	stop     context.CancelFunc

	doc     *document.Document
	name    string // the picture's file name
	folder  string // where it came from, and where saving begins
	unwatch func()
	project string // the project file that the document is, or ""
	pasted  bool   // the picture is in no file
	frame   drawnFrame
	window  image.Rectangle // what the last plan would send
	safe    safe
	amounts map[string]int // the last ones asked for, by the mask's change
	steps   stepNames
	picked  picked

	prompt  string
	more    panel.More
	size    image.Point
	masked  bool // the last plan found something to edit
	planned int  // counts plans, so that an old one can't overtake a newer

	preparing  *preparing         // the edit that is not queued yet, or nil
	measuring  context.CancelFunc // stops the draft that is made to count its bytes
	references references
	keyless    string // the connection that has no key, where that is the selected one
	leaving    bool   // the program ends when the services' jobs have
	clip       clipboard.Clipboard
	clipSaid   string // what was told last about the clipboard
	batches    map[service.ID]*batch
	variants   map[string]*variant
	count      int // variants so far, for their numbers

	cancelSaid string // what was told of edits that go on after others were cancelled

	opening opening
	writes  writes // files that the person asked for
	closed  bool   // nothing keeps the program from ending any more

	historyChanged func() // refreshes the history's dialog, where it is open

	surface *canvas.Surface
	hold    *hold
	rail    *panel.ToolRail
	options *panel.OptionsBar
	side    *panel.SidePanel
	status  *panel.StatusBar
	gallery *gallery.Gallery
	empty   *panel.EmptyState
	notice  *dialogs.Notice
}

// New builds the window. ShowAndRun shows it.
func New(a fyne.App, o Options) *Window {
	w := &Window{
		app: a, win: a.NewWindow("Overpaint"), settings: o.Settings, service: o.Service, log: o.Log, version: o.Version,
		measuring: func() {}, batches: map[service.ID]*batch{}, variants: map[string]*variant{}, amounts: map[string]int{"grow": 4, "shrink": 4, "feather": 8}, picked: picked{index: none},
		historyChanged: func() {},
	}
	w.context, w.stop = context.WithCancel(context.Background())
	a.SetIcon(theme.AppIcon())
	a.Settings().SetTheme(theme.New(theme.Mode(w.set().Theme)))
	w.build()
	w.listen()
	w.showMenu()
	w.shortcuts()
	w.win.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) {
		if len(uris) > 0 {
			w.askThen(func() { w.open(uris[0].Path()) })
		}
	})
	w.win.SetCloseIntercept(func() { w.askThen(w.leave) })
	var trouble interface{ Notice() api.Notice }
	if errors.As(o.Settings.Trouble(), &trouble) {
		w.notice.Show(dialogs.Sentence(trouble.Notice().Sentence), "", nil)
	}
	w.tellCrashes(o.Crashes)
	w.showConnection()
	w.refresh()
	w.checkKey(false)
	go w.recoverHistory()
	go sweepDrafts(w.set().Recent)
	return w
}

// ShowAndRun shows the window, offers what an earlier run left behind, and
// returns when the window was closed.
func (w *Window) ShowAndRun() {
	w.lookForLeft()
	w.win.ShowAndRun()
}

// build makes the parts and puts them into the window.
func (w *Window) build() {
	w.surface = canvas.New(canvas.Callbacks{
		OnCommit: w.commit,
		OnCursor: func(x, y int, over bool) { w.status.SetPointer(image.Pt(x, y), over) },
		OnViewChanged: func(float64) {
			w.showPicture()
		},
		OnFrame: w.frameDragged,
		OnFrameReset: func() {
			if w.rail.Selected() == panel.Move {
				w.forgetFrame()
			}
		},
		OnShown: w.shown,
		OnTap:   w.tapped,
		// Painting goes on with the picture, not with a variant that is only looked at.
		OnGesture: func(begun bool) {
			if begun && w.gallery.Selected() != gallery.Original {
				w.gallery.Select(gallery.Original)
				w.showVariant(gallery.Original)
			}
		},
	}, canvas.Options{})
	w.hold = newHold(w.showOriginal)
	w.rail, w.options = panel.NewToolRail(panel.Tools()...), panel.NewOptionsBar()
	w.side, w.status = panel.NewSidePanel(), panel.NewStatusBar()
	w.gallery, w.empty, w.notice = gallery.New(), panel.NewEmptyState(), dialogs.NewNotice()

	w.rail.OnSelect = w.selectTool
	w.options.OnChanged = w.setTool
	w.options.OnBlend, w.options.OnRemove, w.options.OnResultMask = w.blend, w.removePicked, w.maskOfPicked
	w.options.OnAutomatic = w.forgetFrame
	b := w.set().Brush
	w.options.SetSettings(w.toolSettings(b))
	w.options.SetNote(text.T("ui.grow", "Pixels", w.set().Window.Grow))
	w.surface.SetSettings(w.toolSettings(b))
	w.showMaskLook()
	w.empty.OnOpen, w.empty.OnSample = w.askOpen, w.openSample
	w.empty.OnPaste = w.paste
	w.wireSide()
	w.wireGallery()

	middle := container.NewStack(w.surface, w.empty.Object(), w.notice.Object(), container.NewWithoutLayout(w.hold))
	w.win.SetPadded(false)
	w.win.SetContent(widgets.WithTips(w.win.Canvas(), panel.Frame(w.rail.Object(), w.options.Object(), middle,
		w.gallery.Object(), w.side.Object(), w.status.Object())))
	width, height := w.set().WindowWidth, w.set().WindowHeight
	if width < 640 || height < 480 {
		width, height = 1280, 800
	}
	w.win.Resize(fyne.NewSize(width, height))
}

func (w *Window) toolSettings(b settings.Brush) tool.Settings {
	s := tool.Settings{Tolerance: b.Tolerance, Contiguous: b.Contiguous}
	s.Brush.Size, s.Brush.Hardness = b.Size, b.Hardness
	return s
}

func (w *Window) setTool(s tool.Settings) {
	w.surface.SetSettings(s)
	w.changeSoon(func(set *settings.Settings) {
		set.Brush = settings.Brush{Size: s.Brush.Size, Hardness: s.Brush.Hardness, Tolerance: s.Tolerance, Contiguous: s.Contiguous}
	})
}

func (w *Window) selectTool(id string) {
	w.rail.Select(id)
	w.options.SetTool(id)
	if id != panel.Move {
		w.pick(none)
	}
	switch id {
	case panel.Move, panel.Extend: // both drag a frame
		w.surface.SetTool(canvas.Hand)
	default:
		w.surface.SetTool(id)
	}
	w.plan()
}

// refresh shows the document as it is now.
func (w *Window) refresh() {
	if w.doc == nil {
		w.surface.SetState(nil)
		w.empty.Object().Show()
	} else {
		w.empty.Object().Hide()
		w.surface.SetState(w.shownState())
	}
	w.showPicture()
	w.showSteps()
	w.showPicked()
	w.plan()
}

func (w *Window) showPicture() {
	title := "Overpaint"
	if w.doc == nil {
		w.status.SetPicture("", image.Point{}, 1)
	} else {
		w.status.SetPicture(w.name, w.doc.State().Size, w.surface.Scale())
		title = plain.Line(w.name, 120) + " - Overpaint"
		if w.doc.Modified() {
			title = "* " + title
		}
	}
	if w.win.Title() != title {
		w.win.SetTitle(title)
	}
}

// regionOptions are the person's choices for the window.
func (w *Window) regionOptions() region.Options {
	return region.Options{Context: w.set().Window.Context, Min: w.set().Window.Min, Grow: w.set().Window.Grow, Window: w.frame.rect}
}

// fail shows an error of something that the person asked for.
func (w *Window) fail(err error) {
	if e := api.AsError(err); e != nil && e.Kind != api.KindCancelled {
		w.log.Warn("failed", "kind", string(e.Kind), "sentence", e.Text().Key)
		dialogs.ShowError(w.win, err)
	}
}
