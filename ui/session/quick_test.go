package session_test

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/selection"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/ui/session"
)

// plates opens a picture of two red squares on grey.
func plates(t *testing.T) *bench {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 160, 120))
	draw.Draw(img, img.Rect, image.NewUniform(color.NRGBA{110, 112, 115, 255}), image.Point{}, draw.Src)
	for _, r := range []image.Rectangle{image.Rect(20, 40, 60, 80), image.Rect(100, 40, 140, 80)} {
		draw.Draw(img, r, image.NewUniform(color.NRGBA{200, 40, 30, 255}), image.Point{}, draw.Src)
	}
	return painted(t, img)
}

// painted opens a picture, with quick selection in hand.
func painted(t *testing.T, img image.Image) *bench {
	t.Helper()
	b := newBench(t)
	path := filepath.Join(b.folder, "plates.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	b.Open(path)
	b.until("the picture", func() bool { return b.Document().Name == "plates.png" })
	b.PictureShown()
	b.SelectTool(session.ToolQuick)
	return b
}

func dab(x, y float64, outside bool) selection.Mark {
	return selection.Mark{Points: []selection.Point{{X: x, Y: y}}, Radius: 6, Outside: outside}
}

// quick makes a stroke and waits until it is over.
func (b *bench) quick(m selection.Mark) {
	b.Helper()
	b.QuickStroke(m)
	b.EndQuickStroke()
	b.until("the stroke to be over", func() bool { return !b.Editing().Stroke })
}

func TestQuickSelectionSelectsTheObjectInOneStep(t *testing.T) {
	b := plates(t)
	b.quick(dab(40, 60, false))
	m := b.mask()
	if m.At(40, 60) != 255 || m.At(80, 60) != 0 || m.At(120, 60) != 0 {
		t.Fatal("the square isn't selected, or more is")
	}
	if steps := b.Steps(); len(steps) != 1 || steps[0].Name.String() != "Quick selection" {
		t.Errorf("the steps are %v", steps)
	}
	b.quick(dab(120, 60, false))
	if m := b.mask(); m.At(40, 60) != 255 || m.At(120, 60) != 255 {
		t.Error("the second square isn't added")
	}
	b.quick(dab(120, 60, true))
	if m := b.mask(); m.At(40, 60) != 255 || m.At(120, 60) != 0 {
		t.Error("the second square isn't taken away")
	}
	b.Undo()
	b.Undo()
	if !b.mask().Equal(m) {
		t.Error("undoing two strokes doesn't lead back to the first")
	}
	b.quick(dab(120, 60, false))
	if m := b.mask(); m.At(40, 60) != 255 || m.At(120, 60) != 255 {
		t.Error("a stroke after undoing doesn't go on from what is left")
	}
}

func TestQuickSelectionSaysWhereItFindsNothing(t *testing.T) {
	b := plates(t)
	b.quick(selection.Mark{Box: true, Points: []selection.Point{{X: 38, Y: 58}, {X: 43, Y: 61}}})
	if n := b.noticed("mask.nothing_boxed"); n.Bad || !b.mask().Empty() {
		t.Errorf("told is %+v", n)
	}
	b.quick(selection.Mark{Box: true, Points: []selection.Point{{X: 12, Y: 32}, {X: 68, Y: 88}}})
	if m := b.mask(); m.At(40, 60) != 255 || len(b.Notices()) != 0 {
		t.Errorf("a box around the square selects %v; told is %v", m.Bounding(), b.Notices())
	}
}

func TestQuickSelectionLeavesOfTheMaskWhatItSelects(t *testing.T) {
	b := plates(t)
	b.ChangeMask(session.MaskAll, 0)
	b.until("all to be masked", func() bool { return len(b.Steps()) == 1 })
	b.SetTool(tool.Settings{Mode: tool.Intersect})
	b.quick(dab(40, 60, false))
	if m := b.mask(); m.At(40, 60) != 255 || m.At(80, 60) != 0 || m.At(120, 60) != 0 {
		t.Fatal("something but the square is left")
	}
	b.quick(dab(120, 60, false))
	if !b.mask().Empty() {
		t.Error("something lies in both squares")
	}
	b.Undo()
	if b.mask().At(40, 60) != 255 {
		t.Error("that isn't a step that can be undone")
	}
	b.quick(dab(40, 60, true))
	if b.mask().At(40, 60) != 0 {
		t.Error("Ctrl doesn't take away")
	}
}

func TestNoStrokeIsLostWhileTheLastOneIsSettled(t *testing.T) {
	b := plates(t)
	for range 2 { // the second press of each is drawn out, and nothing was known of the first by then
		b.QuickStroke(dab(40, 60, false))
		b.EndQuickStroke()
		b.QuickStroke(dab(110, 60, false))
		b.QuickStroke(selection.Mark{Points: []selection.Point{{X: 110, Y: 60}, {X: 125, Y: 60}}, Radius: 6})
		b.EndQuickStroke()
		b.QuickStroke(dab(40, 60, true))
		b.EndQuickStroke()
		b.until("the strokes to be over", func() bool { return !b.Editing().Stroke })
		if m := b.mask(); m.At(40, 60) != 0 || m.At(120, 60) != 255 {
			t.Fatal("not all strokes were taken")
		}
		if n := len(b.Steps()); n != 3 {
			t.Fatalf("there are %d steps", n)
		}
		for range 3 {
			b.Undo()
		}
	}
	b.QuickStroke(dab(40, 60, false))
	b.EndQuickStroke()
	b.QuickStroke(dab(120, 60, false))
	b.Escape()
	b.drain()
	if !b.mask().Empty() || b.Editing().Stroke {
		t.Error("Esc leaves a stroke that waited")
	}
}

// requested returns what is masked in all edits that were requested, nil for none.
func (b *bench) requested() (all *mask.Mask) {
	for _, e := range b.service.seen().edits {
		if all == nil {
			all = e.Job.Mask()
		}
		all = mask.Union(all, e.Job.Mask())
	}
	return all
}

// What follows a stroke at once waits until it is settled.
func TestGenerateWaitsForTheStroke(t *testing.T) {
	b := plates(t)
	b.QuickStroke(dab(40, 60, false))
	b.EndQuickStroke()
	b.QuickStroke(dab(120, 60, false))
	b.EndQuickStroke()
	b.Generate()
	b.ChangeMask(session.MaskInvert, 0)
	b.until("the strokes and the change", func() bool { return len(b.Steps()) == 3 })
	b.until("an edit", func() bool { return b.requested() != nil })
	b.drain()
	if m := b.requested(); m.At(40, 60) != 255 || m.At(120, 60) != 255 || m.At(80, 60) != 0 {
		t.Error("the edit was requested without one of the strokes, or with the change")
	}
	if m := b.mask(); m.At(40, 60) != 0 || m.At(80, 60) != 255 {
		t.Error("the mask isn't inverted")
	}
}

func TestGenerateWaitsForAChangeOfTheMask(t *testing.T) {
	b := plates(t)
	b.quick(dab(40, 60, false))
	b.ChangeMask(session.MaskInvert, 0)
	b.Generate()
	b.until("an edit", func() bool { return b.requested() != nil })
	b.drain()
	if m := b.requested(); m.At(40, 60) != 0 || m.At(80, 60) != 255 {
		t.Error("the edit was requested with the mask of before")
	}
}

func TestWithAStrokeThatIsDroppedNothingIsRequested(t *testing.T) {
	for _, drop := range []func(*bench){
		func(b *bench) { b.Escape() },
		func(b *bench) { b.Undo() },
	} {
		b := plates(t)
		b.quick(dab(40, 60, false))
		b.QuickStroke(dab(120, 60, false))
		b.EndQuickStroke()
		b.Generate()
		drop(b)
		b.drain()
		if b.requested() != nil || len(b.Steps()) != 1 {
			t.Errorf("an edit was requested, or there are other steps: %v", b.Steps())
		}
	}
	b := plates(t)
	b.quick(dab(40, 60, false))
	b.QuickStroke(selection.Mark{Box: true, Points: []selection.Point{{X: 78, Y: 58}, {X: 83, Y: 61}}})
	b.EndQuickStroke()
	b.Generate()
	b.drain()
	if b.requested() != nil || len(b.Steps()) != 1 {
		t.Errorf("an edit was requested though nothing was found, or something was: %v", b.Steps())
	}
}

func TestAnotherToolsStrokeKeepsTheOneBeforeIt(t *testing.T) {
	b := plates(t)
	b.quick(dab(40, 60, false))
	b.QuickStroke(dab(120, 60, false))
	b.EndQuickStroke()
	b.BeginStroke()
	m := b.View().State.Mask
	if m.At(40, 60) != 255 || m.At(120, 60) != 255 {
		t.Fatal("the stroke begins without the selection")
	}
	b.Paint("step.brush", mask.Union(m, box(0, 0, 10, 10)))
	b.drain()
	if m := b.mask(); m.At(120, 60) != 255 || m.At(5, 5) != 255 || len(b.Steps()) != 3 {
		t.Errorf("something was lost: %v", b.Steps())
	}
}

// TestADoubleClickIsOneStep clicks twice where the second click alone selects something else.
func TestADoubleClickIsOneStep(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 160, 120))
	for i := 0; i < len(img.Pix); i += 4 {
		x, y := i/4%160, i/4/160
		v := uint8(60 + (x*x+7*y*x+3*y*y)%97)
		copy(img.Pix[i:], []uint8{v, uint8(x), uint8(2 * y), 255})
	}
	b := painted(t, img)
	b.quick(dab(40, 60, false))
	first := b.mask()
	b.quick(dab(42, 60, false))
	if n := len(b.Steps()); n != 1 || !b.mask().Equal(first) {
		t.Errorf("there are %d steps", n)
	}
	b.quick(dab(100, 60, false))
	if n := len(b.Steps()); n != 2 {
		t.Errorf("after a click elsewhere there are %d steps", n)
	}
}

func TestQuickSelectionIsSeenWhileItIsPainted(t *testing.T) {
	b := plates(t)
	b.QuickStroke(dab(40, 60, false))
	b.until("a preview", func() bool { return b.View().State.Mask.At(40, 60) == 255 })
	if !b.mask().Empty() || !b.Editing().Stroke {
		t.Error("it is painted before the stroke is over")
	}
	b.QuickStroke(selection.Mark{Points: []selection.Point{{X: 40, Y: 60}, {X: 120, Y: 60}}, Radius: 6})
	b.Escape()
	if b.shapes != 1 || b.Editing().Stroke || !b.View().State.Mask.Empty() {
		t.Error("Esc doesn't drop the stroke")
	}
	b.EndQuickStroke()
	b.drain()
	if !b.mask().Empty() || len(b.Steps()) != 0 {
		t.Error("a stroke that was dropped is painted")
	}
}

func TestQuickSelectionTakesAwayFromWhatWasPaintedOtherwise(t *testing.T) {
	b := plates(t)
	b.stroke(box(0, 0, 160, 120))
	b.quick(dab(40, 60, true))
	if m := b.mask(); m.At(40, 60) != 0 || m.At(10, 10) != 255 || m.At(120, 60) != 255 {
		t.Error("the square isn't taken away, or more is")
	}
}

func TestQuickSelectionInABoxStandsBesideWhatWasSelected(t *testing.T) {
	b := plates(t)
	b.quick(dab(40, 60, false))
	b.quick(selection.Mark{Box: true, Points: []selection.Point{{X: 90, Y: 30}, {X: 150, Y: 90}}})
	if m := b.mask(); m.At(40, 60) != 255 || m.At(120, 60) != 255 || m.At(80, 60) != 0 || m.At(94, 60) != 0 {
		t.Error("both squares should be selected and nothing else")
	}
	b.quick(dab(40, 60, true))
	if m := b.mask(); m.At(40, 60) != 0 || m.At(120, 60) != 255 {
		t.Error("the first square isn't taken away")
	}
}

func TestQuickSelectionWithoutAPictureOrOverAnotherToolDoesNothing(t *testing.T) {
	b := newBench(t)
	b.SelectTool(session.ToolQuick)
	b.QuickStroke(dab(4, 4, false))
	b.EndQuickStroke()
	if b.Editing().Stroke {
		t.Error("a stroke is under way without a picture")
	}
	p := plates(t)
	p.QuickStroke(dab(40, 60, false))
	p.SelectTool("brush")
	p.EndQuickStroke()
	p.drain()
	if p.Editing().Stroke || !p.mask().Empty() {
		t.Error("taking another tool in hand doesn't drop the stroke")
	}
}

func TestQuickSelectionOverAVariantAcceptsIt(t *testing.T) {
	b := ready(t)
	_, two := b.made()
	b.Choose(two)
	b.SelectTool(session.ToolQuick)
	b.quick(dab(30, 30, false))
	if len(b.Results()) != 1 || b.mask().At(30, 30) != 255 {
		t.Errorf("there are %d results, and the mask covers %d", len(b.Results()), b.mask().At(30, 30))
	}
}

func TestARoughMaskIsFittedToTheEdgesInOneStep(t *testing.T) {
	b := plates(t)
	b.stroke(box(17, 37, 63, 83))
	b.ChangeMask(session.MaskHug, 0)
	b.until("the mask to fit", func() bool { return len(b.Steps()) == 2 })
	if m := b.mask(); m.At(18, 60) != 0 || m.At(22, 60) != 255 || m.Area() < 1550 || m.Area() > 1650 {
		t.Errorf("the mask covers %.0f pixels of 1600", m.Area())
	}
	if got := b.Steps()[0].Name.String() + b.Steps()[1].Name.String(); got != "Brush strokeFit mask to edges" {
		t.Errorf("the steps are %q", got)
	}
}

func TestTheShadowIsTakenInWhereThereIsOne(t *testing.T) {
	b := plates(t)
	b.stroke(box(20, 40, 60, 80))
	b.ChangeMask(session.MaskShadow, 0)
	b.noticed("mask.no_shadow")
	if len(b.Steps()) != 1 {
		t.Error("a shadow that isn't there is a step")
	}
	img := image.NewNRGBA(image.Rect(0, 0, 160, 120))
	draw.Draw(img, img.Rect, image.NewUniform(color.NRGBA{150, 140, 130, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(40, 75, 110, 90), image.NewUniform(color.NRGBA{105, 98, 91, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(40, 35, 80, 80), image.NewUniform(color.NRGBA{40, 60, 200, 255}), image.Point{}, draw.Src)
	s := painted(t, img)
	s.stroke(box(40, 35, 80, 80))
	s.ChangeMask(session.MaskShadow, 0)
	s.until("the shadow", func() bool { return len(s.Steps()) == 2 })
	if m := s.mask(); m.At(60, 50) != 255 || m.At(100, 84) != 255 || m.At(140, 84) != 0 || m.At(100, 50) != 0 {
		t.Error("the shadow isn't taken in, or more is")
	}
	if got := s.Steps()[1].Name.String(); got != "Include the shadow" {
		t.Errorf("the step is %q", got)
	}
}

func TestTheBackgroundIsSelectedAndASkyThatIsNotThereIsNot(t *testing.T) {
	b := plates(t)
	b.ChangeMask(session.MaskBackground, 0)
	b.until("a mask", func() bool { return len(b.Steps()) == 1 })
	if m := b.mask(); m.At(5, 5) != 255 || m.At(40, 60) != 0 || m.At(120, 60) != 0 {
		t.Error("the background isn't selected, or more is")
	}
	dark := newBench(t)
	dark.open("lake.png")
	dark.ChangeMask(session.MaskSky, 0)
	dark.noticed("mask.not_found")
	if len(dark.Steps()) != 0 {
		t.Error("a sky that isn't there was selected")
	}
}
