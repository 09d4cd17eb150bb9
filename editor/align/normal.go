package align

import (
	"context"

	"overpaint.dev/overpaint/editor/equations"
	"overpaint.dev/overpaint/editor/parallel"
)

// sums are the normal equations of a fit: the lower triangle of their matrix and their right side.
type sums struct {
	h [6][6]float64
	b [6]float64
}

// The steps, in pixels of a level at the picture's corners, below which a fit ends.
const (
	exact = 0.002 // of a motion that is reported
	rough = 0.02  // of one that is refined further
)

// fit improves a motion by the inverse compositional algorithm (Baker and
// Matthews, "Lucas-Kanade 20 Years On", 2004) with the robust weights of Geman
// and McClure, until a step is below enough. trust, unless nil, has a weight for each block.
func (l *level) fit(ctx context.Context, m affine, kind model, iterations int, enough float64, trust []float32) (affine, error) {
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
		for i := range parts {
			all.add(&parts[i])
		}
		step, ok := all.solve(int(kind))
		if !ok {
			break
		}
		by := l.step(step, kind)
		m = m.after(by.inverse())
		if by.farthest(l.radius) < enough {
			break
		}
	}
	return m, nil
}

// normal sums the normal equations over the points from..to, at most grain of them.
func (l *level) normal(e []float32, from, to int, reach float32, kind model, trust []float32) sums {
	var weights [grain]float32
	w, e, points := weights[:to-from], e[from:to], l.points[from:to]
	weigh(w, e, 1/(reach*reach))
	if trust != nil {
		for i := range w {
			w[i] *= trust[points[i].block]
		}
	}
	scale := float32(1 / l.radius)
	switch kind {
	case translation:
		return sumTranslation(points, w, e)
	case similarity:
		return sumSimilarity(points, w, e, scale)
	}
	return sumGeneral(points, w, e, scale)
}

// weigh fills w with the robust weights of residuals; unknown ones get 0. inverse is 1 over the square of
// the residual that counts a quarter.
func weigh(w, e []float32, inverse float32) {
	for i, v := range e {
		c := 1 / (1 + v*v*inverse)
		w[i] = c * c
	}
}

func sumTranslation(points []point, w, e []float32) (s sums) {
	var xx, xy, yy, bx, by float32
	for i := range points {
		p := &points[i]
		wx, wy := w[i]*p.gx, w[i]*p.gy
		xx, xy, yy = xx+wx*p.gx, xy+wx*p.gy, yy+wy*p.gy
		bx, by = bx+wx*e[i], by+wy*e[i]
	}
	s.h[0][0], s.h[1][0], s.h[1][1] = float64(xx), float64(xy), float64(yy)
	s.b[0], s.b[1] = float64(bx), float64(by)
	return s
}

// sumSimilarity takes coordinates times scale.
func sumSimilarity(points []point, w, e []float32, scale float32) (s sums) {
	var h00, h10, h11, h20, h21, h22, h30, h31, h32, h33 float32
	var b0, b1, b2, b3 float32
	for i := range points {
		p := &points[i]
		x, y := p.x*scale, p.y*scale
		gx, gy := p.gx, p.gy
		zoom, turn := gx*x+gy*y, gy*x-gx*y
		wx, wy, wz, wt := w[i]*gx, w[i]*gy, w[i]*zoom, w[i]*turn
		h00, h10, h11 = h00+wx*gx, h10+wx*gy, h11+wy*gy
		h20, h21, h22 = h20+wz*gx, h21+wz*gy, h22+wz*zoom
		h30, h31, h32, h33 = h30+wt*gx, h31+wt*gy, h32+wt*zoom, h33+wt*turn
		b0, b1, b2, b3 = b0+wx*e[i], b1+wy*e[i], b2+wz*e[i], b3+wt*e[i]
	}
	s.row(0, b0, h00)
	s.row(1, b1, h10, h11)
	s.row(2, b2, h20, h21, h22)
	s.row(3, b3, h30, h31, h32, h33)
	return s
}

// row sets a row of the equations.
func (s *sums) row(i int, b float32, h ...float32) {
	s.b[i] = float64(b)
	for j, v := range h {
		s.h[i][j] = float64(v)
	}
}

// sumGeneral takes coordinates times scale. Each entry of the matrix is a product of slopes times
// one of coordinates.
func sumGeneral(points []point, w, e []float32, scale float32) (s sums) {
	var xx, xy, yy [6]float32 // products of slopes times 1, x, y, x x, x y and y y
	var bx, by [3]float32     // times 1, x and y
	for i := range points {
		p := &points[i]
		x, y := p.x*scale, p.y*scale
		wx, wy := w[i]*p.gx, w[i]*p.gy
		for k, c := range [6]float32{1, x, y, x * x, x * y, y * y} {
			xx[k] += wx * p.gx * c
			xy[k] += wx * p.gy * c
			yy[k] += wy * p.gy * c
		}
		ex, ey := wx*e[i], wy*e[i]
		bx[0], bx[1], bx[2] = bx[0]+ex, bx[1]+ex*x, bx[2]+ex*y
		by[0], by[1], by[2] = by[0]+ey, by[1]+ey*x, by[2]+ey*y
	}
	s.row(0, bx[0], xx[0])
	s.row(1, by[0], xy[0], yy[0])
	s.row(2, bx[1], xx[1], xy[1], xx[3])
	s.row(3, bx[2], xx[2], xy[2], xx[4], xx[5])
	s.row(4, by[1], xy[1], yy[1], xy[3], xy[4], yy[3])
	s.row(5, by[2], xy[2], yy[2], xy[4], xy[5], yy[4], yy[5])
	return s
}

func (s *sums) add(o *sums) {
	for i := range s.b {
		s.b[i] += o.b[i]
		for j := range i + 1 {
			s.h[i][j] += o.h[i][j]
		}
	}
}

// solve finds the first n unknowns, ok only where the equations tell.
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
