package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint/editor/tool"
	"overpaint/ui/canvas"
	"overpaint/ui/dialogs"
	"overpaint/ui/gallery"
	"overpaint/ui/panel"
	"overpaint/ui/results"
	"overpaint/ui/widgets"
)

// build makes the parts, binds them to the session and puts them into the window.
func (w *Window) build() {
	w.surface = canvas.New(w.canvasCallbacks(), canvas.Options{})
	w.hold = newHold(w.session.HoldOriginal)
	w.rail, w.options = panel.NewToolRail(panel.Tools()...), panel.NewOptionsBar()
	w.side, w.status = panel.NewSidePanel(), panel.NewStatusBar()
	w.strip, w.grid = gallery.NewStrip(w.galleryActions()), gallery.NewGrid(w.galleryActions())
	w.overlay = newOverlay(w)
	w.empty, w.notice = panel.NewEmptyState(), dialogs.NewNotice()
	w.grid.Object().Hide()

	w.rail.OnSelect = w.session.SelectTool
	w.options.OnChanged = func(t tool.Settings) { w.session.SetTool(t) }
	w.bindOptions()
	w.empty.OnOpen, w.empty.OnSample, w.empty.OnPaste = w.session.AskOpen, w.session.OpenSample, w.session.Paste
	w.results = results.New(w.resultActions())
	w.side.SetBelow(w.results.Object())
	w.bindPanel()

	middle := container.NewStack(w.surface, w.overlay.root, w.empty.Object(), w.grid.Object(), w.notice.Object(), container.NewWithoutLayout(w.hold))
	w.win.SetPadded(false)
	w.win.SetContent(widgets.WithTips(w.win.Canvas(), panel.Frame(w.rail.Object(), w.options.Object(), middle,
		w.strip.Object(), w.side.Object(), w.status.Object())))
	w.places = newPlaces(w)
	set := w.program.options.Settings.Current()
	width, height := set.WindowWidth, set.WindowHeight
	if width < 640 || height < 480 {
		width, height = 1280, 800
	}
	w.win.Resize(within(fyne.NewSize(width, height), w.program.options.Room))
}

// within returns the size, made small enough for the room. Sides of 0 limit nothing.
func within(size, room fyne.Size) fyne.Size {
	if room.Width > 0 {
		size.Width = min(size.Width, room.Width)
	}
	if room.Height > 0 {
		size.Height = min(size.Height, room.Height)
	}
	return size
}
