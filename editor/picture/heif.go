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
	// libheif refuses files for what other pictures in them are.
	if alone, bareErr := decodeBare(f, data); bareErr == nil {
		return oriented(alone, orientationOf(f.Quarters, f.Mirror), fresh), nil
	}
	return nil, err
}

// decodeAV1 decodes an AVIF file. Where a stream is damaged, gen2brain/avif gives memory that
// nothing was written to, and no error.
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

// plain reports a picture that can't have alpha: one of its own without an item for that.
// Those in tiles may have it by the tile, and films in another track.
func plain(f *heiffile.File) bool { return f.Alpha == 0 && !f.Put && !f.Sequence }

func opaque(img image.Image) bool {
	o, ok := img.(interface{ Opaque() bool })
	return !ok || o.Opaque()
}

// blank reports a picture that is transparent everywhere but in its first row, where a
// machine leaves notes of its own.
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

// decodeHEVC decodes a file as libheif does, which brings what is put together of tiles or
// layers to the full range of JPEG's codes.
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

// bare reports an HEVC picture that is decoded as it is coded, and cropped and turned here:
// a narrow or grey one, one with alpha, one of which a part is to be seen, or one in tiles
// whose codes are others than the tiles say.
func bare(f *heiffile.File) bool {
	width := f.Width
	if f.Quarters%2 == 1 {
		width = f.Height
	}
	return f.Coding == "hvc1" && (width < leastHEIC || f.Grey || f.Alpha != 0 || !f.Crop.Empty() || f.Recoded)
}

// seenOf returns the part of a coded picture that is to be seen.
func seenOf(f *heiffile.File) image.Rectangle {
	if !f.Crop.Empty() {
		return f.Crop
	}
	return image.Rect(0, 0, f.Width, f.Height)
}

// decodeBare decodes a picture beside as much of itself as makes it wide enough. With
// errOpaque it returns a picture whose alpha can't be read.
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

// decodeTiled decodes all of a picture as it is coded.
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

// decodeAlpha gives a picture in whole the alpha of its file, which may be coded smaller or larger.
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
