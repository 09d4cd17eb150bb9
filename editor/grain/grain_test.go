package grain_test

import (
	"bytes"
	"image"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"overpaint.dev/overpaint/editor/grain"
)

// slope is a picture without detail, from dark to bright.
func slope(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := uint8(40 + 170*x/w)
			copy(img.Pix[img.PixOffset(x, y):], []uint8{v, v, uint8(20 + y*200/h), 255})
		}
	}
	return img
}

// grainy returns a picture with grain of a spread in levels at the brightest, less where it is darker;
// across, each pixel shares a part with its neighbour.
func grainy(img *image.NRGBA, strength, shared float64) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	r := rand.New(rand.NewPCG(1, 2))
	last := 0.0
	for i := 0; i < len(img.Pix); i += 4 {
		v := r.NormFloat64()
		v, last = (v+shared*last)/math.Sqrt(1+shared*shared), v
		for ch := range 3 {
			level := float64(img.Pix[i+ch])
			out.Pix[i+ch] = uint8(math.Round(min(max(level+strength*(0.4+0.6*level/255)*v, 0), 255)))
		}
		out.Pix[i+3] = 255
	}
	return out
}

func blocks(r image.Rectangle) (list []image.Rectangle) {
	for y := r.Min.Y; y+grain.Block <= r.Max.Y; y += grain.Block {
		for x := r.Min.X; x+grain.Block <= r.Max.X; x += grain.Block {
			list = append(list, image.Rect(x, y, x+grain.Block, y+grain.Block))
		}
	}
	return list
}

func of(img *image.NRGBA) grain.Pixels { return func(image.Rectangle) *image.NRGBA { return img } }

func full(r image.Rectangle) *image.Alpha {
	a := image.NewAlpha(r)
	for i := range a.Pix {
		a.Pix[i] = 255
	}
	return a
}

// made adds to clean the grain that it lacks of what wanted has.
func made(t *testing.T, wanted, clean *image.NRGBA, seed uint64) *image.NRGBA {
	t.Helper()
	w, has := grain.Compare(of(wanted), of(clean), blocks(clean.Rect))
	g := grain.New(w, has, nil, seed)
	if g == nil {
		t.Fatal("no grain was found")
	}
	out := image.NewNRGBA(clean.Rect)
	copy(out.Pix, clean.Pix)
	g.Add(out, full(out.Rect), image.Point{})
	return out
}

func TestMadeGrainIsLikeTheMeasured(t *testing.T) {
	clean := slope(512, 384)
	for _, c := range []struct{ strength, shared float64 }{{3, 0}, {8, 0}, {5, 0.7}} {
		wanted := grainy(clean, c.strength, c.shared)
		got := made(t, wanted, clean, 1)
		// At all levels, and at the dark and bright ends alone.
		for name, part := range map[string]image.Rectangle{"all": clean.Rect, "dark": image.Rect(0, 0, 128, 384), "bright": image.Rect(384, 0, 512, 384)} {
			w, g := grain.Measure(of(wanted), blocks(part)), grain.Measure(of(got), blocks(part))
			for _, band := range [][2]float64{{1.0 / 16, 1.0 / 8}, {1.0 / 8, 1.0 / 4}, {1.0 / 4, 0.8}} {
				if ratio := g.Band(band[0], band[1]) / w.Band(band[0], band[1]); ratio < 0.8 || ratio > 1.25 {
					t.Errorf("grain of %v, shared by %v, %s: power from %.2f to %.2f is %.2f times the wanted one", c.strength, c.shared, name, band[0], band[1], ratio)
				}
			}
		}
	}
}

// What an answer has of the grain isn't added once more.
func TestOnlyWhatIsLackingIsMade(t *testing.T) {
	clean := slope(512, 384)
	wanted := grainy(clean, 6, 0)
	w, has := grain.Compare(of(wanted), of(wanted), blocks(clean.Rect))
	if g := grain.New(w, has, nil, 1); g != nil {
		t.Errorf("grain of %v levels is added to what has all of it", g.Sigma())
	}
	weaker := grainy(clean, 4, 0)
	got := made(t, wanted, weaker, 1)
	a, b := grain.Measure(of(got), blocks(clean.Rect)).Sigma(), grain.Measure(of(wanted), blocks(clean.Rect)).Sigma()
	if math.Abs(a/b-1) > 0.1 {
		t.Errorf("with what was lacking it varies by %.2f levels, want %.2f", a, b)
	}
	// Where the grain is to go the answer has less than where it was compared.
	if g := grain.New(w, has, grain.Measure(of(clean), blocks(clean.Rect)), 1); g == nil || math.Abs(g.Sigma()/b-1) > 0.1 {
		t.Errorf("nothing is made for an answer that has grain around the mask alone: %v", g)
	}
}

func TestWhatIsNoGrain(t *testing.T) {
	clean := slope(512, 384)
	waves := slope(512, 384)
	for i := 0; i < len(waves.Pix); i += 4 {
		x, y := float64(i/4%512), float64(i/4/512)
		for ch := range 3 {
			waves.Pix[i+ch] = uint8(float64(waves.Pix[i+ch]) + 12*math.Sin(x/4)*math.Cos(y/5))
		}
	}
	black := image.NewNRGBA(clean.Rect)
	for name, img := range map[string]*image.NRGBA{
		"a slope": clean, "coarse waves": waves, "what is cut off": black,
		"what can hardly be seen": grainy(clean, 0.8, 0), "what is too strong": grainy(clean, 60, 0),
	} {
		w, has := grain.Compare(of(img), of(clean), blocks(clean.Rect))
		if g := grain.New(w, has, nil, 1); g != nil {
			t.Errorf("%s: grain of %.1f levels", name, g.Sigma())
		}
	}
	if w, _ := grain.Compare(of(grainy(clean, 6, 0)), of(clean), blocks(clean.Rect)[:7]); w != nil {
		t.Error("seven squares tell")
	}
}

// The same seed gives the same bytes, on any number of processors and in any pieces.
func TestGrainIsTheSameEverywhere(t *testing.T) {
	clean := slope(300, 200)
	wanted := grainy(clean, 6, 0.3)
	want := made(t, wanted, clean, 7)
	for _, n := range []int{1, 16} {
		before := runtime.GOMAXPROCS(n)
		got := made(t, wanted, clean, 7)
		runtime.GOMAXPROCS(before)
		if !bytes.Equal(got.Pix, want.Pix) {
			t.Errorf("other grain on %d processors", n)
		}
	}
	if bytes.Equal(made(t, wanted, clean, 8).Pix, want.Pix) {
		t.Error("two seeds give the same")
	}
	w, has := grain.Compare(of(wanted), of(clean), blocks(clean.Rect))
	g := grain.New(w, has, nil, 7)
	got := image.NewNRGBA(clean.Rect)
	copy(got.Pix, clean.Pix)
	for _, r := range []image.Rectangle{image.Rect(0, 0, 300, 17), image.Rect(0, 17, 33, 200), image.Rect(33, 17, 300, 200)} {
		g.Add(got.SubImage(r).(*image.NRGBA), full(r), image.Point{})
	}
	if !bytes.Equal(got.Pix, want.Pix) {
		t.Error("pieces have other grain than the whole")
	}
	// Nothing where the weight is 0.
	copy(got.Pix, clean.Pix)
	if g.Add(got, image.NewAlpha(got.Rect), image.Point{}); !bytes.Equal(got.Pix, clean.Pix) {
		t.Error("grain where there is no weight")
	}
}
