package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"sync"

	"github.com/gen2brain/avif"
	"github.com/gen2brain/heic"
	"github.com/gen2brain/jpegxl"

	"overpaint/editor/colour"
	"overpaint/editor/heiffile"
)

// The decoders of HEIC, AVIF and JPEG XL run in a WebAssembly machine: they can
// reach nothing but their own memory, of which they take much. One works at a time;
// its machine is compiled when it is first needed.
var machine sync.Mutex

// Most pixels of pictures that such decoders are given: they take up to 70 bytes
// for a pixel and have 4 GB at most.
const (
	mostHEIC = 128_000_000
	mostAVIF = 48_000_000
	mostJXL  = 48_000_000
)

// leastHEIC is the least width in pixels that gen2brain/heic reads rightly: libheif
// gives the rows of narrower planes more room than it thinks.
const leastHEIC = 127

// inMachine runs a decoder on a file.
func inMachine(decode func(data []byte) (image.Image, error), data []byte) (image.Image, error) {
	machine.Lock()
	defer machine.Unlock()
	img, err := decode(data)
	if err != nil {
		return nil, err
	}
	return ownPixels(img), nil
}

// freed is how many bytes of what gen2brain/heic gives are lost: it lets go of its memory
// before anybody can copy it, and the machine notes there what is free.
const freed = 32

// mended returns a picture in which the first bytes are those of the row below, which look
// alike. It writes to img's memory.
func mended(img image.Image) image.Image {
	mend := func(pix []byte, stride int) {
		if n := min(freed, stride); len(pix) >= stride+n {
			copy(pix[:n], pix[stride:])
		}
	}
	switch m := img.(type) {
	case *image.YCbCr:
		mend(m.Y, m.YStride)
	case *image.Gray:
		mend(m.Pix, m.Stride)
	case *image.NRGBA:
		mend(m.Pix, m.Stride)
	case *image.RGBA:
		mend(m.Pix, m.Stride)
	}
	return img
}

// ownPixels copies pixels that lie in the memory of a machine, all of which would
// be kept with them.
func ownPixels(img image.Image) image.Image {
	switch m := img.(type) {
	case *image.NRGBA:
		c := *m
		c.Pix = bytes.Clone(m.Pix)
		return &c
	case *image.RGBA:
		c := *m
		c.Pix = bytes.Clone(m.Pix)
		return &c
	case *image.RGBA64:
		c := *m
		c.Pix = bytes.Clone(m.Pix)
		return &c
	case *image.NRGBA64:
		c := *m
		c.Pix = bytes.Clone(m.Pix)
		return &c
	}
	return img // is converted, and so copied
}

// within refuses pictures that a machine has no room for.
func within(width, height int, most int64) error {
	if int64(width)*int64(height) > most {
		return &TooLargeError{Width: width, Height: height, MaxPixels: most}
	}
	return nil
}

// readHEIF reads the boxes of a HEIC or AVIF file.
func readHEIF(data []byte) (*heiffile.File, error) {
	f, err := heiffile.Read(data)
	if err != nil {
		return nil, err
	}
	switch f.Coding {
	case "hvc1":
		return f, within(f.Width, f.Height, mostHEIC)
	case "av01":
		return f, within(f.Width, f.Height, mostAVIF)
	}
	return nil, &UnsupportedError{"heif", "coding " + f.Coding}
}

func heifConfig(data []byte) (image.Config, error) {
	f, err := readHEIF(data)
	if err != nil {
		return image.Config{}, err
	}
	c := image.Config{ColorModel: color.NRGBAModel, Width: f.Width, Height: f.Height}
	if bare(f) {
		size := seenOf(f).Size()
		c.Width, c.Height = size.X, size.Y
		return c, nil
	}
	if f.Coding == "hvc1" && f.Quarters%2 == 1 { // libheif turns the pixels itself
		c.Width, c.Height = c.Height, c.Width
	}
	return c, nil
}

func decodeHEIF(data []byte, _ image.Config) (image.Image, error) {
	f, err := readHEIF(data)
	if err != nil {
		return nil, err
	}
	if f.Coding == "av01" {
		return inMachine(func(data []byte) (image.Image, error) { return avif.Decode(bytes.NewReader(data)) }, data)
	}
	if bare(f) {
		return decodeBare(f, data)
	}
	return decodeHEVC(f, data)
}

// asHEIC returns a file under the one brand that gen2brain/heic takes; other files of HEVC
// pictures only have another one first.
func asHEIC(data []byte) []byte {
	const brand, at = "heic", 8
	if len(data) < at+len(brand) || string(data[at:at+len(brand)]) == brand {
		return data
	}
	data = bytes.Clone(data)
	copy(data[at:], brand)
	return data
}

func decodeHEVC(f *heiffile.File, data []byte) (image.Image, error) {
	img, err := inMachine(func(data []byte) (image.Image, error) { return heic.Decode(bytes.NewReader(data)) }, asHEIC(data))
	if err == nil {
		img = mended(img)
	}
	if m, ok := img.(*image.YCbCr); ok && err == nil {
		return newCodedImage(m, f.Matrix, f.Full), nil
	}
	return img, err
}

// bare reports an HEVC picture that is decoded as it is coded, and cropped and turned here:
// a narrow one, or one of which a part is to be seen.
func bare(f *heiffile.File) bool {
	width := f.Width
	if f.Quarters%2 == 1 {
		width = f.Height
	}
	return f.Coding == "hvc1" && (width < leastHEIC || !f.Crop.Empty())
}

// seenOf returns the part of a coded picture that is to be seen.
func seenOf(f *heiffile.File) image.Rectangle {
	if !f.Crop.Empty() {
		return f.Crop
	}
	return image.Rect(0, 0, f.Width, f.Height)
}

// decodeBare decodes a picture beside as much of itself as makes it wide enough.
func decodeBare(f *heiffile.File, data []byte) (image.Image, error) {
	tiled := heiffile.Tiled(data, max(leastHEIC, f.Width))
	if tiled == nil {
		return nil, &UnsupportedError{"heif", "a narrow or cropped picture put together of others"}
	}
	img, err := decodeHEVC(f, tiled)
	if err != nil {
		return nil, err
	}
	part := seenOf(f)
	if !part.In(img.Bounds()) {
		return nil, ErrTruncated
	}
	all := FromImage(img)
	out := image.NewNRGBA(image.Rectangle{Max: part.Size()})
	draw.Draw(out, out.Rect, all, part.Min, draw.Src)
	return out, nil
}

func heifMeta(data []byte) (Metadata, int) {
	f, err := heiffile.Read(data)
	if err != nil {
		return Metadata{}, 1
	}
	m := Metadata{ICC: checkICC(f.ICC), XMP: cleanXMP(f.XMP, true)}
	if m.ICC == nil && f.Primaries != 0 {
		m.Space = colour.Coded(f.Primaries, f.Transfer)
	}
	m.EXIF, _ = cleanEXIF(f.EXIF) // its orientation is not looked at: the boxes say it
	m.densityOfEXIF()
	if f.Sequence {
		m.note(Animated, 0)
	} else if f.Pictures > 1 {
		m.note(Pictures, f.Pictures)
	}
	if f.Depth > 8 && f.Coding == "hvc1" {
		m.note(Deep, 0)
	}
	if f.Coding == "hvc1" && !bare(f) {
		return m, 1
	}
	return m, orientationOf(f.Quarters, f.Mirror)
}

// orientationOf returns EXIF's orientation for quarter turns against the clock and a
// mirror behind them.
func orientationOf(quarters int, mirror byte) int {
	if mirror == 'h' { // as half a turn and top to bottom
		quarters, mirror = (quarters+2)%4, 'v'
	}
	if mirror == 'v' {
		return [4]int{4, 5, 2, 7}[quarters]
	}
	return [4]int{1, 8, 3, 6}[quarters]
}

// codedImage is a picture in YCbCr of another coding than JPEG's.
type codedImage struct {
	*image.YCbCr
	red, green, blue [3]int32 // of luma, Cb and Cr, with 16 bits of fraction
	black            int32
}

// newCodedImage gives YCbCr its meaning by ISO/IEC 23091-2: the matrix, and whether
// all codes are used.
func newCodedImage(m *image.YCbCr, matrix int, full bool) image.Image {
	kr, kb := 0.299, 0.114
	switch matrix {
	case 1:
		kr, kb = 0.2126, 0.0722
	case 9, 10:
		kr, kb = 0.2627, 0.0593
	default:
		if full {
			return m
		}
	}
	kg := 1 - kr - kb
	luma, chroma, black := 1.0, 1.0, int32(0)
	if !full {
		luma, chroma, black = 255.0/219, 255.0/224, 16
	}
	fix := func(v float64) int32 { return int32(v*65536 + 0.5) }
	c := &codedImage{YCbCr: m, black: black}
	c.red = [3]int32{fix(luma), 0, fix(2 * (1 - kr) * chroma)}
	c.green = [3]int32{fix(luma), -fix(2 * (1 - kb) * kb / kg * chroma), -fix(2 * (1 - kr) * kr / kg * chroma)}
	c.blue = [3]int32{fix(luma), fix(2 * (1 - kb) * chroma), 0}
	return c
}

// row writes row y as straight RGBA.
func (m *codedImage) row(dst []byte, y int) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	cw, ch, sx, sy := w, h, 1, 1
	switch m.SubsampleRatio {
	case image.YCbCrSubsampleRatio420:
		cw, ch, sx, sy = (w+1)/2, (h+1)/2, 2, 2
	case image.YCbCrSubsampleRatio422:
		cw, sx = (w+1)/2, 2
	}
	near := y / sy
	other := near
	if sy == 2 {
		other = min(max(near-1+y%2*2, 0), ch-1)
	}
	cbNear, cbOther := m.Cb[near*m.CStride:][:cw], m.Cb[other*m.CStride:][:cw]
	crNear, crOther := m.Cr[near*m.CStride:][:cw], m.Cr[other*m.CStride:][:cw]
	luma := m.Y[y*m.YStride:][:w]
	for x, v := range luma {
		l := int32(v) - m.black
		var u, q int32
		if sx == 2 {
			u, q = upsample(cbNear, cbOther, x)-128, upsample(crNear, crOther, x)-128
		} else {
			u, q = int32(cbNear[x])-128, int32(crNear[x])-128
		}
		d := dst[4*x : 4*x+4 : 4*x+4]
		d[0] = clip16(l*m.red[0] + q*m.red[2])
		d[1] = clip16(l*m.green[0] + u*m.green[1] + q*m.green[2])
		d[2] = clip16(l*m.blue[0] + u*m.blue[1])
		d[3] = 255
	}
}

// clip16 rounds a number with 16 bits of fraction to 0 to 255.
func clip16(v int32) uint8 { return uint8(min(max((v+1<<15)>>16, 0), 255)) }

// explainMachine turns errors of the boxes and the machines into this package's.
func explainMachine(err error) error {
	switch {
	case errors.Is(err, heiffile.ErrDamaged):
		return ErrTruncated
	case errors.Is(err, heic.ErrDecode), errors.Is(err, avif.ErrDecode), errors.Is(err, jpegxl.ErrDecode):
		return ErrTruncated
	}
	return nil
}
