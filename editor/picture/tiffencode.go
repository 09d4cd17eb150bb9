package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"math"
	"slices"

	"overpaint/editor/parallel"
)

// errLargeTIFF reports a file that its 32-bit offsets cannot span.
var errLargeTIFF = errors.New("picture: the picture is too large for a TIFF file")

// encodeTIFF writes a little-endian TIFF 6.0: one directory, strips of RGB, or
// RGBA with straight alpha, deflated after horizontal differencing.
func encodeTIFF(w io.Writer, img *image.NRGBA, e Encoding) error {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	channels := 4
	if img.Opaque() {
		channels = 3
	}
	stripRows := max(1, bandBytes/max(1, channels*width))
	strips := make([][]byte, (height+stripRows-1)/stripRows)
	parallel.All(len(strips), 1, func(i, _ int) {
		strips[i] = compressStrip(img, i*stripRows, min((i+1)*stripRows, height), channels)
	})
	d := tiffDirectory{next: 8}
	offsets, counts := make([]uint32, len(strips)), make([]uint32, len(strips))
	for i, s := range strips {
		offsets[i], counts[i] = uint32(d.next), uint32(len(s))
		d.next += int64(len(s))
	}
	d.shorts(tagBits, slices.Repeat([]uint16{8}, channels)...)
	d.longs(256, uint32(width))
	d.longs(257, uint32(height))
	d.shorts(259, 8) // deflate
	d.shorts(tagPhotometric, photometricRGB)
	d.longs(tagStripOffsets, offsets...)
	d.shorts(tagSamples, uint16(channels))
	d.longs(278, uint32(stripRows))
	d.longs(tagStripCounts, counts...)
	d.shorts(tagPlanar, 1)
	d.shorts(317, 2) // differencing
	if channels == 4 {
		d.shorts(tagExtraSamples, extraStraight)
	}
	if len(e.Meta.ICC) > 0 {
		d.add(tagICC, 7, len(e.Meta.ICC), e.Meta.ICC)
	}
	directory := d.bytes()
	if d.next+int64(len(directory)) > math.MaxUint32 {
		return errLargeTIFF
	}
	head := binary.LittleEndian.AppendUint32([]byte("II*\x00"), uint32(d.next))
	for _, part := range slices.Concat([][]byte{head}, strips, [][]byte{d.values, directory}) {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// compressStrip returns rows y0 to y1, every sample less the one before it.
func compressStrip(img *image.NRGBA, y0, y1, channels int) []byte {
	n := channels * img.Rect.Dx()
	raw := make([]byte, (y1-y0)*n)
	row := make([]byte, channels+n)
	for y := y0; y < y1; y++ {
		pngRow(row[channels:], img, y, channels)
		filterRow(raw[(y-y0)*n:][:n], row, row, channels, 1)
	}
	var b bytes.Buffer
	b.Grow(len(raw) / 2)
	z, _ := zlib.NewWriterLevel(&b, quickLevel(raw)) // the level is valid
	z.Write(raw)                                     // a bytes.Buffer takes everything
	z.Close()
	return b.Bytes()
}

// tiffDirectory collects entries, and behind the strips the values that do not
// fit into one.
type tiffDirectory struct {
	next    int64 // the offset behind the strips and the values
	values  []byte
	entries [][]byte
}

// add takes an entry of count values of a type, encoded as value.
func (d *tiffDirectory) add(tag, kind uint16, count int, value []byte) {
	e := binary.LittleEndian.AppendUint16(nil, tag)
	e = binary.LittleEndian.AppendUint16(e, kind)
	e = binary.LittleEndian.AppendUint32(e, uint32(count))
	if len(value) <= 4 {
		e = append(e, value...)
		e = append(e, make([]byte, 12-len(e))...)
	} else {
		if d.next%2 == 1 { // offsets are even
			d.values, d.next = append(d.values, 0), d.next+1
		}
		e = binary.LittleEndian.AppendUint32(e, uint32(d.next))
		d.values = append(d.values, value...)
		d.next += int64(len(value))
	}
	d.entries = append(d.entries, e)
}

func (d *tiffDirectory) shorts(tag uint16, v ...uint16) {
	var b []byte
	for _, s := range v {
		b = binary.LittleEndian.AppendUint16(b, s)
	}
	d.add(tag, 3, len(v), b)
}

func (d *tiffDirectory) longs(tag uint16, v ...uint32) {
	var b []byte
	for _, l := range v {
		b = binary.LittleEndian.AppendUint32(b, l)
	}
	d.add(tag, 4, len(v), b)
}

// bytes returns the directory, sorted by tag, to be written at d.next.
func (d *tiffDirectory) bytes() []byte {
	if d.next%2 == 1 {
		d.values, d.next = append(d.values, 0), d.next+1
	}
	slices.SortFunc(d.entries, func(a, b []byte) int {
		return int(binary.LittleEndian.Uint16(a)) - int(binary.LittleEndian.Uint16(b))
	})
	b := binary.LittleEndian.AppendUint16(nil, uint16(len(d.entries)))
	for _, e := range d.entries {
		b = append(b, e...)
	}
	return append(b, 0, 0, 0, 0) // no further directory
}
