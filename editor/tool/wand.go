package tool

import (
	"image"
	"image/color"
	"math"

	"overpaint.dev/overpaint/editor/mask"
)

// wand takes what looks like the pixel that was clicked.
type wand struct{}

func (wand) ID() string { return "wand" }

func (wand) Begin(s Settings, m *mask.Mask, pixels func(image.Rectangle) *image.NRGBA, p Pointer) Gesture {
	c := &click{
		before: m, pixels: pixels, mode: s.Mode.under(p), reach: s.Reach, start: p.point(), last: p.point(),
		at:      image.Pt(int(math.Floor(p.X)), int(math.Floor(p.Y))),
		options: mask.WandOptions{Tolerance: s.Tolerance, Contiguous: s.Contiguous},
	}
	if c.reach == 0 {
		c.reach = defaultReach
	}
	return c
}

// Searcher is a gesture whose preview takes long to find, so that Preview doesn't show it.
type Searcher interface {
	// Search returns what finds the mask as it would be now, to be called on any
	// goroutine, or nil where nothing has changed since it was called last.
	Search() func() *mask.Mask
	// Learnt returns the tolerance, 0 to 255, that a drag has taught, and whether there
	// was one.
	Learnt() (tolerance int, ok bool)
}

// click is the wand's gesture: a click, or a drag over what is to be taken, too. What it
// takes is found in Search and in Finish, off the goroutine that follows the pointer.
type click struct {
	before      *mask.Mask
	pixels      func(image.Rectangle) *image.NRGBA
	at          image.Point
	options     mask.WandOptions
	mode        Mode
	reach       float64 // how far the pointer goes at least in a drag
	start, last Point
	dragged     bool
	searched    int // the tolerance of the last search, 0 before the first
}

const (
	// slack is what a learnt tolerance is more than the greatest difference seen: what looks
	// like it lies a little beyond, too.
	slack = 2
	// samples is how many pixels are looked at between two places of the pointer, at most.
	samples = 64
)

// Move learns the tolerance: the greatest difference of what the drag went over.
func (c *click) Move(p Pointer) image.Rectangle {
	far := math.Hypot(p.X-c.start.X, p.Y-c.start.Y) > c.reach
	if !c.dragged && !far {
		return image.Rectangle{}
	}
	if !c.dragged {
		c.dragged, c.options.Tolerance = true, slack
	}
	seed, ok := c.colour(c.at)
	if !ok {
		return image.Rectangle{}
	}
	n := min(max(int(math.Hypot(p.X-c.last.X, p.Y-c.last.Y)), 1), samples)
	for i := 1; i <= n; i++ {
		f := float64(i) / float64(n)
		x, y := c.last.X+f*(p.X-c.last.X), c.last.Y+f*(p.Y-c.last.Y)
		if v, ok := c.colour(image.Pt(int(math.Floor(x)), int(math.Floor(y)))); ok {
			c.options.Tolerance = max(c.options.Tolerance, min(mask.Difference(seed, v)+slack, 255))
		}
	}
	c.last = p.point()
	return image.Rectangle{}
}

// colour returns the colour of a pixel of the canvas.
func (c *click) colour(at image.Point) (color.NRGBA, bool) {
	if !at.In(c.before.Bounds()) {
		return color.NRGBA{}, false
	}
	return c.pixels(image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))}).NRGBAAt(at.X, at.Y), true
}

func (c *click) Release(p Pointer) bool {
	c.Move(p)
	return true
}

func (c *click) Preview() *mask.Mask { return c.before }

// Search implements Searcher: a click alone needs no preview.
func (c *click) Search() func() *mask.Mask {
	if !c.dragged || c.searched == c.options.Tolerance {
		return nil
	}
	c.searched = c.options.Tolerance
	return c.find()
}

func (c *click) Learnt() (tolerance int, ok bool) { return c.options.Tolerance, c.dragged }

// find returns what finds the mask with what is known now.
func (c *click) find() func() *mask.Mask {
	now := *c
	return func() *mask.Mask {
		return now.mode.Of(now.before, mask.Wand(now.before.Size(), now.pixels, now.at, now.options))
	}
}

func (c *click) Finish() (*mask.Mask, image.Rectangle) { return finish(c.before, c.find()()) }

func (c *click) Outline() ([]Point, bool) { return nil, false }
