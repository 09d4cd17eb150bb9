package mask

import "image"

// Union returns what a or b covers: the greater coverage of each pixel. Masks
// of different sizes are taken as lying at the same top-left pixel; the result
// has a's size.
func Union(a, b *Mask) *Mask {
	return combine(a, b, func(x, y *Tile) *Tile {
		switch {
		case y == nil || x == full || x == y:
			return x
		case x == nil || y == full:
			return y
		}
		t := *x
		raise(t[:], y[:])
		return &t
	})
}

// Subtract returns what of a is left without b: the coverage of a less that of
// b. A mask less itself is empty. Sizes are treated as by Union.
func Subtract(a, b *Mask) *Mask {
	return combine(a, b, func(x, y *Tile) *Tile {
		switch {
		case x == nil || y == nil:
			return x
		case y == full || x == y:
			return nil
		}
		t := *x
		subtractBytes(t[:], y[:])
		return &t
	})
}

// Intersect returns what both a and b cover: the lesser coverage of each pixel.
// Sizes are treated as by Union; what b doesn't reach is not covered.
func Intersect(a, b *Mask) *Mask {
	return combine(a, b, func(x, y *Tile) *Tile {
		switch {
		case x == nil || y == nil:
			return nil
		case y == full || x == y:
			return x
		case x == full:
			return y
		}
		t := *x
		lower(t[:], y[:])
		return &t
	})
}

// combine puts two masks together tile by tile. Where the second is nil, op
// must return either its first argument, always, or nil, always. Rows in which
// nothing changes are shared.
func combine(a, b *Mask, op func(x, y *Tile) *Tile) *Mask {
	if b.size != a.size {
		b = b.Resized(a.size, image.Point{})
	}
	m := newMask(a.size)
	keep := op(full, nil) == full
	for r := range m.rows {
		switch {
		case b.rows[r] != nil:
			m.rows[r] = combineRow(a, b, r, op)
		case keep:
			m.rows[r] = a.rows[r]
		}
	}
	return m
}

func combineRow(a, b *Mask, r int, op func(x, y *Tile) *Tile) []*Tile {
	var fresh []*Tile
	some := false
	for c := range a.cols {
		old := a.Tile(c, r)
		t := op(old, b.Tile(c, r))
		if t != old {
			t = canonical(t)
			if fresh == nil {
				fresh = make([]*Tile, a.cols)
				copy(fresh, a.rows[r])
			}
			fresh[c] = t
		}
		some = some || t != nil
	}
	switch {
	case !some:
		return nil
	case fresh == nil:
		return a.rows[r]
	}
	return fresh
}

// All returns a mask of a size that covers every pixel.
func All(size image.Point) *Mask { return New(size.X, size.Y).Invert() }

// Invert returns the mask that covers what m leaves: 255 less the coverage.
func (m *Mask) Invert() *Mask {
	return build(m.size, m.Bounds(), func(r int, row []*Tile) {
		for c := range row {
			row[c] = m.inverted(c, r)
		}
	})
}

func (m *Mask) inverted(col, row int) *Tile {
	t, inside := m.Tile(col, row), m.square(col, row)
	whole := inside == square(col, row)
	switch {
	case t == full:
		return nil
	case t == nil && whole:
		return full
	}
	fresh := new(Tile)
	if t != nil {
		*fresh = *t
	}
	for y := range inside.Dy() {
		line := fresh[y*TileSize:][:inside.Dx()]
		for x, v := range line {
			line[x] = 255 - v
		}
	}
	return fresh
}
