package session_test

import (
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/ui/session"
)

func TestUndoUndoesWhatWasDoneLastWhereverItWasDone(t *testing.T) {
	b := ready(t)
	one, two := b.made()
	b.Favourite(two, true)
	b.Use(one)
	b.Discard(two)
	b.stroke(box(10, 10, 20, 20))
	steps, want := b.Steps(), []string{"Brush stroke", "Mark as favourite", "Use result", "Discard variant", "Brush stroke"}
	for i, s := range steps {
		if s.Name.String() != want[i] || !s.Done {
			t.Errorf("step %d is %q, want %q", i, s.Name, want[i])
		}
	}
	if d := b.Document(); d.Undo.String() != "Brush stroke" || !d.Redo.IsZero() {
		t.Errorf("undo would be %q", d.Undo)
	}

	b.Undo()
	if b.mask().At(15, 15) != 0 {
		t.Fatal("the stroke is still there")
	}
	b.Undo()
	if _, ok := b.card(two); !ok || len(b.Results()) != 1 {
		t.Fatal("the variant isn't back, or more was undone")
	}
	b.Undo()
	if len(b.Results()) != 0 || b.mask().At(75, 55) != 255 {
		t.Fatal("the result is still there, or its mask isn't back")
	}
	b.Undo()
	if c, _ := b.card(two); c.Favourite {
		t.Fatal("it is still a favourite")
	}
	b.Undo()
	if !b.mask().Empty() {
		t.Fatal("the first stroke is still there")
	}
	b.Undo() // nothing is left

	for range 6 {
		b.Redo()
	}
	if _, ok := b.card(two); ok || len(b.Results()) != 1 || b.mask().At(15, 15) != 255 {
		t.Error("not all is done again")
	}
	b.GoTo(1)
	if c, ok := b.card(two); !ok || c.Favourite || b.mask().At(75, 55) != 255 {
		t.Error("the list of steps leads elsewhere")
	}
	b.GoTo(99)
	if len(b.Results()) != 1 {
		t.Error("the list of steps doesn't lead back")
	}
}

func TestUndoChangesNothingThatCanNotBeSeen(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	for name, look := range map[string]func(){
		"a variant": func() { b.Choose(one) }, "the original": b.ShowOriginal, "a comparison": b.ToggleCompare,
	} {
		look()
		b.Undo()
		b.shows(current)
		if !b.mask().Empty() {
			t.Fatalf("%s: the stroke is still there", name)
		}
		if got := b.noticed("notice.undone").Text.String(); got != "Undone: Brush stroke" {
			t.Errorf("%s: it says %q", name, got)
		}
		b.Redo()
		if b.mask().Empty() {
			t.Fatalf("%s: the stroke isn't back", name)
		}
	}
}

func TestDiscardingIsUndoable(t *testing.T) {
	b := ready(t)
	one, two := b.made()
	b.Choose(two)
	b.Discard(two)
	b.shows(current)
	if _, ok := b.card(two); ok {
		t.Fatal("the card is still there")
	}
	b.Undo()
	b.shows(variant(two)) // what was looked at
	if c, ok := b.card(two); !ok || c.State != session.CardReady || c.Number != 2 {
		t.Errorf("the card is %+v", c)
	}
	b.Redo()
	b.shows(current)
	b.Undo()
	b.DiscardEdit(one.Edit)
	if len(b.Edits()) != 0 {
		t.Fatal("the group is still there")
	}
	b.Undo()
	if n := len(b.edit(one.Edit).Cards); n != 2 {
		t.Errorf("%d cards are back", n)
	}
}

func TestGivingUpACardCancelsTheEditOnlyWhereNothingElseIsToCome(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	b.Discard(session.VariantID{Edit: e})
	if len(b.service.seen().cancelled) != 0 {
		t.Fatal("an edit was cancelled whose second variant is wanted")
	}
	b.sent(e, id)
	b.Discard(session.VariantID{Edit: e, N: 1})
	b.Answer(b.asked(session.AskCancel).ID, session.Yes)
	if len(b.service.seen().cancelled) != 1 {
		t.Fatal("the edit goes on although nobody wants anything of it")
	}
	b.ends(id, 0, 2, &api.Error{Kind: api.KindCancelled})
	if len(b.Edits()) != 0 {
		t.Error("the group is still there")
	}
}

func TestADiscardedVariantThatStillArrivesCanBeRestored(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	first := session.VariantID{Edit: e}
	b.Discard(first)
	b.arrives(e, id, 1, 9)
	b.Undo()
	if c, ok := b.card(first); !ok || c.State != session.CardWorking {
		t.Errorf("the card is %+v", c)
	}
	b.arrives(e, id, 0, 200)
}

func TestUndoDuringAShapeDropsTheShape(t *testing.T) {
	b := ready(t)
	b.BeginStroke()
	b.Undo()
	if b.shapes != 1 || b.mask().Empty() {
		t.Error("more than the shape was undone")
	}
	b.BeginStroke()
	b.Redo()
	if b.shapes != 2 {
		t.Error("the shape goes on")
	}
}

func TestStepsThatTheDocumentDropsAreForgotten(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Favourite(one, true)
	for i := range 1010 {
		b.BeginStroke()
		b.Paint("step.brush", box(float64(i%100), 0, float64(i%100)+9, 9))
		b.EndStroke()
		b.drain()
	}
	b.noticed("document.steps_dropped")
	n := 0
	for _, s := range b.Steps() {
		if s.Name.Key != "step.favourite" {
			n++
		}
	}
	if n != 1000 {
		t.Errorf("%d steps are offered, more than the document keeps", n)
	}
	for range len(b.Steps()) {
		b.Undo()
	}
	if d := b.Document(); !d.Undo.IsZero() {
		t.Errorf("undo is offered after all: %q", d.Undo)
	}
}

func TestUndoLeavesAResultsMaskThatItDoesNotConcern(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Use(one)
	b.stroke(box(10, 10, 20, 20))
	r := b.Results()[0].ID
	b.EditMaskOf(r)
	b.BeginStroke()
	b.Paint("step.eraser", mask.Subtract(b.View().State.Mask, box(60, 40, 70, 70)))
	b.EndStroke()
	b.Undo()
	if b.Editing().Target != (document.Target{Kind: document.ResultMask, Result: r}) {
		t.Error("undoing a stroke on the result leaves it")
	}
	b.Undo() // the stroke before, which was on the next mask
	if b.Editing().Target != (document.Target{}) || b.mask().At(15, 15) != 0 {
		t.Errorf("painting on %+v", b.Editing())
	}
	b.Undo() // the use: the result is gone
	if len(b.Results()) != 0 {
		t.Error("the result is still there")
	}
}

func TestPaintingOnAResultEndsWhereItIsGone(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Use(one)
	b.EditMaskOf(b.Results()[0].ID)
	b.Undo()
	if b.Editing().Target != (document.Target{}) || len(b.Results()) != 0 {
		t.Errorf("painting on %+v", b.Editing())
	}
	b.EditMaskOf(12345)
	b.Mix(12345, 0)
	if b.Editing().Target != (document.Target{}) {
		t.Errorf("painting on %+v", b.Editing())
	}
}

func TestADiscardedCardWithoutAPictureIsNotRestored(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	b.Discard(session.VariantID{Edit: e})
	b.arrives(e, id, 1, 9)
	b.ends(id, 1, 2, &api.Error{Kind: api.KindUnknown})
	b.Undo()
	got := b.edit(e)
	if len(got.Cards) != 1 || got.Cards[0].State != session.CardReady {
		t.Errorf("the cards are %+v", got.Cards)
	}
}
