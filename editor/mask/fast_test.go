package mask

import (
	"image/color"
	"math/rand/v2"
	"testing"
)

// coloursAround returns n pixels, most of them so near to a colour that some are
// within the tolerance and some aren't.
func coloursAround(rng *rand.Rand, c color.NRGBA, tolerance, n int) []uint8 {
	pix := make([]uint8, 4*n)
	for i := range pix {
		pix[i] = uint8(rng.Uint32())
		if rng.IntN(50) != 0 && n > 0 && i/4%16 != 0 {
			at := int([4]uint8{c.R, c.G, c.B, c.A}[i%4])
			pix[i] = uint8(min(max(at+rng.IntN(2*tolerance+3)-tolerance-1, 0), 255))
		}
	}
	return pix
}

// TestWandRowsAreDifferences compares rows of many widths with Difference, pixel by pixel,
// by the processor's own instructions and without them.
func TestWandRowsAreDifferences(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	widths := []int{1, 7, 8, 63, 64, 65, 127, 128, 129, 1000, 64 * 64, 64*64 + 64, 9001}
	for i := range 200 {
		w := widths[i%len(widths)]
		seed := color.NRGBA{uint8(rng.Uint32()), uint8(rng.Uint32()), uint8(rng.Uint32()), 255}
		if i%5 == 0 {
			seed.A = uint8(rng.IntN(3) * 100)
		}
		m := newMatch(seed, []int{0, 1, 6, 20, 40, 120, 254, 255}[rng.IntN(8)])
		pix := coloursAround(rng, seed, m.tolerance, w)
		plain := make([]uint64, tiles(w))
		for j := range plain {
			plain[j] = m.word(pix[256*j : min(256*(j+1), len(pix))])
		}
		got := make([]uint64, len(plain)+1)
		got[len(plain)] = 0x5555
		m.row(got[:len(plain)], pix)
		for x := range w {
			p := pix[4*x:][:4]
			want := Difference(seed, color.NRGBA{p[0], p[1], p[2], p[3]}) <= m.tolerance
			if is := got[x/64]>>(x%64)&1 != 0; is != want {
				t.Fatalf("%v within %d of %v: %v in pixel %d of %d", p, m.tolerance, seed, is, x, w)
			}
			if is := plain[x/64]>>(x%64)&1 != 0; is != want {
				t.Fatalf("%v within %d of %v: %v without AVX2", p, m.tolerance, seed, is)
			}
		}
		if n := w % 64; n != 0 && got[len(plain)-1]>>n != 0 || got[len(plain)] != 0x5555 {
			t.Fatalf("bits beyond %d pixels are set", w)
		}
	}
}
