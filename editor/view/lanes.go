package view

import (
	"encoding/binary"
	"image/color"
)

// Pixels are computed with all four channels in one 64-bit word, in lanes of 16 bits: red,
// blue, green, alpha from the lowest. One multiplication by a weight of at most 256 scales
// all four.
const (
	laneHalf = 0x0080_0080_0080_0080
	laneMask = 0x00ff_00ff_00ff_00ff
	laneRGB  = 0x0000_00ff_00ff_00ff
)

// spread returns the four bytes of a pixel (red lowest) as lanes.
func spread(p uint32) uint64 {
	return uint64(p&0x00ff00ff) | uint64(p&0xff00ff00)<<24
}

// pack is the inverse of spread.
func pack(v uint64) uint32 { return uint32(v) | uint32(v>>32)<<8 }

// round8 divides lanes by 256, rounding to nearest.
func round8(v uint64) uint64 { return (v + laneHalf) >> 8 & laneMask }

// premultiplied returns a straight-alpha pixel as premultiplied lanes.
func premultiplied(p uint32) uint64 {
	a := uint64(p >> 24)
	switch a {
	case 255:
		return spread(p)
	case 0:
		return 0
	}
	return scale255(spread(p)&laneRGB, a) | a<<48
}

// straight divides the colour of premultiplied lanes by their alpha.
func straight(v uint64) uint64 {
	a := v >> 48
	if a == 255 || a == 0 {
		return v
	}
	part := func(shift int) uint64 { return min((v>>shift&255*255+a/2)/a, 255) << shift }
	return part(0) | part(16) | part(32) | a<<48
}

// scale255 returns lanes times a/255, rounded to nearest.
func scale255(v, a uint64) uint64 {
	v = v*a + laneHalf
	return (v + v>>8&laneMask) >> 8 & laneMask
}

// over composites premultiplied lanes over opaque lanes.
func over(v, below uint64) uint64 {
	a := v >> 48
	if a == 255 {
		return v
	}
	return v + scale255(below, 255-a)
}

// mix returns below*(256-w)/256 + above*w/256, for a weight w of 0 to 256.
func mix(below, above uint64, w uint64) uint64 {
	return round8(below*(256-w) + above*w)
}

// opaqueLanes returns a colour as opaque lanes; its alpha is ignored.
func opaqueLanes(c color.NRGBA) uint64 {
	return spread(uint32(c.R) | uint32(c.G)<<8 | uint32(c.B)<<16 | 0xff000000)
}

func load(b []byte) uint32      { return binary.LittleEndian.Uint32(b) }
func load2(b []byte) uint64     { return binary.LittleEndian.Uint64(b) }
func store2(b []byte, v uint64) { binary.LittleEndian.PutUint64(b, v) }
func store(b []byte, p uint32)  { binary.LittleEndian.PutUint32(b, p) }
