package document_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// TestEraseBringsTheOriginalBack erases with a hard brush within a feathered
// result and in its feather, and paints on both sides of its edge.
func TestEraseBringsTheOriginalBack(t *testing.T) {
	d := greyDocument(300, 200)
	window := image.Rect(20, 20, 280, 180)
	b := region.Blend{Opacity: 1, Grow: 4, Feather: 16}
	e := document.Edit{Plan: region.Plan{Window: window, Send: window.Size()}, Mask: box(d.State().Size, image.Rect(60, 60, 200, 140)), Blend: b}
	id := d.AddResult(document.NewResult(d.State(), e, []*document.Variant{answer(even(window.Size(), red), nil)}, 0))
	target := document.Target{Kind: document.ResultMask, Result: id}
	before, _ := d.State().Coverage(target)
	for _, c := range []struct {
		what string
		at   image.Rectangle
	}{
		{"a thin line inside", image.Rect(100, 90, 103, 120)}, {"in the feather alone", image.Rect(202, 80, 212, 120)}, {"across the edge", image.Rect(190, 60, 220, 90)},
	} {
		d.Paint("step.eraser", target, mask.Subtract(before, box(d.State().Size, c.at)))
		if got := d.State().Result(id).Changed(); got.Empty() {
			t.Fatal("nothing is left")
		}
		now := d.State()
		after, _ := now.Coverage(target)
		for y := range 200 {
			for x := range 300 {
				want := before.At(x, y)
				if image.Pt(x, y).In(c.at) {
					want = 0
				}
				if after.At(x, y) != want {
					t.Fatalf("%s: at (%d, %d) the result covers %d, want %d", c.what, x, y, after.At(x, y), want)
				}
				if want == 0 && colour(now, x, y) != grey {
					t.Fatalf("%s: (%d, %d) is not the original", c.what, x, y)
				}
			}
		}
		// Another feather does not bring it back either.
		wide := b
		wide.Feather = 30
		d.SetBlend(id, wide)
		for y := c.at.Min.Y; y < c.at.Max.Y; y++ {
			for x := c.at.Min.X; x < c.at.Max.X; x++ {
				if before.At(x, y) > 0 && colour(d.State(), x, y) != grey {
					t.Fatalf("%s: with more feather (%d, %d) came back", c.what, x, y)
				}
			}
		}
		d.Undo()
		// What is painted again is back.
		d.Paint("step.brush", target, before)
		if got, _ := d.State().Coverage(target); !got.Equal(before) {
			t.Errorf("%s: painted again it is not as before, in %v", c.what, mask.Diff(got, before))
		}
		d.Undo()
		d.Undo()
	}
}

// TestPaintingIsLiveAndCancellable looks at a stroke while it is drawn, drops it,
// and draws it to its end.
func TestPaintingIsLiveAndCancellable(t *testing.T) {
	d := greyDocument(300, 200)
	id := d.AddResult(plain(d.State(), image.Rect(20, 20, 280, 180), red, green))
	start := d.State()
	for _, target := range []document.Target{{}, {Kind: document.ResultMask, Result: id}, {Kind: document.ResultMix, Result: id, Variant: 1}, {Kind: document.ResultMix, Result: id}} {
		m, ok := start.Coverage(target)
		if !ok {
			t.Fatalf("%+v: nothing to paint on", target)
		}
		erase := target.Kind == document.ResultMask
		stroke := mask.NewStroke(m, mask.Brush{Size: 30, Hardness: 0.5}, erase)
		var last *document.State
		for x := 60.0; x <= 200; x += 20 {
			stroke.Add(x, 100)
			last = start.Painting(target, stroke.Mask())
		}
		if d.State() != start {
			t.Fatalf("%+v: looking at a stroke changed the document", target)
		}
		seen := colour(last, 130, 100)
		want := map[document.Target]color.NRGBA{{}: red, {Kind: document.ResultMask, Result: id}: grey, {Kind: document.ResultMix, Result: id, Variant: 1}: green, {Kind: document.ResultMix, Result: id}: red}[target]
		if seen != want || target == (document.Target{}) && last.Mask.At(130, 100) != 255 {
			t.Errorf("%+v: the stroke shows as %v, want %v", target, seen, want)
		}
		if target == (document.Target{Kind: document.ResultMix, Result: id}) {
			if d.Paint("step.brush", target, stroke.Mask()) {
				t.Error("painting the chosen variant where it wins already is a step")
			}
			continue
		}
		told := counted(d)
		if !d.Paint("step.brush", target, stroke.Mask()) || told.n != 1 {
			t.Errorf("%+v: %d steps", target, told.n)
		}
		if !bytes.Equal(flat(d.State()), flat(last)) {
			t.Errorf("%+v: the step looks otherwise than the stroke did", target)
		}
		d.Undo()
	}
}

// TestMixBlendsVariants paints two variants over a third with soft brushes and
// compares with the weighted mean of the colours.
func TestMixBlendsVariants(t *testing.T) {
	d := greyDocument(300, 200)
	id := d.AddResult(plain(d.State(), image.Rect(20, 20, 280, 180), red, green, blue))
	mix := func(v int) document.Target { return document.Target{Kind: document.ResultMix, Result: id, Variant: v} }
	paintOn := func(v int, erase bool, x0, x1 float64) {
		m, _ := d.State().Coverage(mix(v))
		s := mask.NewStroke(m, mask.Brush{Size: 80, Hardness: 0}, erase)
		s.Add(x0, 100)
		s.Add(x1, 100)
		d.Paint("step.brush", mix(v), s.Mask())
	}
	check := func(what string) {
		t.Helper()
		s := d.State()
		img := s.Flatten()
		colours := []color.NRGBA{red, green, blue}
		var parts []*mask.Mask
		for v := range colours {
			m, _ := s.Coverage(mix(v))
			parts = append(parts, m)
		}
		for y := 20; y < 180; y++ {
			for x := 20; x < 280; x++ {
				var want [3]float64
				for v, c := range colours {
					p := float64(parts[v].At(x, y)) / 255
					want[0], want[1], want[2] = want[0]+p*float64(c.R), want[1]+p*float64(c.G), want[2]+p*float64(c.B)
				}
				c := img.NRGBAAt(x, y)
				if math.Abs(float64(c.R)-want[0]) > 1 || math.Abs(float64(c.G)-want[1]) > 1 || math.Abs(float64(c.B)-want[2]) > 1 {
					t.Fatalf("%s: (%d, %d) is %v, want %.1f", what, x, y, c, want)
				}
			}
		}
	}
	check("nothing mixed")
	paintOn(1, false, 60, 200)
	check("green over red")
	paintOn(2, false, 120, 240)
	check("blue over both")
	if colour(d.State(), 80, 100) != green || colour(d.State(), 200, 100) != blue || colour(d.State(), 150, 170) != red {
		t.Error("the variants are not where they were painted")
	}
	paintOn(2, true, 200, 200)
	check("blue erased")
	paintOn(0, false, 100, 100)
	check("the chosen one painted")
	if colour(d.State(), 100, 100) != red {
		t.Error("painting the chosen variant does not bring it back")
	}
	d.Swap(id, d.State().Result(id).Variants[2])
	check("another one chosen")
	if colour(d.State(), 150, 170) != blue || colour(d.State(), 60, 100) != green {
		t.Error("swapping does not swap the rest alone")
	}
}
