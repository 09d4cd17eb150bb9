package mask_test

import (
	"image"
	"math"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

func TestScaled(t *testing.T) {
	a := image.NewAlpha(image.Rect(0, 0, 300, 200))
	for y := 50; y < 150; y++ {
		for x := 90; x < 210; x++ {
			a.Pix[y*a.Stride+x] = 255
		}
	}
	m := mask.FromAlpha(a, image.Pt(300, 200))
	if m.Scaled(m.Size()) != m {
		t.Error("a mask of that size is made anew")
	}
	for _, size := range []image.Point{{600, 400}, {100, 67}, {900, 50}, {31, 431}} {
		got := m.Scaled(size)
		share := got.Area() / float64(size.X*size.Y)
		if got.Size() != size || math.Abs(share-0.2) > 0.01 {
			t.Errorf("%v: it is %v and covers %.3f", size, got.Size(), share)
		}
		if got.At(size.X/2, size.Y/2) != 255 || got.At(0, 0) != 0 || got.At(size.X-1, size.Y-1) != 0 {
			t.Errorf("%v: the middle is %d, the corner %d", size, got.At(size.X/2, size.Y/2), got.At(0, 0))
		}
	}
	if all := mask.All(image.Pt(7, 9)).Scaled(image.Pt(640, 3)); all.Area() != 640*3 {
		t.Errorf("of a full mask %v is left", all.Area())
	}
	if none := mask.New(7, 9).Scaled(image.Pt(640, 3)); !none.Empty() || none.Size() != image.Pt(640, 3) {
		t.Error("of an empty mask something has come")
	}
}
