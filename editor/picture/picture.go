// Package picture reads and writes pictures: decoding with the orientation
// applied, encoding with the metadata that must survive, resampling and the
// pyramid that the view is drawn from.
//
// Pixels are straight (not premultiplied) 8-bit RGBA throughout. The numbers of the
// file are the numbers of the Picture, and what they mean travels beside them
// (Metadata.Space); only printing inks, which aren't RGB, are converted by their profile.
package picture

import (
	"image"
	"image/color"

	"overpaint.dev/overpaint/editor/colour"
)

// Picture is a decoded picture. It is never changed after it was made, so any
// number of goroutines may read it.
type Picture struct {
	// Pix holds straight (not premultiplied) RGBA with its top-left pixel at
	// (0, 0), already turned as its EXIF orientation asks. It must not be written to.
	Pix *image.NRGBA
	// Meta is what the file carried beside its pixels.
	Meta Metadata
}

// Metadata is what a file carries beside its pixels and gets back on saving.
type Metadata struct {
	// Format is the file's format as this package names it: "png", "jpeg",
	// "webp", "gif", "bmp", "tiff", "heif" (AVIF too), "jxl", "svg", or "raw" for a
	// camera's raw data.
	Format string
	// ICC is the colour profile, whole, or nil. It is for RGB or, of a picture that is
	// Grey, for grey; that of a CMYK file is not kept, as Pix is RGB.
	ICC []byte
	// Space is what the numbers of Pix mean, by the profile or by what else the file
	// says; nil is sRGB.
	Space *colour.Space
	// EXIF is the EXIF block from its TIFF header on, or nil. Its orientation
	// is 1 because the pixels are turned already, and its thumbnails and previews
	// are wiped because they would show the picture as it was before the edit.
	EXIF []byte
	// Thumbnail are the sides of the thumbnail that the file had beside its picture (in
	// EXIF, or as a smaller copy of a TIFF's page), as it is seen; 0 by 0 for none. JPEG and
	// TIFF files are written with a new one, of the picture that is written.
	Thumbnail image.Point
	// XMP is the packet as it stood, or nil; without pictures and orientation too.
	XMP []byte
	// IPTC are the records of IPTC's Information Interchange Model, or nil.
	IPTC []byte
	// Comments are those of JPEG and GIF files.
	Comments []string
	// Texts are a PNG's, in the file's order.
	Texts []Text
	// Chunks are further parts of a PNG file: colours (gAMA, cHRM, sRGB, cICP) and
	// time.
	Chunks []Chunk
	// Density is how large the picture is meant to be.
	Density Density
	// Grey reports that the file had no colours; it is written without where the
	// picture still has none.
	Grey bool
	// Palette are the colours that the pixels of a PNG, GIF, BMP or TIFF were indices of, or
	// nil. PNG, BMP and TIFF are written with them where the picture has no more than 256
	// colours.
	Palette []color.NRGBA
	// Lossless reports that the file is a WebP without loss.
	Lossless bool
	// Notes are what the user should know of how the file was read.
	Notes []Note
}

// Size returns the picture's width and height in pixels.
func (p *Picture) Size() image.Point { return p.Pix.Rect.Size() }
