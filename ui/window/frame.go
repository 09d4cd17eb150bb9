package window

import (
	"image"

	"overpaint/editor/mask"
	"overpaint/editor/region"
	"overpaint/ui/panel"
)

// drawnFrame is the window that the person has drawn around what is to be
// sent, or nothing.
type drawnFrame struct {
	rect image.Rectangle
	// fresh tells that the person has just let go of it: then it is made to hold
	// the mask. Later a mask that leaves it is a sign that it is no longer meant.
	fresh bool
}

// frameDragged hears where the person has dragged the frame to. One that came
// back to where it was is no other than before.
func (w *Window) frameDragged(r image.Rectangle, done bool) {
	if w.rail.Selected() == panel.Extend {
		w.edgesDragged(r, done)
		return
	}
	if !done {
		return // the canvas shows it
	}
	if r != w.window {
		w.frame = drawnFrame{rect: r, fresh: true}
	}
	w.plan()
}

// forgetFrame goes back to the window that is chosen automatically.
func (w *Window) forgetFrame() {
	w.frame = drawnFrame{}
	w.plan()
}

// holds reports whether the frame is still meant for a mask. An empty one says
// nothing about that.
func (f drawnFrame) holds(m *mask.Mask) bool {
	return f.fresh || m.Bounding().In(f.rect)
}

// settle takes over what became of the frame in a plan: forgotten, or moved so
// that it holds the mask and has a shape that can be sent.
func (w *Window) settle(drawn bool, plan region.Plan, err error) {
	if w.frame.rect.Empty() {
		return
	}
	switch {
	case !drawn:
		w.frame = drawnFrame{}
	case err == nil:
		w.frame = drawnFrame{rect: plan.Window}
	}
}
