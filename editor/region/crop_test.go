package region_test

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// TestFillsIsWhatTheCroppedMaskShows compares Fills with a look at each pixel of the mask that
// is sent.
func TestFillsIsWhatTheCroppedMaskShows(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 11))
	filled := 0
	for range 300 {
		size := image.Pt(1+rnd.IntN(60), 1+rnd.IntN(40))
		if rnd.IntN(10) == 0 {
			size.X += 500
		}
		m := mask.All(size)
		for range 1 + rnd.IntN(3) {
			at := image.Pt(rnd.IntN(size.X), rnd.IntN(size.Y))
			m = mask.Subtract(m, rectangle(size, image.Rectangle{Min: at, Max: at.Add(image.Pt(1+rnd.IntN(30), 1+rnd.IntN(30)))}))
		}
		w := image.Rect(0, 0, 1+rnd.IntN(size.X), 1+rnd.IntN(size.Y))
		p := region.Plan{Window: w, Send: w.Size(), Grow: rnd.IntN(6)}
		_, sent := p.Crop(canvas{image.NewNRGBA(image.Rectangle{Max: size})}, size, m)
		want := bytes.IndexByte(sent.Pix, 0) < 0
		if got := p.Fills(size, m); got != want {
			t.Fatalf("canvas %v, window %v, grown by %d: %v, want %v", size, w, p.Grow, got, want)
		}
		if want {
			filled++
		}
	}
	if filled < 50 || filled > 250 {
		t.Errorf("%d of 300 are filled: too one-sided a test", filled)
	}
}
