package service

import (
	"sync"

	"overpaint.dev/overpaint/api/history"
)

// Hold reserves a sum under the user's caps for a sequence of requests (Submission.Hold), so
// that the last one isn't refused because other edits, of this program or another one, have
// used up the cap. It ends with the program. The zero value reserves nothing.
type Hold struct {
	mu   sync.Mutex
	kept *history.Reservation // or nil
}

// in returns the hold's reservation in a history; nil for a nil hold.
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

// Release frees what a hold reserves, when no request follows, or not yet. h may be nil.
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
