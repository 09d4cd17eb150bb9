package region

import (
	"image"
	"math"
	"slices"
)

// shape is an aspect ratio that the limits allow.
type shape struct {
	// of has the ratio: a size, or small numbers such as 3:2.
	of image.Point
	// fixed is the one size that this shape is sent at; or
	fixed image.Point
	// unit is the smallest step of the sizes it may be sent at.
	unit image.Point
	// least is the fewest pixels that a free size should have.
	least int
}

// commonRatios are tried where any multiple is allowed.
var commonRatios = []image.Point{{X: 1, Y: 1}, {X: 3, Y: 2}, {X: 2, Y: 3}, {X: 4, Y: 3}, {X: 3, Y: 4}, {X: 16, Y: 9}, {X: 9, Y: 16}, {X: 2, Y: 1}, {X: 1, Y: 2}, {X: 3, Y: 1}, {X: 1, Y: 3}}

// shapes lists what the limits allow; nothing means any shape, sent as it is.
func (l Limits) shapes(asked image.Point) []shape {
	switch {
	case asked.X > 0 && asked.Y > 0:
		return []shape{{of: asked, fixed: asked}}
	case l.Multiple > 0:
		return l.freeShapes() // every listed size is among the multiples, or as near as matters
	}
	list := l.fixedShapes()
	if len(list) == 0 && l.Square {
		list = append(list, shape{of: image.Pt(1, 1)})
	}
	return list
}

// fixedShapes lists the shapes of the listed sizes, each with the largest size that has it.
func (l Limits) fixedShapes() []shape {
	var list []shape
	for _, size := range l.Sizes {
		if !l.usable(size) {
			continue
		}
		s := shape{of: size, fixed: size}
		i := slices.IndexFunc(list, func(o shape) bool { return o.of.X*size.Y == o.of.Y*size.X })
		switch {
		case i < 0:
			list = append(list, s)
		case area(list[i].fixed) < area(size):
			list[i] = s
		}
	}
	return list
}

// freeShapes lists the common shapes that the limits allow at any multiple.
func (l Limits) freeShapes() []shape {
	var list []shape
	least := l.least()
	for _, r := range commonRatios {
		if l.Square && r.X != r.Y || l.MaxRatio > 0 && longest(r) > l.MaxRatio {
			continue
		}
		list = append(list, shape{of: r, unit: r.Mul(l.Multiple), least: least})
	}
	return list
}

func (s shape) ratio() float64 { return float64(s.of.X) / float64(s.of.Y) }

// inscribed returns the height of the largest window of this shape within a size.
func (s shape) inscribed(size image.Point) float64 {
	return min(float64(size.Y), float64(size.X)/s.ratio())
}

// covering returns the height of the smallest window of this shape that covers a size.
func (s shape) covering(size image.Point) float64 {
	return max(float64(size.Y), float64(size.X)/s.ratio())
}

// shortSide returns the height of the window whose shorter side is given.
func (s shape) shortSide(side int) float64 { return max(float64(side), float64(side)/s.ratio()) }

// window returns the window's size in whole pixels for a height: rounded up, so
// that it covers what it must, but not past the canvas where it fitted before.
func (s shape) window(h float64, canvas image.Point) image.Point {
	const hair = 1e-6
	up := func(v float64, edge int) int {
		n := int(math.Ceil(v - hair))
		if v <= float64(edge)+hair {
			n = min(n, edge)
		}
		return max(n, 1)
	}
	size := image.Pt(up(h*s.ratio(), canvas.X), up(h, canvas.Y))
	if s.of.X == s.of.Y {
		// Rounding must not make a square anything else.
		size.X = max(size.X, size.Y)
		size.Y = size.X
	}
	return size
}

// send returns the size at which a window is sent.
func (s shape) send(window image.Point, l Limits) image.Point {
	switch {
	case s.fixed != (image.Point{}):
		return s.fixed
	case s.unit == (image.Point{}):
		return window
	}
	k := max((window.X+s.unit.X-1)/s.unit.X, (window.Y+s.unit.Y-1)/s.unit.Y)
	if s.least > 0 {
		k = max(k, int(math.Ceil(math.Sqrt(float64(s.least)/float64(area(s.unit)))-1e-9)))
	}
	if l.MaxSide > 0 {
		k = min(k, l.MaxSide/max(s.unit.X, s.unit.Y))
	}
	if l.MaxPixels > 0 {
		k = min(k, int(math.Sqrt(float64(l.MaxPixels)/float64(area(s.unit)))+1e-9))
	}
	return s.unit.Mul(max(k, 1))
}
