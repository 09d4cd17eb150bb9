package fill_test

import (
	"math"
	"testing"

	"overpaint.dev/overpaint/editor/fill"
)

// lattice is a grid of light bars on dark tiles.
func lattice(x, y float64) (r, g, b float64) {
	if math.Mod(x, 23) < 3 || math.Mod(y, 19) < 2 {
		return 220, 215, 200
	}
	return 60 + 20*math.Mod(math.Floor(x/23)+math.Floor(y/19), 2), 60, 50
}

// Where three planes meet, and where curves go on, pieces are nearer to the truth than patches,
// and come first.
func TestTheFirstKindIsTheBetter(t *testing.T) {
	for name, f := range map[string]func(x, y float64) (r, g, b float64){
		"planes": func(x, y float64) (r, g, b float64) {
			switch {
			case y < 130+0.4*(x-150) && y < 130-0.5*(x-150):
				return 120, 150, 200
			case x < 150:
				return 200, 120, 60
			}
			return 40, 60, 50
		},
		"rings": func(x, y float64) (r, g, b float64) {
			v := 128 + 90*math.Sin(math.Hypot(x-60, y-130)/5)
			return v, v, v
		},
	} {
		truth := function(300, 260, f)
		hole := roundHole(truth, 150, 130, 40)
		p, patches, pieces := plan(t, truth, hole)
		if pieces != 0 {
			t.Errorf("%s: pieces come as variant %d", name, pieces)
			continue
		}
		var off [2]float64
		for v := range off {
			out, err := p.Fill(t.Context(), fill.Options{Variant: v})
			if err != nil {
				t.Fatal(err)
			}
			off[v], _ = difference(out, truth, hole)
		}
		if off[pieces] > 0.5*off[patches] {
			t.Errorf("%s: pieces are off by %.2f, patches by %.2f", name, off[pieces], off[patches])
		}
	}
}

// Of a hole's parts the largest decides which kind comes first for all of them.
func TestTheLargestPartDecides(t *testing.T) {
	img := function(520, 260, lattice)
	unlike := blocks(520, 260, 31)
	for y := range 260 {
		copy(img.Pix[img.PixOffset(260, y):][:4*260], unlike.Pix[unlike.PixOffset(260, y):])
	}
	for _, c := range []struct {
		left, right float64 // the radii of the parts in the lattice and in the blocks
		first       fill.Kind
	}{{38, 20, fill.Pieces}, {20, 38, fill.Patches}} {
		hole := mask(img.Rect, func(x, y int) bool {
			return math.Hypot(float64(x-130), float64(y-130)) < c.left || math.Hypot(float64(x-390), float64(y-130)) < c.right
		})
		p, err := fill.Prepare(t.Context(), img, hole, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if p.Kind(0) != c.first || p.Kind(1) == c.first {
			t.Errorf("parts of %.0f and %.0f pixels: the kinds are %d and %d", c.left, c.right, p.Kind(0), p.Kind(1))
		}
	}
}
