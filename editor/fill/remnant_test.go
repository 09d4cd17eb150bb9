package fill_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/fill"
)

// leftover returns noise about a grey, and a red disc before it of the given radius.
func leftover(radius float64) *image.NRGBA {
	return function(120, 110, func(x, y float64) (r, g, b float64) {
		n := rand.New(rand.NewPCG(uint64(x), uint64(y))).Float64()*30 - 15
		if math.Hypot(x-60, y-55) <= radius {
			return 190 + n, 40 + n, 30 + n
		}
		return 120 + n, 130 + n, 140 + n
	})
}

func TestWhatATightMaskLeavesDoesNotGrowIn(t *testing.T) {
	img := leftover(27)
	hole := mask(img.Rect, func(x, y int) bool { return math.Hypot(float64(x-60), float64(y-55)) <= 25 })
	for variant := range 4 {
		out, err := fill.Fill(t.Context(), img, hole, fill.Options{Seed: 3, Variant: variant})
		if err != nil {
			t.Fatal(err)
		}
		check(t, img, out, hole)
		red := 0
		for y := range 110 {
			for x := range 120 {
				if c := out.NRGBAAt(x, y); hole.AlphaAt(x, y).A > 0 && int(c.R) > int(c.B)+10 {
					red++
				}
			}
		}
		if red > 0 {
			t.Errorf("variant %d: %d pixels of the hole are reddish", variant, red)
		}
	}
}

func TestAThingBesideTheHoleStays(t *testing.T) {
	// The mask covers half of a large disc: it goes on in the hole, or at least is not cut off.
	img := leftover(45)
	hole := mask(img.Rect, func(x, y int) bool { return x >= 50 && x < 66 && y >= 40 && y < 70 })
	out, err := fill.Fill(t.Context(), img, hole, fill.Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	check(t, img, out, hole)
	for y := 40; y < 70; y++ {
		for x := 50; x < 66; x++ {
			if c := out.NRGBAAt(x, y); int(c.R) < int(c.B)+60 {
				t.Fatalf("(%d, %d) within the disc became %v", x, y, c)
			}
		}
	}
}
