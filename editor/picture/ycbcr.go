package picture

import (
	"encoding/binary"
	"image"
)

// ycbcrRows converts full-range BT.601 as JPEG stores it, bit for bit as
// color.YCbCrToRGB does.
func ycbcrRows(m *image.YCbCr) func(dst []byte, y int) {
	w := m.Rect.Dx()
	half := m.SubsampleRatio == image.YCbCrSubsampleRatio420 || m.SubsampleRatio == image.YCbCrSubsampleRatio422
	switch {
	case m.SubsampleRatio == image.YCbCrSubsampleRatio444:
		return func(dst []byte, y int) {
			yo, co := m.YOffset(m.Rect.Min.X, m.Rect.Min.Y+y), m.COffset(m.Rect.Min.X, m.Rect.Min.Y+y)
			ycbcr444(dst, m.Y[yo:yo+w], m.Cb[co:co+w], m.Cr[co:co+w])
		}
	case half && m.Rect.Min.X%2 == 0:
		return func(dst []byte, y int) {
			yo, co := m.YOffset(m.Rect.Min.X, m.Rect.Min.Y+y), m.COffset(m.Rect.Min.X, m.Rect.Min.Y+y)
			cw := (w + 1) / 2
			ycbcrHalf(dst, m.Y[yo:yo+w], m.Cb[co:co+cw], m.Cr[co:co+cw])
		}
	}
	return genericRows(m)
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

func ycbcr444(dst, ys, cbs, crs []byte) {
	dst = dst[:4*len(ys)]
	cbs, crs = cbs[:len(ys)], crs[:len(ys)]
	for i, v := range ys {
		l := int32(v) * 0x10101
		cb, cr := int32(cbs[i])-128, int32(crs[i])-128
		binary.LittleEndian.PutUint32(dst[4*i:], pack(l+91881*cr, l-22554*cb-46802*cr, l+116130*cb))
	}
}

// Two pixels that share their chroma are computed in the halves of a word. What
// chroma adds stands in tables, a value in both halves, with a bias in the reds',
// first greens' and blues' that keeps the halves positive: with luma added, a
// half's top byte is 0x40 unless the sum is below zero (0x3f) or above 255 (0x41).
const (
	both = 1 | 1<<32
	bias = 0x40000000 * both
	tops = 0xff000000 * both
	low  = 0xff * both
)

var redOfCr, greenOfCb, greenOfCr, blueOfCb = chromaTables()

func chromaTables() (r, gb, gr, b [256]uint64) {
	for i := range 256 {
		c := int64(i) - 128
		r[i], b[i] = bias+both*uint64(91881*c), bias+both*uint64(116130*c)
		gb[i], gr[i] = bias-both*uint64(22554*c), both*uint64(-46802*c)
	}
	return r, gb, gr, b
}

// ycbcrHalf takes one chroma sample for two columns.
func ycbcrHalf(dst, ys, cbs, crs []byte) {
	pairs := len(ys) / 2
	crs = crs[:len(cbs)]
	for i, cb := range cbs[:pairs] {
		cr := crs[i]
		y := binary.LittleEndian.Uint16(ys[2*i : 2*i+2])
		l := (uint64(y&0xff) | uint64(y>>8)<<32) * 0x10101
		reds, greens, blues := l+redOfCr[cr], l+greenOfCb[cb]+greenOfCr[cr], l+blueOfCb[cb]
		out := dst[8*i : 8*i+8 : 8*i+8]
		if (reds|greens|blues)&tops == bias {
			binary.LittleEndian.PutUint64(out, reds>>16&low|greens>>8&(low<<8)|blues&(low<<16)|tops)
			continue
		}
		binary.LittleEndian.PutUint64(out, clampBoth(reds)|clampBoth(greens)<<8|clampBoth(blues)<<16|tops)
	}
	if len(ys)%2 == 1 {
		ycbcr444(dst[8*pairs:], ys[2*pairs:], cbs[pairs:], crs[pairs:])
	}
}

// clampBoth brings two biased sums into a byte each, without a branch.
func clampBoth(v uint64) uint64 {
	over, positive := v>>24&both, v>>30&both
	return (v>>16&low | (over<<8 - over)) & (positive<<8 - positive)
}
