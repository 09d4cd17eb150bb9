package mask

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
)

// ErrNotPNG is wrapped by Decode's error when the data is no PNG file, ErrDamaged when it
// can't be read to its end.
var (
	ErrNotPNG  = errors.New("mask: not a PNG file")
	ErrDamaged = errors.New("mask: damaged PNG file")
)

// SizeError is Decode's error when the file's picture hasn't the required size.
type SizeError struct{ Got, Want image.Point }

func (e *SizeError) Error() string {
	return fmt.Sprintf("mask: the file is %dx%d pixels, the canvas %dx%d", e.Got.X, e.Got.Y, e.Want.X, e.Want.Y)
}

// Decode reads a mask of a given size from a PNG file of any colour type.
//
// Where the picture has any transparency, transparent is edit: coverage is 255
// less alpha, whatever the colours, as in the masks that services take and as
// EncodePNG writes. Where it is opaque throughout, white is edit: coverage is
// the brightness.
//
// The size is checked before anything is decoded. Errors are *SizeError or
// hold ErrNotPNG or ErrDamaged.
func Decode(data []byte, size image.Point) (*Mask, error) {
	img, err := DecodePicture(data, size)
	if err != nil {
		return nil, err
	}
	return FromPicture(img), nil
}

// DecodePicture reads the picture of a mask's file, with the checks and the
// errors of Decode. FromPicture makes the mask of it.
func DecodePicture(data []byte, size image.Point) (image.Image, error) {
	if !bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")) {
		return nil, ErrNotPNG
	}
	header, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if got := image.Pt(header.Width, header.Height); got != size {
		return nil, &SizeError{Got: got, Want: size}
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return img, nil
}

// FromPicture returns the mask of a picture, of its size, as Decode reads it:
// coverage is taken from transparency, or from brightness if there is none.
func FromPicture(img image.Image) *Mask {
	origin, size := img.Bounds().Min, img.Bounds().Size()
	read := func(at func(x, y int) uint8) *Mask {
		return build(size, image.Rectangle{Max: size}, func(r int, row []*Tile) {
			for c := range row {
				s := square(c, r).Intersect(image.Rectangle{Max: size})
				t := new(Tile)
				for y := s.Min.Y; y < s.Max.Y; y++ {
					line := t[y%TileSize*TileSize:][:s.Dx()]
					for x := range line {
						line[x] = at(origin.X+s.Min.X+x, origin.Y+y)
					}
				}
				row[c] = t
			}
		})
	}
	if p, ok := img.(interface{ Opaque() bool }); ok && p.Opaque() {
		return read(brightness(img))
	}
	return read(transparency(img))
}

func brightness(img image.Image) func(x, y int) uint8 {
	if g, ok := img.(*image.Gray); ok {
		return func(x, y int) uint8 { return g.Pix[g.PixOffset(x, y)] }
	}
	return func(x, y int) uint8 { return color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y }
}

func transparency(img image.Image) func(x, y int) uint8 {
	if n, ok := img.(*image.NRGBA); ok {
		return func(x, y int) uint8 { return 255 - n.Pix[n.PixOffset(x, y)+3] }
	}
	return func(x, y int) uint8 {
		_, _, _, a := img.At(x, y).RGBA()
		return 255 - uint8((a+128)/257)
	}
}

// EncodePNG writes the mask as a PNG of colour type 6 (8-bit RGBA) in which
// both ways of reading a mask agree: edit is white with alpha 0, keep is black
// with alpha 255, what lies between is grey of the coverage with alpha 255 less
// the coverage. Decode gives back the same mask.
func (m *Mask) EncodePNG(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	_, _ = out.WriteString("\x89PNG\r\n\x1a\n") // Flush tells what went wrong
	header := binary.BigEndian.AppendUint32(nil, uint32(m.size.X))
	header = binary.BigEndian.AppendUint32(header, uint32(m.size.Y))
	_ = writeChunk(out, "IHDR", append(header, 8, 6, 0, 0, 0))
	data := bufio.NewWriterSize(chunkWriter{out}, 1<<16)
	deflate, err := zlib.NewWriterLevel(data, zlib.BestSpeed)
	if err != nil {
		return err
	}
	if err := m.writeRows(deflate); err != nil {
		return err
	}
	if err := deflate.Close(); err != nil {
		return err
	}
	if err := data.Flush(); err != nil {
		return err
	}
	_ = writeChunk(out, "IEND", nil)
	return out.Flush()
}

// writeRows writes every row of pixels as its difference to the one above
// (filter type 2), which is mostly zeros.
func (m *Mask) writeRows(w io.Writer) error {
	coverage := make([]uint8, m.size.X)
	above := make([]uint8, 4*m.size.X)
	row := make([]uint8, 1+4*m.size.X)
	row[0] = 2
	for y := range m.size.Y {
		clear(coverage)
		m.read(coverage, len(coverage), image.Rect(0, y, m.size.X, y+1))
		for x, v := range coverage {
			now, old, to := [4]uint8{v, v, v, 255 - v}, above[4*x:][:4], row[1+4*x:][:4]
			for i := range now {
				to[i], old[i] = now[i]-old[i], now[i]
			}
		}
		if _, err := w.Write(row); err != nil {
			return err
		}
	}
	return nil
}

// chunkWriter writes each piece as an IDAT chunk.
type chunkWriter struct{ w *bufio.Writer }

func (c chunkWriter) Write(p []byte) (int, error) { return len(p), writeChunk(c.w, "IDAT", p) }

func writeChunk(w *bufio.Writer, kind string, data []byte) error {
	head := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	head = append(head, kind...)
	sum := crc32.Update(crc32.ChecksumIEEE([]byte(kind)), crc32.IEEETable, data)
	_, _ = w.Write(head)
	_, _ = w.Write(data)
	_, err := w.Write(binary.BigEndian.AppendUint32(nil, sum))
	return err
}
