package session_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"os"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/ui/session"
)

// somebody opens a portrait of 256 by 256 pixels.
func somebody(t *testing.T) *bench {
	t.Helper()
	data, err := os.ReadFile("../../editor/person/testdata/astronaut.jpg")
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return painted(t, img)
}

// found searches for the person while there is a mask, and returns both and the question that is asked.
func found(t *testing.T) (b *bench, was, person *mask.Mask, id int64) {
	t.Helper()
	b = somebody(t)
	b.ChangeMask(session.MaskPerson, 0)
	b.until("a mask", func() bool { return len(b.Steps()) == 1 })
	person = b.mask()
	b.Undo()
	b.stroke(mask.Rectangle(image.Pt(256, 256), mask.Point{X: 100, Y: 50}, mask.Point{X: 250, Y: 100}))
	was = b.mask()
	b.ChangeMask(session.MaskPerson, 0)
	b.until("a question", func() bool { return len(b.Questions()) == 1 })
	if q := b.Questions()[0]; q.Ask != session.AskFound || q.Name.String() != "Select people" {
		t.Fatalf("what is asked is %+v", q)
	}
	return b, was, person, b.Questions()[0].ID
}

// seen waits until a mask is shown.
func (b *bench) seen(what string, want *mask.Mask) {
	b.Helper()
	b.until(what, func() bool { return b.View().State.Mask.Equal(want) })
}

func TestPeopleAreSelectedInOneStepAndTheirAbsenceIsReported(t *testing.T) {
	b := somebody(t)
	b.ChangeMask(session.MaskPerson, 0)
	b.until("a mask", func() bool { return len(b.Steps()) == 1 })
	if m := b.mask(); m.At(113, 60) != 255 || m.At(80, 180) != 255 || m.At(200, 30) != 0 || m.At(10, 60) != 0 {
		t.Error("the person isn't selected, or more is")
	}
	if got := b.Steps()[0].Name.String(); got != "Select people" {
		t.Errorf("the step is %q", got)
	}
	b.Undo()
	if !b.mask().Empty() {
		t.Error("it is more than one step")
	}
	nobody := plates(t)
	nobody.stroke(box(20, 40, 60, 80))
	before := nobody.mask()
	nobody.ChangeMask(session.MaskPerson, 0)
	nobody.noticed("mask.nobody")
	if len(nobody.Steps()) != 1 || !nobody.mask().Equal(before) {
		t.Error("a person that isn't there was selected")
	}
}

func TestWhatIsFoundIsShownWithTheMaskAndTakenInOneStep(t *testing.T) {
	b, was, person, id := found(t)
	b.seen("the sum", mask.Union(was, person))
	for mode, want := range map[tool.Mode]*mask.Mask{
		tool.Subtract: mask.Subtract(was, person), tool.Intersect: mask.Intersect(was, person), tool.Replace: person, tool.Add: mask.Union(was, person),
	} {
		b.PreviewFound(id, mode)
		b.seen("a mode", want)
		if len(b.Steps()) != 1 || !b.mask().Equal(was) {
			t.Fatal("what is only shown is a step")
		}
	}
	b.ChangeMask(session.MaskPerson, 0)
	b.AnswerFound(id, tool.Subtract)
	b.until("a step", func() bool { return len(b.Steps()) == 2 })
	if !b.mask().Equal(mask.Subtract(was, person)) || len(b.Questions()) != 0 {
		t.Error("the person isn't taken away, or it is asked twice")
	}
	b.Undo()
	if !b.mask().Equal(was) {
		t.Error("it is more than one step")
	}
	b.seen("what is masked", was)
	b.AnswerFound(id, tool.Add)
	b.PreviewFound(id, tool.Add)
	if len(b.Questions()) != 0 || !b.mask().Equal(was) {
		t.Error("a question was answered twice")
	}
}

func TestWhatIsFoundGoesWhereItIsDismissed(t *testing.T) {
	b, was, person, id := found(t)
	b.seen("the sum", mask.Union(was, person))
	b.Answer(id, session.Dismiss)
	b.seen("what is masked", was)
	if len(b.Steps()) != 1 || len(b.Questions()) != 0 {
		t.Error("what was dismissed is a step, or is asked still")
	}
}

func TestWhatIsFoundIsCombinedWithTheMaskThatIsThereWhenItIsTaken(t *testing.T) {
	b, was, person, id := found(t)
	b.seen("the sum", mask.Union(was, person))
	b.Undo()
	b.AnswerFound(id, tool.Intersect)
	b.seen("nothing", mask.New(256, 256))
	if len(b.Steps()) != 1 || !b.mask().Empty() {
		t.Error("what changes nothing is a step")
	}
}

func TestWhatIsFoundIsNotTakenIntoAnotherPicture(t *testing.T) {
	b, _, _, id := found(t)
	b.Open(b.photo("lake.png"))
	b.until("the question about the mask", func() bool { return len(b.Questions()) == 2 })
	b.Answer(b.Questions()[1].ID, session.Discard)
	b.until("the picture", func() bool { return b.Document().Name == "lake.png" })
	b.AnswerFound(id, tool.Add)
	b.PictureShown()
	b.planned()
	if len(b.Steps()) != 0 || !b.mask().Empty() {
		t.Error("another picture's mask was changed")
	}
}
