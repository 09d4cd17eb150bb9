package view_test

import (
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
		c.SetLines([][]view.Point{{{X: 20.5, Y: 30.5}, {X: 150.5, Y: 100.5}, {X: 280.5, Y: 100.5}}})
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
		c.SetLines(nil)
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
