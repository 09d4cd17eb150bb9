package window

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/ui/gallery"
	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/results"
	"overpaint.dev/overpaint/ui/widgets"
)

// build makes the parts, binds them to the session and puts them into the window. It is called
// again when language or keys have changed, which most parts show.
func (w *Window) build() {
	w.language, w.keys = text.Language(), w.session.Keys().Custom()
	w.flicker()
	w.flicker, w.seen = func() {}, map[string]any{}
	label := w.session.Keys().Label
	w.rail, w.options = panel.NewToolRail(w.tools()...), panel.NewOptionsBar()
	w.options.SetKeys(label)
	w.side, w.status = panel.NewSidePanel(), panel.NewStatusBar()
	w.strip, w.grid = gallery.NewStrip(w.galleryActions()), gallery.NewGrid(w.galleryActions())
	w.over = newOver(w)
	w.empty = panel.NewEmptyState()
	w.over.actions.SetKeys(label)
	w.side.SetKeys(label)
	w.empty.SetKeys(label)
	w.grid.Object().Hide()

	w.rail.OnSelect = w.session.SelectTool
	w.options.OnChanged = func(t tool.Settings) { w.session.SetTool(t) }
	w.bindOptions()
	w.empty.OnOpen, w.empty.OnSample, w.empty.OnPaste = w.session.AskOpen, w.session.OpenSample, w.session.Paste
	w.results = results.New(w.resultActions())
	w.status.OnZoom = w.zoom
	w.side.SetBelow(w.results.Object())
	w.results.SetOuter(w.side.Scroller())
	w.bindPanel()

	middle := container.NewStack(w.surface, w.over.compare.Object(), w.empty.Object(), w.grid.Object(), w.over.corners, container.NewWithoutLayout(w.hold))
	w.win.SetPadded(false)
	frame := panel.Frame(w.rail.Object(), w.options.Object(), middle, w.strip.Object(), w.side.Object(), w.status.Object())
	w.win.SetContent(w.places.watched(widgets.WithTips(w.win.Canvas(), container.New(belowBar{}, w.bar.Object(), frame))))
	w.places.restoreSide()
	w.commands = w.makeCommands()
	w.buildMenu()
	w.registerKeys()
	w.showPanels()
}

// stale reports whether the parts show another language or other keys than the current ones.
func (w *Window) stale() bool {
	return w.language != text.Language() || !reflect.DeepEqual(w.keys, w.session.Keys().Custom())
}

// belowBar has the menu bar at the top and the rest of the window below it.
type belowBar struct{}

// MinSize implements fyne.Layout.
func (belowBar) MinSize(o []fyne.CanvasObject) fyne.Size {
	bar, rest := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(max(bar.Width, rest.Width), bar.Height+rest.Height)
}

// Layout implements fyne.Layout.
func (belowBar) Layout(o []fyne.CanvasObject, s fyne.Size) {
	high := o[0].MinSize().Height
	o[0].Resize(fyne.NewSize(s.Width, high))
	o[1].Move(fyne.NewPos(0, high))
	o[1].Resize(fyne.NewSize(s.Width, max(0, s.Height-high)))
}
