package svgfile

import (
	"math"
	"strings"
)

// shapes are the elements that are outlines, and what makes these.
var shapes map[string]func(n *node, s *style) path

func init() {
	shapes = map[string]func(n *node, s *style) path{
		"path":     func(n *node, _ *style) path { return readPath(n.get("d")) },
		"rect":     rectOf,
		"circle":   circleOf,
		"ellipse":  ellipseOf,
		"line":     lineOf,
		"polyline": func(n *node, _ *style) path { return pointsOf(n, false) },
		"polygon":  func(n *node, _ *style) path { return pointsOf(n, true) },
	}
}

// lengths reads attributes of an element: those across, down, and those of neither direction are
// told by their names.
func lengths(n *node, s *style, names ...string) []float64 {
	list := make([]float64, len(names))
	for i, name := range names {
		of := s.across()
		switch {
		case strings.Contains(name, "x") || name == "width":
			of = s.view[0]
		case strings.Contains(name, "y") || name == "height":
			of = s.view[1]
		}
		list[i] = lengthOr(n.get(name), of, s.font, 0)
	}
	return list
}

func rectOf(n *node, s *style) (p path) {
	v := lengths(n, s, "x", "y", "width", "height")
	x, y, w, h := v[0], v[1], v[2], v[3]
	if w <= 0 || h <= 0 {
		return nil
	}
	rx, ry := radii(n, s)
	rx, ry = min(rx, w/2), min(ry, h/2)
	p.moveTo(x+rx, y)
	corner := func(lx, ly, cx, cy, begin float64) {
		p.lineTo(lx, ly)
		if rx > 0 && ry > 0 {
			p.circular(matrix{rx, 0, 0, ry, cx, cy}, begin, math.Pi/2, nil)
		}
	}
	corner(x+w-rx, y, x+w-rx, y+ry, -math.Pi/2)
	corner(x+w, y+h-ry, x+w-rx, y+h-ry, 0)
	corner(x+rx, y+h, x+rx, y+h-ry, math.Pi/2)
	corner(x, y+ry, x+rx, y+ry, math.Pi)
	p.close()
	return p
}

// radii reads rx and ry, each of which is as the other where it is missing.
func radii(n *node, s *style) (rx, ry float64) {
	rx, okX := length(n.get("rx"), s.view[0], s.font)
	ry, okY := length(n.get("ry"), s.view[1], s.font)
	if okX = okX && rx >= 0; !okX {
		rx = ry
	}
	if okY = okY && ry >= 0; !okY {
		ry = rx
	}
	if !okX && !okY || rx == 0 || ry == 0 {
		return 0, 0
	}
	return rx, ry
}

func circleOf(n *node, s *style) path {
	v := lengths(n, s, "cx", "cy", "r")
	return ellipse(v[0], v[1], v[2], v[2])
}

func ellipseOf(n *node, s *style) path {
	v := lengths(n, s, "cx", "cy")
	rx, ry := radii(n, s)
	return ellipse(v[0], v[1], rx, ry)
}

func ellipse(cx, cy, rx, ry float64) (p path) {
	if rx <= 0 || ry <= 0 {
		return nil
	}
	p.moveTo(cx+rx, cy)
	p.circular(matrix{rx, 0, 0, ry, cx, cy}, 0, 2*math.Pi, nil)
	p.close()
	return p
}

func lineOf(n *node, s *style) (p path) {
	v := lengths(n, s, "x1", "y1", "x2", "y2")
	p.moveTo(v[0], v[1])
	p.lineTo(v[2], v[3])
	return p
}

// pointsOf reads the corners of a polyline or polygon, up to what isn't understood.
func pointsOf(n *node, closed bool) (p path) {
	s := n.get("points")
	for {
		var v [2]float64
		for i := range v {
			s = strings.TrimLeft(s, ", \t\r\n")
			n, rest, ok := number(s)
			if !ok {
				if closed && len(p) > 0 {
					p.close()
				}
				return p
			}
			v[i], s = n, rest
		}
		if len(p) == 0 {
			p.moveTo(v[0], v[1])
		} else {
			p.lineTo(v[0], v[1])
		}
	}
}

// drawShape fills and strokes an outline.
func (r *renderer) drawShape(n *node, m matrix, s *style) {
	r.work(int64(len(n.get("d")) + len(n.get("points"))))
	p := shapes[n.name](n, s)
	if len(p) < 2 || s.hidden {
		return
	}
	own := p.bounds(identity)
	if r.to == nil {
		r.lookAtShape(n, p.bounds(m), s)
	}
	fill, stroke := s.fill.any(), s.stroke.any() && s.width > 0
	if r.shape {
		fill, stroke = true, false
	}
	opaque := *s
	if fill != stroke && s.opacity != 1 { // no layer is needed
		opaque.opacity, opaque.fillOpacity, opaque.strokeOpacity = 1, s.fillOpacity*s.opacity, s.strokeOpacity*s.opacity
	}
	r.group(&opaque, m, own, func() {
		if r.to == nil {
			return
		}
		paintFill := func() {
			if fill {
				r.paintPath(p, m, r.evenOdd(s), r.source(opaque.fill, opaque.fillOpacity, m, own, s))
			}
		}
		if !s.strokeFirst() {
			paintFill()
			paintFill = func() {}
		}
		if stroke {
			r.stroke(n, p, m, s, r.source(opaque.stroke, opaque.strokeOpacity, m, own, s))
		}
		paintFill()
	})
}

// strokeFirst reports whether the line is painted below what it encloses.
func (s *style) strokeFirst() bool {
	line, inside := strings.Index(s.order, "stroke"), strings.Index(s.order, "fill")
	return line >= 0 && (inside < 0 || line < inside)
}

// evenOdd reports by which rule a shape is filled.
func (r *renderer) evenOdd(s *style) bool {
	if r.shape {
		return s.clipEvenOdd
	}
	return s.evenOdd
}

// lookAtShape notes where a shape lies, and whether it is painted with what isn't drawn.
func (r *renderer) lookAtShape(n *node, b box, s *style) {
	r.seen.add(b.x0, b.y0)
	r.seen.add(b.x1, b.y1)
	switch n.name {
	case "path", "line", "polyline", "polygon":
		r.partly = r.partly || s.markers && !r.shape
	}
	for _, p := range []paint{s.fill, s.stroke} {
		if n := r.d.target(p.server); n != nil && n.name == "pattern" && !r.shape {
			r.partly = true
		} else if n != nil && n.get("transform-origin") != "" {
			r.partly = true
		}
	}
}

// paintPath fills a path that m brings onto the picture.
func (r *renderer) paintPath(p path, m matrix, evenOdd bool, with source) {
	if r.to == nil || with == nil {
		return
	}
	o := outline{r: r}
	p.lines(m, o.start, o.line)
	o.start(0, 0)
	each := int64(4)
	if _, ok := with.(*gradient); ok {
		each = 40
	}
	r.fill(o.edges, o.bounds, evenOdd, with, each)
}

// outline collects edges; each part of it is closed.
type outline struct {
	r         *renderer
	edges     []edge
	bounds    box
	first, at point
	any       bool
}

func (o *outline) start(x, y float64) {
	if o.any && o.at != o.first {
		o.line(o.first.x, o.first.y)
	}
	o.first, o.at = point{x, y}, point{x, y}
}

func (o *outline) line(x, y float64) {
	const each = 40
	if !o.any {
		o.any, o.bounds = true, nowhere
	}
	e := edge{o.at.x, o.at.y, x, y}
	h := float64(o.r.to.img.Rect.Dy())
	o.r.work(each + 4*int64(max(min(max(e.y0, e.y1), h)-max(min(e.y0, e.y1), 0), 0)))
	o.edges = append(o.edges, e)
	o.bounds.add(e.x0, e.y0)
	o.bounds.add(e.x1, e.y1)
	o.at = point{x, y}
}
