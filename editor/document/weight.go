package document

import (
	"bytes"
	"image"
	"runtime"
	"sync"
	"sync/atomic"

	"overpaint.dev/overpaint/editor/mask"
)

// Weights are computed in blocks whose places depend on the picture alone, so that they are
// the same whether all of them are computed or only those around a stroke, and wherever the
// canvas's corner is.

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
	return image.Rect(mask.FloorDiv(r.Min.X, side), mask.FloorDiv(r.Min.Y, side), mask.FloorDiv(r.Max.X-1, side)+1, mask.FloorDiv(r.Max.Y-1, side)+1)
}

// inside returns the part of the canvas that the result can change.
func (r *Result) inside() image.Rectangle { return r.Plan.Window.Intersect(r.Canvas) }

// weigh computes the whole weight.
func (r *Result) weigh() {
	size := r.Mask.Size()
	r.full = r.weighted(mask.New(size.X, size.Y), r.Mask.Bounding().Inset(-max(r.Blend.Feather, 0)).Intersect(r.inside()))
	r.cover()
}

// cover computes the full weight, before anything is erased.
func (r *Result) cover() {
	switch {
	case r.Limit != nil:
		r.weight = r.covered(r.full, r.full.Bounding())
	case r.Erased != nil:
		r.weight = r.covered(r.full, r.Erased.Bounding())
	default:
		r.weight = r.full
	}
}

// paint makes m the coverage of the result, a copy of before.
func (r *Result) paint(before *Result, m *mask.Mask) {
	size := m.Size()
	erased := before.Erased
	if erased == nil {
		erased = mask.New(size.X, size.Y)
	}
	drawn := before.Drawn
	if drawn == nil {
		drawn = mask.New(size.X, size.Y)
	}
	grow, erase, draw := before.Mask.Edit(), erased.Edit(), drawn.Edit()
	var touched []image.Rectangle
	eachChanged(before.weight, m, func(square image.Rectangle) {
		touched = append(touched, square)
		p := tilePaint{was: before.weight.Alpha(square), is: m.Alpha(square), full: before.full.Alpha(square), mask: before.Mask.Alpha(square), erased: erased.Alpha(square)}
		p.work()
		write(grow, before.Mask, p.mask)
		write(erase, erased, p.erased)
		if before.Limit != nil {
			beyond := drawn.Alpha(square)
			raise(beyond, p.is, before.Limit.Alpha(square))
			write(draw, drawn, beyond)
		}
	})
	r.Mask, r.Erased = grow.Mask(), erase.Mask()
	if m := draw.Mask(); !m.Empty() {
		r.Drawn = m
	}
	reach := max(r.Blend.Feather, 0)
	var grown []image.Rectangle
	eachChanged(before.Mask, r.Mask, func(square image.Rectangle) {
		grown = append(grown, square.Inset(-reach).Intersect(r.inside()))
	})
	r.full = r.weighted(before.full, grown...)
	eachChanged(before.full, r.full, func(square image.Rectangle) { touched = append(touched, square) })
	r.weight = r.covered(before.weight, touched...)
}

// raise raises drawn to is where a limit allows less.
func raise(drawn, is, limit *image.Alpha) {
	for i, v := range is.Pix {
		if v > limit.Pix[i] {
			drawn.Pix[i] = max(drawn.Pix[i], v)
		}
	}
}

// tilePaint computes the new mask and the new erasure of a tile whose weight is to change from
// was to is: what the mask and its feather reach is erased down to it, or less of it is
// erased; only beyond that does the mask grow.
type tilePaint struct{ was, is, full, mask, erased *image.Alpha }

func (p tilePaint) work() {
	for i, is := range p.is.Pix {
		full := int(p.full.Pix[i])
		switch {
		case is == p.was.Pix[i]:
		case int(is) <= full:
			p.erased.Pix[i] = uint8(255 - (int(is)*255+full/2)/full)
		default:
			p.erased.Pix[i] = 0
			p.mask.Pix[i] = max(p.mask.Pix[i], is)
		}
	}
}

// covered returns a weight that is full less what was erased, within the limit, in
// the tiles that the rectangles touch, and as before elsewhere.
func (r *Result) covered(before *mask.Mask, touched ...image.Rectangle) *mask.Mask {
	e := before.Edit()
	seen := map[image.Point]bool{}
	for _, t := range touched {
		g := blocks(t, image.Point{}, mask.TileSize)
		for row := g.Min.Y; row < g.Max.Y; row++ {
			for col := g.Min.X; col < g.Max.X; col++ {
				if at := image.Pt(col, row); seen[at] {
					continue
				} else {
					seen[at] = true
				}
				write(e, before, r.coveredIn(tileSquare(col, row).Intersect(r.full.Bounds())))
			}
		}
	}
	return e.Mask()
}

// coveredIn is covered for a part of the canvas.
func (r *Result) coveredIn(square image.Rectangle) *image.Alpha {
	w := r.full.Alpha(square)
	if r.Erased != nil {
		for i, gone := range r.Erased.Alpha(square).Pix {
			w.Pix[i] = uint8((int(w.Pix[i])*(255-int(gone)) + 127) / 255)
		}
	}
	if r.Limit == nil {
		return w
	}
	most := r.Limit.Alpha(square)
	if r.Drawn != nil {
		for i, v := range r.Drawn.Alpha(square).Pix {
			most.Pix[i] = max(most.Pix[i], v)
		}
	}
	return lower(w, most)
}

// weighted returns a weight with the blocks that the rectangles touch computed again.
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

// sameTiles reports whether two masks share all tiles with pixels within r; nil stands for no
// mask.
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

// anyTile reports whether a mask covers anything in the tiles with pixels within r; nil stands
// for no mask.
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
