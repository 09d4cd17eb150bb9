package picture

import "image"

// Pyramid holds a picture and its halves, quarters and so on down to one
// pixel, each pixel the average of the 2x2 pixels under it (of what there is of
// them at an odd edge), colours weighted by alpha. The view draws from the
// level that is next larger than what it shows.
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

// Update brings all levels up to date after the base changed within r, which
// is cut to the base.
func (p *Pyramid) Update(r image.Rectangle) {
	r = r.Intersect(p.levels[0].Rect)
	for k := 1; k < len(p.levels) && !r.Empty(); k++ {
		r = image.Rect(r.Min.X/2, r.Min.Y/2, (r.Max.X+1)/2, (r.Max.Y+1)/2)
		dst, src := p.levels[k], p.levels[k-1]
		parallel(r.Dy(), 4*r.Dx()*r.Dy(), func(from, to int) {
			for y := r.Min.Y + from; y < r.Min.Y+to; y++ {
				halveRow(dst, src, r.Min.X, r.Max.X, y)
			}
		})
	}
}

// halveRow computes pixels x0 to x1 of row y of dst.
func halveRow(dst, src *image.NRGBA, x0, x1, y int) {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	row0 := src.Pix[2*y*src.Stride:]
	row1 := src.Pix[min(2*y+1, h-1)*src.Stride:]
	out := dst.Pix[y*dst.Stride:]
	for x := x0; x < x1; x++ {
		i, j := 8*x, 4*min(2*x+1, w-1)
		average(out[4*x:4*x+4], row0[i:i+4], row0[j:j+4], row1[i:i+4], row1[j:j+4])
	}
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
