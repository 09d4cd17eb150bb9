// Package parallel splits work over the processors. A panic in one of its
// goroutines is raised again, as a *Panic, on the goroutine that asked for the
// work, so that whoever recovers there is told of it; no goroutine outlives the
// call that started it, unless its comment says so.
package parallel

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Workers is how many goroutines share some work at most; 0 or less means one
// for each processor.
type Workers int

// Range splits 0 to n-1 into consecutive ranges of grain numbers, of which the
// last may be shorter, and calls f for each, to being one behind its last
// number. A grain below 1 is taken as 1. The ranges depend on n and grain alone;
// which goroutine gets which of them, and in what order, is left to chance.
//
// Range returns when no call of f is running any more. Once ctx is done it
// starts no further call and returns ctx's error, as it does when ctx ends
// during the last call; else it returns nil. After a panic of f no further call
// is started, and the panic is raised again on the caller.
func (w Workers) Range(ctx context.Context, n, grain int, f func(from, to int)) error {
	if n <= 0 {
		return ctx.Err()
	}
	grain = max(grain, 1)
	ranges := (n-1)/grain + 1
	if w <= 0 {
		w = Workers(runtime.GOMAXPROCS(0))
	}
	var next atomic.Int64
	work := func() {
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= ranges {
				return
			}
			from := i * grain
			f(from, from+min(grain, n-from))
		}
	}
	share(min(int(w), ranges), work, func() { next.Store(int64(ranges)) })
	return ctx.Err()
}

// Range is Workers.Range on all processors.
func Range(ctx context.Context, n, grain int, f func(from, to int)) error {
	return Workers(0).Range(ctx, n, grain, f)
}

// All is Range without a context: it returns when all calls have.
func All(n, grain int, f func(from, to int)) {
	_ = Range(context.Background(), n, grain, f) // which never ends
}

// Together calls all of the functions, each on a goroutine of its own, and
// returns when all have. Should several panic, one of the panics is raised.
func Together(functions ...func()) {
	var next atomic.Int64
	share(len(functions), func() { functions[next.Add(1)-1]() }, func() {})
}

// share calls work on n goroutines, the caller's own among them, waits for all
// and raises the first panic again. It calls stop, at most once from each
// goroutine, when work has panicked.
func share(n int, work, stop func()) {
	var first atomic.Pointer[Panic]
	guarded := func() {
		if p := Catch(work); p != nil {
			stop()
			first.CompareAndSwap(nil, p)
		}
	}
	var others sync.WaitGroup
	for range n - 1 {
		others.Go(guarded)
	}
	if n > 0 {
		guarded()
	}
	others.Wait()
	first.Load().Raise()
}

// Later calls f on a goroutine of its own at once. What it returns waits for f's
// result; it may be called any number of times, by any goroutine, or never. A
// panic of f is raised in the caller that waits, and lost if none does.
func Later[T any](f func() T) (wait func() T) {
	var result T
	var p *Panic
	done := make(chan struct{})
	go func() {
		defer close(done)
		p = Catch(func() { result = f() })
	}()
	return func() T {
		<-done
		p.Raise()
		return result
	}
}

// Even returns the grain that gives each processor four ranges of 0 to n-1, so
// that one that is busy elsewhere holds up little, but no range fewer than least
// numbers: what is worth a goroutine.
func Even(n, least int) int {
	ranges := 4 * runtime.GOMAXPROCS(0)
	return max(1, least, (n-1)/ranges+1)
}
