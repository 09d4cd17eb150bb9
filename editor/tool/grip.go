package tool

import (
	"image"
	"math"

	"overpaint.dev/overpaint/editor/mask"
)

// Grip is what a press takes hold of among polylines.
type Grip struct {
	Line  int // the line's index, -1 where there is none in reach
	Point int // the index of the point that is held, -1 where the whole line is
}

// GripAt returns what a press at p holds of polylines in canvas pixels, whose points are the middles of
// pixels: the nearest point that is no farther than reach, in canvas pixels, else the line that passes
// nearest within reach. Of things equally near the last one counts, which is drawn on top.
func GripAt(lines [][]image.Point, p Point, reach float64) Grip {
	point, stretch := Grip{-1, -1}, Grip{-1, -1}
	toPoint, toStretch := reach, reach
	for i, line := range lines {
		for k, at := range line {
			a := middle(at)
			if d := math.Hypot(p.X-a.X, p.Y-a.Y); d <= toPoint {
				toPoint, point = d, Grip{i, k}
			}
			if k > 0 {
				if d := mask.Distance(p, middle(line[k-1]), a); d <= toStretch {
					toStretch, stretch = d, Grip{i, -1}
				}
			}
		}
	}
	if point.Line >= 0 {
		return point
	}
	return stretch
}

// Held reports whether anything is held.
func (g Grip) Held() bool { return g.Line >= 0 }

// Shift returns how far what is held of a line moves, in whole pixels, where the pointer went from one
// place to another. With a step, in degrees, above 0 a point that is held comes to lie in a direction
// that is a multiple of it from the point before it, the first one from the second.
func (g Grip) Shift(line []image.Point, from, to Point, step float64) image.Point {
	by := Point{X: to.X - from.X, Y: to.Y - from.Y}
	if step > 0 && g.Point >= 0 && len(line) > 1 {
		beside := middle(line[max(g.Point-1, 0)])
		if g.Point == 0 {
			beside = middle(line[1])
		}
		at := middle(line[g.Point])
		end := Snap(beside, Point{X: at.X + by.X, Y: at.Y + by.Y}, step)
		by = Point{X: end.X - at.X, Y: end.Y - at.Y}
	}
	return image.Pt(int(math.Round(by.X)), int(math.Round(by.Y)))
}

// middle returns the middle of a pixel.
func middle(p image.Point) Point { return Point{X: float64(p.X) + 0.5, Y: float64(p.Y) + 0.5} }
