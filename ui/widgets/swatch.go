package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

const swatchSize float32 = 28

// Swatch is one of several colours to choose from.
type Swatch struct {
	widget.BaseWidget
	pressable
	OnTapped func()

	color             color.Color
	selected, hovered bool
}

// NewSwatch returns a colour that is not selected.
func NewSwatch(c color.Color, tapped func()) *Swatch {
	s := &Swatch{OnTapped: tapped, color: c}
	s.self = s
	s.ExtendBaseWidget(s)
	return s
}

// SetSelected shows the colour as the selected one or not.
func (s *Swatch) SetSelected(on bool) {
	if s.selected != on {
		s.selected = on
		s.Refresh()
	}
}

// Selected reports whether it is the selected one.
func (s *Swatch) Selected() bool { return s.selected }

// Tapped chooses the colour.
func (s *Swatch) Tapped(*fyne.PointEvent) {
	if s.OnTapped != nil {
		s.OnTapped()
	}
}

// TypedKey chooses the colour with Space.
func (s *Swatch) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		s.Tapped(nil)
		return
	}
	s.pass(e)
}

// MouseIn implements desktop.Hoverable.
func (s *Swatch) MouseIn(*desktop.MouseEvent) {
	s.hovered = true
	s.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (s *Swatch) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (s *Swatch) MouseOut() {
	s.hovered = false
	s.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (s *Swatch) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	back, spot, ring := box(), canvas.NewRectangle(s.color), newFocusRing()
	spot.CornerRadius = 3
	r := &renderer{objects: []fyne.CanvasObject{back, spot, ring.Rectangle}}
	r.min = func() fyne.Size { return fyne.NewSquareSize(swatchSize) }
	r.layout = func(size fyne.Size) {
		back.Resize(size)
		ring.around(fyne.Position{}, size)
		const inset = 5
		spot.Resize(size.SubtractWidthHeight(2*inset, 2*inset))
		spot.Move(fyne.NewPos(inset, inset))
	}
	r.refresh = func() {
		stroke := fyne.ThemeColorName("")
		switch {
		case s.selected:
			stroke = theme.Text
		case s.hovered:
			stroke = theme.Edge
		}
		paint(back, "", stroke)
		ring.show(s.focused)
		spot.Refresh()
		r.layout(s.Size())
	}
	r.refresh()
	return r
}
