package view

import (
	"image"
	"sync"
)

// A shot is all the input of a rendering. It is not changed once it is in use, so any
// goroutine may draw from it while the next one is prepared.
type shot struct {
	size      image.Point // of the view in device pixels
	transform Transform   // snapped
	scene     *Scene      // nil: only the surround
	before    *Scene      // the original in comparisons
	mask      *maskView   // nil: none
	style     Style
	frame     Frame
	outline   *outline
	guides    []*guide
	compare   Compare
}

// A part is a rectangle of the view that shows one scene.
type part struct {
	rect   image.Rectangle
	scene  *Scene
	masked bool
	// pan is the scene's shift to the right, in device pixels.
	pan float64
}

// parts cuts a rectangle at the compare line.
func (s *shot) parts(r image.Rectangle) []part {
	switch s.compare.Mode {
	case CompareOriginal:
		return []part{{rect: r, scene: s.before}}
	case CompareSplit:
		left, right := r, r
		left.Max.X = max(r.Min.X, min(r.Max.X, s.compare.At))
		right.Min.X = left.Max.X
		return []part{{rect: left, scene: s.before}, {rect: right, scene: s.scene}}
	case CompareRows:
		above, below := r, r
		above.Max.Y = max(r.Min.Y, min(r.Max.Y, s.compare.At))
		below.Min.Y = above.Max.Y
		return []part{{rect: above, scene: s.before}, {rect: below, scene: s.scene}}
	case CompareSides:
		left, right := r, r
		left.Max.X = max(r.Min.X, min(r.Max.X, s.size.X/2))
		right.Min.X = left.Max.X
		by := float64(s.size.X / 4)
		return []part{{rect: left, scene: s.before, pan: -by}, {rect: right, scene: s.scene, pan: by}}
	}
	// A mask of another canvas size isn't drawn until its scene is set.
	masked := s.mask != nil && !s.mask.empty && s.style.Mask != MaskHidden &&
		s.scene != nil && s.mask.mask.Size() == s.scene.size
	return []part{{rect: r, scene: s.scene, masked: masked}}
}

// paint draws a rectangle of the view into dst, whose bounds are the view's.
// Coarse drawing takes the nearest sample in place of the average.
func (s *shot) paint(dst *image.RGBA, r image.Rectangle, coarse bool) {
	for _, p := range s.parts(r) {
		if p.rect.Empty() {
			continue
		}
		if p.scene == nil {
			fill(dst, p.rect, pack(opaqueLanes(s.style.Surround)))
			continue
		}
		s.paintPart(dst, p, coarse)
	}
	s.overlays(dst, r)
}

// paintPart draws the surround, the picture and the mask.
func (s *shot) paintPart(dst *image.RGBA, p part, coarse bool) {
	w := workers.Get().(*worker)
	defer workers.Put(w)
	w.begin(s, p, coarse)
	surround := pack(opaqueLanes(s.style.Surround))
	inside := image.Rect(w.xs.from, w.ys.from, w.xs.to, w.ys.to)
	if inside.Empty() {
		fill(dst, p.rect, surround)
		return
	}
	r := p.rect
	fill(dst, image.Rect(r.Min.X, r.Min.Y, r.Max.X, inside.Min.Y), surround)
	fill(dst, image.Rect(r.Min.X, inside.Max.Y, r.Max.X, r.Max.Y), surround)
	fill(dst, image.Rect(r.Min.X, inside.Min.Y, inside.Min.X, inside.Max.Y), surround)
	fill(dst, image.Rect(inside.Max.X, inside.Min.Y, r.Max.X, inside.Max.Y), surround)
	for y := inside.Min.Y; y < inside.Max.Y; y++ {
		at := dst.PixOffset(inside.Min.X, y)
		row := dst.Pix[at : at+4*inside.Dx()]
		w.picture(row, y)
		if p.masked {
			w.mask(row, y)
		}
		if w.grid {
			w.gridLines(row, y)
		}
	}
}

// fill sets a rectangle to one colour.
func fill(dst *image.RGBA, r image.Rectangle, p uint32) {
	if r.Empty() {
		return
	}
	at := dst.PixOffset(r.Min.X, r.Min.Y)
	first := dst.Pix[at : at+4*r.Dx()]
	for i := 0; i < len(first); i += 4 {
		store(first[i:], p)
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		copy(dst.Pix[dst.PixOffset(r.Min.X, y):], first)
	}
}

// A worker draws the rows of one part, from the top down, and holds the buffers for that.
type worker struct {
	shot    *shot
	scene   *Scene
	xs, ys  axis
	level   int
	nearest bool
	lo, hi  int // the range of a row's samples that the columns read
	grid    bool
	originX int // device position of the canvas's corner, for the checkerboard
	originY int
	checks  [2]uint64

	bytes [3][]byte
	sums  []uint64 // samples lo..hi-1, premultiplied, weighted sums along y
	plain int      // nearest: the source row that the device row above shows
	above []byte   // nearest: the device row above, nil where it can't be reused

	masked bool
	cover  coverage
}

var workers = sync.Pool{New: func() any { return new(worker) }}

func (w *worker) begin(s *shot, p part, coarse bool) {
	t := s.transform.Pan(p.pan, 0)
	w.shot, w.scene = s, p.scene
	w.level = levelFor(t.Scale, p.scene.base.Levels())
	w.nearest = t.Scale >= 1 || coarse
	size, level := p.scene.size, p.scene.levelSize(w.level)
	w.xs = newAxis(t.Scale, t.X, size.X, w.level, level.X, p.rect.Min.X, p.rect.Max.X, w.nearest)
	w.ys = newAxis(t.Scale, t.Y, size.Y, w.level, level.Y, p.rect.Min.Y, p.rect.Max.Y, w.nearest)
	w.lo, w.hi = w.xs.span()
	w.grid = s.style.Grid && t.Scale > gridAbove && s.compare.Mode != CompareOriginal
	w.originX = ceil(t.X - 0.5)
	w.originY = ceil(t.Y - 0.5)
	w.checks = [2]uint64{opaqueLanes(s.style.CheckLight), opaqueLanes(s.style.CheckDark)}
	w.sums = sized(w.sums, w.hi-w.lo)
	w.above = nil
	w.masked = p.masked
	if p.masked {
		w.cover.begin(s, p, w)
	}
}

// picture draws the picture's row y over the checkerboard.
func (w *worker) picture(dst []byte, y int) {
	if w.nearest {
		w.nearestRow(dst, y)
		return
	}
	w.sumRows(&w.ys.taps[y-w.ys.from])
	if w.scene.shown != nil {
		w.managedRow(dst, y)
		return
	}
	sums, lo := w.sums, w.lo
	for i := range w.xs.taps {
		t := &w.xs.taps[i]
		at := int(t.at) - lo
		last := sums[at+2] // first, so that bounds are checked once
		v := round8(sums[at]*uint64(t.w0) + sums[at+1]*uint64(t.w1) + last*uint64(t.w2))
		if v>>48 != 255 {
			v = over(v, w.check(w.xs.from+i, y))
		}
		store(dst[4*i:], pack(v))
	}
}

// managedRow draws the row of sums of a picture that isn't in the screen's colour space:
// colours are averaged as they are stored, converted, and composited over the checkerboard.
func (w *worker) managedRow(dst []byte, y int) {
	sums, lo := w.sums, w.lo
	opaque := true
	for i := range w.xs.taps {
		t := &w.xs.taps[i]
		at := int(t.at) - lo
		v := round8(sums[at]*uint64(t.w0) + sums[at+1]*uint64(t.w1) + sums[at+2]*uint64(t.w2))
		opaque = opaque && v>>48 == 255
		store(dst[4*i:], pack(straight(v)))
	}
	w.scene.shown.Convert(dst)
	if !opaque {
		w.overChecks(dst, y)
	}
}

// overChecks composites a row of straight RGBA over the checkerboard.
func (w *worker) overChecks(dst []byte, y int) {
	for i := range w.xs.taps {
		if p := load(dst[4*i:]); p < 0xff000000 {
			store(dst[4*i:], pack(over(premultiplied(p), w.check(w.xs.from+i, y))))
		}
	}
}

// sumRows writes the weighted sum of the level's rows that one device row covers to sums,
// from sample lo on.
func (w *worker) sumRows(t *tap) {
	var rows [3][]byte
	var weights [3]uint64
	n := 0
	for i, weight := range [3]uint16{t.w0, t.w1, t.w2} {
		if weight != 0 {
			rows[n] = w.scene.row(w.level, int(t.at)+i, w.lo, w.hi, &w.bytes[i])[4*w.lo:]
			weights[n] = uint64(weight)
			n++
		}
	}
	sums := w.sums
	if n == 1 {
		a := rows[0]
		for i := range sums {
			sums[i] = premultiplied(load(a[4*i:]))
		}
		return
	}
	if n == 2 {
		rows[2] = rows[1] // its weight is zero; its alpha changes no check
	}
	weighRows(sums, rows[0], rows[1], rows[2], weights, n)
}

// weighRows writes the weighted sums of n of three rows of straight RGBA, as
// premultiplied lanes. Opaque pixels go two at a time.
func weighRows(sums []uint64, a, b, c []byte, weights [3]uint64, n int) {
	const opaque = 0xff000000_ff000000
	w0, w1, w2 := weights[0], weights[1], weights[2]
	i := 0
	for ; i+2 <= len(sums); i += 2 {
		p, q := load2(a[4*i:4*i+8]), load2(b[4*i:4*i+8])
		red := p&laneMask*w0 + q&laneMask*w1 // red and blue of both pixels
		green := p>>8&laneMask*w0 + q>>8&laneMask*w1
		if n == 3 {
			r := load2(c[4*i : 4*i+8])
			red += r & laneMask * w2
			green += r >> 8 & laneMask * w2
			p &= r
		}
		two := sums[i:][:2]
		if p&q&opaque == opaque {
			red, green = round8(red), round8(green)
			two[0] = red&0xffffffff | green<<32
			two[1] = red>>32 | green&^0xffffffff
			continue
		}
		for j := range two {
			at := 4 * (i + j)
			two[j] = round8(premultiplied(load(a[at:]))*w0 + premultiplied(load(b[at:]))*w1 + premultiplied(load(c[at:]))*w2)
		}
	}
	if i < len(sums) {
		at := 4 * i
		sums[i] = round8(premultiplied(load(a[at:]))*w0 + premultiplied(load(b[at:]))*w1 + premultiplied(load(c[at:]))*w2)
	}
}

// nearestRow takes one sample per pixel.
func (w *worker) nearestRow(dst []byte, y int) {
	at := int(w.ys.taps[y-w.ys.from].at)
	if w.above != nil && at == w.plain {
		copy(dst, w.above)
		return
	}
	src := w.scene.row(w.level, at, w.lo, w.hi, &w.bytes[0])
	alpha := uint32(0xff000000)
	if w.shot.transform.Scale == 1 {
		from := 4 * int(w.xs.taps[0].at)
		copy(dst, src[from:from+len(dst)])
		for i := 0; i < len(dst); i += 4 {
			alpha &= load(dst[i:])
		}
	} else {
		for i := range w.xs.taps {
			p := load(src[4*w.xs.taps[i].at:])
			alpha &= p
			store(dst[4*i:], p)
		}
	}
	w.scene.shown.Convert(dst)
	w.plain, w.above = at, nil
	if alpha == 0xff000000 {
		if !w.masked && !w.grid {
			w.above = dst
		}
		return
	}
	w.overChecks(dst, y)
}

// check returns the colour of the checkerboard at a device pixel. The board is
// fixed to the canvas's corner and moves with it.
func (w *worker) check(x, y int) uint64 {
	side := w.shot.style.CheckSide
	return w.checks[((x-w.originX)/side+(y-w.originY)/side)&1]
}

// gridLines draws the lines between the canvas's pixels: each device pixel at which a new
// canvas pixel begins is darkened, or lightened where it is very dark.
func (w *worker) gridLines(dst []byte, y int) {
	i := y - w.ys.from
	whole := i > 0 && w.ys.taps[i].at != w.ys.taps[i-1].at || i == 0 && w.starts(w.shot.transform.Y, y)
	for x := range w.xs.taps {
		line := whole || x > 0 && w.xs.taps[x].at != w.xs.taps[x-1].at || x == 0 && w.starts(w.shot.transform.X, w.xs.from)
		if line {
			p := dst[4*x:][:4]
			store(p, pack(gridOver(spread(load(p)))))
		}
	}
}

// starts reports whether the canvas pixel at device position d is not the one at d-1.
func (w *worker) starts(offset float64, d int) bool {
	s := w.shot.transform.Scale
	at := func(d int) int { return floor((float64(d) + 0.5 - offset) / s) }
	return at(d) != at(d-1)
}

// gridOver darkens a pixel, or lightens it if it is too dark for that to be visible.
func gridOver(v uint64) uint64 {
	luma := (v&255*54 + v>>16&255*19 + v>>32&255*183) >> 8
	if luma < 64 {
		return mix(v, laneMask, 56)
	}
	return mix(v, 255<<48, 56)
}

// sized returns a slice of length n, s itself if it is large enough.
func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
