package jpegfile

// arithmeticEncoder codes a scan with the QM coder: the inverse of arithmetic.
type arithmeticEncoder struct {
	e    *encoder
	cond conditioning

	c, a   uint32
	shift  int // bits until the next byte
	held   int // the byte before, which a carry may still change; -1 for none
	ones   int // bytes 0xff behind it
	zeros  int // zeros before it, left out where nothing follows
	pred   [4]int32
	models arithmeticModels
}

func newArithmeticEncoder(e *encoder) *arithmeticEncoder {
	a := &arithmeticEncoder{e: e, cond: e.scan.cond}
	a.cond.defaults()
	a.reset()
	return a
}

// reset starts over, at the start of a scan and after restart markers.
func (a *arithmeticEncoder) reset() {
	a.models, a.pred = arithmeticModels{}, [4]int32{}
	a.c, a.a, a.shift, a.held, a.ones, a.zeros = 0, 1<<16, 11, -1, 0, 0
}

// coding returns the function that codes a block in this scan.
func (a *arithmeticEncoder) coding() func(part int, b *[64]int16) {
	sc := a.e.scan
	switch {
	case a.e.file.Mode != Progressive:
		return func(part int, b *[64]int16) {
			a.difference(part, int32(b[0]))
			a.band(part, b, 1, 63, 0)
		}
	case sc.ss == 0 && sc.ah == 0:
		return func(part int, b *[64]int16) { a.difference(part, int32(b[0])>>sc.al) }
	case sc.ss == 0:
		return func(_ int, b *[64]int16) { a.even(int(b[0]) >> sc.al & 1) }
	case sc.ah == 0:
		return func(part int, b *[64]int16) { a.band(part, b, sc.ss, sc.se, sc.al) }
	}
	return a.refineAC
}

// bit codes one decision with an adaptive state (figures D.1 to D.7).
func (a *arithmeticEncoder) bit(state *uint8, v int) {
	more := int(*state >> 7)
	s := &estimates[*state&0x7f]
	a.a -= s.qe
	less := v != more
	if !less && a.a >= 0x8000 {
		return
	}
	// The larger part of the interval is that of the more probable symbol.
	if less == (a.a >= s.qe) {
		a.c += a.a
		a.a = s.qe
	}
	s.adapt(state, more, less)
	for {
		a.a <<= 1
		a.c <<= 1
		if a.shift--; a.shift == 0 {
			a.byte(a.c >> 19)
			a.c &= 1<<19 - 1
			a.shift = 8
		}
		if a.a >= 0x8000 {
			return
		}
	}
}

// even codes a decision whose outcomes are equally probable.
func (a *arithmeticEncoder) even(v int) {
	state := uint8(0)
	a.bit(&state, v)
}

// byte takes the next eight bits, with a carry above them (figure D.8).
func (a *arithmeticEncoder) byte(v uint32) {
	switch {
	case v > 0xff:
		a.carry()
	case v == 0xff:
		a.ones++
		return
	default:
		a.release()
	}
	a.held = int(v & 0xff)
}

// carry adds one to the bytes that are held back.
func (a *arithmeticEncoder) carry() {
	if a.held >= 0 {
		a.emit(byte(a.held + 1))
	}
	a.zeros, a.ones = a.zeros+a.ones, 0
}

// release writes the bytes that are held back: no carry can reach them any more.
func (a *arithmeticEncoder) release() {
	if a.held == 0 {
		a.zeros++
	} else if a.held > 0 {
		a.emit(byte(a.held))
	}
	for ; a.ones > 0; a.ones-- {
		a.emit(0xff)
	}
}

func (a *arithmeticEncoder) emit(b byte) {
	for ; a.zeros > 0; a.zeros-- {
		a.e.out = append(a.e.out, 0)
	}
	a.e.stuffed(b)
}

// finish writes what is needed to tell the last interval from others: the value
// in it with the most zeros at the end, which are left out (figure D.15).
func (a *arithmeticEncoder) finish() {
	v := (a.c + a.a - 1) &^ 0xffff
	if v < a.c {
		v += 0x8000
	}
	v <<= uint(a.shift)
	if v>>27 != 0 {
		a.carry()
	} else {
		a.release()
	}
	if v&0x7fff800 != 0 {
		a.emit(byte(v >> 19))
		if v&0x7f800 != 0 {
			a.emit(byte(v >> 11))
		}
	}
}

// number codes v, of which it is known that it is at least 1, beginning with its
// size in the states from at on. known is a size that was coded already.
func (a *arithmeticEncoder) number(states []uint8, at int, v, known int32) {
	size := known
	for ; v>>1 >= size; size <<= 1 {
		a.bit(&states[at], 1)
		at++
	}
	a.bit(&states[at], 0)
	for size >>= 1; size > 0; size >>= 1 {
		bit := 0
		if v&size != 0 {
			bit = 1
		}
		a.bit(&states[at+14], bit)
	}
}

// difference codes a DC value by its difference from the one before (F.1.4.1).
func (a *arithmeticEncoder) difference(part int, dc int32) {
	slot := a.e.scan.components[part].dcSlot
	states := a.models.dc[slot][:]
	at := a.models.context[part]
	v := dc - a.pred[part]
	a.pred[part] = dc
	a.models.context[part] = 0
	if v == 0 {
		a.bit(&states[at], 0)
		return
	}
	a.bit(&states[at], 1)
	sign := 0
	if v < 0 {
		sign, v = 1, -v
	}
	a.bit(&states[at+1], sign)
	size := int32(0)
	if v--; v > 0 {
		a.bit(&states[at+2+sign], 1)
		a.number(states, 20, v, 1)
		for size = 1; v>>1 >= size; size <<= 1 {
		}
	} else {
		a.bit(&states[at+2+sign], 0)
	}
	a.models.context[part] = a.cond.context(slot, size, sign)
}

// band codes the bits from al on of coefficients from..to (F.1.4.2).
func (a *arithmeticEncoder) band(part int, b *[64]int16, from, to, al int) {
	slot := a.e.scan.components[part].acSlot
	states := a.models.ac[slot][:]
	end := lastAbove(b, to, al)
	k := from
	for ; k <= end; k++ {
		a.bit(&states[3*(k-1)], 0)
		for above(b[k], al) == 0 {
			a.bit(&states[3*(k-1)+1], 0)
			k++
		}
		a.bit(&states[3*(k-1)+1], 1)
		a.even(int(uint16(b[k]) >> 15))
		v, size := above(b[k], al)-1, &states[3*(k-1)+2]
		switch v {
		case 0:
			a.bit(size, 0)
		case 1:
			a.bit(size, 1)
			a.bit(size, 0)
		default:
			a.bit(size, 1)
			a.bit(size, 1)
			a.number(states, a.cond.tail(slot, k), v, 2)
		}
	}
	if k <= to {
		a.bit(&states[3*(k-1)], 1)
	}
}

// lastAbove returns the last coefficient up to one that has bits from al on, 0 for none.
func lastAbove(b *[64]int16, to, al int) int {
	for to > 0 && above(b[to], al) == 0 {
		to--
	}
	return to
}

// refineAC codes bit al of a band's coefficients (G.1.3.3).
func (a *arithmeticEncoder) refineAC(part int, b *[64]int16) {
	sc := a.e.scan
	states := a.models.ac[sc.components[part].acSlot][:]
	end, before := lastAbove(b, sc.se, sc.al), lastAbove(b, sc.se, sc.ah)
	k := sc.ss
	for ; k <= end; k++ {
		if k > before {
			a.bit(&states[3*(k-1)], 0)
		}
		for above(b[k], sc.al) == 0 {
			a.bit(&states[3*(k-1)+1], 0)
			k++
		}
		if v := above(b[k], sc.al); v > 1 {
			a.bit(&states[3*(k-1)+2], int(v&1))
		} else {
			a.bit(&states[3*(k-1)+1], 1)
			a.even(int(uint16(b[k]) >> 15))
		}
	}
	if k <= sc.se {
		a.bit(&states[3*(k-1)], 1)
	}
}
