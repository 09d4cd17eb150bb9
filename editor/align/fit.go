package align

import (
	"context"
	"math"

	"overpaint/editor/equations"
	"overpaint/editor/parallel"
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
	sent, answer *plane  // normalised
	midX, midY   float32 // the picture's middle in pixel coordinates
	bounds       rect    // where the answer is known, in pixel coordinates
	points       []point
	cols, rows   int // of the blocks
	radius       float64
}

// blocks is into how many squares the longer side is divided.
const blocks = 16

// slope is the least slope, in spreads a pixel, of a point.
const slope = 0.08

// newLevel finds the points of a level: of each small cell the pixel with the
// steepest slope, about limit of them in all.
func newLevel(ctx context.Context, sent, answer, evidence *plane, mid [2]float64, bounds rect, limit int) (*level, error) {
	l := &level{sent: sent, answer: answer, midX: float32(mid[0] - 0.5), midY: float32(mid[1] - 0.5), bounds: bounds}
	l.bounds.x0, l.bounds.y0 = max(bounds.x0, 0), max(bounds.y0, 0)
	l.bounds.x1, l.bounds.y1 = min(bounds.x1, float64(answer.w-1)), min(bounds.y1, float64(answer.h-1))
	l.radius = float64(max(sent.w, sent.h)) / 2
	side := max(1, int(math.Ceil(2*l.radius/blocks)))
	l.cols, l.rows = (sent.w+side-1)/side, (sent.h+side-1)/side
	cell := max(1, int(math.Sqrt(float64(sent.w*sent.h)/float64(limit))+0.5))
	lines := (sent.h - 2 + cell - 1) / cell
	found := make([][]point, max(lines, 0))
	err := parallel.Range(ctx, lines, 4, func(from, to int) {
		for j := from; j < to; j++ {
			for x := 1; x < sent.w-1; x += cell {
				if p, ok := l.steepest(evidence, x, 1+j*cell, cell); ok {
					p.block = int32(int(p.y+l.midY)/side*l.cols + int(p.x+l.midX)/side)
					found[j] = append(found[j], p)
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	told := l.structured(evidence, side)
	for _, f := range found {
		for _, p := range f {
			if told[p.block] {
				l.points = append(l.points, p)
			}
		}
	}
	return l, nil
}

// structured returns which blocks hold more than noise.
func (l *level) structured(evidence *plane, side int) []bool {
	const least = 0.2 // of the variance that structure has
	sum, n := make([]float64, l.cols*l.rows), make([]int, l.cols*l.rows)
	for y := range l.sent.h {
		e, at := evidence.row(y), y/side*l.cols
		for x, v := range l.sent.row(y) {
			if e[x] != 0 {
				sum[at+x/side] += float64(v * v)
				n[at+x/side]++
			}
		}
	}
	out := make([]bool, len(sum))
	for i, v := range sum {
		out[i] = v > least*float64(n[i])
	}
	return out
}

// steepest returns the pixel with the steepest slope of a cell.
func (l *level) steepest(evidence *plane, x0, y0, cell int) (p point, ok bool) {
	s := l.sent
	best := float32(slope * slope)
	for y := y0; y < min(y0+cell, s.h-1); y++ {
		for x := x0; x < min(x0+cell, s.w-1); x++ {
			i := y*s.w + x
			e := evidence.v
			if e[i] == 0 || e[i-1] == 0 || e[i+1] == 0 || e[i-s.w] == 0 || e[i+s.w] == 0 {
				continue
			}
			gx, gy := (s.v[i+1]-s.v[i-1])/2, (s.v[i+s.w]-s.v[i-s.w])/2
			if g := gx*gx + gy*gy; g > best {
				best, ok = g, true
				p = point{x: float32(x) - l.midX, y: float32(y) - l.midY, gx: gx, gy: gy, v: s.v[i]}
			}
		}
	}
	return p, ok
}

// unknown marks the residual of a point that falls outside the answer.
const unknown = math.MaxFloat32

// grain is how many points one goroutine takes at a time; sums are made over
// such parts first, so that they don't depend on the number of processors.
const grain = 1024

// residuals fills e with the answer's value minus the sent one at each point
// under a motion and, unless nil, a field of displacements before it.
func (l *level) residuals(ctx context.Context, m affine, f *grid, e []float32) error {
	return parallel.Range(ctx, len(l.points), grain, func(from, to int) {
		a, b, c := float32(m.a), float32(m.b), float32(m.c)+l.midX
		d, g, h := float32(m.d), float32(m.e), float32(m.f)+l.midY
		x0, y0, x1, y1 := float32(l.bounds.x0), float32(l.bounds.y0), float32(l.bounds.x1), float32(l.bounds.y1)
		for i, p := range l.points[from:to] {
			px, py := p.x, p.y
			if f != nil {
				dx, dy := f.at(float64(px), float64(py))
				px, py = px+float32(dx), py+float32(dy)
			}
			x, y := a*px+b*py+c, d*px+g*py+h
			if x >= x0 && y >= y0 && x <= x1 && y <= y1 {
				e[from+i] = l.answer.at(x, y) - p.v
			} else {
				e[from+i] = unknown
			}
		}
	})
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

// sums are the normal equations of a fit.
type sums struct {
	h [6][6]float64
	b [6]float64
}

// fit improves a motion by the inverse compositional algorithm (Baker and
// Matthews, "Lucas-Kanade 20 Years On", 2004) with the robust weights of Geman
// and McClure. trust, unless nil, has a weight for each block.
func (l *level) fit(ctx context.Context, m affine, kind model, iterations int, trust []float32) (affine, error) {
	e := make([]float32, len(l.points))
	parts := make([]sums, (len(l.points)+grain-1)/grain)
	for range iterations {
		if err := l.residuals(ctx, m, nil, e); err != nil {
			return m, err
		}
		reach := float32(2 * spread(e))
		err := parallel.Range(ctx, len(l.points), grain, func(from, to int) {
			parts[from/grain] = l.normal(e, from, to, reach, kind, trust)
		})
		if err != nil {
			return m, err
		}
		var all sums
		for _, s := range parts {
			for i := range all.b {
				all.b[i] += s.b[i]
				for j := range i + 1 {
					all.h[i][j] += s.h[i][j]
				}
			}
		}
		step, ok := all.solve(int(kind))
		if !ok {
			break
		}
		by := l.step(step, kind)
		m = m.after(by.inverse())
		if by.farthest(l.radius) < 0.002 {
			break
		}
	}
	return m, nil
}

// normal sums the normal equations over the points from..to.
func (l *level) normal(e []float32, from, to int, reach float32, kind model, trust []float32) (s sums) {
	var j [6]float32
	scale := float32(1 / l.radius)
	for i := from; i < to; i++ {
		if e[i] == unknown {
			continue
		}
		p := &l.points[i]
		w := 1 / (1 + e[i]*e[i]/(reach*reach))
		w *= w
		if trust != nil {
			w *= trust[p.block]
		}
		x, y := p.x*scale, p.y*scale
		j[0], j[1] = p.gx, p.gy
		switch kind {
		case similarity:
			j[2], j[3] = p.gx*x+p.gy*y, p.gy*x-p.gx*y
		case general:
			j[2], j[3], j[4], j[5] = p.gx*x, p.gx*y, p.gy*x, p.gy*y
		}
		for a := range int(kind) {
			wa := w * j[a]
			s.b[a] += float64(wa * e[i])
			for b := range a + 1 {
				s.h[a][b] += float64(wa * j[b])
			}
		}
	}
	return s
}

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

// solve solves the first n equations, ok only where they tell.
func (s *sums) solve(n int) (v [6]float64, ok bool) {
	var rows [6][]float64
	for i := range n {
		s.h[i][i] += 1e-6 * (1 + s.h[i][i])
		rows[i] = s.h[i][:]
	}
	copy(v[:n], s.b[:n])
	if !equations.Solve(rows[:n], v[:n], 1e-9) {
		return [6]float64{}, false
	}
	return v, true
}
