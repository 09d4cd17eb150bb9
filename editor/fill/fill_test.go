package fill_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"

	"overpaint.dev/overpaint/editor/fill"
)

// blocks returns an opaque picture of random blocks with a little noise.
func blocks(w, h int, seed uint64) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := rand.New(rand.NewPCG(seed, uint64(x/6)<<20+uint64(y/5))).Uint32()
			n := rand.New(rand.NewPCG(seed+1, uint64(x)<<20+uint64(y))).Uint32()
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(v)&^7 | uint8(n)&7, G: uint8(v >> 8), B: uint8(v >> 16), A: 255})
		}
	}
	return img
}

// mask returns the pixels of r for which in holds.
func mask(r image.Rectangle, in func(x, y int) bool) *image.Alpha {
	a := image.NewAlpha(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if in(x, y) {
				a.SetAlpha(x, y, color.Alpha{A: 255})
			}
		}
	}
	return a
}

// check fails the test unless out is img outside of the hole and opaque in it.
func check(t *testing.T, img, out *image.NRGBA, hole *image.Alpha) {
	t.Helper()
	if out.Rect != img.Rect {
		t.Fatalf("bounds are %v, want %v", out.Rect, img.Rect)
	}
	for y := img.Rect.Min.Y; y < img.Rect.Max.Y; y++ {
		for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
			c := out.NRGBAAt(x, y)
			if hole.AlphaAt(x, y).A > 0 {
				if c.A != 255 {
					t.Fatalf("(%d, %d) in the hole is %v", x, y, c)
				}
			} else if c != img.NRGBAAt(x, y) {
				t.Fatalf("(%d, %d) outside became %v", x, y, c)
			}
		}
	}
}

func TestHolesOfAnyShape(t *testing.T) {
	const w, h = 64, 52
	for name, in := range map[string]func(x, y int) bool{
		"one pixel":    func(x, y int) bool { return x == 40 && y == 30 },
		"corner pixel": func(x, y int) bool { return x == w-1 && y == h-1 },
		"disc":         func(x, y int) bool { return math.Hypot(float64(x-32), float64(y-26)) < 15 },
		"ring":         func(x, y int) bool { d := math.Hypot(float64(x-32), float64(y-26)); return d > 14 && d < 19 },
		"several":      func(x, y int) bool { return x%30 < 9 && y%25 < 8 },
		"line":         func(x, y int) bool { return x == y },
		"left edge":    func(x, y int) bool { return x < 12 },
		"frame":        func(x, y int) bool { return x < 9 || y < 9 || x >= w-9 || y >= h-9 },
		"half":         func(x, y int) bool { return x >= w/2 },
		"60 percent":   func(x, y int) bool { return y > h*4/10 },
		"all but some": func(x, y int) bool { return x > 8 || y > 8 },
		"speckle":      func(x, y int) bool { return rand.New(rand.NewPCG(3, uint64(x*h+y))).IntN(3) == 0 },
		"chequers":     func(x, y int) bool { return (x+y)%2 == 0 },
	} {
		img := blocks(w, h, 1)
		hole := mask(img.Rect, in)
		out, err := fill.Fill(t.Context(), img, hole, fill.Options{Seed: 3})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		t.Run(name, func(t *testing.T) { check(t, img, out, hole) })
	}
}

func TestTinyPictures(t *testing.T) {
	for w := 1; w <= 12; w++ {
		for h := 1; h <= 12; h++ {
			img := blocks(w, h, 2)
			hole := mask(img.Rect, func(x, y int) bool { return (x+y)%3 == 0 })
			out, err := fill.Fill(t.Context(), img, hole, fill.Options{})
			if w*h == 1 {
				if !errors.Is(err, fill.ErrNothingToCopy) {
					t.Errorf("%dx%d: %v", w, h, err)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%dx%d: %v", w, h, err)
			}
			check(t, img, out, hole)
		}
	}
}

// Pictures that are about as small as a patch, with a hole that leaves little of
// them: what it is to be filled from is never larger than the rest.
func TestBordersOfSmallPictures(t *testing.T) {
	sides := []int{1, 2, 6, 7, 8, 9, 13, 15, 40}
	for _, w := range sides {
		for _, h := range sides {
			for _, wide := range []int{1, 2, 4} {
				for _, known := range []image.Rectangle{
					image.Rect(0, 0, w-wide, h), image.Rect(wide, 0, w, h),
					image.Rect(0, 0, w, h-wide), image.Rect(0, wide, w, h),
					image.Rect(wide, wide, w-wide, h-wide), image.Rect(0, 0, wide, h), image.Rect(0, 0, wide, wide),
				} {
					img := blocks(w, h, 3)
					hole := mask(img.Rect, func(x, y int) bool { return !image.Pt(x, y).In(known) })
					out, err := fill.Fill(t.Context(), img, hole, fill.Options{})
					if known.Intersect(img.Rect).Empty() {
						if !errors.Is(err, fill.ErrNothingToCopy) {
							t.Errorf("%dx%d of which nothing is known: %v", w, h, err)
						}
					} else if err != nil {
						t.Errorf("%dx%d of which %v is known: %v", w, h, known, err)
					} else {
						check(t, img, out, hole)
					}
				}
			}
		}
	}
}

// A border that is too thin for a patch to have its middle in it carries on what
// is beside it, too.
func TestThinBorders(t *testing.T) {
	truth := function(300, 200, func(x, y float64) (r, g, b float64) {
		v := 128 + 100*math.Sin(x/3)*math.Sin(y/90)
		return v, 255 - v, 90 + 40*math.Sin(x/7)
	})
	for wide := 1; wide <= 4; wide++ {
		hole := mask(truth.Rect, func(_, y int) bool { return y >= 200-wide })
		for variant := range 3 {
			out, err := fill.Fill(t.Context(), truth, hole, fill.Options{Variant: variant})
			if err != nil {
				t.Fatal(err)
			}
			if mean, most := difference(out, truth, hole); mean > 1.2 || most > 8 {
				t.Errorf("%d pixels, variant %d: off by %.1f, at most %.0f", wide, variant, mean, most)
			}
		}
	}
}

// A picture whose origin is not (0, 0), in an image that is part of a larger one, with a mask that reaches beyond it.
func TestBoundsElsewhere(t *testing.T) {
	whole := blocks(120, 100, 4)
	part := whole.SubImage(image.Rect(20, 10, 100, 90)).(*image.NRGBA)
	hole := mask(image.Rect(60, 50, 140, 70), func(x, y int) bool { return true })
	before := bytes.Clone(whole.Pix)
	out, err := fill.Fill(t.Context(), part, hole, fill.Options{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, part, out, hole)
	if !bytes.Equal(before, whole.Pix) {
		t.Error("the picture given was changed")
	}
}

func TestNoHoleIsACopy(t *testing.T) {
	img := blocks(30, 30, 5)
	for _, hole := range []*image.Alpha{image.NewAlpha(img.Rect), image.NewAlpha(image.Rectangle{}), mask(image.Rect(50, 50, 60, 60), func(x, y int) bool { return true })} {
		out, err := fill.Fill(t.Context(), img, hole, fill.Options{})
		if err != nil {
			t.Fatal(err)
		}
		check(t, img, out, hole)
	}
}

func TestNothingToCopy(t *testing.T) {
	img := blocks(40, 40, 5)
	all := func(x, y int) bool { return true }
	if _, err := fill.Fill(t.Context(), img, mask(img.Rect, all), fill.Options{}); !errors.Is(err, fill.ErrNothingToCopy) {
		t.Errorf("hole over all: %v", err)
	}
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 0
	}
	hole := mask(img.Rect, func(x, y int) bool { return x < 20 })
	if _, err := fill.Fill(t.Context(), img, hole, fill.Options{}); !errors.Is(err, fill.ErrNothingToCopy) {
		t.Errorf("all else transparent: %v", err)
	}
}

// The transparent half is bright green, which must turn up nowhere in the hole.
func TestTransparencyIsNoSource(t *testing.T) {
	img := blocks(100, 80, 6)
	for y := range 80 {
		for x := range 100 {
			c := color.NRGBA{R: uint8(100 + x%7*5), G: 20, B: uint8(90 + y%5*9), A: 255}
			if x >= 50 {
				c = color.NRGBA{G: 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	hole := mask(img.Rect, func(x, y int) bool { return x >= 35 && x < 65 && y >= 25 && y < 55 })
	out, err := fill.Fill(t.Context(), img, hole, fill.Options{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, img, out, hole)
	for y := 25; y < 55; y++ {
		for x := 35; x < 65; x++ {
			if c := out.NRGBAAt(x, y); c.G > 60 {
				t.Fatalf("(%d, %d) is %v", x, y, c)
			}
		}
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	img := blocks(130, 100, 7)
	hole := mask(img.Rect, func(x, y int) bool {
		return math.Hypot(float64(x-45), float64(y-45)) < 20 || x > 110 && x < 118 && y > 80
	})
	var first *image.NRGBA
	for _, workers := range []int{1, 16} {
		out, err := fill.Fill(t.Context(), img, hole, fill.Options{Seed: 11, Variant: 2, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = out
		} else if !bytes.Equal(first.Pix, out.Pix) {
			t.Errorf("%d workers: another picture", workers)
		}
	}
	plan, err := fill.Prepare(t.Context(), img, hole, nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []fill.Options{{Seed: 11, Variant: 2}, {Seed: 12, Variant: 2}, {Seed: 11, Variant: 1}} {
		out, err := plan.Fill(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if same := bytes.Equal(first.Pix, out.Pix); same != (o.Seed == 11 && o.Variant == 2) {
			t.Errorf("seed %d, variant %d: same is %v", o.Seed, o.Variant, same)
		}
	}
}

func TestProgress(t *testing.T) {
	img := blocks(140, 130, 8)
	hole := mask(img.Rect, func(x, y int) bool { return x > 40 && x < 90 && y > 40 && y < 90 })
	var seen []float64
	if _, err := fill.Fill(t.Context(), img, hole, fill.Options{Progress: func(f float64) { seen = append(seen, f) }}); err != nil {
		t.Fatal(err)
	}
	last := 0.0
	for _, f := range seen {
		if f < last || f > last+0.25 || f > 1 {
			t.Fatalf("%v follows %v", f, last)
		}
		last = f
	}
	if last != 1 {
		t.Errorf("ended at %v", last)
	}
}

// Cancelling at each of the moments that the progress shows ends the work with the context's error.
// A quarter of the picture is filled. Live are, for each of the picture's pixels, 20 bytes of
// levels, and for each of the hole's the result (16) and, once the search's memory is free,
// what the colours are fitted with (25): 145 in all for each of the hole's with what is of a fixed size.
func TestMemoryInUse(t *testing.T) {
	const size, hole = 600, 300
	img := blocks(size, size, 3)
	in := mask(img.Rect, func(x, y int) bool { return x >= 150 && x < 150+hole && y >= 150 && y < 150+hole })
	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, most := live(), uint64(0)
	plan, err := fill.Prepare(t.Context(), img, in, nil, 2)
	if err != nil {
		t.Fatal(err)
	}
	for variant := range 2 {
		last := 0.0
		_, err = plan.Fill(t.Context(), fill.Options{Seed: 1, Variant: variant, Workers: 2, Progress: func(f float64) {
			if f > last+0.005 {
				last, most = f, max(most, live())
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	runtime.KeepAlive(plan)
	if perPixel := float64(most-before) / (hole * hole); perPixel > 155 {
		t.Errorf("%.1f bytes for each pixel of the hole", perPixel)
	}
}

func TestCancelAtAnyMoment(t *testing.T) {
	img := blocks(90, 80, 9)
	hole := mask(img.Rect, func(x, y int) bool { return x > 25 && x < 65 && y > 25 && y < 55 })
	plan, err := fill.Prepare(t.Context(), img, hole, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for stop := 0.0; stop < 0.95; stop += 0.2 {
		ctx, cancel := context.WithCancel(t.Context())
		after := 0
		_, err := plan.Fill(ctx, fill.Options{Progress: func(f float64) {
			if f >= stop {
				cancel()
				after++
			}
		}})
		cancel()
		if !errors.Is(err, context.Canceled) || after > 4 {
			t.Errorf("at %.1f: %v, %d more steps", stop, err, after)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := fill.Prepare(ctx, img, hole, nil, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("prepare: %v", err)
	}
}

// checks is a context that is done from its limit-th question on, and counts all questions.
type checks struct {
	context.Context
	limit int64
	asked atomic.Int64
}

func (c *checks) Err() error {
	if c.asked.Add(1) >= c.limit {
		return context.Canceled
	}
	return nil
}

// A fill asks often whether it is still wanted, which bounds the work between
// two questions, and once it heard that it isn't no goroutine begins anything more.
func TestCancelStopsAtOnce(t *testing.T) {
	img := blocks(180, 170, 9)
	hole := mask(img.Rect, func(x, y int) bool { return math.Hypot(float64(x-90), float64(y-85)) < 45 })
	const workers = 2
	fillWith := func(c *checks) error {
		_, err := fill.Fill(c, img, hole, fill.Options{Workers: workers})
		return err
	}
	free := &checks{Context: t.Context(), limit: math.MaxInt64}
	if err := fillWith(free); err != nil {
		t.Fatal(err)
	}
	all := free.asked.Load()
	if all < 500 {
		t.Errorf("only %d questions in a whole fill", all)
	}
	for i := range int64(12) {
		c := &checks{Context: t.Context(), limit: 1 + i*all/12}
		err := fillWith(c)
		if more := c.asked.Load() - c.limit; !errors.Is(err, context.Canceled) || more > workers+2 {
			t.Errorf("stopped at question %d of %d: %v, %d more questions", c.limit, all, err, more)
		}
	}
}

func FuzzFill(f *testing.F) {
	f.Add(uint8(30), uint8(20), []byte{1, 2, 3, 10, 9, 8, 7}, uint64(1))
	f.Add(uint8(7), uint8(7), []byte{0, 0, 1, 1}, uint64(2))
	f.Add(uint8(60), uint8(60), []byte{10, 10, 40, 40, 128, 50, 0, 9, 9}, uint64(3))
	f.Add(uint8(6), uint8(7), []byte{8, 14, 15, 16, 0}, uint64(4))                         // the last row
	f.Add(uint8(0), uint8(0), []byte{}, uint64(5))                                         // one pixel
	f.Add(uint8(0), uint8(79), []byte{8, 20, 9, 61}, uint64(6))                            // one column
	f.Add(uint8(15), uint8(8), []byte{0, 0, 95, 9, 0, 0, 9, 95, 0, 16, 95, 95}, uint64(7)) // borders on all sides
	f.Fuzz(func(t *testing.T, w, h uint8, shapes []byte, seed uint64) {
		size := image.Rect(0, 0, int(w)%80+1, int(h)%80+1)
		img := blocks(size.Dx(), size.Dy(), seed)
		hole := image.NewAlpha(size)
		for i, kind := 0, byte(0); i+4 <= len(shapes) && i < 32; i += 4 {
			s := shapes[i:]
			r := image.Rect(int(s[0])%96-8, int(s[1])%96-8, int(s[2])%96-8, int(s[3])%96-8).Intersect(size)
			kind += s[0] ^ s[3]
			for y := r.Min.Y; y < r.Max.Y; y++ {
				for x := r.Min.X; x < r.Max.X; x++ {
					if kind%3 == 0 { // transparent
						img.Pix[img.PixOffset(x, y)+3] = kind
					} else if kind%3 == 1 || (x^y)%3 == 0 {
						hole.SetAlpha(x, y, color.Alpha{A: kind | 1})
					}
				}
			}
		}
		p, err := fill.Prepare(t.Context(), img, hole, fuzzLines(shapes, seed), 0)
		if errors.Is(err, fill.ErrNothingToCopy) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for v := range 2 {
			out, err := p.Fill(t.Context(), fill.Options{Seed: int64(seed), Variant: v})
			if err != nil {
				t.Fatal(err)
			}
			check(t, img, out, hole)
		}
	})
}

// fuzzLines returns lines with the coordinates that b holds, none for every third seed: at the
// picture's scale or far outside of it, some points repeated, some lines thousands of points long.
func fuzzLines(b []byte, seed uint64) (lines [][]image.Point) {
	if seed%3 == 0 {
		return nil
	}
	var line []image.Point
	for i := 0; i+2 <= len(b); i++ {
		p := image.Pt(int(b[i])%96-8, int(b[i+1])%96-8)
		line = append(line, p)
		switch b[i] ^ b[i+1] {
		case 1:
			line = append(line, p, p)
		case 2:
			line = append(line, image.Pt(p.X<<40, -p.Y<<55))
		case 3:
			for n := range 3000 {
				line = append(line, image.Pt(n*p.X%89, n*p.Y%83))
			}
		case 4:
			lines, line = append(lines, line), nil
		}
	}
	return append(lines, line)
}

// function returns the picture of a function.
func function(w, h int, f func(x, y float64) (r, g, b float64)) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			r, g, b := f(float64(x), float64(y))
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(r), G: uint8(g), B: uint8(b), A: 255})
		}
	}
	return img
}

// difference returns the root of the mean squared difference in the hole, and the greatest one.
func difference(a, b *image.NRGBA, hole *image.Alpha) (mean, most float64) {
	n := 0.0
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			if hole.AlphaAt(x, y).A == 0 {
				continue
			}
			for c := range 3 {
				d := math.Abs(float64(a.Pix[a.PixOffset(x, y)+c]) - float64(b.Pix[b.PixOffset(x, y)+c]))
				mean += d * d
				most = max(most, d)
				n++
			}
		}
	}
	return math.Sqrt(mean / n), most
}

// Pictures whose truth follows from what is around the hole come back as they were.
func TestTruthComesBack(t *testing.T) {
	disc := func(x, y int) bool { return math.Hypot(float64(x-55), float64(y-50)) < 18 }
	right := func(x, y int) bool { return x >= 75 }
	for name, c := range map[string]struct {
		in         func(x, y int) bool
		mean, most float64
		f          func(x, y float64) (r, g, b float64)
	}{
		"tiles": {disc, 0.5, 20, func(x, y float64) (r, g, b float64) {
			if math.Mod(x, 16) < 3 || math.Mod(y, 12) < 2 {
				return 220, 215, 200
			}
			return 120, 60, 50
		}},
		"stripes": {disc, 0.5, 20, func(x, y float64) (r, g, b float64) {
			v := 120 + 100*math.Sin((x+y)*math.Pi/8)
			return v, v, 255 - v
		}},
		"gradient": {disc, 0, 0, func(x, y float64) (r, g, b float64) { return 60 + y/2, 100 + y/2, 220 - x/3 }},
		"edge": {disc, 12, 220, func(x, y float64) (r, g, b float64) {
			if y > 50+(x-55)/2 {
				return 40, 50, 40
			}
			return 180, 200, 230
		}},
		"horizon to the right": {right, 0.5, 20, func(x, y float64) (r, g, b float64) {
			if y > 45 {
				return 40, 80 + math.Mod(y, 5)*8, 50
			}
			return 140, 170, 225
		}},
		"one colour": {disc, 0, 0, func(x, y float64) (r, g, b float64) { return 9, 99, 199 }},
	} {
		truth := function(110, 100, c.f)
		hole := mask(truth.Rect, c.in)
		img := image.NewNRGBA(truth.Rect)
		copy(img.Pix, truth.Pix)
		for i, a := range hole.Pix {
			if a > 0 {
				copy(img.Pix[4*i:], []uint8{255, 0, 255, 0})
			}
		}
		out, err := fill.Fill(t.Context(), img, hole, fill.Options{Seed: 1, Variant: 1})
		if err != nil {
			t.Fatal(err)
		}
		if mean, most := difference(out, truth, hole); mean > c.mean || most > c.most {
			t.Errorf("%s: off by %.1f, at most %.0f", name, mean, most)
		}
	}
}

func TestVariantsDifferOnTexture(t *testing.T) {
	img := blocks(110, 110, 12)
	hole := mask(img.Rect, func(x, y int) bool { return math.Hypot(float64(x-55), float64(y-55)) < 20 })
	plan, err := fill.Prepare(t.Context(), img, hole, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []*image.NRGBA
	for v := range 4 {
		out, err := plan.Fill(t.Context(), fill.Options{Seed: 1, Variant: v})
		if err != nil {
			t.Fatal(err)
		}
		for i, other := range all {
			if mean, _ := difference(out, other, hole); mean < 12 {
				t.Errorf("variants %d and %d differ by %.1f", i, v, mean)
			}
		}
		all = append(all, out)
	}
}

// A hole that transparent pixels keep apart from all that is known is filled
// with what is beyond them, in a gradient as elsewhere.
func TestAcrossTransparency(t *testing.T) {
	for name, f := range map[string]func(x, y float64) (r, g, b float64){
		"gradient": func(x, y float64) (r, g, b float64) { return 60 + y/2, 100 + y/2, 220 - x/3 },
		"waves": func(x, y float64) (r, g, b float64) {
			v := 150 + 40*math.Sin((x+y)*math.Pi/8)
			return v, v, 255 - v
		},
	} {
		truth := function(140, 140, f)
		away := func(x, y int) int { return max(x-70, 70-x, y-70, 70-y) }
		hole := mask(truth.Rect, func(x, y int) bool { return away(x, y) < 24 })
		img := image.NewNRGBA(truth.Rect)
		copy(img.Pix, truth.Pix)
		for y := range 140 {
			for x := range 140 {
				if away(x, y) < 34 {
					copy(img.Pix[img.PixOffset(x, y):], []uint8{0, 0, 0, 0})
				}
			}
		}
		out, err := fill.Fill(t.Context(), img, hole, fill.Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if mean, _ := difference(out, truth, hole); mean > 2 {
			t.Errorf("%s: off by %.1f", name, mean)
		}
	}
}
