package fill_test

import (
	"bytes"
	"context"
	"image"
	"math"
	"sync"
	"testing"

	"overpaint.dev/overpaint/editor/fill"
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

// A layout that is mended when it is asked for is the same whoever asks for it, and still to
// be had after somebody has given up.
func TestPiecesAreMendedForAll(t *testing.T) {
	img := blocks(120, 100, 23)
	hole := mask(img.Rect, func(x, _ int) bool { return x >= 60 })
	p, _, pieces := plan(t, img, hole)
	if pieces != 1 {
		t.Fatalf("pieces come as variant %d", pieces)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Fill(gone, fill.Options{Variant: pieces}); err == nil {
		t.Error("it is filled though nobody wants it")
	}
	variants := []int{pieces, pieces + 2, pieces, pieces + 2}
	together := make([]*image.NRGBA, len(variants))
	var wg sync.WaitGroup
	for i, v := range variants {
		wg.Go(func() { together[i], _ = p.Fill(t.Context(), fill.Options{Seed: 3, Variant: v, Workers: 1 + i}) })
	}
	wg.Wait()
	q, _, _ := plan(t, img, hole)
	for i, v := range variants {
		alone, err := q.Fill(t.Context(), fill.Options{Seed: 3, Variant: v})
		if err != nil {
			t.Fatal(err)
		}
		if together[i] == nil || !bytes.Equal(alone.Pix, together[i].Pix) {
			t.Errorf("variant %d is another picture", v)
		}
	}
}
