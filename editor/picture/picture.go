// Package picture reads and writes pictures: decoding with the orientation
// applied, encoding with the metadata preserved, resampling and the pyramid that the view is
// drawn from.
//
// Pixels are straight (not premultiplied) 8-bit RGBA throughout. They keep the values of the
// file, in the colour space Metadata.Space; only CMYK is converted, by its profile.
package picture

import (
	"image"
	"image/color"

	"overpaint.dev/overpaint/editor/colour"
)

// Picture is a decoded picture. It is immutable, so any number of goroutines may read it.
type Picture struct {
	// Pix holds straight (not premultiplied) RGBA with its top-left pixel at
	// (0, 0) and the EXIF orientation applied. It must not be written to.
	Pix *image.NRGBA
	// Meta is the file's metadata.
	Meta Metadata
}

// Metadata is what a file holds besides its pixels; it is written again on saving.
type Metadata struct {
	// Format is the file's format as this package names it: "png", "jpeg",
	// "webp", "gif", "bmp", "tiff", "heif" (AVIF too), "jxl", "svg", or "raw" for a
	// camera's raw data.
	Format string
	// ICC is the colour profile, or nil. It is for RGB or, where Grey is set, for grey; that
	// of a CMYK file is not kept, as Pix is RGB.
	ICC []byte
	// Space is the colour space of Pix, from the profile or other metadata; nil is sRGB.
	Space *colour.Space
	// EXIF is the EXIF block from its TIFF header on, or nil. Its orientation is 1, as the
	// pixels are oriented already, and its thumbnails and previews are wiped, since they
	// would show the picture before the edit.
	EXIF []byte
	// Thumbnail is the oriented size of the file's thumbnail (in EXIF, or as a smaller copy of
	// a TIFF's page), 0 by 0 for none. JPEG and TIFF files are written with a new thumbnail.
	Thumbnail image.Point
	// XMP is the packet without its pictures and orientation, or nil.
	XMP []byte
	// IPTC are the records of IPTC's Information Interchange Model, or nil.
	IPTC []byte
	// Comments are those of JPEG and GIF files.
	Comments []string
	// Texts are a PNG's texts, in the file's order.
	Texts []Text
	// Chunks are further parts of a PNG file: colours (gAMA, cHRM, sRGB, cICP) and
	// time.
	Chunks []Chunk
	// Density is the picture's resolution.
	Density Density
	// Grey reports that the file was grey; the picture is written as grey where it still has
	// no colours.
	Grey bool
	// Palette is the palette of an indexed PNG, GIF, BMP or TIFF, or nil. PNG, BMP and TIFF
	// are written with it where the picture has no more than 256 colours.
	Palette []color.NRGBA
	// Lossless reports that the file is a WebP without loss.
	Lossless bool
	// Notes are what the user should know about how the file was read.
	Notes []Note
}

// Size returns the picture's width and height in pixels.
func (p *Picture) Size() image.Point { return p.Pix.Rect.Size() }
