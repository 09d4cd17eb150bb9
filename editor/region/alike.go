package region

import (
	"image"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/parallel"
)

// The bounds of what counts as the same content.
const (
	alikeFlat   = 16.0 // the variance of luma up to which a place tells nothing, in levels squared
	alikeNoise  = 2.0  // how many times the noise's variance an answer may differ
	alikeGrainy = 25.0 // the noise's variance counts as this at most
	alikePart   = 12   // the ring is divided by this: fewer cells are not relied on alone
	alikeLevels = 20.0 // how far from the others a cell may be after the match, in levels
)

// alikeLeast are the least correlations of what shows the same. The first counts that leaves enough.
var alikeLeast = [...]float64{0.85, 0.7, 0.5}

// keepAlike drops the ring's cells in which answer and canvas show different content: services
// also change what they were told to keep, and its colours tell nothing about those of the
// mask. A cell is judged with its neighbours; one without structure on either side stays.
// Where hardly any cells would be left, all of them stay.
func (g *ring) keepAlike(below, fitted *image.NRGBA) {
	sums := make([]lumaSums, len(g.mask))
	parallel.All(len(g.index), 64, func(from, to int) {
		for _, i := range g.index[from:to] {
			sums[i] = sumLuma(below, fitted, g.square(i%g.cols, i/g.cols))
		}
	})
	all, rest := make([]lumaSums, len(g.index)), make([]float64, len(g.index))
	for n, i := range g.index {
		all[n] = g.around(sums, i)
		rest[n] = all[n].rest()
	}
	noise := alikeNoise * noiseOf(rest)
	for _, least := range alikeLeast {
		var kept []int
		for n := range all {
			if rest[n] <= (1-least*least)*all[n].variance()+noise || all[n].variance() <= alikeFlat {
				kept = append(kept, n)
			}
		}
		if len(kept) >= matchCells && len(kept)*alikePart >= len(all) {
			g.keep(kept)
			return
		}
	}
}

// noiseOf estimates the variance of noise from a tenth of the places where it is least.
func noiseOf(rest []float64) float64 {
	if len(rest) == 0 {
		return 0
	}
	rest = slices.Sorted(slices.Values(rest))
	return min(rest[len(rest)/10], alikeGrainy)
}

// keep leaves those of the ring's cells whose places in index are given, in rising order.
func (g *ring) keep(kept []int) {
	for to, n := range kept {
		g.index[to], g.answer[to], g.canvas[to] = g.index[n], g.answer[n], g.canvas[n]
	}
	g.index, g.answer, g.canvas = g.index[:len(kept)], g.answer[:len(kept)], g.canvas[:len(kept)]
}

// around returns the sums of a cell and those that touch it.
func (g *ring) around(sums []lumaSums, i int) (all lumaSums) {
	x, y := i%g.cols, i/g.cols
	for v := max(y-1, 0); v <= min(y+1, g.rows-1); v++ {
		for _, s := range sums[v*g.cols+max(x-1, 0) : v*g.cols+min(x+1, g.cols-1)+1] {
			all.add(s)
		}
	}
	return all
}

// lumaSums are sums over n pixels of the luma of answer and canvas, their squares and their products.
type lumaSums struct{ n, a, c, aa, ac, cc float64 }

func (s *lumaSums) add(o lumaSums) {
	s.n, s.a, s.c, s.aa, s.ac, s.cc = s.n+o.n, s.a+o.a, s.c+o.c, s.aa+o.aa, s.ac+o.ac, s.cc+o.cc
}

// variances returns those of answer and canvas.
func (s *lumaSums) variances() (a, c float64) {
	return max(s.aa-s.a*s.a/s.n, 0) / s.n, max(s.cc-s.c*s.c/s.n, 0) / s.n
}

// variance is that of the side with more structure.
func (s *lumaSums) variance() float64 {
	a, c := s.variances()
	return max(a, c)
}

// rest is which part of variance does not go with the other side's.
func (s *lumaSums) rest() float64 {
	a, c := s.variances()
	ac := max(s.ac-s.a*s.c/s.n, 0) / s.n
	if a*c == 0 {
		return max(a, c)
	}
	return max(a, c) * max(1-ac*ac/(a*c), 0)
}

// sumLuma sums over a square.
func sumLuma(below, fitted *image.NRGBA, r image.Rectangle) (s lumaSums) {
	s.n = float64(r.Dx() * r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		p, q := fitted.Pix[fitted.PixOffset(r.Min.X, y):][:4*r.Dx()], below.Pix[below.PixOffset(r.Min.X, y):][:4*r.Dx()]
		for x := 0; x < len(p); x += 4 {
			a := lumaOf(float64(p[x]), float64(p[x+1]), float64(p[x+2]))
			c := lumaOf(float64(q[x]), float64(q[x+1]), float64(q[x+2]))
			s.a, s.c, s.aa, s.ac, s.cc = s.a+a, s.c+c, s.aa+a*a, s.ac+a*c, s.cc+c*c
		}
	}
	return s
}

func lumaOf(r, g, b float64) float64 {
	return colour.LumaRed*r + colour.LumaGreen*g + colour.LumaBlue*b
}

// left returns what a match leaves of the difference in each of the ring's cells, in levels.
func (g *ring) left(m *match) [][3]float64 {
	all := make([][3]float64, len(g.index))
	for n, a := range g.answer {
		if m != nil {
			a[0], a[1], a[2] = m.apply(a[0], a[1], a[2])
		}
		for ch := range 3 {
			all[n][ch] = g.canvas[n][ch] - a[ch]
		}
	}
	return all
}

// fitting returns the indices of differences that go with the others in luma: what has no structure
// may show something else all the same.
func fitting(left [][3]float64) (list []int) {
	d, off := make([]float64, len(left)), make([]float64, len(left))
	for n, v := range left {
		d[n] = lumaOf(v[0], v[1], v[2])
	}
	middle := median(slices.Clone(d))
	for n := range d {
		d[n] = math.Abs(d[n] - middle)
		off[n] = d[n]
	}
	reach := 3*1.4826*median(off) + alikeLevels
	for n, v := range d {
		if v <= reach {
			list = append(list, n)
		}
	}
	return list
}
