package session_test

import (
	"image"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
	"overpaint.dev/overpaint/ui/session"
)

func TestAStrokeOverAVariantAcceptsItAndStartsTheNextMaskInOneStep(t *testing.T) {
	b := ready(t)
	_, two := b.made()
	b.Choose(two)
	dark := b.at(75, 55)
	before := len(b.Steps())
	b.BeginStroke()
	v := b.View()
	if !v.State.Mask.Empty() || v.Mask != session.MaskShownAsChosen || b.at(75, 55) != dark {
		t.Fatal("the stroke doesn't begin with an empty mask over the variant")
	}
	if len(b.Results()) != 0 {
		t.Fatal("it is accepted before anything was painted")
	}
	b.Paint("step.brush", box(10, 10, 30, 30))
	b.EndStroke()
	b.shows(current)
	if len(b.Results()) != 1 || b.at(75, 55) != dark {
		t.Fatal("the variant isn't in the document")
	}
	if b.mask().At(15, 15) != 255 || b.mask().At(75, 55) != 0 {
		t.Error("the next mask isn't what was painted")
	}
	if c, _ := b.card(two); !c.Used {
		t.Error("the card isn't used")
	}
	if n := len(b.Steps()); n != before+1 {
		t.Errorf("%d steps were made", n-before)
	}
	b.Undo()
	if len(b.Results()) != 0 || b.mask().At(75, 55) != 255 || b.mask().At(15, 15) != 0 {
		t.Error("one undo doesn't bring all back")
	}
}

func TestAMaskPaintedWhileAnEditRunsIsKept(t *testing.T) {
	next := box(10, 10, 30, 30)
	for _, use := range []bool{false, true} {
		b := ready(t)
		e, id := b.generate()
		b.sent(e, id)
		b.stroke(next)
		one := b.arrives(e, id, 0, 40)
		b.shows(current) // what was painted is seen
		b.Choose(one)
		if use {
			b.Use(one)
		} else {
			b.BeginStroke()
			m := b.View().State.Mask
			if m.At(15, 15) != 255 {
				t.Error("the stroke doesn't go on with the mask")
			}
			b.Paint("step.brush", m)
			b.EndStroke()
		}
		if b.mask().At(15, 15) != 255 || len(b.Results()) != 1 {
			t.Errorf("use %v: the mask is lost, or the variant: %d results", use, len(b.Results()))
		}
		b.Undo()
		if b.mask().At(15, 15) != 255 || len(b.Results()) != 0 {
			t.Errorf("use %v: undoing doesn't bring all back", use)
		}
	}
}

func TestAStrokeThatIsDroppedLeavesTheVariantAsItWasLookedAt(t *testing.T) {
	b := ready(t)
	_, two := b.made()
	b.Choose(two)
	b.BeginStroke()
	b.Escape()
	b.shows(variant(two))
	if len(b.Results()) != 0 || b.View().Mask != session.MaskHidden || b.mask().At(75, 55) != 255 {
		t.Error("something is left of it")
	}
}

func TestAStrokeOverAnotherVariantOfAnAcceptedEditSwapsInOneStep(t *testing.T) {
	b := ready(t)
	one, two := b.made()
	b.Use(one)
	b.Choose(two)
	before := len(b.Steps())
	b.stroke(box(10, 10, 30, 30))
	if len(b.Results()) != 1 || b.Results()[0].Variant != 2 || b.mask().At(15, 15) != 255 {
		t.Fatalf("the results are %+v", b.Results())
	}
	if n := len(b.Steps()); n != before+1 {
		t.Errorf("%d steps were made", n-before)
	}
	b.Undo()
	if b.Results()[0].Variant != 1 || !b.mask().Empty() {
		t.Error("one undo doesn't bring all back")
	}
}

func TestUseOnAnotherVariantOfTheSameEditSwaps(t *testing.T) {
	b := ready(t)
	one, two := b.made()
	b.Choose(one)
	b.UseShown()
	b.shows(current)
	light := b.at(75, 55)
	if !b.mask().Empty() {
		t.Error("the mask that made it is still there")
	}
	b.Blend(b.Results()[0].ID, b.blend(func(bl *region.Blend) { bl.Opacity = 0.5 }), true)
	b.Use(two)
	r := b.Results()
	if len(r) != 1 || r[0].Variant != 2 || r[0].Blend.Opacity != 0.5 {
		t.Fatalf("the results are %+v", r)
	}
	if b.at(75, 55) >= light {
		t.Error("the other variant isn't shown")
	}
	if c, _ := b.card(one); c.Used {
		t.Error("the one that was swapped is still used")
	}
	if u := b.edit(two.Edit).Used; len(u) != 1 || u[0] != 2 {
		t.Errorf("the heading says that %v are used", u)
	}
	b.Swap(r[0].ID)
	if b.Results()[0].Variant != 1 {
		t.Error("Swap doesn't show the next one")
	}
	b.Use(session.VariantID{Edit: 99})
	b.UseShown() // nothing is looked at
	if len(b.Results()) != 1 {
		t.Error("something else was used")
	}
}

// blend changes how the first result is laid over.
func (b *bench) blend(change func(*region.Blend)) region.Blend {
	bl := b.Results()[0].Blend
	change(&bl)
	return bl
}

func TestAResultsOwnMaskIsPaintedLive(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	before := b.Document().State.Original().Pixels(image.Rect(65, 50, 66, 51)).NRGBAAt(65, 50).R
	b.Use(one)
	r := b.Results()[0].ID
	b.SelectTool(session.ToolHand)
	b.EditMaskOf(r)
	if b.Tool().ID != "brush" || b.Editing().Name == "" || !b.Results()[0].Edited {
		t.Errorf("in hand is %+v", b.Tool())
	}
	if v := b.View(); v.State.Mask.At(75, 55) != 255 || v.Mask != session.MaskOutlined {
		t.Error("the result's mask isn't seen")
	}
	b.BeginStroke()
	less := mask.Subtract(b.View().State.Mask, box(50, 30, 72, 80))
	base := b.View().State.Mask
	b.MoveStroke(less)
	if got := b.at(65, 50); got != int(before) {
		t.Errorf("while it is erased the canvas is %d, the original %d", got, before)
	}
	if b.View().State.Mask != base {
		t.Error("the mask that the stroke began with was taken away under it")
	}
	b.Escape()
	if got := b.at(65, 50); got == int(before) {
		t.Error("a dropped stroke stays")
	}
	b.BeginStroke()
	b.Paint("step.eraser", less)
	b.EndStroke()
	if got := b.at(65, 50); got != int(before) {
		t.Errorf("erased, the canvas is %d, the original %d", got, before)
	}
	if !b.mask().Empty() {
		t.Error("the next mask was painted on")
	}
	b.ChangeMask(session.MaskFillHoles, 0)
	b.Done()
	if b.Editing().Target != (document.Target{}) || b.Results()[0].Edited {
		t.Error("still painting on it")
	}
	b.Undo()
	if got := b.at(65, 50); got == int(before) {
		t.Error("the erasing isn't undone")
	}
	b.ReuseMask(r)
	if b.mask().At(75, 55) != 255 {
		t.Error("its mask isn't the next one")
	}
	b.MoveStroke(less) // no stroke is under way
}

func TestMixPaintsWhereAVariantWins(t *testing.T) {
	b := ready(t)
	e, id := b.generate()
	b.begins(id)
	one := b.arrives(e, id, 0, 250)
	b.Use(one)
	two := b.arrives(e, id, 1, 5) // came after the first was accepted
	b.ends(id, 2, 2, nil)
	light := b.at(65, 55)
	r := b.Results()[0]
	if r.Variants != 2 {
		t.Fatalf("the result has %d variants", r.Variants)
	}
	steps := len(b.Steps())
	b.Mix(r.ID, -1)
	if ed := b.Editing(); ed.Target.Kind != document.ResultMix || ed.Variant != 2 {
		t.Fatalf("painting on %+v", ed)
	}
	if n := len(b.Steps()); n != steps {
		t.Error("beginning to mix is a step")
	}
	b.BeginStroke()
	painted := b.View().State.Mask
	b.MoveStroke(box(50, 30, 60, 40))
	if b.View().State.Mask != painted {
		t.Error("what is painted on is another mask while it is being painted, which ends the stroke")
	}
	b.EndStroke()
	b.stroke(box(50, 30, 70, 80))
	if b.at(65, 55) >= light/2 || b.at(85, 55) != light {
		t.Errorf("mixed, the canvas is %d and %d", b.at(65, 55), b.at(85, 55))
	}
	if n := len(b.Steps()); n != steps+1 {
		t.Errorf("a stroke is %d steps", n-steps)
	}
	if c, _ := b.card(two); !c.Used {
		t.Error("a variant that was mixed in isn't used")
	}
	b.Choose(one) // a card chooses what is painted
	b.shows(current)
	if ed := b.Editing(); ed.Variant != 1 {
		t.Fatalf("painting on %+v", ed)
	}
	b.stroke(box(50, 30, 64, 80))
	if b.at(62, 55) != light || b.at(67, 55) >= light/2 {
		t.Errorf("mixed back, the canvas is %d and %d", b.at(62, 55), b.at(67, 55))
	}
	b.Undo()
	b.Undo()
	if b.at(65, 55) != light || len(b.Results()) != 1 {
		t.Error("two undos don't bring back what there was before the mixing")
	}
	b.Undo()
	if len(b.Results()) != 0 {
		t.Error("the third undo doesn't undo the use")
	}
	for range 3 {
		b.Redo()
	}
	if b.at(65, 55) >= light/2 {
		t.Error("done again, the mix isn't there")
	}
}

func TestACardOfAnotherEditLeavesTheMix(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Use(one)
	b.spot()
	three, _ := b.made()
	b.Mix(b.Results()[0].ID, 1)
	b.Choose(three)
	b.shows(variant(three))
	if b.Editing().Target != (document.Target{}) {
		t.Errorf("painting on %+v", b.Editing())
	}
}

func TestResultsAreAListThatStaysEditable(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Use(one)
	b.stroke(box(10, 10, 40, 40))
	three, _ := b.made()
	b.Use(three)
	r := b.Results()
	if len(r) != 2 || r[0].ID == r[1].ID || r[0].Name != "a boat on the lake" || !r[0].Visible {
		t.Fatalf("the results are %+v", r)
	}
	b.until("thumbnails", func() bool { r := b.Results(); return r[0].Thumbnail != nil && r[1].Thumbnail != nil })
	light := b.at(75, 55)
	top, bottom := r[0].ID, r[1].ID

	before := b.Results()[1].Thumbnail
	b.ShowResult(bottom, false)
	if b.at(75, 55) == light || b.Results()[1].Visible {
		t.Error("it isn't hidden")
	}
	if b.Results()[1].Thumbnail != before {
		t.Error("its thumbnail is gone until there is a newer one")
	}
	b.until("a newer thumbnail", func() bool { now := b.Results()[1].Thumbnail; return now != nil && now != before })
	b.ShowResults(false)
	b.Undo()
	if b.Results()[1].Visible || !b.Results()[0].Visible {
		t.Error("hiding all isn't one step")
	}
	b.ShowResults(true)
	b.RenameResult(top, "sky")
	b.MoveResult(top, 1)
	if r := b.Results(); r[1].Name != "sky" || r[0].ID != bottom {
		t.Errorf("the results are %+v", r)
	}
	b.Undo()
	b.Undo()
	if r := b.Results(); r[0].ID != top || r[0].Name == "sky" {
		t.Errorf("undone, the results are %+v", r)
	}

	b.Blend(bottom, b.blend(func(bl *region.Blend) { bl.Opacity = 0.5 }), false)
	if got := b.at(75, 55); got >= light {
		t.Error("a blend that is being chosen isn't seen")
	}
	if b.Document().State.Result(bottom).Blend.Opacity != 1 {
		t.Error("it is a step already")
	}
	b.Blend(bottom, b.blend(func(bl *region.Blend) { bl.Opacity = 0.3 }), true)
	if b.Results()[1].Blend.Opacity != 0.3 {
		t.Error("it isn't a step")
	}
	b.Undo()
	if got := b.at(75, 55); got != light {
		t.Errorf("undone, the canvas is %d", got)
	}

	b.Tap(75, 55) // with another tool in hand
	if r := b.Results(); r[0].Chosen || r[1].Chosen {
		t.Error("a click with the brush chooses")
	}
	b.SelectTool(session.ToolMove)
	b.Choose(three)
	b.Tap(75, 55)
	b.shows(current)
	if r := b.Results(); !r[1].Chosen || b.View().Outline.Empty() {
		t.Error("a click on the result doesn't choose it")
	}
	b.Tap(150, 110)
	if r := b.Results(); r[0].Chosen || r[1].Chosen {
		t.Error("a click beside the results chooses none")
	}
	b.ChooseResult(bottom)
	if b.DiscardSelected(); len(b.Results()) != 1 {
		t.Error("it isn't removed")
	}
	b.Undo()
	if len(b.Results()) != 2 {
		t.Error("it isn't back")
	}
}

func TestMaskChanges(t *testing.T) {
	b := ready(t)
	change := func(c session.MaskChange, pixels int, so func(*mask.Mask) bool) {
		t.Helper()
		b.ChangeMask(c, pixels)
		b.until(string(c), func() bool { return so(b.mask()) })
	}
	change(session.MaskGrow, 5, func(m *mask.Mask) bool { return m.At(57, 55) == 255 })
	change(session.MaskShrink, 7, func(m *mask.Mask) bool { return m.At(61, 55) == 0 && m.At(75, 55) == 255 })
	change(session.MaskFeather, 6, func(m *mask.Mask) bool { v := m.At(62, 55); return v > 0 && v < 255 })
	change(session.MaskNone, 0, func(m *mask.Mask) bool { return m.Empty() })
	if b.HasMask() {
		t.Error("there is said to be a mask")
	}
	b.noticed("mask.nothing")
	change(session.MaskAll, 0, func(m *mask.Mask) bool { return m.At(0, 0) == 255 })
	change(session.MaskInvert, 0, func(m *mask.Mask) bool { return m.Empty() })
	change(session.MaskInvert, 0, func(m *mask.Mask) bool { return m.At(0, 0) == 255 })
	b.ChangeMask(session.MaskTransparency, 0) // of a picture in which nothing is transparent
	b.noticed("mask.opaque")
	if b.mask().At(0, 0) != 255 {
		t.Error("the mask is gone where there is no transparency")
	}
	change(session.MaskNone, 0, func(m *mask.Mask) bool { return m.Empty() })
	if b.MaskAmount(session.MaskGrow) != 5 || b.MaskAmount(session.MaskShrink) != 7 {
		t.Error("the amounts are not kept")
	}
	if newBench(t).MaskAmount(session.MaskFeather) != 8 {
		t.Error("the amounts don't start at the defaults")
	}
	b.PreviewMask(session.MaskAll, 0)
	b.until("a preview", func() bool { return b.View().State.Mask.At(0, 0) == 255 })
	if !b.mask().Empty() {
		t.Error("a preview is a step")
	}
	b.DropMaskPreview()
	if !b.View().State.Mask.Empty() {
		t.Error("the preview is still there")
	}
	// A change that the document has moved on from is dropped.
	b.ChangeMask(session.MaskAll, 0)
	b.stroke(box(0, 0, 9, 9))
	b.ChangeMask(session.MaskInvert, 0)
	b.until("the second change", func() bool { return b.mask().At(100, 100) == 255 })
	if b.mask().At(5, 5) != 0 {
		t.Error("the first one was made too")
	}
}

func TestMasksAreLoadedAndSaved(t *testing.T) {
	b := ready(t)
	was := b.mask()
	b.SaveMask()
	q := b.asked(session.AskFile)
	if !q.File.Save || q.File.Name != "lake-mask.png" {
		t.Errorf("suggested is %+v", q.File)
	}
	path := filepath.Join(b.folder, "m.png")
	b.AnswerFile(q.ID, session.Chosen{Path: path})
	b.noticed("mask.saved")
	b.SaveMask() // there is a file of that name now
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: path})
	b.noticed("input.folder")
	b.SaveMask()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: path, Over: file.Writable})
	b.noticed("mask.saved")

	b.ChangeMask(session.MaskNone, 0)
	b.until("no mask", func() bool { return b.mask().Empty() })
	b.LoadMask()
	b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: path})
	b.until("the mask", func() bool { return b.mask().Equal(was) })
	bad := filepath.Join(b.folder, "bad.png")
	if err := os.WriteFile(bad, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, key := range map[string]string{bad: "input.mask_not_picture", filepath.Join(b.folder, "gone.png"): "input.no_file"} {
		b.LoadMask()
		b.AnswerFile(b.asked(session.AskFile).ID, session.Chosen{Path: path})
		b.noticed(key)
	}
}

func TestWithoutAPictureNothingOfItCanBeDone(t *testing.T) {
	b := newBench(t)
	for i, do := range []func(){
		b.LoadMask, b.SaveMask, func() { b.ChangeMask(session.MaskAll, 0) }, b.Generate, b.SavePicture, b.SaveProject, func() { b.SaveShown() },
	} {
		do()
		n := b.noticed("ui.reason.no_picture")
		b.Dismiss(n.ID)
		if len(b.Notices()) != 0 {
			t.Errorf("%d: still told", i)
		}
	}
	for _, do := range []func(){
		b.Undo, b.Redo, b.Escape, b.BeginStroke, func() { b.Paint("step.brush", box(0, 0, 9, 9)) }, b.EndStroke, b.ShowOriginal, b.ToggleCompare,
		b.ToggleSideBySide, b.Cancel, b.CancelAll, b.Done, func() { b.Tap(1, 1) }, func() { b.DragFrame(image.Rect(0, 0, 9, 9), true) },
		func() { b.Extend(session.Sides{Left: 9}) }, func() { b.ChooseNumber(1) }, func() { b.HoldOriginal(true) }, func() { b.ShowResults(true) },
		func() { b.EditMaskOf(1) }, func() { b.ReuseMask(1) }, func() { b.ChooseResult(1) }, b.ClearFailures, func() { b.HasMask() }, b.ForgetFrame,
		func() { b.Mix(1, 0) }, func() { b.Swap(1) },
	} {
		do()
	}
	b.drain()
	if v := b.View(); v.State != nil || b.Shown() != current || len(b.Steps()) != 0 || b.Results() != nil || b.Document().Open {
		t.Errorf("the canvas shows %+v", v)
	}
	b.quiet()
}

func TestAStrokeThatIsPaintedAfterItHasEndedIsTheSame(t *testing.T) {
	b := ready(t)
	_, two := b.made()
	b.Choose(two)
	b.BeginStroke()
	b.EndStroke()
	b.Paint("step.wand", box(10, 10, 30, 30))
	if len(b.Results()) != 1 || b.mask().At(15, 15) != 255 || b.mask().At(75, 55) != 0 {
		t.Error("the variant isn't accepted with the stroke")
	}
	b.BeginStroke()
	m := mask.Union(b.View().State.Mask, box(40, 10, 50, 30))
	b.EndStroke()
	b.Paint("step.wand", m)
	if b.mask().At(45, 15) != 255 {
		t.Error("the stroke isn't painted")
	}
}

func TestAHiddenResultIsShownWhenItsMaskIsPainted(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Use(one)
	r := b.Results()[0].ID
	b.ShowResult(r, false)
	b.EditMaskOf(r)
	if !b.Results()[0].Visible {
		t.Error("one paints on what can't be seen")
	}
}

// TestRefiningSendsThePictureAsItLooks paints beside a variant that is looked at and asks for
// the next edit: what the service gets has the variant in it.
func TestRefiningSendsThePictureAsItLooks(t *testing.T) {
	b := ready(t)
	_, two := b.made()
	b.Choose(two)
	looks, photo := b.at(65, 45), int(b.Document().State.Original().Pixels(image.Rect(65, 45, 66, 46)).NRGBAAt(65, 45).R)
	b.stroke(box(85, 65, 95, 75))
	_, id := b.generate()
	j := b.service.seen().edits[id].Job
	p := j.Plan()
	x, y := (65-p.Window.Min.X)*p.Send.X/p.Window.Dx(), (45-p.Window.Min.Y)*p.Send.Y/p.Window.Dy()
	sent := int(j.Request().Image.NRGBAAt(x, y).R)
	if d := sent - looks; d < -8 || d > 8 || looks > photo-20 {
		t.Errorf("%d is sent where the canvas shows %d and the photo has %d", sent, looks, photo)
	}
}

// TestResultsWithoutAPromptHaveNames uses variants of edits of the built-in engine, which needs
// no prompt.
func TestResultsWithoutAPromptHaveNames(t *testing.T) {
	b := ready(t)
	b.ChooseServices(settings.Builtin)
	b.SetPrompt("")
	names := func() (list []string) {
		for _, r := range b.Results() {
			list = append(list, r.Name)
		}
		return list
	}
	use := func() {
		b.spot()
		b.planned()
		first, _ := b.made()
		b.Use(first)
	}
	use()
	use()
	if got := names(); !slices.Equal(got, []string{"Fill 2", "Fill 1"}) {
		t.Fatalf("they are called %q", got)
	}
	b.RenameResult(b.Results()[1].ID, "rock")
	use()
	if got := names(); !slices.Equal(got, []string{"Fill 1", "Fill 2", "rock"}) {
		t.Errorf("they are called %q", got)
	}
}

// TestResultsOfOlderProjectsHaveNames: earlier versions gave those of edits without a prompt none.
func TestResultsOfOlderProjectsHaveNames(t *testing.T) {
	b := ready(t)
	b.ChooseServices(settings.Builtin)
	b.SetPrompt("")
	for range 3 {
		b.spot()
		b.planned()
		first, _ := b.made()
		b.Use(first)
	}
	state := *b.Document().State
	state.Results = slices.Clone(state.Results)
	for i, name := range []string{"", "Fill 1", ""} {
		r := *state.Results[i]
		r.Name = name
		state.Results[i] = &r
	}
	path := filepath.Join(b.folder, "old.overpaint")
	if err := document.SaveProject(t.Context(), path, document.Project{State: &state, Source: document.Source{Name: "lake.png"}}, file.Nothing); err != nil {
		t.Fatal(err)
	}
	w := newBench(t)
	w.Open(path)
	w.until("the project", func() bool { return w.Document().Open })
	var names []string
	for _, r := range w.Results() {
		names = append(names, r.Name)
	}
	if want := []string{"Fill 3", "Fill 1", "Fill 2"}; !slices.Equal(names, want) || w.Document().Modified {
		t.Errorf("they are called %q, want %q; modified %v", names, want, w.Document().Modified)
	}
}

// TestASliderThatMovesStaysWhereItIs has the result shown as it is previewed, which its slider
// is set to.
func TestASliderThatMovesStaysWhereItIs(t *testing.T) {
	b := ready(t)
	one, _ := b.made()
	b.Use(one)
	id := b.Results()[0].ID
	half := b.blend(func(bl *region.Blend) { bl.Opacity = 0.5 })
	b.Blend(id, half, false)
	if got := b.Results()[0].Blend.Opacity; got != 0.5 {
		t.Errorf("while the slider moves the opacity is %v", got)
	}
	if got := b.Document().State.Results[0].Blend.Opacity; got != 1 {
		t.Errorf("the document's is %v before the slider has come to rest", got)
	}
	b.Blend(id, half, true)
	if got := b.Document().State.Results[0].Blend.Opacity; got != 0.5 {
		t.Errorf("in the end it is %v", got)
	}
	b.Blend(id, b.blend(func(bl *region.Blend) { bl.Opacity = 0.1 }), false)
	b.Undo()
	if got := b.Results()[0].Blend.Opacity; got != 1 {
		t.Errorf("after a step the preview is still shown: %v", got)
	}
}
