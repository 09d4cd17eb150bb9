package window

import (
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/document"
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
	switch e.Target.Kind {
	case document.ResultMask:
		return text.T("ui.editing.result", "Name", e.Name)
	case document.ResultMix:
		return text.T("ui.editing.mix", "Name", e.Name, "Number", e.Variant)
	}
	return ""
}
