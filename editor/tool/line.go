package tool

import (
	"image"
	"math"

	"overpaint.dev/overpaint/editor/mask"
)

// Line returns the pixels at the corners of a path drawn by hand: those that it needs so that none of its
// points lies further than tolerance, in canvas pixels, from the line through them (Douglas and Peucker
// 1973), at most the given number, which is 2 at least; where they would be more, the tolerance grows.
// A path that stays within one pixel gives none.
func Line(path []Point, tolerance float64, most int) []image.Point {
	if len(path) < 2 {
		return nil
	}
	keep := corners(path, tolerance)
	for len(keep) > most {
		tolerance = max(2*tolerance, 0.25)
		keep = corners(path, tolerance)
	}
	var line []image.Point
	for _, i := range keep {
		p := image.Pt(int(math.Floor(path[i].X)), int(math.Floor(path[i].Y)))
		if n := len(line); n == 0 || line[n-1] != p {
			line = append(line, p)
		}
	}
	if len(line) < 2 {
		return nil
	}
	return line
}

// corners returns the indices of the points that are kept, in their order.
func corners(path []Point, tolerance float64) []int {
	kept := make([]bool, len(path))
	kept[0], kept[len(path)-1] = true, true
	spans := [][2]int{{0, len(path) - 1}}
	for len(spans) > 0 {
		s := spans[len(spans)-1]
		spans = spans[:len(spans)-1]
		far, at := tolerance, -1
		for i := s[0] + 1; i < s[1]; i++ {
			if d := mask.Distance(path[i], path[s[0]], path[s[1]]); d > far {
				far, at = d, i
			}
		}
		if at >= 0 {
			kept[at] = true
			spans = append(spans, [2]int{s[0], at}, [2]int{at, s[1]})
		}
	}
	var list []int
	for i, on := range kept {
		if on {
			list = append(list, i)
		}
	}
	return list
}
