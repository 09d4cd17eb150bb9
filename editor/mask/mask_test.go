package mask_test

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"

	"overpaint/editor/mask"
)

// random returns a mask of blobs, hard and soft, for tests.
func random(rng *rand.Rand, w, h int) *mask.Mask {
	e := mask.New(w, h).Edit()
	for range 1 + rng.IntN(6) {
		b := mask.Brush{Size: 1 + rng.Float64()*float64(max(w, h))/2, Hardness: rng.Float64()}
		e.Dab(b, rng.Float64()*float64(w), rng.Float64()*float64(h))
	}
	return e.Mask()
}

func TestPNGRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, size := range []image.Point{{1, 1}, {64, 64}, {130, 77}, {300, 5}} {
		for _, m := range []*mask.Mask{mask.New(size.X, size.Y), mask.All(size), random(rng, size.X, size.Y)} {
			var file bytes.Buffer
			if err := m.EncodePNG(&file); err != nil {
				t.Fatal(err)
			}
			back, err := mask.Decode(file.Bytes(), size)
			if err != nil {
				t.Fatal(err)
			}
			if !back.Equal(m) {
				t.Errorf("a mask of %v didn't come back from its PNG", size)
			}
		}
	}
}
