package picture

import (
	"runtime"
	"sync"
)

// parallel splits 0..n into consecutive ranges and calls f on all of them, on
// several goroutines where pixels, the work in all, makes that worth while. It
// returns when all calls have. A panic of f is raised again on the caller.
func parallel(n, pixels int, f func(from, to int)) {
	workers := min(runtime.GOMAXPROCS(0), n, 1+pixels/(1<<15))
	if workers <= 1 {
		if n > 0 {
			f(0, n)
		}
		return
	}
	// More ranges than workers even out cores that are busy elsewhere.
	ranges := min(n, 4*workers)
	var (
		group    sync.WaitGroup
		mu       sync.Mutex
		next     int
		panicked any
	)
	work := func() {
		defer func() {
			if r := recover(); r != nil {
				mu.Lock()
				panicked = r
				mu.Unlock()
			}
		}()
		for {
			mu.Lock()
			i := next
			next++
			mu.Unlock()
			if i >= ranges {
				return
			}
			f(i*n/ranges, (i+1)*n/ranges)
		}
	}
	for range workers - 1 {
		group.Go(work)
	}
	work()
	group.Wait()
	if panicked != nil {
		panic(panicked)
	}
}
