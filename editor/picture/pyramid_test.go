package picture

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
)

// half is the slow meaning of a level: the mean of what lies under a pixel,
// colours weighted by alpha.
func half(src *image.NRGBA) *image.NRGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, (w+1)/2, (h+1)/2))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			var sum [4]int
			n := 0
			for _, p := range []image.Point{{2 * x, 2 * y}, {2*x + 1, 2 * y}, {2 * x, 2*y + 1}, {2*x + 1, 2*y + 1}} {
				if !p.In(src.Rect) {
					continue
				}
				c := src.NRGBAAt(p.X, p.Y)
				n++
				for i, v := range []uint8{c.R, c.G, c.B} {
					sum[i] += int(v) * int(c.A)
				}
				sum[3] += int(c.A)
			}
			if a := sum[3]; a > 0 {
				round := func(v, by int) uint8 { return uint8((2*v + by) / (2 * by)) }
				out.SetNRGBA(x, y, color.NRGBA{round(sum[0], a), round(sum[1], a), round(sum[2], a), round(a, n)})
			}
		}
	}
	return out
}

func checkPyramid(t *testing.T, p *Pyramid, base *image.NRGBA) {
	t.Helper()
	want := base
	for k := range p.Levels() {
		equal(t, p.Level(k), want)
		want = half(want)
	}
	if last := p.Level(p.Levels() - 1).Rect.Size(); last != image.Pt(1, 1) {
		t.Fatalf("the last level has %v pixels, want 1x1", last)
	}
}

func TestPyramidIsTheMeanOfWhatIsUnderIt(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, size := range []image.Point{{1, 1}, {2, 2}, {3, 1}, {1, 5}, {17, 9}, {64, 64}, {301, 203}} {
		for _, opaque := range []bool{false, true} {
			base := random(r, size.X, size.Y, opaque)
			checkPyramid(t, NewPyramid(base), base)
		}
	}
}

func TestPyramidUpdateEqualsBuildingAnew(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	base := random(r, 203, 151, false)
	p := NewPyramid(base)
	for range 40 {
		a := image.Pt(r.IntN(220)-10, r.IntN(170)-10)
		dirty := image.Rectangle{Min: a, Max: a.Add(image.Pt(1+r.IntN(60), 1+r.IntN(60)))}
		for y := dirty.Min.Y; y < dirty.Max.Y; y++ {
			for x := dirty.Min.X; x < dirty.Max.X; x++ {
				base.SetNRGBA(x, y, color.NRGBA{uint8(r.Uint32()), 1, 2, uint8(r.Uint32())})
			}
		}
		p.Update(dirty)
		checkPyramid(t, p, base)
	}
}

func TestEmptyPyramid(t *testing.T) {
	if n := NewPyramid(image.NewNRGBA(image.Rectangle{})).Levels(); n != 1 {
		t.Fatalf("an empty picture has %d levels, want 1", n)
	}
}
