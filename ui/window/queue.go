package window

import (
	"fmt"
	"maps"
	"slices"

	"overpaint/api/service"
	"overpaint/assets/plain"
	"overpaint/assets/text"
	gallery "overpaint/ui/strip"
)

// showQueue shows on the cards of the jobs that wait that they do, and which
// of them can be put before others. Only jobs of one connection wait for each
// other.
func (w *Window) showQueue() {
	busy := map[string]bool{}
	for _, id := range w.service.Queue() {
		b := w.batches[id]
		if b == nil {
			continue
		}
		behind := busy[b.edit.Connection]
		busy[b.edit.Connection] = true
		if !b.queued {
			continue
		}
		for _, card := range b.cards {
			if v := w.variants[card]; v != nil {
				w.gallery.Put(gallery.Card{ID: card, Label: fmt.Sprint(v.number), State: gallery.Queued, Behind: behind})
			}
		}
	}
}

// putFirst lets the job of a card be the next one that is started.
func (w *Window) putFirst(card string) {
	if v := w.variants[card]; v != nil && v.batch.queued {
		w.service.First(v.batch.edit.ID)
	}
}

// giveUp takes a card away. Where nothing else is still to come of its job, the
// job is cancelled; other jobs go on.
func (w *Window) giveUp(card string) {
	v := w.variants[card]
	if v == nil {
		return
	}
	pending := w.pending(card)
	w.discard(card)
	if pending && !w.anyPending(v.batch) {
		w.service.Cancel(v.batch.edit.ID)
	}
}

// pending reports that a card's variant is still to come.
func (w *Window) pending(card string) bool {
	v := w.variants[card]
	return v != nil && v.made == nil && !v.broken && w.batches[v.batch.edit.ID] == v.batch
}

func (w *Window) anyPending(b *batch) bool {
	for _, card := range b.cards {
		if w.pending(card) {
			return true
		}
	}
	return false
}

// cancel stops the edits that are being carried out. Those that wait for their
// turn go on: they are something else that the person has asked for. The person
// is told, and can cancel them as well.
func (w *Window) cancel() {
	if w.preparing != nil { // it has not been queued: taking it back costs nothing
		w.prepared(w.preparing)
		return
	}
	stop, rest := toCancel(w.batches, w.service.Queue())
	for _, b := range stop {
		w.service.Cancel(b.edit.ID)
	}
	if len(rest) == 0 {
		return
	}
	w.cancelSaid = text.N("notice.cancelled", len(rest), "Edit", editName(stop))
	w.notice.Show(w.cancelSaid, text.N("notice.cancel_rest", len(rest)), func() {
		for _, b := range rest {
			w.service.Cancel(b.edit.ID)
		}
	})
}

// toCancel chooses what one wish to cancel stops: the open document's edits that
// were started, or the next one to be where none was. Only where that document
// has none it is those of a document that is not open any more. The rest are the
// open document's that wait, in the order of queue.
func toCancel(batches map[service.ID]*batch, queue []service.ID) (stop, rest []*batch) {
	for _, detached := range []bool{false, true} {
		for _, id := range queue {
			if b := batches[id]; b != nil && b.detached == detached {
				rest = append(rest, b)
			}
		}
		for _, id := range slices.Sorted(maps.Keys(batches)) {
			if b := batches[id]; b.detached == detached && !slices.Contains(rest, b) {
				stop = append(stop, b)
			}
		}
		if len(stop) == 0 && len(rest) > 0 {
			stop, rest = rest[:1], rest[1:]
		}
		if len(stop) > 0 {
			break
		}
	}
	return stop, rest
}

// editName names edits: one by its prompt, several by their number.
func editName(edits []*batch) string {
	prompt := ""
	if len(edits) == 1 {
		prompt = plain.Line(edits[0].edit.Job.Request().Prompt, 40)
	}
	if prompt == "" {
		return text.N("notice.edits", len(edits))
	}
	return text.T("notice.edit", "Prompt", prompt)
}
