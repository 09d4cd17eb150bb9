package document

import (
	"image"
	"slices"
	"sync/atomic"

	"overpaint.dev/overpaint/editor/mask"
)

// transparency is the transparency of one state.
type transparency struct {
	of     *State
	mask   *mask.Mask
	wholly bool
}

// lastTransparency caches the transparency that was computed last. States derived from one
// another share it, so that only pixels that have changed are read again.
type lastTransparency struct{ atomic.Pointer[transparency] }

// Transparency returns the mask of the transparent pixels of the canvas, results included;
// wholly reports whether any pixel is fully transparent. The first call reads each pixel,
// which takes tenths of a second for a hundred megapixels, later ones only tiles that may look
// different.
func (s *State) Transparency() (m *mask.Mask, wholly bool) {
	var before *transparency
	if s.last != nil {
		before = s.last.Load()
	}
	switch {
	case before == nil || before.of.Base != s.Base || before.of.Size != s.Size || before.of.Offset != s.Offset:
		m = mask.FromTransparency(s.Flatten(), s.Size, image.Point{})
	case slices.Equal(before.of.Results, s.Results):
		return before.mask, before.wholly
	default:
		m = s.transparencyAfter(before)
	}
	wholly = before != nil && m == before.mask && before.wholly || full(m)
	if s.last != nil {
		s.last.Store(&transparency{s, m, wholly})
	}
	return m, wholly
}

// transparencyAfter returns the mask, updated in the tiles that may look different.
func (s *State) transparencyAfter(before *transparency) *mask.Mask {
	f, e := s.Flattener(), before.mask.Edit()
	g := blocks(s.Difference(before.of), image.Point{}, mask.TileSize)
	for row := g.Min.Y; row < g.Max.Y; row++ {
		for col := g.Min.X; col < g.Max.X; col++ {
			square := tileSquare(col, row).Intersect(s.Bounds())
			if s.Same(before.of, square) {
				continue
			}
			img := f.Pixels(square)
			a := image.NewAlpha(square)
			for y := square.Min.Y; y < square.Max.Y; y++ {
				pix := img.Pix[img.PixOffset(square.Min.X, y):]
				for x := range square.Dx() {
					a.Pix[a.PixOffset(square.Min.X+x, y)] = 255 - pix[4*x+3]
				}
			}
			write(e, before.mask, a)
		}
	}
	return e.Mask()
}

// full reports whether any pixel is fully covered.
func full(m *mask.Mask) bool {
	cols, rows := m.Grid()
	for row := range rows {
		for col := range cols {
			if t := m.Tile(col, row); t != nil && slices.Contains(t[:], 255) {
				return true
			}
		}
	}
	return false
}
