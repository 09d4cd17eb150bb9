package tifffile

import (
	"bytes"
	oldlzw "compress/lzw"
	"compress/zlib"
	"errors"
	"image"
	"io"
	"math/bits"
	"sync"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/image/tiff/lzw"

	"overpaint.dev/overpaint/editor/jpegfile"
)

// chunk is a strip or a tile.
type chunk struct {
	// rows and columns are those that are stored: of the last strip fewer than of
	// the others, of the last tile as many.
	at            image.Point
	columns, rows int
}

// chunk returns the i-th, row by row.
func (p *Page) chunk(i int) chunk {
	c := chunk{at: image.Pt(i%p.across*p.chunkW, i/p.across*p.chunkH), columns: p.chunkW, rows: p.chunkH}
	if !p.tiled {
		c.rows = min(c.rows, p.Height-c.at.Y)
	}
	return c
}

// bytes returns the compressed bytes of chunk i of a plane; whole is false where
// the file has fewer than it says, or none.
func (p *Page) bytes(i, plane int) (data []byte, whole bool) {
	i += plane * p.across * p.down
	if i >= len(p.offsets) {
		return nil, false
	}
	all := p.d.file.data
	from := p.offsets[i]
	if from == 0 || from >= uint64(len(all)) {
		return nil, false
	}
	n := uint64(len(all)) - from
	if i < len(p.counts) && (p.counts[i] > 0 || len(p.offsets) > 1) {
		if p.counts[i] > n {
			return all[from:], false
		}
		n = p.counts[i]
	}
	return all[from : from+n], true
}

// expand returns size bytes of a chunk's samples as they were before they were
// compressed, zeros where there are fewer. It is not for JPEG.
func (p *Page) expand(data []byte, c chunk, size, samples int) (raw []byte, whole bool, err error) {
	if p.d.Number(tagFillOrder, 1) == 2 {
		data = reversed(data)
	}
	raw = make([]byte, size)
	n := 0
	switch p.compression {
	case compressNone:
		n = copy(raw, data)
	case compressLZW:
		n, _ = io.ReadFull(readerOfLZW(data), raw)
	case compressDeflate, compressAdobe:
		r, err := zlib.NewReader(bytes.NewReader(data))
		if err == nil {
			n, _ = io.ReadFull(r, raw)
		}
	case compressPackBits:
		n = unpackBits(raw, data)
	case compressZstd:
		n = unpackZstd(raw, data, size/c.rows*(p.chunkH-c.rows))
	case compressXZ:
		n, err = unpackXZ(raw, data)
	default:
		return p.expandFax(data, c, size, samples)
	}
	return raw, n == size, err
}

func (p *Page) expandFax(data []byte, c chunk, size, samples int) (raw []byte, whole bool, err error) {
	if p.bits != 1 || samples != 1 {
		return nil, false, &UnsupportedError{"fax coding of more than a bit a pixel"}
	}
	o := faxOptions{width: c.columns, height: c.rows}
	switch p.compression {
	case compressGroup4:
		o.group4 = true
	case compressGroup3:
		o.twoDimensional = p.d.Number(tagT4Options, 0)&1 != 0
	default:
		o.aligned, o.words = true, p.compression == compressRLEWords
	}
	raw, whole = decodeFax(data, o)
	return raw, whole, nil
}

// readerOfLZW expands LZW (TIFF 6.0, section 13). Programs from before that wrote the codes from
// the lowest bit on and took another bit a code later, as GIF does; the first code, which is
// always 256, tells them apart.
func readerOfLZW(data []byte) io.Reader {
	if len(data) > 1 && data[0] == 0 && data[1]&1 == 1 {
		return oldlzw.NewReader(bytes.NewReader(data), oldlzw.LSB, 8)
	}
	return lzw.NewReader(bytes.NewReader(data), lzw.MSB, 8)
}

// zstdDecoder decodes many chunks at once, and of each no more than there is room for.
var zstdDecoder = sync.OnceValue(func() *zstd.Decoder {
	d, _ := zstd.NewReader(nil, zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderMaxWindow(1<<31), // these are valid
		zstd.WithDecoderMaxMemory(1<<40), zstd.WithDecoderConcurrency(0), zstd.WithDecoderLowmem(true))
	return d
})

// unpackZstd expands Zstandard (RFC 8878) and returns how many bytes there were. further
// is how many more a last strip may have, whose writer stored more rows than it has.
func unpackZstd(to, data []byte, further int) (n int) {
	d := zstdDecoder()
	got, err := d.DecodeAll(data, to[:0:len(to)])
	if further > 0 && errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		got, _ = d.DecodeAll(data, make([]byte, 0, len(to)+further))
	}
	return copy(to, got)
}

// reversed returns bytes with their bits in the other order.
func reversed(data []byte) []byte {
	out := make([]byte, len(data))
	for i, b := range data {
		out[i] = bits.Reverse8(b)
	}
	return out
}

// unpackBits expands run-length coding (TIFF 6.0, section 9) and returns how many
// bytes there were.
func unpackBits(to, data []byte) (n int) {
	for len(data) > 1 && n < len(to) {
		count := int(int8(data[0]))
		data = data[1:]
		switch {
		case count >= 0:
			k := min(count+1, len(data))
			n += copy(to[n:], data[:k])
			data = data[k:]
		case count > -128:
			for range min(1-count, len(to)-n) {
				to[n] = data[0]
				n++
			}
			data = data[1:]
		}
	}
	return n
}

// jpegSamples decodes a chunk of JPEG into interleaved samples of a byte. The
// tables that chunks share come before it.
func (p *Page) jpegSamples(data []byte, c chunk, samples int) (raw []byte, whole bool, err error) {
	if tables := p.d.Bytes(tagJPEGTables); len(tables) > 4 && len(data) > 2 {
		tables = bytes.TrimSuffix(tables, []byte{0xff, 0xd9})
		data = append(bytes.Clone(tables), data[2:]...)
	}
	if p.front != nil {
		data = p.completed(data, c)
	}
	const most = 1 << 40 // a chunk's size is checked below, before memory is taken
	frame, err := jpegfile.ReadFrame(data)
	if err != nil {
		return nil, false, ofJPEG(err)
	}
	if len(frame.Components) != samples || frame.Width > c.columns+16 || frame.Height > c.rows+16 {
		return nil, false, damaged("a JPEG chunk of %dx%d pixels, %d samples", frame.Width, frame.Height, len(frame.Components))
	}
	var s *jpegfile.Samples
	err = jpegfile.Decode(data, most, func(got *jpegfile.Samples) func(from, to int) {
		s = got
		return func(int, int) {}
	})
	var cut *jpegfile.CutError
	if err != nil && !errors.As(err, &cut) {
		return nil, false, ofJPEG(err)
	}
	raw = make([]byte, c.columns*c.rows*samples)
	buf := make([]byte, s.Width)
	for y := range min(s.Height, c.rows) {
		for i := range samples {
			row := s.Row(i, y, buf)
			to := raw[y*c.columns*samples+i:]
			for x, v := range row[:min(len(row), c.columns)] {
				to[x*samples] = v
			}
		}
	}
	whole = err == nil && s.Width >= min(c.columns, p.Width-c.at.X) && s.Height >= min(c.rows, p.Height-c.at.Y)
	return raw, whole, nil
}

// ofJPEG turns jpegfile's errors into this package's.
func ofJPEG(err error) error {
	var unsupported *jpegfile.UnsupportedError
	if errors.As(err, &unsupported) {
		return &UnsupportedError{"JPEG with " + unsupported.Feature}
	}
	return damaged("%v", err)
}
