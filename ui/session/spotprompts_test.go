package session_test

import (
	"path/filepath"
	"slices"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/ui/session"
)

// prompts are those of the requests that the service has, in their order.
func (b *bench) prompts(from int) (list []string) {
	seen := b.service.seen()
	for id := from + 1; id <= int(seen.last); id++ {
		for known, e := range seen.edits {
			if int(known) == id {
				list = append(list, e.Job.Request().Prompt)
			}
		}
	}
	return list
}

func TestEachSpotCanHaveItsPrompt(t *testing.T) {
	b := scattered(t)
	if got := b.Panel().SpotPrompts; !slices.Equal(got, []string{"", ""}) {
		t.Fatalf("two windows have %q", got)
	}
	b.SetPrompt("grass")
	b.SetSpotPrompt(1, "a cat")
	b.SetSpotPrompt(2, "there is none")
	b.SetSpotPrompt(-1, "there is none")
	if got := b.Panel().SpotPrompts; !slices.Equal(got, []string{"", "a cat"}) {
		t.Fatalf("they have %q", got)
	}
	b.generate()
	b.until("both requests", func() bool { return b.lastID() == 2 })
	if got := b.prompts(0); !slices.Equal(got, []string{"grass", "a cat"}) {
		t.Errorf("asked with %q", got)
	}

	// A third spot comes before the second: each prompt stays with its own.
	b.stroke(mask.Union(b.mask(), box(140, 8, 150, 18)))
	b.planned()
	if got := b.Panel().SpotPrompts; !slices.Equal(got, []string{"", "", "a cat"}) && !slices.Equal(got, []string{"", "a cat", ""}) {
		t.Fatalf("with three spots they have %q", got)
	}
	b.Undo()
	b.Undo() // to no spot at all
	b.planned()
	if got := b.Panel().SpotPrompts; got != nil {
		t.Errorf("without a mask there are %q", got)
	}
	b.Redo()
	b.planned()
	if got := b.Panel().SpotPrompts; !slices.Equal(got, []string{"", "a cat"}) {
		t.Errorf("after the mask has come back they have %q", got)
	}
	b.SetSpotPrompt(1, "")
	if got := b.Panel().SpotPrompts; !slices.Equal(got, []string{"", ""}) {
		t.Errorf("taken away: %q", got)
	}
}

// TestSpotPromptsAreEnough: where each window has its own, none is needed for all.
func TestSpotPromptsAreEnough(t *testing.T) {
	b := scattered(t)
	b.SetPrompt("")
	b.SetSpotPrompt(0, "a dog")
	if b.Panel().Reason.Key != "ui.reason.no_prompt" {
		t.Fatalf("half of the prompts are enough: %+v", b.Panel().Reason)
	}
	b.SetSpotPrompt(1, "a cat")
	if r := b.Panel().Reason; !r.IsZero() {
		t.Fatalf("refused with %+v", r)
	}
	e, _ := b.generate()
	b.until("both requests", func() bool { return b.lastID() == 2 })
	if got := b.prompts(0); !slices.Equal(got, []string{"a dog", "a cat"}) {
		t.Errorf("asked with %q", got)
	}
	if got := b.edit(e).Prompt; got != "a dog / a cat" {
		t.Errorf("the edit is called %q", got)
	}
	b.ChooseServices() // the built-in engine goes by no words
	b.until("the plan", func() bool { return b.Panel().Settled })
	if got := b.Panel().SpotPrompts; got != nil {
		t.Errorf("the built-in engine has %q", got)
	}
}

// TestSpotPromptsAreKept in projects, with their spots.
func TestSpotPromptsAreKept(t *testing.T) {
	b := scattered(t)
	b.SetSpotPrompt(1, "a cat")
	b.SaveProject()
	path := filepath.Join(b.folder, "spots.overpaint")
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: path})
	b.until("the project", func() bool { return !b.Document().Modified })
	two := newBench(t)
	two.Open(path)
	two.until("the project", func() bool { return two.Document().Name == "spots.overpaint" })
	two.planned()
	if got := two.Panel().SpotPrompts; !slices.Equal(got, []string{"", "a cat"}) {
		t.Errorf("reopened with %q", got)
	}
	two.Open(two.photo("lake.png"))
	two.until("another picture", func() bool { return two.Document().Name == "lake.png" })
	two.stroke(mask.Union(box(8, 8, 18, 18), box(140, 100, 150, 110)))
	two.planned()
	if got := two.Panel().SpotPrompts; !slices.Equal(got, []string{"", ""}) {
		t.Errorf("another picture has %q", got)
	}
}
