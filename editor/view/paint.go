package view

import (
	"image"
	"math"
	"sync"
)

// A shot is all that a rendering depends on. It is never changed once it is
// used, so any goroutine may draw from it while the next one is being prepared.
type shot struct {
	size      image.Point // of the view in device pixels
	transform Transform   // snapped
	scene     *Scene      // nil: nothing but the surround
	before    *Scene      // what Original and Split compare with
	mask      *maskView   // nil: none
	style     Style
	frame     Frame
	outline   *outline
	compare   Compare
}

// A part is a rectangle of the view that shows one scene.
type part struct {
	rect   image.Rectangle
	scene  *Scene
	masked bool
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
	}
	return []part{{rect: r, scene: s.scene, masked: s.mask != nil && !s.mask.empty}}
}

// paint draws a rectangle of the view into dst, whose bounds are the view's.
// A coarse drawing takes the nearest sample where a fine one takes the average.
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

// A worker draws the rows of one part, from the top down. It holds the scratch
// memory for that.
type worker struct {
	shot    *shot
	scene   *Scene
	xs, ys  axis
	level   int
	nearest bool
	lo, hi  int // samples of a row that the columns read
	grid    bool
	originX int // device position of the canvas's corner, for the checkerboard
	originY int
	checks  [2]uint64

	bytes []byte
	rows  ring[uint64] // picture rows, averaged along x
	plain int          // nearest: the source row that the device row above shows
	above []byte       // nearest: the device row above, nil where it can't be reused

	masked bool
	cover  coverage
}

var workers = sync.Pool{New: func() any { return new(worker) }}

func (w *worker) begin(s *shot, p part, coarse bool) {
	t := s.transform
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
	w.rows.reset(len(w.xs.taps))
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
	t := &w.ys.taps[y-w.ys.from]
	w.averageRow(dst, y, w.sums(int(t.at)), w.sums(int(t.at)+1), w.sums(int(t.at)+2), t)
}

// nearestRow takes one sample per pixel.
func (w *worker) nearestRow(dst []byte, y int) {
	at := int(w.ys.taps[y-w.ys.from].at)
	if w.above != nil && at == w.plain {
		copy(dst, w.above)
		return
	}
	src := w.scene.row(w.level, at, w.lo, w.hi, &w.bytes)
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
	w.plain, w.above = at, nil
	if alpha == 0xff000000 {
		if !w.masked && !w.grid {
			w.above = dst
		}
		return
	}
	for i := range w.xs.taps {
		if p := load(dst[4*i:]); p < 0xff000000 {
			store(dst[4*i:], pack(over(premultiplied(p), w.check(w.xs.from+i, y))))
		}
	}
}

// sums returns row y of the level, premultiplied and averaged along x.
func (w *worker) sums(y int) []uint64 {
	y = min(y, w.scene.base.Level(w.level).Rect.Dy()-1)
	out, ready := w.rows.get(y)
	if ready {
		return out
	}
	src := w.scene.row(w.level, y, w.lo, w.hi, &w.bytes)
	out = out[:len(w.xs.taps)]
	for i := range w.xs.taps {
		t := &w.xs.taps[i]
		three := src[4*t.at:][:12]
		p, q, r := load(three), load(three[4:]), load(three[8:])
		w0, w1, w2 := uint64(t.w0), uint64(t.w1), uint64(t.w2)
		var v uint64
		if p&q&r >= 0xff000000 {
			v = spread(p)*w0 + spread(q)*w1 + spread(r)*w2
		} else {
			v = premultiplied(p)*w0 + premultiplied(q)*w1 + premultiplied(r)*w2
		}
		out[i] = round8(v)
	}
	return out
}

// averageRow weighs three rows and lays the result over the checkerboard.
func (w *worker) averageRow(dst []byte, y int, a, b, c []uint64, t *tap) {
	w0, w1, w2 := uint64(t.w0), uint64(t.w1), uint64(t.w2)
	n := len(dst) / 4
	a, b, c = a[:n], b[:n], c[:n]
	for i := range a {
		v := round8(a[i]*w0 + b[i]*w1 + c[i]*w2)
		if v>>48 != 255 {
			v = over(v, w.check(w.xs.from+i, y))
		}
		store(dst[4*i:], pack(v))
	}
}

// check returns the colour of the checkerboard at a device pixel. The board is
// fixed to the canvas's corner and moves with it.
func (w *worker) check(x, y int) uint64 {
	side := w.shot.style.CheckSide
	return w.checks[((x-w.originX)/side+(y-w.originY)/side)&1]
}

// gridLines draws the lines between the canvas's pixels: each device pixel at
// which a new canvas pixel begins is lifted where it is dark and lowered where
// it is light.
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

// gridOver lifts or lowers a pixel by its brightness.
func gridOver(v uint64) uint64 {
	luma := (v&255*54 + v>>16&255*19 + v>>32&255*183) >> 8
	if luma < 128 {
		return mix(v, laneMask, 56)
	}
	return mix(v, 255<<48, 56)
}

// A ring keeps the last few rows by their number.
type ring[T any] struct {
	rows [4][]T
	tags [4]int
}

func (r *ring[T]) reset(width int) {
	for i := range r.rows {
		r.tags[i] = math.MinInt
		if cap(r.rows[i]) < width {
			r.rows[i] = make([]T, width)
		}
		r.rows[i] = r.rows[i][:width]
	}
}

// get returns the row y and whether it holds that row already; if not, the
// caller must fill it.
func (r *ring[T]) get(y int) (row []T, ready bool) {
	i := y & 3
	ready = r.tags[i] == y
	r.tags[i] = y
	return r.rows[i], ready
}
