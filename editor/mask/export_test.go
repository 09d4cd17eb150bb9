package mask

import "image"

// Dab raises the coverage to that of one dab of the brush, its centre at
// (x, y), wherever it is lower, and returns the rectangle of pixels that it
// reached, cut at the mask's edges. The centre is rounded to a fraction of a
// pixel that is too small to see, a sixteenth where the rim is sharp.
//
// A dab's coverage is the brush's, averaged over each pixel. Of brushes below 4
// pixels it is averaged along the line through the centre alone, as if the rim
// were straight: only so are strokes, in which each pixel has the coverage of
// one dab, as wide and as dense as they should be.
func (e *Editor) Dab(b Brush, x, y float64) image.Rectangle {
	r := image.Rectangle{}
	if stamp, at, ok := stampsOf(b).at(Point{x, y}); ok {
		r = stamp.lay(e, at, &everywhere)
	}
	e.mark(r)
	return r
}
