package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Tipped gives an object that takes no clicks a tooltip, such as a text that is cut.
type Tipped struct {
	widget.BaseWidget
	tip
	content fyne.CanvasObject
}

// NewTipped returns an object with a tooltip, which is empty at first.
func NewTipped(content fyne.CanvasObject) *Tipped {
	t := &Tipped{content: content}
	t.ExtendBaseWidget(t)
	return t
}

// MouseIn arms the tooltip.
func (t *Tipped) MouseIn(*desktop.MouseEvent) { t.enter(t) }

// MouseMoved implements desktop.Hoverable.
func (t *Tipped) MouseMoved(*desktop.MouseEvent) {}

// MouseOut hides the tooltip.
func (t *Tipped) MouseOut() { t.leave(t) }

// CreateRenderer implements fyne.Widget.
func (t *Tipped) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.content) }
