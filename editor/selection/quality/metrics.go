package main

import (
	"image"
	"math"
)

// iou returns the intersection over union of two masks.
func iou(a, b *image.Alpha) float64 {
	var both, either float64
	for i, v := range a.Pix {
		both += float64(min(v, b.Pix[i]))
		either += float64(max(v, b.Pix[i]))
	}
	if either == 0 {
		return 1
	}
	return both / either
}

// borders returns the mean distance, in pixels, of the border pixels of each mask from the
// other's border; at most the picture's longer side.
func borders(a, b *image.Alpha) float64 {
	size := a.Rect.Size()
	p, q := border(a), border(b)
	fromP, fromQ := distances(size, p), distances(size, q)
	sum, n := 0.0, 0.0
	for i := range p {
		if p[i] {
			sum, n = sum+fromQ[i], n+1
		}
		if q[i] {
			sum, n = sum+fromP[i], n+1
		}
	}
	if n == 0 {
		return 0
	}
	return sum / n
}

// border returns the covered pixels of a mask that have an uncovered neighbour.
func border(a *image.Alpha) []bool {
	w, h := a.Rect.Dx(), a.Rect.Dy()
	out := make([]bool, w*h)
	in := func(x, y int) bool { return x < 0 || y < 0 || x >= w || y >= h || a.Pix[y*a.Stride+x] >= 128 }
	for y := range h {
		for x := range w {
			out[y*w+x] = in(x, y) && !(in(x-1, y) && in(x+1, y) && in(x, y-1) && in(x, y+1))
		}
	}
	return out
}

// distances returns the distance of each pixel from the nearest of a set, along rows, columns
// and diagonals, at most the longer side.
func distances(size image.Point, set []bool) []float64 {
	w, h := size.X, size.Y
	d := make([]float64, w*h)
	for i := range d {
		d[i] = float64(max(w, h))
		if set[i] {
			d[i] = 0
		}
	}
	relax := func(x, y, dx, dy int) {
		if u, v := x+dx, y+dy; u >= 0 && v >= 0 && u < w && v < h {
			d[y*w+x] = min(d[y*w+x], d[v*w+u]+math.Hypot(float64(dx), float64(dy)))
		}
	}
	for y := range h {
		for x := range w {
			for _, n := range [...]image.Point{{-1, 0}, {0, -1}, {-1, -1}, {1, -1}} {
				relax(x, y, n.X, n.Y)
			}
		}
	}
	for y := h - 1; y >= 0; y-- {
		for x := w - 1; x >= 0; x-- {
			for _, n := range [...]image.Point{{1, 0}, {0, 1}, {1, 1}, {-1, 1}} {
				relax(x, y, n.X, n.Y)
			}
		}
	}
	return d
}

// around returns the corners of a box around an object, a tenth of its size larger on each side.
func around(truth *image.Alpha) (from, to image.Point) {
	var r image.Rectangle
	for i, v := range truth.Pix {
		if v >= 128 {
			p := image.Pt(i%truth.Stride, i/truth.Stride)
			r = r.Union(image.Rectangle{p, p.Add(image.Pt(1, 1))})
		}
	}
	r.Min = r.Min.Sub(image.Pt(max(r.Dx()/10, 2), max(r.Dy()/10, 2)))
	r.Max = r.Max.Add(image.Pt(max(r.Dx()/10, 2), max(r.Dy()/10, 2)))
	r = r.Intersect(truth.Rect)
	return r.Min, r.Max.Sub(image.Pt(1, 1))
}

// middle returns a click on the pixel of a set that is farthest from pixels outside the set and
// from the picture's edge, or a stroke through it.
func middle(size image.Point, in func(x, y int) bool, stroke bool) click {
	w, h := size.X+2, size.Y+2
	out := make([]bool, w*h)
	for y := range h {
		for x := range w {
			out[y*w+x] = x == 0 || y == 0 || x == w-1 || y == h-1 || !in(x-1, y-1)
		}
	}
	best := 0
	d := distances(image.Pt(w, h), out)
	for i, v := range d {
		if v > d[best] {
			best = i
		}
	}
	at := image.Pt(min(max(best%w-1, 0), size.X-1), min(max(best/w-1, 0), size.Y-1))
	c := click{at: at, from: at, to: at, radius: radius(size)}
	if !stroke {
		return c
	}
	c.radius = min(2*c.radius, max(d[best]/2, 1))
	longest := 0.0
	for angle := range 16 {
		sin, cos := math.Sincos(float64(angle) * math.Pi / 16)
		walk := func(sign float64) (p image.Point) {
			for far := 0.0; ; far++ {
				q := image.Pt(at.X+int(math.Round(sign*far*cos)), at.Y+int(math.Round(sign*far*sin)))
				if !q.In(image.Rectangle{Max: size}) || d[(q.Y+1)*w+q.X+1] < d[best]/2 {
					return p
				}
				p = q
			}
		}
		from, to := walk(-1), walk(1)
		if l := math.Hypot(float64(to.X-from.X), float64(to.Y-from.Y)); l > longest {
			longest, c.from, c.to = l, from, to
		}
	}
	return c
}
