package session_test

import (
	"slices"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/ui/session"
)

// failed has an edit of two variants fail after so many came.
func (b *bench) failed(came int, err *api.Error) (session.EditID, service.ID) {
	b.Helper()
	e, id := b.generate()
	b.begins(id)
	for i := range came {
		b.arrives(e, id, i, 200)
	}
	b.ends(id, came, 2, err)
	return e, id
}

func TestAFailedEditIsOneCardAndANoticeAndNoQuestion(t *testing.T) {
	b := ready(t)
	e, _ := b.failed(1, &api.Error{Kind: api.KindModeration})
	b.quiet()
	got := b.edit(e)
	if got.State != session.Failed || len(got.Cards) != 1 || len(got.Failures) == 0 || got.Failures[0].Missing != 1 {
		t.Fatalf("the gallery shows %+v", got)
	}
	if !slices.Equal(got.Failures[0].Remedies, []session.Remedy{session.Retry, session.Clear}) || got.Failures[0].Charged {
		t.Errorf("the failed card is %+v", got.Failures)
	}
	if got.Failures[0].Short.String() != "Refused by the content rules" {
		t.Errorf("it says %q", got.Failures[0].Short)
	}
	if n := b.noticed("error.moderation"); n.Error == nil || !n.Bad || n.Good || !n.Action.IsZero() {
		t.Errorf("the notice is %+v", n)
	}
	b.Remedy(e, session.Clear)
	if got := b.edit(e); len(got.Failures) > 0 || len(got.Cards) != 1 {
		t.Errorf("cleared, the gallery shows %+v", got)
	}
}

func TestAFailureDuringAStrokeDisturbsNothing(t *testing.T) {
	b := ready(t)
	_, id := b.generate()
	b.begins(id)
	b.BeginStroke()
	was := b.View().State
	b.ends(id, 0, 2, &api.Error{Kind: api.KindUnknown})
	b.quiet()
	if b.View().State != was || !b.Editing().Stroke {
		t.Error("the stroke was disturbed")
	}
}

func TestAgainRequestsTheMissingVariants(t *testing.T) {
	b := ready(t)
	e, _ := b.failed(1, &api.Error{Kind: api.KindNetwork})
	b.Remedy(e, session.Retry)
	b.until("the edit to be submitted", func() bool { return b.Running().Waiting == 1 })
	b.quiet()
	if !slices.Equal(b.service.seen().more, []int{1}) {
		t.Errorf("asked for %v more", b.service.seen().more)
	}
	all := b.Edits()
	if len(all) != 2 || len(all[0].Failures) > 0 || len(all[1].Cards) != 1 {
		t.Errorf("the gallery shows %+v", all)
	}
	// The further variants are of the same edit: using one swaps.
	b.Use(session.VariantID{Edit: e})
	id := b.lastID()
	b.begins(id)
	b.Use(b.arrives(all[1].ID, id, 0, 3))
	if r := b.Results(); len(r) != 1 || r[0].Variants != 2 {
		t.Errorf("the results are %+v", r)
	}
}

func TestAgainAsksFirstWhereItMayHaveCost(t *testing.T) {
	b := ready(t)
	e, _ := b.failed(0, &api.Error{Kind: api.KindUnknown})
	if !b.edit(e).Failures[0].Charged {
		t.Error("the card doesn't say that it may have been charged")
	}
	b.Remedy(e, session.Retry)
	b.Remedy(e, session.Retry)
	if len(b.Questions()) != 1 {
		t.Fatalf("asked %d times", len(b.Questions()))
	}
	b.Answer(b.asked(session.AskAgain).ID, session.Dismiss)
	if len(b.service.seen().more) != 0 || len(b.edit(e).Failures) == 0 {
		t.Fatal("it was asked again although the person did not want that")
	}
	b.Remedy(e, session.Retry)
	b.Answer(b.asked(session.AskAgain).ID, session.Yes)
	b.until("the edit to be submitted", func() bool { return b.Running().Waiting == 1 })
	if !slices.Equal(b.service.seen().more, []int{2}) {
		t.Errorf("asked for %v more", b.service.seen().more)
	}
}

func TestEachErrorHasItsRemedies(t *testing.T) {
	for _, c := range []struct {
		err  *api.Error
		want []session.Remedy
	}{
		{&api.Error{Kind: api.KindAuth}, []session.Remedy{session.OpenSettings, session.Retry, session.Clear}},
		{&api.Error{Kind: api.KindQuota}, []session.Remedy{session.OpenSettings, session.Clear}},
		{&api.Error{Kind: api.KindInput}, []session.Remedy{session.OpenSettings, session.Clear}},
		{&api.Error{Kind: api.KindMoved, Address: "https://new.example/v1"}, []session.Remedy{session.OpenSettings, session.UseAddress, session.Retry, session.Clear}},
		{&api.Error{Kind: api.KindUnknown, Sentence: api.Sentence{Key: "error.unknown_download"}}, []session.Remedy{session.FetchAgain, session.Retry, session.Clear}},
	} {
		b := ready(t)
		e, id := b.failed(0, c.err)
		if got := b.edit(e).Failures[0].Remedies; !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.err, got, c.want)
		}
		if slices.Contains(c.want, session.OpenSettings) {
			b.Remedy(e, session.OpenSettings)
			if w := b.wished(session.WishSettings); w.Connection != relay {
				t.Errorf("settings of %q", w.Connection)
			}
		}
		if slices.Contains(c.want, session.UseAddress) {
			b.Remedy(e, session.UseAddress)
			b.until("the address", func() bool { c, _ := b.service.Connection(relay); return c.BaseURL == "https://new.example/v1" })
		}
		if slices.Contains(c.want, session.FetchAgain) {
			b.Remedy(e, session.FetchAgain)
			if w := b.wished(session.WishHistory); w.Entry != int64(100+id) {
				t.Errorf("the history at %d", w.Entry)
			}
		}
		b.ClearFailures()
		if len(b.Edits()) != 0 {
			t.Errorf("%v: the card is still there", c.err)
		}
		b.Remedy(e, session.Clear)
	}
}

func TestFewerThanAskedOffersTheRest(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	b.arrives(e, id, 0, 200)
	b.ends(id, 1, 2, nil)
	n := b.noticed("service.fewer")
	if n.Text.String() != "The service gave 1 of the 2 variants that were asked for. You can ask for the rest." {
		t.Errorf("it says %q", n.Text)
	}
	if got := b.edit(e); len(got.Failures) > 0 || len(got.Cards) != 1 {
		t.Errorf("the gallery shows %+v", got)
	}
	b.Act(n.ID)
	b.until("the rest to be asked for", func() bool { return b.Running().Waiting == 1 })
	if !slices.Equal(b.service.seen().more, []int{1}) {
		t.Errorf("asked for %v", b.service.seen().more)
	}
}

func TestAServiceMayGiveMoreThanWasAsked(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	b.arrives(e, id, 3, 200)
	if n := len(b.edit(e).Cards); n != 4 {
		t.Errorf("%d cards", n)
	}
}

func TestAVariantThatCanNotBeShownIsTheEditsFailure(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	b.Choose(session.VariantID{Edit: e, N: 1})
	b.arrives(e, id, 0, 200)
	b.service.feed.Publish(service.Arrived{ID: id, Index: 1, Err: &api.Error{Kind: api.KindEmpty}})
	b.until("the failure", func() bool { return len(b.edit(e).Failures) > 0 })
	b.shows(current)
	b.ends(id, 2, 2, nil)
	got := b.edit(e)
	if len(got.Cards) != 1 || got.Failures[0].Missing != 1 || slices.Contains(got.Failures[0].Remedies, session.Retry) {
		t.Errorf("the gallery shows %+v, %+v", got, got.Failures)
	}
}

func TestNoticesOfServicesAreShown(t *testing.T) {
	b := ready(t)
	_, id := b.generate()
	b.begins(id)
	b.service.feed.Publish(service.Notice{ID: id, Sentence: api.Sentence{Key: "service.scaled", Args: []any{"Size", "512x512"}}})
	b.noticed("service.scaled")
	b.service.feed.Publish(service.Progress{ID: 4711}) // of another window
	b.ends(id, 0, 2, &api.Error{Kind: api.KindCancelled})
}
