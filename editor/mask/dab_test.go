package mask_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

// slowDab returns a dab's coverage of one pixel, 0 to 255, from 16x16 samples.
func slowDab(b mask.Brush, cx, cy float64, x, y int) float64 {
	if d := math.Hypot(float64(x)+0.5-cx, float64(y)+0.5-cy); d > b.Size/2+1 || d < b.Size/2*b.Hardness-1 {
		return 255 * b.Coverage(d)
	}
	sum := 0.0
	for j := range 16 {
		for i := range 16 {
			sum += b.Coverage(math.Hypot(float64(x)+(float64(i)+0.5)/16-cx, float64(y)+(float64(j)+0.5)/16-cy))
		}
	}
	return sum / 256 * 255
}

func TestDabIsTheBrushAveragedOverPixels(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for range 80 {
		b := mask.Brush{Size: 4 + rng.Float64()*rng.Float64()*90, Hardness: float64(rng.IntN(11)) / 10}
		w, h := 40+rng.IntN(100), 40+rng.IntN(100)
		cx, cy := rng.Float64()*float64(w+20)-10, rng.Float64()*float64(h+20)-10
		e := mask.New(w, h).Edit()
		reached := e.Dab(b, cx, cy)
		if !e.Dirty().Eq(reached) || !reached.In(image.Rect(0, 0, w, h)) {
			t.Fatalf("dirty is %v after a dab that reached %v", e.Dirty(), reached)
		}
		m := e.Mask()
		if !m.Bounding().In(reached) {
			t.Fatalf("coverage in %v, more than the %v that were said to be reached", m.Bounding(), reached)
		}
		// The centre is rounded by up to 1/32 of a pixel along each axis where
		// the rim is sharp, 11 levels along a diagonal.
		slope := min(255, 1.5*255/(b.Size/2*(1-b.Hardness)+1e-9))
		tolerance := 3 + min(slope/32*1.42, 11)
		for y := range h {
			for x := range w {
				want := slowDab(b, cx, cy, x, y)
				if got := float64(m.At(x, y)); math.Abs(got-want) > tolerance {
					t.Fatalf("%+v at (%.3f, %.3f): pixel (%d, %d) is %v, should be %.1f", b, cx, cy, x, y, got, want)
				}
			}
		}
	}
}

func TestHardDabsHaveADiscsArea(t *testing.T) {
	for _, size := range []float64{4, 5, 7, 10, 31, 33, 64, 200, 1000} {
		mean := 0.0
		for i := range 64 {
			e := mask.New(1100, 1100).Edit()
			e.Dab(mask.Brush{Size: size, Hardness: 1}, 550+float64(i%8)/8, 550+float64(i/8)/8)
			mean += e.Mask().Area() / 64
		}
		if want := math.Pi * size * size / 4; math.Abs(mean-want) > 0.01*want {
			t.Errorf("a hard dab of %v pixels covers %.3f, a disc %.3f", size, mean, want)
		}
	}
}

func TestBrushOutOfRange(t *testing.T) {
	for _, b := range []mask.Brush{{}, {Size: -5, Hardness: 7}, {Size: math.NaN(), Hardness: math.NaN()}, {Size: 1e12}, {Size: math.Inf(1), Hardness: math.Inf(-1)}} {
		e := mask.New(1200, 1200).Edit()
		e.Dab(b, 600.5, 600.5)
		m := e.Mask()
		if m.Empty() || m.Bounding().Dx() > mask.MaxBrush+2 {
			t.Errorf("%+v painted %v", b, m.Bounding())
		}
		for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300} {
			if r := e.Dab(b, v, 1); !r.Empty() {
				t.Errorf("a dab at %v reached %v", v, r)
			}
		}
	}
}
