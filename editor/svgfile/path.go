package svgfile

import (
	"math"
	"strings"
)

// point is a place of the plane.
type point struct{ x, y float64 }

// segment is a part of a path: 'M', 'L', 'C' or 'Z', and its points, the end last.
type segment struct {
	kind byte
	p    [3]point
}

func (s segment) end() point {
	if s.kind == 'C' {
		return s.p[2]
	}
	return s.p[0]
}

// path is an outline.
type path []segment

func (p *path) moveTo(x, y float64) { *p = append(*p, segment{'M', [3]point{{x, y}}}) }
func (p *path) lineTo(x, y float64) { *p = append(*p, segment{'L', [3]point{{x, y}}}) }
func (p *path) curveTo(a, b, c point) {
	*p = append(*p, segment{'C', [3]point{a, b, c}})
}
func (p *path) close() { *p = append(*p, segment{kind: 'Z'}) }

// walk calls f with each segment and where it begins; for 'Z' its first point is where it ends.
func (p path) walk(f func(from point, s segment)) {
	var at, first point
	for _, s := range p {
		switch s.kind {
		case 'M':
			first = s.p[0]
		case 'Z':
			s.p[0] = first
		}
		f(at, s)
		at = s.end()
	}
}

// lines calls start and line with the ends of lines that come as close to the path, brought
// elsewhere by m, as a fraction of a pixel.
func (p path) lines(m matrix, start, line func(x, y float64)) {
	p.walk(func(from point, s segment) {
		switch s.kind {
		case 'M':
			start(m.apply(s.p[0].x, s.p[0].y))
		case 'C':
			flatten(transformed(m, from), transformed(m, s.p[0]), transformed(m, s.p[1]), transformed(m, s.p[2]), line)
		default:
			line(m.apply(s.p[0].x, s.p[0].y))
		}
	})
}

func transformed(m matrix, p point) point {
	x, y := m.apply(p.x, p.y)
	return point{x, y}
}

// flatten makes lines of a cubic Bézier curve, as many as keep them within a tenth of a pixel
// of it: the distance is at most n^-2 times a multiple of the second differences.
func flatten(a, b, c, d point, line func(x, y float64)) {
	const most, tolerance = 400, 0.1
	bend := max(math.Hypot(a.x-2*b.x+c.x, a.y-2*b.y+c.y), math.Hypot(b.x-2*c.x+d.x, b.y-2*c.y+d.y))
	n := int(min(math.Ceil(math.Sqrt(0.75*bend/tolerance)), most))
	for i := 1; i < n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		line(k0*a.x+k1*b.x+k2*c.x+k3*d.x, k0*a.y+k1*b.y+k2*c.y+k3*d.y)
	}
	line(d.x, d.y)
}

// bounds returns where a path lies, brought elsewhere by m.
func (p path) bounds(m matrix) box {
	b := nowhere
	if len(p) < 2 {
		return b
	}
	// Coordinates far larger make the lines of a curve fine enough for small shapes.
	fine := matrix{a: 64, d: 64}
	p.lines(fine.times(m), func(x, y float64) { b.add(x/64, y/64) }, func(x, y float64) { b.add(x/64, y/64) })
	return b
}

// length returns how long a path is.
func (p path) length() float64 {
	const fine = 64
	total, at := 0.0, point{}
	p.lines(matrix{a: fine, d: fine}, func(x, y float64) { at = point{x, y} }, func(x, y float64) {
		total += math.Hypot(x-at.x, y-at.y)
		at = point{x, y}
	})
	return total / fine
}

// pathReader reads the attribute d (SVG 2, section 9.3).
type pathReader struct {
	s        string
	p        path
	at       point
	first    point
	control  point // of the curve before
	last     byte  // the command before, as a capital
	relative bool
	began    bool // there is an M that no Z followed
}

// readPath reads an outline, up to the first thing that isn't understood.
func readPath(s string) path {
	r := pathReader{s: s}
	for {
		r.s = strings.TrimLeft(r.s, " \t\r\n\f")
		if r.s == "" {
			return r.p
		}
		letter := r.s[0]
		command := letter &^ 0x20
		do, ok := commands[command]
		if !ok || r.last == 0 && command != 'M' {
			return r.p
		}
		r.s, r.relative = r.s[1:], letter != command
		if !r.repeat(command, do) {
			return r.p
		}
	}
}

// repeat does a command with each of the lists of numbers that follow it.
func (r *pathReader) repeat(command byte, do pathCommand) bool {
	for first := true; ; first = false {
		var n [7]float64
		for i := range do.numbers {
			v, ok := r.next(i > 0 || !first, command == 'A' && (i == 3 || i == 4))
			if !ok {
				return i == 0 && !first
			}
			n[i] = v
		}
		if !r.began && command != 'M' {
			r.p.moveTo(r.at.x, r.at.y)
			r.began = true
		}
		do.draw(r, n[:])
		r.last = command
		if do.numbers == 0 {
			return true
		}
		if command == 'M' {
			command, do = 'L', commands['L']
		}
	}
}

// next takes a number; a flag is one digit.
func (r *pathReader) next(comma, flag bool) (float64, bool) {
	s := strings.TrimLeft(r.s, " \t\r\n\f")
	if comma && strings.HasPrefix(s, ",") {
		s = strings.TrimLeft(s[1:], " \t\r\n\f")
	}
	if flag {
		if s == "" || s[0] != '0' && s[0] != '1' {
			return 0, false
		}
		r.s = s[1:]
		return float64(s[0] - '0'), true
	}
	v, rest, ok := number(s)
	if ok {
		r.s = rest
	}
	return v, ok
}

// pathCommand is a command: how many numbers it takes, and what it does with them.
type pathCommand struct {
	numbers int
	draw    func(r *pathReader, n []float64)
}

var commands map[byte]pathCommand

func init() {
	commands = map[byte]pathCommand{
		'M': {2, func(r *pathReader, n []float64) {
			r.at = r.point(n)
			r.first, r.began = r.at, true
			r.p.moveTo(r.at.x, r.at.y)
		}},
		'L': {2, func(r *pathReader, n []float64) { r.line(r.point(n)) }},
		'H': {1, func(r *pathReader, n []float64) { r.line(point{r.point([]float64{n[0], 0}).x, r.at.y}) }},
		'V': {1, func(r *pathReader, n []float64) { r.line(point{r.at.x, r.point([]float64{0, n[0]}).y}) }},
		'C': {6, func(r *pathReader, n []float64) { r.cubic(r.point(n), r.point(n[2:]), r.point(n[4:])) }},
		'S': {4, func(r *pathReader, n []float64) { r.cubic(r.mirrored('C', 'S'), r.point(n), r.point(n[2:])) }},
		'Q': {4, func(r *pathReader, n []float64) { r.quadratic(r.point(n), r.point(n[2:])) }},
		'T': {2, func(r *pathReader, n []float64) { r.quadratic(r.mirrored('Q', 'T'), r.point(n)) }},
		'A': {7, func(r *pathReader, n []float64) {
			to := r.point(n[5:])
			r.p.arc(r.at, to, n[0], n[1], n[2], n[3] != 0, n[4] != 0)
			r.at = to
		}},
		'Z': {0, func(r *pathReader, _ []float64) {
			r.p.close()
			r.at, r.began = r.first, false
		}},
	}
}

func (r *pathReader) point(n []float64) point {
	if r.relative {
		return point{r.at.x + n[0], r.at.y + n[1]}
	}
	return point{n[0], n[1]}
}

// mirrored returns the control point that goes on smoothly from a curve of two kinds.
func (r *pathReader) mirrored(a, b byte) point {
	if r.last == a || r.last == b {
		return point{2*r.at.x - r.control.x, 2*r.at.y - r.control.y}
	}
	return r.at
}

func (r *pathReader) line(to point) {
	r.p.lineTo(to.x, to.y)
	r.at = to
}

func (r *pathReader) cubic(a, b, to point) {
	r.p.curveTo(a, b, to)
	r.control, r.at = b, to
}

func (r *pathReader) quadratic(c, to point) {
	between := func(p point) point { return point{p.x + (c.x-p.x)*2/3, p.y + (c.y-p.y)*2/3} }
	r.p.curveTo(between(r.at), between(to), to)
	r.control, r.at = c, to
}

// arc adds a part of an ellipse, by SVG 2, appendix B.2.4.
func (p *path) arc(from, to point, rx, ry, degrees float64, large, sweep bool) {
	rx, ry = math.Abs(rx), math.Abs(ry)
	if from == to {
		return
	}
	if rx == 0 || ry == 0 {
		p.lineTo(to.x, to.y)
		return
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	hx, hy := (from.x-to.x)/2, (from.y-to.y)/2
	x, y := (cos*hx+sin*hy)/rx, (cos*hy-sin*hx)/ry
	square := x*x + y*y
	if square > 1 {
		grow := math.Sqrt(square)
		rx, ry, x, y, square = rx*grow, ry*grow, x/grow, y/grow, 1
	}
	k := math.Sqrt(max(1/square-1, 0))
	if large == sweep {
		k = -k
	}
	cx, cy := k*y, -k*x // the centre on the unit circle's plane
	begin := math.Atan2(y-cy, x-cx)
	turn := math.Atan2(-y-cy, -x-cx) - begin
	if sweep && turn < 0 {
		turn += 2 * math.Pi
	} else if !sweep && turn > 0 {
		turn -= 2 * math.Pi
	}
	m := matrix{rx * cos, rx * sin, -ry * sin, ry * cos, (from.x + to.x) / 2, (from.y + to.y) / 2}
	p.circular(m.times(move(cx, cy)), begin, turn, &to)
}

// circular adds curves along the unit circle, brought elsewhere by m, by angles in radians. The
// last ends at a point where one is given.
func (p *path) circular(m matrix, begin, turn float64, to *point) {
	n := max(int(math.Ceil(math.Abs(turn)/(math.Pi/2)-1e-9)), 1)
	step := turn / float64(n)
	k := 4.0 / 3 * math.Tan(step/4)
	for i := range n {
		s0, c0 := math.Sincos(begin + float64(i)*step)
		s1, c1 := math.Sincos(begin + float64(i+1)*step)
		end := transformed(m, point{c1, s1})
		if i == n-1 && to != nil {
			end = *to
		}
		p.curveTo(transformed(m, point{c0 - k*s0, s0 + k*c0}), transformed(m, point{c1 + k*s1, s1 - k*c1}), end)
	}
}
