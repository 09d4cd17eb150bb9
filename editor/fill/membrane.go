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

// seams builds the equations for e copied from the pixels in from, which holds
// the source pixel of each pixel of r, or -1. A small mismatch at a seam is a
// difference of light, to be spread far (wide); where it is large the two sides
// show different things, and only the step itself is to be softened (near).
func (e *estimate) seams(ctx context.Context, o run, from []int32) (wide, near *membrane, err error) {
	wide, near = newMembrane(e.r.Dx(), e.r.Dy()), newMembrane(e.r.Dx(), e.r.Dy())
	err = bands(ctx, o.workers, wide.h, bandRows, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			for x := range wide.w {
				if k := y*wide.w + x; from[k] >= 0 {
					e.equation(wide, near, from, x, y)
				}
			}
		}
	})
	return wide, near, err
}

// equation sets the equations of pixel (x, y) of r.
func (e *estimate) equation(wide, near *membrane, from []int32, x, y int) {
	k := y*wide.w + x
	i := (e.r.Min.Y+y)*e.w + e.r.Min.X + x
	wide.in[k], near.in[k] = true, true
	for _, d := range around[1:5] {
		u, v := e.r.Min.X+x+d.X, e.r.Min.Y+y+d.Y
		if u < 0 || v < 0 || u >= e.w || v >= e.h {
			continue
		}
		step := d.Y*e.w + d.X
		j, kj := i+step, k+d.Y*wide.w+d.X
		s := int(from[k])
		inside := x+d.X >= 0 && x+d.X < wide.w && y+d.Y >= 0 && y+d.Y < wide.h
		switch {
		case inside && from[kj] >= 0:
			wide.deg[k]++
			t := int(from[kj])
			if t != s+step {
				e.mismatch(&wide.b[k], &near.b[k], t, s+step, 0.5)
				e.mismatch(&wide.b[k], &near.b[k], t-step, s, 0.5)
			}
		case e.state[j]&unknown == 0:
			wide.deg[k]++
			e.mismatch(&wide.b[k], &near.b[k], j, s+step, 1)
		}
	}
	near.deg[k] = wide.deg[k] + screen
}

const (
	// screen keeps a correction near its seam: it falls by a factor of e in 1/sqrt(screen) pixels.
	screen = 0.12
	// mismatchLimit is the difference of colours in levels that counts as light and as content in equal parts.
	mismatchLimit = 36
)

func add(to *[3]float32, v [3]float32, f float32) {
	for c := range to {
		to[c] += f * v[c]
	}
}

// mismatch adds to wide and near, times f, their parts of colour a minus colour b.
func (e *estimate) mismatch(wide, near *[3]float32, a, b int, f float32) {
	if a < 0 || b < 0 || a >= len(e.state) || b >= len(e.state) || (e.state[a]|e.state[b])&unknown != 0 {
		return
	}
	a0, a1, a2 := unpack(e.level.pix[a])
	b0, b1, b2 := unpack(e.level.pix[b])
	d := [3]float32{float32(a0) - float32(b0), float32(a1) - float32(b1), float32(a2) - float32(b2)}
	q := d[0]*d[0] + d[1]*d[1] + d[2]*d[2]
	part := 1 / (1 + q/(3*mismatchLimit*mismatchLimit))
	add(wide, d, f*part)
	add(near, d, f*(1-part))
}

// solve runs V-cycles of a multigrid method with red-black Gauss-Seidel.
func (m *membrane) solve(ctx context.Context, o run) error {
	m.coarsen()
	for range 3 {
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
	err := bands(ctx, o.workers, m.h, 64, func(y0, y1 int) {
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
		err := bands(ctx, o.workers, m.h, 64, func(y0, y1 int) {
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
	return bands(ctx, o.workers, up.h, 32, func(y0, y1 int) {
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
