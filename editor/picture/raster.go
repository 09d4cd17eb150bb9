package picture

import (
	"image"
	"image/color"
)

// raster is a picture in the form in which a file stores it: samples of one or two bytes
// (big-endian), grey or RGB, with or without alpha, or palette indices.
type raster struct {
	size    image.Point
	samples int // 1 to 4
	bytes   int // per sample
	// palette, unless nil, is the palette of indices of bits bits (1, 2, 4 or 8).
	palette []color.NRGBA
	bits    int
	// row writes row y. It may be called on several goroutines at once.
	row func(dst []byte, y int)
}

// each returns the number of bytes per pixel, 1 where several pixels share a byte.
func (r *raster) each() int { return r.samples * r.bytes }

// rowBytes returns the number of bytes of a row.
func (r *raster) rowBytes() int {
	if r.palette != nil {
		return (r.size.X*r.bits + 7) / 8
	}
	return r.each() * r.size.X
}

// alpha reports whether the last sample is alpha.
func (r *raster) alpha() bool { return r.samples%2 == 0 }

// grey reports whether the raster has no colours.
func (r *raster) grey() bool { return r.samples <= 2 && r.palette == nil }

// rasterOf chooses how a picture is stored: with the fewest samples that it needs, or all four
// if full is set, and with 16 bits if wide isn't nil. Grey is chosen only if wasGrey is set.
func rasterOf(img *image.NRGBA, wide *image.NRGBA64, wasGrey, full bool) *raster {
	r := &raster{size: img.Rect.Size(), samples: 4, bytes: 1}
	if !full && img.Opaque() {
		r.samples = 3
	}
	if !full && wasGrey && isGrey(img) {
		r.samples -= 2
	}
	if wide != nil {
		r.bytes = 2
		r.row = func(dst []byte, y int) { pick(dst, wide.Pix[y*wide.Stride:][:8*r.size.X], r.samples, 2) }
		return r
	}
	r.row = func(dst []byte, y int) {
		src := img.Pix[y*img.Stride:][:4*r.size.X]
		switch r.samples {
		case 4:
			copy(dst, src)
		case 3:
			for len(src) >= 4 && len(dst) >= 3 {
				dst[0], dst[1], dst[2] = src[0], src[1], src[2]
				src, dst = src[4:], dst[3:]
			}
		default:
			pick(dst, src, r.samples, 1)
		}
	}
	return r
}

// pick copies the stored samples of pixels of four samples.
func pick(dst, src []byte, samples, size int) {
	first := 3 // the number of colour samples, one for grey
	if samples < 3 {
		first = 1
	}
	for at := 0; len(src) >= 4*size; src = src[4*size:] {
		at += copy(dst[at:], src[:first*size])
		if samples%2 == 0 {
			at += copy(dst[at:], src[3*size:4*size])
		}
	}
}

// isGrey reports whether all pixels are grey.
func isGrey(img *image.NRGBA) bool {
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		for i := 0; i < len(row); i += 4 {
			if row[i] != row[i+1] || row[i] != row[i+2] {
				return false
			}
		}
	}
	return true
}
