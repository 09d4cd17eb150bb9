package document

import (
	"image"

	"overpaint/editor/mask"
	"overpaint/editor/region"
)

// Patch is an accepted result over the picture. Nothing is baked in: all that
// it was made from is kept, and Layer is made again when any of it changes
// (With...), never changed in place.
type Patch struct {
	// Plan is the window that was sent.
	Plan region.Plan
	// Encoded is the answer's file as it came, or nil; Answer is the same decoded.
	Encoded []byte
	Answer  *image.NRGBA
	// Mask is the mask that made it, in canvas pixels.
	Mask *mask.Mask
	// Blend says how Answer is laid over what is below.
	Blend region.Blend
	// Layer is Answer fitted to the canvas, as Blend says.
	Layer region.Layer
}
