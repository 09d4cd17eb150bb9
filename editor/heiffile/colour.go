package heiffile

import "encoding/binary"

// readColours finds the colours of the main picture: what its colr boxes say, then those of
// the picture that it is made of, and last what the video stream says (ISO/IEC 23008-12,
// 6.5.5.1).
func (f *File) readColours(m *meta, main, coded *item) {
	own, ok := m.colourBoxes(f, main)
	of, known := own, ok
	if coded != main {
		of, known = m.colourBoxes(f, coded)
	}
	if !known {
		of, known = m.signal(coded)
	}
	if !ok {
		own, ok = of, known
	}
	if !ok {
		own = signal{unspecified, unspecified, unspecified, true}
	}
	if !known {
		of = own
	}
	f.Matrix, f.Full = own.matrix, own.full
	if own.primaries != unspecified {
		f.Primaries, f.Transfer = own.primaries, own.transfer
	}
	f.Recoded = main.kind == "grid" && (meant(own.matrix) != meant(of.matrix) || own.full != of.full)
}

// meant returns the matrix of BT.601 for the numbers that stand for it.
func meant(matrix int) int {
	if matrix == unspecified || matrix == 5 {
		return 6
	}
	return matrix
}

// colourBoxes reads the colr boxes of an item: a profile, unless there is one, goes to f;
// ok tells that there are code points.
func (m *meta) colourBoxes(f *File, i *item) (s signal, ok bool) {
	for b := range m.propertiesOf(i) {
		p := b.payload
		if b.kind != "colr" || len(p) < 4 {
			continue
		}
		switch string(p[:4]) {
		case "prof", "rICC":
			if f.ICC == nil {
				f.ICC = p[4:]
			}
		case "nclx":
			if len(p) >= 11 {
				code := func(at int) int { return int(binary.BigEndian.Uint16(p[at:])) }
				s, ok = signal{code(4), code(6), code(8), p[10]&0x80 != 0}, true
			}
		}
	}
	return s, ok
}

// signal returns what the video stream of a coded picture says.
func (m *meta) signal(i *item) (signal, bool) {
	for b := range m.propertiesOf(i) {
		switch {
		case b.kind == "hvcC":
			return signalOfHEVC(b.payload)
		case b.kind == "av1C" && len(b.payload) > 4:
			if s, ok := signalOfAV1(b.payload[4:]); ok {
				return s, true
			}
		}
	}
	if i.kind == "av01" {
		return signalOfAV1(m.content(i))
	}
	return signal{}, false
}
