package region

import (
	"errors"
	"image"
	"math"

	"overpaint.dev/overpaint/editor/mask"
)

// ErrEmptyMask reports that the mask is empty, so that there is nothing to plan.
var ErrEmptyMask = errors.New("region: the mask is empty")

// margin is the least width, in canvas pixels, of known picture around the mask in a window
// even where its context is reduced: the ring from which colour match and seam are learnt lies
// in it.
const margin = 32

// NewPlan chooses the window for the mask and the size at which it is sent.
//
// The window is Context times as large as the mask's larger side, at least Min
// pixels, of a shape that the limits allow, and moved inside the canvas.
// Where the canvas is too small for that, the context shrinks first; only
// where the mask and its margin would not fit, or the canvas itself is smaller
// than Min, does the window reach over the canvas's edge. It never cuts the mask.
// Of several shapes the one wins that reaches over the edge least, then the
// one that loses least resolution, then the smallest window.
//
// The window is sent at the largest of the listed sizes that has its shape, or,
// where any multiple is allowed, as near to its own size as can be, but with no
// fewer pixels than the smallest listed size. Options.Size overrides that
// and is taken as it is. The error is ErrEmptyMask or nil.
func NewPlan(m *mask.Mask, l Limits, o Options) (Plan, error) {
	box := m.Bounding()
	if box.Empty() {
		return Plan{}, ErrEmptyMask
	}
	return planBox(box, m.Size(), l, o), nil
}

// planBox plans the window for a mask with a box on a canvas of a size.
func planBox(box image.Rectangle, size image.Point, l Limits, o Options) Plan {
	o.Grow = max(o.Grow, 0)
	g := goal{canvas: image.Rectangle{Max: size}, limits: l}
	g.core = box.Inset(-o.Grow).Intersect(g.canvas)
	if w := o.Window; !w.Empty() {
		// The user's window need not leave a margin, nor keep to Min.
		g.wanted, g.need, g.drawn = w.Union(g.core), g.core, true
	} else {
		m := max(margin, max(box.Dx(), box.Dy())/8)
		g.need = box.Inset(-m).Intersect(g.canvas)
		side := int(math.Ceil(max(o.Context, 1) * float64(max(box.Dx(), box.Dy()))))
		g.min = o.Min
		g.wanted = around(box, image.Pt(max(side, o.Min), max(side, o.Min)))
		g.box = image.Pt(int(math.Ceil(max(o.Context, 1)*float64(box.Dx()))), int(math.Ceil(max(o.Context, 1)*float64(box.Dy()))))
	}
	shapes := l.shapes(o.Size)
	if len(shapes) == 0 {
		w := g.free()
		return Plan{Window: w, Send: w.Size(), Grow: o.Grow}
	}
	var best candidate
	for i, s := range shapes {
		if c := g.fit(s); i == 0 || c.better(best) {
			best = c
		}
	}
	return Plan{Window: best.window, Send: best.send, Grow: o.Grow}
}

// goal is what a window should be before shapes come into it.
type goal struct {
	canvas image.Rectangle
	limits Limits
	core   image.Rectangle // must be inside the window
	need   image.Rectangle // core and its margin
	wanted image.Rectangle // the window if there were no limits and no edges
	box    image.Point     // the mask's box times the context; zero for a drawn window
	min    int
	drawn  bool
}

// free returns the window where any shape is allowed: it is cut to the canvas.
func (g goal) free() image.Rectangle {
	size := image.Pt(min(g.wanted.Dx(), g.canvas.Dx()), min(g.wanted.Dy(), g.canvas.Dy()))
	return g.place(size)
}

// place puts a window of a size around the middle of what is wanted, inside
// the canvas where it fits and around all of the core.
func (g goal) place(size image.Point) image.Rectangle {
	r := around(g.wanted, size)
	x := placeAxis(r.Min.X, size.X, g.canvas.Dx(), g.core.Min.X, g.core.Max.X)
	y := placeAxis(r.Min.Y, size.Y, g.canvas.Dy(), g.core.Min.Y, g.core.Max.Y)
	return image.Rectangle{Min: image.Pt(x, y), Max: image.Pt(x+size.X, y+size.Y)}
}

func placeAxis(at, length, canvas, coreMin, coreMax int) int {
	if length >= canvas {
		at = (canvas - length) / 2
	} else {
		at = min(max(at, 0), canvas-length)
	}
	return min(max(at, coreMax-length), coreMin)
}

// around returns a rectangle of a size with the middle of r.
func around(r image.Rectangle, size image.Point) image.Rectangle {
	at := image.Pt((r.Min.X+r.Max.X-size.X)>>1, (r.Min.Y+r.Max.Y-size.Y)>>1)
	return image.Rectangle{Min: at, Max: at.Add(size)}
}

// candidate is a window of one shape.
type candidate struct {
	window image.Rectangle
	send   image.Point
	over   int     // pixels of the window outside the canvas
	shape  float64 // how far the shape is from the drawn one, as a logarithm
	scale  float64 // sent pixels a canvas pixel, at most 1
}

func (c candidate) better(than candidate) bool {
	const same = 1e-6
	if math.Abs(c.shape-than.shape) > same {
		return c.shape < than.shape
	}
	if c.over != than.over {
		return c.over < than.over
	}
	if math.Abs(c.scale-than.scale) > same {
		return c.scale > than.scale
	}
	return area(c.window.Size()) < area(than.window.Size())
}

// fit makes the window of one shape. Lengths are heights; widths follow by the ratio.
func (g goal) fit(s shape) candidate {
	canvas := g.canvas.Size()
	inside := s.inscribed(canvas)
	var wanted, lower float64
	if g.drawn {
		wanted = s.covering(g.wanted.Size())
		lower = s.covering(g.need.Size())
	} else {
		least := s.shortSide(g.min)
		wanted = max(s.covering(g.box), least)
		lower = max(s.covering(g.need.Size()), min(least, s.covering(canvas)))
	}
	h := wanted
	if h > inside {
		h = max(inside, lower)
	}
	size := s.window(h, canvas)
	send := s.send(size, g.limits)
	if s.unit != (image.Point{}) {
		// Round the window up to a size that can be sent one to one.
		k := max((size.X+s.unit.X-1)/s.unit.X, (size.Y+s.unit.Y-1)/s.unit.Y)
		if up := s.unit.Mul(k); send == up && up.X <= canvas.X && up.Y <= canvas.Y {
			size = up
		}
	}
	c := candidate{window: g.place(size), send: send}
	c.over = area(size) - area(c.window.Intersect(g.canvas).Size())
	c.scale = min(1, float64(send.X)/float64(size.X))
	if g.drawn {
		c.shape = math.Abs(math.Log(s.ratio() * float64(g.wanted.Dy()) / float64(g.wanted.Dx())))
	}
	return c
}

func area(p image.Point) int { return p.X * p.Y }
