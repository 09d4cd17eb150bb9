package fill

import (
	"image"
	"math"
)

// trend is a polynomial in x and y for each channel: the way in which light
// changes over a sky or a wall. Where one describes the surroundings of a hole
// well, the hole is filled in what is left after taking it away, so that no
// seam shows between sources of different brightness. nil is no trend.
type trend struct {
	cx, cy, scale float64 // x and y are shifted and scaled to about -1..1
	coeff         [3][terms]float64
}

const (
	degree = 4
	terms  = (degree + 1) * (degree + 2) / 2
	// trendRest is the root mean square in levels that a trend may leave unexplained.
	trendRest = 7
	trendZero = 128 // what stands for the trend itself in the level
)

// findTrend returns the trend about a hole in the box, or nil where there is
// none. colour tells the colour of a pixel, if it is known.
func findTrend(box, bounds image.Rectangle, colour func(x, y int) (c [3]float64, known bool)) *trend {
	ring := trendRing(box)
	if !ring.In(bounds) {
		return nil // a trend would have to be continued, not bridged
	}
	t := &trend{cx: float64(ring.Min.X+ring.Max.X) / 2, cy: float64(ring.Min.Y+ring.Max.Y) / 2, scale: 2 / float64(max(ring.Dx(), ring.Dy()))}
	step := trendStep(ring)
	var normal [terms][terms + 3]float64
	var basis [terms]float64
	n := 0.0
	var squares [3]float64
	each := func(do func(c [3]float64)) {
		for y := ring.Min.Y; y < ring.Max.Y; y += step {
			for x := ring.Min.X; x < ring.Max.X; x += step {
				if c, known := colour(x, y); known {
					t.basis(x, y, &basis)
					do(c)
				}
			}
		}
	}
	each(func(c [3]float64) {
		n++
		for i, a := range basis {
			for j, b := range basis {
				normal[i][j] += a * b
			}
			for k := range c {
				normal[i][terms+k] += a * c[k]
			}
		}
	})
	if n < 10*terms || !t.solve(&normal) {
		return nil
	}
	each(func(c [3]float64) {
		for k, v := range t.sum(&basis) {
			squares[k] += (c[k] - v) * (c[k] - v)
		}
	})
	if (squares[0]+squares[1]+squares[2])/3 > n*trendRest*trendRest {
		return nil
	}
	return t
}

// trendRing returns the rectangle about a hole in the box in which a trend is looked for.
func trendRing(box image.Rectangle) image.Rectangle {
	return box.Inset(-max(12, max(box.Dx(), box.Dy())/3))
}

// trendStep returns every how many pixels the ring is looked at: some 4000 in a regular grid are enough.
func trendStep(ring image.Rectangle) int {
	return max(1, int(math.Sqrt(float64(ring.Dx()*ring.Dy())/4000)))
}

// solve finds the coefficients by Gauss-Jordan elimination, and reports whether there is one solution.
func (t *trend) solve(m *[terms][terms + 3]float64) bool {
	for i := range terms {
		best := i
		for r := i + 1; r < terms; r++ {
			if math.Abs(m[r][i]) > math.Abs(m[best][i]) {
				best = r
			}
		}
		if math.Abs(m[best][i]) < 1e-9 {
			return false
		}
		m[i], m[best] = m[best], m[i]
		for r := range terms {
			if f := m[r][i] / m[i][i]; r != i {
				for c := i; c < terms+3; c++ {
					m[r][c] -= f * m[i][c]
				}
			}
		}
	}
	for k := range t.coeff {
		for i := range terms {
			t.coeff[k][i] = m[i][terms+k] / m[i][i]
		}
	}
	return true
}

// basis computes the powers of x and y at a pixel.
func (t *trend) basis(x, y int, b *[terms]float64) {
	u, v := (float64(x)-t.cx)*t.scale, (float64(y)-t.cy)*t.scale
	i := 0
	pu := 1.0
	for p := 0; p <= degree; p++ {
		pv := pu
		for q := 0; p+q <= degree; q++ {
			b[i] = pv
			pv *= v
			i++
		}
		pu *= u
	}
}

func (t *trend) sum(b *[terms]float64) (c [3]float64) {
	for k := range c {
		for i, v := range b {
			c[k] += v * t.coeff[k][i]
		}
	}
	return c
}

// at returns the trend at a pixel less trendZero: what a level's colours lack.
func (t *trend) at(x, y int) (c [3]float32) {
	if t == nil {
		return c
	}
	var b [terms]float64
	t.basis(x, y, &b)
	for k, v := range t.sum(&b) {
		c[k] = float32(v - trendZero)
	}
	return c
}

// without returns the packed colour q at p less the trend, and whether it is in range.
func (t *trend) without(q []uint8, p image.Point) (v uint32, fits bool) {
	var c [3]uint32
	for k, a := range t.at(p.X, p.Y) {
		d := math.Round(float64(q[k]) - float64(a))
		if !(d >= 0 && d <= 255) {
			return 0, false
		}
		c[k] = uint32(d)
	}
	return pack(c[0], c[1], c[2]), true
}

// colour returns a pixel of img, and whether it is known: opaque and not in the hole.
func (p part) colour(img *image.NRGBA, x, y int) (c [3]float64, known bool) {
	at := image.Pt(x, y)
	q := img.Pix[img.PixOffset(x, y):]
	if q[3] < 128 || at.In(p.mask.Rect) && p.mask.Pix[p.mask.PixOffset(x, y)] > 0 {
		return c, false
	}
	return [3]float64{float64(q[0]), float64(q[1]), float64(q[2])}, true
}

// trend returns the trend about the part p of img, or nil where there is none.
func (p part) trend(img *image.NRGBA) *trend {
	return findTrend(p.box, img.Rect, func(x, y int) ([3]float64, bool) { return p.colour(img, x, y) })
}

// bareSteps is how much larger than those of the trend, rounded, the steps
// between neighbouring pixels are at most where there is nothing but the trend.
const bareSteps = 1.2

// bare reports whether there is nothing but the trend t about p: no grain and
// no texture. What is copied into a bare hole would be the errors of rounding, twice.
func (p part) bare(img *image.NRGBA, t *trend) bool {
	ring := trendRing(p.box)
	var steps, plain float64
	step := trendStep(ring)
	for y := ring.Min.Y; y < ring.Max.Y; y += step {
		for x := ring.Min.X; x < ring.Max.X-1; x += step {
			a, known := p.colour(img, x, y)
			b, next := p.colour(img, x+1, y)
			if !known || !next {
				continue
			}
			ta, tb := t.at(x, y), t.at(x+1, y)
			for k := range a {
				steps += math.Abs(a[k] - b[k])
				plain += math.Abs(math.Round(float64(ta[k])) - math.Round(float64(tb[k])))
			}
		}
	}
	return steps <= bareSteps*plain
}
