package view

import (
	"image"
	"math"
	"slices"
)

// The dashes of guide lines, in line widths.
const (
	guideOn   = 9
	guideOff  = 5
	guideKnob = 3 // the radius of the dots at a line's ends
	guideHeld = 5 // the radius of the dot at a point that is held
)

// guide is a guide line, along which an edge continues: white dashes over a dark line with a
// dot at each end, visible on any picture. It is immutable.
type guide struct {
	outline
	held  bool // a press would hold the line, or holds it: all its points have dots
	point int  // the point that is held, which has a larger dot; -1 for the whole line, which is solid
}

// NoLine marks no guide line in SetLines.
var NoLine = LineMark{Line: -1}

// LineMark marks what is held, or would be, of the guide lines: a point of one, shown larger among
// all points of its line, or with Point -1 the whole line, shown solid.
type LineMark struct{ Line, Point int }

// SetLines shows guide lines over the picture, each of at least two points, with a mark on one of
// them or NoLine. The points are copied.
func (c *Compositor) SetLines(lines [][]Point, mark LineMark) {
	shown := make([]guide, len(lines))
	for i, line := range lines {
		shown[i] = guide{outline: outline{points: line}, point: -1}
		if i == mark.Line {
			shown[i].held, shown[i].point = true, mark.Point
		}
	}
	same := func(g *guide, h guide) bool {
		return g.held == h.held && g.point == h.point && slices.Equal(g.points, h.points)
	}
	if slices.EqualFunc(c.shot.guides, shown, same) {
		return
	}
	was := c.shot.guides
	c.shot.guides = make([]*guide, len(lines))
	for i, g := range shown {
		at := slices.IndexFunc(was, func(w *guide) bool { return same(w, g) })
		if at >= 0 {
			c.shot.guides[i] = was[at]
			continue
		}
		g.points = slices.Clone(g.points)
		c.shot.guides[i] = &g
		c.addGuide(&g)
	}
	for _, g := range was {
		if !slices.Contains(c.shot.guides, g) {
			c.addGuide(g)
		}
	}
}

// addGuide marks the device pixels of a guide line as dirty.
func (c *Compositor) addGuide(g *guide) {
	for i := range g.segments() {
		c.add(g.area(i, c.shot.transform, c.shot.style.Line))
	}
}

// area returns the device rectangle that segment i is drawn in, with the dots.
func (g *guide) area(i int, t Transform, line int) image.Rectangle {
	return g.outline.area(i, t, line).Inset(-guideHeld * line)
}

// draw draws the part of the line that lies in r.
func (g *guide) draw(dst *image.RGBA, r image.Rectangle, t Transform, line int) {
	var area image.Rectangle
	for i := range g.segments() {
		area = area.Union(g.area(i, t, line).Intersect(r))
	}
	if area.Empty() {
		return
	}
	dark, white := image.NewAlpha(area), image.NewAlpha(area)
	begun := 0.0 // the line's length before the segment, in device pixels
	for i := range g.segments() {
		a, b := g.segment(i)
		length := math.Hypot(b.X-a.X, b.Y-a.Y) * t.Scale
		if part := g.area(i, t, line).Intersect(area); !part.Empty() {
			markPiece(dark, part, t, a, b, float64(line))
			g.dashes(white, part, t, i, begun, length, float64(line))
		}
		begun += length
	}
	for i := range g.points {
		g.knob(dark, white, i, t, line)
	}
	n := float64(line)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			d, w := dark.Pix[dark.PixOffset(x, y)], white.Pix[white.PixOffset(x, y)]
			if d == 0 && w == 0 {
				continue
			}
			p := dst.Pix[dst.PixOffset(x, y):][:4]
			v := spread(load(p))
			v = mix(v, laneBlack, uint64(haloWeight*ramp(2*n+0.5-distanceOf(d, n))))
			v = mix(v, laneWhite, uint64(256*ramp(n+0.5-distanceOf(w, n))))
			store(p, pack(v))
		}
	}
}

// knob marks the dot at point i, if it has one, in the dark and the white part.
func (g *guide) knob(dark, white *image.Alpha, i int, t Transform, line int) {
	if !g.held && i > 0 && i < len(g.points)-1 {
		return
	}
	radius := guideKnob
	if g.held && i == g.point {
		radius = guideHeld
	}
	x, y := t.ToDevice(g.points[i].X, g.points[i].Y)
	disc(dark, x, y, float64((radius+1)*line))
	disc(white, x, y, float64(radius*line))
}

// distanceOf returns the distance in device pixels that markNear stored as k; for 0, where it
// stored none, the result is larger than any distance that is drawn.
func distanceOf(k uint8, line float64) float64 {
	if k == 0 {
		return math.Inf(1)
	}
	return float64(255-int(k)) / 254 * (reach*line + 0.5)
}

// markPiece is markNear for a piece of a line in canvas pixels.
func markPiece(near *image.Alpha, r image.Rectangle, t Transform, a, b Point, line float64) {
	ax, ay := t.ToDevice(a.X, a.Y)
	bx, by := t.ToDevice(b.X, b.Y)
	markNear(near, r, ax, ay, bx, by, line)
}

// dashes marks the dashes of a segment that lie in r, or all of it where the whole line is held. They
// are counted from the line's beginning, so that they don't depend on the rectangle that is drawn.
func (g *guide) dashes(near *image.Alpha, r image.Rectangle, t Transform, i int, begun, length, line float64) {
	a, b := g.segment(i)
	if g.held && g.point < 0 {
		markPiece(near, r, t, a, b, line)
		return
	}
	from, to := clip(r.Inset(-reach*int(line)-1), t, a, b)
	if from >= to {
		return
	}
	const period = guideOn + guideOff
	last := math.Floor((begun + to*length) / (period * line))
	for k := math.Floor((begun + from*length) / (period * line)); k <= last; k++ {
		u := max((k*period*line-begun)/length, 0)
		v := min(((k*period+guideOn)*line-begun)/length, 1)
		if u < v {
			at := func(w float64) Point { return Point{X: a.X + w*(b.X-a.X), Y: a.Y + w*(b.Y-a.Y)} }
			markPiece(near, r, t, at(u), at(v), line)
		}
	}
}

// clip returns the part of a segment, from 0 to 1, that lies in a device rectangle; from >= to
// where none does.
func clip(r image.Rectangle, t Transform, a, b Point) (from, to float64) {
	ax, ay := t.ToDevice(a.X, a.Y)
	bx, by := t.ToDevice(b.X, b.Y)
	to = 1
	for _, side := range [2][4]float64{
		{ax, bx, float64(r.Min.X), float64(r.Max.X)},
		{ay, by, float64(r.Min.Y), float64(r.Max.Y)},
	} {
		p, q, low, high := side[0], side[1], side[2], side[3]
		if p == q {
			if p < low || p > high {
				return 0, 0
			}
			continue
		}
		u, v := (low-p)/(q-p), (high-p)/(q-p)
		from, to = max(from, min(u, v)), min(to, max(u, v))
	}
	return from, to
}

// disc marks a filled circle; within it pixels count as if on the middle of a line.
func disc(near *image.Alpha, x, y, radius float64) {
	box := outward(x-radius, y-radius, x+radius, y+radius).Inset(-1).Intersect(near.Rect)
	for py := box.Min.Y; py < box.Max.Y; py++ {
		for px := box.Min.X; px < box.Max.X; px++ {
			if k := uint8(255 * ramp(radius+0.5-math.Hypot(float64(px)+0.5-x, float64(py)+0.5-y))); k > near.Pix[near.PixOffset(px, py)] {
				near.Pix[near.PixOffset(px, py)] = k
			}
		}
	}
}
