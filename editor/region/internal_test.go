package region

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestWeightsEqualTheirDefinition compares with the maximum over all pixels of the mask.
func TestWeightsEqualTheirDefinition(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for i := range 60 {
		w, h := 1+rnd.IntN(50), 1+rnd.IntN(50)
		if i%6 == 0 { // more rows than are worked on at once
			w, h = 1+rnd.IntN(24), 100+rnd.IntN(60)
		}
		a := image.NewAlpha(image.Rect(3, 5, 3+w, 5+h))
		solid := rnd.IntN(2) == 0
		for i := range a.Pix {
			switch v := rnd.IntN(100); {
			case v < 2:
				a.Pix[i] = uint8(rnd.IntN(256))
			case v < 30 && solid && i%w > w/3:
				a.Pix[i] = 255
			}
		}
		if solid { // long runs, too
			for y := h / 4; y < h/2; y++ {
				for x := w / 4; x < w*3/4; x++ {
					a.Pix[y*a.Stride+x] = 255
				}
			}
		}
		f := newFalloff(rnd.IntN(6), rnd.IntN(20))
		got := f.weights(a)
		for y := range h {
			for x := range w {
				want := 0.0
				for v := range h {
					for u := range w {
						c := a.Pix[v*a.Stride+u]
						if c == 0 {
							continue
						}
						// A coverage counts as the distance at which it would be reached.
						d0 := 0.0
						if c < 255 {
							d0 = f.distance(float64(c) / 255)
						}
						d2 := float64((x-u)*(x-u)+(y-v)*(y-v)) + d0*d0
						if f.reach == 0 {
							if d2 = float64((x-u)*(x-u) + (y-v)*(y-v)); d2 == 0 {
								want = float64(c) / 255
							}
							continue
						}
						want = max(want, f.at(math.Sqrt(d2)))
					}
				}
				if g := got.Pix[y*got.Stride+x]; math.Abs(float64(g)-255*want) > 0.6 {
					t.Fatalf("grow %v, reach %v: weight at %d,%d = %d, want %.2f", f.full, f.reach, x, y, g, 255*want)
				}
			}
		}
	}
}

func TestFalloffIsItsInversesInverse(t *testing.T) {
	f := newFalloff(4, 16)
	for c := 1; c < 255; c++ {
		w := float64(c) / 255
		if d := f.distance(w); d < f.full || d > f.reach || math.Abs(f.at(d)-w) > 1e-9 {
			t.Fatalf("distance(%v) = %v, at that %v", w, d, f.at(d))
		}
	}
}

func TestOKLab(t *testing.T) {
	// The reference colours of the definition's author, from sRGB.
	for _, c := range []struct{ rgb, want [3]float64 }{
		{[3]float64{255, 255, 255}, [3]float64{1, 0, 0}},
		{[3]float64{255, 0, 0}, [3]float64{0.6280, 0.2249, 0.1258}},
		{[3]float64{0, 255, 0}, [3]float64{0.8664, -0.2339, 0.1795}},
		{[3]float64{0, 0, 255}, [3]float64{0.4520, -0.0325, -0.3115}},
	} {
		got := fromSRGB(c.rgb[0], c.rgb[1], c.rgb[2])
		for ch := range 3 {
			if math.Abs(got[ch]-c.want[ch]) > 2e-4 {
				t.Errorf("OKLab of %v = %v, want %v", c.rgb, got, c.want)
			}
		}
	}
	for v := range 256 {
		if r, g, b := fromSRGB(float64(v), float64(255-v), 77).sRGB(); math.Abs(r-float64(v)) > 0.1 || math.Abs(g-float64(255-v)) > 0.1 || math.Abs(b-77) > 0.1 {
			t.Errorf("there and back: %v, %v, %v", r, g, b)
		}
	}
}

// TestCubeIsCloseToTheMatch compares the interpolated match with the exact one,
// over all colours and over such as photos have.
func TestCubeIsCloseToTheMatch(t *testing.T) {
	for _, c := range []struct {
		name        string
		spread      int // of the channels about a grey
		mean, worst float64
	}{
		// The worst are channels near 0, where sRGB is steepest.
		{"greyish", 60, 0.4, 16},
		{"all", 511, 0.4, 40},
	} {
		rnd := rand.New(rand.NewPCG(1, 1))
		worst, sum, n := 0.0, 0.0, 0
		for range 20 {
			m := &match{}
			for ch := range 3 {
				m.from[ch] = []float64{0.5, 0, 0}[ch] + 0.1*(rnd.Float64()-0.5)
				m.to[ch] = m.from[ch] + 0.1*(rnd.Float64()-0.5)
				m.spread[ch] = 0.8 + 0.4*rnd.Float64()
			}
			cube := newCube(m)
			for range 5000 {
				grey := rnd.IntN(256)
				near := func() uint8 { return uint8(min(max(grey+rnd.IntN(c.spread)-c.spread/2, 0), 255)) }
				r, g, b := near(), near(), near()
				var p [4]uint8
				cube.apply(p[:], []uint8{r, g, b, 255}, []uint8{255}, 0, 0)
				x, y, z := m.apply(float64(r), float64(g), float64(b))
				for _, v := range [][2]float64{{float64(p[0]), x}, {float64(p[1]), y}, {float64(p[2]), z}} {
					d := math.Abs(v[0] - min(max(v[1], 0), 255))
					worst, sum, n = max(worst, d), sum+d, n+1
				}
			}
		}
		t.Logf("%s: mean error %.3f, worst %.1f levels", c.name, sum/float64(n), worst)
		if sum/float64(n) > c.mean || worst > c.worst {
			t.Errorf("%s: mean error %.3f, worst %.1f levels", c.name, sum/float64(n), worst)
		}
	}
}

// TestCubeEqualsItsDefinition compares the packed sums with plain ones: the
// corners that a colour lies between, weighed channel by channel, and a slope.
func TestCubeEqualsItsDefinition(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 2))
	for _, size := range []int{255, 20, 0} { // of changes
		c, plain := new(cube), [cubeSide * cubeSide * cubeSide][3]int{}
		for i := range c {
			at := [3]int{i / stepR, i / stepG % cubeSide, i % cubeSide}
			for ch := range 3 {
				change := (rnd.IntN(2*size+1) - size) * cubeScale
				plain[i][ch] = 16*at[ch]*cubeScale + change
				c[i] |= uint64(plain[i][ch]+cubeBias+cubeScale/2) << (ch * fieldBits)
			}
		}
		for range 3000 {
			n := rnd.IntN(40)
			src, weight, dst := make([]uint8, 4*n), make([]uint8, n), make([]uint8, 4*n)
			var v, step [3]int32
			for i := range src {
				src[i] = uint8(rnd.IntN(256))
			}
			for i := range weight {
				weight[i] = uint8(rnd.IntN(3) * 127)
			}
			for ch := range 3 {
				v[ch] = int32(rnd.IntN(maxSeam*unit+1) - maxSeam*unit/2)
				step[ch] = int32(rnd.IntN(maxSeam*unit/40+1) - maxSeam*unit/80)
			}
			c.apply(dst, src, weight, changes(v), changes(step))
			for x := range n {
				var want [4]uint8
				if p := src[4*x:]; weight[x] != 0 {
					want[3] = p[3]
					for ch := range 3 {
						sum := tetrahedron(&plain, ch, p) + int(v[ch]) + x*int(step[ch]) + unit/2
						want[ch] = uint8(min(max(sum>>levelBits, 0), 255))
					}
				}
				if got := [4]uint8(dst[4*x:]); got != want {
					t.Fatalf("changes of %d: %v became %v, want %v", size, src[4*x:4*x+4], got, want)
				}
			}
		}
	}
}

// tetrahedron interpolates one channel of a cube, in units: from a cell's lowest
// corner along the axes by falling fraction.
func tetrahedron(c *[cubeSide * cubeSide * cubeSide][3]int, ch int, p []uint8) int {
	steps := [3]int{stepR, stepG, stepB}
	at, axes := 0, []int{0, 1, 2}
	for axis, step := range steps {
		at += int(p[axis]>>4) * step
	}
	slices.SortFunc(axes, func(a, b int) int { return int(p[b]&15) - int(p[a]&15) })
	sum := 16 * c[at][ch]
	for _, axis := range axes {
		next := at + steps[axis]
		sum += int(p[axis]&15) * (c[next][ch] - c[at][ch])
		at = next
	}
	return sum
}

// unpacked returns one of packed changes.
func unpacked(v uint64, ch int) int {
	v += everyField << (fieldBits - 1)
	return int(v>>(ch*fieldBits)&(1<<fieldBits-1)) - 1<<(fieldBits-1)
}

func TestMatchDoesNothingWithoutEvidenceInTheRing(t *testing.T) {
	flatGrey := func(n int, v float64) []lab {
		list := make([]lab, n)
		for i := range list {
			list[i] = fromSRGB(v, v, v)
		}
		return list
	}
	if newMatch(nil, nil) != nil || newMatch(flatGrey(3, 100), flatGrey(3, 140)) != nil {
		t.Error("a match is learnt from nothing")
	}
	if newMatch(flatGrey(100, 100), flatGrey(100, 100)) != nil {
		t.Error("equal colours need a match")
	}
	m := newMatch(flatGrey(100, 100), flatGrey(100, 120))
	if m == nil || m.spread != (lab{1, 1, 1}) {
		t.Fatalf("over a flat ring: %+v, want a shift and no spread", m)
	}
	if r, _, _ := m.apply(100, 100, 100); math.Abs(r-120) > 0.5 {
		t.Errorf("100 becomes %.1f, want 120", r)
	}
	// A fifth of the ring shows something else altogether.
	answer, canvas := flatGrey(100, 100), flatGrey(100, 120)
	for i := range 20 {
		answer[i*5] = fromSRGB(250, 10, 10)
	}
	m = newMatch(answer, canvas)
	if r, _, _ := m.apply(100, 100, 100); math.Abs(r-120) > 0.5 {
		t.Errorf("with outliers 100 becomes %.1f, want 120", r)
	}
}

// TestLineEqualsBilinear compares the field along rows with its definition.
func TestLineEqualsBilinear(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, cell := range []int{4, 8} {
		f := &field{origin: image.Pt(13, 7), cell: cell, cols: 6, rows: 5, v: make([][3]float32, 30)}
		for i := range f.v {
			if i%7 < 4 {
				f.v[i] = [3]float32{rnd.Float32()*96 - 48, rnd.Float32()*96 - 48, rnd.Float32()*96 - 48}
			}
		}
		l := newLine(f)
		for y := 7; y < 7+5*cell; y++ {
			l.seek(y)
			for x := 13; x < 13+6*cell; {
				v, step, n := l.slope(x)
				for range n {
					if x >= 13+6*cell {
						break
					}
					fx := min(max((float64(x-13)+0.5)/float64(cell)-0.5, 0), 5)
					fy := min(max((float64(y-7)+0.5)/float64(cell)-0.5, 0), 4)
					c0, r0 := min(int(fx), 4), min(int(fy), 3)
					tx, ty := fx-float64(c0), fy-float64(r0)
					for ch := range 3 {
						at := func(r, c int) float64 { return float64(f.v[r*6+c][ch]) }
						want := (at(r0, c0)*(1-tx)+at(r0, c0+1)*tx)*(1-ty) + (at(r0+1, c0)*(1-tx)+at(r0+1, c0+1)*tx)*ty
						if got := float64(unpacked(v, ch)) / unit; math.Abs(got-want) > 0.02 {
							t.Fatalf("cell %d: at %d,%d %v, want %v", cell, x, y, got, want)
						}
					}
					v += step
					x++
				}
			}
		}
	}
}
