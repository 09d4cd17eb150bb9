package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint/editor/tool"
	"overpaint/ui/canvas"
	"overpaint/ui/gallery"
	"overpaint/ui/menubar"
	"overpaint/ui/panel"
	"overpaint/ui/results"
	"overpaint/ui/widgets"
)

// build makes the parts, binds them to the session and puts them into the window.
func (w *Window) build() {
	w.surface = canvas.New(w.canvasCallbacks(), canvas.Options{})
	w.bar = menubar.New(w.win.Canvas())
	w.hold = newHold(w.session.HoldOriginal)
	w.rail, w.options = panel.NewToolRail(panel.Tools()...), panel.NewOptionsBar()
	w.side, w.status = panel.NewSidePanel(), panel.NewStatusBar()
	w.strip, w.grid = gallery.NewStrip(w.galleryActions()), gallery.NewGrid(w.galleryActions())
	w.over = newOver(w)
	w.empty = panel.NewEmptyState()
	w.grid.Object().Hide()

	w.rail.OnSelect = w.session.SelectTool
	w.options.OnChanged = func(t tool.Settings) { w.session.SetTool(t) }
	w.bindOptions()
	w.empty.OnOpen, w.empty.OnSample, w.empty.OnPaste = w.session.AskOpen, w.session.OpenSample, w.session.Paste
	w.results = results.New(w.resultActions())
	w.side.SetBelow(w.results.Object())
	w.bindPanel()

	middle := container.NewStack(w.surface, w.over.compare.Object(), w.empty.Object(), w.grid.Object(), w.over.corners, container.NewWithoutLayout(w.hold))
	w.win.SetPadded(false)
	frame := panel.Frame(w.rail.Object(), w.options.Object(), middle, w.strip.Object(), w.side.Object(), w.status.Object())
	w.win.SetContent(widgets.WithTips(w.win.Canvas(), container.New(belowBar{}, w.bar.Object(), frame)))
	w.places = newPlaces(w)
	set := w.program.options.Settings.Current()
	width, height := set.WindowWidth, set.WindowHeight
	if width < 640 || height < 480 {
		width, height = 1280, 800
	}
	w.win.Resize(fyne.NewSize(width, height))
}

// belowBar has the menu bar at the top and the rest of the window below it.
type belowBar struct{}

// MinSize is for Fyne.
func (belowBar) MinSize(o []fyne.CanvasObject) fyne.Size {
	bar, rest := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(max(bar.Width, rest.Width), bar.Height+rest.Height)
}

// Layout is for Fyne.
func (belowBar) Layout(o []fyne.CanvasObject, s fyne.Size) {
	high := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(s.Width, high))
	o[1].Move(fyne.NewPos(0, high))
	o[1].Resize(fyne.NewSize(s.Width, max(0, s.Height-high)))
}
