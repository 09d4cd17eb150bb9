package region

import (
	"image"
	"math"
	"slices"
)

// MaxSide is the longest side, in pixels, of any size, where the limits set no shorter one.
const MaxSide = 16384

// Allows reports whether a window may be sent at a size.
func (l Limits) Allows(size image.Point) bool {
	if len(l.Sizes) == 0 && l.Multiple == 0 {
		return l.usable(size)
	}
	if slices.Contains(l.Sizes, size) {
		return true
	}
	if l.Multiple == 0 || !l.usable(size) {
		return false
	}
	long, short := max(size.X, size.Y), min(size.X, size.Y)
	return size.X%l.Multiple == 0 && size.Y%l.Multiple == 0 &&
		(l.MaxRatio == 0 || float64(long) <= l.MaxRatio*float64(short)) &&
		(l.MaxSide == 0 || long <= l.MaxSide) &&
		area(size) >= l.MinPixels && (l.MaxPixels == 0 || area(size) <= l.MaxPixels)
}

// usable reports whether a size has pixels, and is square where it must be.
func (l Limits) usable(size image.Point) bool {
	return size.X > 0 && size.Y > 0 && (!l.Square || size.X == size.Y)
}

// Nearest returns the allowed size that is nearest to a size: itself where it is
// allowed, else one of about its shape and as many pixels, and zero where the
// limits leave no size.
func (l Limits) Nearest(size image.Point) image.Point {
	size = image.Pt(max(size.X, 1), max(size.Y, 1))
	if l.Allows(size) {
		return size
	}
	var best image.Point
	consider := func(s image.Point) {
		if best == (image.Point{}) || sizeDistance(s, size) < sizeDistance(best, size) {
			best = s
		}
	}
	for _, s := range l.Sizes {
		if s.X > 0 && s.Y > 0 {
			consider(s)
		}
	}
	if l.Multiple == 0 {
		return best
	}
	side := l.MaxSide
	if side == 0 {
		side = MaxSide
	}
	for w := l.Multiple; w <= side; w += l.Multiple {
		low, high := l.heights(w, side)
		if low > high {
			continue
		}
		// The height of the wanted shape, and that of the wanted area.
		for _, h := range [2]int{w * size.Y / size.X, area(size) / w} {
			for _, d := range [2]int{0, l.Multiple} {
				consider(image.Pt(w, min(max(h/l.Multiple*l.Multiple+d, low), high)))
			}
		}
	}
	return best
}

// heights returns the smallest and the largest height that is allowed for a width
// that is a multiple; the first is larger where none is. side is the longest side.
func (l Limits) heights(w, side int) (low, high int) {
	low, high = l.Multiple, side
	if l.Square {
		low, high = w, w
	}
	low = max(low, ceilDiv(l.MinPixels, w))
	if l.MaxPixels > 0 {
		high = min(high, l.MaxPixels/w)
	}
	if l.MaxRatio > 0 {
		low = max(low, int(math.Ceil(float64(w)/l.MaxRatio)))
		high = min(high, int(float64(w)*l.MaxRatio))
	}
	return ceilDiv(low, l.Multiple) * l.Multiple, high / l.Multiple * l.Multiple
}

// sizeDistance returns a distance between two sizes: of shape above all, then of area.
func sizeDistance(a, b image.Point) float64 {
	return 4*shapeDistance(a, b) + math.Abs(math.Log(float64(area(a))/float64(area(b))))
}

// least returns the fewest pixels that a size outside the list should have: as many as the
// smallest of the list, and at least MinPixels.
func (l Limits) least() int {
	n := 0
	for _, s := range l.Sizes {
		if a := area(s); l.usable(s) && (n == 0 || a < n) {
			n = a
		}
	}
	return max(n, l.MinPixels)
}
