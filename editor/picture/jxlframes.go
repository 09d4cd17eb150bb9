package picture

// The headers of JPEG XL's codestream (ISO/IEC 18181-1, annexes D, F and G), read to find
// out how many frames there are. Pixels are not decoded.

// jxlFrames is what a codestream's frames are.
type jxlFrames int

const (
	jxlUnknown  jxlFrames = iota // the headers can't be followed that far
	jxlSingle                    // one picture of one frame
	jxlLayered                   // one picture of several frames
	jxlAnimated                  // several pictures, one after another
)

// framesOfJXL follows the frames of a file up to the second that is seen. Behind a profile
// or in a frame whose parts are stored in another order it can't, as their headers are
// entropy coded: an animation is then taken for one of several frames. first is a codestream
// of an animation's first picture alone, nil where it couldn't be made.
func framesOfJXL(data []byte) (found jxlFrames, first []byte) {
	b, h, ok := imageOfJXL(jxlWhole(data))
	if !ok || b.over() {
		return jxlUnknown, nil
	}
	if !h.profile && !h.preview {
		found, first = b.frames(&h)
	}
	if found == jxlUnknown && h.animated {
		found = jxlAnimated
	}
	return found, first
}

// frames follows the frames behind the image's header.
func (b *jxlBits) frames(h *jxlImage) (found jxlFrames, first []byte) {
	for layers := 0; ; {
		f := b.frame(h)
		if f.seen {
			layers++
		}
		switch {
		case b.over():
			return jxlUnknown, nil
		case h.animated && f.shown && !f.last:
			return jxlAnimated, b.upTo(f)
		case !h.animated && layers > 1:
			return jxlLayered, nil
		case f.last:
			return jxlSingle, nil
		case !b.skip(f):
			return jxlUnknown, nil
		}
	}
}

// upTo returns the codestream up to the frame whose header was read, which is made the last:
// such a header lacks what is told for frames that come after it.
func (b *jxlBits) upTo(f jxlFrame) []byte {
	after := b.at
	if !b.skip(f) {
		return nil
	}
	w := &lowWriter{data: b.data[: f.lastAt/8 : f.lastAt/8], at: f.lastAt / 8 * 8}
	r := &lowBits{data: b.data, at: w.at}
	w.put(r.take(f.lastAt%8), f.lastAt%8)
	w.put(1, 1)
	for r.at = f.nameAt; r.at <= after; { // with the flag that the parts are in their order
		w.put(r.take(1), 1)
	}
	return append(w.data, b.data[(after+1+7)/8:b.at/8]...)
}

// lowWriter writes bits, each byte from its lowest bit on.
type lowWriter struct {
	data []byte
	at   int
}

// put writes a value in n bits.
func (w *lowWriter) put(v, n int) {
	for i := range n {
		if w.at/8 == len(w.data) {
			w.data = append(w.data, 0)
		}
		w.data[w.at/8] |= byte(v>>i&1) << (w.at % 8)
		w.at++
	}
}

// jxlWhole returns the codestream, joined where it is in parts.
func jxlWhole(data []byte) []byte {
	if len(data) >= 2 && data[0] == 0xff && data[1] == 0x0a {
		return data
	}
	var whole, joined []byte
	jxlBoxes(data, func(kind string, p []byte) {
		switch {
		case kind == "jxlc" && whole == nil:
			whole = p
		case kind == "jxlp" && len(p) > 4:
			joined = append(joined, p[4:]...)
		}
	})
	if whole != nil {
		return whole
	}
	return joined
}

// jxlImage is what of the image's header the frames' headers depend on.
type jxlImage struct {
	width, height      int  // as they are stored
	turned             bool // shown with them exchanged
	extra              int  // channels besides those of colour
	animated, timecode bool
	preview, profile   bool
	xyb                bool
}

// jxlFrame is what of a frame's header is needed to find the next.
type jxlFrame struct {
	seen  bool // not only for others to refer to
	shown bool // ends a picture of an animation
	last  bool
	parts int // of its data
	// lastAt and nameAt are where the header tells whether the frame is the last, and its
	// name; what lies between is told for frames that come after it.
	lastAt, nameAt int
}

// jxlBits reads the fields of headers.
type jxlBits struct{ lowBits }

// over reports that more was read than there is.
func (b *jxlBits) over() bool { return b.at > 8*len(b.data) }

func (b *jxlBits) flag() bool { return b.take(1) == 1 }

// align goes to the next whole byte.
func (b *jxlBits) align() { b.at = (b.at + 7) / 8 * 8 }

// value is one of the four encodings of a number: a constant and more bits.
type value struct{ plus, bits int }

func (b *jxlBits) one(of [4]value) int {
	v := of[b.take(2)]
	return v.plus + b.take(v.bits)
}

var (
	jxlEnum    = [4]value{{0, 0}, {1, 0}, {2, 4}, {18, 6}}
	jxlName    = [4]value{{0, 0}, {0, 4}, {16, 5}, {48, 10}}
	jxlOrigin  = [4]value{{0, 8}, {256, 11}, {2304, 14}, {18688, 30}}
	jxlPart    = [4]value{{0, 10}, {1024, 14}, {17408, 22}, {4211712, 30}}
	jxlPowers  = [4]value{{1, 0}, {2, 0}, {4, 0}, {8, 0}}
	jxlPlace   = [4]value{{0, 19}, {1 << 19, 19}, {1 << 20, 20}, {1 << 21, 21}}
	jxlPasses  = [4]value{{1, 0}, {2, 0}, {3, 0}, {4, 3}}
	jxlExtra   = [4]value{{0, 0}, {1, 0}, {2, 4}, {1, 12}}
	jxlChannel = [4]value{{0, 0}, {1, 0}, {2, 0}, {3, 3}}
)

// long reads a number of up to 64 bits.
func (b *jxlBits) long() (v uint64) {
	switch b.take(2) {
	case 1:
		return 1 + uint64(b.take(4))
	case 2:
		return 17 + uint64(b.take(8))
	case 3:
		v = uint64(b.take(12))
		for at := 12; b.flag() && at < 64; at += 8 {
			v |= uint64(b.take(min(8, 64-at))) << at
		}
	}
	return v
}

// extensions passes what later editions may add.
func (b *jxlBits) extensions() {
	kinds, bits := b.long(), uint64(0)
	for ; kinds != 0; kinds &= kinds - 1 {
		bits += b.long()
	}
	b.at += int(min(bits, uint64(8*len(b.data)+1)))
}

// size reads a picture's size.
func (b *jxlBits) size() (width, height int) {
	small := b.flag()
	side := func() int {
		if small {
			return 8 * (1 + b.take(5))
		}
		return b.side()
	}
	height = side()
	if r := jxlRatios[b.take(3)]; r[1] != 0 {
		return height * r[0] / r[1], height
	}
	return side(), height
}

// imageOfJXL reads the image's header of a codestream, which may be cut off in it, and leaves b
// behind it; ok is false where it isn't one.
func imageOfJXL(stream []byte) (b *jxlBits, h jxlImage, ok bool) {
	if len(stream) < 4 || stream[0] != 0xff || stream[1] != 0x0a {
		return nil, h, false
	}
	b = &jxlBits{lowBits{data: stream, at: 16}}
	return b, b.image(), true
}

// image reads the image's header.
func (b *jxlBits) image() (h jxlImage) {
	h.width, h.height = b.size()
	h.xyb = true
	if !b.flag() {
		more := b.flag()
		if more {
			b.moreOfImage(&h)
		}
		b.depth()
		b.flag() // buffers of 16 bits
		h.extra = b.one(jxlExtra)
		for range h.extra {
			if b.over() {
				return h
			}
			b.channel()
		}
		h.xyb = b.flag()
		h.profile = b.colours()
		if more && !b.flag() { // tone mapping
			b.at += 16 + 16 + 1 + 16
		}
		b.extensions()
	}
	if !b.flag() {
		b.transform(h.xyb)
	}
	return h
}

// moreOfImage reads the orientation, another size, and what is told of a preview and of an
// animation.
func (b *jxlBits) moreOfImage(h *jxlImage) {
	h.turned = b.take(3) >= 4
	if b.flag() {
		b.size()
	}
	if h.preview = b.flag(); h.preview {
		side := [4]value{{1, 6}, {65, 8}, {321, 10}, {1345, 12}}
		if b.flag() {
			side = [4]value{{16, 0}, {32, 0}, {1, 5}, {33, 9}}
		}
		b.one(side)
		if b.take(3) == 0 {
			b.one(side)
		}
	}
	if h.animated = b.flag(); h.animated {
		b.one([4]value{{100, 0}, {1000, 0}, {1, 10}, {1, 30}})
		b.one([4]value{{1, 0}, {1001, 0}, {1, 8}, {1, 10}})
		b.one([4]value{{0, 0}, {0, 3}, {0, 16}, {0, 32}})
		h.timecode = b.flag()
	}
}

// depth reads the bits of a sample.
func (b *jxlBits) depth() {
	if b.flag() { // floating
		b.one([4]value{{32, 0}, {16, 0}, {24, 0}, {1, 6}})
		b.take(4)
		return
	}
	b.one([4]value{{8, 0}, {10, 0}, {12, 0}, {1, 6}})
}

// channel reads what is told of an extra channel.
func (b *jxlBits) channel() {
	const alpha, spot, filter = 0, 2, 5
	if b.flag() {
		return
	}
	kind := b.one(jxlEnum)
	b.depth()
	b.one([4]value{{0, 0}, {3, 0}, {4, 0}, {1, 3}})
	b.at += 8 * b.one(jxlName)
	switch kind {
	case alpha:
		b.flag()
	case spot:
		b.at += 4 * 16
	case filter:
		b.one([4]value{{1, 0}, {0, 2}, {3, 4}, {19, 8}})
	}
}

// colours reads the colour space, and reports that a profile follows the header.
func (b *jxlBits) colours() (profile bool) {
	const grey, ofXYB, custom = 1, 2, 2
	if b.flag() {
		return false
	}
	profile = b.flag()
	space := b.one(jxlEnum)
	if profile {
		return true
	}
	place := func() {
		b.one(jxlPlace)
		b.one(jxlPlace)
	}
	if space != ofXYB {
		if b.one(jxlEnum) == custom {
			place()
		}
		if space != grey && b.one(jxlEnum) == custom {
			place()
			place()
			place()
		}
		if b.flag() {
			b.take(24)
		} else {
			b.one(jxlEnum)
		}
	}
	b.one(jxlEnum)
	return false
}

// transform reads the numbers of another conversion from XYB and of other filters for
// enlarging, each of 16 bits.
func (b *jxlBits) transform(xyb bool) {
	if xyb && !b.flag() {
		b.at += 16 * 16
	}
	mask := b.take(3)
	for i, n := range [3]int{15, 55, 210} {
		if mask>>i&1 == 1 {
			b.at += 16 * n
		}
	}
}
