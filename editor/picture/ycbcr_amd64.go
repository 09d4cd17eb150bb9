package picture

import "golang.org/x/sys/cpu"

// avx2 reports whether the processor has the instructions that this package's assembly uses.
var avx2 = cpu.X86.HasAVX2

// colourFactors are the constants of ycbcrPixels, each in all eight lanes of a register: those
// of ycbcrPairs, and the byte shuffle that interleaves the channels of four pixels.
//
//lint:ignore U1000 the assembly reads it
var colourFactors = func() (m [10][8]int32) {
	for i, v := range [9]int32{
		0x10101 << 5, 91881, 22554, 46802, 116130,
		-128 << 5 * 91881, 128 << 5 * (22554 + 46802), -128 << 5 * 116130, 255,
	} {
		m[i] = [8]int32{v, v, v, v, v, v, v, v}
	}
	m[9] = [8]int32{0x0c080400, 0x0d090501, 0x0e0a0602, 0x0f0b0703, 0x0c080400, 0x0d090501, 0x0e0a0602, 0x0f0b0703}
	return m
}()

// ycbcrPixels writes n pixels, at least 8, whose chroma is in 32nds.
//
//go:noescape
func ycbcrPixels(dst, ys *byte, cb, cr *uint16, n int)

// chromaSums interpolates chroma, in 32nds, between two rows of n samples, at least 16, with
// the weights 3/4 for near and 1/4 for far.
//
//go:noescape
func chromaSums(to *uint16, near, far *byte, n int)

// chromaDoubled is chromaSums for two pixels per sample, each interpolated with the sample on
// its side, so that there must be one before the first and one after the last.
//
//go:noescape
func chromaDoubled(to *uint16, near, far *byte, n int)

// pixelBlock is the number of pixels whose chroma is interpolated before they are converted;
// their data fits into the L1 cache.
const pixelBlock = 512

// fastRow writes a row of pixels as pairRow does, and reports whether it did: it needs AVX2, a
// row of at least 64 pixels, and one or two pixels per sample.
func fastRow(dst, ys []byte, cb, cr chromaRows, sx int) bool {
	const least = 64 // pixels
	w := len(ys)
	if !avx2 || w < least || sx > 2 {
		return false
	}
	dst = dst[:4*w]
	var u, v [pixelBlock + 2]uint16
	for x := 0; x < w; {
		n := w - x
		if n > pixelBlock {
			n = min(pixelBlock, n/2&^1) // so that the last one isn't short either
		}
		from, to := x/sx, (x+n+sx-1)/sx
		cb.interpolate(&u, from, to, sx)
		cr.interpolate(&v, from, to, sx)
		ycbcrPixels(&dst[4*x], &ys[x], &u[0], &v[0], n)
		x += n
	}
	return true
}

// interpolate computes the chroma, in 32nds, of the pixels of samples from to to-1,
// of which there must be at least 18.
func (c chromaRows) interpolate(pixels *[pixelBlock + 2]uint16, from, to, sx int) {
	_ = pixels[sx*(to-from)-1]
	near, far := c.near[:to], c.far[:to]
	if sx == 1 {
		chromaSums(&pixels[0], &near[from], &far[from], to-from)
		return
	}
	first, last := max(from, 1), min(to, len(c.near)-1)
	chromaDoubled(&pixels[2*(first-from)], &near[first], &far[first], last-first)
	for _, i := range [2]int{0, len(c.near) - 1} { // which have a neighbour on one side
		if from <= i && i < to {
			s := 6 * c.sum(i)
			pixels[2*(i-from)], pixels[2*(i-from)+1] = uint16(s+2*c.sum(i-1)), uint16(s+2*c.sum(i+1))
		}
	}
}
