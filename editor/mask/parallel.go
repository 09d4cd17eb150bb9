package mask

import (
	"image"
	"runtime"
	"sync"
	"sync/atomic"
)

// parallel calls do for 0 to n-1, on as many goroutines as there are
// processors, and returns when all are done.
func parallel(n int, do func(i int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	wait.Wait()
}

// build makes a mask of a size that is empty outside the rectangle within, one
// row of tiles a call, in parallel. row fills in the tiles, which all start as
// nil, of row r; what of a tile lies outside the mask must be zero.
func build(size image.Point, within image.Rectangle, row func(r int, tiles []*Tile)) *Mask {
	m := newMask(size)
	g := grid(within.Intersect(m.Bounds()))
	parallel(g.Dy(), func(i int) {
		r := g.Min.Y + i
		tiles := make([]*Tile, m.cols)
		row(r, tiles)
		for c, t := range tiles {
			if tiles[c] = canonical(t); tiles[c] != nil {
				m.rows[r] = tiles
			}
		}
	})
	return m
}
