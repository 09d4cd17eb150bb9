package window

import (
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/region"
	"overpaint.dev/overpaint/ui/results"
	"overpaint.dev/overpaint/ui/session"
)

func (w *Window) bindOptions() {
	w.options.OnAutomatic, w.options.OnDone = w.session.ForgetFrame, w.session.Done
}

// showTool shows the selected tool and what it paints on.
func (w *Window) showTool() {
	t := w.session.Tool()
	w.rail.Select(t.ID)
	w.options.SetTool(t.ID)
	w.options.SetSettings(t.Settings)
	w.options.SetDrawn(t.Drawn)
	w.options.SetIgnored(t.GuidesIgnored)
	w.options.SetNote(text.T("ui.grow", "Pixels", t.Grow))
	w.options.SetEditing(editingSentence(t.Editing))
	w.surface.SetSettings(t.Settings)
	switch t.ID {
	case session.ToolMove, session.ToolExtend: // both drag a frame
		w.surface.SetTool(session.ToolHand)
	default:
		w.surface.SetTool(t.ID)
	}
	w.showResults()
}

// editingSentence says which mask is being painted on, "" for the next edit's.
func editingSentence(e session.Editing) string {
	if e.Name == "" {
		e.Name = text.T("results.unnamed")
	}
	switch e.Target.Kind {
	case document.ResultMask:
		return text.T("ui.editing.result", "Name", e.Name)
	case document.ResultMix:
		return text.T("ui.editing.mix", "Name", e.Name, "Number", e.Variant)
	}
	return ""
}

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
		EditMask: func(n int64) {
			if e := s.Editing(); e.Target.Kind == document.ResultMask && e.Target.Result == id(n) {
				s.Done()
				return
			}
			s.EditMaskOf(id(n))
		},
		Mix: func(n int64) {
			if e := s.Editing(); e.Target.Kind == document.ResultMix && e.Target.Result == id(n) {
				s.Done()
				return
			}
			s.Mix(id(n), -1)
		},
		Swap:      func(n int64) { s.Swap(id(n)) },
		ReuseMask: func(n int64) { s.ReuseMask(id(n)) },
		Move:      func(n int64, to int) { s.MoveResult(id(n), to) },
	}
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
