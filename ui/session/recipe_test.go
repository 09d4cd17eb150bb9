package session_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/editor/region"
	"overpaint.dev/overpaint/editor/subject"
	"overpaint.dev/overpaint/ui/session"
)

// recipe saves a recipe under a name and reads it.
func (b *bench) recipe(name string) *recipe.Recipe {
	b.Helper()
	b.SaveRecipe()
	q := b.asked(session.AskFile)
	if !q.File.Save || q.File.Name != strings.TrimSuffix(b.Document().Name, ".png")+recipe.Extension {
		b.Errorf("suggested is %+v", q.File)
	}
	path := filepath.Join(b.folder, name)
	b.AnswerFile(q.ID, session.Chosen{Path: path})
	var r *recipe.Recipe
	b.until("the recipe", func() (there bool) {
		found, err := recipe.Open(path, name)
		r = found
		return err == nil
	})
	b.noticed("recipe.saved")
	data, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(data), b.folder) || strings.Contains(string(data), "127.0.0.1") {
		b.Errorf("it names where things are: %s, %v", data, err)
	}
	return r
}

func TestTheNextEditIsSavedAsARecipe(t *testing.T) {
	b := newBench(t)
	b.SaveRecipe()
	b.open("lake.png")
	b.planned()
	if b.SaveRecipe(); len(b.Questions()) > 0 {
		t.Fatal("there is a recipe of nothing")
	}
	b.spot()
	b.planned()
	b.SetPrompt("a boat")
	b.SetMore(session.More{User: "somebody", Options: map[string]string{"quality": "low"}})
	r := b.recipe("next.overpaint-recipe")
	if r.Prompt != "a boat" || r.Connection != "Relay" || r.Model != "m" || r.N != 2 || r.Fields["quality"] != "low" || r.Whole {
		t.Errorf("it is %+v", r)
	}
	if m, err := r.MaskFor(b.Document().Size, "r"); err != nil || !m.Equal(b.mask()) {
		t.Errorf("the mask is another one: %v", err)
	}
	b.SaveRecipe()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: filepath.Join(b.folder, "no", "where")})
	b.noticed("input.folder")
}

func TestAResultIsSavedAsARecipe(t *testing.T) {
	b := ready(t)
	first, _ := b.made()
	b.Use(first)
	used := b.Results()[0]
	b.Blend(used.ID, b.blend(func(l *region.Blend) { l.Feather = 11 }), true)
	b.SetPrompt("something else")
	b.ChooseServices(other)
	r := b.recipe("result.overpaint-recipe")
	if r.Prompt == "something else" || r.Prompt != used.Name || r.Connection != "Relay" || r.Model != "m" || r.N != 2 || r.Blend == nil || r.Blend.Feather != 11 {
		t.Errorf("it is %+v", r)
	}
	m, err := r.MaskFor(b.Document().Size, "r")
	if err != nil || m.At(75, 55) != 255 || m.At(5, 5) != 0 {
		t.Errorf("the mask is another one: %v", err)
	}
	b.stroke(box(0, 0, 20, 20)) // what is masked now counts before it
	b.planned()
	if r := b.recipe("now.overpaint-recipe"); r.Prompt != "something else" || r.Connection != "Other" {
		t.Errorf("the next edit is %+v", r)
	}
}

// TestARecipeHoldsTheMarksOfQuickSelection where that alone made the mask, so that on
// another picture it selects what lies there.
func TestARecipeHoldsTheMarksOfQuickSelection(t *testing.T) {
	b := plates(t)
	b.quick(dab(40, 60, false))
	b.quick(dab(120, 60, false))
	b.planned()
	r := b.recipe("two.overpaint-recipe")
	if len(r.Select) != 2 || r.Select[0].Points[0] != [2]float64{0.25, 0.5} || r.Select[1].Radius != 6.0/160 {
		t.Errorf("it holds %+v", r.Select)
	}
	m, err := r.MaskOn(t.Context(), b.Document().State, "r")
	if err != nil || !m.Equal(b.mask()) {
		t.Errorf("on the picture itself it selects something else: %v", err)
	}
	b.Undo()
	b.planned()
	if r = b.recipe("one.overpaint-recipe"); len(r.Select) != 1 {
		t.Errorf("of the first stroke alone it holds %+v", r.Select)
	}
	b.stroke(box(0, 0, 20, 20))
	b.planned()
	if r = b.recipe("painted.overpaint-recipe"); r.Select != nil || r.Mask == nil {
		t.Errorf("painted as well, it holds %+v", r.Select)
	}
}

// TestARecipeHoldsTheKindOfAFoundMask where it is that alone, or all else.
func TestARecipeHoldsTheKindOfAFoundMask(t *testing.T) {
	b := plates(t)
	b.ChangeMask(session.MaskBackground, 0)
	b.until("a mask", func() bool { return len(b.Steps()) == 1 })
	b.planned()
	if r := b.recipe("found.overpaint-recipe"); r.Find != subject.Background || r.Inverted || r.Select != nil || r.Mask == nil {
		t.Errorf("it holds %q, inverted %t", r.Find, r.Inverted)
	}
	b.ChangeMask(session.MaskInvert, 0)
	b.until("a mask", func() bool { return len(b.Steps()) == 2 })
	b.planned()
	r := b.recipe("inverted.overpaint-recipe")
	if r.Find != subject.Background || !r.Inverted {
		t.Errorf("inverted it holds %q, inverted %t", r.Find, r.Inverted)
	}
	if m, err := r.MaskOn(t.Context(), b.Document().State, "r"); err != nil || !m.Equal(b.mask()) {
		t.Errorf("on the picture itself something else is found: %v", err)
	}
	b.stroke(box(0, 0, 20, 20))
	b.planned()
	if r = b.recipe("painted.overpaint-recipe"); r.Find != "" || r.Mask == nil {
		t.Errorf("painted as well, it holds %q", r.Find)
	}
}

// TestAnEditOfTheHistoryIsSavedAsARecipe with its mask, its prompt and the service that made it.
func TestAnEditOfTheHistoryIsSavedAsARecipe(t *testing.T) {
	r := newReal(t)
	b := r.window(t)
	b.open("lake.png")
	b.spot()
	b.SetPrompt("a boat")
	b.planned()
	drawn := b.mask()
	b.Generate()
	b.until("the end", func() bool { e := b.Edits(); return len(e) == 1 && e[0].State == session.Done })
	store, err := r.History()
	if err != nil {
		t.Fatal(err)
	}
	items, err := store.List(t.Context(), history.Filter{})
	if err != nil || len(items) != 1 {
		t.Fatalf("%d entries, %v", len(items), err)
	}
	two := r.window(t) // where nothing is open
	two.SaveKeptRecipe(items[0])
	q := two.asked(session.AskFile)
	if !q.File.Save || q.File.Name != "lake"+recipe.Extension {
		t.Errorf("suggested is %+v", q.File)
	}
	path := filepath.Join(two.folder, q.File.Name)
	two.AnswerFile(q.ID, session.Chosen{Path: path})
	two.noticed("recipe.saved")
	kept, err := recipe.Open(path, q.File.Name)
	if err != nil || kept.Prompt != "a boat" || kept.Connection != "Relay" || kept.Model != "dall-e-2" || kept.N != 2 || kept.Whole {
		t.Fatalf("it is %+v, %v", kept, err)
	}
	if m, err := kept.MaskFor(b.Document().Size, "r"); err != nil || !m.Equal(drawn) {
		t.Errorf("the mask is another one: %v", err)
	}
	if err := store.Delete(items[0].ID); err != nil {
		t.Fatal(err)
	}
	two.SaveKeptRecipe(items[0])
	two.AnswerFile(two.asked(session.AskFile).ID, session.Chosen{Path: filepath.Join(two.folder, "gone"+recipe.Extension)})
	two.noticed("notice.not_reopened")
}
