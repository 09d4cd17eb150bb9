package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// InnerScroll scrolls inside of something else that scrolls: what the wheel wants
// beyond its ends is for that.
type InnerScroll struct {
	container.Scroll
	outer fyne.Scrollable
}

// NewInnerScroll returns a scroller of content that is as wide as it.
func NewInnerScroll(content fyne.CanvasObject) *InnerScroll {
	s := &InnerScroll{}
	s.Direction, s.Content = container.ScrollVerticalOnly, content
	s.ExtendBaseWidget(s)
	return s
}

// SetOuter says what scrolls around it.
func (s *InnerScroll) SetOuter(outer fyne.Scrollable) { s.outer = outer }

// Scrolled is for Fyne.
func (s *InnerScroll) Scrolled(e *fyne.ScrollEvent) {
	last := max(0, s.Content.MinSize().Height-s.Size().Height)
	ended := e.Scrolled.DY > 0 && s.Offset.Y <= 0 || e.Scrolled.DY < 0 && s.Offset.Y >= last
	if ended && s.outer != nil {
		s.outer.Scrolled(e)
		return
	}
	s.Scroll.Scrolled(e)
}
