package panel

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/widgets"
)

// bodyLayout places fixed parts at the top and the bottom, and a scrolling one between them.
type bodyLayout struct{}

func (*bodyLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	top, middle, bottom := o[0].MinSize(), o[1].MinSize(), o[2].MinSize()
	return fyne.NewSize(max(top.Width, middle.Width, bottom.Width), top.Height+middle.Height+bottom.Height)
}

func (*bodyLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	top, bottom := o[0].MinSize().Height, o[2].MinSize().Height
	o[0].Resize(fyne.NewSize(s.Width, top))
	o[1].Move(fyne.NewPos(0, top))
	o[1].Resize(fyne.NewSize(s.Width, max(0, s.Height-top-bottom)))
	o[2].Move(fyne.NewPos(0, s.Height-bottom))
	o[2].Resize(fyne.NewSize(s.Width, bottom))
}

// widthLayout gives the panel its width, a line on its left and an edge to drag.
type widthLayout struct {
	width float32
	root  *fyne.Container
}

func (l *widthLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s)
	o[1].Resize(fyne.NewSize(1, s.Height))
	o[2].Resize(fyne.NewSize(6, s.Height))
	o[2].Move(fyne.NewPos(-3, 0))
}

func (l *widthLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(l.width, o[0].MinSize().Height)
}

// dragEdge is an unseen strip that changes a width when it is dragged.
type dragEdge struct {
	widget.BaseWidget
	moved func(dx float32)
}

func newDragEdge(moved func(float32)) *dragEdge {
	e := &dragEdge{moved: moved}
	e.ExtendBaseWidget(e)
	return e
}

func (e *dragEdge) Dragged(d *fyne.DragEvent) { e.moved(d.Dragged.DX) }
func (e *dragEdge) DragEnd()                  {}
func (e *dragEdge) Cursor() desktop.Cursor    { return desktop.HResizeCursor }
func (e *dragEdge) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(widgets.NewSurface(""))
}
