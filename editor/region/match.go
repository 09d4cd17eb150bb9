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

// apply returns the matched colour of sRGB channels of 0 to 255; the result may lie outside these.
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
// interpolation", 1995). An entry packs the changes of red, green and blue, in
// 1/cubeScale of a level and raised by cubeBias, into fields of fieldBits, so that one
// multiplication weighs all three. So are the sums of corrections packed, in units
// and raised by noChange's fields, from the cube to the pixel.
type cube [cubeSide * cubeSide * cubeSide]uint64

const (
	cubeSide  = 17
	cubeScale = 16
	cubeBias  = 1 << 13 // more than 255 levels
	fieldBits = 20

	everyField = 1 | 1<<fieldBits | 1<<(2*fieldBits)
	noChange   = 16 * cubeBias * everyField
)

// changes packs corrections of red, green and blue, to be added to a sum.
func changes(r, g, b int32) uint64 {
	return uint64(int64(r) + int64(g)<<fieldBits + int64(b)<<(2*fieldBits))
}

// The steps from one corner of a cell to the next along red, green and blue.
const stepR, stepG, stepB = cubeSide * cubeSide, cubeSide, 1

func newCube(m *match) *cube {
	c := new(cube)
	field := func(change float64) uint64 {
		return uint64(int(math.Round(min(max(change, -255), 255)*cubeScale)) + cubeBias)
	}
	parallel(cubeSide, func(from, to int) {
		for i := from; i < to; i++ {
			for j := range cubeSide {
				for k := range cubeSide {
					r, g, b := min(float64(i)*16, 255), min(float64(j)*16, 255), min(float64(k)*16, 255)
					x, y, z := m.apply(r, g, b)
					c[i*stepR+j*stepG+k*stepB] = field(x-r) | field(y-g)<<fieldBits | field(z-b)<<(2*fieldBits)
				}
			}
		}
	})
	return c
}

// corners tells, for the order of a cell's fractions, the way from its lowest
// corner to the highest along the axes by falling fraction: where its second and third
// corners are. Bit 0 is set where red < green, 1 where green < blue, 2 where red < blue.
var corners = [8][2]int{
	0: {stepR, stepR + stepG}, // red, green, blue
	1: {stepG, stepR + stepG}, // green, red, blue
	2: {stepR, stepR + stepB}, // red, blue, green
	5: {stepG, stepG + stepB}, // green, blue, red
	6: {stepB, stepR + stepB}, // blue, red, green
	7: {stepB, stepG + stepB}, // blue, green, red
}

// at returns the changes of the three channels, packed.
func (c *cube) at(r, g, b uint8) uint64 {
	fr, fg, fb := int(r&15), int(g&15), int(b&15)
	order := uint((fr-fg)>>63)&1 | uint((fg-fb)>>63)&2 | uint((fr-fb)>>63)&4
	way := &corners[order]
	high, low := max(fr, fg, fb), min(fr, fg, fb)
	middle := fr + fg + fb - high - low
	at := int(r>>4)*stepR + int(g>>4)*stepG + int(b>>4)*stepB
	return uint64(16-high)*c[at] + uint64(high-middle)*c[at+way[0]] +
		uint64(middle-low)*c[at+way[1]] + uint64(low)*c[at+stepR+stepG+stepB]
}

// levels returns a pixel with packed corrections added to its colours.
func levels(p uint32, sum uint64) uint32 {
	sum += (uint64(p&0xff) | uint64(p>>8&0xff)<<fieldBits | uint64(p>>16&0xff)<<(2*fieldBits)) * unit
	sum += unit / 2 * everyField
	// A level of 0 to 255 is in a field's bits 8 to 15, and above is the bias alone.
	if sum&(0xf0000*everyField) == noChange {
		return p&0xff000000 | uint32(sum>>8&0xff) | uint32(sum>>fieldBits&0xff00) | uint32(sum>>(2*fieldBits-8)&0xff0000)
	}
	clamped := p & 0xff000000
	for ch := range 3 {
		field := int(sum>>(ch*fieldBits)&(1<<fieldBits-1)) - 16*cubeBias
		clamped |= uint32(min(max(field>>8, 0), 255)) << (8 * ch)
	}
	return clamped
}
