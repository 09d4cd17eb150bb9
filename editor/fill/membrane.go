package fill

import (
	"context"
	"image"
	"math"
)

// membrane is a correction of the colours of a copied hole that makes it fit
// to its surroundings: what is left of the mismatch at the seams is spread
// over the hole (Perez et al. 2003), by a discrete Poisson equation. It holds one
// channel at a time, which takes a third of the memory.
type membrane struct {
	w, h int
	in   []bool // to be solved
	// Per pixel: the correction, and the sum of the wanted differences to the neighbours.
	c, b []float32
	deg  []float32 // number of neighbours that count
	up   *membrane // the equations at half the size, nil at the coarsest or as long as they aren't built
}

func newMembrane(w, h int) *membrane {
	n := w * h
	return &membrane{w: w, h: h, in: make([]bool, n), c: make([]float32, n), b: make([]float32, n), deg: make([]float32, n)}
}

// copied is a hole each pixel of which is copied from a known one.
type copied struct {
	*level
	r     image.Rectangle // the level's cover
	from  []int32         // over r: the source of each of the hole's pixels, or -1
	light *light
}

// newCopied returns l's hole with the sources in from.
func newCopied(l *level, from []int32) *copied {
	h := &copied{level: l, r: l.cover(), from: from}
	h.light = h.lit()
	return h
}

// correct calls done with the correction of each channel over r, which is overwritten
// afterwards. What is light in the mismatch with what is known (light.go) is spread far, as
// is a small mismatch within the hole; of the rest only the step itself is softened: there
// the two sides show different things.
func (h *copied) correct(ctx context.Context, o run, done func(channel int, c []float32) error) error {
	m := newMembrane(h.r.Dx(), h.r.Dy())
	near := make([]float32, len(m.c))
	for channel := range 3 {
		clear(m.c)
		if err := h.equations(ctx, o, m, channel, true); err != nil {
			return err
		}
		if err := m.relax(ctx, o, 8); err != nil {
			return err
		}
		copy(near, m.c)
		clear(m.c)
		if err := h.equations(ctx, o, m, channel, false); err != nil {
			return err
		}
		if err := m.solve(ctx, o, 3); err != nil {
			return err
		}
		for k, v := range near {
			m.c[k] += v
		}
		if err := done(channel, m.c); err != nil {
			return err
		}
	}
	return nil
}

// equations sets up a channel's equations of m, for what is corrected near the seams or for the rest.
func (h *copied) equations(ctx context.Context, o run, m *membrane, channel int, near bool) error {
	return o.workers.Range(ctx, m.h, bandRows, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			for x := range m.w {
				if k := y*m.w + x; h.from[k] >= 0 {
					m.in[k] = true
					m.b[k], m.deg[k] = h.equation(x, y, channel, near)
				}
			}
		}
	})
}

// equation returns a channel's wanted difference of pixel (x, y) of r to its neighbours, and
// the number of those that count.
func (h *copied) equation(x, y, channel int, near bool) (b, deg float32) {
	w := h.r.Dx()
	k := y*w + x
	i := (h.r.Min.Y+y)*h.w + h.r.Min.X + x
	s := int(h.from[k])
	for _, d := range around[1:5] {
		at := image.Pt(h.r.Min.X+x+d.X, h.r.Min.Y+y+d.Y)
		if at.X < 0 || at.Y < 0 || at.X >= h.w || at.Y >= h.h {
			continue
		}
		step := d.Y*h.w + d.X
		if at.In(h.r) {
			if t := int(h.from[k+d.Y*w+d.X]); t >= 0 {
				deg++
				if t != s+step {
					b += 0.5 * h.mismatch(t, s+step, channel, near)
					b += 0.5 * h.mismatch(t-step, s, channel, near)
				}
				continue
			}
		}
		if h.state[i+step]&unknown == 0 {
			deg++
			if q, ok := h.difference(i+step, s+step); ok {
				b += h.light.part(x, y, q, near)[channel]
			}
		}
	}
	if near {
		return b, deg + nearScreen
	}
	return b, deg + farScreen
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
func (l *level) difference(a, b int) (d [3]float32, ok bool) {
	if a < 0 || b < 0 || a >= len(l.state) || b >= len(l.state) || (l.state[a]|l.state[b])&unknown != 0 {
		return d, false
	}
	a0, a1, a2 := unpack(l.pix[a])
	b0, b1, b2 := unpack(l.pix[b])
	return [3]float32{float32(a0) - float32(b0), float32(a1) - float32(b1), float32(a2) - float32(b2)}, true
}

// mismatch returns the part of the difference of two pixels within the hole, in one channel,
// that is to be corrected near the seam, or the other part.
func (l *level) mismatch(a, b, channel int, near bool) float32 {
	d, _ := l.difference(a, b)
	part := gentle(square3(d))
	if near {
		part = 1 - part
	}
	return d[channel] * part
}

// solve runs V-cycles of a multigrid method with red-black Gauss-Seidel. Each
// leaves about a fifth of the error: three are enough for corrections of a few levels, eight for whole colours.
func (m *membrane) solve(ctx context.Context, o run, cycles int) error {
	if m.up == nil {
		m.coarsen()
	}
	for range cycles {
		if err := m.cycle(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// coarsen builds the grids above m, without right sides; they are the same for all channels.
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
					m.c[k] += m.up.c[y/2*m.up.w+x/2]
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
						m.c[k] = (m.around(x, y) + m.b[k]) / m.deg[k]
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
func (m *membrane) around(x, y int) (v float32) {
	k := y*m.w + x
	if x > 0 {
		v += m.c[k-1]
	}
	if x < m.w-1 {
		v += m.c[k+1]
	}
	if y > 0 {
		v += m.c[k-m.w]
	}
	if y < m.h-1 {
		v += m.c[k+m.w]
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
				if m.in[k] {
					up.b[y/2*up.w+x/2] += m.around(x, y) + (m.b[k] - m.deg[k]*m.c[k])
				}
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
