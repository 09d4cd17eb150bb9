// Package mask holds the mask: which pixels of the canvas are to be edited,
// as 8-bit coverage (0 keep, 255 edit).
//
// Coverage is kept in tiles of 64x64 that are never changed once a Mask holds
// them: a change copies the tiles that it touches (Editor) and publishes a new
// Mask that shares all others. A Mask may therefore be read on any number of
// goroutines without locks, and an undo step costs only the tiles it touched.
//
// The tiles hang in a table of rows, and rows are shared between masks as tiles
// are: publishing a change to a mask of 100 megapixels copies one header per
// row of tiles and the touched rows' pointers, a few kilobytes.
//
// Positions are in canvas pixels; pixel (i, j) covers the square from (i, j) to
// (i+1, j+1). Coverage counts as geometry: 128 is half a pixel.
//
// Two ways of putting coverage together are used. Regions (shapes, the wand,
// whole masks) are joined as sets: the greater of two, what is left after
// taking one away, the lesser of two; taking a region away from itself leaves
// nothing. Paint (strokes) lies over what is there: coverage a under paint b
// becomes a + b - ab, erased a - ab, as paint of opacity b does.
package mask

import (
	"image"

	"overpaint.dev/overpaint/editor/parallel"
)

// TileSize is the side of a tile in pixels.
const TileSize = 64

// Tile is one square of coverage, row by row. Tiles that stick out over the
// right or bottom edge of the mask hold zeros there.
type Tile [TileSize * TileSize]uint8

// full is the tile of 255 that all masks share. Published tiles that are all
// 255 are always this one, so that a comparison of pointers finds them.
var full = func() *Tile {
	t := new(Tile)
	for i := range t {
		t[i] = 255
	}
	return t
}()

// canonical returns nil for a tile of zeros, full for one of 255, otherwise t.
func canonical(t *Tile) *Tile {
	switch {
	case t == nil || t == full:
		return t
	case t[0] == 0 && *t == Tile{}:
		return nil
	case t[0] == 255 && *t == *full:
		return full
	}
	return t
}

// Mask is an immutable plane of coverage of a fixed size, its top-left pixel
// at (0, 0). The zero value is a mask of no pixels.
type Mask struct {
	size image.Point
	cols int
	rows [][]*Tile // a nil row is a row of nil tiles, a nil tile is one of zeros
}

// New returns an empty mask of width x height pixels.
func New(width, height int) *Mask { return newMask(image.Pt(max(width, 0), max(height, 0))) }

func newMask(size image.Point) *Mask {
	return &Mask{size: size, cols: tiles(size.X), rows: make([][]*Tile, tiles(size.Y))}
}

// tiles returns how many tiles it takes to hold n pixels.
func tiles(n int) int { return (n + TileSize - 1) / TileSize }

// Size returns the mask's width and height in pixels.
func (m *Mask) Size() image.Point { return m.size }

// Bounds returns the mask's rectangle, from (0, 0) to Size.
func (m *Mask) Bounds() image.Rectangle { return image.Rectangle{Max: m.size} }

// Grid returns how many columns and rows of tiles there are.
func (m *Mask) Grid() (cols, rows int) { return m.cols, len(m.rows) }

// Tile returns the tile at a column and row of the grid, nil where all of its
// coverage is zero. It must not be written to.
func (m *Mask) Tile(col, row int) *Tile {
	if r := m.rows[row]; r != nil {
		return r[col]
	}
	return nil
}

// At returns the coverage of one pixel, 0 outside the mask.
func (m *Mask) At(x, y int) uint8 {
	if x < 0 || y < 0 || x >= m.size.X || y >= m.size.Y {
		return 0
	}
	t := m.Tile(x/TileSize, y/TileSize)
	if t == nil {
		return 0
	}
	return t[y%TileSize*TileSize+x%TileSize]
}

// Empty reports whether no pixel is covered.
func (m *Mask) Empty() bool {
	for _, row := range m.rows {
		for _, t := range row {
			if t != nil {
				return false
			}
		}
	}
	return true
}

// square returns the pixels of a tile, cut at the mask's edges.
func (m *Mask) square(col, row int) image.Rectangle {
	return square(col, row).Intersect(m.Bounds())
}

// square returns the pixels of the tile at a column and row.
func square(col, row int) image.Rectangle {
	return image.Rect(col*TileSize, row*TileSize, (col+1)*TileSize, (row+1)*TileSize)
}

// grid returns the columns and rows of tiles that hold any pixel of r.
func grid(r image.Rectangle) image.Rectangle {
	if r.Empty() {
		return image.Rectangle{}
	}
	return image.Rect(r.Min.X/TileSize, r.Min.Y/TileSize, tiles(r.Max.X), tiles(r.Max.Y))
}

// build makes a mask of a size that is empty outside the rectangle within, one
// row of tiles a call, in parallel. row fills in the tiles, which all start as
// nil, of row r; what of a tile lies outside the mask must be zero.
func build(size image.Point, within image.Rectangle, row func(r int, tiles []*Tile)) *Mask {
	m := newMask(size)
	g := grid(within.Intersect(m.Bounds()))
	parallel.All(g.Dy(), 1, func(i, _ int) {
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
