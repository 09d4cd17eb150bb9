package document

import (
	"image"
	"slices"

	"overpaint.dev/overpaint/editor/mask"
)

// mixOf returns the mask by which variant i was mixed in, nil for none.
func (r *Result) mixOf(i int) *mask.Mask {
	if i < len(r.Mix) {
		return r.Mix[i]
	}
	return nil
}

// wins returns the coverage of variant i in the mix: its mask or, for the chosen one, what the
// others leave.
func (r *Result) wins(i int) *mask.Mask {
	size := r.Mask.Size()
	if i != r.Chosen {
		if m := r.mixOf(i); m != nil {
			return m
		}
		return mask.New(size.X, size.Y)
	}
	rest := mask.All(size)
	for j, m := range r.Mix {
		if j != i && m != nil {
			rest = mask.Subtract(rest, m)
		}
	}
	return rest
}

// mixed returns the mix of a result after m became the coverage of variant i; nil where
// nothing changes.
func mixed(r *Result, i int, m *mask.Mask) []*mask.Mask {
	before := r.wins(i)
	mix := make([]*mask.Mask, max(len(r.Mix), i+1))
	copy(mix, r.Mix)
	changed := false
	if i != r.Chosen && !m.Equal(before) {
		mix[i], changed = m, true
	}
	for j, other := range mix {
		if j == i || other == nil {
			continue
		}
		if mix[j] = cutDown(other, before, m); mix[j] != other {
			changed = true
		}
	}
	if !changed {
		return nil
	}
	for j, m := range mix {
		if m != nil && m.Empty() {
			mix[j] = nil
		}
	}
	return mix
}

// cutDown returns other reduced where before grew to after: the share that after leaves of
// what before left. Where it didn't grow, other stays. Rounding down keeps the sum of all at
// 255 or below.
func cutDown(other, before, after *mask.Mask) *mask.Mask {
	e := other.Edit()
	changed := false
	eachChanged(before, after, func(square image.Rectangle) {
		col, row := square.Min.X/mask.TileSize, square.Min.Y/mask.TileSize
		if other.Tile(col, row) == nil {
			return
		}
		was, is := before.Alpha(tileSquare(col, row)).Pix, after.Alpha(tileSquare(col, row)).Pix
		var to *mask.Tile
		for i, v := range other.Tile(col, row) {
			if v == 0 || is[i] <= was[i] {
				continue
			}
			if to == nil {
				to = e.Writable(col, row)
				changed = true
			}
			to[i] = uint8(int(v) * (255 - int(is[i])) / (255 - int(was[i])))
		}
	})
	if !changed {
		return other
	}
	return e.Mask()
}

func tileSquare(col, row int) image.Rectangle {
	const side = mask.TileSize
	return image.Rect(col*side, row*side, (col+1)*side, (row+1)*side)
}

// share is the share of one variant in a mix.
type share struct {
	index int
	part  *image.Alpha // nil: all
}

// shares returns the shares, within r, of the variants that have any there; at each pixel they
// add up to 255.
func (r *Result) shares(rect image.Rectangle) []share {
	if !r.mixes(rect) {
		return []share{{index: r.Chosen}}
	}
	rest := image.NewAlpha(rect)
	for i := range rest.Pix {
		rest.Pix[i] = 255
	}
	var list []share
	for i, m := range r.Mix {
		if i == r.Chosen || !anyTile(m, rect) {
			continue
		}
		part := m.Alpha(rect)
		for k, v := range part.Pix {
			part.Pix[k] = min(v, rest.Pix[k])
			rest.Pix[k] -= part.Pix[k]
		}
		list = append(list, share{i, part})
	}
	if slices.ContainsFunc(rest.Pix, func(v uint8) bool { return v > 0 }) {
		list = append(list, share{r.Chosen, rest})
	}
	return list
}

// mixes reports whether more than the chosen variant may show within r.
func (r *Result) mixes(rect image.Rectangle) bool {
	for i, m := range r.Mix {
		if i != r.Chosen && anyTile(m, rect) {
			return true
		}
	}
	return false
}
