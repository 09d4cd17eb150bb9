package region_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/region"
)

// TestLayerEqualsFloatingPoint compares the laying over with its definition in
// floating point on random pixels, transparent ones included.
func TestLayerEqualsFloatingPoint(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	any := func() uint8 { return []uint8{0, 1, 127, 254, 255, uint8(rnd.IntN(256))}[rnd.IntN(6)] }
	for range 200 {
		size := image.Pt(1+rnd.IntN(20), 1+rnd.IntN(20))
		at := image.Pt(rnd.IntN(20)-10, rnd.IntN(20)-10)
		r := image.Rectangle{Min: at, Max: at.Add(image.Pt(1+rnd.IntN(20), 1+rnd.IntN(20)))}
		l := region.Layer{Rect: r, Pix: image.NewNRGBA(r), Weight: image.NewAlpha(r)}
		below := image.NewNRGBA(image.Rectangle{Max: size})
		for _, pix := range [][]uint8{l.Pix.Pix, l.Weight.Pix, below.Pix} {
			for i := range pix {
				pix[i] = any()
			}
		}
		got := image.NewNRGBA(below.Rect)
		copy(got.Pix, below.Pix)
		l.Over(got)
		for y := range size.Y {
			for x := range size.X {
				b, g := below.NRGBAAt(x, y), got.NRGBAAt(x, y)
				in := image.Pt(x, y).In(r)
				p, w := l.Pix.NRGBAAt(x, y), float64(l.Weight.AlphaAt(x, y).A)/255
				switch {
				case !in || w == 0 || b.A == 0 && p.A == 0:
					if g != b {
						t.Fatalf("weight 0, or nothing to see, changed %v to %v", b, g)
					}
					continue
				case w == 1:
					if g != p {
						t.Fatalf("weight 255 gave %v for %v", g, p)
					}
					continue
				}
				ba, pa := float64(b.A)*(1-w), float64(p.A)*w
				if math.Abs(float64(g.A)-(ba+pa)) > 0.51 {
					t.Fatalf("alpha of %v over %v at %v = %d", p, b, w, g.A)
				}
				for _, ch := range [][3]uint8{{b.R, p.R, g.R}, {b.G, p.G, g.G}, {b.B, p.B, g.B}} {
					if want := (float64(ch[0])*ba + float64(ch[1])*pa) / (ba + pa); ba+pa > 0 && math.Abs(float64(ch[2])-want) > 0.51 {
						t.Fatalf("%v over %v at %v = %v, want %.2f", p, b, w, g, want)
					}
				}
			}
		}
	}
}
