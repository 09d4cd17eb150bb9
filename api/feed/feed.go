// Package feed hands one stream of values to any number of readers. Each reader
// gets every value from the moment it subscribed, in the one order in which they
// were published; a slow one neither loses a value nor delays the others.
package feed

import (
	"slices"
	"sync"
)

// Feed is a stream of values. Its zero value is ready, and it may be used by
// several goroutines.
type Feed[T any] struct {
	mu      sync.Mutex
	readers []*reader[T]
	closed  bool
}

// Publish hands a value to all readers. It does not wait for them. After Close
// it is dropped.
func (f *Feed[T]) Publish(v T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.readers {
		r.add(v)
	}
}

// Subscribe returns the values from now on. The channel is closed after the last
// value once the feed is closed. Whoever stops reading earlier must call cancel,
// after which the channel is closed too; cancel may be called at any time.
func (f *Feed[T]) Subscribe() (values <-chan T, cancel func()) {
	r := newReader[T]()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		r.end()
	} else {
		f.readers = append(f.readers, r)
	}
	go r.pump()
	return r.out, func() {
		r.cancel()
		f.mu.Lock()
		defer f.mu.Unlock()
		f.readers = slices.DeleteFunc(f.readers, func(other *reader[T]) bool { return other == r })
	}
}

// Close ends all subscriptions after their last value.
func (f *Feed[T]) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for _, r := range f.readers {
		r.end()
	}
	f.readers = nil
}

// reader is one subscription. Its queue has no bound.
type reader[T any] struct {
	out  chan T
	stop chan struct{}
	quit sync.Once

	mu     sync.Mutex
	queue  []T
	ended  bool          // nothing will be added
	signal chan struct{} // holds one token when queue or ended changed
}

func newReader[T any]() *reader[T] {
	return &reader[T]{out: make(chan T), stop: make(chan struct{}), signal: make(chan struct{}, 1)}
}

func (r *reader[T]) add(v T) {
	r.mu.Lock()
	r.queue = append(r.queue, v)
	r.mu.Unlock()
	r.wake()
}

// end lets the reader have what is queued and then the closed channel.
func (r *reader[T]) end() {
	r.mu.Lock()
	r.ended = true
	r.mu.Unlock()
	r.wake()
}

// cancel ends the subscription without the rest.
func (r *reader[T]) cancel() { r.quit.Do(func() { close(r.stop) }) }

func (r *reader[T]) wake() {
	select {
	case r.signal <- struct{}{}:
	default:
	}
}

// pump runs until the subscription is cancelled or ended and read to its end.
func (r *reader[T]) pump() {
	defer close(r.out)
	for {
		r.mu.Lock()
		batch, ended := r.queue, r.ended
		r.queue = nil
		r.mu.Unlock()
		for _, v := range batch {
			select {
			case r.out <- v:
			case <-r.stop:
				return
			}
		}
		if len(batch) > 0 {
			continue
		}
		if ended {
			return
		}
		select {
		case <-r.signal:
		case <-r.stop:
			return
		}
	}
}
