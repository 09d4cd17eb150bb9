package canvas

import (
	"image"
	"math"

	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/editor/view"
)

// grip is a part of the window frame by which it can be dragged.
type grip int

const (
	noGrip grip = iota
	left   grip = 1 << (iota - 1)
	top
	right
	bottom
	move
)

// gripReach is the distance from the frame, in units, within which a press grips it: with the
// hand, handReach.
const (
	gripReach = 6
	handReach = 8
)

// gripAt returns the grip at a device position: a corner or the handle in the middle of an edge;
// with the hand also an edge anywhere, or the whole frame where the position is elsewhere within
// it.
func (s *Surface) gripAt(x, y float64) grip {
	if !s.hasGrips() {
		return noGrip
	}
	r := s.frame.Rect
	x0, y0 := s.view.ToDevice(float64(r.Min.X), float64(r.Min.Y))
	x1, y1 := s.view.ToDevice(float64(r.Max.X), float64(r.Max.Y))
	reach := gripReach * s.screen.density
	if s.toolID == Hand {
		reach = handReach * s.screen.density
	}
	if !within(x, x0-reach, x1+reach) || !within(y, y0-reach, y1+reach) {
		return noGrip
	}
	across, alongX := edgeAt(x, x0, x1, reach, left, right)
	down, alongY := edgeAt(y, y0, y1, reach, top, bottom)
	switch {
	case across == noGrip && down == noGrip && s.shown.Bounds().In(r):
		return noGrip // it can't be moved anywhere, so the tool moves the view
	case across != noGrip && down != noGrip, across != noGrip && alongY, down != noGrip && alongX:
		return across | down
	case s.toolID != Hand:
		return noGrip
	case across|down != noGrip:
		return across | down
	}
	return move
}

func within(v, least, most float64) bool { return v >= least && v <= most }

// hasGrips reports whether the frame is shown and can be dragged.
func (s *Surface) hasGrips() bool {
	return s.shown != nil && s.frame.Handles && !s.frame.Rect.Empty() && s.compare == view.CompareOff
}

// edgeAt returns which of the two edges of an axis v is near, and whether it is near the
// middle between them, where the handles of the other axis' edges are. Half of what lies between
// two edges is near neither.
func edgeAt(v, from, to, reach float64, first, second grip) (edge grip, inMiddle bool) {
	inwards := min(reach, (to-from)/4)
	switch {
	case within(v, from-reach, from+inwards):
		edge = first
	case within(v, to-inwards, to+reach):
		edge = second
	}
	return edge, math.Abs(v-(from+to)/2) <= reach
}

// dragFrame moves the grip with the pointer. An edge stops one pixel before the opposite one.
func (s *Surface) dragFrame(done bool) {
	p := &s.pointer
	by := image.Pt(
		int(math.Round((p.x-p.fromX)/s.view.Scale)),
		int(math.Round((p.y-p.fromY)/s.view.Scale)))
	r := p.frame
	if p.grip == move {
		s.tellFrame(r.Add(by), done)
		return
	}
	if p.grip&left != 0 {
		r.Min.X = min(r.Min.X+by.X, r.Max.X-1)
	}
	if p.grip&right != 0 {
		r.Max.X = max(r.Max.X+by.X, r.Min.X+1)
	}
	if p.grip&top != 0 {
		r.Min.Y = min(r.Min.Y+by.Y, r.Max.Y-1)
	}
	if p.grip&bottom != 0 {
		r.Max.Y = max(r.Max.Y+by.Y, r.Min.Y+1)
	}
	s.tellFrame(r, done)
}

// tellFrame shows the frame at r and calls OnFrame, which may set another one.
func (s *Surface) tellFrame(r image.Rectangle, done bool) {
	s.SetFrame(r, s.frame.Handles, s.frame.More...)
	if s.OnFrame != nil {
		s.OnFrame(r, done)
	}
}

// Cursor implements desktop.Cursorable. It is asked before the move that it is for, so it goes by
// where the pointer was last.
func (s *Surface) Cursor() desktop.Cursor {
	act, g := s.pointer.act, s.pointer.grip
	if act == idle {
		g = s.gripAt(s.pointer.x, s.pointer.y)
	}
	switch {
	case s.shown == nil:
		return desktop.DefaultCursor
	case act == panning, act == idle && s.space:
		return desktop.PointerCursor
	case act == framing, act == idle && g != noGrip:
		return gripCursor(g)
	case s.toolID == Hand:
		return desktop.PointerCursor
	case s.compare == view.CompareSides:
		return desktop.DefaultCursor
	case s.guideHeld().Held():
		return desktop.PointerCursor
	case s.brushInHand() && s.ringVisible() && s.ringDiameter() >= 8*s.screen.density:
		return desktop.HiddenCursor
	}
	return desktop.CrosshairCursor
}

func gripCursor(g grip) desktop.Cursor {
	switch g {
	case left, right:
		return desktop.HResizeCursor
	case top, bottom:
		return desktop.VResizeCursor
	case left | top, right | bottom:
		return desktop.NWSEResizeCursor
	case right | top, left | bottom:
		return desktop.NESWResizeCursor
	}
	return desktop.PointerCursor
}
