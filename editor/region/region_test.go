package region_test

import (
	"bytes"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// canvas is a plain source: a picture with nothing over it.
type canvas struct{ *image.NRGBA }

func (c canvas) Pixels(r image.Rectangle) *image.NRGBA { return c.SubImage(r).(*image.NRGBA) }

func (c canvas) size() image.Point { return c.Rect.Size() }

// noise is a picture of smooth noise at several scales: it has detail
// and slopes everywhere, so that a shift or a change of colour shows.
func noise(w, h int, seed uint64) canvas {
	rnd := rand.New(rand.NewPCG(seed, 1))
	sum := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range sum.Pix {
		sum.Pix[i] = 255
	}
	planes := []*image.NRGBA{}
	for _, cells := range []int{4, 16, 64} {
		small := image.NewNRGBA(image.Rect(0, 0, cells, cells))
		for i := range small.Pix {
			small.Pix[i] = uint8(60 + rnd.IntN(136))
			if i%4 == 3 {
				small.Pix[i] = 255
			}
		}
		planes = append(planes, picture.Resize(small, image.Pt(w, h)))
	}
	for i := range sum.Pix {
		if i%4 != 3 {
			sum.Pix[i] = uint8((int(planes[0].Pix[i]) + int(planes[1].Pix[i]) + int(planes[2].Pix[i])) / 3)
		}
	}
	return canvas{sum}
}

// photo reads one of the photos for tests, tiled to a size unless that is zero.
func photo(t testing.TB, name string, size image.Point) canvas {
	t.Helper()
	data, err := os.ReadFile("../../assets/photos/" + name)
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	if size == (image.Point{}) {
		size = b.Size()
	}
	out := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			out.Set(x, y, img.At(b.Min.X+x%b.Dx(), b.Min.Y+y%b.Dy()))
		}
	}
	return canvas{out}
}

// disc is a mask of a round spot with an antialiased edge.
func disc(size image.Point, cx, cy, radius float64) *mask.Mask {
	a := image.NewAlpha(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			d := radius - math.Hypot(float64(x)+0.5-cx, float64(y)+0.5-cy)
			a.Pix[y*a.Stride+x] = uint8(255*min(max(d+0.5, 0), 1) + 0.5)
		}
	}
	return mask.FromAlpha(a, size)
}

func rectangle(size image.Point, r image.Rectangle) *mask.Mask {
	a := image.NewAlpha(r)
	for i := range a.Pix {
		a.Pix[i] = 255
	}
	return mask.FromAlpha(a, size)
}

func plan(t testing.TB, m *mask.Mask, l region.Limits, o region.Options) region.Plan {
	t.Helper()
	p, err := region.NewPlan(m, l, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// apply lays an answer over a canvas and returns the whole.
func apply(c canvas, m *mask.Mask, p region.Plan, answer *image.NRGBA, b region.Blend) *image.NRGBA {
	out := image.NewNRGBA(c.Rect)
	copy(out.Pix, c.Pix)
	p.Stitch(c, c.size(), m, answer, align.Motion{}, b).Over(out)
	return out
}

var classic = region.Limits{Square: true, Sizes: []image.Point{{X: 1024, Y: 1024}, {X: 512, Y: 512}, {X: 256, Y: 256}}}
