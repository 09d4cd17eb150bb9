package session_test

import (
	"image"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/ui/session"
)

func TestTheFirstVariantIsShownAsItComesAndTheOthersWait(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	first := b.arrives(e, id, 0, 250)
	b.shows(variant(first))
	if got := b.at(75, 55); got < 200 {
		t.Errorf("the canvas is %d in the mask", got)
	}
	b.ShowCurrent()
	second := b.arrives(e, id, 1, 5)
	b.shows(current)
	if c, _ := b.card(first); c.New {
		t.Error("the one that was looked at is new")
	}
	if c, _ := b.card(second); !c.New {
		t.Error("the one that nobody has looked at isn't new")
	}
	b.Choose(second)
	if c, _ := b.card(second); c.New || !c.Chosen {
		t.Errorf("looked at, it is %+v", c)
	}
}

func TestAnArrivalDoesNotDisturbAGesture(t *testing.T) {
	for name, do := range map[string]func(*bench, session.VariantID){
		"a stroke":          func(b *bench, _ session.VariantID) { b.BeginStroke() },
		"another variant":   func(b *bench, v session.VariantID) { b.Choose(v) },
		"a comparison":      func(b *bench, _ session.VariantID) { b.ToggleCompare() },
		"a chosen result":   func(b *bench, _ session.VariantID) { b.ChooseResult(b.Results()[0].ID) },
		"a result's mask":   func(b *bench, _ session.VariantID) { b.EditMaskOf(b.Results()[0].ID) },
		"the original held": func(b *bench, _ session.VariantID) { b.HoldOriginal(true) },
	} {
		t.Run(name, func(t *testing.T) {
			b := ready(t)
			one, two := b.made()
			b.Use(one)
			b.spot()
			e, id := b.generate()
			b.begins(id)
			do(b, two)
			was := b.Shown()
			b.arrives(e, id, 0, 128)
			b.shows(was)
			b.EndStroke()
		})
	}
}

func TestACardThatIsChosenWhileItIsBeingMadeIsShownWhenItFinishes(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	second := session.VariantID{Edit: e, N: 1}
	b.Choose(second)
	b.shows(variant(second))
	if got := b.at(75, 55); got > 150 {
		t.Errorf("before it has come the canvas is %d", got)
	}
	if b.View().Mask != session.MaskShownAsChosen {
		t.Error("the mask is hidden although nothing is there to be judged")
	}
	b.arrives(e, id, 0, 5)
	b.shows(variant(second))
	b.arrives(e, id, 1, 250)
	b.shows(variant(second))
	if got := b.at(75, 55); got < 200 {
		t.Errorf("when it has come the canvas is %d", got)
	}
	if c, _ := b.card(second); c.New {
		t.Error("it is new although it is looked at")
	}
}

func TestAChosenCardThatNeverComesLeavesTheDocument(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	b.Choose(session.VariantID{Edit: e, N: 1})
	b.ends(id, 0, 2, &api.Error{Kind: api.KindModeration})
	b.shows(current)
}

func TestNumberKeysArePlacesInTheCurrentEdit(t *testing.T) {
	b := ready(t)
	one, two := b.made()
	b.ChooseNumber(2)
	b.shows(variant(two))
	b.ChooseNumber(3)
	b.shows(variant(two))
	b.ShowCurrent()
	e, id := b.generate()
	b.begins(id)
	third, fourth := b.arrives(e, id, 0, 100), b.arrives(e, id, 1, 120)
	b.ends(id, 2, 2, nil)
	b.ChooseNumber(1)
	b.shows(variant(third)) // the edit that was asked for last
	b.Choose(two)
	b.ChooseNumber(1)
	b.shows(variant(one)) // the edit that is looked at
	if !b.edit(one.Edit).Current || b.edit(e).Current {
		t.Error("the heading doesn't say which edit the numbers mean")
	}
	b.Choose(fourth)
	b.Discard(third)
	if c, _ := b.card(fourth); c.Number != 1 {
		t.Errorf("the card says %d", c.Number)
	}
	b.ShowCurrent()
	b.ChooseNumber(1)
	b.shows(variant(fourth)) // what the card says
}

func TestOriginalIsTheUntouchedPhotoAndCurrentWhatWouldBeSaved(t *testing.T) {
	b := ready(t)
	before := b.at(75, 55)
	one, _ := b.made()
	b.Use(one)
	b.ShowCurrent()
	if got := b.at(75, 55); got < 200 {
		t.Errorf("current is %d", got)
	}
	b.ShowOriginal()
	b.shows(original)
	if got := b.at(75, 55); got != before || len(b.View().State.Results) != 0 {
		t.Errorf("the original is %d, it was %d", got, before)
	}
	if b.View().Label.String() != "Original" || b.View().Mask != session.MaskHidden {
		t.Errorf("it is shown as %+v", b.View())
	}
}

func TestHoldingAKeyShowsTheOriginalAndLettingGoWhatThereWas(t *testing.T) {
	b := ready(t)
	_, two := b.made()
	b.Choose(two)
	b.HoldOriginal(true)
	b.HoldOriginal(true) // keys repeat
	b.shows(original)
	b.HoldOriginal(false)
	b.shows(variant(two))
	b.HoldOriginal(false)
	b.shows(variant(two))
	b.HoldOriginal(true)
	b.Choose(two) // somebody has clicked meanwhile
	b.HoldOriginal(false)
	b.shows(variant(two))
}

func TestTheMaskShowsWheneverItIsEdited(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.shows(variant(one))
	if b.View().Mask != session.MaskHidden {
		t.Error("the tint hides the variant that is to be judged")
	}
	// Another picture while a variant is looked at.
	b.Open(b.photo("other.png"))
	b.Answer(b.asked(session.AskUnsavedMask).ID, session.Discard)
	b.until("the other picture", func() bool { return b.Document().Name == "other.png" })
	b.shows(current)
	if b.View().Mask != session.MaskShownAsChosen {
		t.Error("the mask is hidden in the picture that was opened")
	}
	b.spot()
	if b.View().State.Mask != b.mask() || b.View().Mask != session.MaskShownAsChosen {
		t.Error("what is painted isn't shown")
	}
	one, _ = b.made()
	b.Choose(one)
	b.ChangeMask(session.MaskInvert, 0) // also a change by the menu
	b.shows(current)
	b.until("the change", func() bool { return b.mask().At(5, 5) == 255 })
}

// TestTheGalleryGoesToWhatIsNew has the gallery scroll to an edit when it is asked for, when
// something of it arrives, and when what was given up comes back.
func TestTheGalleryGoesToWhatIsNew(t *testing.T) {
	b := ready(t)
	for _, when := range []string{"first", "second"} {
		e, id := b.generate()
		if w := b.wished(session.WishReveal); w.Edit != e {
			t.Errorf("%s: asked for edit %d, and the gallery goes to %d", when, e, w.Edit)
		}
		b.begins(id)
		v := b.arrives(e, id, 0, 250)
		if w := b.wished(session.WishReveal); w.Edit != e {
			t.Errorf("%s: edit %d brings a variant, and the gallery goes to %d", when, e, w.Edit)
		}
		b.ends(id, 1, 2, nil)
		b.Discard(v)
		b.Undo()
		if w := b.wished(session.WishReveal); w.Edit != e {
			t.Errorf("%s: edit %d is back, and the gallery goes to %d", when, e, w.Edit)
		}
	}
}

func TestCompare(t *testing.T) {
	b := ready(t)
	one, two := b.made()
	b.Choose(two)
	b.ToggleCompare()
	b.shows(session.Shown{Picture: variant(two).Picture, Left: original.Picture, How: session.SliderVertical})
	v := b.View()
	if v.Label.String() != "2 · Relay" || v.LeftLabel.String() != "Original" || v.Left == nil || v.Mask != session.MaskHidden {
		t.Errorf("labels %q and %q", v.Label, v.LeftLabel)
	}
	b.CompareAs(session.SliderHorizontal)
	b.SwapSides()
	b.shows(session.Shown{Picture: original.Picture, Left: variant(two).Picture, How: session.SliderHorizontal})
	b.ToggleCompare()
	b.shows(variant(two))
	b.CompareAs(session.Flicker) // nothing is compared
	b.SwapSides()
	b.shows(variant(two))

	b.CompareBy(session.SideBySide)
	b.shows(session.Shown{Picture: variant(two).Picture, Left: variant(one).Picture, How: session.SideBySide})
	b.CompareBy(session.Flicker)
	b.shows(session.Shown{Picture: variant(two).Picture, Left: variant(one).Picture, How: session.Flicker})
	b.Escape()
	b.CompareBy(session.SliderHorizontal)
	b.shows(session.Shown{Picture: variant(two).Picture, Left: original.Picture, How: session.SliderHorizontal})
	b.Escape()

	b.Choose(one)
	b.ToggleSideBySide() // with what was looked at before
	b.shows(session.Shown{Picture: variant(one).Picture, Left: variant(two).Picture, How: session.SideBySide})
	b.ToggleSideBySide()
	b.shows(variant(one))
	b.ToggleCompare()
	b.ToggleSideBySide()
	b.shows(session.Shown{Picture: variant(one).Picture, Left: original.Picture, How: session.SideBySide})

	b.Compare(variant(one).Picture, variant(two).Picture, session.Flicker) // one dragged on another
	b.shows(session.Shown{Picture: variant(two).Picture, Left: variant(one).Picture, How: session.Flicker})
	b.Discard(one)
	b.shows(current)
	b.Compare(variant(one).Picture, variant(two).Picture, session.Flicker) // gone
	b.shows(current)
	b.ToggleCompare()
	if v := b.View(); v.Label.String() != "Current" {
		t.Errorf("labelled %q", v.Label)
	}
	b.spot() // painting ends it
	b.shows(current)
	b.ShowOriginal()
	b.ToggleSideBySide()
	if got := b.Shown(); got.Left == got.Picture {
		t.Errorf("compared with itself: %+v", got)
	}
}

func TestEscLeavesTheInnermostModeOnly(t *testing.T) {
	b := ready(t)
	one, two := b.made()
	b.Use(one)
	r := b.Results()[0].ID
	b.ChooseResult(r)
	b.EditMaskOf(r)
	b.ToggleCompare()
	b.BeginStroke() // which ends the comparison, so it is the shape first
	b.ToggleCompare()
	b.Escape()
	if b.shapes != 1 || b.Editing().Stroke {
		t.Fatal("the shape goes on")
	}
	if b.Shown().How == session.Alone {
		t.Fatal("more than the shape was left")
	}
	b.Escape()
	if b.Shown().How != session.Alone || b.Editing().Target.Result != r {
		t.Fatal("the comparison, and only that, is left second")
	}
	b.PreviewMask(session.MaskInvert, 0)
	b.until("a preview", func() bool { return b.View().State.Mask.At(5, 5) == 255 })
	b.Escape()
	if b.View().State.Mask.At(5, 5) != 0 || b.Editing().Target.Result != r {
		t.Fatal("the preview, and only that, is left third")
	}
	b.Escape()
	if b.Editing().Target.Result != 0 || !b.Results()[0].Chosen {
		t.Fatal("the result's mask, and only that, is left fourth")
	}
	b.Escape()
	if b.Results()[0].Chosen {
		t.Fatal("the result is left fifth")
	}
	b.Choose(two)
	b.Escape()
	b.shows(current)
	b.Escape()
	b.shows(current)
	if n := len(b.Results()); n != 1 {
		t.Errorf("%d results", n)
	}
}

func TestAVariantGoesWhenAStrokeBeginsWhereThatIsSet(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.SaveSettings(func(s *settings.Settings) { s.Refine = false }, nil, nil)
	b.until("the setting", func() bool { return !b.settings.Current().Refine })
	b.Choose(one)
	b.BeginStroke()
	b.shows(current)
	b.Paint("step.brush", mask.Union(b.View().State.Mask, box(10, 10, 20, 20)))
	b.EndStroke()
	if n := len(b.Results()); n != 0 {
		t.Errorf("%d results", n)
	}
	if b.mask().At(15, 15) != 255 || b.mask().At(75, 55) != 255 {
		t.Error("the stroke isn't in the mask")
	}
}

func TestReadersAreNotifiedOncePerAction(t *testing.T) {
	b := ready(t)
	one, two := b.made()
	for i, do := range []func(){
		func() { b.Choose(two) }, func() { b.Use(one) }, b.Undo, b.ToggleCompare, b.ToggleCompare, func() { b.Discard(two) }, b.Undo, b.Generate,
	} {
		b.advance(2 * time.Second)
		b.told = nil
		do()
		if len(b.told) != 1 {
			t.Errorf("action %d: told %d times", i, len(b.told))
		}
	}
	heard := 0
	cancel := b.Subscribe(func(session.Part) { heard++ })
	b.ShowOriginal()
	cancel()
	b.ShowCurrent()
	if heard != 1 {
		t.Errorf("a reader that left heard %d times", heard)
	}
	b.told = nil
	b.ShowCurrent()
	if len(b.told) != 0 {
		t.Error("told although nothing changed")
	}
}

func TestTheSameLookIsTheSameState(t *testing.T) {
	b := ready(t)
	one, two := b.made()
	b.Choose(one)
	first := b.View().State
	if b.View().State != first {
		t.Error("looked at twice it is another state")
	}
	b.Choose(two)
	b.Choose(one)
	if b.View().State != first {
		t.Error("looked at again it is another state")
	}
}

func TestPreviewsAreSeenOnTheCards(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	b.service.feed.Publish(service.Preview{ID: id, Index: 1, Image: image.NewNRGBA(image.Rect(0, 0, 9, 9))})
	b.until("the preview", func() bool { return b.edit(e).Cards[1].Thumbnail != nil })
	if c := b.edit(e).Cards[1]; c.State != session.CardWorking || b.edit(e).Cards[0].Thumbnail != nil {
		t.Errorf("the card is %+v", c)
	}
	b.arrives(e, id, 1, 99)
}

// TestEscAfterAComparisonLeadsBackToWhatWasLookedAt has C and K in all orders.
func TestEscAfterAComparisonLeadsBackToWhatWasLookedAt(t *testing.T) {
	b := ready(t)
	one, two := b.made()
	c, k, esc := b.ToggleCompare, b.ToggleSideBySide, b.Escape
	with := func(left, right session.Shown, how session.How) session.Shown {
		return session.Shown{Picture: right.Picture, Left: left.Picture, How: how}
	}
	for name, step := range map[string]struct {
		look func()
		keys []func()
		want session.Shown
	}{
		"C, Esc":                       {func() { b.Choose(two) }, []func(){c, esc}, variant(two)},
		"C, K":                         {func() { b.Choose(two) }, []func(){c, k}, with(original, variant(two), session.SideBySide)},
		"C, K, Esc":                    {func() { b.Choose(two) }, []func(){c, k, esc}, variant(two)},
		"C, K, K":                      {func() { b.Choose(two) }, []func(){c, k, k}, variant(two)},
		"C, K, C":                      {func() { b.Choose(two) }, []func(){c, k, c}, variant(two)},
		"C, Esc, K":                    {func() { b.Choose(one); b.Choose(two) }, []func(){c, esc, k}, with(variant(one), variant(two), session.SideBySide)},
		"C, Esc, K, Esc":               {func() { b.Choose(one); b.Choose(two) }, []func(){c, esc, k, esc}, variant(two)},
		"C, swapped, Esc":              {func() { b.Choose(two) }, []func(){c, b.SwapSides, esc}, variant(two)},
		"K, swapped, Esc":              {func() { b.Choose(one); b.Choose(two) }, []func(){k, b.SwapSides, esc}, variant(two)},
		"C on the original, Esc":       {b.ShowOriginal, []func(){c, esc}, original},
		"C on the document, K, Esc":    {b.ShowCurrent, []func(){c, k, esc}, current},
		"C, K, Esc, Esc":               {func() { b.Choose(two) }, []func(){c, k, esc, esc}, current},
		"two that nobody looked at":    {func() { b.ShowCurrent(); b.Compare(variant(one).Picture, variant(two).Picture, session.SideBySide) }, []func(){esc}, variant(two)},
		"C, the other dragged on, Esc": {func() { b.Choose(two) }, []func(){c, func() { b.Compare(variant(one).Picture, variant(two).Picture, session.SideBySide) }, esc}, variant(two)},
	} {
		t.Run(name, func(t *testing.T) {
			b.T = t
			b.ShowCurrent()
			step.look()
			for _, press := range step.keys {
				press()
			}
			b.shows(step.want)
			for b.Shown() != current {
				b.Escape()
			}
		})
	}
	b.T = t
}

func TestDelTakesAwayWhatIsSelectedAndNothingElse(t *testing.T) {
	b := ready(t)
	b.DiscardSelected()
	b.noticed("ui.discard.nothing")
	one, two := b.made()
	b.Use(one)
	r := b.Results()[0].ID
	there := func(what string, cards, results int) {
		t.Helper()
		if n := len(b.edit(one.Edit).Cards); n != cards || len(b.Results()) != results {
			t.Fatalf("%s: %d cards and %d results, want %d and %d", what, n, len(b.Results()), cards, results)
		}
	}
	b.DiscardSelected()
	there("nothing is selected", 2, 1)

	b.ChooseResult(r)
	b.ShowOriginal() // where the chosen result isn't seen
	b.DiscardSelected()
	there("the original is looked at", 2, 1)
	b.ShowCurrent()
	b.EditMaskOf(r)
	b.DiscardSelected()
	b.noticed("ui.discard.painting")
	there("the result is painted on", 2, 1)
	b.Done()
	b.DiscardSelected()
	there("a result is chosen", 2, 0)
	b.Undo()

	b.Compare(variant(one).Picture, variant(two).Picture, session.SideBySide)
	b.DiscardSelected()
	b.noticed("ui.discard.two")
	there("two variants are compared", 2, 1)
	b.Escape()
	b.ToggleCompare()
	b.SwapSides() // the variant that is looked at is on the left by now
	b.DiscardSelected()
	there("a variant is compared with the original", 1, 1)
	if _, ok := b.card(two); ok {
		t.Error("another variant than the one that was looked at is gone")
	}
	b.shows(current)
	b.Undo()
	there("undone", 2, 1)
}

func TestAVariantOfAnExtensionThatWasTakenBackIsntUsed(t *testing.T) {
	b := newBench(t)
	b.open("lake.png")
	b.Extend(session.Sides{Left: 50})
	one, _ := b.made()
	b.until("the extension to be taken back", func() bool { b.Undo(); return b.Document().Size.X == 160 })
	b.Choose(one)
	b.Use(one)
	b.noticed("notice.off_canvas")
	if len(b.Results()) > 0 {
		t.Error("it is used")
	}
	b.Redo()
	b.Choose(one)
	b.Use(one)
	if len(b.Results()) != 1 {
		t.Error("it isn't used where there is room for it")
	}
	b.until("the extension to be taken back", func() bool { b.Undo(); return b.Document().Size.X == 160 })
	b.Choose(one)
	b.BeginStroke()
	b.Paint("step.brush", box(1, 1, 9, 9))
	b.EndStroke()
	if len(b.Results()) > 0 || b.mask().At(5, 5) != 255 {
		t.Error("a stroke uses it, or is lost")
	}
}
