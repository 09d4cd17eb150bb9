package region

import (
	"math"
	"slices"
)

// match is a change of an answer's colours: in OKLab, each channel is spread
// about the answer's mean and moved to the canvas's, after Reinhard et al.,
// "Color Transfer between Images" (2001).
type match struct {
	from, to, spread lab
}

// The bounds of a match. Beyond them the answer shows something else rather
// than the same in other colours, and a match would do harm.
const (
	matchCells  = 12    // fewer cells tell nothing about a mean
	spreadCells = 48    // nor these about a spread
	flat        = 0.012 // a spread (in OKLab) under which its ratio is only noise
	maxSpread   = 1.3
	maxShift    = 0.12
	unnoticed   = 0.0015 // a shift of a mean that is left alone
)

// newMatch learns a match from pairs of colours in the ring around the mask,
// nil where none is needed or the ring does not tell. Pairs that differ far
// more than the others show changed content and are left out.
func newMatch(answer, canvas []lab) *match {
	keep := agreeing(answer, canvas)
	if len(keep) < matchCells {
		return nil
	}
	m := &match{}
	needed := false
	for ch := range 3 {
		var sa, sc float64
		for _, i := range keep {
			sa += answer[i][ch]
			sc += canvas[i][ch]
		}
		n := float64(len(keep))
		m.from[ch], m.spread[ch] = sa/n, 1
		shift := (sc - sa) / n
		if math.Abs(shift) < unnoticed {
			shift = 0
		}
		shift = min(max(shift, -maxShift), maxShift)
		var va, vc float64
		for _, i := range keep {
			da, dc := answer[i][ch]-sa/n, canvas[i][ch]-sc/n
			va += da * da
			vc += dc * dc
		}
		da, dc := math.Sqrt(va/n), math.Sqrt(vc/n)
		if len(keep) >= spreadCells && da > flat && dc > flat && math.Abs(dc/da-1) > 0.02 {
			m.spread[ch] = min(max(dc/da, 1/maxSpread), maxSpread)
		}
		m.to[ch] = m.from[ch] + shift
		needed = needed || shift != 0 || m.spread[ch] != 1
	}
	if !needed {
		return nil
	}
	return m
}

// agreeing returns the indices of pairs whose difference is no outlier: within
// three (scaled) median absolute deviations of the median in every channel.
func agreeing(answer, canvas []lab) []int {
	if len(answer) == 0 {
		return nil
	}
	var low, high lab
	d := make([]float64, len(answer))
	for ch := range 3 {
		for i := range answer {
			d[i] = canvas[i][ch] - answer[i][ch]
		}
		middle := median(d)
		for i := range d {
			d[i] = math.Abs(d[i] - middle)
		}
		reach := 3*1.4826*median(d) + 0.01
		low[ch], high[ch] = middle-reach, middle+reach
	}
	var keep []int
	for i := range answer {
		ok := true
		for ch := range 3 {
			v := canvas[i][ch] - answer[i][ch]
			ok = ok && v >= low[ch] && v <= high[ch]
		}
		if ok {
			keep = append(keep, i)
		}
	}
	return keep
}

// median sorts v and returns its middle.
func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// apply returns the matched colour of sRGB channels of 0 to 255.
func (m *match) apply(r, g, b float64) (float64, float64, float64) {
	c := fromSRGB(r, g, b)
	for ch := range 3 {
		c[ch] = (c[ch]-m.from[ch])*m.spread[ch] + m.to[ch]
	}
	return c.sRGB()
}

// cube holds by how much a match changes colours, at every 16th level of each
// channel: in between it is interpolated over tetrahedra (Kasson et al.,
// "Performing color space conversions with three-dimensional linear
// interpolation", 1995).
type cube [cubeSide * cubeSide * cubeSide][3]int16

const (
	cubeSide  = 17
	cubeScale = 16 // parts of a level that entries count
)

func newCube(m *match) *cube {
	c := new(cube)
	parallel(cubeSide, func(from, to int) {
		for i := from; i < to; i++ {
			for j := range cubeSide {
				for k := range cubeSide {
					r, g, b := min(float64(i)*16, 255), min(float64(j)*16, 255), min(float64(k)*16, 255)
					x, y, z := m.apply(r, g, b)
					c[(i*cubeSide+j)*cubeSide+k] = [3]int16{
						int16(math.Round((x - r) * cubeScale)), int16(math.Round((y - g) * cubeScale)), int16(math.Round((z - b) * cubeScale)),
					}
				}
			}
		}
	})
	return c
}

// at returns the changes of the three channels in 1/(16*cubeScale) of a level.
func (c *cube) at(r, g, b uint8) (dr, dg, db int) {
	fr, fg, fb := int(r&15), int(g&15), int(b&15)
	base := (int(r>>4)*cubeSide+int(g>>4))*cubeSide + int(b>>4)
	const stepR, stepG, stepB = cubeSide * cubeSide, cubeSide, 1
	// From the lowest corner to the highest, along the axes by falling fraction.
	f1, f2, f3, s1, s2 := fr, fg, fb, stepR, stepG
	switch {
	case fr >= fg && fg >= fb:
	case fr >= fb && fb >= fg:
		f2, f3, s2 = fb, fg, stepB
	case fb >= fr && fr >= fg:
		f1, f2, f3, s1, s2 = fb, fr, fg, stepB, stepR
	case fg >= fr && fr >= fb:
		f1, f2, s1, s2 = fg, fr, stepG, stepR
	case fg >= fb && fb >= fr:
		f1, f2, f3, s1, s2 = fg, fb, fr, stepG, stepB
	default:
		f1, f2, f3, s1, s2 = fb, fg, fr, stepB, stepG
	}
	p0, p1, p2, p3 := &c[base], &c[base+s1], &c[base+s1+s2], &c[base+stepR+stepG+stepB]
	w0, w1, w2, w3 := 16-f1, f1-f2, f2-f3, f3
	return w0*int(p0[0]) + w1*int(p1[0]) + w2*int(p2[0]) + w3*int(p3[0]),
		w0*int(p0[1]) + w1*int(p1[1]) + w2*int(p2[1]) + w3*int(p3[1]),
		w0*int(p0[2]) + w1*int(p1[2]) + w2*int(p2[2]) + w3*int(p3[2])
}
