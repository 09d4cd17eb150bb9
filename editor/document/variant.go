package document

import (
	"errors"
	"image"
	"image/draw"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/region"
)

// Variant is one answer to an edit: the window alone, at any size. Its file stays in memory,
// its pixels are decoded when they are needed (Cache). A Variant is immutable and shared by
// results.
type Variant struct {
	// Index is the variant's index in its edit, from 0.
	Index int
	// RevisedPrompt is the prompt that the service says it used, or "".
	RevisedPrompt string
	// Method names how the built-in engine made it, or is "".
	Method string
	// Motion is how the answer moved relative to what was sent; the zero value was not
	// measured.
	Motion align.Motion
	// Pieces are the pieces of a composed variant, relative to the window's top-left pixel;
	// none where it is the answer to one request.
	Pieces []region.Piece

	blob *blob
}

var errNoPixels = errors.New("document: a variant without pixels")

// NewVariant returns a variant of pixels that were just decoded from encoded;
// where encoded is nil, they are encoded without loss, as PNG. They are in sRGB and are
// brought into the space of the document that they are for, or have the document's own
// numbers, where to is nil. pix must not be written to any more. Its decoded pixels live in
// a cache, nil: DefaultCache.
func NewVariant(c *Cache, index int, pix *image.NRGBA, encoded []byte, to *colour.Space, revisedPrompt string) (*Variant, error) {
	if pix == nil || pix.Rect.Empty() {
		return nil, errNoPixels
	}
	pix = to.Of(packed(pix))
	v := &Variant{Index: index, RevisedPrompt: revisedPrompt}
	if len(encoded) > 0 {
		v.blob = newBlob(c, encoded, pix.Rect.Size(), pix, to)
		return v, nil
	}
	var err error
	v.blob, err = encodedBlob(c, pix)
	return v, err
}

// Moving returns the variant with a motion; v must not have been shown yet, since both share
// the cached looks.
func (v *Variant) Moving(m align.Motion) *Variant {
	out := *v
	out.Motion = m
	return &out
}

// pieces returns what the variant consists of, in canvas pixels.
func (v *Variant) pieces(p region.Plan) []region.Piece {
	if len(v.Pieces) == 0 {
		return p.Pieces(v.Size())
	}
	list := make([]region.Piece, len(v.Pieces))
	for i, piece := range v.Pieces {
		list[i] = piece.Add(p.Window.Min)
	}
	return list
}

// fitted returns the answer at the window's size and place, moved back where b says so; nil
// where it cannot be decoded.
func (v *Variant) fitted(p region.Plan, b region.Blend) *image.NRGBA {
	size := p.Window.Size()
	if !b.Align || v.Motion.Still() {
		return placed(v.blob.at(size), p.Window.Min)
	}
	return placed(v.blob.made(look{size, true}, func(pix *image.NRGBA) *image.NRGBA { return p.FitMoved(pix, v.Motion) }), p.Window.Min)
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

// Encoded returns the answer's file as it arrived or, of the built-in engine's, a PNG. It must
// not be written to.
func (v *Variant) Encoded() []byte { return v.blob.data }

// Pixels returns the answer in the document's colour space, decoded again where it was
// dropped; nil where that fails. It must not be written to.
func (v *Variant) Pixels() *image.NRGBA { return v.blob.pixels() }
