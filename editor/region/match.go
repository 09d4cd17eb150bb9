package region

import "math"

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

// median returns the middle of v, which it puts into another order (quickselect:
// Hoare, "Algorithm 65: Find", 1961).
func median(v []float64) float64 {
	k := len(v) / 2
	for lo, hi := 0, len(v)-1; lo < hi; {
		pivot := v[(lo+hi)/2]
		i, j := lo, hi
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return v[k]
		}
	}
	return v[k]
}

// apply returns the matched colour of sRGB channels of 0 to 255; the result may lie outside these.
func (m *match) apply(r, g, b float64) (float64, float64, float64) {
	c := fromSRGB(r, g, b)
	for ch := range 3 {
		c[ch] = (c[ch]-m.from[ch])*m.spread[ch] + m.to[ch]
	}
	return c.sRGB()
}
