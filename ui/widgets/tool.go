package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

// ToolButton is a square button with an icon that can be the selected one of
// a rail.
type ToolButton struct {
	widget.DisableableWidget
	pressable
	tip
	OnTapped func()

	icon     string
	selected bool
	hovered  bool
	side     float32
}

// NewToolButton returns a button of theme.ToolSize with the icon of that name.
func NewToolButton(icon, tooltip string, tapped func()) *ToolButton {
	b := &ToolButton{icon: icon, OnTapped: tapped, side: theme.ToolSize}
	b.self = b
	b.SetTip(tooltip)
	b.ExtendBaseWidget(b)
	Track(b)
	return b
}

// ControlName is the tooltip without its key.
func (b *ToolButton) ControlName() string { return withoutKey(b.tip.text) }

// Small makes the button as high as a control and returns it.
func (b *ToolButton) Small() *ToolButton {
	b.side = theme.ControlHeight
	return b
}

// Side makes the button that wide and high and returns it.
func (b *ToolButton) Side(side float32) *ToolButton {
	b.side = side
	return b
}

// SetIcon changes the icon.
func (b *ToolButton) SetIcon(name string) {
	b.icon = name
	b.Refresh()
}

// SetSelected shows the button as the selected one or not.
func (b *ToolButton) SetSelected(on bool) {
	if b.selected != on {
		b.selected = on
		b.Refresh()
	}
}

// Selected reports whether it is the selected one.
func (b *ToolButton) Selected() bool { return b.selected }

// Tapped presses the button.
func (b *ToolButton) Tapped(e *fyne.PointEvent) {
	b.leave(b)
	clickedOn(b, e)
	if !b.Disabled() && b.OnTapped != nil {
		b.OnTapped()
	}
}

// TypedKey presses the button with Enter or Space.
func (b *ToolButton) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		b.Tapped(nil)
	default:
		b.pass(e)
	}
}

// MouseIn shows the button as touchable and arms its tooltip.
func (b *ToolButton) MouseIn(*desktop.MouseEvent) {
	b.hovered = true
	b.enter(b)
	b.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (b *ToolButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn began.
func (b *ToolButton) MouseOut() {
	b.hovered = false
	b.leave(b)
	b.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *ToolButton) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	back, over, ring := box(), box(), newFocusRing()
	icon := canvas.NewImageFromResource(nil)
	r := &renderer{objects: []fyne.CanvasObject{back, over, ring.Rectangle, icon}}
	r.min = func() fyne.Size { return fyne.NewSquareSize(b.side) }
	r.layout = func(s fyne.Size) {
		back.Resize(s)
		over.Resize(s)
		ring.around(fyne.Position{}, s)
		side := theme.ToolIcon
		if b.side < theme.ToolSize {
			side = 16
		}
		side = min(side, b.side-6)
		icon.Resize(fyne.NewSquareSize(side))
		icon.Move(fyne.NewPos(middle(s.Width, side), middle(s.Height, side)))
	}
	r.refresh = func() {
		fill, color := fyne.ThemeColorName(""), theme.Text
		switch {
		case b.Disabled():
			color = theme.Disabled
		case b.selected:
			fill, color = theme.Selected, theme.Accent
		}
		paint(back, fill, "")
		hover := fyne.ThemeColorName("")
		if b.hovered && !b.Disabled() && !b.selected {
			hover = theme.Hover
		}
		paint(over, hover, "")
		ring.show(b.focused)
		theme.SetIcon(icon, b.icon, color)
	}
	r.refresh()
	return r
}
