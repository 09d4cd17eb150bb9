package apitest

import (
	"bytes"
	"io"
	"sync"

	"overpaint.dev/overpaint/api"
)

// Sink is an api.Sink made of a function that is given each event. What is
// spooled is dropped.
type Sink func(api.Event)

// Emit calls the function.
func (s Sink) Emit(e api.Event) error { s(e); return nil }

// Spool drops what is written.
func (s Sink) Spool(api.Arrival) io.WriteCloser { return discard{} }

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) Close() error                { return nil }

// Recorder is an api.Sink that keeps all it is told, in memory. It notes where
// an engine breaks the contract of a Sink. The zero Recorder is ready.
type Recorder struct {
	// On, unless nil, is called with each event after it was kept; its error is
	// what Emit returns.
	On func(api.Event) error
	// Spooled, unless nil, is called after each write to a spool, with all that
	// was written to it by then. It may be called from several goroutines.
	Spooled func(api.Kept)

	mu     sync.Mutex
	busy   bool
	events []api.Event
	spools []*spool
	faults []string
}

type spool struct {
	of     *Recorder
	at     api.Arrival
	data   bytes.Buffer
	closed bool
}

// Emit keeps an event.
func (r *Recorder) Emit(e api.Event) error {
	r.mu.Lock()
	if r.busy {
		r.faults = append(r.faults, "two calls at once")
	}
	r.busy = true
	r.events = append(r.events, e)
	r.mu.Unlock()
	var err error
	if r.On != nil {
		err = r.On(e)
	}
	r.mu.Lock()
	r.busy = false
	r.mu.Unlock()
	return err
}

// Spool keeps what is written.
func (r *Recorder) Spool(a api.Arrival) io.WriteCloser {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy {
		r.faults = append(r.faults, "two calls at once")
	}
	s := &spool{of: r, at: a}
	r.spools = append(r.spools, s)
	return s
}

// Events returns what was reported, in order.
func (r *Recorder) Events() []api.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]api.Event(nil), r.events...)
}

// Kept returns what was spooled by now, in the order in which the spools were opened.
func (r *Recorder) Kept() []api.Kept {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []api.Kept
	for _, s := range r.spools {
		all = append(all, api.Kept{Arrival: s.at, Body: bytes.Clone(s.data.Bytes())})
	}
	return all
}

// Faults returns how the contract was broken. It is to be called when the
// engine has returned: a spool that is open then counts.
func (r *Recorder) Faults() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	faults := append([]string(nil), r.faults...)
	for _, s := range r.spools {
		if !s.closed {
			faults = append(faults, "a spool was not closed")
		}
	}
	return faults
}

func (s *spool) Write(p []byte) (int, error) {
	s.of.mu.Lock()
	if s.closed {
		s.of.faults = append(s.of.faults, "a closed spool was written to")
	}
	s.data.Write(p)
	all := api.Kept{Arrival: s.at, Body: s.data.Bytes()}
	s.of.mu.Unlock()
	if s.of.Spooled != nil {
		s.of.Spooled(all)
	}
	return len(p), nil
}

func (s *spool) Close() error {
	s.of.mu.Lock()
	defer s.of.mu.Unlock()
	if s.closed {
		s.of.faults = append(s.of.faults, "a spool was closed twice")
	}
	s.closed = true
	return nil
}
