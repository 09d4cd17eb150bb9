package mask

import (
	"encoding/binary"
	"image"
	"math/bits"

	"overpaint.dev/overpaint/editor/parallel"
)

// WandOptions say what a magic wand takes.
type WandOptions struct {
	// Tolerance is by how much, 0 to 255, a colour may differ from that which was
	// pointed at, as Difference tells.
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
	w := &wand{size: size, pixels: pixels, match: newMatch(seed, o.Tolerance)}
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
	match  *match
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
		w.match.row(w.row(w.taken, y), img.Pix[img.PixOffset(0, y):][:4*w.size.X])
	}
}

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

// mixture returns the coverage of an edge pixel: how far it lies, in levels, from the
// farthest of its neighbours that were not taken, towards the nearest of those that were.
// Colours are mixed in sRGB's levels, so that these tell how much there is of each.
func (w *wand) mixture(img *image.NRGBA, x, y int) uint8 {
	p := img.Pix[img.PixOffset(x, y):][:4]
	if w.match.difference(p) <= w.match.tolerance {
		return 0 // it looks the same, but isn't joined
	}
	own := w.match.levels(p)
	near, far := 256, own
	for j := max(y-1, 0); j <= min(y+1, w.size.Y-1); j++ {
		for i := max(x-1, 0); i <= min(x+1, w.size.X-1); i++ {
			d := w.match.levels(img.Pix[img.PixOffset(i, j):][:4])
			if w.taken[j*w.words+i/64]>>(i%64)&1 != 0 {
				near = min(near, d)
			} else {
				far = max(far, d)
			}
		}
	}
	if far <= near {
		return 0
	}
	return uint8(255 * (far - max(own, near)) / (far - near))
}
