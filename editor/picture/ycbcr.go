package picture

import (
	"encoding/binary"
	"image"
)

// ycbcrRows converts full-range BT.601 as JPEG stores it with the constants of
// color.YCbCrToRGB. Where chroma has fewer samples than luma it is interpolated
// linearly between the samples' centres, which lie in the middle of the pixels that they cover
// (JFIF 1.02, "Spatial relationship of components"): the triangle filter that libjpeg calls
// fancy upsampling. Chroma is not rounded in between, so that a uniform colour equals
// image/color's result exactly.
func ycbcrRows(m *image.YCbCr) func(dst []byte, y int) {
	sx, sy := 1, 1
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio444:
		return func(dst []byte, y int) {
			w := len(dst) / 4
			yo, co := m.YOffset(m.Rect.Min.X, m.Rect.Min.Y+y), m.COffset(m.Rect.Min.X, m.Rect.Min.Y+y)
			ycbcr444(dst, m.Y[yo:yo+w], m.Cb[co:co+w], m.Cr[co:co+w])
		}
	case image.YCbCrSubsampleRatio422:
		sx, sy = 2, 1
	case image.YCbCrSubsampleRatio420:
		sx, sy = 2, 2
	case image.YCbCrSubsampleRatio440:
		sx, sy = 1, 2
	case image.YCbCrSubsampleRatio411:
		sx, sy = 4, 1
	case image.YCbCrSubsampleRatio410:
		sx, sy = 4, 2
	default:
		return genericRows(m)
	}
	if m.Rect.Min.X%sx != 0 || m.Rect.Min.Y%sy != 0 {
		return genericRows(m) // a crop of a picture, which no decoder returns
	}
	return func(dst []byte, y int) { subsampledRow(dst, m, y, sx, sy) }
}

// subsampledRow writes row y of a picture that has one sample of chroma for
// sx x sy pixels (sx is 1, 2 or 4; sy is 1 or 2).
func subsampledRow(dst []byte, m *image.YCbCr, y, sx, sy int) {
	w := len(dst) / 4
	near := y / sy
	far := near
	if sy == 2 {
		far = min(max(near-1+y%2*2, 0), (m.Rect.Dy()-1)/2)
	}
	yo, co := m.YOffset(m.Rect.Min.X, m.Rect.Min.Y), m.COffset(m.Rect.Min.X, m.Rect.Min.Y)
	ys, cw := m.Y[yo+y*m.YStride:][:w], (w+sx-1)/sx
	row := func(plane []byte, i int) []byte { return plane[co+i*m.CStride:][:cw] }
	cb, cr := chromaRows{row(m.Cb, near), row(m.Cb, far)}, chromaRows{row(m.Cr, near), row(m.Cr, far)}

	if fastRow(dst, ys, cb, cr, sx) {
		return
	}
	pairRow(dst, ys, cb, cr, sx)
}

// pairRow writes a row of pixels, of which each sample of chroma covers sx.
func pairRow(dst, ys []byte, cb, cr chromaRows, sx int) {
	const block = 128 // pairs of pixels, which fit into the L1 cache
	var u, v [block]uint64
	w := len(ys)
	for i := 0; 2*i < w; i += block {
		n := min(block, (w-2*i+1)/2)
		cb.pairs(u[:n], i, sx)
		cr.pairs(v[:n], i, sx)
		if 2*(i+n) <= w {
			ycbcrPairs(dst[8*i:], ys[2*i:], u[:n], v[:n])
			continue
		}
		ycbcrPairs(dst[8*i:], ys[2*i:], u[:n-1], v[:n-1])
		var pair [8]byte
		ycbcrPairs(pair[:], []byte{ys[w-1], 0}, u[n-1:n], v[n-1:n])
		copy(dst[4*(w-1):], pair[:4])
	}
}

// chromaRows are two rows of one chroma plane: the one that covers a row of
// pixels and the next one on the other side, the same where there is none.
type chromaRows struct{ near, far []byte }

// sum weights the rows at sample i, in fourths: a row of pixels is a quarter of
// the rows' distance away from near and three quarters from far. Beyond the ends
// the last sample repeats.
func (c chromaRows) sum(i int) uint64 {
	i = min(max(i, 0), len(c.near)-1)
	return 3*uint64(c.near[i]) + uint64(c.far[i])
}

// pairs interpolates chroma for pairs of pixels, from the pair with number first
// on, in 32nds: a pair's left pixel in the lower half of a word, its right one in
// the upper half. Every sample covers sx pixels.
func (c chromaRows) pairs(to []uint64, first, sx int) {
	switch sx {
	case 1:
		for i := range to {
			to[i] = 8 * (c.sum(2*(first+i)) | c.sum(2*(first+i)+1)<<32)
		}
	case 2:
		left, s := c.sum(first-1), c.sum(first)
		n := min(len(to), len(c.near)-first-1) // pairs with a sample on the right
		near, far := c.near[first+1:][:n], c.far[first+1:][:n]
		for i := range near {
			right := 3*uint64(near[i]) + uint64(far[i])
			to[i] = s*(6*both) + (2*left | right<<33)
			left, s = s, right
		}
		if n < len(to) {
			to[n] = s*(6*both) + (2*left | s<<33)
		}
	case 4:
		for i := range to {
			at := (first + i) / 2
			left, s, right := c.sum(at-1), c.sum(at), c.sum(at+1)
			if (first+i)%2 == 0 {
				to[i] = 5*s + 3*left | (7*s+left)<<32
			} else {
				to[i] = 7*s + right | (5*s+3*right)<<32
			}
		}
	}
}

// Two pixels are computed in the halves of a word, with 21 bits of fraction, as
// chroma comes in 32nds. Each half carries a bias that keeps it positive: its top
// three bits are 4 unless the sum is below zero (3) or above 255 (5).
const (
	both = 1 | 1<<32
	bias = 0x80000000
	tops = 0xe0000000 * both
	low  = 0xff * both
)

// ycbcrPairs writes pairs of pixels; u and v are their chroma as
// chromaRows.pairs makes it.
func ycbcrPairs(dst, ys []byte, u, v []uint64) {
	dst, ys, v = dst[:8*len(u)], ys[:2*len(u)], v[:len(u)]
	for i, cb := range u {
		cr := v[i]
		y := uint64(binary.LittleEndian.Uint16(ys[2*i : 2*i+2]))
		l := ((y | y<<24) & low) * (0x10101 << 5)
		reds := l + 91881*cr + (bias-128<<5*91881)*both
		greens := l - 22554*cb - 46802*cr + (bias+128<<5*(22554+46802))*both
		blues := l + 116130*cb + (bias-128<<5*116130)*both
		out := dst[8*i : 8*i+8 : 8*i+8]
		if (reds|greens|blues)&tops == bias*both {
			binary.LittleEndian.PutUint64(out, reds>>21&low|greens>>13&(low<<8)|blues>>5&(low<<16)|0xff000000*both)
			continue
		}
		binary.LittleEndian.PutUint64(out, clampBoth(reds)|clampBoth(greens)<<8|clampBoth(blues)<<16|0xff000000*both)
	}
}

// clampBoth brings two biased sums into a byte each, without a branch.
func clampBoth(v uint64) uint64 {
	over, positive := v>>29&both, v>>31&both
	return (v>>21&low | (over<<8 - over)) & (positive<<8 - positive)
}

// pack returns one opaque pixel from sums with 16 bits of fraction.
func pack(r, g, b int32) uint32 {
	// Both overflows set bits above 24: below zero by the sign, above 255 by
	// the carry.
	if uint32(r|g|b)&0xff000000 == 0 {
		return uint32(r)>>16 | uint32(g)>>8&0xff00 | uint32(b)&0xff0000 | 0xff000000
	}
	return clamp(r) | clamp(g)<<8 | clamp(b)<<16 | 0xff000000
}

func clamp(v int32) uint32 {
	if uint32(v)&0xff000000 == 0 {
		return uint32(v) >> 16
	}
	return uint32(^(v >> 31)) & 0xff
}

// ycbcr444 writes a row of pixels that have chroma of their own.
func ycbcr444(dst, ys, cbs, crs []byte) {
	if !fastRow(dst, ys, chromaRows{cbs, cbs}, chromaRows{crs, crs}, 1) {
		singleRow(dst, ys, cbs, crs)
	}
}

// singleRow is ycbcr444 pixel by pixel.
func singleRow(dst, ys, cbs, crs []byte) {
	dst = dst[:4*len(ys)]
	cbs, crs = cbs[:len(ys)], crs[:len(ys)]
	for i, v := range ys {
		l := int32(v) * 0x10101
		cb, cr := int32(cbs[i])-128, int32(crs[i])-128
		binary.LittleEndian.PutUint32(dst[4*i:], pack(l+91881*cr, l-22554*cb-46802*cr, l+116130*cb))
	}
}
