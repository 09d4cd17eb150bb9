package change

import (
	"context"
	"image"
	"math"

	"overpaint.dev/overpaint/editor/guided"
	"overpaint.dev/overpaint/editor/oklab"
	"overpaint.dev/overpaint/editor/parallel"
)

// At the usual amount, from how many times the noise on a place is surely
// changed, and from how many it belongs to a changed place that it touches.
const (
	surely   = 7.0
	probably = 3.5
)

// Mask returns what changed as coverage at the pictures' size, with a soft edge. amount is the
// sensitivity, from 0, only great differences, to 1, all but the noise; Usual is the middle.
// The only error is ctx's.
func (m *Map) Mask(ctx context.Context, amount float64) (*image.Alpha, error) {
	by := float32(math.Pow(4, 2*(Usual-min(max(amount, 0), 1))))
	s := newSpots(m.fine, m.coarse, surely*by, probably*by)
	s.close(s.w/200 + 1)
	s.fillHoles()
	return m.refine(ctx, s)
}

// Share returns the covered share of a mask's area, 0 to 1.
func Share(a *image.Alpha) float64 {
	sum := 0
	for y := range a.Rect.Dy() {
		for _, v := range a.Pix[y*a.Stride:][:a.Rect.Dx()] {
			sum += int(v)
		}
	}
	return float64(sum) / 255 / float64(max(a.Rect.Dx()*a.Rect.Dy(), 1))
}

// spots are the pixels that changed.
type spots struct {
	w, h int
	in   []bool
}

// newSpots finds the changed pixels with two thresholds (Canny, "A Computational Approach to
// Edge Detection", 1986, section VIII): those above the lower one that are connected to enough
// above the higher one.
func newSpots(fine, coarse *plane, high, low float32) *spots {
	s := &spots{w: fine.w, h: fine.h, in: make([]bool, len(fine.v))}
	above := make([]bool, len(fine.v))
	for i := range above {
		above[i] = max(fine.v[i], coarse.v[i]) > low
	}
	smallest := max(6, s.w*s.h/12000)
	s.components(above, func(part []int32) {
		sure := 0
		for _, i := range part {
			// Both scales: specks are high in one alone.
			if min(fine.v[i], coarse.v[i]) > high {
				sure++
			}
		}
		if len(part) >= smallest && sure >= smallest/3 && 50*sure >= len(part) {
			for _, i := range part {
				s.in[i] = true
			}
		}
	})
	return s
}

// components calls f for each set of pixels connected by their sides. part may be used during
// the call only.
func (s *spots) components(set []bool, f func(part []int32)) {
	seen := make([]bool, len(set))
	var part []int32
	for start, in := range set {
		if !in || seen[start] {
			continue
		}
		part = append(part[:0], int32(start))
		seen[start] = true
		for k := 0; k < len(part); k++ {
			i := int(part[k])
			x := i % s.w
			visit := func(ok bool, j int) {
				if ok && set[j] && !seen[j] {
					seen[j] = true
					part = append(part, int32(j))
				}
			}
			visit(x > 0, i-1)
			visit(x < s.w-1, i+1)
			visit(i >= s.w, i-s.w)
			visit(i+s.w < len(set), i+s.w)
		}
		f(part)
	}
}

// close joins spots with gaps of up to twice a radius and rounds them off.
func (s *spots) close(radius int) {
	s.in = s.within(s.in, radius, true)
	s.in = s.within(s.in, radius, false)
}

// within returns the pixels that have one of the value in a square about
// them, if value is true, else those that have none of the value false.
func (s *spots) within(in []bool, radius int, value bool) []bool {
	line := func(out, in []bool, first, step, n int) {
		last := -radius - 1 // where the value was last seen
		for i := -radius; i < n; i++ {
			if j := i + radius; j < n && in[first+j*step] == value {
				last = j
			}
			if i >= 0 {
				out[first+i*step] = value == (last >= i-radius)
			}
		}
	}
	across, out := make([]bool, len(in)), make([]bool, len(in))
	for y := range s.h {
		line(across, in, y*s.w, 1, s.w)
	}
	for x := range s.w {
		line(out, across, x, s.w, s.h)
	}
	return out
}

// fillHoles fills small holes inside of spots.
func (s *spots) fillHoles() {
	out := make([]bool, len(s.in))
	for i, in := range s.in {
		out[i] = !in
	}
	small := len(s.in) / 400
	var holes []int32
	s.components(out, func(part []int32) {
		if len(part) > small {
			return
		}
		for _, i := range part {
			if x := int(i) % s.w; x == 0 || x == s.w-1 || int(i) < s.w || int(i) >= len(out)-s.w {
				return // open to the picture's edge
			}
		}
		holes = append(holes, part...)
	})
	for _, i := range holes {
		s.in[i] = true
	}
}

// refine fits the spots' edges to those of the pictures by a guided filter, at each place
// guided by the picture with more structure there.
func (m *Map) refine(ctx context.Context, s *spots) (*image.Alpha, error) {
	p := newPlane(s.w, s.h)
	for i, in := range s.in {
		if in {
			p.v[i] = 1
		}
	}
	g, err := guided.Learn(ctx, p.v, [][]float32{m.before.v, m.after.v}, p.w, p.h, guideRadius, guideNoise)
	if err != nil {
		return nil, err
	}
	out := image.NewAlpha(image.Rectangle{Max: m.size})
	return out, parallel.Range(ctx, m.size.Y, 16, func(from, to int) {
		for y := from; y < to; y++ {
			m.row(out.Pix[y*out.Stride:][:m.size.X], g, y)
		}
	})
}

const (
	guideRadius = 4
	guideNoise  = 4e-4 // the variance of lightness up to which a place is plain
)

// row writes one row of coverage at full size, after a filter at the smaller one.
func (m *Map) row(to []uint8, g *guided.Filter, y int) {
	w, h := m.before.w, m.before.h
	fy := (float32(y)+0.5)*float32(h)/float32(m.size.Y) - 0.5
	for x := range to {
		fx := (float32(x)+0.5)*float32(w)/float32(m.size.X) - 0.5
		near := g.Near(fx, fy)
		if near < 1e-4 || near > 1-1e-4 {
			to[x] = uint8(near+0.5) * 255
			continue
		}
		var v float32
		if w == m.size.X && h == m.size.Y {
			i := y*w + x
			v = g.At(fx, fy, m.before.v[i], m.after.v[i])
		} else {
			v = g.At(fx, fy, m.lightness(0, x, y), m.lightness(1, x, y))
		}
		// Soft at the rim, without a veil beyond it.
		v = min(max((v-0.25)*2, 0), 1)
		to[x] = uint8(255*v*v*(3-2*v) + 0.5)
	}
}

// lightness returns that of a pixel before, in the tone of after, (0) or after (1).
func (m *Map) lightness(which, x, y int) float32 {
	img := m.full[which]
	p := img.Pix[y*img.Stride+4*x:][:3]
	r, g, b := float32(p[0]), float32(p[1]), float32(p[2])
	if which == 0 && !m.tone.none {
		c, _ := m.tone.raw(float64(r)/255, float64(g)/255, float64(b)/255)
		r, g, b = float32(255*cut(c[0])), float32(255*cut(c[1])), float32(255*cut(c[2]))
	}
	l, _, _ := oklab.FromSRGB(r, g, b)
	return l
}
