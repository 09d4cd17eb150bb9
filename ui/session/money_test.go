package session_test

import (
	"slices"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/ui/session"
)

func TestCtrlEnterTwiceWithinASecondMakesOneEdit(t *testing.T) {
	b := ready(t)
	b.Generate()
	b.advance(900 * time.Millisecond)
	b.Generate()
	if n := len(b.Edits()); n != 1 {
		t.Fatalf("%d edits after pressing twice", n)
	}
	b.advance(200 * time.Millisecond)
	b.Generate()
	if n := len(b.Edits()); n != 2 {
		t.Errorf("%d edits after pressing again a second later, want 2", n)
	}
	b.until("both to be submitted", func() bool { return b.Running().Waiting == 2 })
}

func TestAnEditIsSeenAtOnceAndCancellingBeforeItIsSubmittedCostsNothing(t *testing.T) {
	for name, give := range map[string]func(*bench, session.EditID){
		"Cancel":     func(b *bench, _ session.EditID) { b.Cancel() },
		"its Cancel": func(b *bench, e session.EditID) { b.CancelEdit(e) },
		"Cancel all": func(b *bench, _ session.EditID) { b.CancelAll() },
		"Esc":        func(b *bench, _ session.EditID) { b.Escape() },
		"both cards": func(b *bench, e session.EditID) {
			b.Discard(session.VariantID{Edit: e})
			b.Discard(session.VariantID{Edit: e, N: 1})
		},
		"new picture": func(b *bench, _ session.EditID) { b.open("other.png") },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.open("lake.png")
			b.ChangeMask(session.MaskAll, 0)
			b.until("a mask", func() bool { return !b.mask().Empty() })
			if name == "new picture" { // which asks about the mask
				b.Undo()
				b.ChangeMask(session.MaskAll, 0)
				b.until("a mask", func() bool { return !b.mask().Empty() })
			}
			b.service.set(func(s *fakeState) { s.hold = make(chan struct{}) })
			b.Generate()
			all := b.Edits()
			if len(all) != 1 || all[0].State != session.Preparing || len(all[0].Cards) != 2 {
				t.Fatalf("the gallery shows %+v", all)
			}
			if name == "new picture" {
				b.Open(b.photo("other.png"))
				b.Answer(b.asked(session.AskUnsavedMask).ID, session.Discard)
				b.until("the other picture", func() bool { return b.Document().Name == "other.png" })
			} else {
				give(b, all[0].ID)
			}
			b.until("the edit to be gone", func() bool { return !b.Running().Any() && len(b.Edits()) == 0 })
			close(b.service.seen().hold)
			if n := len(b.service.seen().submitted); n != 0 {
				t.Errorf("%d edits were submitted", n)
			}
			b.quiet()
		})
	}
}

func TestEscNeverStopsWhatMayBePaidFor(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	for range 5 {
		b.Escape()
	}
	b.begins(id)
	for range 5 {
		b.Escape()
	}
	b.sent(e, id)
	for range 5 {
		b.Escape()
	}
	if len(b.service.seen().cancelled) != 0 || b.edit(e).State != session.Running {
		t.Errorf("cancelled %v", b.service.seen().cancelled)
	}
	b.quiet()
	b.ends(id, 0, 2, &api.Error{Kind: api.KindCancelled})
}

func TestCancellingAsksOnceIfTheServiceHasTheRequest(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	b.sent(e, id)
	b.Cancel()
	b.Cancel()
	b.CancelEdit(e)
	if n := len(b.Questions()); n != 1 {
		t.Fatalf("%d questions", n)
	}
	q := b.asked(session.AskCancel)
	if q.Also.String() != "That may be up to $0.04." {
		t.Errorf("it says %q", q.Also)
	}
	b.Answer(q.ID, session.Dismiss)
	if len(b.service.seen().cancelled) != 0 {
		t.Fatal("cancelled although the person keeps waiting")
	}
	b.Cancel()
	b.Answer(b.asked(session.AskCancel).ID, session.Yes)
	if !slices.Equal(b.service.seen().cancelled, []service.ID{id}) {
		t.Fatalf("cancelled %v", b.service.seen().cancelled)
	}
	b.ends(id, 0, 2, &api.Error{Kind: api.KindCancelled, Sentence: api.Sentence{Key: api.CancelledSent}})
	b.noticed(api.CancelledSent)
	if len(b.Edits()) != 0 {
		t.Error("a cancelled edit without a picture stays in the gallery")
	}
}

func TestCancellingWhatWasNotSentAsksNothing(t *testing.T) {
	b := ready(t)
	_, id := b.generate()
	b.begins(id)
	b.Cancel()
	b.quiet()
	if !slices.Equal(b.service.seen().cancelled, []service.ID{id}) {
		t.Errorf("cancelled %v", b.service.seen().cancelled)
	}
}

func TestCancelStopsWhatRunsAndOffersToCancelWhatWaits(t *testing.T) {
	b := ready(t)
	_, one := b.generate()
	_, two := b.generate()
	_, three := b.generate()
	b.begins(one)
	b.Cancel()
	if !slices.Equal(b.service.seen().cancelled, []service.ID{one}) {
		t.Fatalf("cancelled %v", b.service.seen().cancelled)
	}
	n := b.noticed("notice.cancelled")
	if n.Action.String() != "Cancel them too" {
		t.Errorf("it offers %q", n.Action)
	}
	b.Act(n.ID)
	if !slices.Equal(b.service.seen().cancelled, []service.ID{one, two, three}) {
		t.Errorf("cancelled %v", b.service.seen().cancelled)
	}
	for _, id := range b.service.seen().cancelled {
		b.ends(id, 0, 2, &api.Error{Kind: api.KindCancelled})
	}
	if len(b.Edits()) != 0 {
		t.Errorf("the gallery still shows %+v", b.Edits())
	}
}

func TestTheNoticeOnContinuingEditsEndsWithTheLast(t *testing.T) {
	b := ready(t)
	_, one := b.generate()
	_, two := b.generate()
	b.begins(one)
	b.Cancel()
	b.noticed("notice.cancelled")
	b.ends(one, 0, 2, &api.Error{Kind: api.KindCancelled})
	b.ends(two, 0, 2, &api.Error{Kind: api.KindCancelled})
	for _, n := range b.Notices() {
		if n.Text.Key == "notice.cancelled" {
			t.Error("it is still told")
		}
	}
}

func TestCancelStopsTheNextOfThoseThatWaitWhereNoneRuns(t *testing.T) {
	b := ready(t)
	_, one := b.generate()
	_, two := b.generate()
	b.service.set(func(s *fakeState) { s.queue = []service.ID{two, one} }) // the second was put first
	b.Cancel()
	if !slices.Equal(b.service.seen().cancelled, []service.ID{two}) {
		t.Errorf("cancelled %v, want the one that is next", b.service.seen().cancelled)
	}
}

func TestQueueFirst(t *testing.T) {
	b := ready(t)
	first, _ := b.generate()
	second, two := b.generate()
	if b.edit(first).First || !b.edit(second).First {
		t.Errorf("can be put first: %v and %v", b.edit(first).First, b.edit(second).First)
	}
	b.PutFirst(second)
	if !slices.Equal(b.service.seen().first, []service.ID{two}) {
		t.Errorf("put first: %v", b.service.seen().first)
	}
	b.service.feed.Publish(service.Moved{ID: two})
	b.drain()
}

func TestTheCapNamesWhatIsInFlight(t *testing.T) {
	b := ready(t)
	over := &service.OverCapError{Cap: 1_000_000, Spent: 900_000, InFlight: 80_000, Cost: 40_000, Currency: "USD"}
	b.service.set(func(s *fakeState) { s.refuse = []error{over, over} })
	b.Generate()
	q := b.asked(session.AskOverCap)
	want := "Your cap for the month is $1.00. You have spent $0.90 so far, and edits under way may cost up to $0.08. This edit may cost $0.04 and go over the cap."
	if q.Text.String() != want {
		t.Errorf("it says %q", q.Text)
	}
	b.Escape() // the question is the window's to leave
	if len(b.Edits()) != 1 {
		t.Fatal("the edit that is asked about is gone")
	}
	b.Answer(q.ID, session.Dismiss)
	if len(b.Edits()) != 0 || b.Running().Any() {
		t.Errorf("the edit goes on: %+v", b.Edits())
	}

	b.advance(time.Minute)
	b.Generate()
	b.Answer(b.asked(session.AskOverCap).ID, session.Yes)
	b.until("the edit to be submitted", func() bool { return b.Running().Waiting == 1 })
	if last := b.submission(len(b.service.seen().submitted)); !last.OverCap || last.Unrecorded {
		t.Errorf("submitted with %+v", last)
	}
}

func TestTheCapWithNothingInFlight(t *testing.T) {
	b := ready(t)
	b.service.set(func(s *fakeState) {
		s.refuse = []error{&service.OverCapError{Cap: 1_000_000, Spent: 990_000, Cost: 40_000, Currency: "USD"}}
	})
	b.Generate()
	q := b.asked(session.AskOverCap)
	if q.Text.Key != "dialog.cap.text" {
		t.Errorf("it says %q", q.Text)
	}
	if r := b.Running(); r.Preparing != 0 || r.Waiting != 1 || len(r.Cost) != 0 {
		t.Errorf("while that is asked: %+v", r)
	}
	b.CancelAll() // also takes the question back
	b.quiet()
	if len(b.Edits()) != 0 {
		t.Error("the edit goes on")
	}
}

func TestWhatCanNotBeRecordedIsAskedAbout(t *testing.T) {
	b := ready(t)
	b.service.set(func(s *fakeState) { s.refuse = []error{&service.UnrecordedError{Cause: api.InputError("x")}} })
	b.Generate()
	b.Answer(b.asked(session.AskUnrecorded).ID, session.Yes)
	b.until("the edit to be submitted", func() bool { return b.Running().Waiting == 1 })
	if last := b.submission(2); !last.Unrecorded || last.OverCap {
		t.Errorf("submitted with %+v", last)
	}
}

func TestWhatCanNotBePreparedIsANoticeAndCostsNothing(t *testing.T) {
	b := ready(t)
	b.service.set(func(s *fakeState) { s.fault = api.InputError("error.mask_empty") })
	b.Generate()
	b.noticed("error.mask_empty")
	b.quiet()
	if len(b.Edits()) != 0 || len(b.service.seen().submitted) != 0 {
		t.Errorf("the gallery shows %+v", b.Edits())
	}
}

func TestPricesAreKnownBeforeAndWhile(t *testing.T) {
	b := ready(t)
	b.service.set(func(s *fakeState) {
		s.spent = service.Spent{Today: 320_000, Month: 500_000, InFlight: 40_000, Left: 4_460_000}
	})
	b.SaveSettings(func(s *settings.Settings) { s.MonthlyCap = 5_000_000 }, nil, nil)
	b.until("what was spent", func() bool { s := b.Spent(); return s.Known && s.Today == 320_000 && s.Cap == 5_000_000 })
	if s := b.Spent(); s.Left != 4_460_000 || s.Daily {
		t.Errorf("the month leaves %+v", s)
	}
	b.SaveSettings(func(s *settings.Settings) { s.DailyCap = 400_000 }, nil, nil)
	b.until("the day's cap, which is nearer", func() bool { s := b.Spent(); return s.Daily && s.Cap == 400_000 && s.Left == 40_000 })
	b.planned()
	cost := []service.Cost{{Amount: 40_000, Currency: "USD"}}
	if p := b.Panel(); !slices.Equal(p.Cost, cost) || p.Count != 2 {
		t.Errorf("the next edit: %d at %v", p.Count, p.Cost)
	}
	b.ChooseServices(relay, other)
	b.until("the price of both", func() bool { c := b.Spent().Next; return len(c) == 1 && c[0].Amount == 80_000 })
	if p := b.Panel(); p.Count != 4 {
		t.Errorf("the next edit asks for %d", p.Count)
	}
	b.Generate()
	b.until("both to be submitted", func() bool { return b.Running().Waiting == 1 })
	if r := b.Running(); len(r.Cost) != 1 || r.Cost[0].Amount != 80_000 {
		t.Errorf("under way: %+v", r)
	}
	all := b.Edits()
	if len(all) != 1 || all[0].Service.String() != "Relay, Other" || all[0].Cost.Amount != 80_000 {
		t.Errorf("the gallery shows %+v", all)
	}
}

// TestThePriceIsKnownBeforeAnythingIsPainted: also while a result's mask is painted, and
// that changes nothing about what Generate lacks.
func TestThePriceIsKnownBeforeAnythingIsPainted(t *testing.T) {
	b := newBench(t)
	b.open("lake.png")
	b.planned()
	cost := []service.Cost{{Amount: 40_000, Currency: "USD"}}
	if p := b.Panel(); p.Reason.Key != "ui.reason.no_mask" || !slices.Equal(p.Cost, cost) || p.Sending != nil {
		t.Errorf("before the first stroke: %q, %v", p.Reason.Key, p.Cost)
	}
	b.spot()
	first, _ := b.made()
	b.Use(first)
	b.planned()
	b.Mix(b.Results()[0].ID, 1)
	b.stroke(box(65, 45, 75, 55))
	if p := b.Panel(); p.Reason.Key != "ui.reason.no_mask" || !slices.Equal(p.Cost, cost) {
		t.Errorf("while a variant is mixed in: %q, %v", p.Reason.Key, p.Cost)
	}
}

// TestSeveralServicesAreOneQuestion: what one wish costs at all services is reserved in
// one step and asked about once, and one that can't be prepared keeps no other back.
func TestSeveralServicesAreOneQuestion(t *testing.T) {
	b := ready(t)
	b.ChooseServices(relay, other)
	over := &service.OverCapError{Guard: history.GuardEdit, Cap: 50_000, Cost: 80_000, Currency: "USD"}
	b.service.set(func(s *fakeState) { s.refuse = []error{over, over, over} })
	b.Generate()
	q := b.asked(session.AskOverCap)
	if want := "Your cap for one edit is $0.05, and this edit may cost $0.08."; q.Text.String() != want {
		t.Errorf("it says %q", q.Text)
	}
	b.Answer(q.ID, session.Dismiss)
	if len(b.Edits()) != 0 {
		t.Fatalf("not wanted, and still there: %+v", b.Edits())
	}

	b.advance(time.Minute)
	b.Generate()
	b.asked(session.AskOverCap)
	for _, c := range b.Edits()[0].Cards[:2] { // the other service is asked about still
		b.Discard(c.ID)
	}
	b.Answer(b.asked(session.AskOverCap).ID, session.Yes)
	b.asked(session.AskOverCap) // once more by the third refusal
	b.Answer(b.asked(session.AskOverCap).ID, session.Yes)
	b.until("the other to be submitted", func() bool { return b.Running().Waiting == 1 })
	if last := b.submission(len(b.service.seen().submitted)); !last.OverCap {
		t.Errorf("submitted with %+v", last)
	}
	if !slices.Equal(b.service.seen().together, []int{2, 2, 1, 1}) {
		t.Errorf("submitted together: %v", b.service.seen().together)
	}
}

func TestHowLongEditsRunIsSeen(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	b.told = nil
	b.advance(31 * time.Second)
	if got := b.Running(); got.Elapsed != 31*time.Second || got.Running != 1 {
		t.Errorf("%+v", got)
	}
	if n := len(b.told); n != 31 {
		t.Errorf("told %d times in 31 seconds", n)
	}
	b.service.feed.Publish(service.Progress{ID: id, Progress: api.Progress{Stage: api.Pausing, Index: -1, Fraction: -1, Until: b.now.Add(3 * time.Second)}})
	b.until("a pause", func() bool { return b.edit(e).Pause == 3*time.Second })
	if got := b.Running().Stage.String(); got != "Waiting 3 seconds" && got == "" {
		t.Errorf("it says %q", got)
	}
	b.service.feed.Publish(service.Progress{ID: id, Progress: api.Progress{Stage: api.Waiting, Index: 1, Fraction: 0.5}})
	b.until("progress", func() bool { return b.edit(e).Cards[1].Fraction == 0.5 })
	if got := b.Running().Fraction; got != 0.25 {
		t.Errorf("%v of two variants", got)
	}
	b.ends(id, 0, 2, &api.Error{Kind: api.KindAuth})
	if got := b.edit(e); got.Elapsed != 31*time.Second || got.Pause != 0 {
		t.Errorf("it ended after %v", got.Elapsed)
	}
	b.told = nil
	b.advance(10 * time.Second)
	for _, p := range b.told {
		if p&session.Gallery != 0 {
			t.Error("the clock goes on although nothing runs")
		}
	}
}

func TestWhatMayCostMoreIsNotSaidToBeTheMost(t *testing.T) {
	b := ready(t)
	b.service.set(func(s *fakeState) { s.least = true })
	e, id := b.generate()
	b.begins(id)
	b.sent(e, id)
	b.Cancel()
	q := b.asked(session.AskCancel)
	if q.Also.String() != "That may be $0.04 or more." {
		t.Errorf("it says %q", q.Also)
	}
	b.Answer(q.ID, session.Yes)
	b.ends(id, 0, 2, &api.Error{Kind: api.KindCancelled})
}

func TestNothingCountsAsCancelledBeforeTheUserHasAnswered(t *testing.T) {
	b := ready(t)
	e, one := b.generate()
	_, two := b.generate()
	b.begins(one)
	b.sent(e, one)
	b.Cancel()
	q := b.asked(session.AskCancel)
	if len(b.Notices()) != 0 {
		t.Fatalf("told is %q", b.Notices()[0].Text)
	}
	b.Answer(q.ID, session.Yes)
	b.Act(b.noticed("notice.cancelled").ID)
	if !slices.Equal(b.service.seen().cancelled, []service.ID{one, two}) {
		t.Errorf("cancelled %v", b.service.seen().cancelled)
	}
}

func TestAnEditThatIsSubmittedTooLateIsCancelled(t *testing.T) {
	b := ready(t)
	b.Generate()
	b.until("Submit to be called", func() bool { return b.lastID() == 1 || len(b.Questions()) > 0 })
	b.CancelAll()
	b.until("it to be cancelled", func() bool {
		return len(b.service.seen().cancelled) > 0
	})
	b.quiet()
}
