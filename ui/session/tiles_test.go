package session_test

import (
	"image"
	"strings"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
	"overpaint.dev/overpaint/ui/session"
)

// tiled is a bench on which so much is masked that one answer would be enlarged too much, with tiles
// chosen.
func tiled(t *testing.T) (b *bench, n int) {
	t.Helper()
	b = newBench(t)
	b.open("lake.png")
	b.stroke(box(40, 0, 160, 120))
	b.planned()
	if p := b.Panel(); p.Sending.Blown <= region.MostBlown || p.Count != 2 {
		t.Fatalf("it would be enlarged %v times, %d variants", p.Sending.Blown, p.Count)
	}
	chosen := b.Panel().Variants
	b.SetSpots(job.SpotsTiles)
	b.planned()
	p := b.Panel()
	if chosen != 2 || p.Variants != 1 || p.MaxVariants != 1 {
		t.Errorf("of %d variants the panel shows %d of %d in tiles", chosen, p.Variants, p.MaxVariants)
	}
	if n = len(p.Windows); n < 3 || p.Count != n || p.SpotPrompts != nil || len(b.View().Frames) != n-1 || !p.Reason.IsZero() {
		t.Fatalf("%d tiles, %d on Generate, %q", n, p.Count, p.Reason)
	}
	return b, n
}

// tile waits for a tile to be sent, and has it carried out.
func (b *bench) tile(n int) (session.Edit, service.ID) {
	b.Helper()
	id := service.ID(n)
	b.until("the tile to be submitted", func() bool {
		all := b.Edits()
		return b.lastID() == id && all[len(all)-1].State == session.Waiting
	})
	b.begins(id)
	all := b.Edits()
	return all[len(all)-1], id
}

// lay has a tile come, and end well.
func (b *bench) lay(n int, grey uint8) session.Edit {
	b.Helper()
	e, id := b.tile(n)
	b.answer(id, 0, grey)
	b.service.feed.Publish(service.Ended{ID: id, Result: api.Result{Got: 1, Asked: 1}, Cost: service.Cost{Amount: 20_000, Currency: "USD"}})
	b.until("the tile's end", func() bool { return b.edit(e.ID).State == session.Done })
	return e
}

func (b *bench) submission(n int) service.Submission {
	return b.service.seen().submitted[n-1]
}

func TestTilesAreMadeAndUsedOneAfterTheOther(t *testing.T) {
	b, n := tiled(t)
	windows := b.Panel().Windows
	area := b.mask().Area()
	b.Generate()
	var left []float64
	for i := 1; i <= n; i++ {
		e, id := b.tile(i)
		if !strings.HasPrefix(e.Prompt, string(rune('0'+i))+"/") || len(b.Edits()) != i {
			t.Fatalf("tile %d is called %q", i, e.Prompt)
		}
		if r := b.Running(); r.Tile != i || r.Tiles != n || r.Fraction < float64(i-1)/float64(n) {
			t.Errorf("what runs: %+v", r)
		}
		if v := b.View(); v.FirstFrame != i || v.Frame != windows[i-1] || len(v.Frames) != n-i {
			t.Errorf("tile %d: the frames are %d %v %v", i, v.FirstFrame, v.Frame, v.Frames)
		}
		if o := b.submission(i); o.Hold == nil || o.More != n-i {
			t.Errorf("tile %d is submitted with %+v", i, o)
		}
		if why := b.Panel().Reason; why.Key != "ui.reason.tiles_run" {
			t.Errorf("meanwhile Generate says %q", why)
		}
		if i > 1 { // it is sent with what came before it
			sent := b.service.seen().edits[id].Job.Request().Image
			seen := false
			for k := 0; k < len(sent.Pix); k += 4 {
				seen = seen || sent.Pix[k] > 240
			}
			if !seen {
				t.Errorf("tile %d doesn't show the one before it", i)
			}
		}
		b.answer(id, 0, 250)
		b.service.feed.Publish(service.Ended{ID: id, Result: api.Result{Got: 1, Asked: 1}})
		b.until("the tile in the picture", func() bool { return len(b.Results()) == i && b.edit(e.ID).State == session.Done })
		left = append(left, b.mask().Area())
		if b.mask().Area() >= area {
			t.Errorf("tile %d took nothing of the mask away", i)
		}
		area = b.mask().Area()
	}
	if b.Running().Any() || !b.mask().Empty() || b.View().FirstFrame != 0 || b.at(100, 60) < 240 || b.at(150, 110) < 240 {
		t.Fatalf("in the end: %+v, %v of the mask left", b.Running(), b.mask().Area())
	}
	// Undo takes the tiles back in the reverse order, with their parts of the mask.
	for i := n; i > 0; i-- {
		if steps := b.Steps(); steps[len(steps)-n+i-1].Name.Key != "step.result.tile" {
			t.Fatalf("step %d is %q", i, steps[len(steps)-n+i-1].Name)
		}
		b.Undo()
		if len(b.Results()) != i-1 || i > 1 && b.mask().Area() != left[i-2] {
			t.Fatalf("undone to tile %d: %d results", i, len(b.Results()))
		}
	}
}

func TestATileThatFailsCanBeAskedForAgain(t *testing.T) {
	b, n := tiled(t)
	b.Generate()
	b.lay(1, 250)
	e, id := b.tile(2)
	b.service.feed.Publish(service.Ended{ID: id, Result: api.Result{Asked: 1}, Err: &api.Error{Kind: api.KindModeration}})
	b.until("the failure", func() bool { return b.edit(e.ID).State == session.Failed })
	if b.Running().Any() || b.View().FirstFrame != 0 || len(b.Results()) != 1 {
		t.Fatalf("after the failure: %+v", b.Running())
	}
	if released := b.service.seen().freed; released == 0 {
		t.Error("what was kept free for the others still is")
	}
	b.Remedy(e.ID, session.Retry)
	for i := 3; i <= n+1; i++ {
		b.lay(i, 250)
		if o := b.submission(i); o.More != n-i+1 {
			t.Errorf("request %d is submitted with %d more", i, o.More)
		}
	}
	if b.Running().Any() || len(b.Results()) != n || !b.mask().Empty() {
		t.Errorf("in the end %d results, %+v", len(b.Results()), b.Running())
	}
}

func TestTilesAreCancelled(t *testing.T) {
	for _, between := range []bool{false, true} {
		b, _ := tiled(t)
		b.Generate()
		if between {
			b.until("the first tile", func() bool { return b.lastID() == 1 })
			b.begins(1)
			b.service.set(func(s *fakeState) { s.hold = make(chan struct{}) }) // the next one's preparation takes long
			b.answer(1, 0, 250)
			b.service.feed.Publish(service.Ended{ID: 1, Result: api.Result{Got: 1, Asked: 1}})
			b.until("the next one to be prepared", func() bool { return b.Running().Preparing == 1 })
			b.Cancel()
		} else {
			b.tile(1)
			b.Cancel()
			b.service.feed.Publish(service.Ended{ID: 1, Result: api.Result{Asked: 1}, Err: &api.Error{Kind: api.KindCancelled}})
		}
		b.until("the end", func() bool { return !b.Running().Any() })
		if b.lastID() != 1 || b.Running().Tiles != 0 || b.service.seen().freed == 0 {
			t.Errorf("between %v: %d requests", between, b.lastID())
		}
		b.planned()
		if why := b.Panel().Reason; !why.IsZero() {
			t.Errorf("the rest can't be asked for: %q", why)
		}
	}
}

func TestATileWaitsForTheStroke(t *testing.T) {
	b, _ := tiled(t)
	b.Generate()
	_, id := b.tile(1)
	b.BeginStroke()
	b.answer(id, 0, 250)
	b.service.feed.Publish(service.Ended{ID: id, Result: api.Result{Got: 1, Asked: 1}})
	b.until("the tile's end", func() bool { return b.Edits()[0].State == session.Done })
	if len(b.Results()) != 0 {
		t.Fatal("the mask changed under the brush")
	}
	b.Paint("step.brush", mask.Union(b.View().State.Mask, box(0, 0, 10, 10)))
	b.EndStroke()
	b.advance(time.Second)
	if len(b.Results()) != 1 || b.mask().At(5, 5) != 255 {
		t.Fatalf("%d results, what was painted has %d", len(b.Results()), b.mask().At(5, 5))
	}
	b.tile(2)
}

func TestTilesStopWhereTheCanvasBecomesAnother(t *testing.T) {
	b, _ := tiled(t)
	b.Generate()
	_, id := b.tile(1)
	b.Extend(session.Sides{Right: 40})
	b.answer(id, 0, 250)
	b.service.feed.Publish(service.Ended{ID: id, Result: api.Result{Got: 1, Asked: 1}})
	b.until("the end", func() bool { return !b.Running().Any() })
	if len(b.Results()) != 0 || b.lastID() != 1 {
		t.Errorf("%d results, %d requests", len(b.Results()), b.lastID())
	}
}

// TestTilesOfWhatOneAnswerDoes makes an edit as any other, with all its variants.
func TestTilesOfWhatOneAnswerDoes(t *testing.T) {
	b := ready(t)
	b.SetSpots(job.SpotsTiles)
	b.planned()
	if p := b.Panel(); len(p.Windows) != 1 || p.Count != 2 || p.Windows[0] == (image.Rectangle{}) {
		t.Fatalf("%d windows, %d variants", len(p.Windows), p.Count)
	}
	e, id := b.generate()
	b.begins(id)
	b.arrives(e, id, 0, 250)
	if len(b.Results()) != 0 || b.submission(1).Hold != nil {
		t.Error("it is used as a tile is")
	}
	b.ChooseServices(relay, other)
	b.planned()
}

func TestTilesAreAskedOfOneService(t *testing.T) {
	b, _ := tiled(t)
	b.ChooseServices(relay, other)
	b.planned()
	if why := b.Panel().Reason; why.Key != "ui.reason.tiles_services" {
		t.Errorf("Generate says %q", why)
	}
}

// TestTilesAreOneVariant goes back to one piece: then as many variants are made as were chosen.
func TestTilesAreOneVariant(t *testing.T) {
	b, _ := tiled(t)
	b.SetSpots(job.SpotsAuto)
	b.planned()
	if p := b.Panel(); p.Variants != 2 || p.MaxVariants != p.Profile.MaxN {
		t.Errorf("%d variants of %d", p.Variants, p.MaxVariants)
	}
}
