package picture

// Kinds of frames, how their data is coded, and flags.
const (
	jxlLow       = 1 // the means of blocks, for another frame
	jxlReference = 2 // only for others to refer to
	jxlByDCT     = 0
	jxlUsesLow   = 0x20
)

// frame reads a frame's header, and the end of its part of the file's header.
func (b *jxlBits) frame(h *jxlImage) (f jxlFrame) {
	b.align()
	width, height, shift, passes := h.width, h.height, 1, 1
	if b.flag() {
		f = jxlFrame{seen: true, shown: true, last: true}
		f.parts = jxlParts(width, height, 128<<shift, passes)
		return f
	}
	kind, coding, flags := b.take(2), b.take(1), b.long()
	turned := !h.xyb && b.flag() // YCbCr
	low := flags&jxlUsesLow != 0
	if turned && !low {
		b.take(6)
	}
	enlarged := 1
	if !low {
		enlarged = b.one(jxlPowers)
		b.at += 2 * h.extra
	}
	if coding != jxlByDCT {
		shift = b.take(2)
	} else if h.xyb {
		b.take(6)
	}
	if kind != jxlReference {
		passes = b.passes()
	}
	if kind == jxlLow {
		level := 1 + b.take(2)
		width, height = ceil(width, 1<<(3*level)), ceil(height, 1<<(3*level))
	}
	whole := true
	if kind != jxlLow && b.flag() {
		width, height, whole = b.crop(h, kind)
	}
	f.seen = kind != jxlLow && kind != jxlReference
	b.rest(h, &f, kind, whole)
	b.filters(coding)
	b.extensions()
	f.parts = jxlParts(ceil(width, enlarged), ceil(height, enlarged), 128<<shift, passes)
	return f
}

func ceil(a, by int) int { return (a + by - 1) / by }

// passes reads in how many passes the pixels come.
func (b *jxlBits) passes() int {
	n := b.one(jxlPasses)
	if n > 1 {
		scales := b.one([4]value{{0, 0}, {1, 0}, {2, 0}, {3, 1}})
		b.at += 2 * (n - 1)
		b.at += 2 * scales
		for range scales {
			b.one([4]value{{0, 0}, {1, 0}, {2, 0}, {0, 3}})
		}
	}
	return n
}

// crop reads the size of a frame that differs from the picture's, and reports whether it
// covers the picture.
func (b *jxlBits) crop(h *jxlImage, kind int) (width, height int, whole bool) {
	x, y := 0, 0
	signed := func() int {
		v := b.one(jxlOrigin)
		return v>>1 ^ -(v & 1)
	}
	if kind != jxlReference {
		x, y = signed(), signed()
	}
	width, height = b.one(jxlOrigin), b.one(jxlOrigin)
	return width, height, x <= 0 && y <= 0 && x+width >= h.width && y+height >= h.height
}

// rest reads how a frame is blended and shown, and its name.
func (b *jxlBits) rest(h *jxlImage, f *jxlFrame, kind int, whole bool) {
	resets, duration := false, 0
	if f.seen {
		resets = b.blending(h, whole) == 0 && whole
		for range h.extra {
			if b.over() {
				return
			}
			b.blending(h, whole)
		}
		duration = b.duration(h)
		f.lastAt = b.at
		f.last = b.flag()
	}
	f.shown = f.last || duration > 0
	place := 0
	if kind != jxlLow && !f.last {
		place = b.take(2)
	}
	referred := kind != jxlLow && !f.last && (duration == 0 || place != 0)
	if kind == jxlReference || resets && referred {
		b.flag()
	}
	f.nameAt = b.at
	b.at += 8 * b.one(jxlName)
}

// duration reads for how many ticks a frame is shown, 0 for none or where nothing is animated.
func (b *jxlBits) duration(h *jxlImage) (ticks int) {
	if !h.animated {
		return 0
	}
	ticks = b.one([4]value{{0, 0}, {1, 0}, {0, 8}, {0, 32}})
	if h.timecode {
		b.take(32)
	}
	return ticks
}

// blending reads how a frame is laid over another, 0 for in its place.
func (b *jxlBits) blending(h *jxlImage, whole bool) int {
	const over, weighted, times = 2, 3, 4
	mode := b.one([4]value{{0, 0}, {1, 0}, {2, 0}, {3, 2}})
	byAlpha := h.extra > 0 && (mode == over || mode == weighted)
	if byAlpha {
		b.one(jxlChannel)
	}
	if byAlpha || mode == times {
		b.flag()
	}
	if mode != 0 || !whole {
		b.take(2)
	}
	return mode
}

// filters reads how edges of blocks are smoothed. Their numbers have 16 bits.
func (b *jxlBits) filters(coding int) {
	if b.flag() {
		return
	}
	numbers := func(n int) { b.at += 16 * n }
	smoothed := b.flag()
	if smoothed && b.flag() {
		numbers(6)
	}
	if b.take(2) > 0 {
		if coding == jxlByDCT && b.flag() {
			numbers(8)
		}
		if b.flag() {
			numbers(5)
		}
		if b.flag() {
			if coding == jxlByDCT {
				numbers(1)
			}
			numbers(3)
		}
		if coding != jxlByDCT {
			numbers(1)
		}
	}
	b.extensions()
}

// jxlParts returns how many parts a frame's data has.
func jxlParts(width, height, side, passes int) int {
	groups := ceil(width, side) * ceil(height, side)
	if groups == 1 && passes == 1 {
		return 1
	}
	return 2 + ceil(width, 8*side)*ceil(height, 8*side) + groups*passes
}

// skip passes a frame's data, and reports whether it could.
func (b *jxlBits) skip(f jxlFrame) bool {
	if b.flag() { // the parts are in another order
		return false
	}
	b.align()
	size := 0
	for range f.parts {
		if b.over() {
			return false
		}
		size += b.one(jxlPart)
	}
	b.align()
	b.at += 8 * size
	return !b.over()
}
