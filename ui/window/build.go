package window

import (
	"reflect"

	"fyne.io/fyne/v2/container"

	"overpaint/assets/text"
	"overpaint/editor/tool"
	"overpaint/ui/dialogs"
	"overpaint/ui/gallery"
	"overpaint/ui/panel"
	"overpaint/ui/results"
	"overpaint/ui/widgets"
)

// build makes the parts, binds them to the session and puts them into the
// window. It is done again where the language or the keys are others, since
// words and keys stand on most of the parts.
func (w *Window) build() {
	w.language, w.keys = text.Language(), w.session.Keys().Custom()
	w.flicker()
	w.busy()
	w.flicker, w.busy = func() {}, func() {}
	w.told, w.seen = 0, map[string]any{}
	label := w.session.Keys().Label
	w.rail, w.options = panel.NewToolRail(w.tools()...), panel.NewOptionsBar()
	w.options.SetKeys(label)
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
	w.status.OnZoom = w.zoom
	w.side.SetBelow(w.results.Object())
	w.bindPanel()

	middle := container.NewStack(w.surface, w.overlay.root, w.empty.Object(), w.grid.Object(), w.notice.Object(), container.NewWithoutLayout(w.hold))
	w.win.SetPadded(false)
	w.win.SetContent(w.places.watched(widgets.WithTips(w.win.Canvas(), panel.Frame(w.rail.Object(), w.options.Object(), middle,
		w.strip.Object(), w.side.Object(), w.status.Object()))))
	w.places.restoreSide()
	w.commands = w.makeCommands()
	w.buildMenu()
	w.registerKeys()
	w.showPanels()
}

// stale reports that the parts say something in another language, or name keys
// that are others now.
func (w *Window) stale() bool {
	return w.language != text.Language() || !reflect.DeepEqual(w.keys, w.session.Keys().Custom())
}
