package jpegfile

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Markers (table B.1).
const (
	mSOF0  = 0xc0
	mSOF1  = 0xc1
	mSOF2  = 0xc2
	mDHT   = 0xc4
	mSOF9  = 0xc9
	mSOF10 = 0xca
	mDAC   = 0xcc
	mRST0  = 0xd0
	mRST7  = 0xd7
	mSOI   = 0xd8
	mEOI   = 0xd9
	mSOS   = 0xda
	mDQT   = 0xdb
	mDNL   = 0xdc
	mDRI   = 0xdd
	mDHP   = 0xde
	mEXP   = 0xdf
	mAPP0  = 0xe0
	mAPP14 = 0xee
	mAPP15 = 0xef
	mCOM   = 0xfe
)

// maxVisits bounds how often all blocks are walked through: a scan of few bytes
// may skip all of them, and encoders write ten scans or so.
const maxVisits = 200

// reader walks through a file's markers.
type reader struct {
	data      []byte
	pos       int
	maxPixels int64

	file     *File
	framed   bool
	quant    [4]*quantTable
	dc, ac   [4]*huffman
	cond     conditioning
	restart  int
	visits   int64
	seen     []bool // of each component: it was in a scan
	order    progression
	adobe    int // the transform of Adobe's marker, -1 without
	jfif     bool
	complete bool
}

type quantTable struct {
	values [64]uint16
	wide   bool
}

// ReadFrame reads the header of a file, up to the first scan.
func ReadFrame(data []byte) (*Frame, error) {
	r := newReader(data, 1<<62)
	if _, err := r.toScan(); err != nil {
		return nil, err
	}
	return &r.file.Frame, nil
}

// Read takes a file apart. maxPixels bounds width x height. The errors are
// ErrTooLarge, *UnsupportedError and ErrDamaged, which is also returned for
// headers that claim more than so few bytes can hold: a block takes at least a
// bit (a thousandth of a byte in arithmetic coding). What Read returns shares data's memory in
// its segments.
func Read(data []byte, maxPixels int64) (*File, error) {
	r := newReader(data, maxPixels)
	if err := r.header(); err != nil {
		return nil, err
	}
	r.file.allocate()
	if err := r.scans(); err != nil {
		return nil, err
	}
	return r.file, nil
}

func newReader(data []byte, maxPixels int64) *reader {
	return &reader{data: data, maxPixels: maxPixels, file: &File{}, adobe: -1}
}

// header reads up to the first scan and checks what the frame would cost.
func (r *reader) header() error {
	more, err := r.toScan()
	switch {
	case err != nil:
		return err
	case !more:
		return damaged("no scan")
	}
	f := r.file
	if int64(f.Width) > r.maxPixels/int64(f.Height) {
		return ErrTooLarge
	}
	least := f.coded() / 8
	if f.Arithmetic {
		least /= 128
	}
	if int64(len(r.data)) < least {
		return damaged("%d bytes for %d blocks", len(r.data), f.coded())
	}
	r.seen = make([]bool, len(f.Components))
	r.order = newProgression(len(f.Components))
	return nil
}

// scans reads all scans into the file's coefficients, and what lies between them.
func (r *reader) scans() error {
	for {
		s, err := r.beginScan()
		if err != nil {
			return err
		}
		if _, err := r.wholeScan(s); err != nil {
			return err
		}
		if err := r.endScan(s); err != nil {
			return err
		}
		more, err := r.toScan()
		if err != nil {
			return err
		}
		if !more {
			return r.finish()
		}
	}
}

// finish checks that all components came.
func (r *reader) finish() error {
	for i, seen := range r.seen {
		if !seen {
			return damaged("no scan of component %d", i)
		}
	}
	if !r.order.regular && r.file.Mode == Progressive {
		r.file.scans = plainScript(len(r.file.Components))
	}
	return nil
}

// toScan reads segments up to the next scan's header, which is left unread.
// more is false at the end of the picture.
func (r *reader) toScan() (more bool, err error) {
	for {
		marker := r.marker()
		switch {
		case marker == 0:
			// Some writers leave out the end of a file that is whole.
			if r.complete {
				return false, nil
			}
			return false, damaged("cut off between segments")
		case marker == mEOI:
			if !r.framed {
				return false, damaged("no frame")
			}
			return false, nil
		case marker == mSOS:
			if !r.framed {
				return false, damaged("a scan before the frame")
			}
			return true, nil
		case marker == mSOI || marker == 1 || marker >= mRST0 && marker <= mRST7:
			continue
		}
		payload, ok := r.payload()
		if !ok {
			return false, damaged("a segment that goes beyond the file")
		}
		if err := r.segment(marker, payload); err != nil {
			return false, err
		}
	}
}

// marker goes behind the next marker and returns it, 0 at the end. What lies
// before it belongs to nothing.
func (r *reader) marker() byte {
	for ; r.pos+1 < len(r.data); r.pos++ {
		if m := r.data[r.pos+1]; r.data[r.pos] == 0xff && m != 0 && m != 0xff {
			r.pos += 2
			return m
		}
	}
	return 0
}

// payload goes behind a segment's content and returns it.
func (r *reader) payload() ([]byte, bool) {
	if r.pos+2 > len(r.data) {
		return nil, false
	}
	n := int(binary.BigEndian.Uint16(r.data[r.pos:]))
	if n < 2 || r.pos+n > len(r.data) {
		return nil, false
	}
	p := r.data[r.pos+2 : r.pos+n]
	r.pos += n
	return p, true
}

// segment takes in one segment.
func (r *reader) segment(marker byte, p []byte) error {
	switch {
	case marker == mDQT:
		return r.readQuant(p)
	case marker == mDHT:
		return r.readHuffman(p)
	case marker == mDAC:
		return r.cond.read(p)
	case marker == mDRI:
		if len(p) != 2 {
			return damaged("a restart interval of %d bytes", len(p))
		}
		r.restart = int(binary.BigEndian.Uint16(p))
	case marker == mDHP || marker == mEXP:
		return &UnsupportedError{"hierarchical coding"}
	case marker >= mSOF0 && marker <= 0xcf:
		return r.readFrame(marker, p)
	case marker >= mAPP0 && marker <= mAPP15 || marker == mCOM:
		r.keep(marker, p)
	}
	return nil
}

// keep adds a segment to the file's, and notes what it says of colours.
func (r *reader) keep(marker byte, p []byte) {
	r.file.Segments = append(r.file.Segments, Segment{marker, p})
	switch {
	case marker == mAPP0 && bytes.HasPrefix(p, []byte("JFIF\x00")):
		r.jfif = true
	case marker == mAPP14 && bytes.HasPrefix(p, []byte("Adobe")) && len(p) >= 12:
		r.adobe = int(p[11])
	default:
		return
	}
	if r.framed {
		r.colour()
	}
}

// colour finds out what the components mean, as libjpeg does.
func (r *reader) colour() {
	f := &r.file.Frame
	f.Inverted = false
	switch c := f.Components; len(c) {
	case 1:
		f.Colour = Grey
	case 3:
		f.Colour = YCbCr
		if !r.jfif && (r.adobe == 0 || r.adobe < 0 && c[0].ID == 'R' && c[1].ID == 'G' && c[2].ID == 'B') {
			f.Colour = RGB
		}
	case 4:
		f.Colour, f.Inverted = CMYK, r.adobe >= 0
		if r.adobe > 0 {
			f.Colour = YCCK
		}
	}
}

func (r *reader) readQuant(p []byte) error {
	for len(p) > 0 {
		precision, slot := p[0]>>4, p[0]&15
		size := 64 << precision
		if precision > 1 || slot > 3 || len(p) < 1+size {
			return damaged("a quantisation table of %d bytes", len(p))
		}
		t := &quantTable{wide: precision == 1}
		for i := range t.values {
			if t.wide {
				t.values[i] = binary.BigEndian.Uint16(p[1+2*i:])
			} else {
				t.values[i] = uint16(p[1+i])
			}
			if t.values[i] == 0 {
				t.values[i] = 1 // nonsense, which others read as no coefficient at all
			}
		}
		r.quant[slot] = t
		p = p[1+size:]
	}
	return nil
}

func (r *reader) readHuffman(p []byte) error {
	for len(p) > 0 {
		if len(p) < 17 || p[0]>>4 > 1 || p[0]&15 > 3 {
			return damaged("a Huffman table of %d bytes", len(p))
		}
		counts := [16]byte(p[1:17])
		n := 0
		for _, c := range counts {
			n += int(c)
		}
		if n > 256 || len(p) < 17+n {
			return damaged("a Huffman table of %d symbols", n)
		}
		h := newHuffman(counts, bytes.Clone(p[17:17+n]))
		if h == nil {
			return damaged("a Huffman table of impossible codes")
		}
		if p[0]>>4 == 0 {
			r.dc[p[0]&15] = h
		} else {
			r.ac[p[0]&15] = h
		}
		p = p[17+n:]
	}
	return nil
}

// modes are the kinds of frames that are read.
var modes = map[byte]Mode{mSOF0: Baseline, mSOF1: Extended, mSOF2: Progressive, mSOF9: Extended, mSOF10: Progressive}

func (r *reader) readFrame(marker byte, p []byte) error {
	mode, ok := modes[marker]
	switch {
	case !ok && marker&3 == 3:
		return &UnsupportedError{"lossless coding"}
	case !ok:
		return &UnsupportedError{"hierarchical coding"}
	case r.framed:
		return damaged("two frames")
	case len(p) < 6 || len(p) < 6+3*int(p[5]):
		return damaged("a frame of %d bytes", len(p))
	case p[0] == 12:
		return &UnsupportedError{"12 bits a sample"}
	case p[0] != 8:
		return damaged("%d bits a sample", p[0])
	}
	f := &r.file.Frame
	f.Mode, f.Arithmetic = mode, marker >= mSOF9
	f.Height, f.Width = int(binary.BigEndian.Uint16(p[1:])), int(binary.BigEndian.Uint16(p[3:]))
	if f.Height == 0 {
		f.Height = r.lines()
	}
	if f.Width == 0 || f.Height == 0 {
		return damaged("a frame of %dx%d pixels", f.Width, f.Height)
	}
	if err := f.readComponents(p[6:], int(p[5])); err != nil {
		return err
	}
	f.lay()
	r.framed = true
	r.colour()
	return nil
}

// readComponents reads the n components of a frame's header.
func (f *Frame) readComponents(p []byte, n int) error {
	if n != 1 && n != 3 && n != 4 {
		return &UnsupportedError{"number of components"}
	}
	for ; n > 0; n-- {
		c := Component{ID: p[0], H: int(p[1] >> 4), V: int(p[1] & 15), slot: p[2]}
		p = p[3:]
		if c.H < 1 || c.H > 4 || c.V < 1 || c.V > 4 || c.slot > 3 {
			return damaged("component %d is sampled %dx%d with table %d", c.ID, c.H, c.V, c.slot)
		}
		// In one scan of all components those of the same identifier are told apart by
		// their order; a progressive file has other scans, too.
		if f.Mode == Progressive && slices.ContainsFunc(f.Components, func(other Component) bool { return other.ID == c.ID }) {
			return damaged("two components %d", c.ID)
		}
		f.Components = append(f.Components, c)
	}
	return nil
}

// lines finds the number of lines that a marker behind the first scan gives,
// 0 without one (B.2.5).
func (r *reader) lines() int {
	if at := bytes.Index(r.data[r.pos:], []byte{0xff, mDNL, 0, 4}); at >= 0 && r.pos+at+6 <= len(r.data) {
		return int(binary.BigEndian.Uint16(r.data[r.pos+at+4:]))
	}
	return 0
}
