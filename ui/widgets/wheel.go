package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Wheeled returns content over which the mouse wheel turns a scroller around
// it, and the function that says which. Fyne's fields of one line would keep
// the wheel for themselves although they have nothing to scroll, and the
// scroller would stop wherever a field comes under the pointer. What scrolls
// itself must not be in content.
func Wheeled(content fyne.CanvasObject) (*fyne.Container, func(fyne.Scrollable)) {
	over := &wheel{}
	over.ExtendBaseWidget(over)
	return container.NewStack(content, over), func(s fyne.Scrollable) { over.scroll = s }
}

// wheel lies over the content. It takes the wheel and nothing else: for every
// other event Fyne looks for an object that wants it, further below.
type wheel struct {
	widget.BaseWidget
	scroll fyne.Scrollable
}

// Scrolled is for Fyne.
func (w *wheel) Scrolled(e *fyne.ScrollEvent) {
	if w.scroll != nil {
		w.scroll.Scrolled(e)
	}
}

// CreateRenderer is for Fyne.
func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}
