package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/ui/theme"
)

// focusRing shows the keyboard's focus: two units of accent, one unit off the control.
type focusRing struct{ *canvas.Rectangle }

func newFocusRing() focusRing {
	r := canvas.NewRectangle(color.Transparent)
	r.StrokeWidth = 2
	r.CornerRadius = theme.Radius + ringRoom
	r.Hide()
	return focusRing{r}
}

func (r focusRing) around(pos fyne.Position, s fyne.Size) {
	r.Move(pos.SubtractXY(ringRoom, ringRoom))
	r.Resize(s.AddWidthHeight(2*ringRoom, 2*ringRoom))
}

// within lies inside of a control, for those that can be scrolled: Fyne clips what these draw
// around themselves.
func (r focusRing) within(s fyne.Size) {
	r.CornerRadius = theme.Radius
	r.Move(fyne.Position{})
	r.Resize(s)
}

func (r focusRing) show(focused bool) {
	r.StrokeColor = theme.Color(theme.Accent)
	if focused {
		r.Show()
	} else {
		r.Hide()
	}
	r.Refresh()
}

// focus is what a widget needs to be reached by the Tab key.
type focus struct {
	focused bool
	self    fyne.Widget
}

func (f *focus) FocusGained() { f.set(true) }
func (f *focus) FocusLost()   { f.set(false) }
func (f *focus) set(on bool) {
	f.focused = on
	f.self.Refresh()
}

// TypedRune passes a character on to the canvas.
func (f *focus) TypedRune(r rune) {
	if c := canvasOf(f.self); c != nil && c.OnTypedRune() != nil {
		c.OnTypedRune()(r)
	}
}

// pressable is the focus of a widget that the space bar presses.
type pressable struct{ focus }

// TypedRune passes all but a space on: the key was used.
func (p *pressable) TypedRune(r rune) {
	if r != ' ' {
		p.focus.TypedRune(r)
	}
}

// pass passes a key that the widget does not use on to the canvas.
func (f *focus) pass(e *fyne.KeyEvent) {
	if c := canvasOf(f.self); c != nil {
		passKey(c, e)
	}
}

// Focus is embedded by widgets outside this package that are reached by the Tab key. They are
// refreshed when they gain or lose the focus. The space bar is theirs; other characters, and
// the keys that they give to PassKey, go on to the canvas.
type Focus struct{ pressable }

// SetWidget says which widget embeds it; that must be called before the widget is shown.
func (f *Focus) SetWidget(w fyne.Widget) { f.self = w }

// Focused reports whether the widget has the focus.
func (f *Focus) Focused() bool { return f.focused }

// PassKey passes a key that the widget does not use on to the canvas.
func (f *Focus) PassKey(e *fyne.KeyEvent) { f.pass(e) }

// FocusRing is the focus ring of a widget outside this package, inside of its edges.
type FocusRing struct{ focusRing }

// NewFocusRing returns a ring that is not shown.
func NewFocusRing() FocusRing { return FocusRing{newFocusRing()} }

// Within gives the ring the size of the widget.
func (r FocusRing) Within(s fyne.Size) { r.within(s) }

// Set shows the ring, or hides it.
func (r FocusRing) Set(focused bool) { r.show(focused) }

// MenuKey reports whether a key opens the menu of what has the focus: the menu key, or F10
// while Shift is held.
func MenuKey(e *fyne.KeyEvent) bool {
	if e.Name == fyne.KeyF10 {
		d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
		return ok && d.CurrentKeyModifiers() == fyne.KeyModifierShift
	}
	return e.Name == desktop.KeyMenu
}
