package picture

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"

	"overpaint.dev/overpaint/editor/file"
)

// Format names a format that pictures can be saved in.
type Format string

// The formats that Encode writes.
const (
	PNG  Format = "png"
	JPEG Format = "jpeg"
	TIFF Format = "tiff"
	BMP  Format = "bmp"
	WebP Format = "webp"
)

// Formats returns all formats that can be written.
func Formats() []Format { return []Format{PNG, JPEG, WebP, TIFF, BMP} }

// Ending returns the usual file name extension of a format, with its dot.
func (f Format) Ending() string {
	switch f {
	case JPEG:
		return ".jpg"
	case TIFF:
		return ".tif"
	}
	return "." + string(f)
}

// FormatFor returns the default format for saving a picture: that of its file where it can be
// written, JPEG for other photographs, else PNG.
func FormatFor(m Metadata) Format {
	switch f := Format(m.Format); f {
	case JPEG, TIFF, BMP, WebP:
		return f
	}
	switch m.Format {
	case "heif", "jxl", "raw":
		return JPEG
	}
	return PNG
}

// FormatOf returns the format of a file name's extension; false where it is none that can be
// written.
func FormatOf(path string) (Format, bool) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".png":
		return PNG, true
	case ".jpg", ".jpeg", ".jpe", ".jfif":
		return JPEG, true
	case ".tif", ".tiff":
		return TIFF, true
	case ".bmp", ".dib":
		return BMP, true
	case ".webp":
		return WebP, true
	}
	return "", false
}

// Sampling is the chroma sampling of a JPEG file.
type Sampling string

// The samplings of new files: Half stores one chroma sample for two by two pixels, which makes
// files smaller and is enough for photos; Full one for each pixel, for fine coloured edges.
const (
	Half Sampling = "4:2:0"
	Full Sampling = "4:4:4"
)

// Encoding holds the options for writing a picture.
type Encoding struct {
	Format Format
	// Source, if not nil, is the file that the picture was opened from. Where no pixel
	// changed, and neither Strip nor Text, nor Depth or Lossless ask for something else, it is
	// written as it is, in its own format; lossy WebP is coded again, as Quality says. A JPEG
	// picture that is written as JPEG keeps the blocks, tables, sampling, mode
	// and segments of that file; Quality and Meta are not looked at.
	Source *Source
	// Kept, if not nil, is called with how much of Source was copied to a JPEG file: nothing
	// where it could not be used.
	Kept func(Kept)
	// Lost, if not nil, is called with each property of the source's file that its format
	// could have kept but for the edit.
	Lost func(Loss)
	// Quality is the quality of JPEG and of lossy WebP, 1 to 100, 0 for 90.
	Quality int
	// Sampling is JPEG's chroma sampling, "" for Half. A JPEG over Source keeps the source's.
	Sampling Sampling
	// Lossless writes WebP without loss.
	Lossless bool
	// Depth is the number of bits per channel in PNG and TIFF: 8, 16, or 0 for 16 where
	// Source has more than 8; its samples are then kept where the pixel is unchanged.
	Depth int
	// Meta is written as far as the format supports it: all in PNG, JPEG and TIFF; profile,
	// EXIF and XMP in WebP; the density in BMP, whose pixels become sRGB. Format and Notes
	// are ignored.
	Meta Metadata
	// Strip leaves out all of Meta and of Source's metadata except colours, orientation and
	// a label of AI-generated content.
	Strip bool
	// Label, if not nil, is written into the XMP packet, in place of one that it has.
	Label *Label
	// Unlabelled makes Strip leave out the picture's own label too.
	Unlabelled bool
	// Text is written only to PNG, one text chunk per entry. Keys have 1 to 79 characters of
	// printable ASCII, values are any UTF-8 without zeros.
	Text map[string]string
}

var errEmpty = errors.New("picture: a picture without pixels can't be written")

// Encode writes img to w. For JPEG and BMP, which have no transparency, img is composited over
// white. img is only read.
func Encode(w io.Writer, img *image.NRGBA, e Encoding) error {
	if img.Rect.Empty() {
		return errEmpty
	}
	if data := e.unchanged(img); data != nil {
		if e.Format == JPEG && e.Kept != nil {
			e.Kept(allKept(data))
		}
		_, err := w.Write(data)
		return err
	}
	switch e.Format {
	case PNG:
		r := e.raster(img, 1, 2, 4, 8)
		return encodePNG(w, r, pngOptions{meta: e.carried(img, r.grey()), text: e.Text})
	case JPEG:
		return encodeJPEG(w, img, e)
	case TIFF:
		r := e.raster(img, 4, 8)
		return encodeTIFF(w, r, e.carried(img, r.grey()))
	case BMP:
		return encodeBMP(w, img, e)
	case WebP:
		return encodeWebP(w, img, e)
	}
	return fmt.Errorf("picture: pictures can't be written as %q", e.Format)
}

// wantsPalette reports whether img should keep a palette; TIFF's palettes have no transparency.
func (e *Encoding) wantsPalette(img *image.NRGBA) bool {
	return len(e.Meta.Palette) > 0 && e.Depth != 16 && (e.Format != TIFF || img.Opaque())
}

// tellLoss calls Lost with what a file that is written as r has lost.
func (e *Encoding) tellLoss(r *raster, palette bool) {
	switch {
	case e.Lost == nil:
	case palette:
		e.Lost(LostPalette)
	case e.Meta.staysGrey() && !r.grey():
		e.Lost(LostGrey)
	}
}

// raster chooses how img is stored in PNG and TIFF and reports losses; sizes are the allowed
// numbers of bits of palette indices.
func (e *Encoding) raster(img *image.NRGBA, sizes ...int) *raster {
	palette := e.wantsPalette(img)
	if palette {
		if r := indexed(img, e.Meta.Palette, sizes...); r != nil {
			return r
		}
	}
	r := e.direct(img)
	e.tellLoss(r, palette)
	return r
}

// direct chooses how img is stored without a palette.
func (e *Encoding) direct(img *image.NRGBA) *raster {
	var wide *image.NRGBA64
	if e.Depth != 8 {
		wide = deepOver(img, e.Source)
	}
	if e.Depth == 16 && wide == nil {
		wide = image.NewNRGBA64(image.Rectangle{Max: img.Rect.Size()})
		for y := range img.Rect.Dy() {
			widen(wide.Pix[y*wide.Stride:][:8*img.Rect.Dx()], img.Pix[y*img.Stride:])
		}
	}
	return rasterOf(img, wide, e.Meta.staysGrey(), false)
}

// EncodeRGBA writes img as PNG with colour type 6 (8-bit RGBA) even if it is
// opaque, because services refuse pictures without an alpha channel. level is
// 1 (fast) to 9 (small), 0 for the default.
func EncodeRGBA(w io.Writer, img *image.NRGBA, level int) error {
	if img.Rect.Empty() {
		return errEmpty
	}
	return encodePNG(w, rasterOf(img, nil, false, true), pngOptions{level: level})
}

// Save writes img to path atomically; over says what it may replace (see file.Save). Where ctx
// ends before the file is complete it fails with ctx's error and leaves the old file: at once
// for PNG, after the compression for other formats.
func Save(ctx context.Context, path string, img *image.NRGBA, e Encoding, over file.Over) error {
	return file.Save(path, over, file.Shared, file.Until(ctx, func(w io.Writer) error { return Encode(w, img, e) }))
}

// SaveNumbered saves img under the first of name(first), name(first+1), ...
// that is free, and returns that path. It never replaces a file. ctx is used as in Save.
func SaveNumbered(ctx context.Context, name func(n int) string, first int, img *image.NRGBA, e Encoding) (string, error) {
	for n := first; ; n++ {
		path := name(n)
		if _, err := os.Lstat(path); err == nil {
			continue // avoids encoding for a name that is taken
		}
		err := Save(ctx, path, img, e, file.Nothing)
		if !errors.Is(err, file.ErrExists) {
			return path, err
		}
	}
}

// overWhite returns img composited over white, as an opaque *image.RGBA, for which encoders
// are fast. It shares img's memory if img is opaque.
func overWhite(img *image.NRGBA) *image.RGBA {
	if img.Opaque() {
		return &image.RGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	inBands(h, w*h, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			src := img.Pix[y*img.Stride : y*img.Stride+4*w]
			dst := out.Pix[y*out.Stride : y*out.Stride+4*w]
			for i := 0; i < len(dst); i += 4 {
				a := uint32(src[i+3])
				for c := range 3 {
					dst[i+c] = uint8((uint32(src[i+c])*a + 255*(255-a) + 127) / 255)
				}
				dst[i+3] = 255
			}
		}
	})
	return out
}
