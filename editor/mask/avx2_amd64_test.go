package mask

import (
	"image"
	"math/rand/v2"
	"testing"
)

// TestFeatherIsTheSameWithoutAVX2 feathers masks of odd sizes with and without the
// processor's own instructions.
func TestFeatherIsTheSameWithoutAVX2(t *testing.T) {
	if !avx2 {
		t.Skip("the processor has no AVX2")
	}
	defer func() { avx2 = true }()
	rng := rand.New(rand.NewPCG(29, 30))
	for _, radius := range []float64{0.01, 0.7, 3, 15.9, 16, 40, 64, 150, 260, 520, 700} {
		size := image.Pt(1+rng.IntN(400), 1+rng.IntN(300))
		m := New(size.X, size.Y)
		for range 12 {
			x, y := rng.Float64()*float64(size.X), rng.Float64()*float64(size.Y)
			m = Subtract(Ellipse(size, Point{x - 30, y - 40}, Point{x + 90, y + 70}), m)
		}
		avx2 = true
		got := m.Feather(radius)
		avx2 = false
		if want := m.Feather(radius); !got.Equal(want) {
			t.Errorf("%v feathered by %v: they differ in %v", size, radius, Diff(got, want))
		}
	}
}
