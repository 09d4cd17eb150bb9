package window

import (
	"image"

	"overpaint/api/job"
	"overpaint/editor/picture"
	"overpaint/ui/dialogs"
	"overpaint/ui/panel"
)

// extend asks by how much the canvas is to grow.
func (w *Window) extend() {
	if w.doc == nil {
		return
	}
	doc := w.doc
	dialogs.AskExtend(w.win, doc.State().Size, picture.DefaultLimits.MaxPixels, func(s dialogs.Sides) { w.extendBy(s) })
}

func (w *Window) extendBy(s dialogs.Sides) {
	if err := w.doc.Extend(s.Left, s.Top, s.Right, s.Bottom); err != nil {
		w.fail(err)
		return
	}
	w.surface.Fit()
}

// showFrame shows the window that would be sent, or the canvas's edges while
// they can be dragged.
func (w *Window) showFrame(window image.Rectangle) {
	if w.rail.Selected() == panel.Extend && w.doc != nil {
		w.surface.SetFrame(w.doc.State().Bounds(), true)
		return
	}
	w.surface.SetFrame(window, w.rail.Selected() == panel.Move)
}

// edgesDragged hears where the person drags the canvas's edges to. They only go
// outward: nothing of the picture is ever cut off. They snap to where the blocks of
// the file that was opened stay as they are.
func (w *Window) edgesDragged(r image.Rectangle, done bool) {
	canvas := w.doc.State().Bounds()
	r = w.source(w.doc.State()).Snap(r.Union(canvas), canvas)
	w.surface.SetFrame(r, true)
	if !done || r == canvas {
		return
	}
	if err := job.CheckExtended(r.Size()); err != nil {
		w.surface.SetFrame(canvas, true)
		w.fail(err)
		return
	}
	w.extendBy(dialogs.Sides{
		Left: canvas.Min.X - r.Min.X, Top: canvas.Min.Y - r.Min.Y,
		Right: r.Max.X - canvas.Max.X, Bottom: r.Max.Y - canvas.Max.Y,
	})
}
