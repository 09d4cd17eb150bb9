package region_test

import (
	"image"
	"testing"

	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

func TestNearestPiece(t *testing.T) {
	pieces := []region.Piece{
		{Window: image.Rect(0, 0, 100, 100), Box: image.Rect(10, 10, 90, 90)},
		{Window: image.Rect(0, 0, 100, 100), Box: image.Rect(40, 40, 60, 60)},
		{Window: image.Rect(50, 0, 200, 100), Box: image.Rect(150, 40, 160, 50)},
	}
	for at, want := range map[image.Point]int{
		{X: 20, Y: 20}:   0,
		{X: 50, Y: 50}:   1, // both boxes hold it
		{X: 95, Y: 50}:   0,
		{X: 99, Y: 99}:   0,
		{X: 120, Y: 50}:  2, // no other window holds it
		{X: 250, Y: 50}:  -1,
		{X: 150, Y: -10}: -1,
	} {
		if got := region.Nearest(pieces, at); got != want {
			t.Errorf("%v is nearest to %d, want %d", at, got, want)
		}
	}
}

// TestPiecesKeepTheirOwnScale has a soft piece beside a sharp one.
func TestPiecesKeepTheirOwnScale(t *testing.T) {
	base := photo(t, "coffee.png", image.Point{})
	soft, sharp := image.Rect(60, 120, 180, 240), image.Rect(400, 120, 520, 240)
	m := boxes(base.size(), soft, sharp)
	p := region.Plan{Window: base.Rect, Send: base.size(), Grow: 4}
	left, right := image.Rect(0, 0, 300, base.size().Y), image.Rect(280, 0, base.size().X, base.size().Y)
	answer := image.NewNRGBA(base.Rect)
	copy(answer.Pix, base.Pix)
	half := picture.Resize(picture.Resize(base.SubImage(left).(*image.NRGBA), left.Size().Div(2)), left.Size())
	for y := range half.Rect.Dy() {
		copy(answer.Pix[answer.PixOffset(0, y):][:4*left.Dx()], half.Pix[half.PixOffset(0, y):])
	}
	pieces := []region.Piece{
		{Window: left, Answer: left.Size().Div(2), Box: soft},
		{Window: right, Answer: right.Size(), Box: sharp},
	}
	b := region.DefaultBlend()
	c := p.Learn(base, base.Rect, m, answer, pieces, b)
	if d := c.Detail(); d.Times != 2 || d.Sharpened == 0 {
		t.Fatalf("they get %+v back", d)
	}
	weight := p.Weight(base.Rect, m, b, base.Rect)
	out := image.NewNRGBA(base.Rect)
	c.Apply(out, answer, weight)
	was, is, want := steep(answer, soft), steep(out, soft), steep(base.NRGBA, soft)
	if is < 1.1*was || is > want {
		t.Errorf("slopes of %.0f are %.0f when sharpened; the photo's are %.0f", was, is, want)
	}
	if d := off(out, answer, sharp); d != 0 {
		t.Errorf("the sharp piece changed by %.2f", d)
	}
	// The colours of a joined answer are left alone, those of another one are not.
	tint := tinted(answer)
	b.Sharpen, b.Grain = false, false
	p.Learn(base, base.Rect, m, tint, pieces, b).Apply(out, tint, weight)
	if d := off(out, tint, sharp); d != 0 {
		t.Errorf("colours were matched once more, by %.2f", d)
	}
	p.Learn(base, base.Rect, m, tint, p.Pieces(p.Send), b).Apply(out, tint, weight)
	if d := off(out, tint, sharp); d == 0 {
		t.Error("the colours of an answer as it came were not matched")
	}
}
