package main

import (
	"fmt"
	"image"
)

// Differences of a channel, of 255, that count as none: inverse transforms, upsampling
// and profiles are not the same in all programs.
const (
	mostMean = 2  // in the mean of the picture
	mostPart = 10 // in the mean of one of its parts
)

// distance is how far two pictures are apart.
type distance struct {
	a, b image.Point // their sizes
	// mean is the mean difference over all channels, and worst that of the part of
	// the picture where it is largest.
	mean, worst float64
}

func (d distance) equal() bool { return d.a == d.b && d.mean <= mostMean && d.worst <= mostPart }

func (d distance) String() string {
	if d.a != d.b {
		return fmt.Sprintf("%v is %v", d.a, d.b)
	}
	return fmt.Sprintf("off by %.2f, in a part by %.1f", d.mean, d.worst)
}

// difference compares two pictures over white, in the whole and in parts of a grid.
func difference(a, b image.Image) distance {
	const parts, least = 8, 16
	d := distance{a: a.Bounds().Size(), b: b.Bounds().Size()}
	if d.a != d.b {
		return d
	}
	from, to := a.Bounds().Min, b.Bounds().Min
	side := image.Pt(max(least, (d.a.X+parts-1)/parts), max(least, (d.a.Y+parts-1)/parts))
	var all int64
	for y0 := 0; y0 < d.a.Y; y0 += side.Y {
		for x0 := 0; x0 < d.a.X; x0 += side.X {
			part := image.Rect(x0, y0, min(x0+side.X, d.a.X), min(y0+side.Y, d.a.Y))
			var sum int64
			for y := part.Min.Y; y < part.Max.Y; y++ {
				for x := part.Min.X; x < part.Max.X; x++ {
					p, q := over(a.At(from.X+x, from.Y+y).RGBA()), over(b.At(to.X+x, to.Y+y).RGBA())
					for i := range p {
						sum += int64(max(p[i]-q[i], q[i]-p[i]))
					}
				}
			}
			all += sum
			d.worst = max(d.worst, float64(sum)/float64(3*part.Dx()*part.Dy()))
		}
	}
	d.mean = float64(all) / float64(3*d.a.X*d.a.Y)
	return d
}

// over lays a premultiplied colour of 16 bits over white and returns 8 bits.
func over(r, g, b, a uint32) [3]int {
	white := 0xffff - a
	return [3]int{int(r+white) / 257, int(g+white) / 257, int(b+white) / 257}
}
