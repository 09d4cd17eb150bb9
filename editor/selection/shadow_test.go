package selection_test

import (
	"context"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

// ball returns a picture of a blue ball on grainy sand, with a soft shadow to the lower right if
// shadow is set, and a bush at its left that is as dark as the shadow but has another colour.
// The mask is that of the shadow, where at least an eighth of the light is lost.
func ball(shadow bool) (*image.NRGBA, *mask.Mask) {
	size := image.Pt(480, 360)
	img, dark := image.NewNRGBA(image.Rectangle{Max: size}), image.NewAlpha(image.Rectangle{Max: size})
	r := rand.New(rand.NewPCG(4, 2))
	for y := range size.Y {
		for x := range size.X {
			fx, fy := float64(x), float64(y)
			light := 1.0
			if shadow {
				light -= 0.55 * min(max((1.2-math.Hypot((fx-285)/85, (fy-245)/32))/0.4, 0), 1)
			}
			c := [3]float64{196, 178, 140} // linear light is about the square of the levels
			if math.Hypot(fx-230, fy-190) < 60 {
				c, light = [3]float64{50, 80, 190}, 1
			} else if light < 0.875 {
				dark.Pix[y*size.X+x] = 255
			}
			if math.Hypot(fx-145, fy-225) < 36 {
				c, light = [3]float64{80, 130, 60}, 1
			}
			n := 5 * r.NormFloat64()
			level := func(v float64) uint8 { return uint8(min(max(v*math.Sqrt(light)+n, 0), 255)) }
			img.SetNRGBA(x, y, color.NRGBA{level(c[0]), level(c[1]), level(c[2]), 255})
		}
	}
	return img, mask.FromAlpha(dark, size)
}

func TestShadowAddsTheCastShadow(t *testing.T) {
	img, dark := ball(true)
	s := prepare(t, img)
	thing := mask.Ellipse(img.Rect.Size(), mask.Point{X: 170, Y: 130}, mask.Point{X: 290, Y: 250})
	m, err := s.Shadow(context.Background(), thing)
	if err != nil {
		t.Fatal(err)
	}
	if left := mask.Subtract(thing, m).Area(); left > 0 {
		t.Errorf("%.0f pixels of the thing are lost", left)
	}
	if part := mask.Intersect(m, dark).Area() / dark.Area(); part < 0.97 {
		t.Errorf("%.2f of the shadow is added", part)
	}
	more := mask.Subtract(mask.Subtract(m, thing), dark.Grow(12))
	if more.Area() > dark.Area()/50 {
		t.Errorf("%.0f other pixels are added, in %v", more.Area(), more.Bounding())
	}
	if m.At(125, 225) != 0 {
		t.Error("the bush is taken for a shadow")
	}
	if soft := m.At(400, 245); m.At(330, 245) != 255 || soft != 0 {
		t.Errorf("the middle of the shadow is covered by %d, beside it %d is", m.At(330, 245), soft)
	}
}

func TestWithoutAShadowTheMaskStaysAsItIs(t *testing.T) {
	img, _ := ball(false)
	s := prepare(t, img)
	thing := mask.Ellipse(img.Rect.Size(), mask.Point{X: 170, Y: 130}, mask.Point{X: 290, Y: 250})
	for _, m := range []*mask.Mask{thing, mask.New(480, 360), mask.All(image.Pt(480, 360)), mask.New(3, 3)} {
		if got, err := s.Shadow(context.Background(), m); err != nil || !got.Equal(m) {
			t.Errorf("a mask of %v becomes another one: %v", m.Bounding(), err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Shadow(ctx, thing); err == nil {
		t.Error("work that is cancelled goes on")
	}
}
