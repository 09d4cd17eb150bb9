package region_test

import (
	"image"
	"testing"

	"overpaint.dev/overpaint/editor/golden"
	"overpaint.dev/overpaint/editor/region"
)

// TestGoldenStitches compares stitches of a tinted answer with pictures that
// were looked at: by the defaults no seam is to be seen, without match
// and seam a soft-edged tint, with a hard edge a sharp one.
func TestGoldenStitches(t *testing.T) {
	all := photo(t, "flower.jpg", image.Point{})
	base := canvas{image.NewNRGBA(image.Rect(0, 0, 240, 240))}
	part := all.Pixels(image.Rect(1300, 520, 1540, 760))
	for y := range 240 {
		copy(base.Pix[y*base.Stride:], part.Pix[part.PixOffset(1300, 520+y):][:4*240])
	}
	m := disc(base.size(), 120, 120, 60)
	p := plan(t, m, region.Limits{Square: true, Sizes: []image.Point{{X: 320, Y: 320}}}, region.Options{Context: 2.5, Min: 64, Grow: 4})
	sent, _ := p.Crop(base, base.size(), m)
	answer := tinted(sent)
	defaults := region.DefaultBlend()
	for name, b := range map[string]region.Blend{
		"default": defaults,
		"feather": {Grow: 4, Feather: 16, Opacity: 1},
		"hard":    {Opacity: 0.8},
		"seam":    {Grow: 4, Feather: 16, Seam: 32, Opacity: 1},
	} {
		got := apply(base, m, p, answer, b)
		golden.Compare(t, "stitch-"+name, got)
	}
}
