package window

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/dialogs"
)

// hold has the keyboard's focus while Tab is held to see the original: Fyne
// would move the focus to the next control at that key, and then the release
// of the key would reach that control instead of the window. It has no size
// and counts as disabled while Tab is up, so nothing else ever focuses it.
type hold struct {
	widget.BaseWidget
	held bool
	show func(original bool)
}

func newHold(show func(original bool)) *hold {
	h := &hold{show: show}
	h.ExtendBaseWidget(h)
	return h
}

// begin takes the focus and shows the original.
func (h *hold) begin(c fyne.Canvas) {
	h.held = true
	c.Focus(h)
	h.show(true)
}

func (h *hold) end() {
	if !h.held {
		return
	}
	h.held = false
	if c := fyne.CurrentApp().Driver().CanvasForObject(h); c != nil && c.Focused() == fyne.Focusable(h) {
		c.Unfocus()
	}
	h.show(false)
}

// AcceptsTab keeps the focus where it is.
func (h *hold) AcceptsTab() bool { return true }

// KeyDown implements desktop.Keyable: the keys that come while Tab is held do nothing.
func (h *hold) KeyDown(*fyne.KeyEvent) {}

// KeyUp ends the look at the original.
func (h *hold) KeyUp(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyTab {
		h.end()
	}
}

// FocusGained implements fyne.Focusable, as do TypedRune and TypedKey.
func (h *hold) FocusGained()            {}
func (h *hold) TypedRune(rune)          {}
func (h *hold) TypedKey(*fyne.KeyEvent) {}

// FocusLost ends the hold where a click took the focus away.
func (h *hold) FocusLost() { h.end() }

// Disabled implements fyne.Disableable, as do Enable and Disable: Fyne skips disabled widgets
// when Tab moves the focus.
func (h *hold) Disabled() bool { return !h.held }
func (h *hold) Enable()        {}
func (h *hold) Disable()       {}

// MinSize is zero.
func (h *hold) MinSize() fyne.Size { return fyne.Size{} }

// CreateRenderer implements fyne.Widget: there is nothing to see.
func (h *hold) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}

// holdTab shows the original while Tab is held, where it was pressed while no control has the
// focus. Shift+Tab moves the focus to the controls.
func (w *Window) holdTab(e *fyne.KeyEvent) {
	d, ok := w.program.app.Driver().(desktop.Driver)
	if e.Name == fyne.KeyTab && w.session.Document().Open && !dialogs.IsOpen(w.win) && (!ok || d.CurrentKeyModifiers() == 0) {
		w.hold.begin(w.win.Canvas())
	}
}
