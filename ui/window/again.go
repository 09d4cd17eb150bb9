package window

import (
	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/ui/dialogs"
)

// again asks for one more variant in place of one that failed. Where that one
// may have been charged the person is asked first.
func (w *Window) again(card string) {
	v := w.variants[card]
	if v == nil {
		return
	}
	b := v.batch
	ask := func() {
		w.discard(card)
		w.askMore(b, 1)
	}
	if b.fault != nil && b.fault.MayHaveCost() {
		w.confirmAgain(b.fault, ask)
		return
	}
	ask()
}

// confirmAgain asks whether to send again what may have been charged already.
func (w *Window) confirmAgain(fault *api.Error, do func()) {
	dialogs.Confirm(w.win, text.T("dialog.again"), dialogs.Sentence(fault.Text())+" "+text.T("dialog.again.text"), text.T("dialog.again.do"), do)
}

// askMore asks for n more variants of a job, by its connection as it is now.
func (w *Window) askMore(b *batch, n int) {
	if n < 1 || w.doc == nil || b.detached || w.preparing != nil {
		return
	}
	ctx, p := w.prepare()
	go func() {
		d, err := w.service.More(b.edit, n)
		fyne.Do(func() {
			if w.preparing != p {
				return
			}
			if err != nil {
				w.prepared(p)
				w.fail(err)
				return
			}
			w.submit(ctx, p, d)
		})
	}()
}

// next are the steps that make sense after a job has failed.
func (w *Window) next(b *batch, missing int, e *api.Error) []dialogs.Next {
	var steps []dialogs.Next
	if settled(e.Kind) {
		steps = append(steps, dialogs.OpenSettings(w.showSettings))
	}
	if e.Kind == api.KindMoved && e.Address != "" {
		steps = append(steps, dialogs.Next{Label: text.T("dialog.next.moved"), Do: func() { w.moveTo(b.edit.Connection, e.Address) }})
	}
	if id := b.edit.Entry; id != 0 && fetchable(e) {
		steps = append(steps, dialogs.Next{Label: text.T("dialog.next.fetch"), Do: func() { w.fetchAgain(id) }})
	}
	if e.Kind == api.KindInput || e.Kind == api.KindQuota || b.detached {
		return steps
	}
	label := text.T("dialog.next.again")
	if e.MayHaveCost() {
		label = text.T("dialog.again.do")
	}
	return append(steps, dialogs.Next{Label: label, Do: func() {
		w.dropFailed(b)
		w.askMore(b, missing)
	}})
}

// moveTo makes an address that a service named the connection's, once the
// person has said so.
func (w *Window) moveTo(connection, address string) {
	w.change(func(s *settings.Settings) {
		if c, ok := s.Find(connection); ok {
			c.SetBaseURL(address)
		}
	})
	w.checkKey(false)
}

// fetchable reports that pictures were made whose addresses are kept.
func fetchable(e *api.Error) bool {
	switch e.Text().Key {
	case "error.unknown_download", "error.empty_download":
		return true
	}
	return false
}

// fetchAgain makes variants of the answers that are kept of a job, and shows
// what came of it. It asks for nothing that could cost anything.
func (w *Window) fetchAgain(entry int64) {
	go func() {
		err := w.service.FetchAgain(w.context, entry)
		fyne.Do(func() {
			if err != nil {
				w.fail(err)
				return
			}
			w.showHistory(entry)
		})
	}()
}

// settled reports that trouble is settled in Settings, as a rule.
func settled(k api.Kind) bool {
	switch k {
	case api.KindAuth, api.KindInput, api.KindMoved, api.KindNotService, api.KindNetwork, api.KindRejected, api.KindQuota:
		return true
	}
	return false
}

// dropFailed takes away the cards of a job's variants that did not come.
func (w *Window) dropFailed(b *batch) {
	for _, card := range b.cards {
		if v := w.variants[card]; v != nil && v.made == nil {
			w.discard(card)
		}
	}
}

// offerRest says that a service gave fewer variants than it was asked for.
func (w *Window) offerRest(b *batch, got, asked int) {
	w.notice.Show(text.T("service.fewer", "Got", got, "Asked", asked), text.T("notice.ask_rest"), func() { w.askMore(b, asked-got) })
}

// isService reports that a connection is no part of this program.
func isService(connection string) bool { return connection != settings.Builtin }
