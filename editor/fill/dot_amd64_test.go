package fill

import (
	"bytes"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The tests in this file hold the functions in assembly against those in Go.

// plainly calls f with AVX2 switched off, so that it takes the functions in Go.
func plainly(f func()) {
	was := avx2
	avx2 = false
	f()
	avx2 = was
}

// randomPlane returns n pixels of random channels, or of nothing but 0 and 255.
func randomPlane(r *rand.Rand, n int, extreme bool) []uint32 {
	plane := make([]uint32, n)
	for i := range plane {
		v := r.Uint32()
		if extreme {
			plane[i] = pack(255*(v&1), 255*(v>>1&1), 255*(v>>2&1))
		} else {
			plane[i] = pack(v&255, v>>8&255, v>>16&255)
		}
	}
	return plane
}

// slowProduct is the scalar product of the first patches of two planes, channel by channel.
func slowProduct(a, b []uint32, w int) (sum uint32) {
	for y := range side {
		for x := range side {
			a0, a1, a2 := unpack(a[y*w+x])
			b0, b1, b2 := unpack(b[y*w+x])
			sum += a0*b0 + a1*b1 + a2*b2
		}
	}
	return sum
}

// checkProducts fails the test unless all ways to the product of the patches at a[i] and b[j],
// both in planes of rows of w pixels, give that of slowProduct.
func checkProducts(t *testing.T, a, b []uint32, i, j, w int) {
	t.Helper()
	outer := func(plane []uint32) []uint32 {
		plane = slices.Clone(plane)
		for k := range plane {
			plane[k] &= outerBytes
		}
		return plane
	}
	var loaded, set, bare target
	loaded.load(a, i, w)
	bare.load(outer(a), i, w)
	for k := range area {
		set.set(k%side, k/side, a[i+k/side*w+k%side])
	}
	want, wantOuter := slowProduct(a[i:], b[j:], w), slowProduct(outer(a[i:]), outer(b[j:]), w)
	got, one, gotOuter := loaded.dot(b, j, w), set.dot(b, j, w), bare.dotOuter(outer(b), j, w)
	if got != want || one != want || gotOuter != wantOuter {
		t.Fatalf("AVX2 %v, width %d, %d and %d: %d and %d, want %d; without second channels %d, want %d",
			avx2, w, i, j, got, one, want, gotOuter, wantOuter)
	}
}

// The patches are the first ones of a row and the last one of a plane, behind which there is
// nothing.
func TestProductsAreThoseOfChannels(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 1))
	for _, w := range []int{7, 8, 9, 13, 16, 31, 63, 64, 101} {
		for n := range 60 {
			h := side + r.IntN(4)
			a, b := randomPlane(r, w*h, n%3 == 0), randomPlane(r, w*h, n%3 < 2)
			if n == 0 { // the greatest sum there is
				for i := range a {
					a[i], b[i] = pack(255, 255, 255), pack(255, 255, 255)
				}
			}
			i, j := r.IntN(w-side+1), (h-side)*w+w-side
			if n%2 == 0 {
				i, j = j, i
			}
			checkProducts(t, a, b, i, j, w)
			plainly(func() { checkProducts(t, a, b, i, j, w) })
		}
	}
}

// The distances of fragments stop at the same row, so that they are the same in each bit.
func TestFragmentsAreThatOfGo(t *testing.T) {
	r := rand.New(rand.NewPCG(32, 1))
	for seed := range uint64(6) {
		finest := randomLevel(t, seed, 60+int(seed), 50, seed%2 == 0)
		for _, l := range []*level{finest, half(t, finest)} {
			p := newPeeling(l)
			for i := range p.filled { // some more of them, at random
				if !p.filled[i] && r.IntN(3) == 0 {
					p.set(i, int(l.sources[r.IntN(len(l.sources))]))
				}
			}
			for range 300 {
				i, s := r.IntN(len(p.filled)), l.sources[r.IntN(len(l.sources))]
				if r.IntN(4) == 0 {
					s = l.sources[len(l.sources)-1]
				}
				var fast, plain fragment
				fast.load(p, i)
				plainly(func() { plain.load(p, i) })
				whole := plain.plainDistance(p, s, float32(math.Inf(1)))
				limits := []float32{float32(math.Inf(1)), 0, 1, 2, whole, math.Nextafter32(whole, 0), math.Nextafter32(whole, 2*whole)}
				for range 8 {
					limits = append(limits, whole*r.Float32())
				}
				for _, limit := range limits {
					if got, want := fast.distance(p, s, limit), plain.plainDistance(p, s, limit); got != want {
						t.Fatalf("seed %d, pixel %d, source %d, limit %v: %v, want %v", seed, i, s, limit, got, want)
					}
				}
			}
		}
	}
}

func TestWeightsAreThoseOfGo(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 1))
	for n := 1; n <= area; n++ {
		for k := range 40 {
			var fast ballot
			fast.n = n
			for i := range n {
				fast.cost[i] = int32(r.IntN(1<<(1+r.IntN(27)))) - 20_000
				fast.depth[i] = uint8(r.IntN(1 << r.IntN(9)))
				if k%5 == 0 {
					fast.cost[i] = 1<<27 - int32(k)
				}
			}
			plain := fast
			fast.weigh()
			plainly(func() { plain.weigh() })
			if !slices.Equal(fast.weight[:n], plain.weight[:n]) {
				t.Fatalf("%d votes of costs %v: %v, want %v", n, fast.cost[:n], fast.weight[:n], plain.weight[:n])
			}
		}
	}
}

// A whole fill, of both kinds, is the same with and without AVX2.
func TestFillsAreTheSameWithoutAVX2(t *testing.T) {
	r := rand.New(rand.NewPCG(36, 1))
	img, mask := image.NewNRGBA(image.Rect(0, 0, 131, 117)), image.NewAlpha(image.Rect(0, 0, 131, 117))
	for i := range img.Pix {
		x, y := i/4%131, i/4/131
		img.Pix[i] = uint8(x/9*47 + y/7*83*(i%4+1) + r.IntN(12))
		if i%4 == 3 {
			img.Pix[i] = 255
			if math.Hypot(float64(x-70), float64(y-60)) < 24 {
				mask.Pix[i/4] = 255
			}
		}
	}
	for variant := range 4 {
		fast, err := Fill(t.Context(), img, mask, Options{Variant: variant})
		if err != nil {
			t.Fatal(err)
		}
		plainly(func() {
			plain, err := Fill(t.Context(), img, mask, Options{Variant: variant})
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(plain.Pix, fast.Pix) {
				t.Errorf("variant %d differs", variant)
			}
		})
	}
}
