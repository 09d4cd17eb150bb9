package region_test

import (
	"bytes"
	"image"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// grainy returns a canvas with even grain of a spread in levels.
func grainy(base canvas, strength float64) canvas {
	out := image.NewNRGBA(base.Rect)
	copy(out.Pix, base.Pix)
	r := rand.New(rand.NewPCG(5, 6))
	for i := 0; i < len(out.Pix); i += 4 {
		v := strength * r.NormFloat64()
		for ch := range 3 {
			out.Pix[i+ch] = uint8(min(max(math.Round(float64(out.Pix[i+ch])+v), 0), 255))
		}
	}
	return canvas{out}
}

// detailed is a canvas, its mask, and the plan that sends it at half its size.
func detailed(t *testing.T, base canvas) (region.Plan, *image.NRGBA) {
	t.Helper()
	size := base.size()
	p := region.Plan{Window: image.Rectangle{Max: size}, Send: size.Div(2), Grow: 4}
	return p, picture.Resize(base.NRGBA, p.Send)
}

// off is the mean square difference of two pictures within r.
func off(a, b *image.NRGBA, r image.Rectangle) (sum float64) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			for ch := range 3 {
				d := float64(a.Pix[a.PixOffset(x, y)+ch]) - float64(b.Pix[b.PixOffset(x, y)+ch])
				sum += d * d
			}
		}
	}
	return sum / float64(3*r.Dx()*r.Dy())
}

// steep is the mean square of slopes within r.
func steep(img *image.NRGBA, r image.Rectangle) (sum float64) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X-1; x++ {
			d := float64(img.Pix[img.PixOffset(x+1, y)+1]) - float64(img.Pix[img.PixOffset(x, y)+1])
			sum += d * d
		}
	}
	return sum
}

func TestEnlargedAnswersAreSharpened(t *testing.T) {
	base := photo(t, "coffee.png", image.Point{})
	m := disc(base.size(), 300, 200, 120)
	p, answer := detailed(t, base)
	within := image.Rect(240, 140, 360, 260)
	b := region.DefaultBlend()
	b.Grain = false
	got := apply(base, m, p, answer, b)
	b.Sharpen = false
	soft := apply(base, m, p, answer, b)
	if a, b := off(got, base.NRGBA, within), off(soft, base.NRGBA, within); a > b {
		t.Errorf("sharpened it is further from the photo: %.2f, %.2f without", a, b)
	}
	if a, b, c := steep(soft, within), steep(got, within), steep(base.NRGBA, within); b < 1.1*a || b > c {
		t.Errorf("slopes of %.0f are %.0f when sharpened; the photo's are %.0f", a, b, c)
	}
	b.Sharpen = true
	d := p.Learn(base, base.Rect, m, p.Fit(answer), p.Pieces(p.Send), b).Detail()
	if d.Times != 2 || d.Sharpened < 5 || d.Grain != 0 {
		t.Errorf("told as %+v", d)
	}
	// An answer that is as sharp as the photo stays so, although it was smaller.
	if d := p.Learn(base, base.Rect, m, base.NRGBA, p.Pieces(p.Send), b).Detail(); d.Sharpened != 0 {
		t.Errorf("what is as sharp as the photo is sharpened: %+v", d)
	}
	// And one that shows something else all around tells nothing.
	other := photo(t, "tulips.png", base.size())
	if d := p.Learn(base, base.Rect, m, p.Fit(picture.Resize(other.NRGBA, p.Send)), p.Pieces(p.Send), b).Detail(); d.Sharpened != 0 {
		t.Errorf("what shows something else is sharpened: %+v", d)
	}
}

func TestEnlargedAnswersGetThePhotosGrain(t *testing.T) {
	smooth := canvas{picture.Resize(noise(60, 60, 3).NRGBA, image.Pt(600, 600))}
	base := grainy(smooth, 5)
	m := disc(base.size(), 300, 300, 140)
	p, answer := detailed(t, smooth)
	b := region.DefaultBlend()
	b.Match, b.Seam = false, 0
	within := image.Rect(220, 220, 380, 380)
	got := apply(base, m, p, answer, b)
	if varied := math.Sqrt(off(got, smooth.NRGBA, within)); varied < 4.4 || varied > 5.6 {
		t.Errorf("the grain varies by %.2f levels, want 5", varied)
	}
	for _, n := range []int{1, 16} {
		before := runtime.GOMAXPROCS(n)
		again := apply(base, m, p, answer, b)
		runtime.GOMAXPROCS(before)
		if !bytes.Equal(again.Pix, got.Pix) {
			t.Errorf("other bytes on %d processors", n)
		}
	}
	b.Grain = false
	if varied := math.Sqrt(off(apply(base, m, p, answer, b), smooth.NRGBA, within)); varied > 1 {
		t.Errorf("without it varies by %.2f levels", varied)
	}
}

func TestDetailChangesNothingElse(t *testing.T) {
	off := region.DefaultBlend()
	off.Sharpen, off.Grain = false, false
	grained := grainy(photo(t, "tulips.png", image.Point{}), 5)
	m := disc(grained.size(), 250, 250, 90)
	p, answer := detailed(t, grained)
	got := apply(grained, m, p, answer, region.DefaultBlend())
	reach := m.Grow(region.DefaultBlend().Feather)
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			if i := got.PixOffset(x, y); reach.At(x, y) == 0 && !bytes.Equal(got.Pix[i:i+4], grained.Pix[i:i+4]) {
				t.Fatalf("(%d, %d) outside the mask changed", x, y)
			}
		}
	}
	// An answer that is not enlarged.
	p.Send = p.Window.Size()
	large := tinted(grained.NRGBA)
	if !bytes.Equal(apply(grained, m, p, large, region.DefaultBlend()).Pix, apply(grained, m, p, large, off).Pix) {
		t.Error("an answer that is not enlarged changed")
	}
	// A picture without grain, of slopes that resampling leaves as they are.
	plain := canvas{image.NewNRGBA(image.Rect(0, 0, 400, 400))}
	for i := range plain.Pix {
		plain.Pix[i] = []uint8{uint8(60 + i/4%400/4), uint8(60 + i/1600/4), 90, 255}[i%4]
	}
	m = disc(plain.size(), 200, 200, 90)
	p, answer = detailed(t, plain)
	if !bytes.Equal(apply(plain, m, p, answer, region.DefaultBlend()).Pix, apply(plain, m, p, answer, off).Pix) {
		t.Error("a picture without grain changed")
	}
}
