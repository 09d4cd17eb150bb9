package align

import (
	"context"
	"math"

	"overpaint.dev/overpaint/editor/parallel"
)

// affine maps (x, y) to (a x + b y + c, d x + e y + f).
type affine struct{ a, b, c, d, e, f float64 }

var identity = affine{a: 1, e: 1}

func (m affine) apply(x, y float64) (float64, float64) {
	return m.a*x + m.b*y + m.c, m.d*x + m.e*y + m.f
}

// after returns the map that does n first.
func (m affine) after(n affine) affine {
	return affine{
		m.a*n.a + m.b*n.d, m.a*n.b + m.b*n.e, m.a*n.c + m.b*n.f + m.c,
		m.d*n.a + m.e*n.d, m.d*n.b + m.e*n.e, m.d*n.c + m.e*n.f + m.f,
	}
}

// inverse returns the map back; the determinant must not be 0.
func (m affine) inverse() affine {
	det := m.a*m.e - m.b*m.d
	i := affine{a: m.e / det, b: -m.b / det, d: -m.d / det, e: m.a / det}
	i.c, i.f = -(i.a*m.c + i.b*m.f), -(i.d*m.c + i.e*m.f)
	return i
}

// scaled returns the same map for coordinates that are k times as large.
func (m affine) scaled(k float64) affine {
	m.c, m.f = m.c*k, m.f*k
	return m
}

// model is how a motion may look: its number of parameters.
type model int

const (
	translation model = 2
	similarity  model = 4
	general     model = 6
)

// point is a pixel with structure in what was sent.
type point struct {
	x, y   float32 // from the level's middle
	gx, gy float32 // the slope there
	v      float32 // the value there
	block  int32   // the square that it lies in
}

// level is one size of both pictures.
type level struct {
	*reference
	answer *plane // normalised
	bounds rect   // the known part of the answer, in pixel coordinates
}

// newLevel compares an answer, known within bounds, with what was sent.
func newLevel(r *reference, answer *plane, bounds rect) *level {
	bounds.x0, bounds.y0 = max(bounds.x0, 0), max(bounds.y0, 0)
	bounds.x1, bounds.y1 = min(bounds.x1, float64(answer.w-1)), min(bounds.y1, float64(answer.h-1))
	return &level{reference: r, answer: answer, bounds: bounds}
}

// unknown marks the residual of a point that falls outside the answer.
const unknown = math.MaxFloat32

// grain is how many points one goroutine takes at a time; sums are made over
// such parts first, so that they don't depend on the number of processors.
const grain = 1024

// residuals fills e with the answer's value minus the sent one at each point
// under a motion and, unless nil, displacements of the points before it.
func (l *level) residuals(ctx context.Context, m affine, moved [][2]float32, e []float32) error {
	return parallel.Range(ctx, len(l.points), grain, func(from, to int) {
		part := moved
		if moved != nil {
			part = moved[from:to]
		}
		l.compare(m, part, l.points[from:to], e[from:to])
	})
}

// compare is residuals of some points. Between the answer's pixels it reads linearly.
func (l *level) compare(m affine, moved [][2]float32, points []point, e []float32) {
	a, b, c := float32(m.a), float32(m.b), float32(m.c)+l.midX
	d, g, h := float32(m.d), float32(m.e), float32(m.f)+l.midY
	x0, y0, x1, y1 := float32(l.bounds.x0), float32(l.bounds.y0), float32(l.bounds.x1), float32(l.bounds.y1)
	w, lastX, lastY := l.answer.w, l.answer.w-2, l.answer.h-2
	for i := range points {
		p := &points[i]
		px, py := p.x, p.y
		if moved != nil {
			px, py = px+moved[i][0], py+moved[i][1]
		}
		x, y := a*px+b*py+c, d*px+g*py+h
		if x >= x0 && y >= y0 && x <= x1 && y <= y1 {
			col, row := min(int(x), lastX), min(int(y), lastY)
			fx, fy := x-float32(col), y-float32(row)
			v := l.answer.v[row*w+col:][:w+2]
			top := v[0] + fx*(v[1]-v[0])
			e[i] = top + fy*(v[w]+fx*(v[w+1]-v[w])-top) - p.v
		} else {
			e[i] = unknown
		}
	}
}

// thinned returns the level with about n of its points, from all over it; itself where
// it has no more.
func (l *level) thinned(n int) *level {
	if len(l.points) <= n {
		return l
	}
	of := *l.reference
	of.points = make([]point, n)
	for i := range of.points {
		of.points[i] = l.points[i*len(l.points)/n]
	}
	return &level{reference: &of, answer: l.answer, bounds: l.bounds}
}

// within returns the level with the points alone that lie in blocks of a kind.
func (l *level) within(in func(block int) bool) *level {
	of := *l.reference
	of.points = nil
	for _, p := range l.points {
		if in(int(p.block)) {
			of.points = append(of.points, p)
		}
	}
	return &level{reference: &of, answer: l.answer, bounds: l.bounds}
}

// spread estimates the noise of residuals from their lower quarter, which most
// changed content is not in.
func spread(e []float32) float64 {
	const bins, top = 1024, 2.0
	var count [bins]int
	n := 0
	for _, v := range e {
		if v != unknown {
			count[min(int(math.Abs(float64(v))*(bins/top)), bins-1)]++
			n++
		}
	}
	sum := 0
	for i, c := range count {
		if sum += c; 4*sum >= n {
			const quarter = 0.3186 // of a normal distribution's |x| a quarter lies below
			return max((float64(i)+0.5)*top/bins/quarter, minSpread)
		}
	}
	return minSpread
}

const minSpread = 0.06

// step makes a motion of a solution of the normal equations.
func (l *level) step(v [6]float64, kind model) affine {
	m := affine{1, 0, v[0], 0, 1, v[1]}
	switch kind {
	case similarity:
		s, r := v[2]/l.radius, v[3]/l.radius
		m.a, m.b, m.d, m.e = 1+s, -r, r, 1+s
	case general:
		m.a, m.b, m.d, m.e = 1+v[2]/l.radius, v[3]/l.radius, v[4]/l.radius, 1+v[5]/l.radius
	}
	return m
}

// farthest returns how far a motion carries a point within r of the middle, at
// most, in the larger direction and about.
func (m affine) farthest(r float64) float64 {
	return max(math.Abs(m.c)+r*(math.Abs(m.a-1)+math.Abs(m.b)), math.Abs(m.f)+r*(math.Abs(m.d)+math.Abs(m.e-1)))
}
