package change

import (
	"context"
	"math"

	"overpaint.dev/overpaint/editor/equations"
	"overpaint.dev/overpaint/editor/parallel"
)

// tone is a uniform change of all colours, as services make it: gain, gamma and cast, clipped
// at black and white. It maps colours before to those after, sRGB channels of 0 to 1.
type tone struct {
	v    [3][terms]float64
	none bool
}

const terms = 7

// basis returns the terms that a channel after is a weighted sum of: powers of the same
// channel before, and the other two.
func basis(own, next, last float64) [terms]float64 {
	own = max(own, 0)
	return [terms]float64{1, own, own * own, own * own * own, math.Sqrt(own), next, last}
}

// maxTone is the most by which a tone may change a channel on average: more is an intended
// change.
const maxTone = 0.12

// newTone learns a tone from what is alike in most of the picture (least
// squares with weights by residuals, of Geman and McClure).
func newTone(before, after colours) tone {
	const wanted = 6000
	n := len(before[0].v)
	by := max(n/wanted, 1)
	if by%before[0].w == 0 {
		by++ // not one column
	}
	t := tone{none: true}
	for ch := range 3 {
		t.v[ch][1] = 1
	}
	fitted := t
	scale := 0.15
	for range 15 {
		f := tally(&fitted, before, after, by, scale)
		for ch := range 3 {
			if !solve(&f.h[ch], f.right[ch], &fitted.v[ch], t.v[ch]) {
				return t
			}
		}
		scale = max(min(scale*0.75, 3*lower(f.errors)), 0.015)
	}
	if fitted.moves(before, by) > maxTone {
		return t
	}
	fitted.none = false
	return fitted
}

// fit is the normal equations of the three channels and the errors of the
// tone that they are made with.
type fit struct {
	h      [3][terms][terms]float64
	right  [3][terms]float64
	errors []float64
}

// tally sums up every by-th pixel, weighted by how well the tone explains it.
func tally(t *tone, before, after colours, by int, scale float64) *fit {
	f := &fit{}
	for i := 0; i < len(before[0].v); i += by {
		a := after.at(i)
		b := before.at(i)
		p, x := t.raw(b[0], b[1], b[2])
		sum := 0.0
		for ch := range 3 {
			d := cut(p[ch]) - a[ch]
			sum += d * d
		}
		f.errors = append(f.errors, math.Sqrt(sum))
		w := 1 / (1 + sum/(scale*scale))
		w *= w
		for ch := range 3 {
			if a[ch] > white && p[ch] > white || a[ch] < black && p[ch] < black {
				continue // how far beyond, nobody knows
			}
			for j := range terms {
				for k := range j + 1 {
					f.h[ch][j][k] += w * x[ch][j] * x[ch][k]
				}
				f.right[ch][j] += w * x[ch][j] * a[ch]
			}
		}
	}
	return f
}

// moves returns by how much the tone changes a channel on average.
func (t *tone) moves(c colours, by int) float64 {
	sum, n := 0.0, 0.0
	for i := 0; i < len(c[0].v); i += by {
		b := c.at(i)
		p, _ := t.raw(b[0], b[1], b[2])
		for ch := range 3 {
			sum += math.Abs(cut(p[ch]) - b[ch])
		}
		n += 3
	}
	return sum / max(n, 1)
}

func (c colours) at(i int) [3]float64 {
	return [3]float64{float64(c[0].v[i]), float64(c[1].v[i]), float64(c[2].v[i])}
}

// The values from which on a channel counts as clipped.
const white, black = 251.0 / 255, 3.0 / 255

func cut(v float64) float64 { return min(max(v, 0), 1) }

// raw returns the colour after, not cut off, and the bases that it is made of.
func (t *tone) raw(r, g, b float64) (p [3]float64, x [3][terms]float64) {
	x = [3][terms]float64{basis(r, g, b), basis(g, b, r), basis(b, r, g)}
	for ch := range 3 {
		for i, v := range t.v[ch] {
			p[ch] += v * x[ch][i]
		}
	}
	return p, x
}

// lower returns a spread from the lower quarter of errors.
func lower(v []float64) float64 {
	const bins, top = 1000, 0.5
	var count [bins]int
	for _, e := range v {
		count[min(int(e*bins/top), bins-1)]++
	}
	sum := 0
	for i, n := range count {
		if sum += n; 4*sum >= len(v) {
			return (float64(i) + 0.5) * top / bins
		}
	}
	return top
}

// apply returns the colours after the tone.
func (t tone) apply(ctx context.Context, c colours) (colours, error) {
	if t.none {
		return c, ctx.Err()
	}
	var out colours
	for ch := range out {
		out[ch] = newPlane(c[ch].w, c[ch].h)
	}
	return out, parallel.Range(ctx, len(c[0].v), 1<<14, func(from, to int) {
		for i := from; i < to; i++ {
			p, _ := t.raw(float64(c[0].v[i]), float64(c[1].v[i]), float64(c[2].v[i]))
			for ch := range 3 {
				out[ch].v[i] = float32(cut(p[ch]))
			}
		}
	})
}

// solve solves normal equations, held at rest where they don't tell; ok only where
// they can be solved.
func solve(h *[terms][terms]float64, right [terms]float64, x *[terms]float64, rest [terms]float64) bool {
	hold := 1e-4 * (h[0][0] + 1)
	var rows [terms][]float64
	for i := range terms {
		h[i][i] += hold
		right[i] += hold * rest[i]
		rows[i] = h[i][:]
	}
	if !equations.Solve(rows[:], right[:], 0) {
		return false
	}
	*x = right
	return true
}
