package document

import (
	"image"
	"slices"
	"sync/atomic"

	"overpaint/editor/mask"
	"overpaint/editor/picture"
)

// transparency is what was found of one state's pixels.
type transparency struct {
	// Nothing else decides how a canvas looks.
	base         *picture.Picture
	size, offset image.Point
	patches      []*Patch

	mask   *mask.Mask
	wholly bool
}

// lastTransparency keeps what was found last. States that came from one another
// share it, so that painting a mask does not make anybody look again at pixels
// that stayed as they were.
type lastTransparency struct{ atomic.Pointer[transparency] }

func (t *transparency) of(s *State) bool {
	return t.base == s.Base && t.size == s.Size && t.offset == s.Offset && slices.Equal(t.patches, s.Patches)
}

// Transparency returns the mask that covers what is transparent of the canvas,
// patches included; wholly reports that some pixel is so entirely. Each pixel is
// looked at, tenths of a second for a hundred megapixels, but only the first
// time for states that differ in nothing but the mask.
func (s *State) Transparency() (m *mask.Mask, wholly bool) {
	if s.last != nil {
		if t := s.last.Load(); t != nil && t.of(s) {
			return t.mask, t.wholly
		}
	}
	m = mask.FromTransparency(s.Flatten(), s.Size, image.Point{})
	wholly = full(m)
	if s.last != nil {
		s.last.Store(&transparency{s.Base, s.Size, s.Offset, slices.Clone(s.Patches), m, wholly})
	}
	return m, wholly
}

// full reports that some pixel is covered wholly.
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
