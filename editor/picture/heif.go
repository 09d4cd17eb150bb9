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

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/heiffile"
)

// The decoders of HEIC, AVIF and JPEG XL run in a WebAssembly sandbox and need much memory, so
// only one runs at a time. Each is compiled at its first use. machine guards them.
var machine sync.Mutex

// Largest numbers of pixels for these decoders, which need up to 70 bytes per pixel and have
// at most 4 GB.
const (
	mostHEIC = 128_000_000
	mostAVIF = 48_000_000
	mostJXL  = 48_000_000
)

// leastHEIC is the least width in pixels that gen2brain/heic reads correctly: libheif's stride
// of narrower planes is larger than it assumes.
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

// freed is the number of bytes at the beginning of gen2brain/heic's pixels that are
// overwritten: it frees their memory before they can be copied.
const freed = 32

// mended returns img with the overwritten first bytes replaced by those of the row below. It
// writes to img's memory.
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

// ownPixels copies pixels out of a sandbox's memory, so that the rest of it can be freed.
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
	return img // other types are copied when they are converted
}

// within returns an error for pictures that are too large for a decoder's memory.
func within(width, height int, most int64) error {
	if int64(width)*int64(height) > most {
		return &TooLargeError{Width: width, Height: height, MaxPixels: most}
	}
	return nil
}

// readHEIF reads the boxes of a HEIC or AVIF file.
func readHEIF(data []byte) (*heiffile.File, error) {
	f, err := heiffile.Read(data)
	switch {
	case errors.Is(err, heiffile.ErrFilm):
		return nil, &UnsupportedError{"heif", "moving pictures without a still one"}
	case err != nil:
		return nil, err
	case f.Predicted:
		return nil, &UnsupportedError{"heif", "a picture that is predicted from another"}
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
	if bare(f) || f.Coding == "av01" {
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
		return decodeAV1(f, data)
	}
	if bare(f) {
		return decodeBare(f, data)
	}
	img, err := decodeHEVC(f, data, f.Put)
	if err == nil {
		return img, nil
	}
	// libheif refuses some files because of other pictures in them.
	if alone, bareErr := decodeBare(f, data); bareErr == nil {
		return oriented(alone, orientationOf(f.Quarters, f.Mirror), fresh), nil
	}
	return nil, err
}

// decodeAV1 decodes an AVIF file. For a damaged stream gen2brain/avif returns unwritten memory
// and no error, so a blank picture is checked for damage.
func decodeAV1(f *heiffile.File, data []byte) (image.Image, error) {
	data = heiffile.Still(heiffile.Joined(data))
	decode := func(data []byte) (image.Image, error) { return avif.Decode(bytes.NewReader(data)) }
	img, err := inMachine(decode, data)
	if err != nil {
		return nil, err
	}
	if blank(img) || plain(f) && !opaque(img) {
		if f.Alpha == 0 {
			return nil, ErrTruncated
		}
		for _, id := range []uint64{0, f.Alpha} { // all of it may be transparent
			alone, err := inMachine(decode, heiffile.Alone(data, id))
			if err != nil || blank(alone) {
				return nil, ErrTruncated
			}
		}
	}
	if f.Crop.Empty() {
		return img, nil
	}
	return cropped(img, f.Crop)
}

// plain reports whether the picture can't have alpha: a single picture without an alpha item.
// Tiles may each have alpha, and sequences have it in another track.
func plain(f *heiffile.File) bool { return f.Alpha == 0 && !f.Put && !f.Sequence }

func opaque(img image.Image) bool {
	o, ok := img.(interface{ Opaque() bool })
	return !ok || o.Opaque()
}

// blank reports whether a picture is transparent everywhere except in its first row, which
// the sandbox's allocator overwrites.
func blank(img image.Image) bool {
	b := img.Bounds()
	for y := b.Min.Y + min(1, b.Dy()-1); y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if _, _, _, a := img.At(x, y).RGBA(); a != 0 {
				return false
			}
		}
	}
	return true
}

// asHEIC returns the file with the only major brand that gen2brain/heic accepts; other files
// of HEVC pictures differ only in that brand.
func asHEIC(data []byte) []byte {
	const brand, at = "heic", 8
	if len(data) < at+len(brand) || string(data[at:at+len(brand)]) == brand {
		return data
	}
	data = bytes.Clone(data)
	copy(data[at:], brand)
	return data
}

// decodeHEVC decodes a file as libheif does, which converts pictures composed of tiles or
// layers to full range.
func decodeHEVC(f *heiffile.File, data []byte, put bool) (image.Image, error) {
	img, err := inMachine(func(data []byte) (image.Image, error) { return heic.Decode(bytes.NewReader(data)) }, asHEIC(data))
	if err != nil {
		return nil, err
	}
	img = mended(img)
	if m, ok := img.(*image.YCbCr); ok && !put {
		return newCodedImage(m, f), nil
	}
	return img, nil
}

// bare reports whether an HEVC picture is decoded as it is coded, and cropped and rotated here:
// a narrow or grey one, one with alpha, a cropped one, or one whose colour coding differs from
// that of its tiles.
func bare(f *heiffile.File) bool {
	width := f.Width
	if f.Quarters%2 == 1 {
		width = f.Height
	}
	return f.Coding == "hvc1" && (width < leastHEIC || f.Grey || f.Alpha != 0 || !f.Crop.Empty() || f.Recoded)
}

// seenOf returns the visible part of a coded picture.
func seenOf(f *heiffile.File) image.Rectangle {
	if !f.Crop.Empty() {
		return f.Crop
	}
	return image.Rect(0, 0, f.Width, f.Height)
}

// decodeBare decodes a picture as it is coded; a narrow one is repeated until it is wide
// enough. With errOpaque it returns a picture whose alpha can't be read.
func decodeBare(f *heiffile.File, data []byte) (*image.NRGBA, error) {
	out, err := decodeTiled(f, data)
	if err != nil {
		return nil, err
	}
	whole := f.Alpha == 0 || decodeAlpha(out, f, data) == nil
	seen, err := cropped(out, seenOf(f))
	if err == nil && !whole {
		err = errOpaque
	}
	return seen, err
}

// decodeTiled decodes the whole coded picture, in tiles that make it wide enough.
func decodeTiled(f *heiffile.File, data []byte) (*image.NRGBA, error) {
	tiled := heiffile.Tiled(data, max(leastHEIC, f.Width))
	if tiled == nil {
		return nil, &UnsupportedError{"heif", "a picture with alpha or a narrow, grey or cropped one put together of others"}
	}
	img, err := decodeHEVC(f, tiled, true)
	if err != nil {
		return nil, err
	}
	out, err := cropped(img, image.Rect(0, 0, f.Width, f.Height))
	if err == nil && f.Grey && !f.Full {
		stretch(out.Pix)
	}
	return out, err
}

// decodeAlpha decodes the file's alpha, which may be coded at another size, into img, the whole
// coded picture.
func decodeAlpha(img *image.NRGBA, f *heiffile.File, data []byte) error {
	data = heiffile.Alone(data, f.Alpha)
	of, err := readHEIF(data)
	switch {
	case err != nil:
		return err
	case of.Coding != "hvc1":
		return &UnsupportedError{"heif", "alpha of another coding"}
	}
	grey, err := decodeTiled(of, data)
	if err != nil {
		return err
	}
	alpha := image.NewAlpha(grey.Rect)
	for i := range alpha.Pix {
		alpha.Pix[i] = grey.Pix[4*i+1]
	}
	if alpha.Rect != img.Rect {
		alpha = ResizeAlpha(alpha, img.Rect.Size())
	}
	for i, a := range alpha.Pix {
		c := img.Pix[4*i : 4*i+4 : 4*i+4]
		c[3] = a
		if f.Premultiplied && a != 0 {
			for k, v := range c[:3] {
				c[k] = uint8(min(255, (2*255*int(v)+int(a))/(2*int(a))))
			}
		}
	}
	return nil
}

// cropped returns a part of a picture, whose corner is (0, 0).
func cropped(img image.Image, part image.Rectangle) (*image.NRGBA, error) {
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
	m.EXIF, _ = cleanEXIF(f.EXIF) // its orientation is ignored in favour of the boxes'
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

// orientationOf returns EXIF's orientation for counterclockwise quarter turns followed by a
// reflection.
func orientationOf(quarters int, mirror byte) int {
	if mirror == 'h' { // the same as half a turn and a vertical flip
		quarters, mirror = (quarters+2)%4, 'v'
	}
	if mirror == 'v' {
		return [4]int{4, 5, 2, 7}[quarters]
	}
	return [4]int{1, 8, 3, 6}[quarters]
}

// explainMachine converts errors of the boxes and the decoders to this package's.
func explainMachine(err error) error {
	switch {
	case errors.Is(err, heiffile.ErrDamaged):
		return ErrTruncated
	case errors.Is(err, heic.ErrDecode), errors.Is(err, avif.ErrDecode), errors.Is(err, jpegxl.ErrDecode):
		return ErrTruncated
	}
	return nil
}
