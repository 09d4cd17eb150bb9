package session_test

import (
	"image"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
	"overpaint.dev/overpaint/ui/session"
)

// opened is a bench with a picture on which nothing is masked.
func opened(t *testing.T, connection string) *bench {
	t.Helper()
	b := newBench(t)
	b.ChooseServices(connection)
	b.open("lake.png")
	b.planned()
	return b
}

// changed brings a variant in which a rectangle of what was sent is another colour.
func (b *bench) changed(e session.EditID, id service.ID, index int, part image.Rectangle) session.VariantID {
	b.Helper()
	j := b.service.seen().edits[id].Job
	sent := j.Request().Image
	pix := image.NewNRGBA(sent.Rect)
	copy(pix.Pix, sent.Pix)
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			copy(pix.Pix[pix.PixOffset(x, y):], []uint8{220, 30, 160})
		}
	}
	return b.answers(e, id, index, pix)
}

// answers brings a variant of pixels.
func (b *bench) answers(e session.EditID, id service.ID, index int, pix *image.NRGBA) session.VariantID {
	b.Helper()
	made, err := b.service.seen().edits[id].Job.Variant(api.Answer{Index: index, Image: pix})
	if err != nil {
		b.Fatal(err)
	}
	b.service.feed.Publish(service.Arrived{ID: id, Index: index, Variant: made})
	v := session.VariantID{Edit: e, N: index}
	b.until("the variant", func() bool { c, ok := b.card(v); return ok && c.State == session.CardReady })
	return v
}

func TestWithoutAMaskTheWholePictureIsSent(t *testing.T) {
	b := opened(t, relay)
	if p := b.Panel(); p.Whole || p.Sending != nil || p.Reason.Key != "ui.reason.no_mask" {
		t.Errorf("a service that needs masks: whole %v, %v", p.Whole, p.Reason)
	}
	b.ChooseServices(other)
	b.planned()
	p := b.Panel()
	if !p.Whole || p.Sending == nil || p.Sending.Window != (image.Rectangle{Max: size}) || !p.Reason.IsZero() {
		t.Fatalf("whole %v, sending %+v, reason %v", p.Whole, p.Sending, p.Reason)
	}
	e, id := b.generate()
	b.begins(id)
	send := b.service.seen().edits[id].Job.Plan().Send
	one := b.changed(e, id, 0, image.Rect(send.X/2, send.Y/2, send.X*3/4, send.Y*3/4))
	two := b.changed(e, id, 1, image.Rect(send.X/8, send.Y/8, send.X*3/8, send.Y*3/8))
	same := b.changed(e, id, 2, image.Rectangle{})
	b.ends(id, 3, 3, nil)
	if c, _ := b.card(same); c.Note.Key != "ui.changed_nothing" {
		t.Errorf("the card of an unchanged picture says %v", c.Note)
	}
	if c, _ := b.card(one); c.Note.Key != "ui.changed_whole" {
		t.Errorf("the card says %v", c.Note)
	}
	b.Use(one)
	r := b.Results()[0]
	state := b.Document().State
	if !r.Blend.KeepMore || state.Results[0].At(image.Pt(100, 75)) != 255 || state.Results[0].At(image.Pt(30, 30)) != 0 {
		t.Errorf("it is laid over as %+v", r.Blend)
	}
	b.Use(two) // in its place
	if state = b.Document().State; len(state.Results) != 1 || state.Results[0].At(image.Pt(100, 75)) != 0 || state.Results[0].At(image.Pt(40, 30)) != 255 {
		t.Error("another variant keeps the mask of the first")
	}
	b.Undo()
	// All of it, for restyling, and back.
	b.ChooseResult(r.ID)
	b.Blend(r.ID, b.blend(func(bl *region.Blend) { bl.KeepMore = false }), true)
	if c := b.Document().State.Results[0].Covered(); c.Area() != float64(size.X*size.Y) {
		t.Errorf("all of it is %v pixels", c.Area())
	}
	b.Blend(r.ID, b.blend(func(bl *region.Blend) { bl.KeepMore = true }), true)
	b.until("what changed", func() bool { return b.Results()[0].Blend.KeepMore })
	d := b.Results()[0].Details
	if len(d) == 0 || d[len(d)-1].Key != "ui.result.taken" {
		t.Errorf("the details are %v", d)
	}
	// How much counts is seen while it is dragged.
	b.Blend(r.ID, b.blend(func(bl *region.Blend) { bl.Counts = 0.5 }), false)
	if b.View().State.Results[0].Blend.Counts != 0.5 || b.Document().State.Results[0].Blend.Counts != 0 {
		t.Error("dragging is not previewed")
	}
	b.Blend(r.ID, b.blend(func(bl *region.Blend) { bl.Counts = 0.5 }), true)
	if b.Document().State.Results[0].Blend.Counts != 0.5 {
		t.Error("letting go is no step")
	}
}

func TestWhatTheServiceChangedIsShown(t *testing.T) {
	b := opened(t, other)
	b.ShowChanges(true)
	if b.ChangesShown() {
		t.Error("the changes of nothing are shown")
	}
	b.quiet()
	e, id := b.generate()
	b.begins(id)
	send := b.service.seen().edits[id].Job.Plan().Send
	v := b.changed(e, id, 0, image.Rect(send.X/2, send.Y/2, send.X*3/4, send.Y*3/4))
	b.ends(id, 1, 1, nil)
	b.Choose(v)
	b.ShowChanges(true)
	shown := func() bool {
		s := b.View()
		return s.Mask == session.MaskShownAsChosen && s.Label.Key == "ui.changes" && s.State.Mask.At(100, 75) == 255 && s.State.Mask.At(20, 20) == 0
	}
	b.until("the changes", shown)
	b.Escape()
	if b.ChangesShown() || shown() {
		t.Error("Escape does not leave them")
	}
	b.Use(v)
	b.ShowChanges(true)
	b.until("those of the result", shown)
	b.BeginStroke()
	if b.ChangesShown() || !b.View().State.Mask.Empty() {
		t.Error("a stroke is painted on the changes")
	}
	b.EndStroke()
}

func TestWhatMovedIsToldInWords(t *testing.T) {
	b := opened(t, other)
	e, id := b.generate()
	b.begins(id)
	v := b.changed(e, id, 0, image.Rect(1, 1, 9, 9))
	b.ends(id, 1, 1, nil)
	b.Use(v)
	r := b.Results()[0].ID
	b.ChooseResult(r)
	b.until("details", func() bool { return len(b.Results()[0].Details) > 0 })
	for _, d := range b.Results()[0].Details {
		if d.String() == "" || d.Key == "ui.result.as_it_came" {
			t.Errorf("of an answer that didn't move it says %v", d)
		}
	}
	if m := b.Document().State.Results[0].Variant().Motion; m.Finding == align.Moved {
		t.Errorf("it moved: %+v", m)
	}
}

func TestWhatWasEnlargedIsToldInWords(t *testing.T) {
	b := opened(t, other)
	e, id := b.generate()
	b.begins(id)
	sent := b.service.seen().edits[id].Job.Request().Image
	v := b.answers(e, id, 0, picture.Resize(sent, sent.Rect.Size().Div(2)))
	b.ends(id, 1, 1, nil)
	b.Use(v)
	r := b.Results()[0].ID
	b.ChooseResult(r)
	says := func(key string) func() bool {
		return func() bool {
			for _, d := range b.Results()[0].Details {
				if strings.HasPrefix(d.Key, key) {
					return true
				}
			}
			return false
		}
	}
	b.until("details", says("notice.enlarged"))
	if !b.Results()[0].Enlarged {
		t.Error("it is not enlarged")
	}
	b.Blend(r, b.blend(func(bl *region.Blend) { bl.Sharpen, bl.Grain = false, false }), true)
	b.until("details without", func() bool {
		d := b.Results()[0].Details
		return len(d) > 0 && d[len(d)-1].Key == "notice.enlarged"
	})
}
