package tool

import (
	"image"
	"math"

	"overpaint/editor/mask"
)

// wand takes what looks like the pixel that was clicked.
type wand struct{}

func (wand) ID() string { return "wand" }

func (wand) Begin(s Settings, m *mask.Mask, pixels func(image.Rectangle) *image.NRGBA, p Pointer) Gesture {
	return &click{
		before: m, pixels: pixels, subtract: s.Subtract || p.Ctrl,
		at:      image.Pt(int(math.Floor(p.X)), int(math.Floor(p.Y))),
		options: mask.WandOptions{Tolerance: s.Tolerance, Contiguous: s.Contiguous},
	}
}

// click is the wand's gesture. All happens in Finish, off the goroutine that
// follows the pointer.
type click struct {
	before   *mask.Mask
	pixels   func(image.Rectangle) *image.NRGBA
	at       image.Point
	options  mask.WandOptions
	subtract bool
}

func (c *click) Move(Pointer) image.Rectangle { return image.Rectangle{} }

func (c *click) Release(Pointer) bool { return true }

func (c *click) Preview() *mask.Mask { return c.before }

func (c *click) Finish() (*mask.Mask, image.Rectangle) {
	found := mask.Wand(c.before.Size(), c.pixels, c.at, c.options)
	if c.subtract {
		return finish(c.before, mask.Subtract(c.before, found))
	}
	return finish(c.before, mask.Union(c.before, found))
}

func (c *click) Outline() ([]Point, bool) { return nil, false }
