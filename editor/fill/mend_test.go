package fill_test

import (
	"math"
	"testing"

	"overpaint/editor/fill"
)

// A road under a sky that is nowhere the same goes on at its height to the far end of an
// extended picture, though nothing that is known is near there.
func TestPiecesGoOnFarFromTheKnown(t *testing.T) {
	const w, h, known, road = 360, 150, 180, 96
	for _, phase := range []float64{1, 3, 5, 7} {
		truth := function(w, h, func(x, y float64) (r, g, b float64) {
			switch v := 110 + 70*math.Sin(x/(47+phase)+1+phase)*math.Cos(y/41) + y/3; {
			case y < road:
				return v, v + 10, v + 30
			case y < road+14:
				return 30, 32, 36
			case y < road+22:
				return 220, 222, 225
			}
			v := 60 + 12*math.Sin(x/17)*math.Sin(y/9)
			return v, v + 25, v - 10
		})
		hole := mask(truth.Rect, func(x, _ int) bool { return x >= known })
		p, _, pieces := plan(t, truth, hole)
		out, err := p.Fill(t.Context(), fill.Options{Variant: pieces})
		if err != nil {
			t.Fatal(err)
		}
		check(t, truth, out, hole)
		off := 0
		for x := known; x < w; x++ {
			if out.NRGBAAt(x, road+7).G > 80 || out.NRGBAAt(x, road+18).G < 170 {
				off++
			}
		}
		if off > 0 {
			t.Errorf("phase %.0f: the road is elsewhere in %d of %d columns", phase, off, w-known)
		}
	}
}
