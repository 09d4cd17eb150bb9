package document_test

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/region"
)

// canvas is a region.Source of pixels.
type canvas struct{ *image.NRGBA }

func (c canvas) Pixels(r image.Rectangle) *image.NRGBA { return c.SubImage(r).(*image.NRGBA) }

// reference flattens a state as the package's documentation says, from its
// public fields alone, whole picture by whole picture and nothing kept.
func reference(s *document.State) *image.NRGBA {
	out := image.NewNRGBA(s.Bounds())
	base := s.Base.Pix
	for y := range base.Rect.Dy() {
		copy(out.Pix[out.PixOffset(s.Offset.X, s.Offset.Y+y):], base.Pix[base.PixOffset(0, y):][:4*base.Rect.Dx()])
	}
	for _, r := range s.Results {
		if r.Hidden {
			continue
		}
		weight := r.Plan.Weight(r.Canvas, r.Mask, r.Blend, s.Bounds())
		for i := range weight.Pix {
			w := int(weight.Pix[i])
			if r.Erased != nil {
				w = (w*(255-int(r.Erased.At(i%s.Size.X, i/s.Size.X))) + 127) / 255
			}
			weight.Pix[i] = uint8(w)
		}
		var corrected []*image.NRGBA
		for _, v := range r.Variants {
			fitted := r.Plan.Fit(v.Pixels())
			one := image.NewNRGBA(s.Bounds())
			inside := r.Plan.Window.Intersect(r.Canvas)
			r.Plan.Learn(canvas{out}, r.Canvas, r.Sent, fitted, r.Plan.Pieces(v.Size()), r.Blend).Apply(one.SubImage(inside).(*image.NRGBA), fitted, weight)
			corrected = append(corrected, one)
		}
		for i := range weight.Pix {
			weight.Pix[i] = uint8(int(weight.Pix[i]) * int(r.Blend.Opacity*256+0.5) >> 8)
		}
		layer := region.Layer{Rect: s.Bounds(), Weight: weight, Pix: mixed(r, corrected)}
		layer.Over(out)
	}
	return out
}

// mixed is the mean of a result's variants, weighed by their parts of the mix,
// of which the chosen one is the rest, and by their alpha.
func mixed(r *document.Result, corrected []*image.NRGBA) *image.NRGBA {
	out := image.NewNRGBA(corrected[0].Rect)
	width := out.Rect.Dx()
	for i := range len(out.Pix) / 4 {
		part, rest := make([]int, len(corrected)), 255
		for k, m := range r.Mix {
			if k != r.Chosen && m != nil {
				part[k] = int(m.At(i%width, i/width))
				rest -= part[k]
			}
		}
		part[r.Chosen] = rest
		alpha, sum := 0, [3]int{}
		whole := -1
		for k, p := range part {
			c := corrected[k].Pix[4*i:]
			alpha += p * int(c[3])
			for ch := range 3 {
				sum[ch] += p * int(c[3]) * int(c[ch])
			}
			if p == 255 {
				whole = k
			}
		}
		switch to := out.Pix[4*i : 4*i+4]; {
		case whole >= 0:
			copy(to, corrected[whole].Pix[4*i:])
		case alpha > 0:
			for ch := range 3 {
				to[ch] = uint8((sum[ch] + alpha/2) / alpha)
			}
			to[3] = uint8((alpha + 127) / 255)
		}
	}
	return out
}

// TestPixelsEqualTheirDefinition makes random changes with undo and redo in
// between, and after each compares what is seen with what follows from the state alone, and
// what the step says it touched with what it did touch.
func TestPixelsEqualTheirDefinition(t *testing.T) {
	for seed := range uint64(4) {
		d := opened(150, 130, seed)
		rnd := rand.New(rand.NewPCG(seed, 3))
		d.SetHistoryLimits(1<<30, 1<<30)
		var dirty image.Rectangle
		resized := false
		d.Subscribe(func(s document.Step) { dirty, resized = s.Dirty, s.Resized })
		before, last := flat(d.State()), d.State()
		for i := range 150 {
			dirty, resized = image.Rectangle{}, false
			act(t, d, rnd)
			s := d.State()
			now := flat(s)
			if want := reference(s); !bytes.Equal(now, want.Pix) {
				t.Fatalf("seed %d, change %d: the picture is not what its results say, in %v", seed, i, apart(now, want.Pix, s.Size))
			}
			if !resized {
				if r := apart(before, now, s.Size); !r.In(dirty) {
					t.Fatalf("seed %d, change %d: %v changed, the step says %v", seed, i, r, dirty)
				}
				if r := apart(before, now, s.Size); !r.In(last.Difference(s)) {
					t.Fatalf("seed %d, change %d: %v changed, Difference says %v", seed, i, r, last.Difference(s))
				}
			}
			checkMix(t, s)
			before, last = now, s
		}
	}
}

// apart returns where two pictures of a size differ.
func apart(a, b []byte, size image.Point) image.Rectangle {
	var r image.Rectangle
	for i := range len(a) / 4 {
		if string(a[4*i:4*i+4]) != string(b[4*i:4*i+4]) {
			x, y := i%size.X, i/size.X
			r = r.Union(image.Rect(x, y, x+1, y+1))
		}
	}
	return r
}

// checkMix checks that what the variants have of a mix sums up to 255 everywhere.
func checkMix(t *testing.T, s *document.State) {
	t.Helper()
	for _, r := range s.Results {
		var all []*image.Alpha
		for k := range r.Variants {
			m, ok := s.Coverage(document.Target{Kind: document.ResultMix, Result: r.ID, Variant: k})
			if !ok {
				t.Fatal("a variant has no part in the mix")
			}
			all = append(all, m.Alpha(s.Bounds()))
		}
		for i := range all[0].Pix {
			sum, chosens := 0, 0
			for k, a := range all {
				if sum += int(a.Pix[i]); k == r.Chosen {
					chosens = int(a.Pix[i])
				}
			}
			if sum != 255 || chosens < 0 {
				t.Fatalf("the mix sums up to %d", sum)
			}
		}
	}
}

// TestSameMeansSame compares what Same says of random parts of random states
// with their pixels.
func TestSameMeansSame(t *testing.T) {
	d := opened(300, 260, 1)
	rnd := rand.New(rand.NewPCG(8, 3))
	last := d.State()
	yes := 0
	for range 300 {
		act(t, d, rnd)
		s := d.State()
		a, b := last.Flattener(), s.Flattener()
		for range 8 {
			x, y := rnd.IntN(280), rnd.IntN(240)
			r := image.Rect(x, y, x+20, y+20).Intersect(s.Bounds()).Intersect(last.Bounds())
			if !s.Same(last, r) {
				continue
			}
			yes++
			p, q := a.Pixels(r), b.Pixels(r)
			for y := r.Min.Y; y < r.Max.Y; y++ {
				if !bytes.Equal(p.Pix[p.PixOffset(r.Min.X, y):][:4*r.Dx()], q.Pix[q.PixOffset(r.Min.X, y):][:4*r.Dx()]) {
					t.Fatalf("%v is said to be the same and isn't", r)
				}
			}
		}
		last = s
	}
	if yes < 1000 {
		t.Errorf("only %d parts of 2400 are known to be the same", yes)
	}
}

// TestPartsOfPaintedResultsEqualTheWhole asks for random parts of a state with
// everything in it.
func TestPartsOfPaintedResultsEqualTheWhole(t *testing.T) {
	s := rich(t).State
	whole := s.Flatten()
	f := s.Flattener()
	rnd := rand.New(rand.NewPCG(3, 3))
	for range 200 {
		x, y := rnd.IntN(s.Size.X), rnd.IntN(s.Size.Y)
		r := image.Rect(x, y, x+1+rnd.IntN(s.Size.X-x), y+1+rnd.IntN(s.Size.Y-y))
		part := f.Pixels(r)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			if !bytes.Equal(part.Pix[part.PixOffset(r.Min.X, y):][:4*r.Dx()], whole.Pix[whole.PixOffset(r.Min.X, y):][:4*r.Dx()]) {
				t.Fatalf("Pixels(%v) differs from Flatten in row %d", r, y)
			}
		}
	}
}
