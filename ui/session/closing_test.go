package session_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/ui/session"
)

func TestClosingLeavesNothingBehind(t *testing.T) {
	b := newBench(t)
	b.open("lake.png")
	b.Close()
	b.quiet()
	b.wished(session.WishClose)
	if found, err := document.Recover(b.autosave); len(found) != 0 || err != nil {
		t.Errorf("left is %v (%v)", found, err)
	}
	b.Close()
}

func TestClosingReportsTheNumberOfUnusedPaidVariants(t *testing.T) {
	b := ready(t)
	b.made()
	b.SaveProject()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: filepath.Join(b.folder, "lake.overpaint")})
	b.until("the project", func() bool { return !b.Document().Modified })
	b.Close()
	q := b.asked(session.AskUnused)
	if q.Text.String() != "2 variants from services are neither used nor saved. They stay in the history." {
		t.Errorf("it says %q", q.Text)
	}
	b.Answer(q.ID, session.Dismiss)
	if b.Closed() {
		t.Fatal("closed although the person stays")
	}
	b.Open(b.photo("next.png")) // opening says so too
	b.Answer(b.asked(session.AskUnused).ID, session.Yes)
	b.until("the next picture", func() bool { return b.Document().Name == "next.png" })
	b.Close()
	b.quiet()
}

func TestVariantsOfTheBuiltInEngineAreNotPaidFor(t *testing.T) {
	b := ready(t)
	b.ChooseServices()
	b.made()
	if n := b.Unused(); n != 0 {
		t.Errorf("%d unused paid variants", n)
	}
	if got := b.Edits()[0]; got.Paid || got.Service.String() != "Built-in engine" || got.Cards[0].Note.Key != "ui.unchanged" {
		t.Errorf("the gallery shows %+v", got)
	}
}

func TestClosingAsksWhatBecomesOfEditsAtServices(t *testing.T) {
	b := ready(t)
	_, id := b.generate()
	b.begins(id)
	b.Close()
	b.Answer(b.asked(session.AskUnsavedMask).ID, session.Discard)
	q := b.asked(session.AskRunning)
	b.Answer(q.ID, session.Dismiss)
	if b.Closed() {
		t.Fatal("closed although the person stays")
	}
	b.Close()
	b.Answer(b.asked(session.AskUnsavedMask).ID, session.Discard)
	b.Answer(b.asked(session.AskRunning).ID, session.Wait)
	n := b.noticed("notice.leaving")
	b.Act(n.ID) // Stay open
	b.ends(id, 0, 2, &api.Error{Kind: api.KindCancelled})
	if b.Closed() {
		t.Fatal("closed although the person stays")
	}
	e, id := b.generate()
	b.begins(id)
	b.Close()
	b.Answer(b.asked(session.AskUnsavedMask).ID, session.Discard)
	b.Answer(b.asked(session.AskRunning).ID, session.Wait)
	b.arrives(e, id, 0, 9)
	b.ends(id, 1, 2, nil)
	b.wished(session.WishClose)
	for _, n := range b.Notices() {
		if n.Text.Key == "service.fewer" {
			t.Error("the rest is offered while it closes")
		}
	}
}

func TestClosingAtOnceStopsRunningEdits(t *testing.T) {
	b := ready(t)
	_, id := b.generate()
	b.begins(id)
	b.Close()
	b.Answer(b.asked(session.AskUnsavedMask).ID, session.Discard)
	b.Answer(b.asked(session.AskRunning).ID, session.Discard)
	b.wished(session.WishClose)
	if !slices.Contains(b.service.seen().cancelled, id) {
		t.Error("it goes on")
	}
}

func TestClosingWhileAnEditIsPreparedWaitsForNothing(t *testing.T) {
	b := ready(t)
	b.service.set(func(s *fakeState) { s.hold = make(chan struct{}) })
	b.Generate()
	b.Close()
	b.Answer(b.asked(session.AskUnsavedMask).ID, session.Discard)
	b.Answer(b.asked(session.AskRunning).ID, session.Wait)
	b.Cancel()
	b.wished(session.WishClose)
	close(b.service.seen().hold)
}

func TestEditsOfADocumentThatIsClosedGoOnAtServices(t *testing.T) {
	b := ready(t)
	_, id := b.generate()
	b.begins(id)
	b.Open(b.photo("next.png"))
	b.Answer(b.asked(session.AskUnsavedMask).ID, session.Discard)
	b.until("the next picture", func() bool { return b.Document().Name == "next.png" })
	if len(b.service.seen().cancelled) != 0 || len(b.Edits()) != 0 || b.Running().Elsewhere != 1 {
		t.Fatalf("cancelled %v, %+v", b.service.seen().cancelled, b.Running())
	}
	// Its result is in the history and causes no notice.
	b.service.feed.Publish(service.Preview{ID: id, Index: 0})
	b.service.feed.Publish(service.Arrived{ID: id, Index: 0})
	b.ends(id, 1, 2, nil)
	n := b.noticed("notice.arrived")
	if n.Text.String() != "1 picture for lake.png has arrived and is in the history." {
		t.Errorf("it says %q", n.Text)
	}
	b.Act(n.ID)
	if w := b.wished(session.WishHistory); w.Entry != int64(100+id) {
		t.Errorf("the history at %d", w.Entry)
	}
	if b.Running().Any() {
		t.Error("it still runs")
	}
}

func TestCancelStopsAnotherDocumentsEditsOnlyWhereThereAreNoOthers(t *testing.T) {
	b := ready(t)
	_, old := b.generate()
	b.begins(old)
	b.Open(b.photo("next.png"))
	b.Answer(b.asked(session.AskUnsavedMask).ID, session.Discard)
	b.until("the next picture", func() bool { return b.Document().Name == "next.png" })
	b.spot()
	_, id := b.generate()
	b.Cancel()
	if !slices.Equal(b.service.seen().cancelled, []service.ID{id}) {
		t.Fatalf("cancelled %v", b.service.seen().cancelled)
	}
	b.ends(id, 0, 2, &api.Error{Kind: api.KindCancelled})
	b.Cancel()
	if !slices.Contains(b.service.seen().cancelled, old) {
		t.Error("the other document's edit goes on")
	}
	b.ends(old, 0, 2, &api.Error{Kind: api.KindCancelled})
}

func TestFillsOfADocumentThatIsClosedEnd(t *testing.T) {
	b := ready(t)
	b.ChooseServices(settings.Builtin)
	_, id := b.generate()
	b.begins(id)
	b.Open(b.photo("next.png"))
	b.Answer(b.asked(session.AskUnsavedMask).ID, session.Discard)
	b.until("the next picture", func() bool { return b.Document().Name == "next.png" })
	if !slices.Contains(b.service.seen().cancelled, id) {
		t.Error("it goes on")
	}
	b.ends(id, 0, 2, &api.Error{Kind: api.KindCancelled})
}

func TestAMaskThatWasClearedIsNotAskedAbout(t *testing.T) {
	b := ready(t)
	b.ChangeMask(session.MaskNone, 0)
	b.until("no mask", func() bool { return b.mask().Empty() })
	b.Close()
	b.quiet()
	b.wished(session.WishClose)
}

// Several windows close together: none before all of them may.
func TestLeavingIsAgreedToBeforeTheWindowCloses(t *testing.T) {
	b := ready(t)
	var closes func()
	b.Leave(func(do func()) { closes = do })
	b.Answer(b.asked(session.AskUnsavedMask).ID, session.Dismiss)
	b.drain()
	if closes != nil {
		t.Fatal("it is agreed to though the user stays")
	}
	b.Leave(func(do func()) { closes = do })
	b.Answer(b.asked(session.AskUnsavedMask).ID, session.Discard)
	b.drain()
	if closes == nil || b.Closed() {
		t.Fatal("it isn't agreed to, or the window is closed at once")
	}
	closes()
	b.wished(session.WishClose)
}

func TestClosingWaitsForFiles(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Use(one)
	b.SavePicture()
	q := b.asked(session.AskFile)
	b.AnswerFile(q.ID, session.Chosen{Path: filepath.Join(b.folder, "lake-1.png")})
	b.Close()
	b.Answer(b.asked(session.AskUnsaved).ID, session.Discard)
	if b.Closed() {
		t.Fatal("closed while a file is being written")
	}
	b.noticed("window.saved")
	b.wished(session.WishClose)

	bad := ready(t)
	one, _ = bad.made()
	bad.Use(one)
	bad.SavePicture()
	bad.AnswerFile(bad.asked(session.AskFile).ID, session.Chosen{Path: filepath.Join(bad.folder, "nowhere", "lake-1.png")})
	bad.Close()
	bad.Answer(bad.asked(session.AskUnsaved).ID, session.Discard)
	bad.noticed("window.not_saved")
	if bad.Closed() {
		t.Error("closed although a file can't be written: nobody sees that")
	}
}

func TestSmallPartsAreStoredTogetherAtTheEnd(t *testing.T) {
	b := newBench(t)
	before := b.settings.written()
	for range 30 {
		b.ResizeBrush(true)
	}
	b.HardenBrush(false)
	b.SetVariants(3)
	b.KeepWindow(1280, 800)
	b.advance(time.Second)
	b.until("the settings", func() bool { return b.settings.Current().Variants == 3 })
	if n := b.settings.written() - before; n != 1 {
		t.Errorf("written %d times", n)
	}
	set := b.settings.Current()
	if set.Brush.Size != b.Tool().Settings.Brush.Size || set.Brush.Size < 200 || set.Brush.Hardness > 0.75 || set.WindowWidth != 1280 {
		t.Errorf("kept is %+v", set.Brush)
	}
	b.ResizeBrush(false)
	b.SetMaskLook(session.MaskLook{Mode: "outline", Strength: 0.4})
	b.Close()
	b.wished(session.WishClose)
	if b.settings.Current().View.Mode != "outline" {
		t.Error("what changed last isn't kept")
	}
}

func TestClosingTellsOfAFillUnderWay(t *testing.T) {
	b := ready(t)
	b.ChooseServices(settings.Builtin)
	_, id := b.generate()
	b.begins(id)
	b.Close()
	if q := b.asked(session.AskUnsavedMask); q.Also.Key != "dialog.unsaved.running" || q.Also.Count != 1 {
		t.Errorf("also said is %+v", q.Also)
	}
}
