package view_test

import (
	"image"
	"testing"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/view"
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

// TestTheViewIsSRGB compares the view of a picture in another colour space with that of the
// converted picture, at scales that sample and that average, opaque and not.
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

// TestTheViewOfAScreen draws for screens with other colour spaces: colours are converted to
// the screen's, and unchanged where the picture has the same space.
func TestTheViewOfAScreen(t *testing.T) {
	p3 := colour.Coded(12, 13)
	pix := image.NewNRGBA(image.Rect(0, 0, 240, 160))
	for i := 0; i < len(pix.Pix); i += 4 {
		pix.Pix[i], pix.Pix[i+1], pix.Pix[i+2], pix.Pix[i+3] = 200, 60, 90, 255
	}
	on := func(space, screen *colour.Space, scale float64) (p [3]byte) {
		c := view.NewCompositor()
		size := image.Pt(300, 200)
		c.SetSize(size)
		c.SetScene(view.NewScene(document.NewState(&picture.Picture{Pix: pix, Meta: picture.Metadata{Space: space}}), nil).On(screen))
		c.SetTransform(view.Centred(pix.Rect.Size(), size, scale))
		c.Render()
		copy(p[:], c.Image().Pix[c.Image().PixOffset(150, 100):])
		return p
	}
	for _, c := range []struct{ space, screen *colour.Space }{{nil, nil}, {nil, p3}, {p3, nil}, {p3, p3}, {colour.AdobeRGB(), p3}} {
		want := []byte{200, 60, 90, 255}
		c.space.To(c.screen).Convert(want)
		for _, scale := range []float64{0.4, 1, 3} {
			if got := on(c.space, c.screen, scale); got != [3]byte(want) {
				t.Errorf("%v on %v at %v: %v, not %v", c.space != nil, c.screen != nil, scale, got, want)
			}
		}
	}
	if on(nil, p3, 1) == on(nil, nil, 1) {
		t.Error("the screen makes no difference")
	}
}
