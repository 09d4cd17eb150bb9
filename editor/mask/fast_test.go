package mask

import (
	"image"
	"image/color"
	"math/rand/v2"
	"slices"
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

// TestPairsAreSums compares sums of pairs with plain additions.
func TestPairsAreSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	for n := 1; n < 40; n++ {
		sums, want := make([]uint64, n), make([]uint64, n)
		for range 64 {
			line := make([]uint8, 8*n)
			for i := range line {
				line[i] = uint8(255 - rng.IntN(256)*rng.IntN(2))
				want[i/8] += uint64(line[i]) << (i % 8 / 2 * 16)
			}
			addPairs(sums, line)
		}
		if !slices.Equal(sums, want) {
			t.Fatalf("%d words: sums are %x, not %x", n, sums, want)
		}
	}
}

// TestWeighedCells compares weighted means along rows and columns, of rows of all short
// widths, with sums in 64 bits.
func TestWeighedCells(t *testing.T) {
	rng := rand.New(rand.NewPCG(25, 26))
	for n := 1; n < 70; n++ {
		g := newGaussian([]float64{0.01, 0.4, 1, 3.3, 7.9, 8, 200}[n%7])
		reach := len(g.weights) - 1
		for _, step := range []int{1, n, n + 3} {
			from := make([]uint16, n+2*reach*step)
			for i := range from {
				from[i] = uint16(rng.IntN(255<<8 + 1))
				if rng.IntN(2) == 0 {
					from[i] = 255 << 8
				}
			}
			got := make([]uint16, n+1)
			got[n] = 7
			g.weigh(got[:n], from, reach*step, step)
			for x := range n {
				sum := uint64(1 << 15)
				for i := -reach; i <= reach; i++ {
					sum += uint64(from[x+(reach+i)*step]) * uint64(g.weights[max(i, -i)])
				}
				if uint64(got[x]) != sum>>16 {
					t.Fatalf("cell %d of %d, step %d: %d instead of %d", x, n, step, got[x], sum>>16)
				}
			}
			if got[n] != 7 {
				t.Fatalf("%d cells: one too many was written", n)
			}
		}
	}
}

// TestPixelsBetweenCells compares interpolated tiles, whole ones and those cut at the
// canvas's edge, with the interpolation's definition.
func TestPixelsBetweenCells(t *testing.T) {
	rng := rand.New(rand.NewPCG(27, 28))
	for i := range 60 {
		g := newGaussian(float64(int(4) << (i % 8)))
		k := g.scale
		p := newCellPlane(TileSize/k+2+14, TileSize/k+2)
		for j := range p.pix {
			p.pix[j] = uint16(rng.IntN(255<<8 + 1))
			if rng.IntN(3) == 0 {
				p.pix[j] = uint16(rng.IntN(2) * 255 << 8)
			}
		}
		size := image.Pt(TileSize, TileSize)
		if i%3 == 0 {
			size = image.Pt(1+rng.IntN(TileSize), 1+rng.IntN(TileSize))
		}
		origin := image.Point{} // so that the tile's first pixel is that behind a first row and column
		if k > 1 {
			origin = image.Pt(-k, -k)
		}
		got := g.enlarge(image.Rectangle{Max: size}, p, origin)
		for y := range TileSize {
			for x := range TileSize {
				want := uint8(0)
				if x < size.X && y < size.Y {
					want = pixelBetween(&p, k, x, y)
				}
				if got[y*TileSize+x] != want {
					t.Fatalf("scale %d, (%d, %d) of %v: %d instead of %d", k, x, y, size, got[y*TileSize+x], want)
				}
			}
		}
	}
}

// pixelBetween is the pixel of a tile between cells of a side of k pixels: first between
// rows, to 16 bits less those of the weights, then between columns.
func pixelBetween(p *cellPlane, k, x, y int) uint8 {
	if k == 1 {
		return uint8((int(p.row(y)[x]) + 128) >> 8)
	}
	down, across := 2*y+1+k, 2*x+1+k // half pixels from the middle of the first cell
	row := func(col int) int {
		w := down % (2 * k)
		v := int(p.row(down / (2 * k))[col])*(2*k-w) + int(p.row(down/(2*k) + 1)[col])*w
		return (v + 2*k*k) / (4 * k * k)
	}
	w := across % (2 * k)
	return uint8((row(across/(2*k))*(2*k-w) + row(across/(2*k)+1)*w + 128) >> 8)
}
