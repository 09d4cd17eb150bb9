package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Wheeled returns content over which the mouse wheel scrolls a container around it, and a
// function that sets that container. Fyne's fields of one line would take the wheel although
// they have nothing to scroll. content must not contain what scrolls itself.
func Wheeled(content fyne.CanvasObject) (*fyne.Container, func(fyne.Scrollable)) {
	over := &wheel{}
	over.ExtendBaseWidget(over)
	return container.NewStack(content, over), func(s fyne.Scrollable) { over.scroll = s }
}

// wheel lies over the content and takes the wheel only: for other events Fyne looks for an
// object below it.
type wheel struct {
	widget.BaseWidget
	scroll fyne.Scrollable
}

// Scrolled implements fyne.Scrollable.
func (w *wheel) Scrolled(e *fyne.ScrollEvent) {
	if w.scroll != nil {
		w.scroll.Scrolled(e)
	}
}

// CreateRenderer implements fyne.Widget.
func (w *wheel) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewWithoutLayout())
}
