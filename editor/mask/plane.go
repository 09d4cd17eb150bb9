package mask

import (
	"bytes"
	"image"
	"math/bits"
)

// Bounding returns the smallest rectangle that holds every pixel with any
// coverage, empty if there is none.
func (m *Mask) Bounding() image.Rectangle {
	var box image.Rectangle
	for r, row := range m.rows {
		for c, t := range row {
			if t == nil || m.square(c, r).In(box) {
				continue
			}
			box = box.Union(tileBox(t).Add(square(c, r).Min))
		}
	}
	return box
}

// tileBox returns the smallest rectangle of a tile's pixels with coverage.
func tileBox(t *Tile) image.Rectangle {
	var box image.Rectangle
	for y := range TileSize {
		line := t[y*TileSize:][:TileSize]
		right := len(bytes.TrimRight(line, "\x00"))
		if right == 0 {
			continue
		}
		left := TileSize - len(bytes.TrimLeft(line, "\x00"))
		box = box.Union(image.Rect(left, y, right, y+1))
	}
	return box
}

// Area returns the covered area in pixels: the sum of coverage / 255.
func (m *Mask) Area() float64 {
	var sum uint64
	for _, row := range m.rows {
		for _, t := range row {
			switch t {
			case nil:
			case full:
				sum += TileSize * TileSize * 255
			default:
				for _, v := range t {
					sum += uint64(v)
				}
			}
		}
	}
	return float64(sum) / 255
}

// Equal reports whether both masks have the same size and coverage.
func (m *Mask) Equal(o *Mask) bool {
	return m.size == o.size && Diff(m, o).Empty()
}

// Diff returns the smallest rectangle of whole tiles, cut at the mask's edges,
// that holds all pixels in which two masks of the same size differ. It is quick
// where they share tiles.
func Diff(a, b *Mask) image.Rectangle {
	var box image.Rectangle
	for r := range a.rows {
		if len(a.rows[r]) > 0 && len(b.rows[r]) > 0 && &a.rows[r][0] == &b.rows[r][0] {
			continue
		}
		for c := range a.cols {
			x, y := a.Tile(c, r), b.Tile(c, r)
			if x != y && (x == nil || y == nil || *x != *y) {
				box = box.Union(a.square(c, r))
			}
		}
	}
	return box
}

// Alpha returns a copy of the coverage within r, which may reach over the
// mask's edges; out there it is zero.
func (m *Mask) Alpha(r image.Rectangle) *image.Alpha {
	a := image.NewAlpha(r)
	m.read(a.Pix, a.Stride, r)
	return a
}

// read copies the coverage within r to dst, whose rows are stride apart. What
// of r lies outside the mask is left as it is, as is where coverage is zero:
// dst must start as zeros.
func (m *Mask) read(dst []uint8, stride int, r image.Rectangle) {
	in := r.Intersect(m.Bounds())
	g := grid(in)
	for row := g.Min.Y; row < g.Max.Y; row++ {
		for col := g.Min.X; col < g.Max.X; col++ {
			t := m.Tile(col, row)
			if t == nil {
				continue
			}
			s := square(col, row).Intersect(in)
			for y := s.Min.Y; y < s.Max.Y; y++ {
				to := dst[(y-r.Min.Y)*stride+s.Min.X-r.Min.X:]
				copy(to[:s.Dx()], t[y%TileSize*TileSize+s.Min.X%TileSize:])
			}
		}
	}
}

// FromAlpha returns a mask of a size with the coverage that a has; a's
// rectangle is in canvas pixels, and what of it lies outside is dropped.
func FromAlpha(a *image.Alpha, size image.Point) *Mask {
	return build(size, a.Rect, func(r int, row []*Tile) {
		g := grid(a.Rect.Intersect(image.Rectangle{Max: size}))
		for c := g.Min.X; c < g.Max.X; c++ {
			s := square(c, r).Intersect(a.Rect).Intersect(image.Rectangle{Max: size})
			t := new(Tile)
			for y := s.Min.Y; y < s.Max.Y; y++ {
				copy(t[y%TileSize*TileSize+s.Min.X%TileSize:][:s.Dx()], a.Pix[a.PixOffset(s.Min.X, y):])
			}
			row[c] = t
		}
	})
}

// Resized returns the mask on a canvas of another size, moved by offset: what
// was at (0, 0) is at offset. What falls outside is cut off, what is new is not
// covered.
func (m *Mask) Resized(size, offset image.Point) *Mask {
	if size == m.size && offset == (image.Point{}) {
		return m
	}
	return build(size, image.Rectangle{Max: size}, func(r int, row []*Tile) {
		for c := range row {
			s := square(c, r).Intersect(image.Rectangle{Max: size})
			if from := s.Sub(offset); m.touches(from) {
				t := new(Tile)
				m.read(t[:], TileSize, from)
				row[c] = t
			}
		}
	})
}

// touches reports whether any tile with coverage has pixels within r.
func (m *Mask) touches(r image.Rectangle) bool {
	g := grid(r.Intersect(m.Bounds()))
	for row := g.Min.Y; row < g.Max.Y; row++ {
		for col := g.Min.X; col < g.Max.X; col++ {
			if m.Tile(col, row) != nil {
				return true
			}
		}
	}
	return false
}

// covers reports whether all tiles with pixels within r, which must lie in the
// mask, are full.
func (m *Mask) covers(r image.Rectangle) bool {
	g := grid(r)
	for row := g.Min.Y; row < g.Max.Y; row++ {
		for col := g.Min.X; col < g.Max.X; col++ {
			if m.Tile(col, row) != full {
				return false
			}
		}
	}
	return true
}

// FromTransparency returns the mask of a canvas of a size that covers what is
// transparent there, with the picture's top-left pixel at offset: 255 less
// the picture's alpha, and all that the picture doesn't reach.
func FromTransparency(img *image.NRGBA, size, offset image.Point) *Mask {
	at := img.Rect.Add(offset.Sub(img.Rect.Min))
	return build(size, image.Rectangle{Max: size}, func(r int, row []*Tile) {
		for c := range row {
			s := square(c, r).Intersect(image.Rectangle{Max: size})
			t := new(Tile)
			for y := s.Min.Y; y < s.Max.Y; y++ {
				line := t[y%TileSize*TileSize:][:s.Dx()]
				for x := range line {
					line[x] = 255
				}
				in := image.Rect(s.Min.X, y, s.Max.X, y+1).Intersect(at)
				if in.Empty() {
					continue
				}
				pix := img.Pix[img.PixOffset(in.Min.X-at.Min.X+img.Rect.Min.X, y-at.Min.Y+img.Rect.Min.Y):]
				line = line[in.Min.X-s.Min.X:][:in.Dx()]
				for x := range line {
					line[x] = 255 - pix[4*x+3]
				}
			}
			row[c] = t
		}
	})
}

// log2 returns the exponent of the greatest power of two up to n >= 1.
func log2(n int) int { return bits.Len(uint(n)) - 1 }
