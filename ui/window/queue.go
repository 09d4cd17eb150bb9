package window

import (
	"fmt"

	"overpaint/ui/gallery"
)

// showQueue shows on the cards of the jobs that wait that they do, and which
// of them can be put before others. Only jobs of one connection wait for each
// other.
func (w *Window) showQueue() {
	busy := map[string]bool{}
	for _, id := range w.worker.Queue() {
		b := w.batches[id]
		if b == nil {
			continue
		}
		behind := busy[b.connection]
		busy[b.connection] = true
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
		w.worker.Move(v.batch.id, 0)
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
		w.worker.Cancel(v.batch.id)
	}
}

// pending reports that a card's variant is still to come.
func (w *Window) pending(card string) bool {
	v := w.variants[card]
	return v != nil && v.made == nil && !v.broken && w.batches[v.batch.id] == v.batch
}

func (w *Window) anyPending(b *batch) bool {
	for _, card := range b.cards {
		if w.pending(card) {
			return true
		}
	}
	return false
}
