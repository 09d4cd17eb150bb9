package mask

import (
	"image"
	"math"
)

// Stroke is one stroke of a brush over a mask. Samples of the pointer are added
// as they come; the stroke is made of dabs at even distances along a
// centripetal Catmull-Rom spline through them, and always reaches up to the
// last one.
//
// Within a stroke coverage doesn't build up: each pixel has that of the dab
// that covers it most, so the stroke's profile is the brush's, however slowly
// it is drawn and as often as it crosses itself. The stroke as a whole is then
// painted over the mask, or erased from it, as the package comment says.
//
// The result depends on the samples and their order alone, not on when Mask is
// called. A Stroke is for one goroutine; the masks it returns are for any.
type Stroke struct {
	stamps *stamps
	erase  bool
	base   *Mask
	layer  *layer  // the stroke alone; it holds the state before the tail
	out    *Editor // base with the stroke laid over it

	// points are the last samples, up to three, and pen goes along the spline
	// as far as it is settled: to the last but one. From there on it will still
	// bend with the next sample.
	points []Point
	pen    pen
	ahead  pen // as pen would be at the end of the tail

	tail    image.Rectangle // of what is drawn beyond the settled part
	touched image.Rectangle
}

// pen is where a stroke goes on.
type pen struct {
	walker
	down bool  // a dab was set down before,
	last Point // here
}

// NewStroke starts a stroke over base that paints or erases.
func NewStroke(base *Mask, b Brush, erase bool) *Stroke {
	s := &Stroke{
		stamps: stampsOf(b), erase: erase, base: base,
		layer: newLayer(base.size), out: base.Edit(),
	}
	s.pen.spacing = b.Spacing()
	s.pen.left = s.pen.spacing
	return s
}

// Add goes on to a sample of the pointer, which may lie outside the mask, and
// returns the rectangle of pixels in which Mask may differ from before. Samples
// that repeat the one before, and such as are not numbers, change nothing.
func (s *Stroke) Add(x, y float64) image.Rectangle {
	p := Point{x, y}
	n := len(s.points)
	if !(math.Abs(x) < farthest && math.Abs(y) < farthest) || n > 0 && s.points[n-1] == p {
		return image.Rectangle{}
	}
	s.layer.drop()
	changed := s.tail
	s.tail = image.Rectangle{}
	if n == 0 {
		s.points = append(s.points, p)
		s.dab(&s.pen, p, &changed)
		return s.show(changed)
	}
	if n > 1 {
		s.walk(&s.pen, s.settled(p), &changed)
	}
	s.points = append(s.points, p)
	s.points = s.points[max(0, len(s.points)-3):]
	s.layer.hold()
	s.ahead = s.pen
	s.walk(&s.ahead, s.open(), &s.tail)
	s.dab(&s.ahead, p, &s.tail)
	return s.show(changed.Union(s.tail))
}

// dab sets down a dab and adds its rectangle to r. What is nearer to the dab
// before is left out: that one covers it as much.
func (s *Stroke) dab(pen *pen, p Point, r *image.Rectangle) {
	stamp, at, ok := s.stamps.at(p)
	if !ok {
		return
	}
	centre := stamp.mid.add(Point{float64(at.X), float64(at.Y)})
	front := everywhere
	if pen.down {
		front = nearer(pen.last, centre)
	}
	*r = r.Union(stamp.lay(s.layer, at, &front))
	pen.down, pen.last = true, centre
}

// Corner makes the last sample a corner: the stroke up to there stays as it is,
// whatever comes next. Between two corners a stroke is straight.
func (s *Stroke) Corner() {
	if len(s.points) > 1 {
		s.layer.keep()
		s.tail = image.Rectangle{}
		s.pen = s.ahead
		s.points = s.points[len(s.points)-1:]
	}
}

// settled returns the piece between the last two points, now that the spline
// is known to go on to next.
func (s *Stroke) settled(next Point) curve {
	n := len(s.points)
	before := mirrored(next, s.points[n-2], s.points[n-1])
	if n > 2 {
		before = s.points[n-3]
	}
	return catmullRom(before, s.points[n-2], s.points[n-1], next)
}

// open returns the piece between the last two points, as if the stroke ended.
func (s *Stroke) open() curve {
	n := len(s.points)
	a, b := s.points[n-2], s.points[n-1]
	if n == 2 {
		return curve{a, b, b.sub(a), b.sub(a)}
	}
	return catmullRom(s.points[n-3], a, b, mirrored(s.points[n-3], a, b))
}

// mirrored stands in for the sample that an end of the spline lacks: p on the
// other side of the line that halves the way from a to b. It lies on the circle
// through the three, so a bend goes on as it is.
func mirrored(p, a, b Point) Point {
	d, m := b.sub(a), a.to(b, 0.5)
	q := p.sub(m)
	return p.sub(d.scale(2 * (q.X*d.X + q.Y*d.Y) / (d.X*d.X + d.Y*d.Y)))
}

// walk sets down the dabs along a piece and adds their rectangles to r.
func (s *Stroke) walk(pen *pen, c curve, r *image.Rectangle) {
	pen.walk(c, func(p Point) { s.dab(pen, p, r) })
}

// show brings out up to date within r.
func (s *Stroke) show(r image.Rectangle) image.Rectangle {
	s.touched = s.touched.Union(r)
	g := grid(r)
	for row := g.Min.Y; row < g.Max.Y; row++ {
		for col := g.Min.X; col < g.Max.X; col++ {
			s.showTile(col, row, square(col, row).Intersect(r))
		}
	}
	return r
}

func (s *Stroke) showTile(col, row int, r image.Rectangle) {
	below, over := s.base.Tile(col, row), s.layer.at(col, row)
	switch {
	case over == nil:
		s.out.set(col, row, below)
		return
	case below == nil && s.erase, below == full && !s.erase:
		return
	}
	if below == nil {
		below = &zeros
	}
	to := s.out.tile(col, row)
	lay := paintOver
	if s.erase {
		lay = eraseFrom
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		i := y%TileSize*TileSize + r.Min.X%TileSize
		lay(to[i:i+r.Dx()], below[i:], over[i:])
	}
}

// Mask returns the mask with the stroke as it is so far. It costs as much as
// the tiles that changed since it was last called.
func (s *Stroke) Mask() *Mask { return s.out.Mask() }

// Touched returns the rectangle of pixels that the stroke has reached so far.
func (s *Stroke) Touched() image.Rectangle { return s.touched }

// End returns the last sample, where a straight line would go on, and false
// if there is none yet.
func (s *Stroke) End() (Point, bool) {
	if len(s.points) == 0 {
		return Point{}, false
	}
	return s.points[len(s.points)-1], true
}
