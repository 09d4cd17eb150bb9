package mask_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

// slowFeather is the exact Gaussian, in floating point, over coverage that goes
// on beyond the canvas as it is at its edge.
func slowFeather(m *mask.Mask, radius float64) []float64 {
	size, sigma := m.Size(), radius/2
	reach := int(math.Ceil(5 * sigma))
	weights, sum := make([]float64, 2*reach+1), 0.0
	for i := range weights {
		weights[i] = math.Exp(-float64((i-reach)*(i-reach)) / (2 * sigma * sigma))
		sum += weights[i]
	}
	at := func(x, y int) float64 {
		return float64(m.At(min(max(x, 0), size.X-1), min(max(y, 0), size.Y-1)))
	}
	rows, out := make([]float64, size.X*size.Y), make([]float64, size.X*size.Y)
	for y := range size.Y {
		for x := range size.X {
			for i, w := range weights {
				rows[y*size.X+x] += w / sum * at(x+i-reach, y)
			}
		}
	}
	for y := range size.Y {
		for x := range size.X {
			for i, w := range weights {
				out[y*size.X+x] += w / sum * rows[min(max(y+i-reach, 0), size.Y-1)*size.X+x]
			}
		}
	}
	return out
}

func TestFeatherIsGaussian(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	for _, radius := range []float64{0.5, 2, 7.3, 15.9, 16, 24, 32, 33.3, 64, 130, 300} {
		size := image.Pt(50+rng.IntN(150), 50+rng.IntN(150))
		m := random(rng, size.X, size.Y)
		got, want := m.Feather(radius), slowFeather(m, radius)
		worst := 0.0
		for i, v := range want {
			worst = max(worst, math.Abs(float64(got.At(i%size.X, i/size.X))-v))
		}
		t.Logf("radius %v: at most %.2f levels off", radius, worst)
		if worst > 2 {
			t.Errorf("radius %v: a pixel is %.2f levels off the Gaussian", radius, worst)
		}
	}
}
