package window

import (
	"overpaint/assets/text"
	"overpaint/editor/document"
	"overpaint/editor/region"
	"overpaint/ui/session"
)

func (w *Window) bindOptions() {
	w.options.OnBlend = func(b region.Blend, done bool) {
		if id, ok := w.chosenResult(); ok {
			w.session.Blend(id, b, done)
		}
	}
	w.options.OnRemove = func() { w.session.RemoveChosen() }
	w.options.OnResultMask = func() {
		if id, ok := w.chosenResult(); ok {
			w.session.EditMaskOf(id)
		}
	}
	w.options.OnAutomatic, w.options.OnDone = w.session.ForgetFrame, w.session.Done
}

// chosenResult returns the result whose controls are shown.
func (w *Window) chosenResult() (document.ID, bool) {
	for _, r := range w.session.Results() {
		if r.Chosen {
			return r.ID, true
		}
	}
	return 0, false
}

// showTool shows the tool in hand and what it paints on.
func (w *Window) showTool() {
	t := w.session.Tool()
	w.rail.Select(t.ID)
	w.options.SetTool(t.ID)
	w.options.SetSettings(t.Settings)
	w.options.SetDrawn(t.Drawn)
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

// editingSentence says what is painted on, "" for the next edit's mask.
func editingSentence(e session.Editing) string {
	switch e.Target.Kind {
	case document.ResultMask:
		return text.T("ui.editing.result", "Name", e.Name)
	case document.ResultMix:
		return text.T("ui.editing.mix", "Name", e.Name, "Number", e.Variant)
	}
	return ""
}

// showResults shows the accepted edits.
func (w *Window) showResults() {
	for _, r := range w.session.Results() {
		if r.Chosen {
			b := r.Blend
			w.options.SetResult(&b)
			return
		}
	}
	w.options.SetResult(nil)
}
