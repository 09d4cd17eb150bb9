package region

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// share calls do on every processor, the caller's own included, and waits. take
// hands out 0..n-1 among them, each once, and afterwards numbers from n on.
func share(n int, do func(take func() int)) {
	var next atomic.Int64
	take := func() int { return int(next.Add(1) - 1) }
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) - 1 {
		wg.Go(func() { do(take) })
	}
	do(take)
	wg.Wait()
}

// parallel calls do on consecutive parts of 0..n, on all processors, and waits.
// There are more parts than processors, so that one that is busy elsewhere
// holds up less.
func parallel(n int, do func(from, to int)) {
	parts := min(8*runtime.GOMAXPROCS(0), n)
	share(parts, func(take func() int) {
		for i := take(); i < parts; i = take() {
			do(n*i/parts, n*(i+1)/parts)
		}
	})
}
