package session

import (
	"errors"
	"image"

	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// drawnFrame is the window that the person has drawn around what is to be
// sent, or nothing.
type drawnFrame struct {
	rect image.Rectangle
	// fresh tells that the person has just let go of it: then it is made to hold
	// the mask. Later a mask that leaves it is a sign that it is no longer meant.
	fresh bool
	// edges is where the canvas's edges are dragged to, while they are.
	edges image.Rectangle
}

// holds reports whether the frame is still meant for a mask. An empty one says
// nothing about that.
func (f drawnFrame) holds(m *mask.Mask) bool {
	return f.fresh || m.Bounding().In(f.rect)
}

// settleFrame takes over what became of the frame in a plan: forgotten, or moved
// so that it holds the mask and has a shape that can be sent.
func (s *Session) settleFrame(drawn bool, plan region.Plan, err error) {
	switch {
	case s.frame.rect.Empty():
	case !drawn:
		s.frame.rect, s.frame.fresh = image.Rectangle{}, false
	case err == nil:
		s.frame.rect, s.frame.fresh = plan.Window, false
	}
}

// frameShown is the frame on the canvas.
func (s *Session) frameShown() (r image.Rectangle, handles bool) {
	if s.tool.id == ToolExtend {
		if !s.frame.edges.Empty() {
			return s.frame.edges, true
		}
		return s.file.doc.State().Bounds(), true
	}
	return s.panel.window, s.tool.id == ToolMove
}

// DragFrame hears where the frame is dragged to; done when the person lets go
// of it. With the tool for it these are the canvas's edges, which only go
// outward: nothing of the picture is ever cut off.
func (s *Session) DragFrame(r image.Rectangle, done bool) {
	defer s.act()()
	switch {
	case s.file.doc == nil:
	case s.tool.id == ToolExtend:
		s.dragEdges(r, done)
	case done && r != s.panel.window: // one that came back is no other than before
		s.frame = drawnFrame{rect: r, fresh: true}
		s.plan()
	case done:
		s.touch(Canvas)
	}
}

// ForgetFrame goes back to the window that is chosen automatically.
func (s *Session) ForgetFrame() {
	defer s.act(Tools | Canvas)()
	s.frame = drawnFrame{}
	s.plan()
}

func (s *Session) dragEdges(r image.Rectangle, done bool) {
	canvas := s.file.doc.State().Bounds()
	// They snap to where the blocks of the file that was opened stay as they are.
	s.frame.edges = s.source(s.file.doc.State()).Snap(r.Union(canvas), canvas)
	s.touch(Canvas)
	if !done {
		return
	}
	r, s.frame.edges = s.frame.edges, image.Rectangle{}
	if r != canvas {
		s.extend(Sides{canvas.Min.X - r.Min.X, canvas.Min.Y - r.Min.Y, r.Max.X - canvas.Max.X, r.Max.Y - canvas.Max.Y})
	}
}

// Sides are pixels that are added on each side of the canvas.
type Sides struct{ Left, Top, Right, Bottom int }

// Extend adds pixels to the sides of the canvas. The border is in the mask:
// Generate fills it.
func (s *Session) Extend(by Sides) {
	defer s.act()()
	if s.file.doc != nil {
		s.extend(by)
	}
}

func (s *Session) extend(by Sides) {
	size := s.file.doc.State().Size.Add(image.Pt(by.Left+by.Right, by.Top+by.Bottom))
	err := job.CheckExtended(size)
	if err == nil {
		s.leaveEditing()
		s.show(Shown{})
		err = s.file.doc.Extend(by.Left, by.Top, by.Right, by.Bottom)
		if errors.Is(err, document.ErrNoSide) {
			s.remark(say("document.no_side"))
			return
		}
	}
	if err != nil {
		s.fail(err)
		return
	}
	s.wish(Wish{Kind: WishFit})
}
