package region

import (
	"image"
	"math"

	"overpaint.dev/overpaint/editor/mask"
)

// NewWholePlan plans an edit without a mask: all of a canvas goes out in its own
// shape, without borders, at the largest size that the limits allow and that
// is not larger than it is, unless they ask for more pixels than it has. Only
// where they allow no size of its shape is Send none of theirs; then the answer has to be asked for at
// Ask. With Options.Window, a part of the canvas takes the canvas's place.
// Options.Size holds where it is of the picture's shape.
func NewWholePlan(size image.Point, l Limits, o Options) (Plan, error) {
	w := image.Rectangle{Max: size}
	if !o.Window.Empty() {
		w = o.Window.Intersect(w)
	}
	if w.Empty() {
		return Plan{}, ErrEmptyMask
	}
	p := Plan{Window: w, Send: w.Size(), Grow: max(o.Grow, 0)}
	ask := l.Ask(w.Size(), o.Size)
	switch {
	case ask == (image.Point{}):
	case sameShape(ask, w.Size()):
		p.Send = ask
	default:
		p.Send = covering(w.Size(), ask)
	}
	return p, nil
}

// Ask returns the size at which the answer to a whole picture of a size is to be
// asked for: the wanted one where that has its shape, else the largest of its shape that
// the limits allow, else the one that comes nearest to it; zero where the
// limits leave all sizes open.
func (l Limits) Ask(size, wanted image.Point) image.Point {
	if wanted.X > 0 && wanted.Y > 0 && sameShape(wanted, size) {
		return wanted
	}
	if l.Multiple > 0 && (l.MaxRatio == 0 || longest(size) <= l.MaxRatio) && (!l.Square || size.X == size.Y) {
		k := max(1, math.Sqrt(float64(l.least())/float64(area(size))))
		return l.Nearest(image.Pt(int(math.Round(float64(size.X)*k)), int(math.Round(float64(size.Y)*k))))
	}
	var best image.Point
	for _, s := range l.Sizes {
		if l.usable(s) && (best == (image.Point{}) || nearer(size, s, best)) {
			best = s
		}
	}
	return best
}

// nearer reports whether the shape of a is nearer to that of size than b's, or equally near
// and larger.
func nearer(size, a, b image.Point) bool {
	da, db := shapeDistance(size, a), shapeDistance(size, b)
	if math.Abs(da-db) > 1e-9 {
		return da < db
	}
	return area(a) > area(b)
}

// shapeDistance returns the difference of the shapes of two sizes, as a logarithm.
func shapeDistance(a, b image.Point) float64 {
	return math.Abs(math.Log(float64(a.X) * float64(b.Y) / (float64(a.Y) * float64(b.X))))
}

// sameShape reports whether two sizes have the same shape but for what rounding to
// what models take makes of it.
func sameShape(a, b image.Point) bool { return shapeDistance(a, b) < 0.03 }

func longest(p image.Point) float64 { return float64(max(p.X, p.Y)) / float64(min(p.X, p.Y)) }

// covering returns a size of the shape of a picture that covers ask, or the
// picture's own where that is smaller.
func covering(size, ask image.Point) image.Point {
	k := max(float64(ask.X)/float64(size.X), float64(ask.Y)/float64(size.Y))
	if k >= 1 {
		return size
	}
	return image.Pt(max(int(math.Round(float64(size.X)*k)), 1), max(int(math.Round(float64(size.Y)*k)), 1))
}

// Whole returns the mask of an edit without one: all of the window.
func (p Plan) Whole(size image.Point) *mask.Mask {
	canvas := image.Rectangle{Max: size}
	if canvas.In(p.Window) {
		return mask.All(size)
	}
	return oblong(size, p.Window.Intersect(canvas))
}

// oblong returns the mask of a rectangle of whole pixels.
func oblong(size image.Point, r image.Rectangle) *mask.Mask {
	return mask.Rectangle(size, mask.Point{X: float64(r.Min.X), Y: float64(r.Min.Y)}, mask.Point{X: float64(r.Max.X), Y: float64(r.Max.Y)})
}
