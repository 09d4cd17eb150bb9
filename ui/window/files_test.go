package window

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"overpaint/editor/picture"
)

// TestTransparencyIsSeenAsMask opens pictures with and without a hole.
func TestTransparencyIsSeenAsMask(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 90, 70))
	draw.Draw(img, img.Rect, image.NewUniform(color.NRGBA{90, 120, 30, 255}), image.Point{}, draw.Src)
	if s := begun(&picture.Picture{Pix: img}); !s.Mask.Empty() {
		t.Errorf("an opaque picture begins with a mask over %v", s.Mask.Bounding())
	}
	hole := image.Rect(20, 10, 50, 40)
	draw.Draw(img, hole, image.Transparent, image.Point{}, draw.Src)
	s := begun(&picture.Picture{Pix: img})
	if got := s.Mask.Bounding(); got != hole {
		t.Errorf("the mask covers %v, want %v", got, hole)
	}
	if s.Mask.At(30, 20) != 255 || s.Mask.At(5, 5) != 0 {
		t.Errorf("coverage %d in the hole, %d beside it", s.Mask.At(30, 20), s.Mask.At(5, 5))
	}
}
