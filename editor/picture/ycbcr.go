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

// ycbcrHalf takes one chroma sample for two columns.
func ycbcrHalf(dst, ys, cbs, crs []byte) {
	pairs := len(ys) / 2
	crs = crs[:len(cbs)]
	for i, c := range cbs[:pairs] {
		cb, cr := int32(c)-128, int32(crs[i])-128
		r, g, b := 91881*cr, -22554*cb-46802*cr, 116130*cb
		y := ys[2*i : 2*i+2 : 2*i+2]
		l0, l1 := int32(y[0])*0x10101, int32(y[1])*0x10101
		binary.LittleEndian.PutUint64(dst[8*i:8*i+8:8*i+8], uint64(pack(l0+r, l0+g, l0+b))|uint64(pack(l1+r, l1+g, l1+b))<<32)
	}
	if len(ys)%2 == 1 {
		ycbcr444(dst[8*pairs:], ys[2*pairs:], cbs[pairs:], crs[pairs:])
	}
}
