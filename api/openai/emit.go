package openai

import (
	"context"
	"sync"

	"overpaint/api"
	cores "overpaint/editor/parallel"
)

// emitter hands events on one at a time and none after close.
type emitter struct {
	mu     sync.Mutex
	to     func(api.Event)
	closed bool
}

func newEmitter(to func(api.Event)) *emitter { return &emitter{to: to, closed: to == nil} }

func (e *emitter) emit(event api.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.to(event)
	}
}

func (e *emitter) close() {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
}

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
