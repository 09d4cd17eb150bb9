package view_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/view"
)

// TestGuideLinesAreSeenOnAnyPicture: a guide line is darker than a white picture and lighter
// than a black one along its whole length, except for gaps shorter than a dash.
func TestGuideLinesAreSeenOnAnyPicture(t *testing.T) {
	for _, ground := range []uint8{0, 128, 255} {
		img := image.NewNRGBA(image.Rect(0, 0, 300, 200))
		draw.Draw(img, img.Rect, image.NewUniform(color.NRGBA{ground, ground, ground, 255}), image.Point{}, draw.Src)
		c := view.NewCompositor()
		c.SetSize(img.Rect.Size())
		c.SetTransform(view.Transform{Scale: 1})
		c.SetState(document.NewState(&picture.Picture{Pix: img}))
		c.Render()
		plain := clone(c.Image())
		c.SetLines([][]view.Point{{{X: 20.5, Y: 30.5}, {X: 150.5, Y: 100.5}, {X: 280.5, Y: 100.5}}}, view.NoLine)
		c.Render()
		unseen, longest := 0, 0
		for x := 20; x < 280; x++ {
			y := min(30+(x-20)*70/130, 100)
			strongest := 0
			for dy := -3; dy <= 3; dy++ {
				strongest = max(strongest, apart(c.Image().RGBAAt(x, y+dy), plain.RGBAAt(x, y+dy)))
			}
			if unseen++; strongest >= 60 {
				unseen = 0
			}
			longest = max(longest, unseen)
		}
		if longest > 8 {
			t.Errorf("on %d nothing is seen of %d pixels in a row", ground, longest)
		}
		c.SetLines(nil, view.NoLine)
		c.Render()
		for y := range 200 {
			for x := range 300 {
				if c.Image().RGBAAt(x, y) != plain.RGBAAt(x, y) {
					t.Fatalf("on %d the line leaves a pixel at %d,%d", ground, x, y)
				}
			}
		}
	}
}

// TestAHeldGuideLineIsSeen: a line that is held is solid, a point that is held has a larger dot, and
// all points have one.
func TestAHeldGuideLineIsSeen(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 300, 200))
	draw.Draw(img, img.Rect, image.NewUniform(color.NRGBA{90, 90, 90, 255}), image.Point{}, draw.Src)
	c := view.NewCompositor()
	c.SetSize(img.Rect.Size())
	c.SetTransform(view.Transform{Scale: 1})
	c.SetState(document.NewState(&picture.Picture{Pix: img}))
	shown := func(mark view.LineMark) *image.RGBA {
		c.SetLines([][]view.Point{{{X: 20.5, Y: 30.5}, {X: 150.5, Y: 30.5}, {X: 280.5, Y: 150.5}}}, mark)
		c.Render()
		return clone(c.Image())
	}
	white := func(img *image.RGBA, r image.Rectangle) (n int) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if img.RGBAAt(x, y).G > 200 {
					n++
				}
			}
		}
		return n
	}
	free, line, point := shown(view.NoLine), shown(view.LineMark{Line: 0, Point: -1}), shown(view.LineMark{Line: 0, Point: 1})
	along := image.Rect(30, 30, 140, 31)
	if n := white(line, along); n != along.Dx() {
		t.Errorf("of a held line %d pixels of %d are white", n, along.Dx())
	}
	if a, b := white(free, along), white(point, along); a != b || a > 90 {
		t.Errorf("%d pixels are white of a free line, %d where a point of it is held", a, b)
	}
	bend, end := image.Rect(143, 23, 158, 38), image.Rect(13, 23, 28, 38)
	if a, b, d := white(free, bend), white(line, bend), white(point, bend); a+8 > b || b+20 > d {
		t.Errorf("the dot at the bend has %d white pixels free, %d with the line held, %d held itself", a, b, d)
	}
	if a, b := white(free, end), white(point, end); a != b {
		t.Errorf("the dot at the end has %d white pixels, and %d where another point is held", a, b)
	}
	if !bytes.Equal(shown(view.NoLine).Pix, free.Pix) {
		t.Error("what was held leaves something on the screen")
	}
}
