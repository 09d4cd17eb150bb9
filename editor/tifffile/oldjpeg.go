package tifffile

import (
	"encoding/binary"
	"slices"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// JPEG of the old kind (TIFF 6.0, section 22, compression 6) is a whole file, which the
// directory points at, or its strips and tiles are the coded parts of files whose tables are
// elsewhere: in the front of a file that the directory points at, or each in a place of its
// own.

// Markers of JPEG (ISO/IEC 10918-1, table B.1).
const (
	jpegSOF0  = 0xc0
	jpegSOF1  = 0xc1
	jpegDHT   = 0xc4
	jpegSOF15 = 0xcf
	jpegJPG   = 0xc8
	jpegDAC   = 0xcc
	jpegRST0  = 0xd0
	jpegSOI   = 0xd8
	jpegEOI   = 0xd9
	jpegSOS   = 0xda
	jpegDQT   = 0xdb
	jpegDRI   = 0xdd
)

// layOldJPEG finds where the page's JPEG files are, and what goes before their strips.
func (p *Page) layOldJPEG() error {
	d, all := p.d, p.d.file.data
	if p.planes {
		return &UnsupportedError{"JPEG of the old kind in planes"}
	}
	var front []byte
	if at := d.Number(tagJPEGInterchange, 0); at > 0 && at < uint64(len(all)) {
		front = all[at:]
		size := d.Number(tagJPEGLength, 0)
		if len(p.offsets) == 0 || p.isWhole(at, size) {
			p.offsets, p.counts = []uint64{at}, []uint64{size}
			p.tiled, p.chunkW, p.chunkH = false, p.Width, p.Height
			p.believeJPEG(front)
			return nil
		}
		if size > 0 && size < uint64(len(front)) {
			front = front[:size]
		}
	}
	if len(p.offsets) > 0 && startsJPEG(all, p.offsets[0]) {
		return nil // each is a file of its own
	}
	p.front, _ = headOfJPEG(front)
	if p.front == nil {
		p.front = p.headOfTables()
	}
	if p.front == nil {
		return damaged("JPEG of the old kind without tables")
	}
	return nil
}

// believeJPEG takes the colours of a whole file for YCbCr where it says so: many directories
// say RGB, which is what decoders give.
func (p *Page) believeJPEG(file []byte) {
	if frame, err := jpegfile.ReadFrame(file); err == nil && p.photometric == inRGB && frame.Colour == jpegfile.YCbCr {
		p.photometric = inYCbCr
	}
}

// isWhole reports that a JPEG file, of so many bytes or to the end of the file, holds the
// page's pixels and not just what goes before the strips.
func (p *Page) isWhole(at, size uint64) bool {
	data := p.d.file.data[at:]
	if size > 0 && size < uint64(len(data)) {
		data = data[:size]
	}
	frame, err := jpegfile.ReadFrame(data)
	if err != nil || frame.Width < p.Width || frame.Height < p.Height {
		return false
	}
	_, end := headOfJPEG(data)
	if size == 0 && p.offsets[0] > at+uint64(end) {
		return false
	}
	return end+2 < len(data) && (size > 0 || len(p.offsets) == 1)
}

func startsJPEG(data []byte, at uint64) bool {
	return at+2 <= uint64(len(data)) && data[at] == 0xff && data[at+1] == jpegSOI
}

// mostFront bounds the bytes that go before every strip: tables and headers have far fewer.
const mostFront = 1 << 16

// headOfJPEG returns the front of a JPEG file, without what doesn't concern decoding, with its
// first scan's header, and how far it goes; nil where there is no frame. Where only that header
// is missing, one for all components is put there.
func headOfJPEG(data []byte) (head []byte, end int) {
	if len(data) < 4 || data[0] != 0xff || data[1] != jpegSOI {
		return nil, 0
	}
	head = []byte{0xff, jpegSOI}
	var frame []byte
	at := 2
	for len(head) < mostFront {
		marker, parameters, next := segmentAt(data, at)
		if next == 0 {
			break
		}
		at = next
		switch {
		case marker == jpegSOS && frame == nil:
			return nil, 0
		case marker == jpegSOS:
			return append(head, segmentOf(marker, parameters)...), at
		case isFrame(marker):
			frame = parameters
			fallthrough
		case isTable(marker):
			head = append(head, segmentOf(marker, parameters)...)
		}
	}
	scan := scanOf(frame)
	if scan == nil {
		return nil, 0
	}
	return append(head, segmentOf(jpegSOS, scan)...), at
}

// segmentAt returns the segment at a place, behind bytes that fill, and where the next one
// begins; 0 where there is none or the end of the picture.
func segmentAt(data []byte, at int) (marker byte, parameters []byte, next int) {
	for at+5 <= len(data) && data[at] == 0xff && data[at+1] == 0xff {
		at++
	}
	if at+4 > len(data) || data[at] != 0xff || data[at+1] == jpegEOI {
		return 0, nil, 0
	}
	size := int(binary.BigEndian.Uint16(data[at+2:]))
	if size < 2 || at+2+size > len(data) {
		return 0, nil, 0
	}
	return data[at+1], data[at+4 : at+2+size], at + 2 + size
}

// scanOf returns the parameters of a scan's header for all components of a frame, nil where the
// frame's are too short.
func scanOf(frame []byte) []byte {
	if len(frame) < 6 || len(frame) < 6+3*int(frame[5]) {
		return nil
	}
	n := int(frame[5])
	scan := []byte{byte(n)}
	for i := range n {
		table := byte(min(i, 1))
		scan = append(scan, frame[6+3*i], table<<4|table)
	}
	return append(scan, 0, 63, 0)
}

// isTable reports a marker of what decoding goes by.
func isTable(marker byte) bool {
	return marker == jpegDQT || marker == jpegDHT || marker == jpegDAC || marker == jpegDRI
}

// isFrame reports a marker of a frame's header, SOF0 to SOF15.
func isFrame(marker byte) bool {
	return marker >= jpegSOF0 && marker <= jpegSOF15 && marker != jpegDHT && marker != jpegJPG && marker != jpegDAC
}

// segmentOf returns a marker with its parameters.
func segmentOf(marker byte, parameters []byte) []byte {
	head := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(2+len(parameters)))
	return append(head, parameters...)
}

// headOfTables returns the front of a JPEG file with the tables that the directory points at,
// one of each kind for a component; nil where one is missing.
func (p *Page) headOfTables() []byte {
	const quantised = 64
	d, data := p.d, p.d.file.data
	head := []byte{0xff, jpegSOI}
	h, v := 1, 1
	if p.photometric == inYCbCr && p.Samples == 3 {
		h, v = p.subsampling()
	}
	frame := []byte{8, 0, 0, 0, 0, byte(p.Samples)}
	scan := []byte{byte(p.Samples)}
	if p.Samples > 4 {
		return nil
	}
	for i := range p.Samples {
		table, n := byte(i), byte(i+1)
		q, ok := pick(data, d.Numbers(tagJPEGQTables), i, func([]byte) int { return quantised })
		dc, okDC := pick(data, d.Numbers(tagJPEGDCTables), i, huffmanSize)
		ac, okAC := pick(data, d.Numbers(tagJPEGACTables), i, huffmanSize)
		if !ok || !okDC || !okAC {
			return nil
		}
		head = append(head, segmentOf(jpegDQT, append([]byte{table}, q...))...)
		head = append(head, segmentOf(jpegDHT, append([]byte{table}, dc...))...)
		head = append(head, segmentOf(jpegDHT, append([]byte{table | 0x10}, ac...))...)
		frame = append(frame, n, byte(h<<4|v), table)
		scan = append(scan, n, table<<4|table)
		h, v = 1, 1
	}
	if n := d.Number(tagJPEGRestart, 0); n > 0 && n < 1<<16 {
		head = append(head, segmentOf(jpegDRI, binary.BigEndian.AppendUint16(nil, uint16(n)))...)
	}
	head = append(head, segmentOf(jpegSOF1, frame)...)
	return append(head, segmentOf(jpegSOS, append(scan, 0, 63, 0))...)
}

// pick returns the i-th of tables, or the last one there is, by where they begin.
func pick(data []byte, places []uint64, i int, size func([]byte) int) ([]byte, bool) {
	if len(places) == 0 {
		return nil, false
	}
	at := places[min(i, len(places)-1)]
	if at == 0 || at >= uint64(len(data)) {
		return nil, false
	}
	n := size(data[at:])
	if n == 0 || uint64(n) > uint64(len(data))-at {
		return nil, false
	}
	return data[at : at+uint64(n)], true
}

// huffmanSize returns the bytes of a Huffman table: how many codes of each length there are,
// and their values.
func huffmanSize(data []byte) int {
	const lengths = 16
	if len(data) < lengths {
		return 0
	}
	n := lengths
	for _, count := range data[:lengths] {
		n += int(count)
	}
	return n
}

// completed returns the JPEG file that a strip or tile is the coded part of.
func (p *Page) completed(data []byte, c chunk) []byte {
	head := slices.Clone(p.front)
	for at := 2; at+9 < len(head); {
		marker := head[at+1]
		if isFrame(marker) {
			binary.BigEndian.PutUint16(head[at+5:], uint16(min(c.rows, 0xffff)))
			binary.BigEndian.PutUint16(head[at+7:], uint16(min(c.columns, 0xffff)))
			break
		}
		at += 2 + int(binary.BigEndian.Uint16(head[at+2:]))
	}
	if len(data) > 4 && data[0] == 0xff && data[1] == jpegSOS { // the scan's header again
		data = data[min(len(data), 2+int(binary.BigEndian.Uint16(data[2:]))):]
	}
	for n := len(data); n >= 2 && data[n-2] == 0xff && data[n-1] >= jpegRST0 && data[n-1] <= jpegEOI; n = len(data) {
		data = data[:n-2]
	}
	return append(append(head, data...), 0xff, jpegEOI)
}
