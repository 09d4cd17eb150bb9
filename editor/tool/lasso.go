package tool

import (
	"image"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/mask"
)

// snap45 is Snap at multiples of 45 degrees.
func snap45(from, p Point) Point { return Snap(from, p, 45) }

// Snap returns the position nearest to p on the lines through from at multiples of an angle,
// which divides 360 degrees.
func Snap(from, p Point, degrees float64) Point {
	dx, dy := p.X-from.X, p.Y-from.Y
	step := degrees * math.Pi / 180
	sin, cos := math.Sincos(math.Round(math.Atan2(dy, dx)/step) * step)
	along := dx*cos + dy*sin
	return Point{X: from.X + along*cos, Y: from.Y + along*sin}
}

// lasso draws an outline by hand.
type lasso struct{}

func (lasso) ID() string { return "lasso" }

func (lasso) Begin(s Settings, m *mask.Mask, _ func(image.Rectangle) *image.NRGBA, p Pointer) Gesture {
	return &lassoGesture{shape: newShape(s, m, p), points: []Point{p.point()}}
}

type lassoGesture struct {
	shape
	points []Point // the outline; its last point is loose while Shift is held
	loose  bool
}

func (g *lassoGesture) Move(p Pointer) image.Rectangle {
	by, moves := g.event(p)
	switch {
	case moves:
		g.points = moved(g.points, by)
	case p.Shift:
		if g.loose {
			g.points = g.points[:len(g.points)-1]
		}
		g.points = append(g.points, snap45(g.points[len(g.points)-1], p.point()))
		g.loose = true
	default:
		g.loose = false
		if g.points[len(g.points)-1] != p.point() {
			g.points = append(g.points, p.point())
		}
	}
	g.set(slices.Clone(g.points))
	return g.changed()
}

func (g *lassoGesture) Release(p Pointer) bool {
	g.Move(p)
	return true
}

func (g *lassoGesture) Finish() (*mask.Mask, image.Rectangle) { return finish(g.before, g.Preview()) }

func (g *lassoGesture) Outline() ([]Point, bool) { return g.corners, true }

// polygon draws an outline corner by corner.
type polygon struct{}

func (polygon) ID() string { return "polygon" }

func (polygon) Begin(s Settings, m *mask.Mask, _ func(image.Rectangle) *image.NRGBA, p Pointer) Gesture {
	if !(s.Reach > 0) {
		s.Reach = defaultReach
	}
	g := &polygonGesture{shape: newShape(s, m, p), points: []Point{p.point()}}
	g.set(slices.Clone(g.points))
	return g
}

type polygonGesture struct {
	shape
	points []Point // the corners that were clicked
	closed bool
}

// near reports whether the pointer is as good as on a corner.
func (g *polygonGesture) near(p Pointer, corner Point) bool {
	return math.Hypot(p.X-corner.X, p.Y-corner.Y) <= g.settings.Reach
}

// next returns the corner that a click at p would make.
func (g *polygonGesture) next(p Pointer) Point {
	if p.Shift {
		return snap45(g.points[len(g.points)-1], p.point())
	}
	return p.point()
}

func (g *polygonGesture) Move(p Pointer) image.Rectangle {
	by, moves := g.event(p)
	if moves {
		g.points = moved(g.points, by)
	}
	g.closed = len(g.points) > 2 && g.near(p, g.points[0])
	corners := slices.Clone(g.points)
	if !moves && !g.closed {
		corners = append(corners, g.next(p))
	}
	g.set(corners)
	return g.changed()
}

func (g *polygonGesture) Release(p Pointer) bool {
	g.Move(p)
	switch {
	case p.Space || g.closed:
		return g.closed && !p.Space
	case g.near(p, g.points[len(g.points)-1]):
		g.closed = len(g.points) > 2
		return g.closed
	}
	g.points = append(g.points, g.next(p))
	return false
}

func (g *polygonGesture) Finish() (*mask.Mask, image.Rectangle) {
	return finish(g.before, g.result(g.points))
}

func (g *polygonGesture) Outline() ([]Point, bool) { return g.corners, g.closed }
