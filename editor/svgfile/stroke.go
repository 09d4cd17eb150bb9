package svgfile

import (
	"image"
	"math"

	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
)

// farthest is the largest coordinate that package rasterx is given: its numbers
// overflow beyond.
const farthest = 1 << 22

// stroke paints the line along a path: package rasterx makes its outline in the path's own
// plane, scaled up to the picture's pixels, which then is brought onto the picture.
func (r *renderer) stroke(n *node, p path, m matrix, s *style, with source) {
	_, ok := m.inverse()
	if with == nil || !ok {
		return
	}
	fine := fineness(p, m, s)
	scale := m.scale() * fine
	plane, onto, width := matrix{a: scale, d: scale}, m.times(matrix{a: 1 / scale, d: 1 / scale}), s.width*scale
	if s.fixedWidth {
		// The line is as wide as in the drawing's outermost plane.
		size := r.to.img.Rect.Size()
		base := r.d.view.onto(float64(size.X), float64(size.Y))
		plane, onto = matrix{a: fine, d: fine}.times(m), matrix{a: 1 / fine, d: 1 / fine}
		width = s.width * base.scale() * fine
	}
	o := outline{r: r}
	pen := &strokePen{o: &o, m: onto}
	d := rasterx.NewDasher(1, 1, pen)
	cap, join := lineCap(s.cap), lineJoin(s.join)
	dashes, offset := dashesOf(n, p, s, width/s.width)
	d.SetStroke(sixty(width), sixty(s.miterLimit), cap, cap, nil, join, dashes, offset)
	p.strokeOnto(d, plane, s.cap != "" && s.cap != "butt")
	each := int64(4)
	if _, ok := with.(*gradient); ok {
		each = 40
	}
	r.fill(o.edges, o.bounds, false, with, each)
}

// fineness returns how many of package rasterx's pixels there are to one of the picture's. It
// counts in 64th: finer pixels keep lines that touch without a seam. But where two lines meet
// in a mitre it multiplies their lengths, in 32 bits.
func fineness(p path, m matrix, s *style) float64 {
	const finest, longest = 4, 600
	if join := lineJoin(s.join); len(p) <= 2 || join != rasterx.Miter && join != rasterx.MiterClip {
		return finest
	}
	b := p.bounds(matrix{a: m.scale(), d: m.scale()})
	return min(finest, longest/max(math.Hypot(b.x1-b.x0, b.y1-b.y0), 1))
}

func lineCap(name string) rasterx.CapFunc {
	switch name {
	case "round":
		return rasterx.RoundCap
	case "square":
		return rasterx.SquareCap
	}
	return rasterx.ButtCap
}

func lineJoin(name string) rasterx.JoinMode {
	switch name {
	case "round":
		return rasterx.Round
	case "bevel":
		return rasterx.Bevel
	case "miter-clip":
		return rasterx.MiterClip
	}
	return rasterx.Miter
}

// dashesOf returns the dashes of a line in pixels. Their offset is brought into the first two
// rounds, which look the same, because package rasterx counts it down dash by dash.
func dashesOf(n *node, p path, s *style, scale float64) ([]float64, float64) {
	if len(s.dashes) == 0 {
		return nil, 0
	}
	if said, _, ok := number(n.get("pathLength")); ok && said > 0 {
		scale *= p.length() / said
	}
	list, round := make([]float64, len(s.dashes)), 0.0
	for i, v := range s.dashes {
		list[i] = min(v*scale, farthest)
		round += math.Floor(list[i]*64) / 64
	}
	if !(round > 0) || math.IsInf(round, 0) {
		return nil, 0
	}
	offset := math.Mod(s.dashOffset*scale, round)
	if offset < 0 {
		offset += round
	}
	return list, offset
}

// sixty returns a number in 64th.
func sixty(v float64) fixed.Int26_6 {
	return fixed.Int26_6(math.Round(min(max(v, -farthest), farthest) * 64))
}

// strokeOnto gives a path to package rasterx. A part without any length gets as much that its
// caps are drawn, if they are to be.
func (p path) strokeOnto(d *rasterx.Dasher, m matrix, caps bool) {
	at := func(q point) fixed.Point26_6 {
		q = transformed(m, q)
		return fixed.Point26_6{X: sixty(q.x), Y: sixty(q.y)}
	}
	open, length := false, false
	var first fixed.Point26_6
	end := func(closed bool) {
		if open && !length && caps {
			d.Line(fixed.Point26_6{X: first.X + 1, Y: first.Y})
			closed = false
		}
		if open && (length || caps) {
			d.Stop(closed)
		}
		open = false
	}
	var last fixed.Point26_6
	p.walk(func(_ point, s segment) {
		switch s.kind {
		case 'M':
			end(false)
			first = at(s.p[0])
			last, length, open = first, false, true
			d.Start(first)
		case 'L':
			if q := at(s.p[0]); q != last {
				d.Line(q)
				last, length = q, true
			}
		case 'C':
			if a, b, c := at(s.p[0]), at(s.p[1]), at(s.p[2]); a != last || b != last || c != last {
				d.CubeBezier(a, b, c)
				last, length = c, true
			}
		case 'Z':
			end(true)
		}
	})
	end(false)
}

// strokePen takes the outline of a line from package rasterx.
type strokePen struct {
	o *outline
	m matrix
}

// Start goes to a point. The edges of an outline come in any order, and close it in all.
func (s *strokePen) Start(a fixed.Point26_6) {
	x, y := s.m.apply(float64(a.X)/64, float64(a.Y)/64)
	s.o.at = point{x, y}
}

func (s *strokePen) Line(b fixed.Point26_6) {
	const each = 360
	s.o.r.work(each)
	s.o.line(s.m.apply(float64(b.X)/64, float64(b.Y)/64))
}

func (s *strokePen) Draw()                              {}
func (s *strokePen) GetPathExtent() fixed.Rectangle26_6 { return fixed.Rectangle26_6{} }
func (s *strokePen) SetBounds(int, int)                 {}
func (s *strokePen) SetColor(any)                       {}
func (s *strokePen) SetWinding(bool)                    {}
func (s *strokePen) Clear()                             {}
func (s *strokePen) SetClip(image.Rectangle)            {}
