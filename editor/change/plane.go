package change

import (
	"context"
	"image"
	"math"

	"overpaint.dev/overpaint/editor/guided"
	"overpaint.dev/overpaint/editor/oklab"
	"overpaint.dev/overpaint/editor/parallel"
)

// plane is a grey picture, row by row.
type plane struct {
	w, h int
	v    []float32
}

func newPlane(w, h int) *plane { return &plane{w: w, h: h, v: make([]float32, w*h)} }

func (p *plane) row(y int) []float32 { return p.v[y*p.w:][:p.w] }

// smoothed returns the means over squares of 2*radius+1 pixels, at the edges of what there is of them.
func (p *plane) smoothed(ctx context.Context, radius int) (*plane, error) {
	v, err := guided.Mean(ctx, p.v, p.w, p.h, radius)
	return &plane{w: p.w, h: p.h, v: v}, err
}

// steepness returns the largest slope of either plane within two pixels of each.
func (p *plane) steepness(ctx context.Context, q *plane) (*plane, error) {
	slope := newPlane(p.w, p.h)
	err := parallel.Range(ctx, p.h, 32, func(from, to int) {
		for y := from; y < to; y++ {
			up, down := max(y-1, 0)*p.w, min(y+1, p.h-1)*p.w
			for x := range p.w {
				left, right := y*p.w+max(x-1, 0), y*p.w+min(x+1, p.w-1)
				var most float32
				for _, v := range [2][]float32{p.v, q.v} {
					gx, gy := v[right]-v[left], v[down+x]-v[up+x]
					most = max(most, gx*gx+gy*gy)
				}
				slope.v[y*p.w+x] = float32(math.Sqrt(float64(most))) / 2
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return slope.largestNear(ctx, 2)
}

// largestNear returns the largest values within squares of 2*reach+1 pixels.
func (p *plane) largestNear(ctx context.Context, reach int) (*plane, error) {
	across, out := newPlane(p.w, p.h), newPlane(p.w, p.h)
	err := parallel.Range(ctx, p.h, 32, func(from, to int) {
		for y := from; y < to; y++ {
			v := p.row(y)
			for x := range p.w {
				across.v[y*p.w+x] = largest(v[max(x-reach, 0):min(x+reach+1, p.w)])
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return out, parallel.Range(ctx, p.h, 32, func(from, to int) {
		for y := from; y < to; y++ {
			o := out.row(y)
			for j := max(y-reach, 0); j < min(y+reach+1, p.h); j++ {
				for x, v := range across.row(j) {
					o[x] = max(o[x], v)
				}
			}
		}
	})
}

func largest(v []float32) (most float32) {
	for _, x := range v {
		most = max(most, x)
	}
	return most
}

// rimmed takes off a plane, in place, what smoothing over a radius carried beyond rims: there
// it is less than half of what it is nearby.
func (p *plane) rimmed(ctx context.Context, radius int) error {
	most, err := p.largestNear(ctx, radius+1)
	if err != nil {
		return err
	}
	for i, v := range most.v {
		if p.v[i] < v/2 {
			p.v[i] = 0
		}
	}
	return nil
}

// colours is a picture in three planes: sRGB of 0 to 1, or OKLab.
type colours [3]*plane

// newColours returns a picture, each by x by pixels as their mean.
func newColours(ctx context.Context, img *image.NRGBA, by int) (c colours, err error) {
	w, h := max(img.Rect.Dx()/by, 1), max(img.Rect.Dy()/by, 1)
	by = min(by, img.Rect.Dx(), img.Rect.Dy())
	for ch := range c {
		c[ch] = newPlane(w, h)
	}
	return c, parallel.Range(ctx, h, 16, func(from, to int) {
		for y := from; y < to; y++ {
			for x := range w {
				var r, g, b int
				for j := range by {
					p := img.Pix[(y*by+j)*img.Stride+4*x*by:][:4*by]
					for ; len(p) > 0; p = p[4:] {
						r, g, b = r+int(p[0]), g+int(p[1]), b+int(p[2])
					}
				}
				i, n := y*w+x, float32(255*by*by)
				c[0].v[i], c[1].v[i], c[2].v[i] = float32(r)/n, float32(g)/n, float32(b)/n
			}
		}
	})
}

// toLab converts the colours, in place, to OKLab.
func (c colours) toLab(ctx context.Context) error {
	return parallel.Range(ctx, len(c[0].v), 1<<14, func(from, to int) {
		for i := from; i < to; i++ {
			c[0].v[i], c[1].v[i], c[2].v[i] = oklab.FromSRGB(255*c[0].v[i], 255*c[1].v[i], 255*c[2].v[i])
		}
	})
}
