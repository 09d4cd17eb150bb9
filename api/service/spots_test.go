package service_test

import (
	"errors"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
)

// apart is a document with masks in opposite corners.
func apart() *document.State {
	s := state()
	one := mask.Rectangle(s.Size, mask.Point{X: 4, Y: 4}, mask.Point{X: 14, Y: 14})
	return s.WithMask(mask.Union(one, mask.Rectangle(s.Size, mask.Point{X: 140, Y: 100}, mask.Point{X: 150, Y: 110})))
}

// each are choices that send each spot by itself, n variants.
func each(n int) service.Choices {
	c := choices(n)
	c.Spots, c.Region.Min = job.SpotsEach, 32
	return c
}

// TestSpotsAndTheCap: all of an edit is within the cap, or nothing of it is asked.
func TestSpotsAndTheCap(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) { c.Price = settings.Price{Picture: 20_000, Currency: "USD"} })
	b.set(func(s *settings.Settings) { s.MonthlyCap = 50_000 })
	b.relay.Use("hang")
	set, err := b.PrepareSpots(t.Context(), apart(), each(2))
	if err != nil || len(set.Drafts) != 2 || set.Cost.Amount != 80_000 {
		t.Fatalf("%+v, %v", set, err)
	}
	_, err = b.SubmitSpots(t.Context(), set, service.Submission{})
	var over *service.OverCapError
	if !errors.As(err, &over) || *over != (service.OverCapError{Guard: history.GuardMonth, Cap: 50_000, Cost: 80_000, Currency: "USD"}) {
		t.Fatalf("refused with %+v", err)
	}
	if spent, err := b.Spent(t.Context(), "USD"); err != nil || spent.InFlight != 0 || spent.Left != 50_000 || b.relay.Posts() != 0 {
		t.Errorf("spent %+v, %v, %d POSTs", spent, err, b.relay.Posts())
	}
	edits, err := b.SubmitSpots(t.Context(), set, service.Submission{OverCap: true})
	if err != nil || len(edits) != 2 || edits[0].Entry == 0 || edits[1].Entry == 0 {
		t.Fatalf("agreed to: %+v, %v", edits, err)
	}
	if spent, err := b.Spent(t.Context(), "USD"); err != nil || spent.InFlight != 80_000 {
		t.Errorf("in flight %+v, %v", spent, err)
	}
	for _, e := range edits {
		b.Cancel(e.ID)
	}
}

// TestWholeAfterARefusedMask: what a service has taught is known to the outline and
// to what is prepared alike.
func TestWholeAfterARefusedMask(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) { c.Limits.AnyShape = true })
	b.prepare(choices(1)) // by an engine that is older than what is learnt
	b.set(func(s *settings.Settings) {
		c, _ := s.Find(relay)
		c.Learn(c.Model, settings.Quirks{Mask: settings.MaskRefused, Since: time.Now().Format(time.DateOnly)})
	})
	c, bare := choices(1), state().WithMask(nil)
	c.Whole = true
	if out, err := b.Outline(bare, c); err != nil || !out.Whole {
		t.Fatalf("the outline: %+v, %v", out, err)
	}
	if set, err := b.PrepareSpots(t.Context(), bare, c); err != nil || !set.Job.Whole() {
		t.Errorf("prepared: %v", err)
	}
}

func TestTogether(t *testing.T) {
	sure, unsure := &api.Error{Kind: api.KindModeration}, &api.Error{Kind: api.KindUnknown}
	got := service.Together([]service.Ended{
		{ID: 1, Result: api.Result{Asked: 2, Got: 2, Usage: map[string]int64{"a": 1}}, Cost: service.Cost{Amount: 3, Currency: "USD"}},
		{ID: 2, Result: api.Result{Asked: 2, Got: 1, Usage: map[string]int64{"a": 2, "b": 1}}, Cost: service.Cost{Amount: 4, Currency: "USD"}, Err: sure},
		{ID: 3, Result: api.Result{Asked: 2}, Err: unsure},
	})
	if got.Result.Asked != 2 || got.Result.Got != 0 || got.Result.Usage["a"] != 3 || got.Result.Usage["b"] != 1 || got.Err != unsure || got.Cost.Amount != 7 {
		t.Errorf("%+v", got)
	}
}

// TestForgettingHoldsAtOnce: an engine that is there already doesn't go on with what
// the user has had forgotten.
func TestForgettingHoldsAtOnce(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) {
		c.User = "someone"
		c.Quirks = settings.Quirks{Dropped: "user", Since: time.Now().Format(time.DateOnly)}
	})
	if _, end := b.ended(b.submit(1).ID); end.Err != nil || b.relay.Last().Field("user") != "" {
		t.Fatalf("%v, user %q", end.Err, b.relay.Last().Field("user"))
	}
	b.set(func(s *settings.Settings) {
		c, _ := s.Find(relay)
		c.Forget()
	})
	if _, end := b.ended(b.submit(1).ID); end.Err != nil || b.relay.Last().Field("user") != "someone" {
		t.Errorf("%v, user %q", end.Err, b.relay.Last().Field("user"))
	}
}

// TestSeveralServicesAreReservedTogether: what one wish costs at all services counts
// against the cap for one edit, and nothing is sent where it passes.
func TestSeveralServicesAreReservedTogether(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) { c.Price = settings.Price{Picture: 20_000, Currency: "USD"} })
	b.set(func(s *settings.Settings) { s.EditCap = 70_000 })
	b.relay.Use("hang")
	var orders []service.Order
	for range 2 {
		set, err := b.PrepareSpots(t.Context(), state(), choices(2))
		if err != nil {
			t.Fatal(err)
		}
		orders = append(orders, service.Order{Set: set})
	}
	_, err := b.SubmitAll(t.Context(), orders)
	var over *service.OverCapError
	if !errors.As(err, &over) || *over != (service.OverCapError{Guard: history.GuardEdit, Cap: 70_000, Cost: 80_000, Currency: "USD"}) {
		t.Fatalf("refused with %+v", err)
	}
	wantKey(t, service.OverCap(over), "input.over_edit_cap")
	if spent, err := b.Spent(t.Context(), "USD"); err != nil || spent.InFlight != 0 || b.relay.Posts() != 0 {
		t.Errorf("spent %+v, %v, %d POSTs", spent, err, b.relay.Posts())
	}
	for i := range orders {
		orders[i].OverCap = true
	}
	edits, err := b.SubmitAll(t.Context(), orders)
	if err != nil || len(edits) != 2 || edits[0][0].Entry == edits[1][0].Entry {
		t.Fatalf("agreed to: %+v, %v", edits, err)
	}
	for _, list := range edits {
		b.Cancel(list[0].ID)
	}
}

// TestBudget: what edits may cost together is reserved before they are sent, and what
// they did cost takes its place.
func TestBudget(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) { c.Price = settings.Price{Picture: 20_000, Currency: "USD"} })
	budget := service.NewBudget(110_000, "USD")
	budget.Spend(20_000)
	with := service.Submission{Budget: budget, OverCap: true}
	b.relay.Use("hang")
	d := b.prepare(choices(2))
	e, err := b.Submit(t.Context(), d, with)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Submit(t.Context(), b.prepare(choices(3)), with); err == nil {
		t.Fatal("the budget was passed")
	} else if over := (&service.OverCapError{}); !errors.As(err, &over) ||
		*over != (service.OverCapError{Guard: history.GuardBudget, Cap: 110_000, Spent: 20_000, InFlight: 40_000, Cost: 60_000, Currency: "USD"}) {
		t.Errorf("refused with %+v", err)
	}
	b.Cancel(e.ID)
	_, end := b.ended(e.ID)
	b.relay.Use("")
	if got := budget.Spent(); got != 20_000+end.Cost.Amount {
		t.Errorf("%d of the budget are spent; the edit cost %d", got, end.Cost.Amount)
	}
	if e, err = b.Submit(t.Context(), b.prepare(choices(1)), with); err != nil {
		t.Fatal(err)
	}
	_, end = b.ended(e.ID)
	if end.Cost.Amount != 20_000 || budget.Spent() < 40_000 {
		t.Errorf("it cost %+v; spent %d", end.Cost, budget.Spent())
	}
	var fault *api.Error
	_, err = b.Submit(t.Context(), d, service.Submission{Budget: service.NewBudget(1, "EUR")})
	if !errors.As(err, &fault) {
		t.Fatal(err)
	}
	wantKey(t, fault, "input.budget_currency")
}
