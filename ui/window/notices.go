package window

import (
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/dialogs"
	"overpaint.dev/overpaint/ui/overlay"
	"overpaint.dev/overpaint/ui/session"
)

// showNotices shows the notices: first work on files, which can be stopped, then the
// session's, and last what the service did to the displayed variant.
func (w *Window) showNotices() {
	var list []overlay.Notice
	for _, b := range w.session.Busy() {
		list = append(list, overlay.Notice{ID: -b.ID, Text: b.Text.String(), Action: text.T("dialog.cancel"), Fixed: true})
	}
	for _, n := range w.session.Notices() {
		one := overlay.Notice{ID: n.ID, Text: n.Text.String(), Action: n.Action.String(), Good: n.Good, Bad: n.Bad}
		if one.Action == "" && n.Error != nil && dialogs.Details(n.Error) != "" {
			one.Action = text.T("dialog.details")
		}
		list = append(list, one)
	}
	if now := w.session.Shown(); now.What == session.IsVariant && !w.grid.Object().Visible() {
		if note := w.card(now.Variant).Note.String(); note != "" {
			list = append(list, overlay.Notice{Text: note, Good: true, Fixed: true})
		}
	}
	w.over.notices.Set(list)
}

// actNotice runs a notice's action; those of work on files have negative IDs.
func (w *Window) actNotice(id int64) {
	if id < 0 {
		w.session.StopBusy(-id)
		return
	}
	for _, n := range w.session.Notices() {
		if n.ID == id && n.Action.IsZero() && n.Error != nil {
			w.session.Dismiss(id)
			dialogs.ShowError(w.win, n.Error)
			return
		}
	}
	w.session.Act(id)
}

// tell posts a notice of text from outside the session.
func (w *Window) tell(sentence string) { w.session.Tell(sentence) }

// showFailure shows the details of why an edit failed, and the remedies.
func (w *Window) showFailure(id session.EditID) {
	for _, f := range w.edit(id).Failures {
		if f.Edit != id {
			continue
		}
		var next []dialogs.Next
		for _, r := range f.Remedies {
			next = append(next, dialogs.Next{Label: remedyLabel(r, f.Charged), Do: func() { w.session.Remedy(id, r) }})
		}
		dialogs.ShowError(w.win, f.Error, next...)
	}
}

func remedyLabel(r session.Remedy, charged bool) string {
	switch {
	case r == session.Retry && charged:
		return text.T("dialog.again.do")
	case r == session.Clear:
		return text.T("ui.clear")
	}
	return text.T("dialog.next." + string(r))
}
