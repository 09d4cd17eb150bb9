package document_test

import (
	"bytes"
	"image"
	"testing"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// changedIn returns an answer to the whole of a picture in which a rectangle is another colour.
func changedIn(t *testing.T, img *image.NRGBA, index int, r image.Rectangle, m align.Motion) *document.Variant {
	t.Helper()
	out := image.NewNRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			copy(out.Pix[out.PixOffset(x, y):], []uint8{230, 30, 200})
		}
	}
	v, err := document.NewVariant(nil, index, out, nil, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	return v.Moving(m)
}

// smooth is a picture without noise.
func smooth(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			copy(img.Pix[img.PixOffset(x, y):], []uint8{uint8(40 + 100*x/w), uint8(60 + 100*y/h), uint8(80 + (x/16+y/16)%2*20), 255})
		}
	}
	return img
}

// keeping is a document with a result of two variants that keeps what didn't change.
func keeping(t *testing.T) (d *document.Document, id document.ID, places [2]image.Rectangle) {
	t.Helper()
	img := smooth(400, 300)
	s := document.NewState(&picture.Picture{Pix: img})
	places = [2]image.Rectangle{image.Rect(60, 60, 140, 130), image.Rect(240, 150, 340, 240)}
	variants := []*document.Variant{
		changedIn(t, img, 0, places[0], align.Motion{Finding: align.Still}), changedIn(t, img, 1, places[1], align.Motion{Finding: align.Still}),
	}
	b := region.DefaultBlend()
	b.KeepMore = true
	r := document.NewResult(s, document.Edit{
		ID: "e", Prompt: "p", Plan: region.Plan{Window: s.Bounds(), Send: s.Size}, Mask: mask.All(s.Size), Blend: b,
	}, variants, 0)
	d = document.New(&picture.Picture{Pix: img})
	return d, d.AddResult(r), places
}

// covers checks that a result covers a rectangle and nothing far from it.
func covers(t *testing.T, what string, r *document.Result, place image.Rectangle) {
	t.Helper()
	c := r.Covered()
	if box := c.Bounding(); !box.In(place.Inset(-12)) || !place.Inset(6).In(box) {
		t.Errorf("%s: covers %v, not %v", what, box, place)
	}
	if middle := place.Min.Add(place.Size().Div(2)); r.At(middle) != 255 {
		t.Errorf("%s: the middle is covered by %d", what, r.At(middle))
	}
}

// TestWhatChangedIsCovered follows the limit through all that changes it.
func TestWhatChangedIsCovered(t *testing.T) {
	d, id, places := keeping(t)
	result := func() *document.Result { return d.State().Result(id) }
	covers(t, "at first", result(), places[0])
	d.Swap(id, result().Variants[1])
	covers(t, "another variant", result(), places[1])

	b := result().Blend
	b.KeepMore = false
	d.SetBlend(id, b)
	if c := result().Covered(); c.Area() != 400*300 {
		t.Errorf("all of it covers %v", c.Area())
	}
	b.KeepMore, b.Counts = true, 1
	d.SetBlend(id, b)
	covers(t, "all that counts", result(), places[1])
	if share := result().ChangedShare(); share < 0.05 || share > 0.1 {
		t.Errorf("%.3f of it is said to have changed", share)
	}
	for range 3 {
		d.Undo()
	}
	covers(t, "undone", result(), places[0])
}

// TestPaintingGoesBeyondWhatChanged paints over the limit and takes away within it.
func TestPaintingGoesBeyondWhatChanged(t *testing.T) {
	d, id, places := keeping(t)
	result := func() *document.Result { return d.State().Result(id) }
	more := mask.Rectangle(d.State().Size, mask.Point{X: 300, Y: 20}, mask.Point{X: 350, Y: 60})
	hole := mask.Rectangle(d.State().Size, mask.Point{X: 80, Y: 80}, mask.Point{X: 100, Y: 100})
	d.Paint("step.brush", document.Target{Kind: document.ResultMask, Result: id}, mask.Subtract(mask.Union(result().Covered(), more), hole))
	check := func(what string) {
		t.Helper()
		for at, want := range map[image.Point]uint8{{X: 320, Y: 40}: 255, {X: 90, Y: 90}: 0, {X: 70, Y: 70}: 255, {X: 200, Y: 200}: 0} {
			if got := result().At(at); got != want {
				t.Errorf("%s: %v is covered by %d, not %d", what, at, got, want)
			}
		}
	}
	check("painted")
	b := result().Blend
	b.Counts = 0.4
	d.SetBlend(id, b)
	check("another amount")
	d.Extend(10, 20, 0, 0)
	if result().At(image.Pt(330, 60)) != 255 || result().At(image.Pt(100, 110)) != 0 || result().At(image.Pt(210, 220)) != 0 {
		t.Error("extending loses what was painted")
	}
	d.Swap(id, result().Variants[1])
	covers := result().At(places[1].Min.Add(image.Pt(10+30, 20+30)))
	if covers != 255 || result().At(image.Pt(80, 90)) != 0 || result().At(image.Pt(330, 60)) != 255 {
		t.Error("another variant on the extended canvas")
	}
}

// TestProjectsKeepWhatChanged reads a project back.
func TestProjectsKeepWhatChanged(t *testing.T) {
	d, id, _ := keeping(t)
	more := mask.Rectangle(d.State().Size, mask.Point{X: 300, Y: 20}, mask.Point{X: 350, Y: 60})
	d.Paint("step.brush", document.Target{Kind: document.ResultMask, Result: id}, mask.Union(d.State().Result(id).Covered(), more))
	want := d.State()
	var file bytes.Buffer
	if err := document.WriteProject(&file, d.Project(nil)); err != nil {
		t.Fatal(err)
	}
	p, err := document.ReadProject(bytes.NewReader(file.Bytes()), int64(file.Len()), picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	got := p.State.Results[0]
	if !got.Covered().Equal(want.Results[0].Covered()) || got.Blend != want.Results[0].Blend {
		t.Fatal("another mask came back")
	}
	if !bytes.Equal(p.State.Flatten().Pix, want.Flatten().Pix) {
		t.Fatal("it looks different")
	}
	// It goes on as before: another variant, and back.
	again := p.Document()
	again.Swap(got.ID, got.Variants[1])
	again.Swap(got.ID, got.Variants[0])
	if !again.State().Results[0].Covered().Equal(want.Results[0].Covered()) {
		t.Error("another mask after swapping to and fro")
	}
}
