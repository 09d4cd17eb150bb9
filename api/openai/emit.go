package openai

import (
	"context"
	"io"
	"sync"

	"overpaint.dev/overpaint/api"
	cores "overpaint.dev/overpaint/editor/parallel"
)

// sink hands events on to whoever called Edit: one at a time, and none after
// close. A nil sink takes everything and does nothing with it.
type sink struct {
	mu     sync.Mutex
	to     api.Sink
	by     scrubber // of all events
	closed bool
}

func newSink(to api.Sink) *sink { return &sink{to: to, closed: to == nil} }

// send reports an event and returns the sink's error.
func (s *sink) send(event api.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	return s.to.Emit(s.by.event(event))
}

// emit reports an event after which the edit goes on, whatever the sink says.
func (s *sink) emit(event api.Event) { _ = s.send(event) }

// spool opens what keeps an answer.
func (s *sink) spool(at api.Arrival) io.WriteCloser {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nowhere{}
	}
	return s.to.Spool(s.by.arrival(at))
}

func (s *sink) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
}

// nowhere keeps nothing.
type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (nowhere) Close() error                { return nil }

// await runs f, which only computes, in a goroutine of its own, so that
// cancelling need not wait for an encoder or decoder to finish; f ends by
// itself soon after and its result is dropped. A panic of f is raised again on
// the caller, who may be guarded against it, unless nobody waits any more.
func await[T any](ctx context.Context, f func(context.Context) (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
		panic *cores.Panic
	}
	var zero T
	if ctx.Err() != nil { // what is done at once would race with it below
		return zero, cancelled(ctx, false)
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		o.panic = cores.Catch(func() { o.value, o.err = f(ctx) })
		done <- o
	}()
	select {
	case o := <-done:
		o.panic.Raise()
		return o.value, o.err
	case <-ctx.Done():
		return zero, cancelled(ctx, false)
	}
}
