package fill_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/fill"
)

// plan prepares a hole and returns the plan and the first variant of each kind, -1 for none.
func plan(t *testing.T, img *image.NRGBA, hole *image.Alpha) (p *fill.Plan, patches, pieces int) {
	t.Helper()
	return planWith(t, img, hole, nil)
}

// planWith is plan with drawn lines.
func planWith(t *testing.T, img *image.NRGBA, hole *image.Alpha, lines [][]image.Point) (p *fill.Plan, patches, pieces int) {
	t.Helper()
	p, err := fill.Prepare(t.Context(), img, hole, lines, 0)
	if err != nil {
		t.Fatal(err)
	}
	patches, pieces = -1, -1
	for v := 1; v >= 0; v-- {
		if p.Kind(v) == fill.Pieces {
			pieces = v
		} else {
			patches = v
		}
	}
	return p, patches, pieces
}

func roundHole(img *image.NRGBA, x, y, radius float64) *image.Alpha {
	return mask(img.Rect, func(u, v int) bool { return math.Hypot(float64(u)-x, float64(v)-y) < radius })
}

func TestKindsComeByTurns(t *testing.T) {
	img := blocks(140, 130, 21)
	p, patches, pieces := plan(t, img, roundHole(img, 70, 65, 22))
	if patches < 0 || pieces < 0 {
		t.Fatalf("kinds are %d and %d", patches, pieces)
	}
	for v := range 6 {
		if p.Kind(v) != p.Kind(v%2) {
			t.Errorf("variant %d is of kind %d", v, p.Kind(v))
		}
	}
	if patches != 0 {
		t.Error("random blocks, which no pieces fit to, are filled with pieces first")
	}
}

// A hole as thin as a scratch has no room for pieces.
func TestThinHolesGetNoPieces(t *testing.T) {
	img := blocks(140, 130, 22)
	p, _, pieces := plan(t, img, mask(img.Rect, func(x, y int) bool { return x > 20 && x < 120 && y > 60 && y < 66 }))
	if pieces >= 0 || p.Kind(3) != fill.Patches {
		t.Error("it gets pieces")
	}
}

// A lattice whose steps are no whole number of any coarser level's pixels goes on in step
// through the hole, and such a picture is filled with pieces first.
func TestPiecesGoOnInStep(t *testing.T) {
	truth := function(300, 260, lattice)
	hole := roundHole(truth, 150, 130, 40)
	p, _, pieces := plan(t, truth, hole)
	if pieces != 0 {
		t.Fatalf("pieces come as variant %d", pieces)
	}
	out, err := p.Fill(t.Context(), fill.Options{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, truth, out, hole)
	if mean, most := difference(out, truth, hole); mean > 1 || most > 25 {
		t.Errorf("off by %.1f, at most %.0f", mean, most)
	}
}

// What is left of a thing at the edge of a tight mask is not copied into the hole.
func TestPiecesLeaveLeftovers(t *testing.T) {
	img := function(260, 240, func(x, y float64) (r, g, b float64) {
		v := 90 + math.Mod(3*x+7*math.Floor(y/5), 40)
		return v, v + 30, v / 2
	})
	hole := roundHole(img, 130, 120, 30)
	for y := range 240 {
		for x := range 260 {
			if d := math.Hypot(float64(x)-130, float64(y)-120); d < 30.8 {
				copy(img.Pix[img.PixOffset(x, y):], []uint8{255, 0, 255})
			}
		}
	}
	p, _, pieces := plan(t, img, hole)
	out, err := p.Fill(t.Context(), fill.Options{Variant: pieces})
	if err != nil {
		t.Fatal(err)
	}
	for y := range 240 {
		for x := range 260 {
			if math.Hypot(float64(x)-130, float64(y)-120) < 24 {
				if c := out.NRGBAAt(x, y); c.B > 140 {
					t.Fatalf("(%d, %d) is %v", x, y, c)
				}
			}
		}
	}
}

func TestPiecesInHolesOfAnyShape(t *testing.T) {
	const w, h = 120, 100
	for name, in := range map[string]func(x, y int) bool{
		"ring":      func(x, y int) bool { d := math.Hypot(float64(x-60), float64(y-50)); return d > 14 && d < 34 },
		"corner":    func(x, y int) bool { return x > 80 && y > 60 },
		"frame":     func(x, y int) bool { return x < 16 || y < 16 || x >= w-16 || y >= h-16 },
		"half":      func(x, y int) bool { return x >= w/2 },
		"all round": func(x, y int) bool { return x < 50 || y < 40 || x > 75 || y > 62 },
	} {
		img := blocks(w, h, 23)
		hole := mask(img.Rect, in)
		p, _, pieces := plan(t, img, hole)
		if pieces < 0 {
			t.Logf("%s: no pieces", name)
			continue
		}
		var first *image.NRGBA
		for _, workers := range []int{1, 16} {
			for _, v := range []int{pieces, pieces + 2} {
				out, err := p.Fill(t.Context(), fill.Options{Seed: 5, Variant: v, Workers: workers})
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				check(t, img, out, hole)
				switch {
				case v != pieces:
				case first == nil:
					first = out
				case !bytes.Equal(first.Pix, out.Pix):
					t.Errorf("%s: %d workers: another picture", name, workers)
				}
			}
		}
	}
}

// Where a picture of soft things is extended, no straight seam goes through what is added:
// no two columns beside each other differ much more than those of the picture do.
func TestExtendedSoftPicturesHaveNoSeams(t *testing.T) {
	for seed := range int64(4) {
		img := soft(240, 160, seed)
		p, _, pieces := plan(t, img, mask(img.Rect, func(x, _ int) bool { return x >= 90 }))
		if pieces != 1 {
			t.Fatalf("pieces are variant %d", pieces)
		}
		out, err := p.Fill(t.Context(), fill.Options{Seed: 1, Variant: pieces})
		if err != nil {
			t.Fatal(err)
		}
		known, added := 0.0, 0.0
		for x := 1; x < 240; x++ {
			step := 0.0
			for y := range 160 {
				step += math.Abs(float64(out.NRGBAAt(x, y).G)-float64(out.NRGBAAt(x-1, y).G)) / 160
			}
			if x < 90 {
				known = max(known, step)
			} else {
				added = max(added, step)
			}
		}
		if added > 2*known {
			t.Errorf("seed %d: columns differ by up to %.1f levels where the picture is extended, and by %.1f in it", seed, added, known)
		}
	}
}

// soft returns a grey picture of random levels every 40 pixels, with smooth transitions.
func soft(w, h int, seed int64) *image.NRGBA {
	const cell = 40
	r := rand.New(rand.NewPCG(uint64(seed), 1))
	var at [16][16]float64
	for i := range at {
		for j := range at[i] {
			at[i][j] = 40 + 175*r.Float64()
		}
	}
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	ease := func(t float64) float64 { return t * t * (3 - 2*t) }
	for y := range h {
		for x := range w {
			i, j := y/cell, x/cell
			u, v := ease(float64(x%cell)/cell), ease(float64(y%cell)/cell)
			g := (at[i][j]*(1-u)+at[i][j+1]*u)*(1-v) + (at[i+1][j]*(1-u)+at[i+1][j+1]*u)*v
			img.SetNRGBA(x, y, color.NRGBA{uint8(g), uint8(g), uint8(g), 255})
		}
	}
	return img
}
