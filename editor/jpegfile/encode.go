package jpegfile

import "math/bits"

// walk codes all blocks of the scan in their order.
func (e *encoder) walk() {
	f := e.file
	block := e.coding()
	if len(e.scan.components) == 1 {
		c := &f.Components[e.scan.components[0].index]
		for y := range c.Rows {
			for x := range c.Columns {
				e.mcu()
				block(0, c.Block(x, y))
			}
		}
	} else {
		for y := range f.mcusY {
			for x := range f.mcusX {
				e.mcu()
				e.blocks(x, y, block)
			}
		}
	}
	e.end()
}

// end writes what is still held back, before a restart marker and at the end.
func (e *encoder) end() {
	if e.arith != nil {
		e.arith.finish()
		return
	}
	e.endBand()
	e.flush()
}

// blocks codes the blocks of one MCU.
func (e *encoder) blocks(x, y int, block func(part int, b *[64]int16)) {
	for i := range e.scan.components {
		c := &e.file.Components[e.scan.components[i].index]
		for v := range c.v {
			for h := range c.h {
				block(i, c.Block(x*c.h+h, y*c.v+v))
			}
		}
	}
}

// coding returns the function that codes a block in this scan.
func (e *encoder) coding() func(part int, b *[64]int16) {
	switch sc := e.scan; {
	case e.arith != nil:
		return e.arith.coding()
	case e.file.Mode != Progressive:
		return e.sequential
	case sc.ss == 0 && sc.ah == 0:
		return e.firstDC
	case sc.ss == 0:
		return e.refineDC
	case sc.ah == 0:
		return e.firstAC
	}
	return e.refineAC
}

// magnitude returns the category of a value and the bits that tell it from
// others of that category (F.1.2.1).
func magnitude(v int32) (size uint, rest uint32) {
	sign := v >> 31
	size = uint(bits.Len32(uint32((v ^ sign) - sign)))
	return size, uint32(v+sign) & (1<<size - 1)
}

func (e *encoder) sequential(part int, b *[64]int16) {
	slots := &e.slots[part]
	e.dcDifference(part, int32(b[0]))
	ac := &e.ac[slots.ac]
	at := 0
	for k := 1; k < 64; k++ {
		v := b[k]
		if v == 0 {
			continue
		}
		zeros := k - at - 1
		for ; zeros > 15; zeros -= 16 {
			e.symbol(ac, 0xf0, 0, 0)
		}
		size, rest := magnitude(int32(v))
		e.symbol(ac, zeros<<4|int(size), rest, size)
		at = k
	}
	if at < 63 {
		e.symbol(ac, 0, 0, 0)
	}
}

func (e *encoder) dcDifference(part int, dc int32) {
	size, rest := magnitude(dc - e.pred[part])
	e.pred[part] = dc
	e.symbol(&e.dc[e.slots[part].dc], int(size), rest, size)
}

func (e *encoder) firstDC(part int, b *[64]int16) {
	e.dcDifference(part, int32(b[0])>>e.scan.al)
}

func (e *encoder) refineDC(_ int, b *[64]int16) {
	if !e.counting {
		e.put(uint64(b[0]>>e.scan.al&1), 1)
	}
}

// above returns the bits of a coefficient's magnitude from al on.
func above(v int16, al int) int32 {
	if v < 0 {
		return -int32(v) >> al
	}
	return int32(v) >> al
}

func (e *encoder) firstAC(part int, b *[64]int16) {
	ac, al := &e.ac[e.slots[part].ac], e.scan.al
	zeros := 0
	for k := e.scan.ss; k <= e.scan.se; k++ {
		v := above(b[k], al)
		if v == 0 {
			zeros++
			continue
		}
		e.endBand()
		for ; zeros > 15; zeros -= 16 {
			e.symbol(ac, 0xf0, 0, 0)
		}
		if b[k] < 0 {
			v = -v
		}
		size, rest := magnitude(v)
		e.symbol(ac, zeros<<4|int(size), rest, size)
		zeros = 0
	}
	if zeros > 0 {
		e.emptyBand()
	}
}

// maxPending is how many correcting bits may wait for the end of a run: as many
// as libjpeg's, so that files come out in the size in which it wrote them.
const maxPending = 1000

// emptyBand counts a block whose band holds nothing more.
func (e *encoder) emptyBand() {
	if e.run++; e.run == 0x7fff || len(e.pending) > maxPending-63 {
		e.endBand()
	}
}

// endBand writes the run of blocks without coefficients, and the bits that
// correct those that they had before (figures G.4 and G.7).
func (e *encoder) endBand() {
	if e.run > 0 {
		size := uint(bits.Len32(uint32(e.run)) - 1)
		e.symbol(&e.ac[e.slots[0].ac], int(size<<4), uint32(e.run)&(1<<size-1), size)
		e.run = 0
	}
	e.correct(e.pending)
	e.pending = e.pending[:0]
}

func (e *encoder) correct(bits []byte) {
	if e.counting {
		return
	}
	for _, b := range bits {
		e.put(uint64(b), 1)
	}
}

func (e *encoder) refineAC(part int, b *[64]int16) {
	ac, al := &e.ac[e.slots[part].ac], e.scan.al
	end := 0 // the last coefficient that is new in this scan
	for k := e.scan.ss; k <= e.scan.se; k++ {
		if above(b[k], al) == 1 {
			end = k
		}
	}
	zeros := 0
	from := len(e.pending) // the bits of this block that are not written yet
	for k := e.scan.ss; k <= e.scan.se; k++ {
		v := above(b[k], al)
		if v == 0 {
			zeros++
			continue
		}
		for zeros > 15 && k <= end {
			own := e.own(from)
			e.symbol(ac, 0xf0, 0, 0)
			e.correct(own)
			zeros, from = zeros-16, 0
		}
		if v > 1 {
			e.pending = append(e.pending, byte(v&1))
			continue
		}
		own := e.own(from)
		sign := uint32(1)
		if b[k] < 0 {
			sign = 0
		}
		e.symbol(ac, zeros<<4|1, sign, 1)
		e.correct(own)
		zeros, from = 0, 0
	}
	if zeros > 0 || len(e.pending) > from {
		e.emptyBand()
	}
}

// own ends the run of blocks before, and returns this block's bits, which follow
// the next symbol.
func (e *encoder) own(from int) []byte {
	own := append(e.spare[:0], e.pending[from:]...)
	e.spare = own
	e.pending = e.pending[:from]
	e.endBand()
	return own
}
