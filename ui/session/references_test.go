package session_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/clipboard"
	"overpaint.dev/overpaint/ui/session"
)

// references are the names of the references, by their keys or their files.
func (b *bench) references() (names []string) {
	for i, r := range b.Panel().References {
		if r.Number != i+2 {
			b.Errorf("%+v is number %d", r, i)
		}
		name := r.Name.Key
		if name == "" {
			name = filepath.Base(r.Path)
		}
		names = append(names, name)
	}
	return names
}

// refers checks which references there are, and waits until each has its thumbnail.
func (b *bench) refers(want ...string) {
	b.Helper()
	if got := b.references(); !slices.Equal(got, want) {
		b.Fatalf("the references are %q, not %q", got, want)
	}
	b.until("the thumbnails", func() bool {
		return !slices.ContainsFunc(b.Panel().References, func(r session.ReferenceView) bool { return r.Thumbnail == nil })
	})
}

func TestReferencesComeFromEverywhere(t *testing.T) {
	board := &board{}
	b := ready(t, func(_ *bench, o *session.Options) { o.Clipboard = board })
	first, _ := b.made()
	b.ChooseServices(other)
	one, two, three := b.photo("one.png"), b.photo("two.png"), b.photo("three.png")

	b.AddReference()
	q := b.asked(session.AskFile)
	if !q.File.Several {
		t.Error("only one file can be chosen")
	}
	b.AnswerFile(q.ID, session.Chosen{Path: one, Further: []string{two, one}})
	b.refers("one.png", "two.png")
	b.AddReferences(two, three) // dropped
	b.refers("one.png", "two.png", "three.png")
	b.UseAsReference(session.Picture{What: session.IsVariant, Variant: first})
	b.UseAsReference(session.Picture{What: session.IsOriginal})
	b.UseAsReference(session.Picture{})
	b.UseAsReference(session.Picture{What: session.IsVariant, Variant: session.VariantID{Edit: 99}}) // there is none
	b.AddKeptReference(b.photo("kept.png"))
	b.refers("one.png", "two.png", "three.png", "ui.references.variant", "ui.references.original", "ui.references.current", "ui.references.history")

	p, err := picture.Open(one, picture.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	board.content = &clipboard.Content{Picture: p}
	b.PasteReference()
	b.until("the pasted picture", func() bool { return len(b.references()) == 8 })
	four := b.photo("four.png")
	board.content = &clipboard.Content{Path: four}
	b.PasteReference()
	b.until("the copied file", func() bool { return len(b.references()) == 9 })
	board.content, board.err = nil, errors.New("odd")
	b.PasteReference()
	b.noticed("paste.bad")
}

func TestReferencesAreSortedAndSent(t *testing.T) {
	b := ready(t)
	b.ChooseServices(other)
	b.AddReferences(b.photo("one.png"), b.photo("two.png"), b.photo("three.png"))
	b.MoveReference(2, 0)
	b.refers("three.png", "one.png", "two.png")
	b.MoveReference(0, 1)
	b.MoveReference(0, 3)
	b.MoveReference(-1, 0)
	b.refers("one.png", "three.png", "two.png")
	b.RemoveReference(1)
	b.RemoveReference(2)
	b.refers("one.png", "two.png")
	b.planned()
	b.advance(time.Second) // the user rests
	b.until("the bytes", func() bool { return b.Panel().Sending.Bytes > 0 })
	if s := b.Panel().Sending; s.References != 2000 || s.Bytes != 10345 {
		t.Errorf("of the references %d bytes are sent, and %d of the rest", s.References, s.Bytes)
	}
	_, id := b.generate()
	if n := len(b.service.seen().edits[id].Job.Request().References); n != 2 {
		t.Errorf("%d are sent", n)
	}
}

// TestReferencesAreUndoneAndDoneAgain between strokes, in the one order of all steps.
func TestReferencesAreUndoneAndDoneAgain(t *testing.T) {
	b := ready(t)
	b.ChooseServices(other)
	b.AddReferences(b.photo("one.png"))
	b.AddReferences(b.photo("two.png"), b.photo("three.png"))
	b.MoveReference(2, 0)
	b.stroke(box(10, 10, 20, 20))
	b.MoveReference(0, 1)
	b.RemoveReference(0)
	b.refers("three.png", "two.png")
	var names []string
	for _, s := range b.Steps() {
		names = append(names, s.Name.Key)
	}
	want := []string{"step.brush", "step.reference.add", "step.reference.add", "step.reference.move", "step.brush", "step.reference.move", "step.reference.remove"}
	if !slices.Equal(names, want) {
		t.Fatalf("the steps are %q", names)
	}
	states := [][]string{
		{"one.png", "three.png", "two.png"},
		{"three.png", "one.png", "two.png"},
		{"three.png", "one.png", "two.png"},
		{"one.png", "two.png", "three.png"},
		{"one.png"},
		nil,
	}
	for i, want := range states {
		b.Undo()
		b.refers(want...)
		if painted := b.mask().At(15, 15) == 255; painted != (i < 2) {
			t.Errorf("after undoing %d steps the stroke is there: %v", i+1, painted)
		}
	}
	for i := len(states) - 2; i >= 0; i-- {
		b.Redo()
		b.refers(states[i]...)
	}
	b.Redo()
	b.refers("three.png", "two.png")
}

// TestUndoingOrderKeepsReferencesThatCameMeanwhile, such as those of settings taken from
// the history, which are no step.
func TestUndoingOrderKeepsReferencesThatCameMeanwhile(t *testing.T) {
	b := ready(t)
	b.ChooseServices(other)
	b.AddReferences(b.photo("one.png"), b.photo("two.png"))
	b.MoveReference(1, 0)
	m := b.Panel().More
	m.References = append([]session.Reference{{Path: b.photo("three.png")}}, m.References[:1]...)
	b.SetMore(m)
	b.refers("three.png", "two.png")
	b.Undo()
	b.refers("two.png", "three.png")
	b.Undo()
	b.refers("three.png")
}

func TestNoMoreReferencesThanAreTaken(t *testing.T) {
	b := newBench(t)
	b.UseAsReference(session.Picture{}) // nothing is open
	b.PasteReference()
	b.noticed("paste.unavailable")
	b.AddReferences(b.photo("one.png"))
	b.noticed("ui.references.none")
	b.ChooseServices(other)
	most := b.Panel().Profile.Images - 1
	var paths []string
	for i := range most + 1 {
		paths = append(paths, filepath.Join(b.folder, string(rune('a'+i))+".png"))
	}
	b.AddReferences(paths...)
	b.noticed("ui.references.full")
	if n := len(b.references()); n != most {
		t.Errorf("%d of %d", n, most)
	}
}

// TestWhatIsNoPictureIsNoReference drops a folder and a text among pictures: it says so at
// once, and not when the edit is to be paid for.
func TestWhatIsNoPictureIsNoReference(t *testing.T) {
	b := ready(t)
	b.ChooseServices(other)
	words := filepath.Join(b.folder, "words.txt")
	if err := os.WriteFile(words, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.AddReferences(b.photo("one.png"), words, t.TempDir(), b.photo("two.png"))
	b.until("the pictures alone", func() bool { return len(b.references()) == 2 })
	b.refers("one.png", "two.png")
	b.until("a sentence", func() bool { return len(b.Notices()) > 0 })
}
