package picture

import (
	"io"
	"slices"
)

// amended is a TIFF file with another directory at its end, which its header
// points to instead of the first one. The file's own bytes are not copied.
type amended struct {
	data      []byte
	header    [8]byte
	directory []byte
}

func (a *amended) reader() *io.SectionReader {
	return io.NewSectionReader(a, 0, int64(len(a.data)+len(a.directory)))
}

// ReadAt implements io.ReaderAt.
func (a *amended) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		var from []byte
		switch at, size := off+int64(n), int64(len(a.data)); {
		case at < int64(len(a.header)):
			from = a.header[at:]
		case at < size:
			from = a.data[at:]
		case at < size+int64(len(a.directory)):
			from = a.directory[at-size:]
		default:
			return n, io.EOF
		}
		n += copy(p[n:], from)
	}
	return n, nil
}

// amend returns the file with single numbers of its page's directory replaced or
// added.
func amend(page ifd, numbers map[uint16]uint32) *amended {
	entries := make(map[uint16][12]byte, page.n+len(numbers))
	for i := range page.n {
		e := [12]byte(page.data[page.at+12*i:])
		entries[page.order.Uint16(e[:])] = e
	}
	for tag, v := range numbers {
		entries[tag] = page.entry(tag, 4, 1, v)
	}
	return page.amended(entries)
}

// amendPlane returns the file with a directory that presents one plane of several
// as a grey picture: the offsets and sizes of its strips or tiles are one part of
// all, in the order of the planes (TIFF 6.0, StripOffsets).
func amendPlane(page ifd, plane, planes int) *amended {
	entries := make(map[uint16][12]byte, page.n)
	for i := range page.n {
		e := ifdEntry{page, page.at + 12*i}
		switch tag := page.order.Uint16(page.data[e.at:]); tag {
		case tagBits:
			entries[tag] = e.part(0, planes)
		case tagStripOffsets, tagStripCounts, tagTileOffsets, tagTileCounts:
			entries[tag] = e.part(plane, planes)
		case tagPhotometric:
			entries[tag] = page.entry(tag, 4, 1, photometricGrey)
		case tagSamples, tagPlanar, tagExtraSamples:
		default:
			entries[tag] = [12]byte(page.data[e.at:])
		}
	}
	return page.amended(entries)
}

// entry returns a directory's entry for a value that needs no more than its own
// four bytes, or for an offset.
func (d ifd) entry(tag, kind uint16, count, value uint32) (e [12]byte) {
	d.order.PutUint16(e[:], tag)
	d.order.PutUint16(e[2:], kind)
	d.order.PutUint32(e[4:], count)
	d.order.PutUint32(e[8:], value)
	return e
}

// part returns the entry for part i of n equal parts of e's values.
func (e ifdEntry) part(i, n int) [12]byte {
	tag, kind := e.order.Uint16(e.data[e.at:]), e.order.Uint16(e.data[e.at+2:])
	size := 4
	if kind == 3 {
		size = 2
	}
	all := int64(e.order.Uint32(e.data[e.at+4:]))
	count := all / int64(n)
	at := int64(e.at + 8)
	if all*int64(size) > 4 {
		at = int64(e.order.Uint32(e.data[at:]))
	}
	at += int64(i) * count * int64(size)
	out := e.entry(tag, kind, uint32(count), uint32(at))
	if count*int64(size) <= 4 {
		clear(out[8:])
		if end := at + count*int64(size); end <= int64(len(e.data)) {
			copy(out[8:], e.data[at:end])
		}
	}
	return out
}

// amended returns the file under a directory of these entries.
func (d ifd) amended(entries map[uint16][12]byte) *amended {
	tags := make([]uint16, 0, len(entries))
	for tag := range entries {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	a := &amended{data: d.data, header: [8]byte(d.data)}
	d.order.PutUint32(a.header[4:], uint32(len(d.data)))
	a.directory = make([]byte, 2, 2+12*len(tags)+4)
	d.order.PutUint16(a.directory, uint16(len(tags)))
	for _, tag := range tags {
		e := entries[tag]
		a.directory = append(a.directory, e[:]...)
	}
	a.directory = append(a.directory, 0, 0, 0, 0) // no further page
	return a
}
