package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

// AnchorButton is one of the nine places to which a picture can be held.
type AnchorButton struct {
	widget.BaseWidget
	pressable
	OnTapped func()

	selected, hovered bool
}

// NewAnchorButton returns a place that is not selected.
func NewAnchorButton(tapped func()) *AnchorButton {
	a := &AnchorButton{OnTapped: tapped}
	a.self = a
	a.ExtendBaseWidget(a)
	return a
}

// SetSelected shows the place as the selected one or not.
func (a *AnchorButton) SetSelected(on bool) {
	if a.selected != on {
		a.selected = on
		a.Refresh()
	}
}

// Selected reports whether it is the selected one.
func (a *AnchorButton) Selected() bool { return a.selected }

// Tapped selects the place.
func (a *AnchorButton) Tapped(*fyne.PointEvent) {
	if a.OnTapped != nil {
		a.OnTapped()
	}
}

// TypedKey selects the place with Space.
func (a *AnchorButton) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		a.Tapped(nil)
		return
	}
	a.pass(e)
}

// MouseIn implements desktop.Hoverable.
func (a *AnchorButton) MouseIn(*desktop.MouseEvent) {
	a.hovered = true
	a.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (a *AnchorButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (a *AnchorButton) MouseOut() {
	a.hovered = false
	a.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (a *AnchorButton) CreateRenderer() fyne.WidgetRenderer {
	a.ExtendBaseWidget(a)
	back, dot, ring := box(), canvas.NewRectangle(nil), newFocusRing()
	r := &renderer{objects: []fyne.CanvasObject{back, dot, ring.Rectangle}}
	r.min = func() fyne.Size { return fyne.NewSquareSize(24) }
	r.layout = func(s fyne.Size) {
		back.Resize(s)
		ring.around(fyne.Position{}, s)
		side := float32(6)
		if a.selected {
			side = 12
		}
		dot.CornerRadius = 2
		dot.Resize(fyne.NewSquareSize(side))
		dot.Move(fyne.NewPos(middle(s.Width, side), middle(s.Height, side)))
	}
	r.refresh = func() {
		fill, color := theme.Control, theme.Disabled
		if a.hovered {
			color = theme.Text
		}
		if a.selected {
			fill, color = theme.Selected, theme.Accent
		}
		paint(back, fill, theme.Edge)
		paint(dot, color, "")
		ring.show(a.focused)
		r.layout(a.Size())
	}
	r.refresh()
	return r
}
