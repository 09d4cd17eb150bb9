package session

import (
	"errors"
	"image"

	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// drawnFrame is the window that the user drew around what is to be sent; empty where none
// was drawn.
type drawnFrame struct {
	rect image.Rectangle
	// fresh reports whether the user has just released it. A fresh frame grows to contain the
	// mask; a mask that later leaves the frame drops it.
	fresh bool
	// edges are the canvas's edges while they are being dragged.
	edges image.Rectangle
}

// holds reports whether the frame still applies to a mask, which is so for any empty one.
func (f drawnFrame) holds(m *mask.Mask) bool {
	return f.fresh || m.Bounding().In(f.rect)
}

// settleFrame updates the frame from a plan: dropped, or moved so that it contains the mask
// and has a shape that can be sent.
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

// DragFrame tells the session where the frame is dragged to; done when the user releases it.
// With the extend tool r is the canvas's edges, which only move outward: the picture is never
// cropped.
func (s *Session) DragFrame(r image.Rectangle, done bool) {
	defer s.act()()
	switch {
	case s.file.doc == nil:
	case s.tool.id == ToolExtend:
		s.dragEdges(r, done)
	case done && r != s.panel.window: // a frame dragged back is unchanged
		s.frame = drawnFrame{rect: r, fresh: true}
		s.plan()
	case done:
		s.touch(Canvas)
	}
}

// ForgetFrame drops the drawn frame, so that the window is chosen automatically.
func (s *Session) ForgetFrame() {
	defer s.act(Tools | Canvas)()
	s.frame = drawnFrame{}
	s.plan()
}

func (s *Session) dragEdges(r image.Rectangle, done bool) {
	canvas := s.file.doc.State().Bounds()
	// The edges snap to where the unedited blocks of the opened JPEG file can be kept.
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

// Sides are numbers of pixels added at each side of the canvas.
type Sides struct{ Left, Top, Right, Bottom int }

// Extend adds pixels to the sides of the canvas. The added border is in the mask, so that
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
