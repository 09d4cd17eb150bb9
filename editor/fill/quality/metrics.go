package main

import (
	"image"
	"math"

	"overpaint.dev/overpaint/editor/colour"
)

// luma returns the brightness of a pixel.
func luma(img *image.NRGBA, x, y int) float64 {
	p := img.Pix[img.PixOffset(x, y):]
	return colour.LumaRed*float64(p[0]) + colour.LumaGreen*float64(p[1]) + colour.LumaBlue*float64(p[2])
}

func inHole(a *image.Alpha, x, y int) bool {
	return image.Pt(x, y).In(a.Rect) && a.Pix[a.PixOffset(x, y)] > 0
}

// coverage returns the hole's share of the picture.
func coverage(a *image.Alpha) float64 {
	n := 0
	for _, v := range a.Pix {
		if v > 0 {
			n++
		}
	}
	return float64(n) / float64(len(a.Pix))
}

// energy returns the mean step of brightness between neighbours in the hole.
func energy(img *image.NRGBA, hole *image.Alpha) float64 {
	return steps(img, func(x0, y0, x1, y1 int) bool { return inHole(hole, x0, y0) && inHole(hole, x1, y1) })
}

// energyAround returns the same of the picture outside of the hole.
func energyAround(img *image.NRGBA, hole *image.Alpha) float64 {
	return steps(img, func(x0, y0, x1, y1 int) bool { return !inHole(hole, x0, y0) && !inHole(hole, x1, y1) })
}

// steps returns the mean step of brightness over the pairs of neighbours that count.
func steps(img *image.NRGBA, counts func(x0, y0, x1, y1 int) bool) float64 {
	sum, n := 0.0, 0
	r := img.Rect
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			for _, d := range [2]image.Point{{X: 1}, {Y: 1}} {
				u, v := x+d.X, y+d.Y
				if u < r.Max.X && v < r.Max.Y && counts(x, y, u, v) {
					sum += math.Abs(luma(img, x, y) - luma(img, u, v))
					n++
				}
			}
		}
	}
	return sum / math.Max(1, float64(n))
}

// seamStep returns the mean step across the hole's edge over the mean step
// between neighbours in the ring of 8 known pixels around the hole. Half a
// level, the error of rounding, is no step.
func seamStep(img *image.NRGBA, hole *image.Alpha) float64 {
	near := func(x, y int) bool {
		for _, d := range [8]image.Point{{X: 8}, {X: -8}, {Y: 8}, {Y: -8}, {X: 5, Y: 5}, {X: -5, Y: 5}, {X: 5, Y: -5}, {X: -5, Y: -5}} {
			if inHole(hole, x+d.X, y+d.Y) {
				return true
			}
		}
		return false
	}
	seam := steps(img, func(x0, y0, x1, y1 int) bool { return inHole(hole, x0, y0) != inHole(hole, x1, y1) })
	ring := steps(img, func(x0, y0, x1, y1 int) bool {
		return !inHole(hole, x0, y0) && !inHole(hole, x1, y1) && near(x0, y0)
	})
	return seam / math.Max(0.5, ring)
}

// rmse returns the root of the mean squared difference in the hole.
func rmse(a, b *image.NRGBA, hole *image.Alpha) float64 {
	sum, n := 0.0, 0
	for y := hole.Rect.Min.Y; y < hole.Rect.Max.Y; y++ {
		for x := hole.Rect.Min.X; x < hole.Rect.Max.X; x++ {
			if !inHole(hole, x, y) {
				continue
			}
			p, q := a.Pix[a.PixOffset(x, y):], b.Pix[b.PixOffset(x, y):]
			for c := range 3 {
				d := float64(p[c]) - float64(q[c])
				sum += d * d
			}
			n += 3
		}
	}
	return math.Sqrt(sum / math.Max(1, float64(n)))
}

// lineError returns by how many pixels the lines in the hole lie beside their
// true place at the worst of 95 % of their length: along each, the profile
// across it is shifted against the one expected, which is the mean profile
// outside of the hole, to where it fits best.
func lineError(img *image.NRGBA, hole *image.Alpha, lines []line) float64 {
	const reach, wide = 8, 6
	worst := 0.0
	for _, l := range lines {
		tx, ty := l.ny, -l.nx
		var expect [2*wide + 1]float64
		n := 0.0
		var inside []float64
		for t := -300.0; t <= 300; t++ {
			x, y := l.x+t*tx, l.y+t*ty
			if !room(img, x, y, reach+wide+2) {
				continue
			}
			if inHole(hole, int(x), int(y)) {
				inside = append(inside, t)
				continue
			}
			for i := range expect {
				expect[i] += sample(img, x+float64(i-wide)*l.nx, y+float64(i-wide)*l.ny)
			}
			n++
		}
		for i := range expect {
			expect[i] /= n
		}
		var off []float64
		for _, t := range inside {
			best, least := 0.0, math.Inf(1)
			for s := -reach * 1.0; s <= reach; s += 0.125 {
				d := 0.0
				for i, e := range expect {
					at := float64(i-wide) + s
					v := sample(img, l.x+t*tx+at*l.nx, l.y+t*ty+at*l.ny)
					d += (v - e) * (v - e)
				}
				if d += 0.01 * math.Abs(s); d < least {
					best, least = s, d
				}
			}
			off = append(off, math.Abs(best))
		}
		worst = math.Max(worst, percentile(off, 0.95))
	}
	return worst
}

// room reports whether (x, y) is at least d pixels inside the picture.
func room(img *image.NRGBA, x, y, d float64) bool {
	return x >= d && y >= d && x < float64(img.Rect.Max.X)-d && y < float64(img.Rect.Max.Y)-d
}

// sample returns the brightness between pixels, linearly interpolated.
func sample(img *image.NRGBA, x, y float64) float64 {
	x0, y0 := math.Floor(x), math.Floor(y)
	fx, fy := x-x0, y-y0
	at := func(dx, dy int) float64 {
		return luma(img, min(max(int(x0)+dx, 0), img.Rect.Max.X-1), min(max(int(y0)+dy, 0), img.Rect.Max.Y-1))
	}
	return (at(0, 0)*(1-fx)+at(1, 0)*fx)*(1-fy) + (at(0, 1)*(1-fx)+at(1, 1)*fx)*fy
}
