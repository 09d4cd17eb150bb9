package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

// Check is a box with a label that is checked or not.
type Check struct {
	widget.DisableableWidget
	pressable
	tip
	OnChanged func(bool)

	label            string
	checked, hovered bool
}

// NewCheck returns a box that is not checked.
func NewCheck(label string, changed func(bool)) *Check {
	c := &Check{label: label, OnChanged: changed}
	c.self = c
	c.ExtendBaseWidget(c)
	Track(c)
	return c
}

// ControlName is the label.
func (c *Check) ControlName() string { return c.label }

// Checked reports whether it is checked.
func (c *Check) Checked() bool { return c.checked }

// SetChecked checks it or not.
func (c *Check) SetChecked(on bool) {
	if c.checked != on {
		c.checked = on
		c.Refresh()
	}
}

// Tapped turns it over.
func (c *Check) Tapped(*fyne.PointEvent) {
	if c.Disabled() {
		return
	}
	c.SetChecked(!c.checked)
	if c.OnChanged != nil {
		c.OnChanged(c.checked)
	}
}

// TypedKey turns it over with Space.
func (c *Check) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace {
		c.Tapped(nil)
		return
	}
	c.pass(e)
}

// MouseIn implements desktop.Hoverable.
func (c *Check) MouseIn(*desktop.MouseEvent) {
	c.hovered = true
	c.enter(c)
	c.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (c *Check) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (c *Check) MouseOut() {
	c.hovered = false
	c.leave(c)
	c.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (c *Check) CreateRenderer() fyne.WidgetRenderer {
	c.ExtendBaseWidget(c)
	const side = float32(16)
	back, ring := box(), newFocusRing()
	back.CornerRadius = 4
	mark := canvas.NewImageFromResource(nil)
	label := text(c.label, theme.TextSize, theme.Text)
	r := &renderer{objects: []fyne.CanvasObject{back, ring.Rectangle, mark, label}}
	r.min = func() fyne.Size {
		m := label.MinSize()
		return fyne.NewSize(side+8+m.Width, max(m.Height, 20))
	}
	r.layout = func(s fyne.Size) {
		at := fyne.NewPos(0, middle(s.Height, side))
		back.Resize(fyne.NewSquareSize(side))
		back.Move(at)
		ring.around(at, back.Size())
		mark.Resize(fyne.NewSquareSize(side - 2))
		mark.Move(at.AddXY(1, 1))
		placeText(label, side+8, s.Height)
	}
	r.refresh = func() {
		color, edge := theme.Text, theme.Secondary // visible on every background
		if c.Disabled() {
			color, edge = theme.Disabled, theme.Edge
		} else if c.hovered {
			edge = theme.Text
		}
		paint(back, controlFill(c.Disabled()), edge)
		ring.show(c.focused)
		mark.Hidden = !c.checked
		theme.SetIcon(mark, "check", color)
		setText(label, c.label, color)
		r.layout(c.Size())
	}
	r.refresh()
	return r
}
