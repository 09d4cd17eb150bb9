package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"

	"overpaint.dev/overpaint/editor/jpegfile"
	"overpaint.dev/overpaint/editor/parallel"
)

// Limits bound what Open and Decode accept.
type Limits struct {
	// MaxPixels is the largest width x height, 0 for that of DefaultLimits.
	MaxPixels int64
}

// DefaultLimits is 400 megapixels, which takes 1.6 GB as pixels.
var DefaultLimits = Limits{MaxPixels: 400_000_000}

var (
	// ErrNotPicture reports that the file is not a picture of a known format.
	ErrNotPicture = errors.New("picture: not a picture of a known format")
	// ErrTruncated reports that the file begins as a picture and breaks off,
	// or is damaged further on.
	ErrTruncated = errors.New("picture: the file is cut off or damaged")
)

// TooLargeError reports a picture over Limits.MaxPixels. It is found from the
// header, before any memory is taken for pixels.
type TooLargeError struct {
	Width, Height int
	MaxPixels     int64
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("picture: %dx%d pixels are more than the limit of %d", e.Width, e.Height, e.MaxPixels)
}

// UnsupportedError reports a whole picture of a known format that uses a
// feature which this package cannot read, such as 12-bit JPEG. It unwraps to
// ErrNotPicture.
type UnsupportedError struct {
	// Format is one of the names of Metadata.Format.
	Format string
	// Feature names what is not supported, in English.
	Feature string
}

func (e *UnsupportedError) Error() string {
	return "picture: " + e.Format + " with an unsupported feature: " + e.Feature
}

// Unwrap makes errors.Is(e, ErrNotPicture) true.
func (e *UnsupportedError) Unwrap() error { return ErrNotPicture }

// PanicError reports a file of which a decoder panicked: a fault of the decoder's,
// which tests look for. To everybody else the file is damaged: it unwraps to
// ErrTruncated.
type PanicError struct {
	// Format is one of the names of Metadata.Format.
	Format string
	// Value is what the decoder panicked with.
	Value any
}

func (e *PanicError) Error() string { return fmt.Sprintf("picture: %s: panic: %v", e.Format, e.Value) }

// Unwrap makes errors.Is(e, ErrTruncated) true.
func (e *PanicError) Unwrap() error { return ErrTruncated }

// Open reads the picture file at path. The header is checked against l before
// the pixels are decoded, and the EXIF orientation is applied. Errors are
// those of the file system, ErrNotPicture, ErrTruncated, *UnsupportedError
// and *TooLargeError, to be told apart with errors.Is and errors.As.
func Open(path string, l Limits) (*Picture, error) {
	p, _, err := Read(path, l)
	return p, err
}

// Read is Open for those who need the file's bytes as well. Of a file larger
// than any picture within the limits they are the beginning.
func Read(path string, l Limits) (*Picture, []byte, error) {
	// Opening a named pipe would wait for its writer.
	if info, err := os.Stat(path); err != nil {
		return nil, nil, err
	} else if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%w: %s", ErrNotPicture, path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	data, err := readPicture(f, l)
	if err != nil {
		return nil, nil, err
	}
	p, err := Decode(data, l)
	return p, data, err
}

// ReadFrom is Read for what comes from a stream, such as standard input.
func ReadFrom(r io.Reader, l Limits) (*Picture, []byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, l.maxBytes()))
	if err != nil {
		return nil, nil, err
	}
	p, err := Decode(data, l)
	return p, data, err
}

// maxBytes is more than any picture within the limits needs.
func (l Limits) maxBytes() int64 {
	const metadata = 256 << 20
	return l.maxPixels()*8 + metadata // 8 bytes hold 16-bit RGBA
}

// readPicture reads f whole, once its beginning looks like a picture. What no
// picture within the limits can need is left unread.
func readPicture(f *os.File, l Limits) ([]byte, error) {
	var start [sniffLen]byte
	n, err := io.ReadFull(f, start[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	if sniff(start[:n]) == "" {
		return nil, ErrNotPicture
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := min(info.Size(), l.maxBytes())
	data := make([]byte, size)
	n, err = io.ReadFull(io.NewSectionReader(f, 0, size), data)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return data[:n], nil
}

func (l Limits) maxPixels() int64 {
	if l.MaxPixels <= 0 {
		return DefaultLimits.MaxPixels
	}
	return l.MaxPixels
}

// check reports a picture of the given size that is over the limits or has
// no pixels.
func (l Limits) check(width, height int) error {
	switch {
	case width <= 0 || height <= 0:
		return ErrTruncated
	case int64(width) > l.maxPixels()/int64(height):
		return &TooLargeError{Width: width, Height: height, MaxPixels: l.maxPixels()}
	}
	return nil
}

// Decode is Open for a file that is in memory. It keeps no reference to data.
func Decode(data []byte, l Limits) (p *Picture, err error) {
	format := sniff(data)
	switch {
	case format == "":
		return nil, ErrNotPicture
	case format == "tiff" && isRaw(data):
		format = "raw"
	}
	// The decoders are not ours; a crafted file that finds a panic in one of
	// them is a damaged file to the caller.
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, &PanicError{format, r}
		}
	}()
	c := codecs[format]
	if c.open != nil {
		c = c.open(data)
	}
	config, err := c.configWithin(format, data, l)
	if err != nil {
		return nil, err
	}
	meta, orientation := c.meta(data)
	meta.Format = format
	if c.pixels != nil {
		pix, err := c.pixels(data, l.maxPixels(), orientation)
		if err = meta.partly(pix != nil, err); err != nil {
			return nil, explain(format, err)
		}
		meta.understand()
		return &Picture{Pix: pix, Meta: meta}, nil
	}
	room := reserve(config)
	img, err := c.decode(data, config)
	if err = meta.partly(img != nil, err); err != nil {
		return nil, explain(format, err)
	}
	if size := img.Bounds().Size(); size.X != config.Width || size.Y != config.Height {
		return nil, fmt.Errorf("%w: %s: the header says %dx%d, the pixels are %dx%d",
			ErrTruncated, format, config.Width, config.Height, size.X, size.Y)
	}
	if deep(img) {
		meta.note(Deep, 0)
	}
	meta.Grey = meta.Grey || grey(img)
	meta.understand()
	return &Picture{Pix: oriented(img, orientation, room), Meta: meta}, nil
}

// configWithin returns a file's size and colour model. The error is one of this package's where
// the header is damaged, the size is over the limits, or the file is too short for it.
func (c codec) configWithin(format string, data []byte, l Limits) (image.Config, error) {
	config, err := c.config(data)
	if err != nil {
		return config, explain(format, err)
	}
	if err := l.check(config.Width, config.Height); err != nil {
		return config, err
	}
	if int64(len(data)) < leastBytes(format, config) {
		return config, fmt.Errorf("%w: %s: fewer bytes than %dx%d pixels can take", ErrTruncated, format, config.Width, config.Height)
	}
	return config, nil
}

// partly notes that a picture was read of which a part, or the alpha, is missing, and
// returns all other errors.
func (m *Metadata) partly(picture bool, err error) error {
	var cut *jpegfile.CutError
	if picture && (errors.Is(err, errPart) || errors.As(err, &cut)) {
		m.note(Cut, 0)
		return nil
	}
	if picture && errors.Is(err, errOpaque) {
		m.note(Opaque, 0)
		return nil
	}
	return err
}

// reserve takes the memory for the pixels of a picture in YCbCr while its file is
// being decoded, which keeps one processor busy: to clear it takes a tenth as long.
func reserve(config image.Config) func(size image.Point) []byte {
	if config.ColorModel != color.YCbCrModel {
		return fresh
	}
	pix := parallel.Later(func() []byte { return fresh(image.Pt(config.Width, config.Height)) })
	return func(image.Point) []byte { return pix() }
}

// codec reads one format. All are given the whole file.
type codec struct {
	// open, if not nil, stands in the place of the others: it reads a file and returns
	// the codec for it alone. meta and decode of that one are called only where config
	// returned no error.
	open   func(data []byte) codec
	config func(data []byte) (image.Config, error)
	decode func(data []byte, config image.Config) (image.Image, error)
	// meta returns the ICC profile and the cleaned EXIF block, and the
	// orientation that was asked for, 1 to 8.
	meta func(data []byte) (meta Metadata, orientation int)
	// pixels, if not nil, is used instead of decode: it converts and turns the
	// picture's rows while others are still being decoded.
	pixels func(data []byte, maxPixels int64, orientation int) (*image.NRGBA, error)
}

var codecs = map[string]codec{
	"png":  {config: pngConfig, decode: decodePNG, meta: pngMeta},
	"jpeg": {config: jpegConfig, meta: jpegMeta, pixels: decodeJPEG},
	"gif":  {config: gifConfig, decode: decodeGIF, meta: gifMeta},
	"bmp":  {config: bmpConfig, decode: decodeBMP, meta: bmpMeta},
	"tiff": {config: tiffConfig, decode: decodeTIFF, meta: tiffMeta},
	"webp": {config: webpConfig, decode: decodeWebP, meta: webpMeta},
	"raw":  {config: rawConfig, meta: rawMeta, pixels: decodeRaw},
	"svg":  {open: openSVG},
	"heif": {config: heifConfig, decode: decodeHEIF, meta: heifMeta},
	"jxl":  {config: jxlConfig, decode: decodeJXL, meta: jxlMeta},
}

// sniffLen is how much of a file is looked at to find out what it is.
const sniffLen = 8192

// sniff names the format by the file's first bytes, "" for none of ours. Most raw
// files are TIFF files by these.
func sniff(data []byte) string {
	has := func(offset int, magic string) bool {
		return len(data) >= offset+len(magic) && string(data[offset:offset+len(magic)]) == magic
	}
	switch {
	case has(0, "\x89PNG\r\n\x1a\n"):
		return "png"
	case has(0, "\xff\xd8"): // there may be other bytes before the first segment
		return "jpeg"
	case has(0, "GIF87a"), has(0, "GIF89a"):
		return "gif"
	case has(0, "RIFF") && has(8, "WEBP"):
		return "webp"
	case has(0, "II*\x00"), has(0, "MM\x00*"), has(0, "II+\x00"), has(0, "MM\x00+"):
		return "tiff"
	case has(0, "BM"), isBMPArray(data), isDIB(data):
		return "bmp"
	case has(0, "\xff\x0a"), has(4, "JXL \r\n\x87\n"):
		return "jxl"
	case has(4, "ftyp") && isHEIF(data[8:]):
		return "heif"
	case has(0, "FUJIFILMCCD-RAW"), has(4, "ftypcrx "), has(0, "IIU\x00"), has(0, "IIRO"), has(0, "IIRS"), has(0, "MMOR"):
		return "raw"
	case isSVG(data[:min(len(data), sniffLen)]):
		return "svg"
	}
	return ""
}

// isHEIF reports whether a file of boxes begins with one of HEIF's brands.
func isHEIF(brand []byte) bool {
	for _, b := range []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "mif2", "msf1", "avif", "avis", "miaf"} {
		if bytes.HasPrefix(brand, []byte(b)) {
			return true
		}
	}
	return false
}

// leastBytes returns a lower bound of a file's size, so that a small file that
// claims a large picture takes no memory. The bounds follow from the coders:
// deflate shrinks to 1/1032 at best; jpegfile and tifffile know of their own. A
// sixteenth of that may be a file that was cut off. A lossless WebP of one colour can
// be any size.
func leastBytes(format string, config image.Config) int64 {
	pixels := int64(config.Width) * int64(config.Height)
	switch format {
	case "png":
		return pixels / 8 / 1032 / 16
	case "bmp":
		return pixels / (255 * 255) * 4 / 16 // runs may skip that far
	}
	return 0
}

// explain turns a decoder's error into one of this package's.
func explain(format string, err error) error {
	var (
		tooLarge    *TooLargeError
		unsupported *UnsupportedError
		inPNG       png.UnsupportedError
		inJPEG      *jpegfile.UnsupportedError
	)
	switch {
	case errors.As(err, &tooLarge), errors.As(err, &unsupported), errors.Is(err, ErrTruncated):
		return err
	case errors.As(err, &inPNG):
		return &UnsupportedError{format, string(inPNG)}
	case errors.As(err, &inJPEG):
		return &UnsupportedError{format, inJPEG.Feature}
	}
	if e := explainTIFF(err); e != nil {
		return e
	}
	if e := explainMachine(err); e != nil {
		return e
	}
	return fmt.Errorf("%w: %w", ErrTruncated, err)
}

// grey reports whether img has no colours by its kind.
func grey(img image.Image) bool {
	switch m := img.(type) {
	case *image.Gray, *image.Gray16:
		return true
	case *image.Paletted:
		for _, c := range m.Palette {
			if r, g, b, _ := c.RGBA(); r != g || g != b {
				return false
			}
		}
		return true
	}
	return false
}

// deep reports whether img holds more than 8 bits a channel.
func deep(img image.Image) bool {
	switch img.(type) {
	case *image.Gray16, *image.RGBA64, *image.NRGBA64:
		return true
	}
	return false
}
