package region_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// canvasOf is a source of pixels.
type canvasOf struct{ *image.NRGBA }

func (c canvasOf) Pixels(r image.Rectangle) *image.NRGBA { return c.SubImage(r).(*image.NRGBA) }

// TestUnderTransparencyLiesTheNearestColour compares with a search of all pixels.
func TestUnderTransparencyLiesTheNearestColour(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 40 {
		w, h := 2+rnd.IntN(60), 2+rnd.IntN(60)
		img := image.NewNRGBA(image.Rect(0, 0, w, h))
		shows := rnd.Float64() * rnd.Float64()
		for i := range w * h {
			if rnd.Float64() < shows || i == w*h/2 {
				copy(img.Pix[4*i:], []uint8{uint8(1 + rnd.IntN(255)), uint8(rnd.IntN(256)), uint8(rnd.IntN(256)), uint8(1 + rnd.IntN(255))})
			}
		}
		p := region.Plan{Window: img.Rect, Send: img.Rect.Size()}
		got, _ := p.Crop(canvasOf{img}, img.Rect.Size(), mask.All(img.Rect.Size()))
		for i := range w * h {
			if got.Pix[4*i+3] != img.Pix[4*i+3] {
				t.Fatalf("alpha %d became %d", img.Pix[4*i+3], got.Pix[4*i+3])
			}
			// Of the pixels with that colour the nearest must be as near as any.
			best, have := math.Inf(1), math.Inf(1)
			for j := range w * h {
				if img.Pix[4*j+3] == 0 {
					continue
				}
				d := math.Hypot(float64(i%w-j%w), float64(i/w-j/w))
				best = min(best, d)
				if string(img.Pix[4*j:4*j+3]) == string(got.Pix[4*i:4*i+3]) {
					have = min(have, d)
				}
			}
			if have > best+0.3 {
				t.Fatalf("%dx%d: the colour at %d, %d is from %.2f away, the nearest is %.2f", w, h, i%w, i/w, have, best)
			}
		}
	}
}

// TestPaddingIsKept looks at what is mirrored over the edge of an extended canvas.
func TestPaddingIsKept(t *testing.T) {
	size := image.Pt(300, 200)
	img := image.NewNRGBA(image.Rectangle{Max: size})
	for y := 40; y < 160; y++ { // the rest was added and is transparent
		for x := range size.X {
			copy(img.Pix[img.PixOffset(x, y):], []uint8{200, uint8(x), uint8(y), 255})
		}
	}
	border := mask.Union(mask.Rectangle(size, mask.Point{}, mask.Point{X: 300, Y: 40}), mask.Rectangle(size, mask.Point{Y: 160}, mask.Point{X: 300, Y: 200}))
	p := region.Plan{Window: image.Rect(0, -50, 300, 250), Send: image.Pt(1024, 1024), Grow: 4}
	got, covered := p.Crop(canvasOf{img}, size, border)
	for y := range 1024 {
		at := (float64(y)+0.5)*300/1024 - 50
		for x := range 1024 {
			pix, c := got.Pix[got.PixOffset(x, y):][:4], covered.Pix[covered.PixOffset(x, y)]
			switch {
			case at < 0 || at >= 200:
				if pix[3] != 255 || c != 0 {
					t.Fatalf("padding at %d, %d: alpha %d, coverage %d", x, y, pix[3], c)
				}
			case at > 4 && at < 36:
				if pix[3] != 0 || c != 255 {
					t.Fatalf("what was added, at %d, %d: alpha %d, coverage %d", x, y, pix[3], c)
				}
			}
			if pix[0] < 190 {
				t.Fatalf("under %d, %d lies %v", x, y, pix)
			}
		}
	}
}
