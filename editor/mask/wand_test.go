package mask_test

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
)

// slowWand is Wand's definition, pixel by pixel.
func slowWand(img *image.NRGBA, at image.Point, o mask.WandOptions) *mask.Mask {
	size := img.Rect.Size()
	seed := img.NRGBAAt(at.X, at.Y)
	levels := func(x, y int) int {
		abs := func(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
		c := img.NRGBAAt(x, y)
		if seed.A == 0 {
			return abs(c.A, 0)
		}
		return max(abs(c.R, seed.R), abs(c.G, seed.G), abs(c.B, seed.B), abs(c.A, seed.A))
	}
	difference := func(x, y int) int { return mask.Difference(seed, img.NRGBAAt(x, y)) }
	taken := map[image.Point]bool{}
	if o.Contiguous {
		taken[at] = true
		for todo := []image.Point{at}; len(todo) > 0; {
			p := todo[0]
			todo = todo[1:]
			for _, d := range []image.Point{{X: 1}, {X: -1}, {Y: 1}, {Y: -1}} {
				if q := p.Add(d); q.In(img.Rect) && !taken[q] && difference(q.X, q.Y) <= o.Tolerance {
					taken[q] = true
					todo = append(todo, q)
				}
			}
		}
	}
	out := image.NewAlpha(img.Rect)
	for i := range out.Pix {
		p := image.Pt(i%size.X, i/size.X)
		if !o.Contiguous && difference(p.X, p.Y) <= o.Tolerance {
			taken[p] = true
		}
	}
	for i := range out.Pix {
		p := image.Pt(i%size.X, i/size.X)
		own := levels(p.X, p.Y)
		if taken[p] {
			out.Pix[i] = 255
			continue
		}
		near, far := 999, own
		for j := -1; j <= 1; j++ {
			for k := -1; k <= 1; k++ {
				if q := p.Add(image.Pt(k, j)); taken[q] {
					near = min(near, levels(q.X, q.Y))
				} else if q.In(img.Rect) {
					far = max(far, levels(q.X, q.Y))
				}
			}
		}
		if near < far && difference(p.X, p.Y) > o.Tolerance {
			out.Pix[i] = uint8(255 * (far - max(own, near)) / (far - near))
		}
	}
	return mask.FromAlpha(out, size)
}

// patchwork returns a picture of soft spots of few colours, with grain and, if
// asked for, transparency.
func patchwork(rng *rand.Rand, w, h int, transparent bool) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		copy(img.Pix[4*i:], []uint8{90, 90, 90, 255})
	}
	for range 12 {
		spot := mask.New(w, h).Edit()
		spot.Dab(mask.Brush{Size: 3 + rng.Float64()*float64(w), Hardness: rng.Float64()}, rng.Float64()*float64(w), rng.Float64()*float64(h))
		cover := spot.Mask()
		c := []uint8{uint8(rng.IntN(4) * 60), uint8(rng.IntN(4) * 60), uint8(rng.IntN(4) * 60), 255}
		if transparent {
			c[3] = uint8(rng.IntN(4) * 85)
		}
		for i := range w * h {
			v := int(cover.At(i%w, i/w))
			for k, to := range c {
				img.Pix[4*i+k] = uint8((int(img.Pix[4*i+k])*(255-v) + int(to)*v) / 255)
			}
		}
	}
	for i := range img.Pix {
		if i%4 < 3 && rng.IntN(3) == 0 {
			img.Pix[i] += uint8(rng.IntN(5))
		}
	}
	return img
}

func TestWand(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 1))
	for i := range 60 {
		w, h := 1+rng.IntN(200), 1+rng.IntN(150)
		img := patchwork(rng, w, h, i%2 == 0)
		pixels := func(r image.Rectangle) *image.NRGBA { return img.SubImage(r).(*image.NRGBA) }
		if i%3 == 0 {
			pixels = func(image.Rectangle) *image.NRGBA { return img }
		}
		at := image.Pt(rng.IntN(w), rng.IntN(h))
		o := mask.WandOptions{Tolerance: []int{0, 3, 10, 40, 120, 255}[rng.IntN(6)], Contiguous: rng.IntN(2) == 0}
		got, want := mask.Wand(img.Rect.Size(), pixels, at, o), slowWand(img, at, o)
		if !got.Equal(want) {
			t.Errorf("%dx%d at %v with %+v: not what it should be in %v", w, h, at, o, mask.Diff(got, want))
		}
		if got.At(at.X, at.Y) != 255 {
			t.Errorf("the pixel that was pointed at has %d", got.At(at.X, at.Y))
		}
	}
}

func TestWandTakesAnAntialiasedEdgeAsItIs(t *testing.T) {
	disc := mask.Ellipse(image.Pt(120, 120), mask.Point{X: 20.3, Y: 18.1}, mask.Point{X: 101.7, Y: 99.2})
	img := image.NewNRGBA(image.Rect(0, 0, 120, 120))
	for i := range 120 * 120 {
		v := disc.At(i%120, i/120)
		img.SetNRGBA(i%120, i/120, color.NRGBA{R: v, G: 255 - v, B: 40, A: 255})
	}
	got := mask.Wand(disc.Size(), func(image.Rectangle) *image.NRGBA { return img }, image.Pt(60, 60), mask.WandOptions{Tolerance: 6, Contiguous: true})
	for i := range 120 * 120 {
		a, b := int(disc.At(i%120, i/120)), int(got.At(i%120, i/120))
		if a-b > 17 || b-a > 17 {
			t.Fatalf("(%d, %d) of the disc was covered by %d, and was taken by %d", i%120, i/120, a, b)
		}
	}
}

func TestDifferenceIsAsPeopleSeeIt(t *testing.T) {
	black, white := color.NRGBA{A: 255}, color.NRGBA{255, 255, 255, 255}
	if d := mask.Difference(black, white); d != 255 {
		t.Errorf("black and white differ by %d", d)
	}
	if d := mask.Difference(color.NRGBA{120, 30, 200, 255}, color.NRGBA{120, 30, 200, 255}); d != 0 {
		t.Errorf("a colour differs from itself by %d", d)
	}
	if d := mask.Difference(color.NRGBA{}, color.NRGBA{200, 10, 60, 0}); d != 0 {
		t.Errorf("what is invisible differs by %d", d)
	}
	if d := mask.Difference(black, color.NRGBA{A: 100}); d != 155 {
		t.Errorf("alpha differs by %d", d)
	}
	// By as many levels: of a shade of the same red, and of another hue.
	red, shade, hue := color.NRGBA{160, 60, 50, 255}, color.NRGBA{120, 45, 38, 255}, color.NRGBA{160, 100, 50, 255}
	if a, b := mask.Difference(red, shade), mask.Difference(red, hue); a >= b {
		t.Errorf("a shade differs by %d, another hue by %d", a, b)
	}
}

func TestWandOutside(t *testing.T) {
	for _, at := range []image.Point{{X: -1}, {X: 10}, {Y: 10}, {Y: -5}} {
		if !mask.Wand(image.Pt(10, 10), nil, at, mask.WandOptions{}).Empty() {
			t.Errorf("pointing at %v took something", at)
		}
	}
}
