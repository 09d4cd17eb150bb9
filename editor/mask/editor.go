package mask

import (
	"image"
	"slices"
)

// Editor changes a mask copy-on-write: it starts as a Mask and writes into
// tiles of its own. It is for one goroutine at a time; the masks that it
// publishes are for any.
type Editor struct {
	from  *Mask     // what was edited or last published
	rows  [][]*Tile // the present state; row r is shared with from while own[r] is nil
	own   [][]bool  // own[r][c]: the tile is ours alone and may be written to
	dirty image.Rectangle
}

// Edit returns an editor that starts as m. m itself never changes.
func (m *Mask) Edit() *Editor {
	return &Editor{from: m, rows: slices.Clone(m.rows), own: make([][]bool, len(m.rows))}
}

// Writable returns the tile at a column and row to be written to, and counts
// its whole square as changed. What of it lies outside the mask must stay zero.
func (e *Editor) Writable(col, row int) *Tile {
	e.mark(e.from.square(col, row))
	return e.tile(col, row)
}

// mark counts a rectangle of pixels as changed.
func (e *Editor) mark(r image.Rectangle) { e.dirty = e.dirty.Union(r) }

// ownRow makes a row of the table ours.
func (e *Editor) ownRow(row int) {
	if e.own[row] != nil {
		return
	}
	fresh := make([]*Tile, e.from.cols)
	copy(fresh, e.rows[row])
	e.rows[row], e.own[row] = fresh, make([]bool, e.from.cols)
}

// tile returns a tile to be written to.
func (e *Editor) tile(col, row int) *Tile {
	e.ownRow(row)
	if !e.own[row][col] {
		fresh := new(Tile)
		if old := e.rows[row][col]; old != nil {
			*fresh = *old
		}
		e.rows[row][col], e.own[row][col] = fresh, true
	}
	return e.rows[row][col]
}

// set puts a shared tile, which may be nil, in a place.
func (e *Editor) set(col, row int, t *Tile) {
	e.ownRow(row)
	e.rows[row][col], e.own[row][col] = t, false
}

// at returns the present tile of a place, to be read.
func (e *Editor) at(col, row int) *Tile {
	if r := e.rows[row]; r != nil {
		return r[col]
	}
	return nil
}

func (e *Editor) bounds() image.Rectangle { return e.from.Bounds() }

// Dirty returns a rectangle of pixels that holds all that was changed since the
// editor was made, or since Mask was called last.
func (e *Editor) Dirty() image.Rectangle { return e.dirty }

// Mask publishes the editor's present state. Tiles that have become all zero
// are dropped. The editor can go on: its next writes copy again.
func (e *Editor) Mask() *Mask {
	changed := false
	for r, own := range e.own {
		if own == nil {
			continue
		}
		for c, mine := range own {
			if mine {
				e.rows[r][c] = canonical(e.rows[r][c])
			}
		}
		e.own[r], changed = nil, true
	}
	e.dirty = image.Rectangle{}
	if changed {
		e.from = &Mask{size: e.from.size, cols: e.from.cols, rows: slices.Clone(e.rows)}
	}
	return e.from
}
