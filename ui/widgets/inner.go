package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// InnerScroll is a scroll container within another one: at its ends the wheel scrolls the
// outer one.
type InnerScroll struct {
	container.Scroll
	outer fyne.Scrollable
}

// NewInnerScroll returns a scroll container whose content is as wide as itself.
func NewInnerScroll(content fyne.CanvasObject) *InnerScroll {
	s := &InnerScroll{}
	s.Direction, s.Content = container.ScrollVerticalOnly, container.New(&scrolledLayout{&s.Scroll}, content)
	s.ExtendBaseWidget(s)
	return s
}

// SetOuter sets the scroll container around it.
func (s *InnerScroll) SetOuter(outer fyne.Scrollable) { s.outer = outer }

// Scrolled implements fyne.Scrollable.
func (s *InnerScroll) Scrolled(e *fyne.ScrollEvent) {
	last := max(0, s.Content.MinSize().Height-s.Size().Height)
	ended := e.Scrolled.DY > 0 && s.Offset.Y <= 0 || e.Scrolled.DY < 0 && s.Offset.Y >= last
	if ended && s.outer != nil {
		s.outer.Scrolled(e)
		return
	}
	s.Scroll.Scrolled(e)
}
