package view

import (
	"image"
	"sync/atomic"

	"overpaint.dev/overpaint/editor/mask"
)

// tileLevels is how many levels a tile has: sides of 64, 32, ... 1.
const tileLevels = 7

// A maskView is a mask with pyramids of its tiles (box filter). They are made at the first use
// and shared with later masks that have the same tiles. It is safe for any number of
// goroutines.
type maskView struct {
	mask       *mask.Mask
	cols, rows int
	cells      []*cell // nil where the mask is empty
	empty      bool
}

// A cell is one tile and its pyramid.
type cell struct {
	tile   *mask.Tile
	w, h   int // the size of the part of the tile on the canvas
	levels [tileLevels]atomic.Pointer[[]uint8]
}

// newMaskView prepares m for drawing and returns the rectangle of canvas pixels, in whole
// tiles, in which it may differ from prev, which may be nil.
func newMaskView(m *mask.Mask, prev *maskView) (*maskView, image.Rectangle) {
	v := &maskView{mask: m, empty: true}
	v.cols, v.rows = m.Grid()
	v.cells = make([]*cell, v.cols*v.rows)
	if prev != nil && prev.mask.Size() != m.Size() {
		prev = nil
	}
	var changed image.Rectangle
	size := m.Size()
	for i := range v.cells {
		col, row := i%v.cols, i/v.cols
		tile := m.Tile(col, row)
		var old *cell
		if prev != nil {
			old = prev.cells[i]
		}
		if (old == nil && tile == nil) || (old != nil && old.tile == tile) {
			v.cells[i] = old
		} else {
			at := image.Pt(col*mask.TileSize, row*mask.TileSize)
			r := image.Rectangle{Min: at, Max: at.Add(image.Pt(mask.TileSize, mask.TileSize))}
			r = r.Intersect(image.Rectangle{Max: size})
			changed = changed.Union(r)
			if tile != nil {
				v.cells[i] = &cell{tile: tile, w: r.Dx(), h: r.Dy()}
			}
		}
		if tile != nil {
			v.empty = false
		}
	}
	return v, changed
}

// level returns the tile at level k, a square of side 64>>k. Two goroutines that call it at
// once may both compute it, with the same result.
func (c *cell) level(k int) []uint8 {
	if k == 0 {
		return c.tile[:]
	}
	if p := c.levels[k].Load(); p != nil {
		return *p
	}
	fine := c.level(k - 1)
	side := mask.TileSize >> k
	half := make([]uint8, side*side)
	// Samples beyond the canvas are zero and are replaced by the nearest on it.
	up := func(v int) int { return max(1, (v+1<<(k-1)-1)>>(k-1)) - 1 }
	lastX, lastY := up(c.w), up(c.h)
	for y := range side {
		top := fine[min(2*y, lastY)*2*side:][:2*side]
		bottom := fine[min(2*y+1, lastY)*2*side:][:2*side]
		for x := range side {
			l, r := min(2*x, lastX), min(2*x+1, lastX)
			half[y*side+x] = uint8((int(top[l]) + int(top[r]) + int(bottom[l]) + int(bottom[r]) + 2) / 4)
		}
	}
	c.levels[k].Store(&half)
	return half
}

// row writes the coverage of the samples lo..hi-1 of row y of level k to dst[lo:hi] and
// returns the range within them that may differ from zero. Where from >= to, the row is empty
// and dst is unchanged.
func (v *maskView) row(k, y, lo, hi int, dst []uint8) (from, to int) {
	side := mask.TileSize >> k
	cells := v.cells[y/side*v.cols:][:v.cols]
	first, last := lo/side, min((hi+side-1)/side, v.cols)
	for first < last && cells[first] == nil {
		first++
	}
	for last > first && cells[last-1] == nil {
		last--
	}
	from, to = max(lo, first*side), min(hi, last*side)
	if from >= to {
		return from, from
	}
	clear(dst[lo:from])
	clear(dst[to:hi])
	for col := first; col < last; col++ {
		part := dst[max(lo, col*side):min(hi, (col+1)*side)]
		c := cells[col]
		if c == nil {
			clear(part)
			continue
		}
		at := y%side*side + max(lo-col*side, 0)
		copy(part, c.level(k)[at:])
	}
	return from, to
}

// bounding returns a rectangle of canvas pixels, whole tiles, that holds the mask.
func (v *maskView) bounding() image.Rectangle {
	var r image.Rectangle
	for i, c := range v.cells {
		if c != nil {
			at := image.Pt(i%v.cols*mask.TileSize, i/v.cols*mask.TileSize)
			r = r.Union(image.Rectangle{Min: at, Max: at.Add(image.Pt(c.w, c.h))})
		}
	}
	return r
}
