package jpegfile

import "slices"

// scanReader decodes the entropy coded data of one scan, a row of MCUs at a time.
type scanReader struct {
	bitReader
	scan       *scan
	parts      []scanPart
	cols, rows int // in MCUs
	restart    int
	left       int // MCUs before the next restart marker
	next       byte
	passed     int   // restart markers
	from       int   // the first MCU of the next row, where it isn't 0
	run        int32 // blocks of this band that hold nothing more (EOBRUN)
	row        func(y int) error
	reset      func()
	arith      *arithmetic
	lenient    bool // go on behind codes that cannot be
	flawed     bool // there were such codes
}

// scanPart is a component in a scan.
type scanPart struct {
	scanComponent
	h, v   int
	stride int
	pred   int32
	// coefficients of the row of MCUs that is decoded next, v rows of stride
	// blocks. ends, if not nil, gets the last coefficient that is not zero.
	coefficients []int16
	ends         []uint8
}

// beginScan reads a scan's header.
func (r *reader) beginScan() (*scanReader, error) {
	p, ok := r.payload()
	if !ok || len(p) < 1 || p[0] < 1 || p[0] > 4 || len(p) < 4+2*int(p[0]) {
		return nil, damaged("a scan's header of %d bytes", len(p))
	}
	f := r.file
	n := int(p[0])
	sc := scan{ss: int(p[1+2*n]), se: int(p[2+2*n]), ah: int(p[3+2*n] >> 4), al: int(p[3+2*n] & 15), restart: r.restart}
	for i := range n {
		index := sc.find(f.Components, p[1+2*i])
		if index < 0 {
			return nil, damaged("a scan of component %d", p[1+2*i])
		}
		c := scanComponent{index: index, dcSlot: p[2+2*i] >> 4, acSlot: p[2+2*i] & 15}
		if c.dcSlot > 3 || c.acSlot > 3 {
			return nil, damaged("a scan with table %d", p[2+2*i])
		}
		sc.components = append(sc.components, c)
	}
	if err := r.checkBand(&sc); err != nil {
		return nil, err
	}
	if err := r.tables(&sc); err != nil {
		return nil, err
	}
	f.scans = append(f.scans, sc)
	return r.newScan(&f.scans[len(f.scans)-1])
}

// find returns the index of the first component of an identifier that the scan doesn't
// have yet, -1 without one: some writers give all components the same.
func (sc *scan) find(all []Component, id byte) int {
	for index, c := range all {
		if c.ID == id && !slices.ContainsFunc(sc.components, func(c scanComponent) bool { return c.index == index }) {
			return index
		}
	}
	return -1
}

// checkBand refuses bands of coefficients that cannot be. Sequential files have
// one band, whatever their headers say.
func (r *reader) checkBand(sc *scan) error {
	if r.file.Mode != Progressive {
		sc.ss, sc.se, sc.ah, sc.al = 0, 63, 0, 0
		for _, c := range sc.components {
			if r.seen[c.index] {
				return damaged("two scans of component %d", c.index)
			}
		}
		return nil
	}
	ok := sc.ss <= sc.se && sc.se < 64 && sc.al <= 13 && (sc.ah == 0 || sc.ah == sc.al+1)
	if sc.ss == 0 {
		ok = ok && sc.se == 0
	} else {
		ok = ok && len(sc.components) == 1
	}
	if !ok {
		return damaged("a scan of coefficients %d to %d, bits %d to %d", sc.ss, sc.se, sc.ah, sc.al)
	}
	r.order.add(sc)
	return nil
}

// tables notes the tables that a scan is coded with.
func (r *reader) tables(sc *scan) error {
	f := r.file
	for i := range sc.components {
		c := &sc.components[i]
		if comp := &f.Components[c.index]; !comp.quants {
			t := r.quant[comp.slot]
			if t == nil {
				return damaged("no quantisation table %d", comp.slot)
			}
			comp.Quant, comp.wide, comp.quants = t.values, t.wide, true
		}
		if f.Arithmetic {
			continue
		}
		if sc.ss == 0 && sc.ah == 0 {
			c.implied = r.dc[c.dcSlot] == nil
			c.dc = orStandard(r.dc[c.dcSlot], standardDC, c.dcSlot)
			if c.dc == nil {
				return damaged("no Huffman table %d", c.dcSlot)
			}
		}
		if sc.se > 0 {
			c.implied = c.implied || r.ac[c.acSlot] == nil
			c.ac = orStandard(r.ac[c.acSlot], standardAC, c.acSlot)
			if c.ac == nil {
				return damaged("no Huffman table %d", c.acSlot)
			}
		}
	}
	return nil
}

// orStandard returns a table of the file for reading, or the standard's if it has none.
func orStandard(h *huffman, standard [2]*huffman, slot byte) *huffman {
	if h == nil && int(slot) < len(standard) {
		return standard[slot]
	}
	return h.forReading()
}

// newScan sets up the decoding of a scan whose header was read.
func (r *reader) newScan(sc *scan) (*scanReader, error) {
	f := r.file
	s := &scanReader{bitReader: bitReader{data: r.data, pos: r.pos}, scan: sc, restart: sc.restart, left: sc.restart}
	s.cols, s.rows = f.mcusX, f.mcusY
	for _, c := range sc.components {
		comp := &f.Components[c.index]
		part := scanPart{scanComponent: c, h: comp.h, v: comp.v, stride: comp.Stride}
		if len(sc.components) == 1 {
			part.h, part.v = 1, 1
			s.cols, s.rows = comp.Columns, comp.Rows
		}
		r.visits += int64(s.cols*part.h) * int64(s.rows*part.v)
		s.parts = append(s.parts, part)
	}
	if r.visits > maxVisits*f.blocks() {
		return nil, &UnsupportedError{"too many scans"}
	}
	switch {
	case f.Arithmetic:
		s.arith = newArithmetic(s, &r.cond, f.Mode)
		s.row, s.reset = s.arith.row, s.arith.reset
	case f.Mode == Progressive:
		s.row, s.reset = s.progressiveRow(), s.forget
	default:
		s.row, s.reset = s.sequentialRow, s.forget
	}
	return s, nil
}

// aim has the next row decoded into the file's own coefficients.
func (s *scanReader) aim(f *File, y int) {
	for i := range s.parts {
		p := &s.parts[i]
		p.coefficients = f.Components[p.index].Coefficients[64*y*p.v*p.stride:]
	}
}

// into has the next row decoded into one that is streamed.
func (s *scanReader) into(row *mcuRow) {
	for i := range s.parts {
		p := &s.parts[i]
		p.coefficients, p.ends = row.coefficients[p.index], row.ends[p.index]
	}
}

// wholeScan decodes a scan into the file's coefficients. rows is the number of rows of MCUs
// before an error.
func (r *reader) wholeScan(s *scanReader) (rows int, err error) {
	for y := range s.rows {
		s.aim(r.file, y)
		if err := s.row(y); err != nil {
			return y, err
		}
	}
	return s.rows, nil
}

// endScan goes on behind the scan's data.
func (r *reader) endScan(s *scanReader) error {
	if s.arith == nil && s.overrun() {
		return damaged("cut off in a scan")
	}
	r.pos = s.pos
	r.complete = r.file.Mode != Progressive
	for _, c := range s.scan.components {
		r.seen[c.index] = true
	}
	for _, seen := range r.seen {
		r.complete = r.complete && seen
	}
	return nil
}

// mcu is called before each MCU; it sees that there is data, and passes the restart
// markers.
func (s *scanReader) mcu() error {
	if s.short() {
		return damaged("cut off in a scan")
	}
	if s.restart == 0 {
		return nil
	}
	if s.left == 0 {
		if err := s.pass(); err != nil {
			return err
		}
		s.left = s.restart
	}
	s.left--
	return nil
}

// short reports that the data ended before what was decoded last.
func (s *scanReader) short() bool {
	if s.arith != nil {
		return s.arith.short
	}
	return s.overrun()
}

// pass goes behind the restart marker that is due.
func (s *scanReader) pass() error {
	if s.arith == nil && s.overrun() {
		return damaged("cut off before a restart marker")
	}
	for ; ; s.pos++ {
		if s.pos+1 >= len(s.data) {
			return damaged("cut off before a restart marker")
		}
		if m := s.data[s.pos+1]; s.data[s.pos] == 0xff && m != 0 && m != 0xff {
			if m != mRST0+s.next {
				return damaged("marker %#x instead of restart marker %d", m, s.next)
			}
			break
		}
	}
	s.pos += 2
	s.next = (s.next + 1) & 7
	s.passed++
	s.reset()
	return nil
}

// resume goes behind the next restart marker after damage, and returns the MCU that follows
// it, counted from the scan's first. A marker that is one or two before the one that is due is
// taken for one that was passed, all others for the next of their number.
func (s *scanReader) resume() (mcu int, ok bool) {
	if s.restart == 0 || s.arith != nil {
		return 0, false
	}
	const near = 2
	for ; s.pos+1 < len(s.data); s.pos++ {
		m := s.data[s.pos+1]
		// What looks like a marker below these is damage.
		if s.data[s.pos] != 0xff || m < mSOF0 || m == 0xff {
			continue
		}
		if m < mRST0 || m > mRST7 {
			break
		}
		ahead := int((m - mRST0 - s.next) & 7)
		if ahead >= 8-near {
			continue
		}
		s.pos += 2
		s.next = (m - mRST0 + 1) & 7
		s.passed += 1 + ahead
		s.left = s.restart
		s.reset()
		return s.passed * s.restart, true
	}
	return 0, false
}

// forget begins anew behind a restart marker.
func (s *scanReader) forget() {
	s.bitReader.reset()
	s.run = 0
	for i := range s.parts {
		s.parts[i].pred = 0
	}
}

// flaw notes a code that cannot be, and reports whether the scan goes on behind it.
func (s *scanReader) flaw() bool {
	s.flawed = true
	return s.lenient
}

// maxDC bounds a DC coefficient: twice as much as 8 bits with a table of ones.
const maxDC = 1 << 14

// sequentialRow decodes a row of MCUs.
func (s *scanReader) sequentialRow(int) error {
	from := s.from
	s.from = 0
	for x := from; x < s.cols; x++ {
		if err := s.mcu(); err != nil {
			return err
		}
		for i := range s.parts {
			p := &s.parts[i]
			for v := range p.v {
				at := v*p.stride + x*p.h
				for range p.h {
					end := s.sequential(p, (*[64]int16)(p.coefficients[64*at:]))
					if end < 0 {
						return damaged("an impossible code")
					}
					if p.ends != nil {
						p.ends[at] = uint8(end)
					}
					at++
				}
			}
		}
	}
	if s.overrun() {
		return damaged("cut off in a scan")
	}
	return nil
}

// nextDC decodes a DC coefficient whose lowest bit is al (F.2.2.1). It is false for codes that
// cannot be, unless the scan is lenient.
func (s *scanReader) nextDC(p *scanPart, al uint) (int16, bool) {
	size := s.symbol(p.dc)
	if size < 0 || size > 15 {
		if !s.flaw() {
			return 0, false
		}
		size = 0
	}
	p.pred += extend(s.take(uint(size)), uint(size))
	v := int64(p.pred) << al
	if v >= maxDC || v <= -maxDC {
		if !s.flaw() {
			return 0, false
		}
		v = min(max(v, 1-maxDC), maxDC-1)
		p.pred = int32(v >> al)
	}
	return int16(v), true
}

// sequential decodes a block, whose coefficients are zeros before (F.2.2). It
// returns the last coefficient that is not zero, or a negative number for codes
// that cannot be. In a lenient scan such a code ends its block, as in libjpeg; the decoder
// often falls back into step with the codes.
func (s *scanReader) sequential(p *scanPart, block *[64]int16) int {
	first, ok := s.nextDC(p, 0)
	if !ok {
		return -1
	}
	block[0] = first
	acc, n := s.acc, s.n

	quick := &p.ac.quick
	end, k := 0, 1
	for k < 64 {
		if n < 32 {
			s.acc, s.n = acc, n
			s.fill()
			acc, n = s.acc, s.n
		}
		if q := quick[acc>>(64-lookupBits)]; q != 0 {
			acc <<= q & 63
			n -= int(q & 63)
			end = k + int(q>>8&0xff)
			if end > 63 {
				if !s.flaw() {
					return -1
				}
				end = 63
			}
			block[end] = int16(q >> 16)
			k = end + 1
			continue
		}
		var length uint
		var symbol int
		if e := p.ac.lookup[acc>>(64-lookupBits)]; e != 0 {
			length, symbol = uint(e>>8), int(e&0xff)
		} else if length, symbol = p.ac.long(uint32(acc >> 48)); symbol < 0 {
			if !s.flaw() {
				return -1
			}
			symbol = 0 // the block ends
		}
		acc <<= length & 63
		n -= int(length)
		size := uint(symbol & 15)
		if size == 0 {
			if symbol != 0xf0 {
				break
			}
			k += 16
			continue
		}
		if k += symbol >> 4; k > 63 {
			if !s.flaw() {
				return -1
			}
			k = 63
		}
		block[k] = int16(extend(int32(acc>>(64-size)), size))
		acc <<= size & 63
		n -= int(size)
		end = k
		k++
	}
	s.acc, s.n = acc, n
	return end
}
