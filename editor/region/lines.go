package region

import "image"

// Lines returns the guide lines that a window shows. lines are polylines in canvas pixels; the
// result's are in pixels of what is sent (Send), each the pixel that holds the centre of the
// canvas's. A line that doesn't come near the window is left out, one that does is whole and may reach
// over its edges. Points that fall on the one before are left out, and what is then a
// single point, too. The result is the caller's own, nil where there is none.
func (p Plan) Lines(lines [][]image.Point) [][]image.Point {
	var out [][]image.Point
	for _, line := range lines {
		var moved []image.Point
		var box image.Rectangle
		for _, c := range line {
			at := image.Pt(sentAt(c.X-p.Window.Min.X, p.Send.X, p.Window.Dx()), sentAt(c.Y-p.Window.Min.Y, p.Send.Y, p.Window.Dy()))
			if n := len(moved); n > 0 && moved[n-1] == at {
				continue
			}
			moved = append(moved, at)
			box = box.Union(image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))})
		}
		if len(moved) > 1 && box.Overlaps(image.Rectangle{Max: p.Send}) {
			out = append(out, moved)
		}
	}
	return out
}

// sentAt returns where the centre of a pixel lies once a length has become another one.
func sentAt(v, send, length int) int {
	n, d := (2*v+1)*send, 2*length
	if n < 0 {
		n -= d - 1 // rounded down, not towards zero
	}
	return n / d
}
