package session_test

import (
	"image"
	"slices"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/ui/session"
)

// both asks two services for an edit, has them carry it out, and returns its parts with what the
// services know them as.
func (b *bench) both() (parts [2]session.EditID, ids [2]service.ID) {
	b.Helper()
	b.ChooseServices(relay, other)
	b.planned()
	b.advance(2 * time.Second)
	before := b.lastID()
	b.Generate()
	b.until("both to be submitted", func() bool {
		all := b.Edits()
		return b.lastID() == before+2 && all[len(all)-1].State == session.Waiting
	})
	group := b.Edits()[len(b.Edits())-1]
	if len(group.Cards) != 4 || !group.Several {
		b.Fatalf("the gallery shows %+v", group)
	}
	parts = [2]session.EditID{group.Cards[0].ID.Edit, group.Cards[2].ID.Edit}
	ids = [2]service.ID{before + 1, before + 2}
	if b.service.seen().edits[ids[0]].Connection == other {
		slices.Reverse(ids[:])
	}
	for _, id := range ids {
		b.begins(id)
	}
	b.until("both to run", func() bool {
		group := b.Edits()[len(b.Edits())-1]
		return !slices.ContainsFunc(group.Cards, func(c session.Card) bool { return c.State != session.CardWorking })
	})
	return parts, ids
}

// TestSeveralServicesAreOneEdit: one group, whose cards tell their services, whose places are
// the keys, and whose variants are those of one result.
func TestSeveralServicesAreOneEdit(t *testing.T) {
	b := ready(t)
	parts, ids := b.both()
	b.advance(5 * time.Second)
	var cards []session.VariantID
	for i, grey := range []uint8{10, 60} {
		cards = append(cards, b.arrives(parts[0], ids[0], i, grey))
	}
	if now := b.Shown(); now.Variant != cards[0] {
		t.Errorf("the canvas shows %+v, not the first that came", now)
	}
	b.ShowCurrent()
	for i, grey := range []uint8{200, 250} {
		cards = append(cards, b.arrives(parts[1], ids[1], i, grey))
	}
	if now := b.Shown(); now.What == session.IsVariant {
		t.Errorf("that of the second service took the canvas: %+v", now)
	}
	b.service.feed.Publish(service.Ended{ID: ids[0], Result: api.Result{Got: 2, Asked: 2}, Cost: service.Cost{Amount: 40_000, Currency: "USD"}})
	b.service.feed.Publish(service.Ended{ID: ids[1], Result: api.Result{Got: 2, Asked: 2}, Cost: service.Cost{Amount: 60_000, Currency: "USD"}})
	b.until("the end", func() bool { return !b.Running().Any() })

	all := b.Edits()
	if len(all) != 1 || all[0].Service.String() != "Relay, Other" || all[0].Cost.Amount != 100_000 || all[0].State != session.Done {
		t.Fatalf("the gallery shows %+v", all)
	}
	for i, c := range all[0].Cards {
		name, cost := "Relay", int64(20_000)
		if i > 1 {
			name, cost = "Other", 30_000
		}
		if c.ID != cards[i] || c.Number != i+1 || c.Service.String() != name || c.Cost.Amount != cost || c.Elapsed != 5*time.Second {
			t.Errorf("card %d is %+v", i+1, c)
		}
	}
	b.ChooseNumber(3)
	if now := b.Shown(); now.Variant != cards[2] || b.at(75, 55) != 200 {
		t.Errorf("key 3 shows %+v, of brightness %d", now, b.at(75, 55))
	}
	b.UseShown()
	results := b.Results()
	if len(results) != 1 || results[0].Variants != 4 || results[0].Variant != 3 || b.at(75, 55) != 200 {
		t.Fatalf("the results are %+v", results)
	}
	b.Swap(results[0].ID)
	if got := b.at(75, 55); got != 250 || b.Results()[0].Variant != 4 {
		t.Errorf("swapped once: %d", got)
	}
	b.until("the variant swapped in to be looked at", func() bool {
		seen := 0
		for _, e := range b.Edits() {
			for _, c := range e.Cards {
				if !c.New {
					seen++
				}
			}
		}
		return seen >= 3 // the first, the one used and the one swapped in
	})
	b.Swap(results[0].ID)
	if got := b.at(75, 55); got != 10 || b.Results()[0].Variant != 1 {
		t.Errorf("swapped to the other service's: %d", got)
	}
	b.Use(cards[1])
	if got := b.Edits()[0].Used; len(b.Results()) != 1 || !slices.Equal(got, []int{2}) || b.at(75, 55) != 60 {
		t.Errorf("used are %v of %d results", got, len(b.Results()))
	}
	b.DiscardEdit(all[0].ID)
	if len(b.Edits()) != 0 {
		t.Errorf("discarded, and there is %+v", b.Edits())
	}
	b.Undo()
	if got := b.Edits(); len(got) != 1 || len(got[0].Cards) != 4 {
		t.Errorf("brought back is %+v", got)
	}
}

// TestOneOfSeveralServicesFails: its card says so, and Again asks it alone, in the same group.
func TestOneOfSeveralServicesFails(t *testing.T) {
	b := ready(t)
	parts, ids := b.both()
	first := b.arrives(parts[0], ids[0], 0, 10)
	b.arrives(parts[0], ids[0], 1, 60)
	b.service.feed.Publish(service.Ended{ID: ids[1], Result: api.Result{Asked: 2}, Err: &api.Error{Kind: api.KindModeration}})
	b.until("the failure", func() bool { return len(b.Edits()[0].Failures) == 1 })
	all := b.Edits()
	f := all[0].Failures[0]
	if len(all) != 1 || len(all[0].Cards) != 2 || f.Edit != parts[1] || f.Service.String() != "Other" || f.Missing != 2 {
		t.Fatalf("the gallery shows %+v", all)
	}
	if n := b.noticed("gallery.failed_at"); n.Text.String() != "Other: "+f.Text.String() {
		t.Errorf("told is %q", n.Text)
	}
	b.Remedy(f.Edit, session.Retry)
	for _, n := range b.Notices() {
		if n.Text.Key == "gallery.failed_at" {
			t.Errorf("asked again, it still says %q", n.Text)
		}
	}
	b.until("the request", func() bool { return b.lastID() == ids[1]+1 || b.lastID() == ids[0]+1 && ids[0] > ids[1] })
	id := b.lastID()
	b.begins(id)
	all = b.Edits()
	if len(all) != 1 || len(all[0].Cards) != 4 || len(all[0].Failures) != 0 || all[0].Cards[3].Service.String() != "Other" {
		t.Fatalf("asked again, the gallery shows %+v", all)
	}
	again := b.arrives(all[0].Cards[2].ID.Edit, id, 0, 200)
	b.Use(first)
	b.Use(again)
	if len(b.Results()) != 1 || b.at(75, 55) != 200 {
		t.Errorf("%d results, brightness %d", len(b.Results()), b.at(75, 55))
	}
	b.CancelEdit(all[0].ID)
	b.until("the rest to be cancelled", func() bool {
		return slices.Contains(b.service.seen().cancelled, id)
	})
}

// TestServicesWithWindowsOfOtherShapes: what comes in a window of another shape is laid into
// that of the first, in its place.
func TestServicesWithWindowsOfOtherShapes(t *testing.T) {
	b := newBench(t)
	b.SaveSettings(func(s *settings.Settings) { s.Connections[1].Limits.Sizes = []image.Point{{X: 96, Y: 64}} }, nil, nil)
	b.open("lake.png")
	b.stroke(mask.Union(box(60, 40, 90, 50), box(60, 50, 70, 60)))
	b.planned()
	parts, ids := b.both()
	edits := b.service.seen().edits
	one, two := edits[ids[0]].Job.Plan().Window, edits[ids[1]].Job.Plan().Window
	if one == two {
		t.Fatalf("both windows are %v", one)
	}
	before := b.at(88, 66) // beside the mask
	b.arrives(parts[0], ids[0], 0, 10)
	v := b.arrives(parts[1], ids[1], 0, 200)
	b.Use(session.VariantID{Edit: parts[0], N: 0})
	r := b.Results()[0]
	b.Swap(r.ID)
	if got := [2]int{b.at(65, 45), b.at(88, 66)}; len(b.Results()) != 1 || got[0] < 199 || got[0] > 201 || got[1] != before {
		t.Errorf("swapped to %v it shows %v, beside it was %d", v, got, before)
	}
}

// TestSeveralServicesAreReopenedAsOneEdit, by whichever of its entries.
func TestSeveralServicesAreReopenedAsOneEdit(t *testing.T) {
	r := newReal(t)
	second := apitest.New(t)
	err := r.settings.Update(func(s *settings.Settings) {
		c := s.Connections[0]
		c.ID, c.Name, c.BaseURL, c.Price.Picture = other, "Other", second.URL, 30_000
		s.Connections = append(s.Connections, c)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.KeepKey(t.Context(), other, secret.New(second.Key)); err != nil {
		t.Fatal(err)
	}
	b := r.window(t)
	b.open("lake.png")
	b.spot()
	b.ChooseServices(relay, other)
	b.planned()
	b.Generate()
	b.until("the end", func() bool { e := b.Edits(); return len(e) == 1 && e[0].State == session.Done && len(e[0].Cards) == 4 })
	made := make([]int, 4)
	for i, c := range b.Edits()[0].Cards {
		b.Choose(c.ID)
		made[i] = b.at(75, 55)
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
		w := r.window(t)
		w.Reopen(item.ID, false)
		w.until("the entry", func() bool { return w.Document().Open })
		kept := w.Edits()
		if len(kept) != 1 || len(kept[0].Cards) != 4 || kept[0].Service.String() != "Relay, Other" || kept[0].Cost.Amount != 100_000 {
			t.Fatalf("the gallery shows %+v", kept)
		}
		for i, c := range kept[0].Cards {
			w.Choose(c.ID)
			if got := w.at(75, 55); got != made[i] || c.Service.String() != []string{"Relay", "Relay", "Other", "Other"}[i] {
				t.Errorf("card %d of %s shows %d, made was %d", i+1, c.Service, got, made[i])
			}
		}
		w.Use(kept[0].Cards[0].ID)
		w.Use(kept[0].Cards[3].ID)
		if got := w.Results(); len(got) != 1 || got[0].Variants != 4 {
			t.Errorf("the results are %+v", got)
		}
	}
	w := r.window(t)
	w.Reopen(items[0].ID, true)
	w.until("both to be asked again", func() bool { return r.relay.Posts() == 2 && second.Posts() == 2 })
	w.until("the end", func() bool { return !w.Running().Any() })
}

func TestAnEditThatWasCancelledSaysSo(t *testing.T) {
	b := ready(t)
	b.SetVariants(4)
	e, id := b.generate()
	b.begins(id)
	b.arrives(e, id, 0, 90)
	b.arrives(e, id, 1, 120)
	if b.edit(e).Cancelled {
		t.Error("it is called cancelled while it runs")
	}
	b.ends(id, 2, 4, &api.Error{Kind: api.KindCancelled})
	if one := b.edit(e); !one.Cancelled || len(one.Cards) != 2 || len(one.Failures) != 0 {
		t.Errorf("cancelled %v, %d cards, failures %v", one.Cancelled, len(one.Cards), one.Failures)
	}
}

// A service whose part was cancelled before anything came has no card left to say so.
func TestAGroupSaysThatOneOfItsServicesWasCancelled(t *testing.T) {
	b := ready(t)
	parts, ids := b.both()
	b.arrives(parts[0], ids[0], 0, 90)
	b.arrives(parts[0], ids[0], 1, 120)
	b.service.feed.Publish(service.Ended{ID: ids[0], Result: api.Result{Got: 2, Asked: 2}})
	b.service.feed.Publish(service.Ended{ID: ids[1], Result: api.Result{Asked: 2}, Err: &api.Error{Kind: api.KindCancelled}})
	b.until("the end", func() bool { return !b.Running().Any() })
	if all := b.Edits(); len(all) != 1 || !all[0].Cancelled || len(all[0].Cards) != 2 {
		t.Errorf("the gallery shows %+v", all)
	}
}
