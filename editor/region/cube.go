package region

import (
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/parallel"
)

// cube holds what a match makes of colours, at every 16th level of each
// channel: in between it is interpolated over tetrahedra (Kasson et al.,
// "Performing color space conversions with three-dimensional linear
// interpolation", 1995). An entry packs red, green and blue, in 1/cubeScale of a
// level and raised by cubeBias, into fields of fieldBits, so that one
// multiplication weighs all three and corrections are added to all at once.
type cube [cubeSide * cubeSide * cubeSide]uint64

const (
	cubeSide  = 17
	cubeScale = 64
	cubeBias  = 1 << 15 // more than any change and seam
	fieldBits = 21

	everyField = 1 | 1<<fieldBits | 1<<(2*fieldBits)
)

// unit is what one level counts in what a cube gives: a level is in a field above its levelBits.
const (
	unit      = 16 * cubeScale
	levelBits = 10
)

// changes packs corrections of red, green and blue, in units, to be added to
// what a cube gives.
func changes(v [3]int32) uint64 {
	return uint64(int64(v[0]) + int64(v[1])<<fieldBits + int64(v[2])<<(2*fieldBits))
}

// halved halves packed changes n times, rounding down.
func halved(v uint64, n int) uint64 {
	const bias = 1 << (fieldBits - 1) // so that no field is below 0
	fields := everyField * uint64(1<<(fieldBits-n)-1)
	return (v+bias*everyField)>>n&fields - bias>>n*everyField
}

// The steps from one corner of a cell to the next along red, green and blue.
const stepR, stepG, stepB = cubeSide * cubeSide, cubeSide, 1

// newCube tabulates a match; nil is the one that leaves all colours as they are.
func newCube(m *match) *cube {
	c := new(cube)
	// The entry at 256, which no channel reaches, changes as 255 does, so that
	// changes and not colours are interpolated. Each entry holds its part of what
	// rounds the sum.
	field := func(level int, change float64) uint64 {
		change = math.Round(min(max(change, -255), 255) * cubeScale)
		return uint64(16*level*cubeScale + int(change) + cubeBias + cubeScale/2)
	}
	parallel.All(cubeSide, 1, func(i, _ int) {
		for j := range cubeSide {
			for k := range cubeSide {
				var dr, dg, db float64
				if m != nil {
					r, g, b := min(float64(i)*16, 255), min(float64(j)*16, 255), min(float64(k)*16, 255)
					x, y, z := m.apply(r, g, b)
					dr, dg, db = x-r, y-g, z-b
				}
				c[i*stepR+j*stepG+k*stepB] = field(i, dr) | field(j, dg)<<fieldBits | field(k, db)<<(2*fieldBits)
			}
		}
	})
	return c
}

// places tells for each level of red, green and blue what it adds to two indices:
// in the low 16 bits that of the cell's lowest corner in a cube, above them that of
// the way through the cell in ways.
var places = func() (t [3][256]uint32) {
	for ch, step := range [3]int{stepR, stepG, stepB} {
		for v := range 256 {
			t[ch][v] = uint32(v&15)<<(16+4*ch) | uint32(v>>4*step)
		}
	}
	return t
}()

// way leads from a cell's lowest corner to its highest along the axes by falling
// fraction. The low 9 bits are its first step, the next 9 its last one; above them
// are the fractions, in sixteenths, four bits each, the largest first.
type way uint32

// ways has them by the fractions of blue, green and red, four bits each.
var ways = func() (t [1 << 12]way) {
	for i := range t {
		axes := [3]int{i&15<<9 | stepR, i>>4&15<<9 | stepG, i>>8<<9 | stepB}
		slices.Sort(axes[:])
		low, middle, high := axes[0], axes[1], axes[2]
		t[i] = way(high&511 | low&511<<9 | high>>9<<18 | middle>>9<<22 | low>>9<<26)
	}
	return t
}()

// apply writes the matched colours of src to dst, both straight RGBA, where the
// weight is not 0. To the colours it adds v, packed by changes, which goes on by
// step from pixel to pixel.
func (c *cube) apply(dst, src, weight []uint8, v, step uint64) {
	for x, w := range weight {
		if w != 0 {
			s := src[4*x : 4*x+4 : 4*x+4]
			all := places[0][s[0]] + places[1][s[1]] + places[2][s[2]]
			to := ways[all>>16&(1<<12-1)]
			at := int(all & 0xffff)
			c0, c1 := c[at], c[at+int(to&511)]
			sum := v + 16*c0 + uint64(to>>18&15)*(c1-c0)
			c2 := c[at+stepR+stepG+stepB-int(to>>9&511)]
			sum += uint64(to>>22&15) * (c2 - c1)
			c3 := c[at+stepR+stepG+stepB]
			sum += uint64(to>>26) * (c3 - c2)
			// Above the levels of 0 to 255 a field holds the bias alone.
			if sum&(^uint64(256*unit-1)&(1<<fieldBits-1)*everyField) != 16*cubeBias*everyField {
				sum = clamp(sum)
			}
			d := dst[4*x : 4*x+4 : 4*x+4]
			d[0], d[1], d[2], d[3] = uint8(sum>>levelBits), uint8(sum>>(fieldBits+levelBits)), uint8(sum>>(2*fieldBits+levelBits)), s[3]
		}
		v += step
	}
}

// clamp brings the levels of a sum to 0 to 255. It is seldom needed, and inlined it
// would take registers from every pixel.
//
//go:noinline
func clamp(sum uint64) (clamped uint64) {
	for ch := range 3 {
		field := int(sum>>(ch*fieldBits)&(1<<fieldBits-1)) - 16*cubeBias
		clamped |= uint64(min(max(field, 0), 255*unit)) << (ch * fieldBits)
	}
	return clamped
}
