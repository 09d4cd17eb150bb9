package document_test

import (
	"image"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// Whatever becomes of a document, the answer is what looking at each pixel says,
// and it is looked once where the mask alone changed.
func TestTransparencyFollowsThePixels(t *testing.T) {
	img := random(300, 200, 1)
	for y := 40; y < 90; y++ {
		for x := 50; x < 120; x++ {
			img.Pix[img.PixOffset(x, y)+3] = uint8(y % 3 * 127)
		}
	}
	d := document.New(&picture.Picture{Pix: img})
	check := func(what string, wholly bool) {
		t.Helper()
		s := d.State()
		m, got := s.Transparency()
		if got != wholly {
			t.Errorf("%s: wholly = %v, want %v", what, got, wholly)
		}
		if !m.Equal(mask.FromTransparency(s.Flatten(), s.Size, image.Point{})) {
			t.Errorf("%s: the mask is not what looking at each pixel says", what)
		}
		again, _ := s.WithMask(box(s.Size, image.Rect(1, 2, 3, 4))).Transparency()
		if again != m {
			t.Errorf("%s: with another mask each pixel was looked at again", what)
		}
	}
	check("opened", true)
	paint(d, image.Rect(40, 30, 130, 100))
	check("painted", true)
	id := accept(t, d, 2)
	check("filled", false)
	d.RemoveResult(id)
	check("taken away", true)
	d.Undo()
	check("undone", false)
	erased := mask.Subtract(covered(d, id), box(d.State().Size, image.Rect(60, 50, 64, 70)))
	d.Paint("step.eraser", document.Target{Kind: document.ResultMask, Result: id}, erased)
	check("erased", true)
	d.Undo()
	check("not erased", false)
	d.Extend(5, 0, 0, 7)
	check("extended", true)
	d.Undo()
	check("not extended", false)
	d.Undo()
	check("not filled", true)
}
