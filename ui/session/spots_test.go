package session_test

import (
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/session"
)

// scattered is a bench with two spots masked in opposite corners.
func scattered(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	b.open("lake.png")
	b.stroke(mask.Union(box(8, 8, 18, 18), box(140, 100, 150, 110)))
	b.planned()
	return b
}

// answer brings what one of the requests of an edit gave: one colour.
func (b *bench) answer(id service.ID, index int, grey uint8) {
	b.Helper()
	j := b.service.seen().edits[id].Job
	pix := image.NewNRGBA(image.Rectangle{Max: j.Plan().Send})
	for i := range pix.Pix {
		if pix.Pix[i] = grey; i%4 == 3 {
			pix.Pix[i] = 255
		}
	}
	made, err := j.Variant(api.Answer{Index: index, Image: pix})
	if err != nil {
		b.Fatal(err)
	}
	b.service.feed.Publish(service.Arrived{ID: id, Index: index, Variant: made})
}

func TestSpotsAreOneEdit(t *testing.T) {
	b := scattered(t)
	p := b.Panel()
	if len(p.Windows) != 2 || p.Spots != job.SpotsAuto || len(b.View().Frames) != 1 {
		t.Fatalf("windows %v, %s", p.Windows, p.Spots)
	}
	b.SetSpots(job.SpotsOne)
	b.planned()
	if p = b.Panel(); len(p.Windows) != 1 || len(b.View().Frames) != 0 {
		t.Fatalf("one window: %v", p.Windows)
	}
	b.SetSpots(job.SpotsAuto)
	b.planned()
	e, last := b.generate()
	b.until("both requests", func() bool { return b.lastID() == last && last == 2 })
	first := last - 1
	if len(b.Edits()) != 1 || len(b.edit(e).Cards) != 2 || b.edit(e).Cost.Amount != 80_000 {
		t.Fatalf("the gallery shows %+v", b.Edits())
	}
	b.begins(first)
	b.begins(last)
	b.answer(first, 0, 250)
	b.answer(first, 1, 5)
	b.answer(last, 1, 5)
	v := session.VariantID{Edit: e, N: 1}
	b.until("the second variant", func() bool { c, ok := b.card(v); return ok && c.State == session.CardReady })
	if c, _ := b.card(session.VariantID{Edit: e, N: 0}); c.State == session.CardReady {
		t.Error("half a variant is ready")
	}
	b.service.feed.Publish(service.Ended{ID: first, Result: api.Result{Got: 2, Asked: 2}, Cost: service.Cost{Amount: 40_000, Currency: "USD"}})
	b.answer(last, 0, 250)
	b.service.feed.Publish(service.Ended{ID: last, Result: api.Result{Got: 2, Asked: 2}, Cost: service.Cost{Amount: 40_000, Currency: "USD"}})
	b.until("the end", func() bool { return b.edit(e).State == session.Done })
	if got := b.edit(e); len(got.Cards) != 2 || len(got.Failures) > 0 || got.Cost.Amount != 80_000 {
		t.Errorf("the gallery shows %+v", got)
	}
	b.Use(session.VariantID{Edit: e, N: 0})
	state := b.Document().State
	if len(state.Results) != 1 {
		t.Fatalf("%d results", len(state.Results))
	}
	pix := state.Flatten()
	for _, at := range []image.Point{{X: 13, Y: 13}, {X: 145, Y: 105}} {
		if c := pix.NRGBAAt(at.X, at.Y); c.R < 240 {
			t.Errorf("at %v is %v", at, c)
		}
	}
	if pix.NRGBAAt(80, 60) != state.Original().Flatten().NRGBAAt(80, 60) {
		t.Error("what lies between changed")
	}
	// It is edited like any other: erasing brings one spot back.
	r := state.Results[0]
	b.EditMaskOf(r.ID)
	b.BeginStroke()
	b.Paint("step.eraser", mask.Subtract(r.Covered(), box(120, 80, 160, 120)))
	b.EndStroke()
	if c := b.Document().State.Flatten().NRGBAAt(145, 105); c.R > 200 {
		t.Errorf("the erased spot is %v", c)
	}
}

func TestEnlargedSpotsAreReported(t *testing.T) {
	b := scattered(t)
	b.SetVariants(1)
	b.planned()
	e, last := b.generate()
	b.until("both requests", func() bool { return b.lastID() == last && last == 2 })
	for id := last - 1; id <= last; id++ {
		b.begins(id)
		j := b.service.seen().edits[id].Job
		made, err := j.Variant(api.Answer{Image: picture.Resize(j.Request().Image, j.Plan().Window.Size().Div(2))})
		if err != nil {
			t.Fatal(err)
		}
		b.service.feed.Publish(service.Arrived{ID: id, Variant: made})
		b.service.feed.Publish(service.Ended{ID: id, Result: api.Result{Got: 1, Asked: 1}})
	}
	b.until("the end", func() bool { return b.edit(e).State == session.Done })
	b.Use(session.VariantID{Edit: e, N: 0})
	id := b.Results()[0].ID
	b.ChooseResult(id)
	if !b.Results()[0].Enlarged {
		t.Fatal("it is not enlarged")
	}
	b.until("that it was enlarged", func() bool {
		return slices.ContainsFunc(b.Results()[0].Details, func(d session.Sentence) bool {
			return strings.HasPrefix(d.Key, "notice.enlarged")
		})
	})
}

func TestASpotThatFailsFailsTheEdit(t *testing.T) {
	b := scattered(t)
	e, last := b.generate()
	b.until("both requests", func() bool { return b.lastID() == 2 })
	first := last - 1
	b.begins(first)
	b.begins(last)
	b.answer(first, 0, 250)
	b.service.feed.Publish(service.Ended{ID: first, Result: api.Result{Got: 1, Asked: 2}})
	b.service.feed.Publish(service.Ended{ID: last, Result: api.Result{Asked: 2}, Err: &api.Error{Kind: api.KindModeration}})
	b.until("the failure", func() bool { return b.edit(e).State == session.Failed })
	if f := b.edit(e).Failures; len(f) != 1 || f[0].Missing != 2 || f[0].Error.Kind != api.KindModeration {
		t.Errorf("the failure is %+v", f)
	}
}

func TestCancellingStopsAllSpots(t *testing.T) {
	b := scattered(t)
	_, last := b.generate()
	b.until("both requests", func() bool { return b.lastID() == 2 })
	b.begins(last - 1)
	b.CancelAll()
	b.until("both to be cancelled", func() bool {
		return len(b.service.seen().cancelled) == 2
	})
	for _, id := range []service.ID{last - 1, last} {
		b.service.feed.Publish(service.Ended{ID: id, Result: api.Result{Asked: 2}, Err: &api.Error{Kind: api.KindCancelled}})
	}
	b.until("the end", func() bool { return !b.Running().Any() })
}

// endsOne ends one of the requests for two variants of an edit.
func (b *bench) endsOne(id service.ID, got int, err *api.Error) {
	b.service.feed.Publish(service.Ended{ID: id, Result: api.Result{Got: got, Asked: 2}, Err: err, Cost: service.Cost{Amount: int64(got) * 20_000, Currency: "USD"}})
}

// TestCancellingBetweenRequests cancels an edit of which the service has the first
// request and not yet the second.
func TestCancellingBetweenRequests(t *testing.T) {
	b := scattered(t)
	between := make(chan struct{})
	b.service.set(func(s *fakeState) { s.between = between })
	_, first := b.generate()
	b.CancelAll()
	close(between)
	b.until("both to be cancelled", func() bool {
		return slices.Contains(b.service.seen().cancelled, first) && slices.Contains(b.service.seen().cancelled, first+1)
	})
}

// TestCancelStopsARunningEdit has two services carry out the first of two requests each:
// neither edit is one that waits, though a part of it does.
func TestCancelStopsARunningEdit(t *testing.T) {
	b := scattered(t)
	b.ChooseServices(relay, other)
	b.planned()
	b.Generate()
	b.until("all requests", func() bool { return b.lastID() == 4 && len(b.Edits()) == 1 })
	seen := map[string]service.ID{}
	for id := service.ID(4); id > 0; id-- {
		seen[b.service.seen().edits[id].Connection] = id
	}
	for _, id := range seen {
		b.begins(id)
	}
	b.until("both to run", func() bool {
		return !slices.ContainsFunc(b.Edits()[0].Cards, func(c session.Card) bool { return c.State != session.CardWorking })
	})
	b.Cancel()
	if len(b.service.seen().cancelled) != 4 {
		t.Errorf("of four requests these were cancelled: %v", b.service.seen().cancelled)
	}
}

// TestRetryAsksForTheSpotsThatAreMissing: what came for the others was paid for.
func TestRetryAsksForTheSpotsThatAreMissing(t *testing.T) {
	b := scattered(t)
	e, last := b.generate()
	b.until("both requests", func() bool { return b.lastID() == 2 })
	first := last - 1
	b.begins(first)
	b.begins(last)
	b.answer(first, 0, 250)
	b.answer(first, 1, 250)
	b.endsOne(first, 2, nil)
	b.endsOne(last, 0, &api.Error{Kind: api.KindModeration})
	b.until("the failure", func() bool { return b.edit(e).State == session.Failed })
	b.Remedy(e, session.Retry)
	b.until("the next request", func() bool { return b.lastID() > last && b.Edits()[len(b.Edits())-1].State == session.Waiting })
	if b.lastID() != last+1 {
		t.Fatalf("%d requests, though the first spot's pictures came", b.lastID()-last)
	}
	again := b.Edits()[len(b.Edits())-1]
	if again.Cost.Amount != 40_000 || len(again.Cards) != 2 {
		t.Errorf("it is %+v", again)
	}
	b.begins(last + 1)
	b.answer(last+1, 1, 250)
	b.answer(last+1, 0, 250)
	b.endsOne(last+1, 2, nil)
	b.until("the end", func() bool { return b.edit(again.ID).State == session.Done })
	b.Use(session.VariantID{Edit: again.ID, N: 1})
	pix := b.Document().State.Flatten()
	for _, at := range []image.Point{{X: 13, Y: 13}, {X: 145, Y: 105}} {
		if c := pix.NRGBAAt(at.X, at.Y); c.R < 240 {
			t.Errorf("at %v is %v", at, c)
		}
	}
}

// TestOneSpotIsAskedForAgain: the others stay as they are in the variant, and cost nothing.
func TestOneSpotIsAskedForAgain(t *testing.T) {
	b := scattered(t)
	e, last := b.generate()
	b.until("both requests", func() bool { return b.lastID() == 2 })
	first := last - 1
	for _, id := range []service.ID{first, last} {
		b.begins(id)
		b.answer(id, 0, 100)
		b.answer(id, 1, 250)
		b.endsOne(id, 2, nil)
	}
	b.until("the end", func() bool { return b.edit(e).State == session.Done })
	v := session.VariantID{Edit: e, N: 1}
	n, cost := b.SpotsAgain(v)
	if n != 2 || cost.Amount != 20_000 {
		t.Fatalf("%d spots for %v each", n, cost)
	}
	for _, wrong := range []int{-1, 2} {
		b.AskSpotAgain(v, wrong)
	}
	b.AskSpotAgain(session.VariantID{Edit: e, N: 7}, 0)
	b.AskSpotAgain(v, 1)
	b.until("the next request", func() bool { return b.lastID() > last && b.Edits()[len(b.Edits())-1].State == session.Waiting })
	again := b.Edits()[len(b.Edits())-1]
	if b.lastID() != last+1 || again.Cost.Amount != 20_000 || len(again.Cards) != 1 {
		t.Fatalf("%d requests: %+v", b.lastID()-last, again)
	}
	b.begins(last + 1)
	b.answer(last+1, 0, 10)
	b.endsOne(last+1, 1, nil)
	b.until("its end", func() bool { return b.edit(again.ID).State == session.Done })
	// It can itself be asked for again.
	if n, cost := b.SpotsAgain(session.VariantID{Edit: again.ID, N: 0}); n != 2 || cost.Amount != 20_000 {
		t.Errorf("of the new one %d spots for %v each", n, cost)
	}
	b.Use(session.VariantID{Edit: again.ID, N: 0})
	pix := b.Document().State.Flatten()
	if a, c := pix.NRGBAAt(13, 13), pix.NRGBAAt(145, 105); a.R < 240 || c.R > 60 {
		t.Errorf("the spots are %v and %v", a, c)
	}
}

// TestFetchingAgainIsOfTheSpotThatFailed: each request has an entry of its own.
func TestFetchingAgainIsOfTheSpotThatFailed(t *testing.T) {
	b := scattered(t)
	e, last := b.generate()
	b.until("both requests", func() bool { return b.lastID() == 2 })
	b.begins(last - 1)
	b.endsOne(last-1, 2, nil)
	b.endsOne(last, 0, &api.Error{Kind: api.KindEmpty, Sentence: api.Sentence{Key: "error.empty_download"}})
	b.until("the failure", func() bool { return b.edit(e).State == session.Failed })
	b.Remedy(e, session.FetchAgain)
	b.until("the answer to be fetched", func() bool {
		return slices.Equal(b.service.seen().fetched, []int64{100 + int64(last)})
	})
}

// TestSavingMarksAllSpots: the history knows of each request what became of it.
func TestSavingMarksAllSpots(t *testing.T) {
	b := scattered(t)
	e, last := b.generate()
	b.until("both requests", func() bool { return b.lastID() == 2 })
	b.begins(last)
	b.answer(last-1, 1, 250)
	b.answer(last, 1, 250)
	v := session.VariantID{Edit: e, N: 1}
	b.until("the variant", func() bool { c, ok := b.card(v); return ok && c.State == session.CardReady })
	b.SaveVariant(v)
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: filepath.Join(t.TempDir(), "a.png")})
	b.until("both entries to be marked", func() bool {
		return slices.Equal(b.service.seen().marked, []int64{100 + int64(last) - 1, 100 + int64(last)})
	})
}

// TestThePriceIsThatOfAllServices, also where one of them can't do it.
func TestThePriceIsThatOfAllServices(t *testing.T) {
	b := newBench(t)
	b.SaveSettings(func(s *settings.Settings) {
		c := s.Connections[1]
		c.ID, c.Name = "third", "Third"
		s.Connections = append(s.Connections, c)
	}, nil, nil)
	b.open("lake.png")
	b.ChooseServices(other, relay, "third") // of which the second needs a mask
	b.until("the price", func() bool {
		p := b.Panel()
		return p.Settled && p.Whole && len(p.Cost) == 1 && p.Cost[0].Amount == 80_000
	})
}

// TestSpotsAreReopenedTogether: the history gives back the edit, not one of its requests,
// by whichever of its entries, and a spot whose answer is gone stays as it was.
func TestSpotsAreReopenedTogether(t *testing.T) {
	r := newReal(t)
	b := r.window(t)
	b.open("lake.png")
	b.stroke(mask.Union(box(8, 8, 18, 18), box(140, 100, 150, 110)))
	b.SetSpots(job.SpotsEach)
	b.planned()
	before := [2]int{b.at(13, 13), b.at(145, 105)}
	b.Generate()
	b.until("the end", func() bool { e := b.Edits(); return len(e) == 1 && e[0].State == session.Done })
	if e := b.Edits()[0]; len(e.Cards) != 2 || r.relay.Posts() != 2 {
		t.Fatalf("%d requests, the gallery shows %+v", r.relay.Posts(), e)
	}
	one := session.VariantID{Edit: b.Edits()[0].ID, N: 0}
	b.Choose(one)
	made := [2]int{b.at(13, 13), b.at(145, 105)}
	if made[0] == before[0] || made[1] == before[1] {
		t.Fatalf("made %v of %v", made, before)
	}
	store, err := r.History()
	if err != nil {
		t.Fatal(err)
	}
	items, err := store.List(t.Context(), history.Filter{})
	if err != nil || len(items) != 2 {
		t.Fatalf("%d entries, %v", len(items), err)
	}
	for _, item := range items {
		two := r.window(t)
		two.Reopen(item.ID, false)
		two.until("the entry", func() bool { return two.Document().Open })
		kept := two.Edits()
		if len(kept) != 1 || len(kept[0].Cards) != 2 || kept[0].Cost.Amount != 80_000 {
			t.Fatalf("the gallery shows %+v", kept)
		}
		if two.mask().At(13, 13) != 255 || two.mask().At(145, 105) != 255 {
			t.Error("the mask isn't all of it")
		}
		v := session.VariantID{Edit: kept[0].ID, N: 0}
		two.Choose(v)
		if n, _ := two.SpotsAgain(v); n != 0 {
			t.Errorf("%d spots of the history can be asked again", n)
		}
		if now := [2]int{two.at(13, 13), two.at(145, 105)}; now != made {
			t.Errorf("the canvas shows %v, made was %v", now, made)
		}
		two.Favourite(v, true)
	}
	b.until("both entries to be marked", func() bool {
		items, err := store.List(t.Context(), history.Filter{Favourites: true})
		return err == nil && len(items) == 2
	})

	if err := os.Remove(store.Path(items[0].Variants[0].File)); err != nil { // that of the second spot
		t.Fatal(err)
	}
	three := r.window(t)
	three.Reopen(items[1].ID, false)
	three.until("the entry", func() bool { return three.Document().Open })
	three.Choose(session.VariantID{Edit: three.Edits()[0].ID, N: 0})
	if now := [2]int{three.at(13, 13), three.at(145, 105)}; now != [2]int{made[0], before[1]} {
		t.Errorf("with one answer gone: %v, made was %v of %v", now, made, before)
	}
	three.SaveKept(items[1], items[1].Variants[1])
	path := filepath.Join(t.TempDir(), "kept.png")
	three.AnswerFile(three.asked(session.AskFile).ID, session.Chosen{Path: path})
	three.noticed("window.saved")
	p, err := picture.Open(path, picture.DefaultLimits)
	if err != nil || int(p.Pix.NRGBAAt(13, 13).R) == before[0] || int(p.Pix.NRGBAAt(145, 105).R) == before[1] {
		t.Errorf("saved without one of the spots, %v", err)
	}
}
