package fill

import (
	"context"
	"math"
)

// membrane is a correction of the colours of a copied hole that makes it fit
// to its surroundings: what is left of the mismatch at the seams is spread
// over the hole (Perez et al. 2003), by a discrete Poisson equation.
type membrane struct {
	w, h int
	in   []bool // to be solved
	// Per pixel and channel: the correction, and the sum of the wanted
	// differences to the neighbours.
	c, b [][3]float32
	deg  []float32 // number of neighbours that count
	up   *membrane // the equations at half the size, nil at the coarsest
}

func newMembrane(w, h int) *membrane {
	n := w * h
	return &membrane{w: w, h: h, in: make([]bool, n), c: make([][3]float32, n), b: make([][3]float32, n), deg: make([]float32, n)}
}

// seams returns the correction of e's hole copied from the pixels in from,
// which holds the source pixel of each pixel of r, or -1. What is light in the mismatch with
// what is known (light.go) is spread far, as is a small mismatch within the hole; of
// the rest only the step itself is softened: there the two sides show different things.
func (e *estimate) seams(ctx context.Context, o run, from []int32) (*membrane, error) {
	m := newMembrane(e.r.Dx(), e.r.Dy())
	l := e.lit(from)
	if err := e.equations(ctx, o, m, l, from, true); err != nil {
		return nil, err
	}
	if err := m.relax(ctx, o, 8); err != nil {
		return nil, err
	}
	near := m.c
	m.c = make([][3]float32, len(near))
	if err := e.equations(ctx, o, m, l, from, false); err != nil {
		return nil, err
	}
	if err := m.solve(ctx, o, 3); err != nil {
		return nil, err
	}
	for k := range near {
		add(&m.c[k], near[k], 1)
	}
	return m, nil
}

// equations sets up the equations of m, for what is corrected near the seams or for the rest.
func (e *estimate) equations(ctx context.Context, o run, m *membrane, l *light, from []int32, near bool) error {
	return o.workers.Range(ctx, m.h, bandRows, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			for x := range m.w {
				if k := y*m.w + x; from[k] >= 0 {
					m.in[k], m.b[k], m.deg[k] = true, [3]float32{}, 0
					e.equation(m, l, from, x, y, near)
				}
			}
		}
	})
}

// equation sets the equation of pixel (x, y) of r.
func (e *estimate) equation(m *membrane, l *light, from []int32, x, y int, near bool) {
	k := y*m.w + x
	i := (e.r.Min.Y+y)*e.w + e.r.Min.X + x
	for _, d := range around[1:5] {
		u, v := e.r.Min.X+x+d.X, e.r.Min.Y+y+d.Y
		if u < 0 || v < 0 || u >= e.w || v >= e.h {
			continue
		}
		step := d.Y*e.w + d.X
		j, kj := i+step, k+d.Y*m.w+d.X
		s := int(from[k])
		inside := x+d.X >= 0 && x+d.X < m.w && y+d.Y >= 0 && y+d.Y < m.h
		switch {
		case inside && from[kj] >= 0:
			m.deg[k]++
			if t := int(from[kj]); t != s+step {
				add(&m.b[k], e.mismatch(t, s+step, near), 0.5)
				add(&m.b[k], e.mismatch(t-step, s, near), 0.5)
			}
		case e.state[j]&unknown == 0:
			m.deg[k]++
			if q, ok := e.difference(j, s+step); ok {
				add(&m.b[k], l.part(x, y, q, near), 1)
			}
		}
	}
	if near {
		m.deg[k] += nearScreen
	} else {
		m.deg[k] += farScreen
	}
}

const (
	// A screen keeps a correction near its seam: it falls by a factor of e in
	// 1/sqrt(screen) pixels, 4.5 and 80. Without one, the small mismatches of a
	// source that is copied again and again add up far from any known pixel.
	nearScreen = 0.05
	farScreen  = 1. / 80 / 80
	// mismatchLimit is the difference of colours in levels that counts as light and as content in equal parts.
	mismatchLimit = 50
)

func add(to *[3]float32, v [3]float32, f float32) {
	for c := range to {
		to[c] += f * v[c]
	}
}

// difference returns the colour of pixel a minus that of b, and whether both are known.
func (e *estimate) difference(a, b int) (d [3]float32, ok bool) {
	if a < 0 || b < 0 || a >= len(e.state) || b >= len(e.state) || (e.state[a]|e.state[b])&unknown != 0 {
		return d, false
	}
	a0, a1, a2 := unpack(e.level.pix[a])
	b0, b1, b2 := unpack(e.level.pix[b])
	return [3]float32{float32(a0) - float32(b0), float32(a1) - float32(b1), float32(a2) - float32(b2)}, true
}

// mismatch returns the part of the difference of two pixels within the hole that is to be
// corrected near the seam, or the other part.
func (e *estimate) mismatch(a, b int, near bool) [3]float32 {
	d, _ := e.difference(a, b)
	part := gentle(square3(d))
	if near {
		part = 1 - part
	}
	for c := range d {
		d[c] *= part
	}
	return d
}

// solve runs V-cycles of a multigrid method with red-black Gauss-Seidel. Each
// leaves about a fifth of the error: three are enough for corrections of a few levels, eight for whole colours.
func (m *membrane) solve(ctx context.Context, o run, cycles int) error {
	m.coarsen()
	for range cycles {
		if err := m.cycle(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// coarsen builds the grids above m, without right sides.
func (m *membrane) coarsen() {
	for ; min(m.w, m.h) > 4; m = m.up {
		up := newMembrane((m.w+1)/2, (m.h+1)/2)
		m.up = up
		for y := range m.h {
			for x := range m.w {
				if k := y*m.w + x; m.in[k] {
					j := y/2*up.w + x/2
					up.in[j] = true
					// Neighbours whose value is given stay; the others are counted below.
					up.deg[j] += m.deg[k] - m.links(x, y)
				}
			}
		}
		for y := range up.h {
			for x := range up.w {
				if j := y*up.w + x; up.in[j] {
					up.deg[j] += up.links(x, y)
				}
			}
		}
	}
}

func (m *membrane) cycle(ctx context.Context, o run) error {
	if m.up == nil {
		return m.relax(ctx, o, 32)
	}
	if err := m.relax(ctx, o, 2); err != nil {
		return err
	}
	if err := m.restrict(ctx, o); err != nil {
		return err
	}
	if err := m.up.cycle(ctx, o); err != nil {
		return err
	}
	err := o.workers.Range(ctx, m.h, 64, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			for x := range m.w {
				if k := y*m.w + x; m.in[k] {
					add(&m.c[k], m.up.c[y/2*m.up.w+x/2], 1)
				}
			}
		}
	})
	if err != nil {
		return err
	}
	return m.relax(ctx, o, 2)
}

// relax runs n sweeps over all pixels, first those with even x+y, then the others.
func (m *membrane) relax(ctx context.Context, o run, n int) error {
	for sweep := range 2 * n {
		err := o.workers.Range(ctx, m.h, 64, func(y0, y1 int) {
			for y := y0; y < y1; y++ {
				for x := (y + sweep) & 1; x < m.w; x += 2 {
					if k := y*m.w + x; m.in[k] && m.deg[k] > 0 {
						v := m.around(x, y)
						for c := range v {
							m.c[k][c] = (v[c] + m.b[k][c]) / m.deg[k]
						}
					}
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// around returns the sum of the corrections of the four neighbours of (x, y).
func (m *membrane) around(x, y int) (v [3]float32) {
	k := y*m.w + x
	if x > 0 {
		add(&v, m.c[k-1], 1)
	}
	if x < m.w-1 {
		add(&v, m.c[k+1], 1)
	}
	if y > 0 {
		add(&v, m.c[k-m.w], 1)
	}
	if y < m.h-1 {
		add(&v, m.c[k+m.w], 1)
	}
	return v
}

// restrict gives the grid above what is still wrong as its right side.
func (m *membrane) restrict(ctx context.Context, o run) error {
	up := m.up
	return o.workers.Range(ctx, up.h, 32, func(y0, y1 int) {
		clear(up.c[y0*up.w : y1*up.w])
		clear(up.b[y0*up.w : y1*up.w])
		for y := 2 * y0; y < min(m.h, 2*y1); y++ {
			for x := range m.w {
				k := y*m.w + x
				if !m.in[k] {
					continue
				}
				v := m.around(x, y)
				for c := range v {
					v[c] += m.b[k][c] - m.deg[k]*m.c[k][c]
				}
				add(&up.b[y/2*up.w+x/2], v, 1)
			}
		}
	})
}

// links returns how many of the four neighbours of (x, y) are to be solved.
func (m *membrane) links(x, y int) (n float32) {
	k := y*m.w + x
	if x > 0 && m.in[k-1] {
		n++
	}
	if x < m.w-1 && m.in[k+1] {
		n++
	}
	if y > 0 && m.in[k-m.w] {
		n++
	}
	if y < m.h-1 && m.in[k+m.w] {
		n++
	}
	return n
}

// clamp8 rounds v to 0..255.
func clamp8(v float32) uint8 { return uint8(math.Round(float64(min(255, max(0, v))))) }
