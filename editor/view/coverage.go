package view

import (
	"encoding/binary"
	"image/color"
	"math"
	"sort"

	"overpaint.dev/overpaint/editor/mask"
)

// coverage computes the mask's coverage of device pixels, row by row from the top down, with
// the same averaging or sampling as the picture.
type coverage struct {
	mask    *maskView
	xs, ys  axis
	level   int
	nearest bool
	lo, hi  int        // the range of samples that the columns read
	samples [3][]uint8 // rows of the mask's level
	sums    []uint8    // the weighted sum of these rows
	done    [4][]uint8 // finished rows by their number modulo 4, zero outside their spans
	numbers [4]int
	spans   [4][2]int
}

// begin prepares the rows of a part with one pixel more on each side, for the outline.
func (c *coverage) begin(s *shot, p part, w *worker) {
	c.mask, c.level, c.nearest = s.mask, w.level, w.nearest
	t, size, level := s.transform, p.scene.size, p.scene.levelSize(w.level)
	r := p.rect.Inset(-1)
	c.xs = newAxis(t.Scale, t.X, size.X, w.level, level.X, r.Min.X, r.Max.X, w.nearest)
	c.ys = newAxis(t.Scale, t.Y, size.Y, w.level, level.Y, r.Min.Y, r.Max.Y, w.nearest)
	c.lo, c.hi = c.xs.span()
	c.sums = sized(c.sums, c.hi+1) // one more, since four samples are loaded where three are needed
	for i := range c.samples {
		c.samples[i] = sized(c.samples[i], c.hi+1)
	}
	for i := range c.done {
		c.done[i] = sized(c.done[i], len(c.xs.taps))
		c.numbers[i] = math.MinInt
	}
}

// row returns the coverage of device row y, whose first pixel is at xs.from,
// and the range of it that may hold anything but zeros. Rows that don't show
// the canvas are empty.
func (c *coverage) row(y int) (cover []uint8, from, to int) {
	if y < c.ys.from || y >= c.ys.to {
		return nil, 0, 0
	}
	i := y & 3
	if c.numbers[i] != y {
		c.numbers[i] = y
		c.spans[i][0], c.spans[i][1] = c.finish(c.done[i], &c.ys.taps[y-c.ys.from])
	}
	return c.done[i], c.spans[i][0], c.spans[i][1]
}

// finish computes one row of coverage.
func (c *coverage) finish(out []uint8, t *tap) (from, to int) {
	sums, first, last := c.sumRows(t)
	if first >= last {
		return 0, 0
	}
	taps := c.xs.taps
	from = sort.Search(len(taps), func(i int) bool { return int(taps[i].at)+2 >= first })
	to = sort.Search(len(taps), func(i int) bool { return int(taps[i].at) >= last })
	if c.nearest {
		for i := from; i < to; i++ {
			out[i] = sums[taps[i].at]
		}
		return from, to
	}
	part := out[from:to]
	for i := range taps[from:to] {
		t := &taps[from+i]
		switch v := load(sums[t.at : t.at+4]); v & 0xffffff {
		case 0:
			part[i] = 0
		case 0xffffff:
			part[i] = 255
		default:
			part[i] = uint8((v&255*uint32(t.w0) + v>>8&255*uint32(t.w1) + v>>16&255*uint32(t.w2) + 128) >> 8)
		}
	}
	return from, to
}

// sumRows sums the rows of the mask's level that one device row covers, weighted, and returns
// the range of samples that may differ from zero; those outside it are zero.
func (c *coverage) sumRows(t *tap) (sums []uint8, first, last int) {
	var rows [3][]uint8
	var weights [3]uint64
	n := 0
	for i, weight := range [3]uint16{t.w0, t.w1, t.w2} {
		if weight == 0 {
			continue
		}
		from, to := c.mask.row(c.level, int(t.at)+i, c.lo, c.hi, c.samples[i])
		if from < to {
			rows[n], weights[n] = c.samples[i], uint64(weight)
			first, last = join(first, last, from, to)
			n++
		}
	}
	switch {
	case n == 0:
		return nil, 0, 0
	case n == 1 && weights[0] == 256:
		return rows[0], first, last
	}
	for i := n; i < 3; i++ {
		rows[i] = rows[0] // its weight is zero
	}
	clear(c.sums[c.lo:first])
	clear(c.sums[last:c.hi])
	weigh(c.sums[first:last], rows[0][first:last], rows[1][first:last], rows[2][first:last], weights)
	return c.sums, first, last
}

// weigh writes the weighted sum of three rows, in 256ths, eight samples at a
// time: even and odd ones in 16-bit lanes.
func weigh(dst, a, b, c []uint8, w [3]uint64) {
	n := len(dst)
	a, b, c = a[:n], b[:n], c[:n]
	i := 0
	for ; i+8 <= n; i += 8 {
		p, q, r := binary.LittleEndian.Uint64(a[i:]), binary.LittleEndian.Uint64(b[i:]), binary.LittleEndian.Uint64(c[i:])
		even := round8(p&laneMask*w[0] + q&laneMask*w[1] + r&laneMask*w[2])
		odd := round8(p>>8&laneMask*w[0] + q>>8&laneMask*w[1] + r>>8&laneMask*w[2])
		binary.LittleEndian.PutUint64(dst[i:], even|odd<<8)
	}
	for ; i < n; i++ {
		dst[i] = uint8((uint64(a[i])*w[0] + uint64(b[i])*w[1] + uint64(c[i])*w[2] + 128) >> 8)
	}
}

// join returns the smallest range that holds two ranges, either of which may
// be empty.
func join(a, b, c, d int) (from, to int) {
	if a >= b {
		return c, d
	}
	if c >= d {
		return a, b
	}
	return min(a, c), max(b, d)
}

// mask draws the mask over the picture's row y.
func (w *worker) mask(dst []byte, y int) {
	switch style := &w.shot.style; {
	case style.Mask == MaskOutline:
		w.ants(dst, y)
	case style.Mask == MaskTint && style.Edge:
		w.tint(dst, y)
		w.edge(dst, y)
	default:
		w.tint(dst, y)
	}
}

// tint mixes the tint into the picture's row y by the mask's coverage.
func (w *worker) tint(dst []byte, y int) {
	cover, from, to := w.cover.row(y)
	shift := w.xs.from - w.cover.xs.from
	from, to = max(from, shift), min(to, shift+len(dst)/4)
	if from >= to {
		return
	}
	weights, tint := &w.shot.style.weights, w.shot.style.tint
	cover, dst = cover[from:to], dst[4*(from-shift):4*(to-shift)]
	// Two pixels at a time, as even and odd bytes, where they are covered alike.
	red, green := tint&0xffffffff*0x1_00000001, tint>>32*0x1_00000001
	i := 0
	for ; i+2 <= len(cover); i += 2 {
		k := cover[i]
		p := dst[4*i:][:8]
		if k != cover[i+1] {
			store(p, tinted(load(p), tint, weights[k]))
			store(p[4:], tinted(load(p[4:]), tint, weights[cover[i+1]]))
			continue
		}
		if k != 0 {
			two, w := load2(p), uint64(weights[k])
			store2(p, mix(two&laneMask, red, w)|mix(two>>8&laneMask, green, w)<<8)
		}
	}
	if i < len(cover) {
		store(dst[4*i:], tinted(load(dst[4*i:]), tint, weights[cover[i]]))
	}
}

// tinted mixes lanes into a pixel.
func tinted(p uint32, tint uint64, weight uint16) uint32 {
	return pack(mix(spread(p), tint, uint64(weight)))
}

// ants draws the mask's outline: the pixels that are at least half covered and
// have a neighbour that isn't, alternating between black and white.
func (w *worker) ants(dst []byte, y int) {
	cover, from, to := w.cover.row(y)
	if from >= to {
		return
	}
	above, a0, a1 := w.cover.row(y - 1)
	below, b0, b1 := w.cover.row(y + 1)
	in := func(row []uint8, from, to, i int) bool { return i >= from && i < to && row[i] >= 128 }
	shift := w.xs.from - w.cover.xs.from
	side := max(4*w.shot.style.Line, 1)
	for i := max(from, shift); i < min(to, shift+len(dst)/4); i++ {
		if cover[i] < 128 {
			continue
		}
		if in(cover, from, to, i-1) && in(cover, from, to, i+1) && in(above, a0, a1, i) && in(below, b0, b1, i) {
			continue
		}
		x := w.xs.from + i - shift
		p := uint32(0xff000000)
		if mask.FloorDiv(x-w.originX+y-w.originY+w.shot.style.Phase, side)&1 == 0 {
			p = 0xffffffff
		}
		store(dst[4*(i-shift):], p)
	}
}

// covered is one row of coverage and the range of it that may hold anything but zeros.
type covered struct {
	row      []uint8
	from, to int
}

// half reports whether pixel i is at least half covered.
func (c *covered) half(i int) bool { return i >= c.from && i < c.to && c.row[i] >= 128 }

// eight returns eight pixels' highest bits, which say whether they are at least half covered; ok
// is false where some of them may not be in the range.
func (c *covered) eight(i int) (bits uint64, ok bool) {
	if i < c.from || i+8 > c.to {
		return 0, false
	}
	return load2(c.row[i:i+8]) & halves, true
}

// halves are the highest bits of eight pixels.
const halves = 0x8080808080808080

// The lines along the tint's edge, and how much of them is mixed in, in 256ths.
var (
	darkLine  = opaqueLanes(color.NRGBA{})
	lightLine = opaqueLanes(color.NRGBA{255, 255, 255, 255})
)

const (
	darkWeight  = 120
	lightWeight = 150
)

// edge draws a line along the mask's edge, which shows where the picture has the tint's colour:
// dark on the pixels that are at least half covered and have a neighbour that isn't, light on
// their neighbours.
func (w *worker) edge(dst []byte, y int) {
	var rows [3]covered // y, above, below
	from, to := math.MaxInt, math.MinInt
	for i, at := range [3]int{y, y - 1, y + 1} {
		r := &rows[i]
		if r.row, r.from, r.to = w.cover.row(at); r.from < r.to {
			from, to = min(from, r.from-1), max(to, r.to+1)
		}
	}
	shift := w.xs.from - w.cover.xs.from
	from, to = max(from, shift), min(to, shift+len(dst)/4)
	for i := from; i < to; i++ {
		if uniform(&rows, i) {
			i += 7
			continue
		}
		in := rows[0].half(i)
		if rows[0].half(i-1) == in && rows[0].half(i+1) == in && rows[1].half(i) == in && rows[2].half(i) == in {
			continue
		}
		p := dst[4*(i-shift):]
		if in {
			store(p, tinted(load(p), darkLine, darkWeight))
		} else {
			store(p, tinted(load(p), lightLine, lightWeight))
		}
	}
}

// uniform reports whether eight pixels from i on are all at least half covered, as are all their
// neighbours, or none is.
func uniform(rows *[3]covered, i int) bool {
	bits, ok := rows[0].eight(i)
	above, ok1 := rows[1].eight(i)
	below, ok2 := rows[2].eight(i)
	if !ok || !ok1 || !ok2 || bits != above || bits != below || bits != 0 && bits != halves {
		return false
	}
	return rows[0].half(i-1) == (bits != 0) && rows[0].half(i+8) == (bits != 0)
}
