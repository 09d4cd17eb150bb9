package jpegfile

import (
	"encoding/binary"
	"io"
	"math"

	"overpaint.dev/overpaint/editor/parallel"
)

// Write writes the file: the segments first, then the tables, the frame and the
// scans, each with the band, bits and restart interval that it was read with.
// Sequential scans keep their Huffman tables where these have codes for all that
// is to be written; all others get tables made for them.
func (f *File) Write(w io.Writer) error {
	scans := f.scans
	coded := make([]codedScan, len(scans))
	parallel.All(len(scans), 1, func(i, _ int) { coded[i] = f.encode(&scans[i]) })

	out := &segmentWriter{w: w}
	out.bytes(0xff, mSOI)
	for _, s := range f.Segments {
		out.segment(s.Marker, s.Payload)
	}
	var tables writtenTables
	for i := range f.Components {
		tables.quantise(&f.Components[i], false)
	}
	tables.flush(out)
	f.writeFrame(out)
	for i := range scans {
		f.writeScan(out, &scans[i], &coded[i], &tables)
	}
	out.bytes(0xff, mEOI)
	return out.err
}

// segmentWriter writes marker segments and keeps the first error.
type segmentWriter struct {
	w   io.Writer
	err error
}

func (s *segmentWriter) bytes(b ...byte) {
	if s.err == nil {
		_, s.err = s.w.Write(b)
	}
}

func (s *segmentWriter) segment(marker byte, payload []byte) {
	if len(payload) > math.MaxUint16-2 {
		return // cannot be written, and was not read
	}
	s.bytes(append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(payload)+2)), payload...)...)
}

// writtenTables are the tables that a decoder has at this point of the file, and
// those that it needs next.
type writtenTables struct {
	quant                [4]*[64]uint16
	dc, ac               [4]*huffman
	restart              int
	cond                 conditioning
	newQuant, newHuffman []byte // payloads of segments that are still to be written
}

// quantise adds a component's quantisation table unless it is there. Where the
// slot holds another one it is only added for a scan that needs it.
func (t *writtenTables) quantise(c *Component, scan bool) {
	old := t.quant[c.slot]
	if old != nil && (*old == c.Quant || !scan) {
		return
	}
	t.quant[c.slot] = &c.Quant
	wide := c.wide
	for _, v := range c.Quant {
		wide = wide || v > 255
	}
	if !wide {
		t.newQuant = append(t.newQuant, c.slot)
		for _, v := range c.Quant {
			t.newQuant = append(t.newQuant, byte(v))
		}
		return
	}
	t.newQuant = append(t.newQuant, 1<<4|c.slot)
	for _, v := range c.Quant {
		t.newQuant = append(t.newQuant, byte(v>>8), byte(v))
	}
}

// huffman adds a table unless it is there; now are the slots of its class.
func (t *writtenTables) huffman(now *[4]*huffman, class, slot byte, h *huffman) {
	if h == nil || h.sameCodes(now[slot]) {
		return
	}
	now[slot] = h
	t.newHuffman = append(append(append(t.newHuffman, class<<4|slot), h.counts[:]...), h.values...)
}

// flush writes what was added, one segment for each kind.
func (t *writtenTables) flush(out *segmentWriter) {
	if len(t.newQuant) > 0 {
		out.segment(mDQT, t.newQuant)
	}
	if len(t.newHuffman) > 0 {
		out.segment(mDHT, t.newHuffman)
	}
	t.newQuant, t.newHuffman = t.newQuant[:0], t.newHuffman[:0]
}

func (f *File) writeFrame(out *segmentWriter) {
	marker := map[Mode]byte{Baseline: mSOF0, Extended: mSOF1, Progressive: mSOF2}[f.Mode]
	switch {
	case f.Arithmetic && f.Mode == Progressive:
		marker = mSOF10
	case f.Arithmetic:
		marker = mSOF9
	}
	p := []byte{8, byte(f.Height >> 8), byte(f.Height), byte(f.Width >> 8), byte(f.Width), byte(len(f.Components))}
	for i := range f.Components {
		c := &f.Components[i]
		p = append(p, c.ID, byte(c.H<<4|c.V), c.slot)
	}
	out.segment(marker, p)
}

func (f *File) writeScan(out *segmentWriter, sc *scan, coded *codedScan, t *writtenTables) {
	p := []byte{byte(len(sc.components))}
	for i := range sc.components {
		c := &sc.components[i]
		t.quantise(&f.Components[c.index], true)
		t.huffman(&t.dc, 0, coded.slots[i].dc, coded.dc[i])
		t.huffman(&t.ac, 1, coded.slots[i].ac, coded.ac[i])
		p = append(p, f.Components[c.index].ID, coded.slots[i].dc<<4|coded.slots[i].ac)
	}
	t.flush(out)
	if f.Arithmetic && sc.cond.set {
		t.cond.defaults()
		if p := sc.cond.changes(&t.cond); len(p) > 0 {
			out.segment(mDAC, p)
		}
		t.cond = sc.cond
	}
	if t.restart != sc.restart {
		t.restart = sc.restart
		out.segment(mDRI, binary.BigEndian.AppendUint16(nil, uint16(sc.restart)))
	}
	out.segment(mSOS, append(p, byte(sc.ss), byte(sc.se), byte(sc.ah<<4|sc.al)))
	out.bytes(coded.data...)
}

// codedScan is a scan's entropy coded data with the tables and, for each
// component, the tables' slots.
type codedScan struct {
	data   []byte
	dc, ac [4]*huffman
	slots  [4]struct{ dc, ac byte }
}

// encode codes a scan. Components that shared a table go on sharing one.
func (f *File) encode(sc *scan) codedScan {
	e := &encoder{file: f, scan: sc}
	e.assign()
	if f.Arithmetic {
		e.start(false)
		e.arith = newArithmeticEncoder(e)
		e.walk()
		return codedScan{data: e.out, slots: e.slots}
	}
	if f.Mode != Progressive && e.keepTables() {
		e.walk()
		if !e.missing {
			return e.result()
		}
	}
	e.start(true)
	e.walk()
	e.optimise()
	e.start(false)
	e.walk()
	return e.result()
}

// encoder codes a scan, or counts its symbols.
type encoder struct {
	file *File
	scan *scan
	// One table for each slot that the scan's components use.
	dc, ac   [4]coder
	slots    [4]struct{ dc, ac byte }
	counting bool
	missing  bool // a symbol has no code

	out  []byte
	acc  uint64 // bits that are not yet in out, at the bottom
	n    uint
	pred [4]int32
	left int
	next byte

	run     int32  // blocks without a coefficient, not yet written
	pending []byte // bits that correct coefficients of those blocks
	spare   []byte

	arith *arithmeticEncoder // nil for Huffman coding
}

// coder is a table and how often its symbols occur.
type coder struct {
	table     *huffman
	frequency *[257]int64
}

// assign gives the components' tables slots, those of the file where it had tables.
func (e *encoder) assign() {
	for i, c := range e.scan.components {
		e.slots[i].dc, e.slots[i].ac = c.dcSlot, c.acSlot
		if e.file.Mode == Baseline {
			e.slots[i].dc, e.slots[i].ac = c.dcSlot&1, c.acSlot&1
		}
	}
	e.start(true)
}

// keepTables takes the tables that the scan was read with, and reports whether
// there are any.
func (e *encoder) keepTables() bool {
	e.start(false)
	for i, c := range e.scan.components {
		s := e.slots[i]
		dc, ac := &e.dc[s.dc], &e.ac[s.ac]
		if c.implied || c.dc == nil || c.ac == nil || dc.table != nil && !dc.table.sameCodes(c.dc) || ac.table != nil && !ac.table.sameCodes(c.ac) {
			return false
		}
		dc.table, ac.table = c.dc, c.ac
	}
	return true
}

// start begins a walk over the scan.
func (e *encoder) start(counting bool) {
	e.counting, e.missing = counting, false
	e.out, e.acc, e.n, e.pred, e.left, e.next = nil, 0, 0, [4]int32{}, e.scan.restart, 0
	if counting {
		for i := range e.dc {
			e.dc[i].frequency, e.ac[i].frequency = new([257]int64), new([257]int64)
		}
	}
}

// optimise makes the best tables for what was counted.
func (e *encoder) optimise() {
	for i := range e.dc {
		e.dc[i].table, e.ac[i].table = optimal(e.dc[i].frequency), optimal(e.ac[i].frequency)
	}
}

func (e *encoder) result() codedScan {
	c := codedScan{data: e.out, slots: e.slots}
	for i := range e.scan.components {
		if e.scan.ss == 0 && e.scan.ah == 0 {
			c.dc[i] = e.dc[e.slots[i].dc].table
		}
		if e.scan.se > 0 {
			c.ac[i] = e.ac[e.slots[i].ac].table
		}
	}
	return c
}

// symbol writes a symbol and the bits that belong to it, or counts it.
func (e *encoder) symbol(c *coder, s int, bits uint32, size uint) {
	if e.counting {
		c.frequency[s&255]++
		return
	}
	length := uint(c.table.lengths[s&255])
	if length == 0 {
		e.missing = true
		return
	}
	e.put(uint64(c.table.codes[s&255])<<size|uint64(bits), length+size)
}

// put writes up to 32 bits.
func (e *encoder) put(bits uint64, size uint) {
	e.acc = e.acc<<(size&63) | bits
	if e.n += size; e.n >= 32 {
		e.n -= 32
		v := uint32(e.acc >> (e.n & 63))
		if (^v-0x01010101)&v&0x80808080 == 0 { // no byte is 0xff
			e.out = binary.BigEndian.AppendUint32(e.out, v)
			return
		}
		for shift := 24; shift >= 0; shift -= 8 {
			e.stuffed(byte(v >> shift))
		}
	}
}

func (e *encoder) stuffed(b byte) {
	if e.out = append(e.out, b); b == 0xff {
		e.out = append(e.out, 0)
	}
}

// flush fills the last byte with ones.
func (e *encoder) flush() {
	if e.counting {
		return
	}
	if rest := e.n % 8; rest > 0 {
		e.acc, e.n = e.acc<<(8-rest)|(1<<(8-rest)-1), e.n+8-rest
	}
	for ; e.n > 0; e.n -= 8 {
		e.stuffed(byte(e.acc >> (e.n - 8)))
	}
	e.acc = 0
}

// mcu is called before each MCU; it writes the restart markers.
func (e *encoder) mcu() {
	if e.scan.restart == 0 {
		return
	}
	if e.left == 0 {
		e.end()
		if !e.counting {
			e.out = append(e.out, 0xff, mRST0+e.next)
		}
		e.next = (e.next + 1) & 7
		e.left = e.scan.restart
		e.pred = [4]int32{}
		if e.arith != nil {
			e.arith.reset()
		}
	}
	e.left--
}
