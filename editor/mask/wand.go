package mask

import (
	"encoding/binary"
	"image"
	"math/bits"

	"overpaint/editor/parallel"
)

// WandOptions say what a magic wand takes.
type WandOptions struct {
	// Tolerance is by how much, 0 to 255, any of red, green, blue and alpha may
	// differ from the pixel that was pointed at.
	Tolerance int
	// Contiguous takes only what hangs together with that pixel; otherwise the
	// whole picture is searched.
	Contiguous bool
}

// Wand returns the mask of a canvas of a size that covers what looks like the
// pixel at a position: every colour within the tolerance and, if contiguous,
// joined to the pixel through sides (four neighbours; corners don't join).
// Outside the canvas it returns an empty mask. Colours are compared without
// their alpha; those of invisible pixels count as any.
//
// Edges are antialiased after the picture's own: a pixel beside what was taken
// that is itself a mixture of what lies on its two sides is covered as much as
// it looks like the near one. Edges that are sharp in the picture stay sharp.
//
// pixels gives the flattened picture within a rectangle of the canvas, as a
// copy or a read-only view; it is called for bands of rows, from several
// goroutines at once.
func Wand(size image.Point, pixels func(image.Rectangle) *image.NRGBA, at image.Point, o WandOptions) *Mask {
	canvas := image.Rectangle{Max: size}
	if !at.In(canvas) {
		return newMask(size)
	}
	seed := pixels(image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))}).NRGBAAt(at.X, at.Y)
	w := &wand{size: size, pixels: pixels, match: newMatch([4]uint8{seed.R, seed.G, seed.B, seed.A}, o.Tolerance)}
	w.words = tiles(size.X)
	w.taken = make([]uint64, w.words*size.Y)
	parallel.All(tiles(size.Y), 1, func(r, _ int) { w.compare(r) })
	if o.Contiguous {
		w.taken = w.joined(at)
	}
	return build(size, canvas, w.cover)
}

type wand struct {
	size   image.Point
	pixels func(image.Rectangle) *image.NRGBA
	match  match
	words  int      // in a row of a plane of bits: one for each tile
	taken  []uint64 // the plane of bits, row by row
}

// row returns a row of a plane of bits.
func (w *wand) row(plane []uint64, y int) []uint64 { return plane[y*w.words:][:w.words] }

// compare finds the pixels within the tolerance in one row of tiles.
func (w *wand) compare(r int) {
	band := image.Rect(0, r*TileSize, w.size.X, (r+1)*TileSize).Intersect(image.Rectangle{Max: w.size})
	img := w.pixels(band)
	for y := band.Min.Y; y < band.Max.Y; y++ {
		pix := img.Pix[img.PixOffset(0, y):][:4*w.size.X]
		to := w.row(w.taken, y)
		for i := range to {
			n := min(64, w.size.X-64*i)
			to[i] = w.match.word(pix[256*i:][:4*n])
		}
	}
}

// Channels are compared in the 16-bit lanes of a word.
const (
	lanes = 0x00ff00ff00ff00ff // the channels, every second byte of a pixel
	carry = 0x0100010001000100 // the bit above each of them
)

// match tells which colours are within the tolerance.
type match struct {
	seed      [4]uint8
	tolerance int
	// The least and the greatest value of each channel, for two pixels in a
	// word, the even bytes (red, blue) and the odd ones (green, alpha).
	lowEven, lowOdd, highEven, highOdd uint64
}

func newMatch(seed [4]uint8, tolerance int) match {
	m := match{seed: seed, tolerance: min(max(tolerance, 0), 255)}
	var low, high [8]uint8
	for i := range low {
		v := int(seed[i%4])
		low[i], high[i] = uint8(max(v-m.tolerance, 0)), uint8(min(v+m.tolerance, 255))
		if seed[3] == 0 && i%4 != 3 {
			low[i], high[i] = 0, 255
		}
	}
	l, h := binary.LittleEndian.Uint64(low[:]), binary.LittleEndian.Uint64(high[:])
	m.lowEven, m.lowOdd = l&lanes, l>>8&lanes
	m.highEven, m.highOdd = h&lanes|carry, h>>8&lanes|carry
	return m
}

// word compares up to 64 pixels and sets a bit for each that is within the
// tolerance, the lowest for the first.
func (m *match) word(pix []uint8) uint64 {
	lowEven, lowOdd, highEven, highOdd := m.lowEven, m.lowOdd, m.highEven, m.highOdd
	// One bit of each half for two pixels, the first pixels' the highest.
	var halves uint64
	count := len(pix) / 8
	for ; len(pix) >= 8; pix = pix[8:] {
		v := binary.LittleEndian.Uint64(pix)
		even, odd := v&lanes, v>>8&lanes
		in := ((even | carry) - lowEven) & (highEven - even) & ((odd | carry) - lowOdd) & (highOdd - odd)
		in &= in >> 16 // of each pixel's two lanes: bits 8 and 40
		halves = halves<<1 | in>>8&(1<<32|1)
	}
	halves <<= 32 - count
	out := apart(bits.Reverse32(uint32(halves))) | apart(bits.Reverse32(uint32(halves>>32)))<<1
	if len(pix) == 4 && m.difference(pix) <= m.tolerance {
		out |= 1 << (2 * count)
	}
	return out
}

// apart moves the bits of v to every second place.
func apart(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f0f0f0f0f
	x = (x | x<<2) & 0x3333333333333333
	return (x | x<<1) & 0x5555555555555555
}

// difference returns the greatest difference of any channel of a pixel.
func (m *match) difference(p []uint8) int {
	d := abs(int(p[3]) - int(m.seed[3]))
	if m.seed[3] == 0 {
		return d
	}
	for i, v := range m.seed[:3] {
		d = max(d, abs(int(p[i])-int(v)))
	}
	return d
}

func abs(v int) int { return max(v, -v) }

// joined returns those of the taken pixels that hang together with the one at a
// position, which is one of them. It takes them out of taken: a scan line flood
// (Smith: Tint Fill, 1979) with runs of bits for lines.
func (w *wand) joined(at image.Point) []uint64 {
	type span struct{ y, x0, x1 int32 }
	found := make([]uint64, len(w.taken))
	todo := []span{{int32(at.Y), int32(at.X), int32(at.X) + 1}}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		left, to := w.row(w.taken, int(s.y)), w.row(found, int(s.y))
		for x := nextBit(left, int(s.x0)); x < int(s.x1); x = nextBit(left, x) {
			start, end := runStart(left, x), runEnd(left, x)
			moveBits(to, left, start, end)
			if s.y > 0 {
				todo = append(todo, span{s.y - 1, int32(start), int32(end)})
			}
			if int(s.y) < w.size.Y-1 {
				todo = append(todo, span{s.y + 1, int32(start), int32(end)})
			}
			x = end
		}
	}
	return found
}

// nextBit returns the first set bit at x or after it, or the number of bits.
func nextBit(row []uint64, x int) int {
	i := x / 64
	if i >= len(row) {
		return len(row) * 64
	}
	for v := row[i] >> (x % 64) << (x % 64); ; v = row[i] {
		if v != 0 {
			return i*64 + bits.TrailingZeros64(v)
		}
		if i++; i == len(row) {
			return len(row) * 64
		}
	}
}

// runEnd returns the first clear bit after x.
func runEnd(row []uint64, x int) int {
	i := x / 64
	for v := ^row[i] >> (x % 64) << (x % 64); ; v = ^row[i] {
		if v != 0 {
			return i*64 + bits.TrailingZeros64(v)
		}
		if i++; i == len(row) {
			return len(row) * 64
		}
	}
}

// runStart returns the first of the set bits that end at x.
func runStart(row []uint64, x int) int {
	i := x / 64
	for v := ^row[i] << (63 - x%64) >> (63 - x%64); ; v = ^row[i] {
		if v != 0 {
			return i*64 + bits.Len64(v)
		}
		if i--; i < 0 {
			return 0
		}
	}
}

// moveBits sets the bits from start to end in to and clears them in from.
func moveBits(to, from []uint64, start, end int) {
	for i := start / 64; i*64 < end; i++ {
		m := ^uint64(0)
		if i == start/64 {
			m <<= start % 64
		}
		if end-i*64 < 64 {
			m &= 1<<(end-i*64) - 1
		}
		to[i] |= m
		from[i] &^= m
	}
}

// cover makes one row of tiles of what was taken.
func (w *wand) cover(r int, row []*Tile) {
	top, bottom := r*TileSize, min((r+1)*TileSize, w.size.Y)
	for c := range row {
		row[c] = w.plain(c, top, bottom)
	}
	var img *image.NRGBA // of the row and one pixel more above and below, if there are edges
	edge := make([]uint64, w.words)
	for y := top; y < bottom; y++ {
		if !w.edge(edge, y) {
			continue
		}
		if img == nil {
			img = w.pixels(image.Rect(0, top-1, w.size.X, bottom+1).Intersect(image.Rectangle{Max: w.size}))
		}
		for c, word := range edge {
			for ; word != 0; word &= word - 1 {
				x := bits.TrailingZeros64(word)
				v := w.mixture(img, c*64+x, y)
				if v == 0 {
					continue
				}
				if row[c] == nil {
					row[c] = new(Tile)
				}
				row[c][y%TileSize*TileSize+x] = v
			}
		}
	}
}

// plain returns the tile of a column with 255 wherever a bit is set.
func (w *wand) plain(c, top, bottom int) *Tile {
	some, all := uint64(0), ^uint64(0)
	for y := top; y < bottom; y++ {
		v := w.taken[y*w.words+c]
		some |= v
		all &= v
	}
	switch {
	case some == 0:
		return nil
	case ^all == 0 && bottom-top == TileSize:
		return full
	}
	t := new(Tile)
	for y := top; y < bottom; y++ {
		v := w.taken[y*w.words+c]
		line := t[y%TileSize*TileSize:][:TileSize]
		for i := 0; v != 0; i += 8 {
			binary.LittleEndian.PutUint64(line[i:], spread[v&255])
			v >>= 8
		}
	}
	return t
}

// spread makes eight bytes of 0 or 255 of eight bits.
var spread = func() (t [256]uint64) {
	for i := range t {
		for b := range 8 {
			if i>>b&1 != 0 {
				t[i] |= 0xff << (8 * b)
			}
		}
	}
	return
}()

// edge sets the bits of the pixels of a row that were not taken but one of
// whose eight neighbours was, and reports whether there are any.
func (w *wand) edge(to []uint64, y int) bool {
	some := uint64(0)
	at := func(x, y int) uint64 {
		if x < 0 || x >= w.words || y < 0 || y >= w.size.Y {
			return 0
		}
		return w.taken[y*w.words+x]
	}
	column := func(x int) uint64 { return at(x, y-1) | at(x, y) | at(x, y+1) }
	before, now := uint64(0), column(0)
	for x := range to {
		after := column(x + 1)
		to[x] = (now | now<<1 | now>>1 | before>>63 | after<<63) &^ at(x, y)
		some |= to[x]
		before, now = now, after
	}
	// What lies right of the canvas is no edge.
	if n := w.size.X % 64; n != 0 {
		to[len(to)-1] &= 1<<n - 1
	}
	return some != 0
}

// mixture returns the coverage of an edge pixel: how far its difference lies
// from the greatest among its neighbours that were not taken, towards the least
// among those that were.
func (w *wand) mixture(img *image.NRGBA, x, y int) uint8 {
	own := w.match.difference(img.Pix[img.PixOffset(x, y):][:4])
	if own <= w.match.tolerance {
		return 0 // it looks the same, but isn't joined
	}
	near, far := 256, own
	for j := max(y-1, 0); j <= min(y+1, w.size.Y-1); j++ {
		for i := max(x-1, 0); i <= min(x+1, w.size.X-1); i++ {
			d := w.match.difference(img.Pix[img.PixOffset(i, j):][:4])
			if w.taken[j*w.words+i/64]>>(i%64)&1 != 0 {
				near = min(near, d)
			} else {
				far = max(far, d)
			}
		}
	}
	return uint8(255 * (far - own) / (far - near))
}
