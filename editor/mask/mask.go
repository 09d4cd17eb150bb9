// Package mask holds the mask: which pixels of the canvas are to be edited,
// as 8-bit coverage (0 keep, 255 edit).
//
// Coverage is kept in tiles of 64x64 that are never changed once a Mask holds
// them: a change copies the tiles that it touches (Editor) and publishes a new
// Mask that shares all others. A Mask may therefore be read on any number of
// goroutines without locks, and an undo step costs only the tiles it touched.
package mask

import "image"

// TileSize is the side of a tile in pixels.
const TileSize = 64

// Tile is one square of coverage, row by row. Tiles that stick out over the
// right or bottom edge of the mask hold zeros there.
type Tile [TileSize * TileSize]uint8

// Mask is an immutable plane of coverage of a fixed size, its top-left pixel
// at (0, 0). The zero value is a mask of no pixels.
type Mask struct {
	size       image.Point
	cols, rows int
	tiles      []*Tile // row by row; nil is a tile of zeros
}

// New returns an empty mask of width x height pixels.
func New(width, height int) *Mask {
	cols, rows := (width+TileSize-1)/TileSize, (height+TileSize-1)/TileSize
	return &Mask{size: image.Pt(width, height), cols: cols, rows: rows, tiles: make([]*Tile, cols*rows)}
}

// Size returns the mask's width and height in pixels.
func (m *Mask) Size() image.Point { return m.size }

// Bounds returns the mask's rectangle, from (0, 0) to Size.
func (m *Mask) Bounds() image.Rectangle { return image.Rectangle{Max: m.size} }

// Grid returns how many columns and rows of tiles there are.
func (m *Mask) Grid() (cols, rows int) { return m.cols, m.rows }

// Tile returns the tile at a column and row of the grid, nil where all of its
// coverage is zero. It must not be written to.
func (m *Mask) Tile(col, row int) *Tile { return m.tiles[row*m.cols+col] }

// At returns the coverage of one pixel, 0 outside the mask.
func (m *Mask) At(x, y int) uint8 {
	if x < 0 || y < 0 || x >= m.size.X || y >= m.size.Y {
		return 0
	}
	t := m.tiles[y/TileSize*m.cols+x/TileSize]
	if t == nil {
		return 0
	}
	return t[y%TileSize*TileSize+x%TileSize]
}

// Empty reports whether no pixel is covered.
func (m *Mask) Empty() bool {
	for _, t := range m.tiles {
		if t != nil {
			return false
		}
	}
	return true
}
