package view_test

import (
	"image"
	"testing"

	"overpaint/editor/colour"
	"overpaint/editor/document"
	"overpaint/editor/picture"
	"overpaint/editor/view"
)

// drawn returns the view of a picture in a space at a scale.
func drawn(pix *image.NRGBA, space *colour.Space, scale float64) *image.RGBA {
	c := view.NewCompositor()
	size := image.Pt(300, 200)
	c.SetSize(size)
	c.SetState(document.NewState(&picture.Picture{Pix: pix, Meta: picture.Metadata{Space: space}}))
	c.SetTransform(view.Centred(pix.Rect.Size(), size, scale))
	c.Render()
	return c.Image()
}

// TestTheViewIsSRGB draws a picture of another space as one that was converted before, at
// scales that take samples and that average, opaque and not.
func TestTheViewIsSRGB(t *testing.T) {
	space := colour.AdobeRGB()
	for _, alpha := range []uint8{255, 90, 0} {
		own := image.NewNRGBA(image.Rect(0, 0, 240, 160))
		for i := 0; i < len(own.Pix); i += 4 {
			x, y := i/4%240, i/4/240
			own.Pix[i], own.Pix[i+1], own.Pix[i+2], own.Pix[i+3] = uint8(100+x/4), uint8(110+y/4), uint8(150-x/4), 255
			if x > 100 && y > 50 {
				own.Pix[i+3] = alpha
			}
		}
		for _, scale := range []float64{0.3, 0.77, 1, 2.5} {
			got, want := drawn(own, space, scale), drawn(space.SRGB(own), nil, scale)
			for i := range got.Pix {
				if d := int(got.Pix[i]) - int(want.Pix[i]); d > 3 || d < -3 {
					at := i / 4
					t.Fatalf("alpha %d, scale %v: at %d, %d it is %d and not %d", alpha, scale, at%300, at/300, got.Pix[i], want.Pix[i])
				}
			}
		}
	}
}
