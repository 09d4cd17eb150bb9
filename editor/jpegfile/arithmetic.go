package jpegfile

// conditioning holds what DAC segments set (B.2.4.3): bounds of small and large
// differences of DC, and the last coefficient that counts as low.
type conditioning struct {
	set    bool
	dcLow  [4]uint8
	dcHigh [4]uint8
	acLow  [4]uint8
}

// defaults are the standard's values, until a segment sets others.
func (c *conditioning) defaults() {
	if !c.set {
		c.set = true
		for i := range c.dcLow {
			c.dcLow[i], c.dcHigh[i], c.acLow[i] = 0, 1, 5
		}
	}
}

func (c *conditioning) read(p []byte) error {
	c.defaults()
	for ; len(p) >= 2; p = p[2:] {
		slot, v := p[0]&15, p[1]
		switch {
		case slot > 3 || p[0] > 31:
			return damaged("conditioning of table %d", p[0])
		case p[0] > 15:
			c.acLow[slot] = v
		case v&15 > v>>4:
			return damaged("conditioning by %d to %d", v&15, v>>4)
		default:
			c.dcLow[slot], c.dcHigh[slot] = v&15, v>>4
		}
	}
	return nil
}

// context returns the states for the DC difference that follows one of a size and sign.
func (c *conditioning) context(slot byte, size int32, sign int) int {
	switch {
	case size < 1<<c.dcLow[slot]>>1:
		return 0
	case size > 1<<c.dcHigh[slot]>>1:
		return 12 + 4*sign
	}
	return 4 + 4*sign
}

// tail returns the states for sizes above 2 of coefficient k.
func (c *conditioning) tail(slot byte, k int) int {
	if k <= int(c.acLow[slot]) {
		return 189
	}
	return 217
}

// changes returns what a DAC segment says to come here from other values.
func (c *conditioning) changes(from *conditioning) (p []byte) {
	for i := range c.dcLow {
		if c.dcLow[i] != from.dcLow[i] || c.dcHigh[i] != from.dcHigh[i] {
			p = append(p, byte(i), c.dcHigh[i]<<4|c.dcLow[i])
		}
		if c.acLow[i] != from.acLow[i] {
			p = append(p, byte(16|i), c.acLow[i])
		}
	}
	return p
}

// arithmetic decodes a scan with the QM coder (annex D), whose models are those
// of F.1.4 and G.1.3.
type arithmetic struct {
	s      *scanReader
	cond   conditioning
	decode func(p *scanPart, part int, b *[64]int16) bool

	c, a  uint32
	shift int  // bits until the next byte
	short bool // the data ended without a marker

	models arithmeticModels
}

// arithmeticModels are the states of all decisions.
type arithmeticModels struct {
	dc      [4][64]uint8  // by table; the top bit is the more probable symbol
	ac      [4][256]uint8 // likewise
	context [4]int        // of the next DC difference, by component of the scan
}

func newArithmetic(s *scanReader, cond *conditioning, mode Mode) *arithmetic {
	cond.defaults()
	s.scan.cond = *cond
	a := &arithmetic{s: s, cond: *cond}
	switch sc := s.scan; {
	case mode != Progressive:
		a.decode = a.sequential
	case sc.ss == 0 && sc.ah == 0:
		a.decode = a.firstDC
	case sc.ss == 0:
		a.decode = a.refineDC
	case sc.ah == 0:
		a.decode = a.firstAC
	default:
		a.decode = a.refineAC
	}
	a.reset()
	return a
}

// reset starts over, at the start of a scan and after restart markers.
func (a *arithmetic) reset() {
	a.models = arithmeticModels{}
	for i := range a.s.parts {
		a.s.parts[i].pred = 0
	}
	a.c = a.byte()<<24 | a.byte()<<16
	a.a, a.shift = 1<<16, 0
}

// byte returns the next byte of the data, zeros at a marker (D.2.6).
func (a *arithmetic) byte() uint32 {
	s := a.s
	if s.pos >= len(s.data) {
		a.short = true
		return 0
	}
	v := s.data[s.pos]
	if v != 0xff {
		s.pos++
		return uint32(v)
	}
	s.skipFill()
	switch {
	case s.pos+1 >= len(s.data):
		a.short = true
		return 0
	case s.data[s.pos+1] == 0:
		s.pos += 2
		return 0xff
	}
	return 0
}

// row decodes a row of MCUs.
func (a *arithmetic) row(int) error {
	s := a.s
	for x := range s.cols {
		if err := s.mcu(); err != nil {
			return err
		}
		for i := range s.parts {
			p := &s.parts[i]
			for v := range p.v {
				at := v*p.stride + x*p.h
				for range p.h {
					b := (*[64]int16)(p.coefficients[64*at:])
					if !a.decode(p, i, b) {
						return damaged("an impossible code")
					}
					if p.ends != nil {
						p.ends[at] = uint8(last(b))
					}
					at++
				}
			}
		}
		if a.short {
			return damaged("cut off in a scan")
		}
	}
	return nil
}

// bit decodes one decision with an adaptive state (figures D.8 to D.11).
func (a *arithmetic) bit(state *uint8) int {
	more := int(*state >> 7)
	e := &estimates[*state&0x7f]
	a.a -= e.qe
	if a.c>>16 < a.a {
		if a.a >= 0x8000 {
			return more
		}
		less := a.a < e.qe
		v := e.adapt(state, more, less)
		a.renormalise()
		return v
	}
	a.c -= a.a << 16
	less := a.a >= e.qe
	a.a = e.qe
	v := e.adapt(state, more, less)
	a.renormalise()
	return v
}

func (a *arithmetic) renormalise() {
	for {
		if a.shift == 0 {
			a.c |= a.byte() << 8
			a.shift = 8
		}
		a.a <<= 1
		a.c <<= 1
		a.shift--
		if a.a >= 0x8000 {
			return
		}
	}
}

// even decodes a decision whose outcomes are equally probable.
func (a *arithmetic) even() int {
	state := uint8(0)
	return a.bit(&state)
}

// estimate is a state of the probability estimation (table D.3).
type estimate struct {
	qe         uint32
	less, more uint8
	exchange   bool
}

// adapt moves a state on after the less or the more probable symbol, and returns
// the symbol.
func (e *estimate) adapt(state *uint8, more int, less bool) int {
	if !less {
		*state = uint8(more)<<7 | e.more
		return more
	}
	next := more
	if e.exchange {
		next = 1 - more
	}
	*state = uint8(next)<<7 | e.less
	return 1 - more
}

// number decodes the size of a number from state at of a table on, whose bits have
// the states 14 further, and then the number. size is what is known of it: 1.
func (a *arithmetic) number(states []uint8, at int, size int32) (v int32, largest int32, ok bool) {
	for a.bit(&states[at&255]) != 0 {
		if size <<= 1; size == 0x8000 {
			return 0, 0, false
		}
		at++
	}
	largest = size
	v = size
	for size >>= 1; size > 0; size >>= 1 {
		if a.bit(&states[(at+14)&255]) != 0 {
			v |= size
		}
	}
	return v, largest, true
}

// difference decodes a DC difference and adds it to the prediction (F.2.4.1).
func (a *arithmetic) difference(p *scanPart, part int) bool {
	slot := p.dcSlot
	states := a.models.dc[slot][:]
	at := a.models.context[part]
	a.models.context[part] = 0
	if a.bit(&states[at]) == 0 {
		return true
	}
	sign := a.bit(&states[at+1])
	var v, size int32
	if a.bit(&states[at+2+sign]) != 0 {
		var ok bool
		if v, size, ok = a.number(states, 20, 1); !ok {
			return false
		}
	}
	a.models.context[part] = a.cond.context(slot, size, sign)
	v++
	if sign != 0 {
		v = -v
	}
	p.pred += v
	return p.pred < maxDC && p.pred > -maxDC
}

func (a *arithmetic) sequential(p *scanPart, part int, b *[64]int16) bool {
	if !a.difference(p, part) {
		return false
	}
	b[0] = int16(p.pred)
	return a.band(p, b, 1, 63, 0)
}

func (a *arithmetic) firstDC(p *scanPart, part int, b *[64]int16) bool {
	if !a.difference(p, part) {
		return false
	}
	v := int64(p.pred) << a.s.scan.al
	b[0] = int16(v)
	return v < maxDC && v > -maxDC
}

func (a *arithmetic) refineDC(_ *scanPart, _ int, b *[64]int16) bool {
	b[0] |= int16(a.even() << a.s.scan.al)
	return true
}

func (a *arithmetic) firstAC(p *scanPart, _ int, b *[64]int16) bool {
	return a.band(p, b, a.s.scan.ss, a.s.scan.se, uint(a.s.scan.al))
}

// band decodes coefficients from..to, whose bits begin at al (F.2.4.2).
func (a *arithmetic) band(p *scanPart, b *[64]int16, from, to int, al uint) bool {
	states := a.models.ac[p.acSlot][:]
	for k := from; k <= to; k++ {
		if a.bit(&states[3*(k-1)]) != 0 {
			return true
		}
		for a.bit(&states[3*(k-1)+1]) == 0 {
			if k++; k > to {
				return false
			}
		}
		sign := a.even()
		size := &states[3*(k-1)+2]
		v, ok := int32(0), true
		if a.bit(size) != 0 {
			v = 1
			if a.bit(size) != 0 {
				v, _, ok = a.number(states, a.cond.tail(p.acSlot, k), 2)
			}
		}
		if v = (v + 1) << al; !ok || v > 1<<15-1 {
			return false
		}
		if sign != 0 {
			v = -v
		}
		b[k] = int16(v)
	}
	return true
}

// refineAC adds a bit to the coefficients of a band (G.1.3.3).
func (a *arithmetic) refineAC(p *scanPart, _ int, b *[64]int16) bool {
	states := a.models.ac[p.acSlot][:]
	se, bit := a.s.scan.se, int16(1)<<a.s.scan.al
	end := se // of what the scans before told
	for end > 0 && b[end] == 0 {
		end--
	}
	for k := a.s.scan.ss; k <= se; k++ {
		if k > end && a.bit(&states[3*(k-1)]) != 0 {
			return true
		}
		for ; ; k++ {
			if k > se {
				return false
			}
			if v := b[k]; v != 0 {
				if a.bit(&states[3*(k-1)+2]) != 0 {
					if v < 0 {
						b[k] = v - bit
					} else {
						b[k] = v + bit
					}
				}
				break
			}
			if a.bit(&states[3*(k-1)+1]) != 0 {
				b[k] = bit
				if a.even() != 0 {
					b[k] = -bit
				}
				break
			}
		}
	}
	return true
}
