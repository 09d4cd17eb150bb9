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

func passKey(c fyne.Canvas, e *fyne.KeyEvent) {
	if c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}

// controlFill returns the colour of a control's inside.
func controlFill(disabled bool) fyne.ThemeColorName {
	if disabled {
		return theme.Unusable
	}
	return theme.Control
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
