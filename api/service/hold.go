package service

import (
	"sync"

	"overpaint.dev/overpaint/api/history"
)

// Hold keeps a sum free under the person's caps for requests that follow one another
// (Submission.Hold): so the last of them isn't refused because other edits, of this program or of another
// one, have taken what was left. It ends with the program. Its zero value keeps nothing.
type Hold struct {
	mu   sync.Mutex
	kept *history.Reservation // or nil
}

// in returns what keeps the sum free in a history; nil hold is none.
func (h *Hold) in(store *history.Store, currency string) *history.Reservation {
	if h == nil || store == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.kept == nil {
		h.kept = store.NewReservation(currency)
	}
	return h.kept
}

// Release frees what a hold keeps: nothing follows any more, or not yet. nil is none.
func (s *Service) Release(h *Hold) {
	if h == nil {
		return
	}
	h.mu.Lock()
	kept := h.kept
	h.kept = nil
	h.mu.Unlock()
	if kept == nil {
		return
	}
	if err := kept.Release(); err != nil { // it counts until the program ends
		s.log.Warn("reservation not released", "error", err)
	}
}
