package document

import (
	"bytes"
	"image"
	"runtime"
	"sync"
	"sync/atomic"

	"overpaint/editor/mask"
)

// Weights are worked out in blocks whose places depend on the picture alone, so
// that they come out the same whether all of them are made or only those around
// a stroke, and wherever the canvas's corner is.

// blockSide returns the side of a block for a feather: so large that what is
// read around it is not much more than the block itself.
func blockSide(feather int) int {
	return (max(mask.TileSize, 2*feather) + mask.TileSize - 1) / mask.TileSize * mask.TileSize
}

// blocks returns the blocks, as cells of a grid of a side from origin, that
// hold any pixel of r.
func blocks(r image.Rectangle, origin image.Point, side int) image.Rectangle {
	if r.Empty() {
		return image.Rectangle{}
	}
	r = r.Sub(origin)
	return image.Rect(floorDiv(r.Min.X, side), floorDiv(r.Min.Y, side), floorDiv(r.Max.X-1, side)+1, floorDiv(r.Max.Y-1, side)+1)
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// inside returns the part of the canvas that the result can change.
func (r *Result) inside() image.Rectangle { return r.Plan.Window.Intersect(r.Canvas) }

// newWeight works out the whole weight.
func (r *Result) newWeight() *mask.Mask {
	feather := max(r.Blend.Feather, 0)
	reached := r.Mask.Bounding().Inset(-feather).Intersect(r.inside())
	return r.weighted(mask.New(r.Mask.Size().X, r.Mask.Size().Y), reached)
}

// changedWeight works out the weight around what of the mask differs from
// that of an earlier version.
func (r *Result) changedWeight(before *Result) *mask.Mask {
	var changed []image.Rectangle
	feather := max(r.Blend.Feather, 0)
	eachChanged(before.Mask, r.Mask, func(square image.Rectangle) {
		changed = append(changed, square.Inset(-feather).Intersect(r.inside()))
	})
	return r.weighted(before.weight, changed...)
}

// weighted returns a weight with the blocks that the rectangles touch worked out anew.
func (r *Result) weighted(weight *mask.Mask, changed ...image.Rectangle) *mask.Mask {
	side := blockSide(max(r.Blend.Feather, 0))
	seen := map[image.Point]bool{}
	var list []image.Rectangle
	for _, c := range changed {
		g := blocks(c, r.Offset, side)
		for y := g.Min.Y; y < g.Max.Y; y++ {
			for x := g.Min.X; x < g.Max.X; x++ {
				if at := image.Pt(x, y); !seen[at] {
					seen[at] = true
					at = at.Mul(side).Add(r.Offset)
					list = append(list, image.Rectangle{Min: at, Max: at.Add(image.Pt(side, side))}.Intersect(r.inside()))
				}
			}
		}
	}
	made := make([]*image.Alpha, len(list))
	each(len(list), func(i int) { made[i] = r.Plan.Weight(r.Canvas, r.Mask, r.Blend, list[i]) })
	e := weight.Edit()
	for _, a := range made {
		write(e, weight, a)
	}
	return e.Mask()
}

// write puts coverage into tiles, of which those that stay the same stay shared.
func write(e *mask.Editor, m *mask.Mask, a *image.Alpha) {
	const side = mask.TileSize
	g := blocks(a.Rect, image.Point{}, side)
	for row := g.Min.Y; row < g.Max.Y; row++ {
		for col := g.Min.X; col < g.Max.X; col++ {
			at := image.Pt(col*side, row*side)
			q := image.Rectangle{Min: at, Max: at.Add(image.Pt(side, side))}.Intersect(a.Rect)
			if equal(m.Alpha(q), a, q) {
				continue
			}
			t := e.Writable(col, row)
			for y := q.Min.Y; y < q.Max.Y; y++ {
				copy(t[(y-at.Y)*side+q.Min.X-at.X:][:q.Dx()], a.Pix[a.PixOffset(q.Min.X, y):])
			}
		}
	}
}

func equal(a, b *image.Alpha, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		if !bytes.Equal(a.Pix[a.PixOffset(r.Min.X, y):][:r.Dx()], b.Pix[b.PixOffset(r.Min.X, y):][:r.Dx()]) {
			return false
		}
	}
	return true
}

// eachChanged calls do with the square of each tile that two masks of the same
// size do not share.
func eachChanged(a, b *mask.Mask, do func(square image.Rectangle)) {
	const side = mask.TileSize
	d := mask.Diff(a, b)
	g := blocks(d, image.Point{}, side)
	for row := g.Min.Y; row < g.Max.Y; row++ {
		for col := g.Min.X; col < g.Max.X; col++ {
			if a.Tile(col, row) != b.Tile(col, row) {
				do(image.Rect(col*side, row*side, (col+1)*side, (row+1)*side).Intersect(d))
			}
		}
	}
}

// sameTiles reports that two masks, nil standing for none, share all tiles with
// pixels within r.
func sameTiles(a, b *mask.Mask, r image.Rectangle) bool {
	if a == b {
		return true
	}
	at := func(m *mask.Mask, col, row int) *mask.Tile {
		if m == nil {
			return nil
		}
		return m.Tile(col, row)
	}
	if a != nil && b != nil && a.Size() != b.Size() {
		return false
	}
	some := a
	if some == nil {
		some = b
	}
	g := blocks(r.Intersect(some.Bounds()), image.Point{}, mask.TileSize)
	for row := g.Min.Y; row < g.Max.Y; row++ {
		for col := g.Min.X; col < g.Max.X; col++ {
			if at(a, col, row) != at(b, col, row) {
				return false
			}
		}
	}
	return true
}

// anyTile reports whether a mask, nil standing for none, covers anything of the
// tiles with pixels within r.
func anyTile(m *mask.Mask, r image.Rectangle) bool { return m != nil && !sameTiles(m, nil, r) }

// each calls do with 0 to n-1 on all cores and waits.
func each(n int, do func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1) - 1); i < n; i = int(next.Add(1) - 1) {
			do(i)
		}
	}
	if workers <= 1 {
		work()
		return
	}
	var wg sync.WaitGroup
	for range workers - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
}
