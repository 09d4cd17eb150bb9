// Package tool holds what the user draws masks with. A Tool turns the
// pointer's events into one change of the mask, a Gesture, that can be looked
// at while it runs, and be finished or dropped; no widgets, no view. For guide
// lines it has what a path that is drawn becomes, Line, and what of lines a
// press takes hold of, GripAt.
//
// Masks are immutable, so a gesture is cancelled by forgetting it.
//
// Tools and gestures are for one goroutine at a time; the masks that they
// return are for any.
package tool

import (
	"image"

	"overpaint.dev/overpaint/editor/mask"
)

// Point is a position in canvas pixels; pixel (i, j) covers the square from
// (i, j) to (i+1, j+1).
type Point = mask.Point

// Pointer is where the pointer is, in canvas pixels and possibly outside the
// canvas, and which keys are held.
type Pointer struct {
	X, Y                    float64
	Shift, Alt, Ctrl, Space bool
}

func (p Pointer) point() Point { return Point{X: p.X, Y: p.Y} }

// Settings are the user's choices in the options bar.
type Settings struct {
	// Brush is the brush of brush and eraser.
	Brush mask.Brush
	// Tolerance, 0 to 255, and Contiguous are the wand's.
	Tolerance  int
	Contiguous bool
	// Mode is what the tool does with the mask. Holding Ctrl is Subtract.
	Mode Mode
	// Freehand reports that guide lines follow the pointer; otherwise they are straight.
	Freehand bool
	// Reach is how near, in canvas pixels, a click must come to a polygon's
	// corner to count as on it, and go at least in a drag with the wand: some device pixels
	// at the present zoom. 0 is 8.
	Reach float64
}

const defaultReach = 8

// Mode is what a tool does with the mask that there is.
type Mode int

// The modes. Brushes, which have no use for Intersect, add then.
const (
	Add       Mode = iota
	Subtract       // takes away what the tool would add
	Intersect      // leaves only what the tool would add, of what there is
	Replace        // leaves only what was found; no mode of tools that draw
)

// under is the mode with the keys that are held.
func (m Mode) under(p Pointer) Mode {
	if p.Ctrl {
		return Subtract
	}
	return m
}

// Of returns what the mode makes of a mask by what a tool found.
func (m Mode) Of(before, found *mask.Mask) *mask.Mask {
	switch m {
	case Replace:
		return found
	case Subtract:
		return mask.Subtract(before, found)
	case Intersect:
		return mask.Intersect(before, found)
	}
	return mask.Union(before, found)
}

// Tool makes gestures. A tool remembers what its next gesture needs from the
// last one: a brush, where its stroke ended.
type Tool interface {
	// ID returns the tool's name: "brush", "eraser", "rectangle", "ellipse",
	// "lasso", "polygon" or "wand".
	ID() string
	// Begin starts a gesture with the pointer pressed at p, over the mask m.
	// pixels gives the flattened picture within a rectangle of the canvas; only
	// the wand asks for it, from several goroutines at once.
	Begin(s Settings, m *mask.Mask, pixels func(image.Rectangle) *image.NRGBA, p Pointer) Gesture
}

// Gesture is one change that is being made.
//
// Brush and eraser paint along the way; Shift at the start draws a straight
// line from where the last stroke ended, Ctrl at the start makes the brush
// erase. Rectangle and ellipse lie between where the pointer was pressed and
// where it is, in whole pixels; Shift makes them square or round, Alt draws
// them from the centre. With the lasso and the polygon, Shift draws straight
// lines at multiples of 45 degrees. With all four, Space moves what there is so
// far, and Ctrl takes it away from the mask instead of adding it; the keys act
// as they are held at the last event.
//
// The wand takes what looks like the pixel that was clicked. A drag teaches it the
// tolerance: what the pointer went over is taken, too.
type Gesture interface {
	// Move tells that the pointer is at p, pressed or, for a polygon, not. It
	// returns the rectangle in which Preview may differ from what it was at the
	// last call of Move; the first call counts from the mask that the gesture
	// began with.
	Move(p Pointer) image.Rectangle
	// Release tells that the pointer was released at p, and reports whether the
	// gesture is complete and Finish is to be called. A polygon gets a corner
	// with every release and is complete when that is on its start, or twice in
	// the same place.
	Release(p Pointer) (done bool)
	// Preview returns the mask as it would be now. It costs as much as what
	// changed since it was called last. The wand's is found by its Search.
	Preview() *mask.Mask
	// Finish returns the final mask and the rectangle of all that the gesture
	// changed, empty if it changed nothing: then the mask is the one that it
	// began with. An open shape is closed; a polygon is made of the corners that
	// were clicked. Finish may take long for the wand (a pass over the whole
	// picture), and may be called on a goroutine of its own.
	Finish() (*mask.Mask, image.Rectangle)
	// Outline returns the line to draw over the picture while the gesture runs,
	// and whether its end is joined to its start; no points for the brushes and
	// the wand.
	Outline() (points []Point, closed bool)
}

// All returns one tool of each kind, in the order of the rail.
func All() []Tool {
	var all []Tool
	for _, id := range []string{"brush", "eraser", "rectangle", "ellipse", "lasso", "polygon", "wand"} {
		all = append(all, New(id))
	}
	return all
}

// New returns a new tool by its ID, nil if there is none of that name.
func New(id string) Tool {
	switch id {
	case "brush", "eraser":
		return &brush{id: id}
	case "rectangle", "ellipse":
		return box{id}
	case "lasso":
		return lasso{}
	case "polygon":
		return polygon{}
	case "wand":
		return wand{}
	}
	return nil
}

// finish returns what Gesture.Finish does for a gesture that made after of
// before.
func finish(before, after *mask.Mask) (*mask.Mask, image.Rectangle) {
	changed := mask.Diff(before, after)
	if changed.Empty() {
		return before, changed
	}
	return after, changed
}
