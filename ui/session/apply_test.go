package session_test

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/ui/session"
)

// album makes a folder with pictures of several colours, and returns it.
func (b *bench) album(names ...string) string {
	b.Helper()
	folder := filepath.Join(b.folder, "album")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		b.Fatal(err)
	}
	for i, name := range names {
		img := image.NewNRGBA(image.Rect(0, 0, 120, 90))
		for k := range img.Pix {
			img.Pix[k] = uint8(60 + 20*i + k%7)
		}
		for y := range 90 {
			for x := range 120 {
				c := img.NRGBAAt(x, y)
				img.SetNRGBA(x, y, color.NRGBA{c.R, c.G, c.B, 255})
			}
		}
		f, err := os.Create(filepath.Join(folder, name))
		if err == nil {
			err = png.Encode(f, img)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return folder
}

// recipeFile writes a recipe with a mask in the middle.
func (b *bench) recipeFile(connection string, change func(*recipe.Recipe)) string {
	b.Helper()
	m := mask.Rectangle(image.Pt(120, 90), mask.Point{X: 40, Y: 30}, mask.Point{X: 70, Y: 60})
	o := job.DefaultOptions()
	o.Prompt, o.N = "a hat", 1
	r, err := recipe.Of(o, connection, m)
	if err != nil {
		b.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	path := filepath.Join(b.folder, "hat"+recipe.Extension)
	f, err := os.Create(path)
	if err == nil {
		err = r.Write(f)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	return path
}

// applies chooses a recipe, a folder and the folder for results.
func (b *bench) applies(recipe, folder string) {
	b.Helper()
	b.ApplyRecipe()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: recipe})
	b.until("the recipe", func() bool { return b.Apply().Phase == session.ApplyChoosing })
	b.SetApplyOut(filepath.Join(b.folder, "out"))
	b.AddApplyFolder()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: folder})
	b.until("the pictures and their price", func() bool { a := b.Apply(); return len(a.Pictures) > 0 && a.Priced })
}

func (b *bench) applied() session.Apply {
	b.Helper()
	b.until("the end", func() bool { return b.Apply().Phase == session.ApplyOver })
	return b.Apply()
}

// states are those of the pictures, in their order.
func states(a session.Apply) string {
	var list []string
	for _, p := range a.Pictures {
		list = append(list, string(p.State))
	}
	return strings.Join(list, " ")
}

// TestARecipeIsAppliedToAFolder by a service that takes money: the price is told before, two
// wishes to begin are one, and a second run asks for nothing.
func TestARecipeIsAppliedToAFolder(t *testing.T) {
	r := newReal(t)
	b := r.window(t)
	file, folder := b.recipeFile("Relay", nil), b.album("a.png", "b.png", "c.png")
	b.applies(file, folder)
	a := b.Apply()
	if a.Connection != relay || a.Model != "dall-e-2" || a.Prompt != "a hat" || a.AtOnce != 3 || !a.Reason.IsZero() {
		t.Errorf("chosen is %+v", a)
	}
	if got := a.Price.String(); got != "All of them will cost up to $0.06." {
		t.Errorf("the price is %q", got)
	}
	b.StartApply()
	b.StartApply()
	a = b.applied()
	if states(a) != "done done done" || r.relay.Posts() != 3 || a.Cost.Sum != 60_000 || a.Results != 3 {
		t.Fatalf("%s after %d requests for %v: %+v", states(a), r.relay.Posts(), a.Cost, a.Pictures)
	}
	for _, name := range []string{"a.png", "b.png", "c.png"} {
		if _, err := os.Stat(filepath.Join(b.folder, "out", name)); err != nil {
			t.Error(err)
		}
	}
	b.StartApply() // it is over
	b.HideApply()
	b.applies(file, folder)
	b.StartApply()
	if a = b.applied(); states(a) != "kept kept kept" || r.relay.Posts() != 3 || a.Cost.Sum != 0 || a.Results != 3 {
		t.Errorf("again: %s after %d requests: %+v", states(a), r.relay.Posts(), a.Pictures)
	}
}

// TestWhatARecipeMadeIsLookedAt one after the other: kept, opened, discarded.
func TestWhatARecipeMadeIsLookedAt(t *testing.T) {
	r := newReal(t)
	b := r.window(t)
	b.applies(b.recipeFile(settings.Builtin, nil), b.album("a.png", "b.png", "c.png"))
	if a := b.Apply(); a.Connection != settings.Builtin || a.Price.Key != "apply.price.none" {
		t.Errorf("chosen is %+v", a)
	}
	b.StartApply()
	if a := b.applied(); states(a) != "done done done" || r.relay.Posts() != 0 {
		t.Fatalf("%s: %+v", states(a), a.Pictures)
	}
	b.ReviewApply()
	b.until("the pictures", func() bool { l := b.ApplyLooked(); return l.Before != nil && l.After != nil })
	if l := b.ApplyLooked(); l.Picture != 0 || l.Number != 1 || l.Before.Rect.Dx() != 120 {
		t.Errorf("looked at is %d, %d", l.Picture, l.Number)
	}
	b.OpenApplied()
	if w := b.wished(session.WishWindow); w.Path != filepath.Join(b.folder, "out", "a.png") {
		t.Errorf("opened is %q", w.Path)
	}
	b.KeepApplied()
	if l := b.ApplyLooked(); l.Picture != 1 || !b.Apply().Pictures[0].Looked {
		t.Errorf("then it is %d", l.Picture)
	}
	b.DiscardApplied()
	gone := filepath.Join(b.folder, "out", "b.png")
	b.until("the file to go", func() bool { _, err := os.Stat(gone); return os.IsNotExist(err) })
	if l := b.ApplyLooked(); l.Picture != 2 || l.Number != 2 || b.Apply().Results != 2 {
		t.Errorf("then it is %d, %d", l.Picture, l.Number)
	}
	b.StepApply(false)
	if l := b.ApplyLooked(); l.Picture != 0 {
		t.Errorf("before it is %d", l.Picture)
	}
	b.LookAtApply(-1, 0)
	if l := b.ApplyLooked(); l.Picture != -1 {
		t.Errorf("still looked at is %d", l.Picture)
	}
	if _, err := os.Stat(filepath.Join(b.folder, "album", "b.png")); err != nil {
		t.Errorf("the picture itself: %v", err)
	}
}

// TestAServiceThatRefusesEndsTheRun: the rest is not asked for, and can be later.
func TestAServiceThatRefusesEndsTheRun(t *testing.T) {
	r := newReal(t)
	b := r.window(t)
	b.applies(b.recipeFile("Relay", nil), b.album("a.png", "b.png", "c.png"))
	b.SetApplyAtOnce(1)
	r.relay.Use("quota")
	b.StartApply()
	a := b.applied()
	if states(a) != "failed not_asked not_asked" || !a.Pictures[0].Bad() || a.Pictures[0].Reason.IsZero() || !a.Unfinished {
		t.Fatalf("%s: %+v", states(a), a.Pictures)
	}
	r.relay.Use("")
	b.ContinueApply()
	if a = b.applied(); states(a) != "done done done" || a.Unfinished {
		t.Errorf("continued: %s: %+v", states(a), a.Pictures)
	}
}

// TestPausedAndCancelled: none is begun while it is paused, and none is after it was cancelled.
func TestPausedAndCancelled(t *testing.T) {
	r := newReal(t)
	b := r.window(t)
	b.applies(b.recipeFile("Relay", nil), b.album("a.png", "b.png", "c.png"))
	b.SetApplyAtOnce(1)
	r.relay.Use("hang")
	b.StartApply()
	b.until("the beginning", func() bool { return b.Apply().Phase == session.ApplyRunning })
	<-r.relay.Arrived()
	if b.PauseApply(true); b.Apply().Paused { // the second of two clicks on Start
		t.Error("two clicks pause it")
	}
	b.now = b.now.Add(2 * time.Second)
	b.PauseApply(true)
	if a := b.Apply(); !a.Paused || a.Phase != session.ApplyRunning {
		t.Errorf("it is %+v", a)
	}
	b.Close()
	q := b.asked(session.AskRunning)
	if q.Name.Key != "apply.leave" || q.Also.Key != "apply.leave.text" || q.Also.Count != 3 {
		t.Errorf("closing asks %+v", q)
	}
	b.Answer(q.ID, session.Dismiss)
	b.HideApply()
	b.CancelApply()
	a := b.applied()
	if r.relay.Posts() != 1 || !strings.HasSuffix(states(a), "not_asked not_asked") {
		t.Errorf("%s after %d requests", states(a), r.relay.Posts())
	}
	b.noticed("apply.over")
	b.ApplyRecipe()
	if !b.Apply().Shown {
		t.Error("it is not shown again")
	}
}

// TestACapIsAskedAboutOnceForAllServices before anything is sent.
func TestACapIsAskedAboutOnceForAllServices(t *testing.T) {
	r := newReal(t)
	if err := r.settings.Update(func(s *settings.Settings) { s.DailyCap = 50_000 }); err != nil {
		t.Fatal(err)
	}
	b := r.window(t)
	b.applies(b.recipeFile("Relay", nil), b.album("a.png", "b.png", "c.png"))
	b.StartApply()
	b.until("a question", func() bool { return len(b.Questions()) > 0 })
	q := b.asked(session.AskOverCap)
	if q.Name.Key != "dialog.cap.title_day" || r.relay.Posts() != 0 {
		t.Errorf("asked is %v after %d requests", q.Name, r.relay.Posts())
	}
	want := "Your cap for the day is $0.05, and you have spent $0.00 today. All 3 pictures together may cost $0.06 and go over it."
	if got := q.Text.String(); got != want {
		t.Errorf("it says %q, not %q", got, want)
	}
	b.StartApply() // while it is asked
	b.Answer(q.ID, session.Dismiss)
	if a := b.Apply(); a.Phase != session.ApplyChoosing || a.Starting || r.relay.Posts() != 0 {
		t.Fatalf("it goes on: %+v", a)
	}
	b.StartApply()
	b.until("a question", func() bool { return len(b.Questions()) > 0 })
	b.Answer(b.asked(session.AskOverCap).ID, session.Yes)
	if a := b.applied(); states(a) != "done done done" || r.relay.Posts() != 3 {
		t.Errorf("%s after %d requests: %+v", states(a), r.relay.Posts(), a.Pictures)
	}
}

// TestWhichCapIsAskedAbout names the sum of all pictures, whichever cap it is.
func TestWhichCapIsAskedAbout(t *testing.T) {
	for want, c := range map[string]struct {
		caps     func(*settings.Settings)
		pictures []string
	}{
		"Your cap for one edit is $0.01, and one picture may cost up to $0.02. All 2 pictures together may cost $0.04.": {
			func(s *settings.Settings) { s.EditCap = 10_000 }, []string{"a.png", "b.png"},
		},
		"Your cap for one edit is $0.01, and the picture may cost $0.02.": {
			func(s *settings.Settings) { s.EditCap = 10_000 }, []string{"a.png"},
		},
		"Your cap for the month is $0.01, and you have spent $0.00 so far. The picture may cost $0.02 and go over it.": {
			func(s *settings.Settings) { s.MonthlyCap = 10_000 }, []string{"a.png"},
		},
	} {
		r := newReal(t)
		if err := r.settings.Update(c.caps); err != nil {
			t.Fatal(err)
		}
		b := r.window(t)
		b.applies(b.recipeFile("Relay", nil), b.album(c.pictures...))
		b.StartApply()
		b.until("a question", func() bool { return len(b.Questions()) > 0 })
		q := b.asked(session.AskOverCap)
		if got := q.Text.String(); got != want || !slices.ContainsFunc(q.Answers, func(a session.Answer) bool { return a.Label.String() == "Apply anyway" }) {
			t.Errorf("it says %q with %v, not %q", got, q.Answers, want)
		}
		b.Answer(q.ID, session.Dismiss)
	}
}

// TestOneRunOverPicturesAtATime, of the window's and the command line's together.
func TestOneRunOverPicturesAtATime(t *testing.T) {
	r := newReal(t)
	store, err := r.History()
	if err != nil {
		t.Fatal(err)
	}
	lock, err := store.Alone("resume")
	if err != nil {
		t.Fatal(err)
	}
	b := r.window(t)
	b.applies(b.recipeFile("Relay", nil), b.album("a.png"))
	b.StartApply()
	a := b.applied()
	if states(a) != "not_asked" || r.relay.Posts() != 0 {
		t.Errorf("%s after %d requests", states(a), r.relay.Posts())
	}
	if a.Trouble.Key != "input.batch_locked" {
		t.Errorf("it says %v", a.Trouble)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	b.ContinueApply()
	if a = b.applied(); states(a) != "done" {
		t.Errorf("then %s: %+v", states(a), a.Pictures)
	}
	items, err := store.List(t.Context(), history.Filter{})
	if err != nil || len(items) != 1 || len(items[0].Variants) != 1 || items[0].Variants[0].Saved != filepath.Join(b.folder, "out", "a.png") {
		t.Errorf("the history has %+v, %v", items, err)
	}
}

// TestWhatCantBeAppliedIsSaid before anything is begun.
func TestWhatCantBeAppliedIsSaid(t *testing.T) {
	b := newBench(t)
	if b.StartApply(); b.Apply().Phase != session.ApplyNone {
		t.Error("nothing was begun")
	}
	b.ApplyRecipe()
	bad := filepath.Join(b.folder, "bad"+recipe.Extension)
	if err := os.WriteFile(bad, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: bad})
	b.noticed("input.recipe_not")
	folder := b.album("a.png")
	b.applies(b.recipeFile("no such service", func(r *recipe.Recipe) { r.Prompt = "" }), folder)
	if a := b.Apply(); a.Connection != relay || a.Reason.Key != "error.prompt_empty" {
		t.Errorf("it says %+v", a)
	}
	b.SetApplyService(settings.Builtin)
	b.SetApplyDeep(true)
	b.until("the pictures", func() bool { return b.Apply().Priced })
	if a := b.Apply(); !a.Reason.IsZero() || a.Model != "" || !a.Deep {
		t.Errorf("then it says %+v", a)
	}
	b.SetApplyOut(folder)
	b.until("what is wrong", func() bool { return b.Apply().Reason.Key == "input.out_inside" })
	b.ClearApply()
	b.until("no pictures", func() bool { return b.Apply().Reason.Key == "apply.reason.pictures" })
	b.AddApplyPictures()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: filepath.Join(folder, "a.png")})
	b.until("one picture", func() bool { return len(b.Apply().Pictures) == 1 })
	b.SetApplyService(relay)
	b.SetApplyModel("another")
	if a := b.Apply(); a.Model != "another" {
		t.Errorf("the model is %q", a.Model)
	}
	b.HideApply()
	if a := b.Apply(); a.Phase != session.ApplyNone || a.Shown {
		t.Errorf("it is %+v", a)
	}
}
