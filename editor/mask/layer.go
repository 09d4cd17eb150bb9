package mask

import "image"

// sheet is what dabs are laid on.
type sheet interface {
	// at returns the tile of a place to be read, nil if it is empty.
	at(col, row int) *Tile
	// tile returns the tile of a place to be written to.
	tile(col, row int) *Tile
	bounds() image.Rectangle
}

// layer holds the coverage of a stroke. Unlike an Editor it writes in place,
// and it can take back what was written since hold was called. It keeps the
// tiles it no longer needs for the next writes.
type layer struct {
	size    image.Point
	cols    int
	rows    [][]*Tile
	holding bool
	held    [][]bool // while holding: the tile's former state is in former; rows are nil before the first
	former  []formerTile
	free    []*Tile
}

type formerTile struct {
	col, row int
	tile     *Tile
}

func newLayer(size image.Point) *layer {
	return &layer{size: size, cols: tiles(size.X), rows: make([][]*Tile, tiles(size.Y)), held: make([][]bool, tiles(size.Y))}
}

func (l *layer) bounds() image.Rectangle { return image.Rectangle{Max: l.size} }

func (l *layer) at(col, row int) *Tile {
	if r := l.rows[row]; r != nil {
		return r[col]
	}
	return nil
}

func (l *layer) tile(col, row int) *Tile {
	if l.rows[row] == nil {
		l.rows[row], l.held[row] = make([]*Tile, l.cols), make([]bool, l.cols)
	}
	t := l.rows[row][col]
	if t != nil && (!l.holding || l.held[row][col]) {
		return t
	}
	fresh := l.fresh(t)
	if l.holding {
		l.former = append(l.former, formerTile{col, row, t})
		l.held[row][col] = true
	}
	l.rows[row][col] = fresh
	return fresh
}

// fresh returns a copy of a tile, empty for nil.
func (l *layer) fresh(of *Tile) *Tile {
	n := len(l.free)
	if n == 0 {
		t := new(Tile)
		if of != nil {
			*t = *of
		}
		return t
	}
	t := l.free[n-1]
	l.free = l.free[:n-1]
	if of == nil {
		of = &zeros
	}
	*t = *of
	return t
}

// zeros is a tile of zeros to be read.
var zeros Tile

// hold keeps the present state until drop or keep.
func (l *layer) hold() { l.holding = true }

// drop goes back to the state when hold was called.
func (l *layer) drop() {
	for _, f := range l.former {
		l.free = append(l.free, l.rows[f.row][f.col])
		l.rows[f.row][f.col] = f.tile
	}
	l.release()
}

// keep makes what was written since hold stay.
func (l *layer) keep() {
	for _, f := range l.former {
		if f.tile != nil {
			l.free = append(l.free, f.tile)
		}
	}
	l.release()
}

func (l *layer) release() {
	for _, f := range l.former {
		l.held[f.row][f.col] = false
	}
	l.former, l.holding = l.former[:0], false
}
