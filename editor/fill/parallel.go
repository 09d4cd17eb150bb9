package fill

import (
	"context"
	"sync"
	"sync/atomic"
)

// parallel calls do(i) for i from 0 to n-1 on at most workers goroutines and
// returns when all have ended, early with the context's error once ctx is
// done. Which goroutine gets which i is left to chance, so do must depend on i alone.
func parallel(ctx context.Context, workers, n int, do func(i int)) error {
	workers = min(workers, n)
	if workers <= 1 {
		for i := range n {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			do(i)
		}
		return ctx.Err()
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// bands calls do for bands of consecutive rows that together cover 0 to rows.
func bands(ctx context.Context, workers, rows, height int, do func(y0, y1 int)) error {
	return parallel(ctx, workers, (rows+height-1)/height, func(i int) {
		do(i*height, min(rows, (i+1)*height))
	})
}

// random is a SplitMix64 generator (Steele, Lea, Flood 2014). Each row of each
// round gets one of its own from what identifies it, so that a result does
// not depend on how the rows were spread over goroutines.
type random uint64

// newRandom returns the generator that belongs to the given numbers.
func newRandom(seed uint64, ids ...int) random {
	r := random(seed)
	for _, id := range ids {
		r = random(r.next() ^ uint64(id)*0x9e3779b97f4a7c15)
	}
	return r
}

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// intn returns a number from 0 to n-1; n must be positive.
func (r *random) intn(n int) int {
	return int((r.next() >> 32) * uint64(n) >> 32)
}
