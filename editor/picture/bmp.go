package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"math/bits"
	"slices"

	"golang.org/x/image/bmp"
)

// bmpHeader is the decoded header of a BMP file. This package has its own decoder because
// golang.org/x/image/bmp reads no bit fields, no run-length coding, no short header of OS/2
// and no gap between header and pixels.
type bmpHeader struct {
	width, height int
	topDown       bool
	depth         int // bits per pixel
	compression   uint32
	pixels        int // their offset in the file
	masks         [4]uint32
	palette       color.Palette
}

// Compression methods of a BMP.
const (
	bmpPlain       = 0
	bmpRLE8        = 1
	bmpRLE4        = 2
	bmpBitFields   = 3
	bmpAlphaFields = 6 // with a fourth mask behind the other three
)

// bmpMasks are the bit masks of red, green, blue and alpha in pixels without bit fields.
var bmpMasks = [4]uint32{0xff0000, 0xff00, 0xff, 0}

func bmpConfig(data []byte) (image.Config, error) {
	data = plainBMP(bmpHead(data))
	h, err := readBMPHeader(data)
	return image.Config{ColorModel: color.NRGBAModel, Width: h.width, Height: h.height}, err
}

func decodeBMP(data []byte, _ image.Config) (image.Image, error) {
	data = plainBMP(data)
	h, err := readBMPHeader(data)
	if err != nil {
		return nil, err
	}
	body := data[min(h.pixels, len(data)):]
	switch {
	case h.compression == bmpRLE8 && h.depth == 8, h.compression == bmpRLE4 && h.depth == 4:
		return h.runs(body)
	case h.compression != bmpPlain && (!h.fields() || h.depth < 16):
		return nil, &UnsupportedError{"bmp", fmt.Sprintf("compression %d of %d bits", h.compression, h.depth)}
	}

	if need := int64(h.stride()) * int64(h.height); int64(len(body)) < need {
		if int64(len(body)) < need/16 {
			return nil, io.ErrUnexpectedEOF
		}
		body = append(bytes.Clone(body), make([]byte, need-int64(len(body)))...)
		err = errPart
	}
	if h.depth <= 8 {
		return h.indexed(body), err
	}
	return h.direct(body), err
}

// fields reports whether the file gives the bit masks of the channels.
func (h bmpHeader) fields() bool {
	return h.compression == bmpBitFields || h.compression == bmpAlphaFields
}

// Sizes in bytes of a BMP's file header and of the information headers that can follow it.
const (
	bmpFileHeader = 14
	bmpCore       = 12 // OS/2's first
	bmpLeast      = 16 // the beginning of OS/2's second
	bmpInfo       = 40 // Windows'
	bmpOS2        = 64 // OS/2's second
	bmpMost       = 124
)

func readBMPHeader(data []byte) (bmpHeader, error) {
	var h bmpHeader
	if len(data) < bmpFileHeader+bmpCore {
		return h, io.ErrUnexpectedEOF
	}
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(data[at:])) }
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(data[at:]) }
	size := u32(14)
	if size != bmpCore && (size < bmpLeast || size > bmpMost) {
		return h, &UnsupportedError{"bmp", fmt.Sprintf("header of %d bytes", size)}
	}
	end := bmpFileHeader + int(size)
	if len(data) < end {
		return h, io.ErrUnexpectedEOF
	}
	h.pixels = int(u32(10))
	colours, entry := 0, 4
	if size == bmpCore {
		h.width, h.height, h.depth, entry = u16(18), u16(20), u16(24), 3
	} else {
		h.width, h.height, h.depth = int(int32(u32(18))), int(int32(u32(22))), u16(28)
	}
	if size >= 20 {
		h.compression = u32(30)
	}
	if size >= 36 {
		colours = int(min(u32(46), 256))
	}
	if size == bmpOS2 && h.compression >= bmpBitFields {
		return h, &UnsupportedError{"bmp", fmt.Sprintf("compression %d of OS/2", h.compression)}
	}
	if h.height < 0 {
		h.height, h.topDown = -h.height, true
	}
	switch h.depth {
	case 1, 2, 4, 8:
		h.readPalette(data[end:], entry, colours)
	case 16, 24, 32:
		h.readMasks(data, size)
	default:
		return h, &UnsupportedError{"bmp", fmt.Sprintf("%d bits a pixel", h.depth)}
	}
	return h, nil
}

// readPalette reads a palette of so many colours, 0 for the most that the depth allows, with
// so many bytes per entry.
func (h *bmpHeader) readPalette(data []byte, entry, colours int) {
	if colours == 0 || colours > 1<<h.depth {
		colours = 1 << h.depth
	}
	for ; len(h.palette) < colours && len(data) >= entry; data = data[entry:] {
		h.palette = append(h.palette, color.NRGBA{data[2], data[1], data[0], 255})
	}
}

// readMasks reads the bit masks of the channels. They follow the short header and are part of
// the longer ones. The short one has no alpha: its fourth byte is often zero and is ignored.
func (h *bmpHeader) readMasks(data []byte, size uint32) {
	h.masks = bmpMasks
	if h.depth == 16 {
		h.masks = [4]uint32{0x7c00, 0x03e0, 0x001f, 0}
	}
	for i := range h.masks {
		at := bmpFileHeader + bmpInfo + 4*i
		given := i < 3 && h.fields() || i == 3 && h.compression == bmpAlphaFields
		if given && at+4 <= len(data) || i == 3 && size >= 56 && size != bmpOS2 && h.depth != 24 {
			h.masks[i] = binary.LittleEndian.Uint32(data[at:])
		}
	}
}

// encodeBMP writes 24 bits per pixel, or indices into the source's palette. The density is the
// only metadata that the header has room for.
func encodeBMP(w io.Writer, img *image.NRGBA, e Encoding) error {
	var density [8]byte
	if d := e.carried(img, false).Density; d != (Density{}) {
		binary.LittleEndian.PutUint32(density[:], uint32(math.Round(d.X)))
		binary.LittleEndian.PutUint32(density[4:], uint32(math.Round(d.Y)))
	}
	const place = 38 // the density's offset in the file
	w = &overlay{w: w, at: place, part: density[:]}
	flat := overWhite(e.Meta.Space.SRGB(img))
	if e.wantsPalette(img) {
		opaque := &image.NRGBA{Pix: flat.Pix, Stride: flat.Stride, Rect: flat.Rect}
		if r := indexed(opaque, e.flatPalette(), 1, 4, 8); r != nil {
			return writeIndexedBMP(w, r)
		}
		if e.Lost != nil {
			e.Lost(LostPalette)
		}
	}
	return bmp.Encode(w, flat)
}

// flatPalette returns the palette for BMP: in sRGB, composited over white.
func (e *Encoding) flatPalette() []color.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, len(e.Meta.Palette), 1))
	for x, c := range e.Meta.Palette {
		img.SetNRGBA(x, 0, c)
	}
	flat := overWhite(e.Meta.Space.SRGB(img))
	palette := make([]color.NRGBA, len(e.Meta.Palette))
	for x := range palette {
		palette[x] = color.NRGBA(flat.RGBAAt(x, 0)) // opaque
	}
	return palette
}

// errLargeBMP reports a file that is too large for BMP's 32-bit sizes.
var errLargeBMP = errors.New("picture: the picture is too large for a BMP file")

// writeIndexedBMP writes a BMP file of indices of 1, 4 or 8 bits with its palette.
func writeIndexedBMP(w io.Writer, r *raster) error {
	h := bmpHeader{width: r.size.X, height: r.size.Y, depth: r.bits}
	pixels := bmpFileHeader + bmpInfo + 4*len(r.palette)
	whole := int64(pixels) + int64(h.stride())*int64(h.height)
	if whole > math.MaxInt32 {
		return errLargeBMP
	}
	head := append(make([]byte, 0, pixels), "BM"...)
	for _, v := range []int{int(whole), 0, pixels, bmpInfo, h.width, h.height, 1 | h.depth<<16, bmpPlain, 0, 0, 0, len(r.palette), 0} {
		head = binary.LittleEndian.AppendUint32(head, uint32(v))
	}
	for _, c := range r.palette {
		head = append(head, c.B, c.G, c.R, 0)
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	row := make([]byte, h.stride())
	for n := range h.height {
		r.row(row[:r.rowBytes()], h.line(n))
		if _, err := w.Write(row); err != nil {
			return err
		}
	}
	return nil
}

// overlay is a writer to w that replaces the bytes at an offset by a part.
type overlay struct {
	w    io.Writer
	pos  int
	at   int
	part []byte
}

func (o *overlay) Write(p []byte) (int, error) {
	if o.pos < o.at+len(o.part) && o.pos+len(p) > o.at {
		p = bytes.Clone(p)
		for i, b := range o.part {
			if k := o.at + i - o.pos; k >= 0 && k < len(p) {
				p[k] = b
			}
		}
	}
	n, err := o.w.Write(p)
	o.pos += n
	return n, err
}

func bmpMeta(data []byte) (Metadata, int) {
	var m Metadata
	if n := countBMPs(data); n > 1 {
		m.note(Pictures, n)
	}
	data = plainBMP(bmpHead(data))
	if len(data) >= 46 && binary.LittleEndian.Uint32(data[14:]) >= 40 {
		m.Density = Density{float64(binary.LittleEndian.Uint32(data[38:])), float64(binary.LittleEndian.Uint32(data[42:]))}.sane()
	}
	if h, err := readBMPHeader(data); err == nil {
		for _, c := range h.palette {
			m.Palette = append(m.Palette, c.(color.NRGBA))
		}
	}
	return m, 1
}

// line returns the picture's row that is stored as the n-th.
func (h bmpHeader) line(n int) int {
	if h.topDown {
		return n
	}
	return h.height - 1 - n
}

// stride returns the length of a stored row in bytes, a multiple of four.
func (h bmpHeader) stride() int { return (h.width*h.depth + 31) / 32 * 4 }

// fullPalette returns the palette with black for the indices beyond its end.
func (h bmpHeader) fullPalette() color.Palette {
	palette := slices.Clone(h.palette)
	for len(palette) < 1<<h.depth {
		palette = append(palette, color.NRGBA{A: 255})
	}
	return palette
}

func (h bmpHeader) indexed(body []byte) image.Image {
	img := image.NewPaletted(image.Rect(0, 0, h.width, h.height), h.fullPalette())
	for n := range h.height {
		row, out := body[n*h.stride():], img.Pix[h.line(n)*img.Stride:]
		for x := range h.width {
			bit := x * h.depth
			out[x] = row[bit/8] >> (8 - h.depth - bit%8) & (1<<h.depth - 1)
		}
	}
	return img
}

// direct reads pixels of 16, 24 or 32 bits.
func (h bmpHeader) direct(body []byte) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, h.width, h.height))
	each := h.depth / 8
	inBands(h.height, h.width*h.height, func(from, to int) {
		for n := from; n < to; n++ {
			row, out := body[n*h.stride():][:h.width*each], img.Pix[h.line(n)*img.Stride:][:4*h.width]
			if h.masks == bmpMasks && each >= 3 {
				for ; len(out) >= 4 && len(row) >= each; row, out = row[each:], out[4:] {
					out[0], out[1], out[2], out[3] = row[2], row[1], row[0], 255
				}
				continue
			}
			for ; len(out) >= 4 && len(row) >= each; row, out = row[each:], out[4:] {
				h.masked(out, row[:each])
			}
		}
	})
	return img
}

// masked writes one pixel that is stored in bit fields.
func (h bmpHeader) masked(out, stored []byte) {
	var v uint32
	for i, b := range stored {
		v |= uint32(b) << (8 * i)
	}
	for c, mask := range h.masks {
		out[c] = field(v, mask)
	}
	if h.masks[3] == 0 {
		out[3] = 255
	}
}

// field returns the bits of v under mask, scaled to 0 to 255.
func field(v, mask uint32) uint8 {
	if mask == 0 {
		return 0
	}
	shift := bits.TrailingZeros32(mask)
	most := uint64(mask >> shift)
	return uint8((uint64(v&mask>>shift)*255 + most/2) / most)
}

// runs reads run-length coding. Pixels that the runs skip have the first colour, as in most
// programs.
func (h bmpHeader) runs(body []byte) (image.Image, error) {
	img := image.NewPaletted(image.Rect(0, 0, h.width, h.height), h.fullPalette())
	x, n := 0, 0
	put := func(v byte) {
		if x < h.width && n < h.height {
			img.Pix[h.line(n)*img.Stride+x] = v
		}
		x++
	}
	// nibble returns the i-th index of a run.
	nibble := func(b byte, i int) byte {
		switch {
		case h.depth == 8:
			return b
		case i%2 == 0:
			return b >> 4
		}
		return b & 15
	}
	for len(body) >= 2 {
		count, value := int(body[0]), int(body[1])
		body = body[2:]
		switch {
		case count > 0:
			for i := range count {
				put(nibble(byte(value), i))
			}
		case value == 0:
			x, n = 0, n+1
		case value == 1:
			return img, nil
		case value == 2:
			if len(body) < 2 {
				return img, errPart
			}
			x, n, body = x+int(body[0]), n+int(body[1]), body[2:]
		default: // as many indices, padded to 16 bits
			length := (value*h.depth + 7) / 8
			if len(body) < length {
				return img, errPart
			}
			for i := range value {
				put(nibble(body[i*h.depth/8], i))
			}
			body = body[min(len(body), (length+1)&^1):]
		}
	}
	if n+1 < h.height {
		return img, errPart
	}
	return img, nil
}
