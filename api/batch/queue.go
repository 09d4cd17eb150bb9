package batch

import (
	"context"
	"sync"
)

// Queue works on one thing after the other, on several at once, and can be halted
// meanwhile. Its methods may be called by several goroutines. The zero value is ready.
type Queue struct {
	mu      sync.Mutex
	wake    sync.Cond
	paused  bool
	stopped bool
}

// Run calls do for each index below count in order, with at most n calls under way at
// once, and returns when all have ended. While the queue is paused none is begun. Once it
// is over do is called for the rest all the same, to note that: it asks Over.
func (q *Queue) Run(ctx context.Context, n, count int, do func(i int)) {
	q.mu.Lock()
	q.wake.L = &q.mu
	q.mu.Unlock()
	stop := context.AfterFunc(ctx, q.rouse)
	defer stop()
	next := 0
	take := func() (i int, ok bool) {
		q.mu.Lock()
		defer q.mu.Unlock()
		for q.paused && !q.stopped && ctx.Err() == nil && next < count {
			q.wake.Wait()
		}
		i = next
		next++
		return i, i < count
	}
	var workers sync.WaitGroup
	for range min(n, count) {
		workers.Go(func() {
			for i, ok := take(); ok; i, ok = take() {
				do(i)
			}
			q.rouse() // the others, that nothing is left
		})
	}
	workers.Wait()
}

func (q *Queue) rouse() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.wake.L != nil {
		q.wake.Broadcast()
	}
}

// Pause keeps further things from being begun, until it is called with false.
func (q *Queue) Pause(on bool) {
	q.mu.Lock()
	q.paused = on
	q.mu.Unlock()
	q.rouse()
}

// Stop has nothing further begun for good: it could not succeed.
func (q *Queue) Stop() {
	q.mu.Lock()
	q.stopped = true
	q.mu.Unlock()
	q.rouse()
}

// Over reports that nothing further is begun.
func (q *Queue) Over(ctx context.Context) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.stopped || ctx.Err() != nil
}
