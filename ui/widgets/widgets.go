// Package widgets holds the small widgets that the application draws itself, to the measures
// of its design: text, buttons, tool buttons with tooltips, sliders, fields, drop-downs and
// bars.
//
// All of them are used on Fyne's goroutine alone. Callbacks such as OnChanged are called for
// the user's actions, never for a setter. Keys that a focused widget does not use are passed
// on to the canvas, so that the application's single-key shortcuts work while a button has the
// focus.
package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"overpaint.dev/overpaint/assets/plain"
	"overpaint.dev/overpaint/ui/theme"
)

// renderer is a fyne.WidgetRenderer made of functions.
type renderer struct {
	objects []fyne.CanvasObject
	layout  func(fyne.Size)
	min     func() fyne.Size
	refresh func()
}

func (r *renderer) Layout(s fyne.Size)           { r.layout(s) }
func (r *renderer) MinSize() fyne.Size           { return r.min() }
func (r *renderer) Refresh()                     { r.refresh() }
func (r *renderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *renderer) Destroy()                     {}

// box returns a rectangle with the design's corners.
func box() *canvas.Rectangle {
	b := canvas.NewRectangle(color.Transparent)
	b.CornerRadius = theme.Radius
	return b
}

// paint sets a rectangle's colours and draws it again. An empty name is no
// colour; the stroke is one unit wide where there is one.
func paint(b *canvas.Rectangle, fill, stroke fyne.ThemeColorName) {
	b.FillColor, b.StrokeColor, b.StrokeWidth = color.Transparent, color.Transparent, 0
	if fill != "" {
		b.FillColor = theme.Color(fill)
	}
	if stroke != "" {
		b.StrokeColor, b.StrokeWidth = theme.Color(stroke), 1
	}
	b.Refresh()
}

// focusRing shows the keyboard's focus: two units of accent, one unit off the control.
type focusRing struct{ *canvas.Rectangle }

func newFocusRing() focusRing {
	r := canvas.NewRectangle(color.Transparent)
	r.StrokeWidth = 2
	r.CornerRadius = theme.Radius + 3
	r.Hide()
	return focusRing{r}
}

func (r focusRing) around(pos fyne.Position, s fyne.Size) {
	r.Move(pos.SubtractXY(3, 3))
	r.Resize(s.AddWidthHeight(6, 6))
}

// within lies inside of a control, for those that can be scrolled: Fyne clips what these draw
// around themselves.
func (r focusRing) within(s fyne.Size) {
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

func passKey(c fyne.Canvas, e *fyne.KeyEvent) {
	if c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}

// text returns a line of text in a size and colour of the theme.
func text(s string, size float32, c fyne.ThemeColorName) *canvas.Text {
	t := canvas.NewText(plain.Line(s, plain.MaxLine), theme.Color(c))
	t.TextSize = size
	return t
}

func setText(t *canvas.Text, s string, c fyne.ThemeColorName) {
	t.Text, t.Color = plain.Line(s, plain.MaxLine), theme.Color(c)
	t.Refresh()
}

// middle returns the y at which something of height h is centred in height H, rounded to a
// whole unit so that text stays sharp.
func middle(H, h float32) float32 { return float32(int((H-h)/2 + 0.5)) }

// placeText puts a line of text at x, in the middle of height h.
func placeText(t *canvas.Text, x, h float32) { PlaceText(t, x, 0, h) }

// PlaceText puts a line of text at x, centred in the height that begins at top. Lines of the
// same size and height have the same baseline, whatever fonts their scripts need.
func PlaceText(t *canvas.Text, x, top, high float32) {
	latin := fyne.MeasureText("M", t.TextSize, t.TextStyle).Height
	t.Resize(t.MinSize())
	t.Move(fyne.NewPos(x, top+middle(high, latin)+lift(t)))
}

func clamp(v, low, high float64) float64 { return max(low, min(high, v)) }
