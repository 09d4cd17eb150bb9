package change

import (
	"context"
	"image"
	"math"

	"overpaint/editor/parallel"
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
	across, out := newPlane(p.w, p.h), newPlane(p.w, p.h)
	err := parallel.Range(ctx, p.h, 32, func(from, to int) {
		for y := from; y < to; y++ {
			v, o := p.row(y), across.row(y)
			sum, n := 0.0, 0
			for x := range min(radius, p.w) {
				sum, n = sum+float64(v[x]), n+1
			}
			for x := range o {
				if i := x + radius; i < p.w {
					sum, n = sum+float64(v[i]), n+1
				}
				o[x] = float32(sum / float64(n))
				if i := x - radius; i >= 0 {
					sum, n = sum-float64(v[i]), n-1
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return out, parallel.Range(ctx, p.h, 32, func(from, to int) {
		sums, n := make([]float64, p.w), 0
		add := func(y int, sign float64) {
			if y >= 0 && y < p.h {
				for x, v := range across.row(y) {
					sums[x] += sign * float64(v)
				}
				n += int(sign)
			}
		}
		for y := from - radius; y < from+radius; y++ {
			add(y, 1)
		}
		for y := from; y < to; y++ {
			add(y+radius, 1)
			o := out.row(y)
			for x := range o {
				o[x] = float32(sums[x] / float64(n))
			}
			add(y-radius, -1)
		}
	})
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
			c[0].v[i], c[1].v[i], c[2].v[i] = oklab(255*c[0].v[i], 255*c[1].v[i], 255*c[2].v[i])
		}
	})
}

// oklab converts sRGB channels of 0 to 255 to OKLab (Ottosson, "A perceptual
// color space for image processing", 2020): lightness and two opponent axes.
func oklab(r, g, b float32) (float32, float32, float32) {
	r, g, b = linear(r), linear(g), linear(b)
	l := cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return 0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s
}

// linear is sRGB's transfer function (IEC 61966-2-1), between levels all but straight.
func linear(v float32) float32 {
	i := min(int(v), 254)
	return transfer[i] + (v-float32(i))*(transfer[i+1]-transfer[i])
}

var transfer = func() (t [256]float32) {
	for i := range t {
		v := float64(i) / 255
		if v <= 0.04045 {
			t[i] = float32(v / 12.92)
		} else {
			t[i] = float32(math.Pow((v+0.055)/1.055, 2.4))
		}
	}
	return t
}()

// cbrt is the cube root of numbers from 0 to 1, to about a millionth: a guess from the exponent,
// made better by Halley's method twice.
func cbrt(v float32) float32 {
	if v < 1e-9 {
		return 0
	}
	r := math.Float32frombits(math.Float32bits(v)/3 + 0x2a514067)
	for range 2 {
		c := r * r * r
		r *= (c + 2*v) / (2*c + v)
	}
	return r
}
