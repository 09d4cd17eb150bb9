package mask

import "math"

// Point is a position in canvas pixels; pixel (i, j) covers the square from
// (i, j) to (i+1, j+1).
type Point struct{ X, Y float64 }

func (p Point) add(q Point) Point           { return Point{p.X + q.X, p.Y + q.Y} }
func (p Point) sub(q Point) Point           { return Point{p.X - q.X, p.Y - q.Y} }
func (p Point) scale(f float64) Point       { return Point{p.X * f, p.Y * f} }
func (p Point) distance(q Point) float64    { return math.Hypot(p.X-q.X, p.Y-q.Y) }
func (p Point) to(q Point, t float64) Point { return Point{p.X + (q.X-p.X)*t, p.Y + (q.Y-p.Y)*t} }

// Distance returns how far p lies from the segment from a to b, in their unit.
func Distance(p, a, b Point) float64 {
	dx, dy := b.X-a.X, b.Y-a.Y
	along := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		along = min(max(((p.X-a.X)*dx+(p.Y-a.Y)*dy)/length, 0), 1)
	}
	return math.Hypot(p.X-a.X-along*dx, p.Y-a.Y-along*dy)
}

// curve is one piece of a centripetal Catmull-Rom spline (Yuksel, Schaefer,
// Keyser: On the Parameterization of Catmull-Rom Curves, 2009), as a cubic
// Hermite piece: from a to b with the tangents u and v.
type curve struct{ a, b, u, v Point }

// catmullRom returns the piece from p1 to p2, where the spline comes from p0
// and goes on to p3. Neighbouring points must differ.
func catmullRom(p0, p1, p2, p3 Point) curve {
	t0, t1, t2 := math.Sqrt(p0.distance(p1)), math.Sqrt(p1.distance(p2)), math.Sqrt(p2.distance(p3))
	tangent := func(a, b, c Point, ta, tb float64) Point {
		return b.sub(a).scale(1 / ta).sub(c.sub(a).scale(1 / (ta + tb))).add(c.sub(b).scale(1 / tb)).scale(t1)
	}
	return curve{p1, p2, tangent(p0, p1, p2, t0, t1), tangent(p1, p2, p3, t1, t2)}
}

// at returns the position at t, 0 to 1.
func (c curve) at(t float64) Point {
	t2, t3 := t*t, t*t*t
	return c.a.scale(2*t3 - 3*t2 + 1).add(c.u.scale(t3 - 2*t2 + t)).
		add(c.b.scale(3*t2 - 2*t3)).add(c.v.scale(t3 - t2))
}

// walker sets down points at even distances along curves that follow each
// other, as measured along them.
type walker struct {
	spacing float64
	left    float64 // distance that is still to go to the next point
}

// walk calls put for every point that falls on c.
func (w *walker) walk(c curve, put func(Point)) {
	// The curve is measured along chords short enough to hug it.
	step := min(max(w.spacing/2, 0.5), 2)
	n := max(1, int(math.Ceil(c.a.distance(c.b)/step)))
	from := c.a
	for i := 1; i <= n; i++ {
		to := c.at(float64(i) / float64(n))
		if i == n {
			to = c.b
		}
		length := from.distance(to)
		at := 0.0
		for length-at >= w.left {
			at += w.left
			put(from.to(to, at/length))
			w.left = w.spacing
		}
		w.left -= length - at
		from = to
	}
}
