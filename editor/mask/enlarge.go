package mask

import (
	"encoding/binary"
	"image"
)

// between holds how the pixels of a tile lie between the middles of cells, of two or more
// pixels to a side.
type between struct {
	twice, shift uint64              // twice the side of a cell, and twice the binary logarithm of that
	cells        int                 // in a row of a tile, with those to the left and right of it
	bytes        [TileSize / 8]int64 // from the first cell of a tile to that left of each eight pixels
	order        [32]uint8           // the bytes, from there on, of the cells left of each of eight pixels, twice
	left, right  [TileSize]uint16    // the weights of the cells left and right of a pixel; their sum is twice
}

// newBetween returns it for cells of a side of k pixels.
func newBetween(k int) (b between) {
	b.twice, b.shift, b.cells = uint64(2*k), uint64(2*log2(2*k)), TileSize/k+2
	for x := range TileSize {
		at := x + k/2 // from the middle of the first cell
		b.right[x] = uint16(2*(at%k) + 1)
		b.left[x] = uint16(2*k) - b.right[x]
		if x%8 == 0 {
			b.bytes[x/8] = int64(at / k * 2)
		}
	}
	for i := range b.order {
		b.order[i] = uint8((i%16/2+k/2%8)/k*2 + i%2)
	}
	return b
}

// enlarge interpolates the pixels within s, the square of a tile, from the
// reduced plane, whose top-left pixel is origin.
func (g *gaussian) enlarge(s image.Rectangle, p cellPlane, origin image.Point) *Tile {
	if s.Empty() {
		return nil
	}
	k := g.scale
	// The first cells whose middles lie left of and above the tile's first pixel.
	cx, cy := (s.Min.X-origin.X)/k, (s.Min.Y-origin.Y)/k
	if k > 1 {
		cx, cy = cx-1, cy-1
	}
	cols, rows := TileSize/k+2, TileSize/k+2
	if t, plain := p.plain(cx, cy, min(cols, p.width-cx), min(rows, p.height-cy)); plain && s.Dx() == TileSize && s.Dy() == TileSize {
		return t
	}
	t := new(Tile)
	line := new(cellLine)
	bits := log2(2 * k)
	for y := range s.Dy() {
		to := (*[TileSize]uint8)(t[y*TileSize:])
		if k == 1 {
			narrow(to, p.row(cy + y)[cx:])
			clear(to[s.Dx():])
			continue
		}
		at := 2*y + 1 + k // half pixels from the middle of the row of cells above
		row, w := cy+at>>bits, at&(2*k-1)
		a, b := p.row(row)[cx:], p.row(row + 1)[cx:]
		if !g.between.fastRow(to, line, a, b, w) {
			g.between.row(to, line, a, b, w)
		}
		clear(to[s.Dx():])
	}
	return t
}

// narrow writes coverage, rounded, of cells that are pixels.
func narrow(to *[TileSize]uint8, from []uint16) {
	for x, v := range from[:TileSize] {
		to[x] = uint8((uint32(v) + 128) >> 8)
	}
}

// plain reports whether cells are all 0 or all at most, and the tile for it.
func (p *cellPlane) plain(x, y, width, height int) (*Tile, bool) {
	first := p.row(y)[x]
	if first != 0 && first != 255<<8 {
		return nil, false
	}
	for j := range height {
		for _, v := range p.row(y + j)[x:][:width] {
			if v != first {
				return nil, false
			}
		}
	}
	if first == 0 {
		return nil, true
	}
	return full, true
}

// cellLine has room for the cells of a row of a tile and two more, rounded up to eight,
// and for eight beyond.
type cellLine [TileSize/2 + 16]uint16

// row interpolates a row of pixels between rows of cells, a above and b below with the
// weight w. line is written over.
func (e *between) row(to *[TileSize]uint8, line *cellLine, a, b []uint16, w int) {
	k := int(e.twice / 2)
	wa, wb, round := uint32(e.twice)-uint32(w), uint32(w), uint32(1)<<(e.shift-1)
	a, b = a[:e.cells], b[:e.cells]
	for i := range a {
		line[i] = uint16((uint32(a[i])*wa + uint32(b[i])*wb + round) >> e.shift) // 16 bits less those of the weights
	}
	var wide [3 * TileSize]uint8
	e.widen(&wide, line[:e.cells])
	copy(to[:], wide[k/2:])
}

// widen interpolates between the middles of cells, whose values times 2k are
// coverage in 8.8 bits.
func (e *between) widen(to *[3 * TileSize]uint8, line []uint16) {
	const half = 0x0080008000800080
	k := int(e.twice / 2)
	if k == 2 {
		for i := range line[:len(line)-1] {
			a, b := uint32(line[i]), uint32(line[i+1])
			to[2*i], to[2*i+1] = uint8((3*a+b+128)>>8), uint8((a+3*b+128)>>8)
		}
		return
	}
	for j := 0; j < k; j += 4 {
		// The weights of four pixels in the 16-bit lanes of a word.
		var left, right uint64
		for i := range 4 {
			w := uint64(2*(j+i) + 1)
			right |= w << (16 * i)
			left |= (uint64(2*k) - w) << (16 * i)
		}
		for i, a := range line[:len(line)-1] {
			v := (uint64(a)*left + uint64(line[i+1])*right + half) >> 8 & lanes
			v = (v | v>>8) & 0x0000ffff0000ffff
			binary.LittleEndian.PutUint32(to[i*k+j:], uint32(v|v>>16))
		}
	}
}
