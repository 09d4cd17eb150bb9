// Package picture reads and writes pictures: decoding with the orientation
// applied, encoding with the metadata that must survive, resampling and the
// pyramid that the view is drawn from.
//
// Pixels are straight (not premultiplied) 8-bit RGBA throughout. Colours are
// never converted by a profile: the numbers of the file are the numbers of the
// Picture, and the profile travels beside them.
package picture

import "image"

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
	// "webp", "gif", "bmp" or "tiff".
	Format string
	// ICC is the colour profile, whole, or nil. One that isn't for RGB, such as
	// that of a CMYK file, is not kept, as Pix is RGB.
	ICC []byte
	// EXIF is the EXIF block from its TIFF header on, or nil. Its orientation
	// is 1 because the pixels are turned already, and its thumbnail is gone
	// because it would show the picture as it was before the edit.
	EXIF []byte
	// Notes are what the person should know of how the file was read.
	Notes []Note
}

// Size returns the picture's width and height in pixels.
func (p *Picture) Size() image.Point { return p.Pix.Rect.Size() }
