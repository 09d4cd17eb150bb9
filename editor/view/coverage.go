package view

import "sort"

// coverage gives the mask's coverage of device pixels, row by row from the top
// down, averaged or sampled exactly as the picture is.
type coverage struct {
	mask    *maskView
	xs, ys  axis
	level   int
	nearest bool
	lo, hi  int
	samples []uint8     // one row of the mask's level
	sums    ring[uint8] // rows averaged along x, zero outside their spans
	sumSpan [4][2]int
	done    ring[uint8] // finished rows, likewise
	span    [4][2]int
}

// begin prepares the rows of a part and one pixel more on each side, which the
// outline looks at.
func (c *coverage) begin(s *shot, p part, w *worker) {
	c.mask, c.level, c.nearest = s.mask, w.level, w.nearest
	t, size, level := s.transform, p.scene.size, p.scene.levelSize(w.level)
	r := p.rect.Inset(-1)
	c.xs = newAxis(t.Scale, t.X, size.X, w.level, level.X, r.Min.X, r.Max.X, w.nearest)
	c.ys = newAxis(t.Scale, t.Y, size.Y, w.level, level.Y, r.Min.Y, r.Max.Y, w.nearest)
	c.lo, c.hi = c.xs.span()
	if cap(c.samples) < c.hi {
		c.samples = make([]uint8, c.hi)
	}
	c.samples = c.samples[:c.hi]
	c.sums.reset(len(c.xs.taps))
	c.done.reset(len(c.xs.taps))
}

// row returns the coverage of device row y, whose first pixel is at xs.from,
// and the range of it that may hold anything but zeros. Rows that don't show
// the canvas are empty.
func (c *coverage) row(y int) (cover []uint8, from, to int) {
	if y < c.ys.from || y >= c.ys.to {
		return nil, 0, 0
	}
	out, ready := c.done.get(y)
	span := &c.span[y&3]
	if !ready {
		span[0], span[1] = c.finish(out, &c.ys.taps[y-c.ys.from])
	}
	return out, span[0], span[1]
}

// finish computes one row of coverage.
func (c *coverage) finish(out []uint8, t *tap) (from, to int) {
	a, from, to := c.sum(int(t.at))
	if c.nearest || t.w0 == 256 {
		copy(out, a)
		return from, to
	}
	b, from1, to1 := c.sum(int(t.at) + 1)
	d, from2, to2 := c.sum(int(t.at) + 2)
	from, to = join(from, to, from1, to1)
	from, to = join(from, to, from2, to2)
	clear(out)
	w0, w1, w2 := uint32(t.w0), uint32(t.w1), uint32(t.w2)
	a, b, d = a[:len(out)], b[:len(out)], d[:len(out)]
	for i := from; i < to; i++ {
		out[i] = uint8((uint32(a[i])*w0 + uint32(b[i])*w1 + uint32(d[i])*w2 + 128) >> 8)
	}
	return from, to
}

// sum returns row y of the mask's level, sampled or averaged along x.
func (c *coverage) sum(y int) (row []uint8, from, to int) {
	y = min(y, c.mask.rows*(tileSide>>c.level)-1)
	out, ready := c.sums.get(y)
	span := &c.sumSpan[y&3]
	if ready {
		return out, span[0], span[1]
	}
	*span = [2]int{}
	clear(out)
	first, last := c.mask.row(c.level, y, c.lo, c.hi, c.samples)
	if first >= last {
		return out, 0, 0
	}
	taps := c.xs.taps
	from = sort.Search(len(taps), func(i int) bool { return int(taps[i].at)+2 >= first })
	to = sort.Search(len(taps), func(i int) bool { return int(taps[i].at) >= last })
	if c.nearest {
		for i := from; i < to; i++ {
			out[i] = c.samples[taps[i].at]
		}
	} else {
		for i := from; i < to; i++ {
			t := &taps[i]
			three := c.samples[t.at:][:3]
			out[i] = uint8((uint32(three[0])*uint32(t.w0) + uint32(three[1])*uint32(t.w1) + uint32(three[2])*uint32(t.w2) + 128) >> 8)
		}
	}
	*span = [2]int{from, to}
	return out, from, to
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
	if w.shot.style.Mask == MaskOutline {
		w.ants(dst, y)
		return
	}
	cover, from, to := w.cover.row(y)
	shift := w.xs.from - w.cover.xs.from
	from, to = max(from, shift), min(to, shift+len(dst)/4)
	weights, tint := &w.shot.style.weights, w.shot.style.tint
	for i := from; i < to; i++ {
		if k := cover[i]; k != 0 {
			p := dst[4*(i-shift):][:4]
			store(p, pack(mix(spread(load(p)), tint, uint64(weights[k]))))
		}
	}
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
		if floorDiv(x-w.originX+y-w.originY+w.shot.style.Phase, side)&1 == 0 {
			p = 0xffffffff
		}
		store(dst[4*(i-shift):], p)
	}
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
