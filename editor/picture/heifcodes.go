package picture

import (
	"image"
	"math"

	"overpaint.dev/overpaint/editor/heiffile"
	"overpaint.dev/overpaint/editor/webpfile"
)

// codedImage is a YCbCr picture with another matrix or range than JPEG's.
type codedImage struct {
	*image.YCbCr
	// The factors of luma, Cb and Cr (relative to 128), and an offset, with 16 bits of fraction.
	red, green, blue [4]int32
}

// lumaOf holds the shares of red and blue in luma by matrix code of ISO/IEC 23091-2; those of
// code 12 follow from the primaries.
var (
	lumaOf = map[int][2]float64{
		1: {0.2126, 0.0722}, 4: {0.30, 0.11}, 5: {0.299, 0.114}, 6: {0.299, 0.114}, 7: {0.212, 0.087},
		9: {0.2627, 0.0593}, 10: {0.2627, 0.0593},
	}
	lumaOfPrimaries = map[int][2]float64{
		1: {0.2126, 0.0722}, 5: {0.2220, 0.0713}, 6: {0.2124, 0.0866}, 7: {0.2124, 0.0866}, 9: {0.2627, 0.0593},
		11: {0.2095, 0.0689}, 12: {0.2290, 0.0793},
	}
)

// Matrix codes of ISO/IEC 23091-2 that aren't derived from shares of luma.
const (
	matrixRGB   = 0
	matrixYCgCo = 8
	fromLights  = 12
)

// newCodedImage returns the planes as a picture with the file's matrix and range.
func newCodedImage(m *image.YCbCr, f *heiffile.File) image.Image {
	share, ok := lumaOf[f.Matrix]
	if f.Matrix == fromLights {
		share, ok = lumaOfPrimaries[f.Primaries]
	}
	if !ok {
		share = lumaOf[6]
	}
	luma, chroma, black := 1.0, 1.0, 0.0
	if !f.Full {
		luma, chroma, black = 255.0/219, 255.0/224, 16
	}
	fix := func(v ...float64) (c [4]int32) {
		for i, x := range v {
			c[i] = int32(math.Round(x * 65536))
		}
		return c
	}
	c, zero := &codedImage{YCbCr: m}, -black*luma
	switch f.Matrix {
	case matrixRGB:
		other := (128 - black) * luma
		c.red, c.green, c.blue = fix(0, 0, luma, other), fix(luma, 0, 0, zero), fix(0, luma, 0, other)
	case matrixYCgCo:
		c.red, c.green, c.blue = fix(luma, -chroma, chroma, zero), fix(luma, chroma, 0, zero), fix(luma, -chroma, -chroma, zero)
	default:
		if f.Full && share == lumaOf[6] { // as in JPEG files
			return m
		}
		kr, kb := share[0], share[1]
		kg := 1 - kr - kb
		c.red = fix(luma, 0, 2*(1-kr)*chroma, zero)
		c.green = fix(luma, -2*(1-kb)*kb/kg*chroma, -2*(1-kr)*kr/kg*chroma, zero)
		c.blue = fix(luma, 2*(1-kb)*chroma, 0, zero)
	}
	return c
}

// stretch converts straight RGBA in place from limited to full range.
func stretch(pix []uint8) {
	const black, white = 16, 235
	var full [256]uint8
	for i := range full {
		v := min(max(i, black), white) - black
		full[i] = uint8((2*v*255 + white - black) / (2 * (white - black)))
	}
	for i := 0; i+3 < len(pix); i += 4 {
		pix[i], pix[i+1], pix[i+2] = full[pix[i]], full[pix[i+1]], full[pix[i+2]]
	}
}

// row writes row y as straight RGBA.
func (m *codedImage) row(dst []byte, y int) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	cw, ch, sx, sy := w, h, 1, 1
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio420:
		cw, ch, sx, sy = (w+1)/2, (h+1)/2, 2, 2
	case image.YCbCrSubsampleRatio422:
		cw, sx = (w+1)/2, 2
	}
	near := y / sy
	other := near
	if sy == 2 {
		other = min(max(near-1+y%2*2, 0), ch-1)
	}
	cbNear, cbOther := m.Cb[near*m.CStride:][:cw], m.Cb[other*m.CStride:][:cw]
	crNear, crOther := m.Cr[near*m.CStride:][:cw], m.Cr[other*m.CStride:][:cw]
	luma := m.Y[y*m.YStride:][:w]
	for x, v := range luma {
		l := int32(v)
		var u, q int32
		if sx == 2 {
			u, q = webpfile.Upsample(cbNear, cbOther, x)-128, webpfile.Upsample(crNear, crOther, x)-128
		} else {
			u, q = int32(cbNear[x])-128, int32(crNear[x])-128
		}
		d := dst[4*x : 4*x+4 : 4*x+4]
		d[0] = clip16(l*m.red[0] + u*m.red[1] + q*m.red[2] + m.red[3])
		d[1] = clip16(l*m.green[0] + u*m.green[1] + q*m.green[2] + m.green[3])
		d[2] = clip16(l*m.blue[0] + u*m.blue[1] + q*m.blue[2] + m.blue[3])
		d[3] = 255
	}
}

// clip16 rounds a number with 16 bits of fraction to 0 to 255.
func clip16(v int32) uint8 { return uint8(min(max((v+1<<15)>>16, 0), 255)) }
