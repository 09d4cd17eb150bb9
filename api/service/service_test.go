package service_test

import (
	"context"
	"errors"
	"image"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
)

// TestAnEditIsRecordedMadeAndKept follows an edit from the wish to its end.
func TestAnEditIsRecordedMadeAndKept(t *testing.T) {
	b := newBench(t, nil)
	e := b.submit(2)
	if e.Entry == 0 || !e.AtService() || e.Name != "Relay" {
		t.Fatalf("submitted as %+v", e)
	}
	events, end := b.ended(e.ID)
	if end.Err != nil || end.Result.Got != 2 {
		t.Fatalf("ended with %d pictures, %v", end.Result.Got, end.Err)
	}
	if q, ok := events[0].(service.Queued); !ok || q.Edit.ID != e.ID {
		t.Errorf("the first event is %#v", events[0])
	}
	arrived := 0
	for _, event := range events {
		if a, ok := event.(service.Arrived); ok {
			if a.Err != nil || a.Variant == nil || a.Variant.Index != a.Index {
				t.Errorf("arrived: %+v", a)
			}
			arrived++
		}
	}
	i := b.entry(e.Entry)
	if arrived != 2 || !i.Over || i.Outcome != "" || len(i.Variants) != 2 || i.Prompt != "a hat" || i.Source != "beach.png" {
		t.Errorf("%d arrived; the history has %+v", arrived, i)
	}
	if len(b.Edits()) != 0 || len(b.Queue()) != 0 {
		t.Errorf("after its end there are %v", b.Edits())
	}
	b.Saved(e.Entry, 1, "/somewhere/beach-2.png")
	if i = b.entry(e.Entry); i.Variants[1].Saved != "/somewhere/beach-2.png" {
		t.Errorf("saved as %q", i.Variants[1].Saved)
	}
	b.Saved(0, 0, "/nowhere") // an edit that has no place in the history
}

// TestTheBuiltinEngineNeedsNothing has no key and no history.
func TestTheBuiltinEngineNeedsNothing(t *testing.T) {
	b := newBench(t, nil)
	c := choices(2)
	c.Connection, c.Size = settings.Builtin, image.Point{}
	d := b.prepare(c)
	e, err := b.Submit(t.Context(), d, service.Submission{})
	if err != nil || e.Entry != 0 || e.AtService() || d.Cost.Known() || d.Bytes != 0 {
		t.Fatalf("%+v, %v", e, err)
	}
	if _, end := b.ended(e.ID); end.Err != nil || end.Result.Got != 2 || end.Cost != (service.Cost{}) {
		t.Fatalf("ended with %+v", end)
	}
	if b.Profile(settings.Builtin).ID != "builtin" || b.Profile("nobody").ID != "builtin" || b.Profile(relay).ID != "classic" {
		t.Error("profiles are mixed up")
	}
}

// TestMeasuringAndSubmittingAreOnePieceOfWork prepares the same window with
// other words: it is encoded once, and again when it is another window.
func TestMeasuringAndSubmittingAreOnePieceOfWork(t *testing.T) {
	b := newBench(t, nil)
	s := state()
	prepare := func(change func(*service.Choices)) *service.Draft {
		t.Helper()
		c := choices(1)
		change(&c)
		d, err := b.Prepare(t.Context(), s, c)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	first := prepare(func(c *service.Choices) { c.Prompt = "?" })
	if first.Bytes == 0 || first.ImageBytes() == 0 || first.Bytes < first.ImageBytes() || first.Size != image.Pt(256, 256) {
		t.Fatalf("%d bytes, %v", first.Bytes, first.Size)
	}
	files := first.Job.Request().Files
	second := prepare(func(c *service.Choices) { c.Prompt, c.N = "another hat", 3 })
	if second.Job.Request().Files != files || second.Job.Request().Prompt != "another hat" || second.Job.Request().N != 3 {
		t.Error("other words were encoded again")
	}
	if first.Job.Request().Prompt != "?" {
		t.Error("a draft has changed")
	}
	if d := prepare(func(c *service.Choices) { c.Size = image.Pt(512, 512) }); d.Job.Request().Files == files {
		t.Error("another size was not encoded")
	}
}

// TestPrepareRefuses what could not be sent, before anything is recorded.
func TestPrepareRefuses(t *testing.T) {
	b := newBench(t, nil)
	for want, change := range map[string]func(*service.Choices){
		"error.prompt_empty":    func(c *service.Choices) { c.Prompt = " " },
		"error.text_encoding":   func(c *service.Choices) { c.Prompt = "a \xff hat" },
		"error.n":               func(c *service.Choices) { c.N = 11 },
		"error.size":            func(c *service.Choices) { c.Size = image.Pt(300, 200) },
		"input.connection_gone": func(c *service.Choices) { c.Connection = "nobody" },
	} {
		c := choices(1)
		change(&c)
		_, err := b.Prepare(t.Context(), state(), c)
		wantKey(t, err, want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Prepare(ctx, state(), choices(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if b.relay.Posts() != 0 {
		t.Errorf("%d requests", b.relay.Posts())
	}
}

// TestOptionsTheModelDoesNotHaveAreLeftOut: the panel keeps them for another model.
func TestOptionsTheModelDoesNotHaveAreLeftOut(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) { c.User, c.ResponseFormat = "me", "b64_json" })
	c := choices(1)
	c.Extra, c.Stream, c.Partials, c.References = map[string]string{"quality": "high"}, true, 2, []*image.NRGBA{image.NewNRGBA(image.Rect(0, 0, 8, 8))}
	r := b.prepare(c).Job.Request()
	if len(r.Options) != 0 || r.Stream || r.Partials != 0 || len(r.References) != 0 {
		t.Errorf("asked for %+v", r)
	}
	if r.User != "me" || r.ResponseFormat != "b64_json" || r.Model != "dall-e-2" {
		t.Errorf("the connection's own choices are missing: %+v", r)
	}
}

// TestOutline tells at once what would be sent.
func TestOutline(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) { c.Price = settings.Price{Picture: 20_000, Currency: "USD"} })
	out, err := b.Outline(state(), choices(3))
	if err != nil || out.Plan.Send != image.Pt(256, 256) || out.Limit != 4_000_000 || out.Drawn {
		t.Fatalf("%+v, %v", out, err)
	}
	if out.Cost != (service.Cost{Amount: 60_000, Currency: "USD"}) || !out.Cost.Known() {
		t.Errorf("it costs %+v", out.Cost)
	}
	if out.Mask < 0.04 || out.Mask > 0.06 || out.Share <= out.Mask || out.Share > 1 {
		t.Errorf("mask %v, share %v", out.Mask, out.Share)
	}
	out, err = b.Outline(state().WithMask(nil), choices(2))
	if err == nil {
		t.Error("nothing to edit has an outline")
	}
	if out.Cost != (service.Cost{Amount: 40_000, Currency: "USD"}) {
		t.Errorf("before there is a mask it costs %+v", out.Cost)
	}
}

// TestTheCapIsReserved submits two edits at once of which the cap allows one.
func TestTheCapIsReserved(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) { c.Price = settings.Price{Picture: 20_000, Currency: "USD"} })
	b.set(func(s *settings.Settings) { s.MonthlyCap = 50_000 })
	b.relay.Use("hang")
	d := b.prepare(choices(2))
	errs := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := b.Submit(t.Context(), d, service.Submission{})
			errs <- err
		}()
	}
	var over *service.OverCapError
	refused := 0
	for range 2 {
		if err := <-errs; errors.As(err, &over) {
			refused++
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if refused != 1 {
		t.Fatalf("%d of two edits were refused", refused)
	}
	if *over != (service.OverCapError{Guard: history.GuardMonth, Cap: 50_000, InFlight: 40_000, Cost: 40_000, Currency: "USD"}) {
		t.Errorf("refused with %+v", over)
	}
	wantKey(t, service.OverCap(over), "input.over_cap_in_flight")
	spent, err := b.Spent(t.Context(), "USD")
	if err != nil || spent != (service.Spent{Currency: "USD", InFlight: 40_000, Left: 10_000}) {
		t.Errorf("spent %+v, %v", spent, err)
	}
	if e, err := b.Submit(t.Context(), d, service.Submission{OverCap: true}); err != nil {
		t.Errorf("agreed to: %v", err)
	} else {
		b.Cancel(e.ID)
	}
}

// TestWhatCantBeRecordedIsNotSent, unless the user agrees.
func TestWhatCantBeRecordedIsNotSent(t *testing.T) {
	b := newBench(t, nil)
	b.Close()
	b.options.History = func(context.Context, ...history.Option) (*history.Store, error) {
		return nil, errors.New("the disk is full")
	}
	b.start()
	d := b.prepare(choices(1))
	_, err := b.Submit(t.Context(), d, service.Submission{})
	var unrecorded *service.UnrecordedError
	if !errors.As(err, &unrecorded) || unrecorded.Error() == "" || errors.Unwrap(unrecorded) == nil {
		t.Fatalf("submitted with %v", err)
	}
	if b.relay.Posts() != 0 {
		t.Fatalf("%d requests", b.relay.Posts())
	}
	e, err := b.Submit(t.Context(), d, service.Submission{Unrecorded: true})
	if err != nil || e.Entry != 0 {
		t.Fatalf("agreed to: %+v, %v", e, err)
	}
	if _, end := b.ended(e.ID); end.Err != nil || end.Result.Got != 1 {
		t.Errorf("ended with %+v", end)
	}
	if _, err := b.Spent(t.Context(), "USD"); err == nil {
		t.Error("somebody knows what was spent")
	}
	if _, _, err := b.Totals(t.Context()); err == nil {
		t.Error("somebody knows the totals")
	}
	if _, err := b.Recover(t.Context()); err == nil {
		t.Error("recovered without a history")
	}
	if err := b.FetchAgain(t.Context(), 1); err == nil {
		t.Error("fetched without a history")
	}
	b.Saved(1, 0, "x")
}

// TestGivenUpBeforeItIsQueued leaves an entry that was cancelled, and sends nothing.
func TestGivenUpBeforeItIsQueued(t *testing.T) {
	b := newBench(t, nil)
	d := b.prepare(choices(1))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Submit(ctx, d, service.Submission{}); !errors.Is(err, context.Canceled) {
		t.Errorf("submitted with %v", err)
	}
	if b.relay.Posts() != 0 || len(b.Edits()) != 0 {
		t.Errorf("%d requests, %d edits", b.relay.Posts(), len(b.Edits()))
	}
}

// TestCancel ends an edit that a service works on, and one that waits.
func TestCancel(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) { c.Parallel = 1 })
	b.relay.Use("hang")
	first := b.submit(1)
	b.sent(first.ID)
	second, third := b.submit(1), b.submit(1)
	if q := b.Queue(); len(q) != 2 || q[0] != second.ID || len(b.Edits()) != 3 {
		t.Fatalf("queue %v, edits %v", q, b.Edits())
	}
	if !b.First(third.ID) || b.Queue()[0] != third.ID || b.First(first.ID) {
		t.Errorf("the third is not the next: %v", b.Queue())
	}
	b.until(third.ID, func(e service.Event) bool { m, ok := e.(service.Moved); return ok && m.Position == 0 })
	for _, id := range []service.ID{third.ID, second.ID, first.ID} {
		if !b.Cancel(id) {
			t.Errorf("edit %d can't be cancelled", id)
		}
		_, end := b.ended(id)
		if end.Err == nil || end.Err.Kind != api.KindCancelled || end.Err.MayHaveCost() != (id == first.ID) {
			t.Errorf("edit %d ended with %v", id, end.Err)
		}
	}
	if b.Cancel(first.ID) || b.Cancel(99) {
		t.Error("what is over was cancelled")
	}
	if i := b.entry(first.Entry); i.Outcome != api.KindCancelled {
		t.Errorf("the history has %q", i.Outcome)
	}
}

// TestMoreOfTheSame asks for another variant of an edit, with another seed.
func TestMoreOfTheSame(t *testing.T) {
	b := newBench(t, nil)
	e := b.submit(1)
	b.ended(e.ID)
	d, err := b.More(e, 2)
	if err != nil || d.Job.Request().N != 2 || d.Job.Request().Files != e.Job.Request().Files || d.Job.Request().Seed == e.Job.Request().Seed {
		t.Fatalf("%+v, %v", d, err)
	}
	b.set(func(s *settings.Settings) { s.Remove(relay) })
	_, err = b.More(e, 1)
	wantKey(t, err, "input.connection_gone")
}

// TestEnginesAreMadeOnce, and anew when the connection leads elsewhere.
func TestEnginesAreMadeOnce(t *testing.T) {
	b := newBench(t, nil)
	for range 3 {
		e := b.submit(1)
		if _, end := b.ended(e.ID); end.Err != nil {
			t.Fatal(end.Err)
		}
	}
	if b.relay.Connections() != 1 {
		t.Errorf("three edits made %d connections", b.relay.Connections())
	}
	b.set(func(s *settings.Settings) {
		c, _ := s.Find(relay)
		c.SetBaseURL(b.relay.Base("key"))
	})
	e := b.submit(1)
	if _, end := b.ended(e.ID); end.Err == nil || end.Err.Kind != api.KindAuth {
		t.Errorf("the old engine was used: %+v", end)
	}
}

// TestWhatIsLearntIsKept in the settings, and not for an address that changed.
func TestWhatIsLearntIsKept(t *testing.T) {
	b := newBench(t, nil)
	b.ended(b.submit(1).ID)
	if c, _ := b.Settings().Find(relay); c.Quirks.Path == "" {
		t.Error("nothing was learnt")
	}
	own := settings.Connection{ID: "own", Name: "own", BaseURL: b.relay.URL, Model: "dall-e-2", Profile: "classic"}
	b.keys["own"] = b.relay.Key
	b.Use(own)
	c := choices(1)
	c.Connection = "own"
	e, err := b.Submit(t.Context(), b.prepare(c), service.Submission{})
	if err != nil {
		t.Fatal(err)
	}
	b.ended(e.ID)
	if learnt, ok := b.Connection("own"); !ok || learnt.Quirks.Path == "" {
		t.Error("nothing was learnt about a connection of this run alone")
	}
	if _, ok := b.Settings().Find("own"); ok {
		t.Error("a connection of this run alone was saved")
	}
}

// TestPreviewsAndProgress come while a service works.
func TestPreviewsAndProgress(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) { c.Model, c.Profile = "gpt-image-2", "gpt-image" })
	c := choices(1)
	c.Size, c.Stream, c.Partials = image.Pt(1024, 1024), true, 2
	e, err := b.Submit(t.Context(), b.prepare(c), service.Submission{})
	if err != nil {
		t.Fatal(err)
	}
	events, end := b.ended(e.ID)
	if end.Err != nil {
		t.Fatal(end.Err)
	}
	previews, stages := 0, map[api.Stage]bool{}
	for _, event := range events {
		switch event := event.(type) {
		case service.Preview:
			previews++
			if size := event.Image.Rect.Size(); max(size.X, size.Y) > job.ThumbnailSide {
				t.Errorf("a preview of %v", size)
			}
		case service.Progress:
			stages[event.Stage] = true
		}
	}
	if previews == 0 || !stages[api.Uploading] || !stages[api.Waiting] {
		t.Errorf("%d previews, stages %v", previews, stages)
	}
}

// TestClosedTakesNothing more, and says so.
func TestClosedTakesNothing(t *testing.T) {
	b := newBench(t, nil)
	d := b.prepare(choices(1))
	b.relay.Use("hang")
	e := b.submit(1)
	b.sent(e.ID)
	b.Close()
	b.Close()
	if _, err := b.Submit(t.Context(), d, service.Submission{}); err == nil {
		t.Error("a closed service took an edit")
	}
	if _, err := b.Prepare(t.Context(), state(), choices(1)); err == nil {
		t.Error("a closed service prepared an edit")
	}
	for range b.events { // ends
	}
	b.start()
	if i := b.entry(e.Entry); !i.Over || !strings.HasPrefix(string(i.Outcome), "cancel") {
		t.Errorf("the history has %+v", i)
	}
}
