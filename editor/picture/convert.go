package picture

import (
	"encoding/binary"
	"image"
	"image/color"

	"overpaint.dev/overpaint/editor/parallel"
	"overpaint.dev/overpaint/editor/webpfile"
)

// FromImage returns img's pixels as straight RGBA with the top-left pixel at
// (0, 0). 8-bit pixels keep their values; 16-bit ones are rounded to the
// nearest; CMYK becomes RGB as in image/color; subsampled chroma is interpolated. The result
// may share img's memory, and a premultiplied img may be changed in place: the caller must
// not use img any more.
func FromImage(img image.Image) *image.NRGBA {
	return oriented(img, 1, fresh)
}

// fresh returns memory for size's pixels.
func fresh(size image.Point) []byte { return make([]byte, 4*size.X*size.Y) }

// oriented is FromImage followed by the rotation or reflection of an EXIF orientation (1 to 8),
// in one pass without a second copy. room allocates the pixels where img's can't be used.
func oriented(img image.Image, orientation int, room func(size image.Point) []byte) *image.NRGBA {
	if orientation == 1 {
		if out := inPlace(img); out != nil {
			return out
		}
	}
	size := img.Bounds().Size()
	p := newPainter(size, orientation, rows(img), room)
	inBands(size.Y, size.X*size.Y, p.paint)
	return p.out
}

// painter converts the rows of a stored picture and writes them to their places in the
// oriented picture.
type painter struct {
	out  *image.NRGBA
	row  func(dst []byte, y int)
	size image.Point // of the stored picture
	turn orientation
}

func newPainter(size image.Point, o int, row func(dst []byte, y int), room func(size image.Point) []byte) *painter {
	p := &painter{row: row, size: size, turn: orientations[o]}
	size = p.turn.view(size)
	p.out = &image.NRGBA{Pix: room(size), Stride: 4 * size.X, Rect: image.Rectangle{Max: size}}
	return p
}

// paint writes rows y0 to y1 of the stored picture. It may be called for
// different rows on several goroutines at once.
func (p *painter) paint(y0, y1 int) {
	w := p.size.X
	if p.turn == (orientation{}) {
		for y := y0; y < y1; y++ {
			p.row(p.out.Pix[y*p.out.Stride:][:4*w], y)
		}
		return
	}
	// A band of rows is written column by column, so that a transposed
	// picture is not written in single pixels a whole row apart.
	const band = 16
	buf := make([]byte, min(band, y1-y0)*4*w)
	for y := y0; y < y1; y += band {
		n := min(band, y1-y)
		for i := range n {
			p.row(buf[i*4*w:(i+1)*4*w], y+i)
		}
		p.turn.scatter(p.out, buf, w, p.size.Y, y, n)
	}
}

// orientation is the transformation of EXIF's tag 0x0112: the stored picture's columns and
// rows are mirrored if flipX and flipY are set, and then swapped if transpose is.
type orientation struct{ flipX, flipY, transpose bool }

var orientations = [9]orientation{
	2: {flipX: true},
	3: {flipX: true, flipY: true},
	4: {flipY: true},
	5: {transpose: true},
	6: {flipY: true, transpose: true},
	7: {flipX: true, flipY: true, transpose: true},
	8: {flipX: true, transpose: true},
}

// view returns the oriented size of a stored picture, or the stored size of an oriented one.
func (t orientation) view(size image.Point) image.Point {
	if t.transpose {
		return image.Pt(size.Y, size.X)
	}
	return size
}

// walk returns where a stored w x h picture lies in the oriented one, whose rows have the
// given stride: its first pixel's offset, and the steps to the next column and row.
func (t orientation) walk(w, h, stride int) (at, stepX, stepY int) {
	stepX, stepY = 4, stride
	if t.transpose {
		stepX, stepY = stride, 4
	}
	if t.flipX {
		at, stepX = at+(w-1)*stepX, -stepX
	}
	if t.flipY {
		at, stepY = at+(h-1)*stepY, -stepY
	}
	return at, stepX, stepY
}

// scatter writes n stored rows of a w x h picture, from row y on, to their oriented places.
func (t orientation) scatter(out *image.NRGBA, rows []byte, w, h, y, n int) {
	at, stepX, stepY := t.walk(w, h, out.Stride)
	for x := range w {
		o := at + x*stepX + y*stepY
		for i := range n {
			p := binary.LittleEndian.Uint32(rows[(i*w+x)*4:])
			binary.LittleEndian.PutUint32(out.Pix[o:], p)
			o += stepY
		}
	}
}

// inPlace returns img itself as straight RGBA where its memory allows that,
// else nil.
func inPlace(img image.Image) *image.NRGBA {
	switch m := img.(type) {
	case *image.NRGBA:
		if m.Stride == 4*m.Rect.Dx() {
			return &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: image.Rectangle{Max: m.Rect.Size()}}
		}
	case *image.RGBA:
		w, h := m.Rect.Dx(), m.Rect.Dy()
		if m.Stride != 4*w {
			return nil
		}
		inBands(h, w*h, func(y0, y1 int) { straighten(m.Pix[y0*m.Stride : y1*m.Stride]) })
		return &image.NRGBA{Pix: m.Pix, Stride: m.Stride, Rect: image.Rectangle{Max: m.Rect.Size()}}
	}
	return nil
}

// straighten converts premultiplied RGBA to straight in place, as color.NRGBAModel does.
func straighten(pix []byte) {
	for i := 0; i+4 <= len(pix); i += 4 {
		switch a := uint32(pix[i+3]); a {
		case 255:
		case 0:
			pix[i], pix[i+1], pix[i+2] = 0, 0, 0
		default:
			p := pix[i : i+3 : i+3]
			// color.NRGBAModel works on 16 bits: (c*0x101*0xffff/(a*0x101))>>8.
			for j, c := range p {
				p[j] = uint8(min(uint32(c)*0xffff/a, 0xffff) >> 8)
			}
		}
	}
}

// rows returns a function that writes row y of img, counted from its top, as
// straight RGBA. It may be called on several goroutines at once.
func rows(img image.Image) func(dst []byte, y int) {
	b := img.Bounds()
	switch m := img.(type) {
	case *image.NRGBA:
		return func(dst []byte, y int) {
			o := m.PixOffset(b.Min.X, b.Min.Y+y)
			copy(dst, m.Pix[o:o+len(dst)])
		}
	case *image.RGBA:
		return func(dst []byte, y int) {
			o := m.PixOffset(b.Min.X, b.Min.Y+y)
			copy(dst, m.Pix[o:o+len(dst)])
			straighten(dst)
		}
	case *image.Gray:
		return grayRows(m)
	case *image.Paletted:
		return palettedRows(m)
	case *image.YCbCr:
		return ycbcrRows(m)
	case *webpfile.Lossy:
		return m.Row
	case *codedImage:
		return m.row
	case *image.CMYK:
		return cmykRows(m)
	case *image.Gray16:
		return gray16Rows(m)
	case *image.NRGBA64:
		return nrgba64Rows(m)
	case *image.RGBA64:
		return rgba64Rows(m)
	}
	return genericRows(img)
}

// genericRows converts any image by its colour model: slow, and the definition of all
// 8-bit conversions above.
func genericRows(img image.Image) func(dst []byte, y int) {
	b := img.Bounds()
	return func(dst []byte, y int) {
		for x := range len(dst) / 4 {
			c := color.NRGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
			dst[4*x], dst[4*x+1], dst[4*x+2], dst[4*x+3] = c.R, c.G, c.B, c.A
		}
	}
}

// narrow rounds a big-endian 16-bit value to the nearest 8-bit one: exactly
// v where the value is v*257.
func narrow(p []byte) uint8 {
	return uint8((uint32(binary.BigEndian.Uint16(p))*255 + 0x7fff) / 0xffff)
}

func palettedRows(m *image.Paletted) func(dst []byte, y int) {
	// Indices beyond the palette are transparent black, as image.Paletted
	// would panic on them.
	var table [256]uint32
	for i, c := range m.Palette {
		if i == len(table) {
			break
		}
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		table[i] = uint32(n.R) | uint32(n.G)<<8 | uint32(n.B)<<16 | uint32(n.A)<<24
	}
	return func(dst []byte, y int) {
		o := m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y)
		for i, v := range m.Pix[o : o+len(dst)/4] {
			binary.LittleEndian.PutUint32(dst[4*i:], table[v])
		}
	}
}

func cmykRows(m *image.CMYK) func(dst []byte, y int) {
	return func(dst []byte, y int) {
		o := m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y)
		for i := 0; i < len(dst); i += 4 {
			p := m.Pix[o+i : o+i+4 : o+i+4]
			dst[i], dst[i+1], dst[i+2] = color.CMYKToRGB(p[0], p[1], p[2], p[3])
			dst[i+3] = 255
		}
	}
}

func gray16Rows(m *image.Gray16) func(dst []byte, y int) {
	return func(dst []byte, y int) {
		o := m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y)
		for i := 0; i < len(dst); i += 4 {
			v := narrow(m.Pix[o+i/2:])
			dst[i], dst[i+1], dst[i+2], dst[i+3] = v, v, v, 255
		}
	}
}

func grayRows(m *image.Gray) func(dst []byte, y int) {
	return func(dst []byte, y int) {
		o := m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y)
		for i, v := range m.Pix[o : o+len(dst)/4] {
			binary.LittleEndian.PutUint32(dst[4*i:], 0xff000000|uint32(v)*0x010101)
		}
	}
}

func nrgba64Rows(m *image.NRGBA64) func(dst []byte, y int) {
	return func(dst []byte, y int) {
		o := m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y)
		for i := range dst {
			dst[i] = narrow(m.Pix[o+2*i:])
		}
	}
}

func rgba64Rows(m *image.RGBA64) func(dst []byte, y int) {
	return func(dst []byte, y int) {
		o := m.PixOffset(m.Rect.Min.X, m.Rect.Min.Y+y)
		for i := 0; i < len(dst); i += 4 {
			p := m.Pix[o+2*i : o+2*i+8 : o+2*i+8]
			a := uint64(binary.BigEndian.Uint16(p[6:]))
			if a == 0xffff {
				dst[i], dst[i+1], dst[i+2], dst[i+3] = narrow(p), narrow(p[2:]), narrow(p[4:]), 255
				continue
			}
			dst[i], dst[i+1], dst[i+2], dst[i+3] = 0, 0, 0, narrow(p[6:])
			if a == 0 {
				continue
			}
			for j := range 3 {
				c := uint64(binary.BigEndian.Uint16(p[2*j:]))
				dst[i+j] = uint8(min((c*255+a/2)/a, 255))
			}
		}
	}
}

// inBands calls f for bands of consecutive rows of a picture, in parallel where the number of
// pixels is large enough.
func inBands(rows, pixels int, f func(from, to int)) {
	const least = 1 << 15 // pixels per goroutine
	if rows > 0 {
		parallel.All(rows, parallel.Even(rows, least/max(1, pixels/rows)), f)
	}
}
