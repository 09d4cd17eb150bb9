package mask

import "image"

// Editor changes a mask copy-on-write: it starts as a Mask and writes into
// tiles of its own. It is for one goroutine at a time; the masks that it
// publishes are for any.
type Editor struct {
	size       image.Point
	cols, rows int
	tiles      []*Tile
	owned      []bool // the tile is ours alone and may be written to
	dirty      image.Rectangle
}

// Edit returns an editor that starts as m. m itself never changes.
func (m *Mask) Edit() *Editor {
	return &Editor{
		size: m.size, cols: m.cols, rows: m.rows,
		tiles: append([]*Tile(nil), m.tiles...), owned: make([]bool, len(m.tiles)),
	}
}

// Writable returns the tile at a column and row to be written to, and counts
// its whole square as changed.
func (e *Editor) Writable(col, row int) *Tile {
	i := row*e.cols + col
	if !e.owned[i] {
		fresh := new(Tile)
		if old := e.tiles[i]; old != nil {
			*fresh = *old
		}
		e.tiles[i], e.owned[i] = fresh, true
	}
	square := image.Rect(col*TileSize, row*TileSize, (col+1)*TileSize, (row+1)*TileSize)
	e.dirty = e.dirty.Union(square.Intersect(image.Rectangle{Max: e.size}))
	return e.tiles[i]
}

// Dirty returns the smallest rectangle that holds all that was changed since
// the editor was made or Dirty was last reset by Mask.
func (e *Editor) Dirty() image.Rectangle { return e.dirty }

// Mask publishes the editor's present state. Tiles that have become all zero
// are dropped. The editor can go on: its next writes copy again.
func (e *Editor) Mask() *Mask {
	for i, own := range e.owned {
		if own {
			if *e.tiles[i] == (Tile{}) {
				e.tiles[i] = nil
			}
			e.owned[i] = false
		}
	}
	e.dirty = image.Rectangle{}
	return &Mask{size: e.size, cols: e.cols, rows: e.rows, tiles: append([]*Tile(nil), e.tiles...)}
}
