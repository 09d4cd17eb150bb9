package document_test

import (
	"bytes"
	"errors"
	"image"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// random is a picture of random blocks, opaque.
func random(w, h int, seed uint64) *image.NRGBA {
	rnd := rand.New(rand.NewPCG(seed, 7))
	small := image.NewNRGBA(image.Rect(0, 0, (w+7)/8, (h+7)/8))
	for i := range small.Pix {
		small.Pix[i] = uint8(rnd.IntN(256))
		if i%4 == 3 {
			small.Pix[i] = 255
		}
	}
	return picture.Resize(small, image.Pt(w, h))
}

func opened(w, h int, seed uint64) *document.Document {
	return document.New(&picture.Picture{Pix: random(w, h, seed)})
}

// box is a mask that covers a rectangle.
func box(size image.Point, r image.Rectangle) *mask.Mask {
	a := image.NewAlpha(r)
	for i := range a.Pix {
		a.Pix[i] = 255
	}
	return mask.FromAlpha(a, size)
}

// paint sets a mask that covers a rectangle more.
func paint(d *document.Document, r image.Rectangle) {
	s := d.State()
	d.SetMask("step.brush", mask.Union(s.Mask, box(s.Size, r)), r)
}

// answer returns a variant of pixels, with a file or without.
func answer(pix *image.NRGBA, file []byte) *document.Variant {
	v, err := document.NewVariant(nil, 0, pix, file, nil, "")
	if err != nil {
		panic(err) // the test's own pixels
	}
	return v
}

// made returns a result of n variants for a state's mask.
func made(s *document.State, n int, seed uint64) *document.Result {
	plan := planOf(s.Mask)
	var variants []*document.Variant
	for i := range n {
		variants = append(variants, answer(random(plan.Send.X, plan.Send.Y, seed+uint64(i)), nil))
	}
	e := document.Edit{ID: "edit", Prompt: "a hat", Plan: plan, Mask: s.Mask, Blend: region.DefaultBlend()}
	return document.NewResult(s, e, variants, 0)
}

// covered returns what a result covers.
func covered(d *document.Document, id document.ID) *mask.Mask {
	m, _ := d.State().Coverage(document.Target{Kind: document.ResultMask, Result: id})
	return m
}

// accept makes a result for the present mask and adds it.
func accept(t testing.TB, d *document.Document, seed uint64) document.ID {
	t.Helper()
	return d.AddResult(made(d.State(), 1, seed))
}

func same(a, b *document.State) bool {
	return a.Size == b.Size && a.Mask.Equal(b.Mask) && len(a.Results) == len(b.Results) && bytes.Equal(flat(a), flat(b))
}

// flat returns the canvas's pixels row by row without gaps.
func flat(s *document.State) []byte {
	img := s.Flatten()
	var out []byte
	for y := range s.Size.Y {
		out = append(out, img.Pix[img.PixOffset(0, y):][:4*s.Size.X]...)
	}
	return out
}

func TestAcceptedResultIsOneStepWithItsMask(t *testing.T) {
	d := opened(200, 150, 1)
	before := d.State()
	paint(d, image.Rect(60, 50, 120, 100))
	painted := d.State()
	var steps []document.Step
	cancel := d.Subscribe(func(s document.Step) { steps = append(steps, s) })
	accept(t, d, 2)
	if !d.State().Mask.Empty() || len(d.State().Results) != 1 || bytes.Equal(flat(d.State()), flat(before)) {
		t.Fatal("accepting did not lay the result and clear the mask")
	}
	if name, ok := d.CanUndo(); !ok || name != document.StepAddResult {
		t.Fatalf("CanUndo = %q, %v", name, ok)
	}
	step, ok := d.Undo()
	if !ok || !same(d.State(), painted) {
		t.Fatal("undoing the result did not bring back the mask that made it")
	}
	if want := image.Rect(45, 35, 135, 115); !step.Dirty.In(want.Inset(-mask.TileSize)) || !want.In(step.Dirty) {
		t.Errorf("dirty = %v, want mask and feather %v", step.Dirty, want)
	}
	if name, ok := d.CanRedo(); !ok || name != document.StepAddResult {
		t.Errorf("CanRedo = %q, %v", name, ok)
	}
	d.Undo()
	if !same(d.State(), before) || d.Modified() {
		t.Error("undoing all does not give the document as opened, unmodified")
	}
	if _, ok := d.Undo(); ok {
		t.Error("undid more than was done")
	}
	cancel()
	d.Redo()
	if len(steps) != 3 {
		t.Errorf("%d steps told, want 3 and none after cancel", len(steps))
	}
}

func TestModifiedFollowsTheSavedMoment(t *testing.T) {
	d := opened(100, 100, 1)
	check := func(what string, want bool) {
		t.Helper()
		if d.Modified() != want {
			t.Errorf("%s: modified = %v, want %v", what, d.Modified(), want)
		}
	}
	check("opened", false)
	paint(d, image.Rect(0, 0, 10, 10))
	check("painted", true)
	d.MarkSaved()
	check("saved", false)
	d.Undo()
	check("undone past the save", true)
	d.Redo()
	check("redone", false)
	d.Undo()
	paint(d, image.Rect(5, 5, 20, 20))
	d.Undo()
	check("the saved moment was cut off", true)
	d.MarkSaved()
	check("saved again", false)
	d.SetMask("step.none", d.State().Mask, image.Rectangle{})
	check("a step that changes nothing", false)
	d.SetMask("step.brush", mask.All(image.Pt(7, 7)), image.Rectangle{})
	check("a mask made for another canvas", false)
	d.MarkUnsaved()
	check("recovered", true)
}

func TestPictureModifiedLeavesTheMaskAside(t *testing.T) {
	d := opened(100, 100, 1)
	check := func(what string, want bool) {
		t.Helper()
		if d.PictureModified() != want {
			t.Errorf("%s: %v, want %v", what, d.PictureModified(), want)
		}
	}
	check("opened", false)
	paint(d, image.Rect(0, 0, 10, 10))
	check("painted", false)
	if err := d.Extend(0, 0, 5, 0); err != nil {
		t.Fatal(err)
	}
	check("extended", true)
	d.Undo()
	check("undone", false)
	d.Redo()
	d.MarkSaved()
	check("saved", false)
	d.Undo()
	check("undone past the save", true)
	d.MarkUnsaved()
	d.Redo()
	check("recovered", true)
}

func TestHistoryIsBoundedAndSaysWhatItDropped(t *testing.T) {
	d := opened(640, 640, 1)
	const limit = 40 * mask.TileSize * mask.TileSize
	d.SetHistoryLimits(1000, limit)
	dropped, told := 0, 0
	d.Subscribe(func(s document.Step) { dropped += s.Dropped; told++ })
	rnd := rand.New(rand.NewPCG(1, 1))
	var states []*document.State
	for range 120 {
		at := image.Pt(rnd.IntN(600), rnd.IntN(600))
		states = append(states, d.State())
		paint(d, image.Rectangle{Min: at, Max: at.Add(image.Pt(20, 20))})
		if d.HistoryBytes() > limit {
			t.Fatalf("the history holds %d bytes, the limit is %d", d.HistoryBytes(), limit)
		}
	}
	if dropped == 0 || told != 120 {
		t.Fatalf("%d steps told, %d dropped", told, dropped)
	}
	undone := 0
	for {
		if _, ok := d.Undo(); !ok {
			break
		}
		undone++
		if d.State() != states[len(states)-undone] {
			t.Fatal("undo gave another state than the one before")
		}
	}
	if undone+dropped != 120 {
		t.Errorf("%d undone and %d dropped of 120", undone, dropped)
	}
	if !d.Modified() {
		t.Error("the opened state was dropped, so nothing left is unmodified")
	}
	// A hundred ordinary steps always fit the default bound.
	d = opened(640, 640, 1)
	for i := range 100 {
		paint(d, image.Rect(i, i, i+60, i+60))
	}
	for range 100 {
		if _, ok := d.Undo(); !ok {
			t.Fatal("fewer than 100 steps were kept")
		}
	}
}

func TestExtendMovesEverythingAlong(t *testing.T) {
	d := opened(200, 150, 1)
	paint(d, image.Rect(60, 50, 120, 100))
	accept(t, d, 2)
	paint(d, image.Rect(10, 10, 30, 30))
	before := d.State()
	if err := d.Extend(40, 30, 20, 10); err != nil {
		t.Fatal(err)
	}
	s := d.State()
	if s.Size != image.Pt(260, 190) || s.Offset != image.Pt(40, 30) {
		t.Fatalf("size %v, offset %v", s.Size, s.Offset)
	}
	inner := before.Bounds().Add(s.Offset)
	old, now := before.Flatten(), s.Flatten()
	for y := range s.Size.Y {
		for x := range s.Size.X {
			at := image.Pt(x, y)
			if !at.In(inner) {
				if now.NRGBAAt(x, y).A != 0 || s.Mask.At(x, y) != 255 {
					t.Fatalf("the new border at %v: alpha %d, mask %d; want it transparent and masked", at, now.NRGBAAt(x, y).A, s.Mask.At(x, y))
				}
				continue
			}
			was := at.Sub(s.Offset)
			if now.NRGBAAt(x, y) != old.NRGBAAt(was.X, was.Y) || s.Mask.At(x, y) != before.Mask.At(was.X, was.Y) {
				t.Fatalf("pixel %v did not move along", at)
			}
		}
	}
	if p := s.Results[0]; p.Plan.Window != before.Results[0].Plan.Window.Add(s.Offset) || p.Mask.Size() != s.Size {
		t.Error("the result's window or mask did not move along")
	}
	if _, ok := d.Undo(); !ok || !same(d.State(), before) {
		t.Error("undo did not take the extension back")
	}
	for _, sides := range [][4]int{{0, 0, 0, 0}, {-1, 0, 5, 0}} {
		if err := d.Extend(sides[0], sides[1], sides[2], sides[3]); !errors.Is(err, document.ErrNoSide) {
			t.Errorf("Extend(%v) = %v", sides, err)
		}
	}
	var tooLarge *document.SizeError
	if err := d.Extend(1<<40, 0, 0, 1<<40); !errors.As(err, &tooLarge) || d.State() != before && !same(d.State(), before) {
		t.Errorf("a huge extension: %v", err)
	}
}

func TestResultsStayEditable(t *testing.T) {
	d := opened(300, 200, 1)
	original := flat(d.State())
	paint(d, image.Rect(60, 50, 120, 100))
	first := accept(t, d, 2)
	paint(d, image.Rect(100, 80, 200, 150)) // overlaps the first
	second := accept(t, d, 3)
	before := flat(d.State())

	b := d.State().Results[0].Blend
	b.Opacity = 0
	d.SetBlend(first, b)
	d.SetBlend(second, region.Blend{})
	if !bytes.Equal(flat(d.State()), original) {
		t.Error("with all opacities 0 the picture is not the original")
	}
	b.Opacity, b.Feather = 1, 2
	d.SetBlend(first, b)
	d.Paint("step.brush", document.Target{Kind: document.ResultMask, Result: first}, box(d.State().Size, image.Rect(70, 60, 80, 70)))
	if r := d.State().Result(first).Changed(); r != image.Rect(70, 60, 80, 70) {
		t.Errorf("after another mask and feather the result lies at %v", r)
	}
	for range 4 {
		d.Undo()
	}
	if !bytes.Equal(flat(d.State()), before) {
		t.Error("undo does not give the results as they were")
	}
	d.RemoveResult(first)
	d.RemoveResult(second)
	if !bytes.Equal(flat(d.State()), original) {
		t.Error("without results the picture is not the original")
	}
}

func TestResultMadeBeforeAnExtensionGoesWhereItBelongs(t *testing.T) {
	d := opened(300, 200, 1)
	paint(d, image.Rect(60, 50, 120, 100))
	s := d.State()
	r := made(s, 1, 2)
	want := s.WithResult(r).Flatten()
	if err := d.Extend(30, 20, 10, 0); err != nil {
		t.Fatal(err)
	}
	extended := d.State()
	d.AddResult(r)
	got := d.State().Flatten()
	for y := range 200 {
		if !bytes.Equal(got.Pix[got.PixOffset(30, y+20):][:4*300], want.Pix[want.PixOffset(0, y):][:4*300]) {
			t.Fatalf("row %d is not as it was before the extension", y)
		}
	}
	// The other way round: made on the extended canvas, used after that was undone.
	moved := r.Mask.Resized(extended.Size, extended.Offset)
	later := document.NewResult(extended, document.Edit{Plan: planOf(moved), Mask: moved, Blend: r.Blend}, r.Variants, 0)
	d.Undo()
	d.Undo()
	if got := d.State().WithResult(later).Flatten(); !bytes.Equal(got.Pix, want.Pix) {
		t.Error("a result made on the extended canvas goes elsewhere after the undo")
	}
}

func TestPixelsOfAnyPartEqualTheWhole(t *testing.T) {
	d := opened(200, 150, 1)
	paint(d, image.Rect(60, 50, 120, 100))
	accept(t, d, 2)
	if err := d.Extend(13, 7, 5, 3); err != nil {
		t.Fatal(err)
	}
	s := d.State()
	whole := s.Flatten()
	rnd := rand.New(rand.NewPCG(3, 3))
	for range 200 {
		x, y := rnd.IntN(s.Size.X), rnd.IntN(s.Size.Y)
		r := image.Rect(x, y, x+1+rnd.IntN(s.Size.X-x), y+1+rnd.IntN(s.Size.Y-y))
		part := s.Pixels(r)
		if part.Rect != r {
			t.Fatalf("Pixels(%v) has bounds %v", r, part.Rect)
		}
		for y := r.Min.Y; y < r.Max.Y; y++ {
			if !bytes.Equal(part.Pix[part.PixOffset(r.Min.X, y):][:4*r.Dx()], whole.Pix[whole.PixOffset(r.Min.X, y):][:4*r.Dx()]) {
				t.Fatalf("Pixels(%v) differs from Flatten in row %d", r, y)
			}
		}
	}
}

func TestFlattenSharesAnUntouchedPicture(t *testing.T) {
	p := &picture.Picture{Pix: random(50, 40, 1)}
	if img := document.New(p).State().Flatten(); &img.Pix[0] != &p.Pix.Pix[0] {
		t.Error("an untouched picture is copied")
	}
}

func planOf(m *mask.Mask) region.Plan {
	plan, err := region.NewPlan(m, region.Limits{}, region.Options{Context: 2.5, Min: 64, Grow: 4})
	if err != nil {
		panic(err) // the mask is the test's own, and not empty
	}
	return plan
}

func blendOf(n int) region.Blend {
	b := region.DefaultBlend()
	b.Feather = n % 20
	return b
}
