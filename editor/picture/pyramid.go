package picture

import (
	"encoding/binary"
	"image"
)

// Pyramid holds a picture at full, half, quarter scale and so on down to one pixel. Each pixel
// is the average of the 2x2 pixels under it (fewer at an odd edge), with colours weighted by
// alpha.
//
// Any number of goroutines may read a Pyramid while none calls Update.
type Pyramid struct {
	levels []*image.NRGBA
}

// NewPyramid builds the pyramid over base, whose top-left pixel is (0, 0), on
// all cores. base is level 0 and is not copied.
func NewPyramid(base *image.NRGBA) *Pyramid {
	p := &Pyramid{levels: []*image.NRGBA{base}}
	for size := base.Rect.Size(); size.X > 1 || size.Y > 1; {
		size = image.Pt((size.X+1)/2, (size.Y+1)/2)
		p.levels = append(p.levels, image.NewNRGBA(image.Rectangle{Max: size}))
		if size.X == 0 || size.Y == 0 {
			break
		}
	}
	p.Update(base.Rect)
	return p
}

// Levels returns how many levels there are, at least 1.
func (p *Pyramid) Levels() int { return len(p.levels) }

// Level returns the picture at 1/2^k of the size, rounded up; level 0 is the
// base. k beyond the last level gives the last. It must not be written to.
func (p *Pyramid) Level(k int) *image.NRGBA { return p.levels[min(max(k, 0), len(p.levels)-1)] }

// Update updates all levels after the base changed within r, which is clipped to the base.
func (p *Pyramid) Update(r image.Rectangle) {
	r = r.Intersect(p.levels[0].Rect)
	for k := 1; k < len(p.levels) && !r.Empty(); k++ {
		r = image.Rect(r.Min.X/2, r.Min.Y/2, (r.Max.X+1)/2, (r.Max.Y+1)/2)
		halve(p.levels[k], p.levels[k-1], r)
	}
}

// halve computes the pixels r of dst, which is src at half scale.
func halve(dst, src *image.NRGBA, r image.Rectangle) {
	inBands(r.Dy(), 4*r.Dx()*r.Dy(), func(from, to int) {
		for y := r.Min.Y + from; y < r.Min.Y+to; y++ {
			halveRow(dst, src, r.Min.X, r.Max.X, y)
		}
	})
}

// halveRow computes pixels x0 to x1 of row y of dst.
func halveRow(dst, src *image.NRGBA, x0, x1, y int) {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	row0 := src.Pix[2*y*src.Stride:][:4*w]
	row1 := src.Pix[min(2*y+1, h-1)*src.Stride:][:4*w]
	whole := min(x1, w/2) // pixels before it have two columns under them
	halvePairs(dst.Pix[y*dst.Stride+4*x0:][:4*max(0, whole-x0)], row0[8*x0:], row1[8*x0:])
	if whole < x1 {
		i, out := 4*(w-1), dst.Pix[y*dst.Stride+4*whole:][:4]
		average(out, row0[i:i+4], row0[i:i+4], row1[i:i+4], row1[i:i+4])
	}
}

// halvePairs averages 2x2 pixels for each pixel of dst, two at a time. For opaque pixels it
// adds four channels at once.
func halvePairs(dst, row0, row1 []byte) {
	const alphas = 0xff000000ff000000
	n := len(dst) &^ 7
	for i := 0; i < n; {
		i += fastHalves(dst[i:], row0[2*i:], row1[2*i:])
		for end := min(n, i+32); i < end; i += 8 {
			r0, r1 := row0[2*i:2*i+16:2*i+16], row1[2*i:2*i+16:2*i+16]
			a, b := binary.LittleEndian.Uint64(r0), binary.LittleEndian.Uint64(r1)
			c, d := binary.LittleEndian.Uint64(r0[8:]), binary.LittleEndian.Uint64(r1[8:])
			out := dst[i : i+8 : i+8]
			if a&b&c&d&alphas == alphas {
				binary.LittleEndian.PutUint64(out, uint64(opaqueMean(a, b))|uint64(opaqueMean(c, d))<<32)
				continue
			}
			average(out[:4], r0[:4], r0[4:8], r1[:4], r1[4:8])
			average(out[4:], r0[8:12], r0[12:], r1[8:12], r1[12:])
		}
	}
	if n < len(dst) {
		average(dst[n:], row0[2*n:], row0[2*n+4:], row1[2*n:], row1[2*n+4:])
	}
}

// opaqueMean averages four opaque pixels, two above and two below: it adds the even and the odd
// bytes separately, in lanes of 16 bits.
func opaqueMean(above, below uint64) uint32 {
	const (
		low  = 0x00ff00ff00ff00ff
		half = 0x00020002
	)
	even := above&low + below&low
	odd := above>>8&low + below>>8&low
	e := (uint32(even) + uint32(even>>32) + half) >> 2 & 0x00ff00ff
	o := (uint32(odd) + uint32(odd>>32) + half) << 6 & 0xff00ff00
	return e | o
}

// average writes the mean of four pixels, colours weighted by alpha, rounded
// to the nearest.
func average(dst, a, b, c, d []byte) {
	wa, wb, wc, wd := uint32(a[3]), uint32(b[3]), uint32(c[3]), uint32(d[3])
	sum := wa + wb + wc + wd
	if sum == 0 {
		dst[0], dst[1], dst[2], dst[3] = 0, 0, 0, 0
		return
	}
	for i := range 3 {
		dst[i] = uint8((uint32(a[i])*wa + uint32(b[i])*wb + uint32(c[i])*wc + uint32(d[i])*wd + sum/2) / sum)
	}
	dst[3] = uint8((sum + 2) / 4)
}
