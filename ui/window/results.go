package window

import (
	"slices"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/region"
	"overpaint.dev/overpaint/ui/results"
	"overpaint.dev/overpaint/ui/session"
	"overpaint.dev/overpaint/ui/widgets"
)

// resultActions binds the actions of the list of results to the session.
func (w *Window) resultActions() results.Actions {
	s := w.session
	id := func(n int64) document.ID { return document.ID(n) }
	blend := func(n int64, done bool, change func(*region.Blend)) {
		for _, r := range s.Results() {
			if r.ID == id(n) {
				change(&r.Blend)
				s.Blend(r.ID, r.Blend, done)
				return
			}
		}
	}
	return results.Actions{
		Fold:    s.FoldResults,
		Choose:  func(n int64) { s.ChooseResult(id(n)) },
		Show:    func(n int64, on bool) { s.ShowResult(id(n), on) },
		ShowAll: s.ShowResults,
		Remove:  func(n int64) { s.RemoveResult(id(n)) },
		Rename:  func(n int64, name string) { s.RenameResult(id(n), name) },
		Opacity: func(n int64, opacity float64, done bool) {
			blend(n, done, func(b *region.Blend) { b.Opacity = opacity })
		},
		Feather: func(n int64, pixels int, done bool) {
			blend(n, done, func(b *region.Blend) { b.Feather = pixels })
		},
		Match:    func(n int64, on bool) { blend(n, true, func(b *region.Blend) { b.Match = on }) },
		Align:    func(n int64, on bool) { blend(n, true, func(b *region.Blend) { b.Align = on }) },
		Sharpen:  func(n int64, on bool) { blend(n, true, func(b *region.Blend) { b.Sharpen = on }) },
		Grain:    func(n int64, on bool) { blend(n, true, func(b *region.Blend) { b.Grain = on }) },
		KeepMore: func(n int64, on bool) { blend(n, true, func(b *region.Blend) { b.KeepMore = on }) },
		Counts: func(n int64, counts float64, done bool) {
			blend(n, done, func(b *region.Blend) { b.Counts = counts })
		},
		EditMask:  func(n int64) { w.paintOn(document.ResultMask, id(n)) },
		Mix:       func(n int64) { w.paintOn(document.ResultMix, id(n)) },
		Swap:      func(n int64) { s.Swap(id(n)) },
		ReuseMask: func(n int64) { s.ReuseMask(id(n)) },
		Move:      func(n int64, to int) { s.MoveResult(id(n), to) },
		Menu:      func(n int64, at fyne.Position) { w.resultMenu(id(n), at) },
	}
}

// paintOn begins painting on a result's mask or its mix, or ends that where it is under way.
func (w *Window) paintOn(kind document.Kind, id document.ID) {
	s := w.session
	switch e := s.Editing(); {
	case e.Target.Kind == kind && e.Target.Result == id:
		s.Done()
	case kind == document.ResultMask:
		s.EditMaskOf(id)
	default:
		s.Mix(id, -1)
	}
}

// resultMenu offers what can be done with a result.
func (w *Window) resultMenu(id document.ID, at fyne.Position) {
	s, all := w.session, w.session.Results()
	i := slices.IndexFunc(all, func(r session.Result) bool { return r.ID == id })
	if i < 0 {
		return
	}
	r, line := all[i], fyne.NewMenuItemSeparator
	item := func(key string, do func()) *fyne.MenuItem { return fyne.NewMenuItem(text.T(key), do) }
	shown := item("results.show", func() { s.ShowResult(id, true) })
	if r.Visible {
		shown = item("results.hide", func() { s.ShowResult(id, false) })
	}
	mask := item("results.edit_mask", func() { w.paintOn(document.ResultMask, id) })
	mix := enabled(r.Variants > 1, item("results.mix", func() { w.paintOn(document.ResultMix, id) }))
	e := s.Editing().Target
	mask.Checked = e.Result == id && e.Kind == document.ResultMask
	mix.Checked = e.Result == id && e.Kind == document.ResultMix
	widgets.NewMenu(fyne.NewMenu("", shown, item("results.rename", func() { w.results.Rename(int64(id)) }), line(),
		mask, mix, enabled(r.Variants > 1, item("results.swap", func() { s.Swap(id) })), item("result.mask", func() { s.ReuseMask(id) }), line(),
		enabled(i > 0, item("results.up", func() { s.MoveResult(id, i-1) })),
		enabled(i < len(all)-1, item("results.down", func() { s.MoveResult(id, i+1) })), line(),
		item("result.remove", func() { s.RemoveResult(id) })), w.win.Canvas()).ShowAtPosition(at)
}

// sentences joins sentences to a text.
func sentences(list []session.Sentence) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = s.String()
	}
	return text.Sentences(words...)
}

// showResults shows the accepted edits.
func (w *Window) showResults() {
	v := results.View{Folded: w.session.ResultsFolded()}
	e := w.session.Editing()
	for _, r := range w.session.Results() {
		v.Results = append(v.Results, results.Result{
			ID: int64(r.ID), Name: r.Name, Thumbnail: present(r.Thumbnail), Visible: r.Visible, Opacity: r.Blend.Opacity, Feather: r.Blend.Feather,
			Match: r.Blend.Match, Align: r.Blend.Align, KeepMore: r.Blend.KeepMore, Counts: r.Blend.Counts,
			Enlarged: r.Enlarged, Sharpen: r.Blend.Sharpen, Grain: r.Blend.Grain, Details: sentences(r.Details),
			Variants:   r.Variants,
			MaskEdited: r.Edited && e.Target.Kind == document.ResultMask, Mixed: r.Edited && e.Target.Kind == document.ResultMix,
		})
		if r.Chosen {
			v.Chosen = int64(r.ID)
		}
	}
	w.results.Set(v)
	setVisible(w.results.Object(), len(v.Results) > 0)
	w.when("chosen result", v.Chosen, func() {
		if v.Chosen != 0 {
			w.side.RevealBelow()
		}
	})
}
