package tool

import (
	"image"
	"math"

	"overpaint.dev/overpaint/editor/mask"
)

// shape is what the gestures of all shapes have in common: a polygon that is
// put together with the mask.
type shape struct {
	before   *mask.Mask
	settings Settings
	mode     Mode
	last     Pointer // at the last event

	corners []Point         // of the polygon as it would be now
	shown   image.Rectangle // what the polygon reached at the last Move
	cuts    bool            // at the last Move the mask was cut down to the polygon
	preview *mask.Mask      // nil if it has to be made again
}

func newShape(s Settings, m *mask.Mask, p Pointer) shape {
	return shape{before: m, settings: s, last: p, mode: s.Mode.under(p)}
}

// event takes note of the pointer and returns how far what there is so far is
// to be moved, and whether it is moved at all, which Space says.
func (s *shape) event(p Pointer) (by Point, moves bool) {
	by = Point{X: p.X - s.last.X, Y: p.Y - s.last.Y}
	s.last = p
	s.mode = s.settings.Mode.under(p)
	return by, p.Space
}

// set makes the polygon another one.
func (s *shape) set(corners []Point) {
	s.corners = corners
	s.preview = nil
}

// changed returns what set has changed since it was called last.
func (s *shape) changed() image.Rectangle {
	now := bounds(s.corners).Intersect(s.before.Bounds())
	dirty := s.shown.Union(now)
	s.shown = now
	if cuts := s.mode == Intersect && len(s.corners) > 2; cuts != s.cuts {
		dirty, s.cuts = dirty.Union(s.before.Bounding()), cuts
	}
	return dirty
}

// Preview implements Gesture.
func (s *shape) Preview() *mask.Mask {
	if s.preview == nil {
		s.preview = s.result(s.corners)
	}
	return s.preview
}

func (s *shape) result(corners []Point) *mask.Mask {
	if len(corners) < 3 {
		return s.before
	}
	return s.mode.Of(s.before, mask.Polygon(s.before.Size(), corners))
}

// bounds returns the rectangle of all pixels that a polygon reaches.
func bounds(corners []Point) image.Rectangle {
	var box image.Rectangle
	for i, c := range corners {
		x, y := int(math.Floor(c.X)), int(math.Floor(c.Y))
		pixel := image.Rect(x, y, x+1, y+1)
		if i == 0 {
			box = pixel
		}
		box = box.Union(pixel)
	}
	return box
}

func moved(points []Point, by Point) []Point {
	out := make([]Point, len(points))
	for i, p := range points {
		out[i] = Point{X: p.X + by.X, Y: p.Y + by.Y}
	}
	return out
}

// box is the rectangle and the ellipse.
type box struct{ id string }

func (b box) ID() string { return b.id }

func (b box) Begin(s Settings, m *mask.Mask, _ func(image.Rectangle) *image.NRGBA, p Pointer) Gesture {
	return &boxGesture{shape: newShape(s, m, p), round: b.id == "ellipse", anchor: p.point(), corner: p.point()}
}

type boxGesture struct {
	shape
	round          bool
	anchor, corner Point // where the pointer was pressed, and where it is
}

func (g *boxGesture) Move(p Pointer) image.Rectangle {
	by, moves := g.event(p)
	if moves {
		g.anchor = Point{X: g.anchor.X + by.X, Y: g.anchor.Y + by.Y}
		g.corner = Point{X: g.corner.X + by.X, Y: g.corner.Y + by.Y}
	} else {
		g.corner = p.point()
	}
	a, b := g.rectangle()
	switch {
	case a.X == b.X || a.Y == b.Y:
		g.set(nil)
	case g.round:
		g.set(mask.EllipsePoints(a, b))
	default:
		g.set([]Point{a, {X: b.X, Y: a.Y}, b, {X: a.X, Y: b.Y}})
	}
	return g.changed()
}

// rectangle returns two opposite corners in whole pixels.
func (g *boxGesture) rectangle() (a, b Point) {
	a = Point{X: math.Round(g.anchor.X), Y: math.Round(g.anchor.Y)}
	dx, dy := math.Round(g.corner.X)-a.X, math.Round(g.corner.Y)-a.Y
	if g.last.Shift {
		side := max(math.Abs(dx), math.Abs(dy))
		dx, dy = math.Copysign(side, dx), math.Copysign(side, dy)
	}
	b = Point{X: a.X + dx, Y: a.Y + dy}
	if g.last.Alt {
		a = Point{X: a.X - dx, Y: a.Y - dy}
	}
	return a, b
}

func (g *boxGesture) Release(p Pointer) bool {
	g.Move(p)
	return true
}

func (g *boxGesture) Finish() (*mask.Mask, image.Rectangle) { return finish(g.before, g.Preview()) }

func (g *boxGesture) Outline() ([]Point, bool) { return g.corners, true }
