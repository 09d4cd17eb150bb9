package window

import (
	"overpaint/assets/text"
	"overpaint/ui/dialogs"
	"overpaint/ui/session"
)

// showNotice shows the first thing that there is to tell.
func (w *Window) showNotice() {
	list := w.session.Notices()
	if len(list) == 0 {
		if w.told != 0 {
			w.told = 0
			w.notice.Hide()
		}
		return
	}
	n := list[0]
	if n.ID == w.told {
		return
	}
	w.told = n.ID
	label := n.Action.String()
	do := func() { w.session.Act(n.ID) }
	if label == "" && n.Error != nil && dialogs.Details(n.Error) != "" {
		label = text.T("dialog.details")
		do = func() {
			w.session.Dismiss(n.ID)
			dialogs.ShowError(w.win, n.Error)
		}
	}
	w.notice.Tell(n.Text.String(), label, do, func() { w.session.Dismiss(n.ID) })
}

// tell says something that is not the session's.
func (w *Window) tell(sentence string) { w.session.Tell(sentence) }

// showBusy shows what file is being opened or saved, where that takes a while.
func (w *Window) showBusy() {
	w.busy()
	w.busy = func() {}
	if list := w.session.Busy(); len(list) > 0 {
		b := list[0]
		w.busy = w.notice.During(b.Text.String(), text.T("dialog.cancel"), func() { w.session.StopBusy(b.ID) })
	}
}

// showFailure tells the whole of why an edit failed, and what can be done.
func (w *Window) showFailure(id session.EditID) {
	for _, e := range w.session.Edits() {
		if e.ID != id || e.Failure == nil {
			continue
		}
		var next []dialogs.Next
		for _, r := range e.Failure.Remedies {
			next = append(next, dialogs.Next{Label: remedyLabel(r, e.Failure.Charged), Do: func() { w.session.Remedy(id, r) }})
		}
		dialogs.ShowError(w.win, e.Failure.Error, next...)
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
