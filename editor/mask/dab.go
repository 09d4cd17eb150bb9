package mask

import (
	"image"
	"math"
)

// Brush is a soft round brush.
type Brush struct {
	// Size is the diameter in pixels, 1 to 1000; other values are limited to this range.
	Size float64
	// Hardness is the part of the radius that is fully covered, 0 to 1. Beyond it coverage
	// falls to 0 at the rim along 1-3t²+2t³. A hardness of 1 is a disc with an antialiased
	// edge.
	Hardness float64
}

// The range of a brush's diameter in pixels.
const (
	MinBrush = 1
	MaxBrush = 1000
)

// sane returns the brush with its numbers limited to their ranges.
func (b Brush) sane() Brush {
	clamp := func(v, low, high float64) float64 {
		if !(v > low) { // also not a number
			return low
		}
		return min(v, high)
	}
	return Brush{Size: clamp(b.Size, MinBrush, MaxBrush), Hardness: clamp(b.Hardness, 0, 1)}
}

// Coverage returns the brush's coverage, 0 to 1, at a distance in pixels from
// its centre: the profile before it is averaged over pixels.
func (b Brush) Coverage(distance float64) float64 {
	r := b.Size / 2
	core := r * b.Hardness
	switch {
	case distance <= core:
		return 1
	case distance >= r:
		return 0
	}
	t := (distance - core) / (r - core)
	return 1 - t*t*(3-2*t)
}

// Spacing returns the distance in pixels between the dabs of a stroke. Dabs
// are joined by the greater coverage, so a stroke is as even as its dabs are
// close: the scallops of two discs' edges at a distance s are s²/8r deep, here
// 0.1 pixels, and a brush without a flat core also dips on the path itself.
func (b Brush) Spacing() float64 {
	b = b.sane()
	r := b.Size / 2
	core := r * b.Hardness
	return max(0.25, min(math.Sqrt(0.8*r), 2*core+0.1*(r-core)))
}

// lay lays the stamp on a sheet, its box about the pixel at, but only on one
// side of a line. It returns the rectangle of pixels that it reaches.
func (s *stamp) lay(on sheet, at image.Point, side *side) image.Rectangle {
	reach := s.box.Add(at).Intersect(on.bounds())
	g := grid(reach)
	for row := g.Min.Y; row < g.Max.Y; row++ {
		for col := g.Min.X; col < g.Max.X; col++ {
			if on.at(col, row) != full {
				s.raise(on, col, row, square(col, row).Intersect(reach), at, side)
			}
		}
	}
	return reach
}

// side is one side of a line, row by row: the pixels of row y that lie right
// (way 1) or left (way -1) of (at + y*slope) / fine, or all of them in the rows
// below (way 2) or above (way -2) at.
type side struct {
	way       int
	at, slope int
}

// fine is how many units a pixel has for a side.
const (
	fineBits = 20
	fine     = 1 << fineBits
)

var everywhere = side{way: 2, at: -farthest}

// nearer returns the side on which the middles of pixels are nearer to b than
// to a: with d = b-a and m between them, where (p-m)·d > 0.
func nearer(a, b Point) side {
	d, m := b.sub(a), a.to(b, 0.5)
	if math.Abs(d.X) < 1e-4*math.Abs(d.Y) || d.X == 0 {
		s := side{way: 2, at: int(math.Floor(m.Y + 0.5))}
		if d.Y < 0 {
			s.way, s.at = -2, int(math.Ceil(m.Y-0.5))
		}
		return s
	}
	slope := -d.Y / d.X
	s := side{way: 1, at: int((m.X - 0.5 + (0.5-m.Y)*slope) * fine), slope: int(slope * fine)}
	if d.X < 0 {
		s.way = -1
	}
	return s
}

// cut returns which of the pixels from x0 to x1 of row y are on the side.
func (s *side) cut(x0, x1, y int) (int, int) {
	switch s.way {
	case 1:
		x0 = max(x0, (s.at+y*s.slope)>>fineBits+1)
	case -1:
		x1 = min(x1, (s.at+y*s.slope+fine-1)>>fineBits)
	case 2:
		if y < s.at {
			x1 = x0
		}
	case -2:
		if y >= s.at {
			x1 = x0
		}
	}
	return x0, x1
}

// farthest bounds coordinates, in pixels: no picture is so large, and integers
// hold it.
const farthest = 1 << 24
