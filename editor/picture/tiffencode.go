package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/parallel"
)

// errLargeTIFF reports a file that is too large for TIFF's 32-bit offsets.
var errLargeTIFF = errors.New("picture: the picture is too large for a TIFF file")

// encodeTIFF writes a TIFF 6.0 file with one directory: strips of 8 or 16 bits per sample with
// straight alpha, deflated after horizontal differencing, or palette indices of 4 or 8 bits,
// deflated without. An EXIF block is placed at the file's beginning, and the file has its byte
// order, so that all offsets in it stay valid; its first directory's entries are added to the
// file's, and its second directory follows the file's.
func encodeTIFF(w io.Writer, img *raster, m Metadata) error {
	d := newTIFFDirectory(sizedEXIF(m.EXIF, img.size.X, img.size.Y))
	stripRows := max(1, bandBytes/max(1, img.rowBytes()))
	strips := make([][]byte, (img.size.Y+stripRows-1)/stripRows)
	parallel.All(len(strips), 1, func(i, _ int) {
		strips[i] = compressStrip(img, i*stripRows, min((i+1)*stripRows, img.size.Y), d.order)
	})
	front := d.front()
	offsets, counts := make([]uint32, len(strips)), make([]uint32, len(strips))
	for i, s := range strips {
		offsets[i], counts[i] = uint32(d.next), uint32(len(s))
		d.next += int64(len(s))
	}
	d.pixels(img, stripRows, offsets, counts)
	d.meta(&m)
	directory := d.bytes()
	if d.next+int64(len(directory)) > math.MaxUint32 {
		return errLargeTIFF
	}
	d.order.PutUint32(front[4:], uint32(d.next))
	for _, part := range slices.Concat([][]byte{front}, strips, [][]byte{d.values, directory}) {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// compressStrip returns rows y0 to y1 deflated; samples other than indices are differences to
// the previous one.
func compressStrip(img *raster, y0, y1 int, order binary.ByteOrder) []byte {
	each, n := img.each(), img.rowBytes()
	raw := make([]byte, (y1-y0)*n)
	row := make([]byte, each+n)
	for y := y0; y < y1; y++ {
		img.row(row[each:], y)
		to := raw[(y-y0)*n:][:n]
		if img.palette != nil {
			copy(to, row[each:])
			continue
		}
		if img.bytes == 1 {
			filterRow(to, row, row, each, 1)
			continue
		}
		for i := 0; i < n; i += 2 {
			order.PutUint16(to[i:], binary.BigEndian.Uint16(row[each+i:])-binary.BigEndian.Uint16(row[i:]))
		}
	}
	var b bytes.Buffer
	b.Grow(len(raw) / 2)
	z, _ := zlib.NewWriterLevel(&b, quickLevel(raw)) // the level is valid
	z.Write(raw)                                     // a bytes.Buffer never fails
	z.Close()
	return b.Bytes()
}

// tiffDirectory collects entries, and the values that do not fit into an entry, which follow
// the strips.
type tiffDirectory struct {
	order   binary.ByteOrder
	exif    []byte
	next    int64 // the offset after the strips and the values
	values  []byte
	entries map[uint16][12]byte
}

// newTIFFDirectory returns a directory with the entries of an EXIF block, nil for none.
func newTIFFDirectory(exif []byte) *tiffDirectory {
	d := &tiffDirectory{order: binary.LittleEndian, entries: map[uint16][12]byte{}}
	first, ok := firstIFD(exif)
	if !ok {
		return d
	}
	d.order, d.exif = first.order, exif
	for i := range first.n {
		e := [12]byte(exif[first.at+12*i:])
		switch tag := first.order.Uint16(e[:]); {
		case slices.Contains(described, tag), tag == tagEXIF, tag == tagGPS:
			d.entries[tag] = e
		}
	}
	return d
}

// front returns the file's beginning, up to the first strip.
func (d *tiffDirectory) front() []byte {
	front := []byte("II*\x00\x00\x00\x00\x00")
	if d.exif != nil {
		front = bytes.Clone(d.exif)
	}
	if len(front)%2 == 1 {
		front = append(front, 0)
	}
	d.next = int64(len(front))
	return front
}

// pixels describes the strips.
func (d *tiffDirectory) pixels(img *raster, stripRows int, offsets, counts []uint32) {
	bits, predictor := 8*img.bytes, uint16(differencing)
	if img.palette != nil {
		bits, predictor = img.bits, noPredictor
		d.colourMap(img)
	}
	d.shorts(tagBits, slices.Repeat([]uint16{uint16(bits)}, img.samples)...)
	d.longs(256, uint32(img.size.X))
	d.longs(257, uint32(img.size.Y))
	d.shorts(259, 8) // deflate
	photometric := uint16(photometricRGB)
	switch {
	case img.palette != nil:
		photometric = photometricPalette
	case img.grey():
		photometric = photometricBlackIsZero
	}
	d.shorts(tagPhotometric, photometric)
	d.longs(tagStripOffsets, offsets...)
	d.shorts(tagSamples, uint16(img.samples))
	d.longs(278, uint32(stripRows))
	d.longs(tagStripCounts, counts...)
	d.shorts(tagPlanar, 1)
	d.shorts(317, predictor)
	if img.alpha() {
		d.shorts(tagExtraSamples, extraStraight)
	}
}

// colourMap adds the palette: all reds, greens and blues, of 16 bits.
func (d *tiffDirectory) colourMap(img *raster) {
	entries := 1 << img.bits
	all := make([]uint16, 3*entries)
	for i, c := range img.palette {
		for k, v := range [3]uint8{c.R, c.G, c.B} {
			all[k*entries+i] = uint16(v) * 257
		}
	}
	d.shorts(tagColourMap, all...)
}

// meta adds the metadata.
func (d *tiffDirectory) meta(m *Metadata) {
	blob := func(tag, kind uint16, b []byte) {
		if len(b) > 0 {
			d.add(tag, kind, len(b), b)
		}
	}
	blob(tagICC, 7, m.ICC)
	blob(tagXMP, 1, m.XMP)
	blob(tagIPTC, 1, m.IPTC)
	if x, y := m.Density.DPI(); x > 0 && y > 0 {
		for tag, v := range map[uint16]float64{tagResolutionX: m.Density.X, tagResolutionY: m.Density.Y} {
			const parts = 1000
			b := make([]byte, 8)
			d.order.PutUint32(b, uint32(math.Round(v*inch*parts)))
			d.order.PutUint32(b[4:], parts)
			d.add(tag, 5, 1, b)
		}
		d.shorts(tagResolutionUnit, 2)
	}
	const description = 0x010e
	if words := m.comments(); len(words) > 0 && d.entries[description] == [12]byte{} {
		text := append([]byte(words[0]), 0)
		for _, more := range words[1:] {
			text = append(append(text[:len(text)-1], '\n'), append([]byte(more), 0)...)
		}
		d.add(description, 2, len(text), text)
	}
}

// add adds an entry of count values of a type, encoded as value.
func (d *tiffDirectory) add(tag, kind uint16, count int, value []byte) {
	var e [12]byte
	d.order.PutUint16(e[:], tag)
	d.order.PutUint16(e[2:], kind)
	d.order.PutUint32(e[4:], uint32(count))
	if len(value) <= 4 {
		copy(e[8:], value)
	} else {
		if d.next%2 == 1 { // offsets are even
			d.values, d.next = append(d.values, 0), d.next+1
		}
		d.order.PutUint32(e[8:], uint32(d.next))
		d.values = append(d.values, value...)
		d.next += int64(len(value))
	}
	d.entries[tag] = e
}

func (d *tiffDirectory) shorts(tag uint16, v ...uint16) {
	b := make([]byte, 2*len(v))
	for i, s := range v {
		d.order.PutUint16(b[2*i:], s)
	}
	d.add(tag, 3, len(v), b)
}

func (d *tiffDirectory) longs(tag uint16, v ...uint32) {
	b := make([]byte, 4*len(v))
	for i, l := range v {
		d.order.PutUint32(b[4*i:], l)
	}
	d.add(tag, 4, len(v), b)
}

// bytes returns the directory, sorted by tag, to be written at d.next.
func (d *tiffDirectory) bytes() []byte {
	if d.next%2 == 1 {
		d.values, d.next = append(d.values, 0), d.next+1
	}
	tags := make([]uint16, 0, len(d.entries))
	for tag := range d.entries {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	b := make([]byte, 2, 2+12*len(tags)+4)
	d.order.PutUint16(b, uint16(len(tags)))
	for _, tag := range tags {
		e := d.entries[tag]
		b = append(b, e[:]...)
	}
	var further uint32
	if first, ok := firstIFD(d.exif); ok && first.next() > 0 {
		further = d.order.Uint32(d.exif[first.next():])
	}
	next := make([]byte, 4)
	d.order.PutUint32(next, further)
	return append(b, next...)
}
