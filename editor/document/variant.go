package document

import (
	"errors"
	"image"
	"image/draw"
)

// Variant is one answer to an edit: the window alone, of any size. Its file
// stays in memory, its pixels are decoded when they are looked at (Cache).
// A Variant is immutable, and results share it.
type Variant struct {
	// Index is the variant's place among those of its edit, from 0.
	Index int
	// RevisedPrompt is the prompt that the service says it used, or "".
	RevisedPrompt string

	blob *blob
}

var errNoPixels = errors.New("document: a variant without pixels")

// NewVariant returns a variant of pixels that were just decoded from encoded;
// where encoded is nil, they are encoded without loss, as PNG. pix must not be
// written to any more. Its decoded pixels live in a cache, nil: DefaultCache.
func NewVariant(c *Cache, index int, pix *image.NRGBA, encoded []byte, revisedPrompt string) (*Variant, error) {
	if pix == nil || pix.Rect.Empty() {
		return nil, errNoPixels
	}
	pix = packed(pix)
	v := &Variant{Index: index, RevisedPrompt: revisedPrompt}
	if len(encoded) > 0 {
		v.blob = newBlob(c, encoded, pix.Rect.Size(), pix)
		return v, nil
	}
	var err error
	v.blob, err = encodedBlob(c, pix)
	return v, err
}

// packed returns pix with its top-left pixel at (0, 0) and without gaps between
// its rows, so that it keeps no more memory alive than it shows.
func packed(pix *image.NRGBA) *image.NRGBA {
	size := pix.Rect.Size()
	if pix.Rect.Min == (image.Point{}) && len(pix.Pix) == 4*size.X*size.Y {
		return pix
	}
	out := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(out, out.Rect, pix, pix.Rect.Min, draw.Src)
	return out
}

// Size returns the width and height of the answer in pixels.
func (v *Variant) Size() image.Point { return v.blob.size }

// Encoded returns the answer's file as it came or, of the built-in engine's, a
// PNG. It must not be written to.
func (v *Variant) Encoded() []byte { return v.blob.data }

// Pixels returns the answer, decoded again where it was dropped; nil where that
// fails. It must not be written to.
func (v *Variant) Pixels() *image.NRGBA { return v.blob.pixels() }
