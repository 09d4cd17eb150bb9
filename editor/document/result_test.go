package document_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"slices"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// even returns pixels of one colour.
func even(size image.Point, c color.NRGBA) *image.NRGBA {
	img := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

var (
	grey  = color.NRGBA{100, 100, 100, 255}
	red   = color.NRGBA{200, 0, 0, 255}
	green = color.NRGBA{0, 200, 0, 255}
	blue  = color.NRGBA{0, 0, 200, 255}
)

// plain lays variants of even colours over a rectangle, uncorrected and without a feather.
func plain(s *document.State, r image.Rectangle, colours ...color.NRGBA) *document.Result {
	var variants []*document.Variant
	for _, c := range colours {
		variants = append(variants, answer(even(r.Size(), c), nil))
	}
	e := document.Edit{Prompt: "colours", Plan: region.Plan{Window: r, Send: r.Size()}, Mask: box(s.Size, r), Blend: region.Blend{Opacity: 1}}
	return document.NewResult(s, e, variants, 0)
}

func greyDocument(w, h int) *document.Document {
	return document.New(&picture.Picture{Pix: even(image.Pt(w, h), grey)})
}

func colour(s *document.State, x, y int) color.NRGBA {
	return s.Pixels(image.Rect(x, y, x+1, y+1)).NRGBAAt(x, y)
}

// steps counts the steps of a document and keeps the last one.
type steps struct {
	n    int
	last document.Step
}

func counted(d *document.Document) *steps {
	s := &steps{}
	d.Subscribe(func(step document.Step) { s.n++; s.last = step })
	return s
}

// TestEachOperationIsOneStepOrNone makes every change of a result, checks its
// step and that it can be undone, and makes it once more, which changes nothing.
func TestEachOperationIsOneStepOrNone(t *testing.T) {
	d := greyDocument(400, 300)
	low, high := image.Rect(20, 30, 150, 120), image.Rect(100, 80, 260, 200)
	a := d.AddResult(plain(d.State(), low, red, green))
	b := d.AddResult(plain(d.State(), high, blue))
	other := d.State().Result(a).Variants[1]
	late := answer(even(low.Size(), blue), nil)
	both := low.Intersect(high)
	for _, c := range []struct {
		name  string
		do    func() bool
		dirty image.Rectangle
	}{
		{document.StepSwap, func() bool { return d.Swap(a, other) }, low},
		{document.StepSwap, func() bool { return d.Swap(a, late) }, low},
		{document.StepChangeResult, func() bool { return d.SetBlend(a, region.Blend{Opacity: 0.5}) }, low},
		{document.StepHideResult, func() bool { return d.SetVisible(a, false) }, low},
		{document.StepShowResult, func() bool { return d.SetVisible(a, true) }, low},
		{document.StepRenameResult, func() bool { return d.Rename(a, "  an\x00other\u202e \nname") }, image.Rectangle{}},
		{document.StepMoveResult, func() bool { return d.MoveResult(b, -5) }, both},
		{document.StepMoveResult, func() bool { return d.MoveResult(b, 5) }, both},
		{"step.brush", func() bool {
			return d.Paint("step.brush", document.Target{Kind: document.ResultMask, Result: b}, box(d.State().Size, image.Rect(100, 80, 260, 192)))
		}, image.Rect(64, 192, 320, 256)},
		{"step.eraser", func() bool {
			return d.Paint("step.eraser", document.Target{Kind: document.ResultMix, Result: a, Variant: 0}, box(d.State().Size, image.Rect(30, 40, 50, 60)))
		}, image.Rect(30, 40, 50, 60)},
		{"step.brush", func() bool {
			return d.Paint("step.brush", document.Target{}, box(d.State().Size, image.Rect(0, 0, 10, 10)))
		}, image.Rect(0, 0, 64, 64)},
		{document.StepRemoveResult, func() bool { return d.RemoveResult(a) }, low},
	} {
		before, told := d.State(), counted(d)
		if !c.do() || told.n != 1 || told.last.Name != c.name {
			t.Fatalf("%s: %d steps, the last is %q", c.name, told.n, told.last.Name)
		}
		if told.last.Dirty != c.dirty {
			t.Errorf("%s: dirty %v, want %v", c.name, told.last.Dirty, c.dirty)
		}
		after := d.State()
		if c.do() || told.n != 1 || d.State() != after {
			t.Errorf("%s: the same once more is a step", c.name)
		}
		if d.Undo(); d.State() != before {
			t.Errorf("%s: undo does not lead back", c.name)
		}
		d.Redo()
		if name, _ := d.CanUndo(); d.State() != after || name != c.name {
			t.Errorf("%s: redo does not lead there again", c.name)
		}
	}
	told, gone := counted(d), a
	if d.Swap(gone, other) || d.SetBlend(gone, region.Blend{}) || d.SetVisible(gone, false) || d.Rename(gone, "x") || d.MoveResult(gone, 0) ||
		d.RemoveResult(gone) || d.Paint("step.brush", document.Target{Kind: document.ResultMask, Result: gone}, mask.All(d.State().Size)) ||
		d.Paint("step.brush", document.Target{}, mask.All(image.Pt(3, 3))) || told.n != 0 {
		t.Error("a result that is gone, or a mask of another canvas, made a step")
	}
}

func TestSwapAddsWhatCameLater(t *testing.T) {
	d := greyDocument(200, 100)
	id := d.AddResult(plain(d.State(), image.Rect(20, 20, 80, 80), red, green))
	late := answer(even(image.Pt(120, 120), blue), nil) // of another size
	d.Swap(id, late)
	r := d.State().Result(id)
	if len(r.Variants) != 3 || r.Variant() != late || colour(d.State(), 50, 50) != blue {
		t.Fatalf("%d variants, colour %v", len(r.Variants), colour(d.State(), 50, 50))
	}
	d.Swap(id, r.Variants[1])
	if r := d.State().Result(id); len(r.Variants) != 3 || colour(d.State(), 50, 50) != green {
		t.Fatalf("%d variants, colour %v", len(r.Variants), colour(d.State(), 50, 50))
	}
	if len(d.State().Results) != 1 {
		t.Error("swapping stacks")
	}
}

// TestWhatLiesAboveIsLearntAgain changes a lower result under the ring of an
// upper one that is matched in colour, and compares with the upper one made anew.
func TestWhatLiesAboveIsLearntAgain(t *testing.T) {
	d := opened(400, 300, 1)
	low := d.AddResult(plain(d.State(), image.Rect(20, 20, 380, 280), red))
	s := d.State()
	m := box(s.Size, image.Rect(150, 110, 250, 190))
	d.SetMask("step.rectangle", m, s.Bounds())
	upper := made(d.State(), 1, 5)
	high := d.AddResult(upper)
	far := d.AddResult(plain(d.State(), image.Rect(0, 0, 15, 15), blue))

	before := d.State()
	told := counted(d)
	d.SetBlend(low, region.Blend{Opacity: 0.25})
	after := d.State()
	if after.Result(high) == before.Result(high) {
		t.Fatal("the upper result stayed as it was learnt")
	}
	if after.Result(far) != before.Result(far) {
		t.Error("a result that lies elsewhere was made anew")
	}
	if !bytes.Equal(flat(after), reference(after).Pix) {
		t.Error("the upper result is not as if made anew")
	}
	if want := before.Result(low).Changed().Union(after.Result(high).Changed()); told.last.Dirty != want {
		t.Errorf("dirty %v, want %v", told.last.Dirty, want)
	}
	d.Undo()
	if d.State() != before || !bytes.Equal(flat(before), reference(before).Pix) {
		t.Error("undo does not bring back what was learnt before")
	}
	// A change that does not reach the upper one's ring leaves it alone.
	target := document.Target{Kind: document.ResultMask, Result: low}
	c, _ := before.Coverage(target)
	d.Paint("step.eraser", target, mask.Subtract(c, box(s.Size, image.Rect(20, 20, 40, 40))))
	if d.State().Result(high) != before.Result(high) {
		t.Error("a change far from the upper result made it anew")
	}
	// While a stroke is drawn the upper one stays.
	if p := before.Painting(target, mask.New(s.Size.X, s.Size.Y)); p.Result(high) != before.Result(high) {
		t.Error("the upper result is learnt again while a stroke is drawn")
	}
}

func TestRefineIsOneStep(t *testing.T) {
	d := greyDocument(300, 200)
	paint(d, image.Rect(40, 40, 100, 100))
	before := d.State()
	looked := plain(before, image.Rect(20, 20, 200, 180), red)
	next := box(before.Size, image.Rect(60, 60, 90, 90))
	told := counted(d)
	id := d.Refine(looked, next)
	if s := d.State(); told.n != 1 || told.last.Name != document.StepRefine || s.Mask != next || s.Result(id) == nil || colour(s, 150, 150) != red {
		t.Fatalf("%d steps, %q", told.n, told.last.Name)
	}
	if !image.Rect(20, 20, 200, 180).In(told.last.Dirty) {
		t.Errorf("dirty %v", told.last.Dirty)
	}
	if d.Undo(); d.State() != before {
		t.Error("one undo does not take both back")
	}
	// Used a second time it is another result.
	if a, b := d.AddResult(looked), d.AddResult(looked); a == b || len(d.State().Results) != 2 || d.State().Index(a) != 0 || d.State().Index(b) != 1 {
		t.Error("two uses of one result cannot be told apart")
	}
}

func TestOriginalAndCurrent(t *testing.T) {
	d := opened(100, 80, 1)
	photo := flat(d.State())
	d.AddResult(plain(d.State(), image.Rect(10, 10, 60, 60), red))
	if err := d.Extend(5, 0, 7, 3); err != nil {
		t.Fatal(err)
	}
	s := d.State()
	o := s.Original()
	if o.Size != s.Size || o.Offset != s.Offset || len(o.Results) != 0 || !o.Mask.Empty() || len(s.Results) != 1 {
		t.Fatal("the original is not the photo on the canvas as it is now")
	}
	img := o.Flatten()
	for y := range s.Size.Y {
		for x := range s.Size.X {
			in := image.Pt(x, y).Sub(s.Offset)
			want := color.NRGBA{}
			if in.In(image.Rect(0, 0, 100, 80)) {
				i := 4 * (in.Y*100 + in.X)
				want = color.NRGBA{photo[i], photo[i+1], photo[i+2], photo[i+3]}
			}
			if img.NRGBAAt(x, y) != want {
				t.Fatalf("(%d, %d) is %v, want %v", x, y, img.NRGBAAt(x, y), want)
			}
		}
	}
	if s.Flatten().NRGBAAt(40, 40) != red {
		t.Error("the current picture has no result")
	}
}

func TestResultAtAPoint(t *testing.T) {
	d := greyDocument(300, 200)
	a := d.AddResult(plain(d.State(), image.Rect(20, 20, 120, 120), red))
	b := d.AddResult(plain(d.State(), image.Rect(80, 80, 200, 180), blue))
	check := func(what string, at image.Point, want document.ID) {
		t.Helper()
		got := document.ID(0)
		if r := d.State().ResultAt(at); r != nil {
			got = r.ID
		}
		if got != want {
			t.Errorf("%s: at %v is %d, want %d", what, at, got, want)
		}
	}
	check("both", image.Pt(100, 100), b)
	check("below", image.Pt(30, 30), a)
	check("beside", image.Pt(250, 20), 0)
	check("outside", image.Pt(-1, 500), 0)
	d.SetBlend(b, region.Blend{})
	check("transparent", image.Pt(100, 100), b)
	d.SetVisible(b, false)
	check("hidden", image.Pt(100, 100), a)
	target := document.Target{Kind: document.ResultMask, Result: a}
	c, _ := d.State().Coverage(target)
	d.Paint("step.eraser", target, mask.Subtract(c, box(d.State().Size, image.Rect(90, 90, 110, 110))))
	check("erased", image.Pt(100, 100), 0)
}

func TestThumbnailKeepsTheShape(t *testing.T) {
	d := greyDocument(1000, 400)
	id := d.AddResult(plain(d.State(), image.Rect(100, 150, 900, 250), red))
	img := d.State().Thumbnail(id, 200)
	// 800x100 with 100 on each side.
	if img.Rect.Dx() != 200 || img.Rect.Dy() != 60 {
		t.Fatalf("the thumbnail is %v", img.Rect)
	}
	if c := img.NRGBAAt(100, 30); c != red {
		t.Errorf("in its middle it is %v", c)
	}
	if c := img.NRGBAAt(3, 3); c != grey {
		t.Errorf("around that it is %v", c)
	}
	d.SetVisible(id, false)
	if img := d.State().Thumbnail(id, 200); img.NRGBAAt(100, 30) != red {
		t.Error("a hidden result has no thumbnail")
	}
	if d.State().Thumbnail(id+1000, 200) != nil {
		t.Error("a thumbnail of nothing")
	}
}

func TestNames(t *testing.T) {
	long := slices.Repeat([]rune("猫"), 500)
	for prompt, want := range map[string]string{
		"a hat": "a hat", "\n \n  a  red\that \nand more": "a red hat", "": "", "\u202e\u200b": "", "a\x00b\u202ec": "a b c", "a\xffb": "ab",
		string(long): string(long[:79]) + "…",
	} {
		if got := document.NameOf(prompt); got != want {
			t.Errorf("%q is named %q, want %q", prompt, got, want)
		}
	}
}
