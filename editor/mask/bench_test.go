package mask_test

import (
	"image"
	"io"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"overpaint.dev/overpaint/editor/mask"
)

// best runs do b.N times and returns the time that it took at its best: what
// else the machine does is no part of it.
func best(b *testing.B, do func()) time.Duration {
	took := time.Duration(math.MaxInt64)
	for b.Loop() {
		start := time.Now()
		do()
		took = min(took, time.Since(start))
	}
	return took
}

// perMemcpy reports the time of an operation over that of copying a mask's
// bytes, size after size at the given places, between planes as large as the
// mask. The copies' time is the best of several rounds.
func perMemcpy(b *testing.B, took time.Duration, plane, size image.Point, at []image.Point) {
	b.Helper()
	src, dst := make([]byte, plane.X*plane.Y), make([]byte, plane.X*plane.Y)
	for i := range src { // or all of it would be one page of zeros
		src[i] = byte(i >> 3)
	}
	copying := time.Duration(math.MaxInt64)
	for range 5 {
		start := time.Now()
		for _, p := range at {
			for y := p.Y; y < p.Y+size.Y; y++ {
				i := y*plane.X + p.X
				copy(dst[i:i+size.X], src[i:i+size.X])
			}
		}
		copying = min(copying, time.Since(start)/time.Duration(len(at)))
	}
	b.ReportMetric(float64(took)/float64(copying), "x-memcpy")
}

// BenchmarkDab sets down soft dabs of 200 pixels all over a mask of 8192x8192,
// at positions within a pixel that differ.
func BenchmarkDab(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	brush := mask.Brush{Size: 200}
	at := make([]mask.Point, 256)
	for i := range at {
		at[i] = mask.Point{X: 1000 + 6000*rng.Float64(), Y: 1000 + 6000*rng.Float64()}
	}
	e := mask.New(8192, 8192).Edit()
	for _, p := range at {
		e.Dab(brush, p.X, p.Y)
	}
	i := 0
	for b.Loop() {
		e.Dab(brush, at[i%256].X, at[i%256].Y)
		i++
	}
	places := make([]image.Point, len(at))
	for i, p := range at {
		places[i] = image.Pt(int(p.X)-100, int(p.Y)-100)
	}
	perMemcpy(b, b.Elapsed()/time.Duration(b.N), image.Pt(8192, 8192), image.Pt(200, 200), places)
}

// BenchmarkStroke draws a wave of 2000 pixels with a brush of 200 on a mask of
// 8192x8192, sample by sample as the pointer would, with a preview after each.
func BenchmarkStroke(b *testing.B) {
	for _, hardness := range []struct {
		name  string
		value float64
	}{{"soft", 0}, {"default", 0.8}, {"hard", 1}} {
		b.Run(hardness.name, func(b *testing.B) {
			base := mask.New(8192, 8192)
			brush := mask.Brush{Size: 200, Hardness: hardness.value}
			dabs := 0
			for b.Loop() {
				s := mask.NewStroke(base, brush, false)
				length, last := 0.0, mask.Point{X: 3000, Y: 4000}
				for x := 0.0; length < 2000; x += 24 {
					p := mask.Point{X: math.Round(3000 + x), Y: math.Round(4000 + 150*math.Sin(x/120))}
					length += math.Hypot(p.X-last.X, p.Y-last.Y)
					last = p
					s.Add(p.X, p.Y)
					if s.Mask().Empty() {
						b.Fatal("nothing painted")
					}
				}
				dabs += int(length/brush.Spacing()) + 1
			}
			b.ReportMetric(float64(dabs)/b.Elapsed().Seconds(), "dabs/s")
			b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(dabs), "us/dab")
		})
	}
}

// BenchmarkFeather softens a mask of 12 megapixels by 32 pixels: one shape over
// much of it, and rings so close that no part of it is plain.
func BenchmarkFeather(b *testing.B) {
	size := image.Pt(4000, 3000)
	shape := mask.Ellipse(size, mask.Point{X: 500, Y: 400}, mask.Point{X: 3500, Y: 2600})
	rings := mask.New(size.X, size.Y)
	for r := 20.0; r < 2600; r += 20 {
		rings = mask.Subtract(mask.Ellipse(size, mask.Point{X: 2000 - r, Y: 1500 - r}, mask.Point{X: 2000 + r, Y: 1500 + r}), rings)
	}
	for _, c := range []struct {
		name string
		m    *mask.Mask
	}{{"shape", shape}, {"rings", rings}} {
		b.Run(c.name, func(b *testing.B) {
			perMemcpy(b, best(b, func() { c.m.Feather(32) }), size, size, []image.Point{{}})
		})
	}
}

// BenchmarkWand takes half of a grainy picture of 12 megapixels whose edge winds
// through it. x-memcpy is over a copy of the mask, a quarter of the picture's bytes.
func BenchmarkWand(b *testing.B) {
	size := image.Pt(4000, 3000)
	img := image.NewNRGBA(image.Rectangle{Max: size})
	rng := rand.New(rand.NewPCG(2, 2))
	for y := range size.Y {
		for x := range size.X {
			v := uint8(60)
			if float64(x) > 2000+700*math.Sin(float64(y)/90)+200*math.Sin(float64(y)/17) {
				v = 190
			}
			n := uint8(rng.Uint32() & 15)
			copy(img.Pix[img.PixOffset(x, y):], []uint8{v + n, v - n, v, 255})
		}
	}
	pixels := func(r image.Rectangle) *image.NRGBA { return img }
	for _, c := range []struct {
		name       string
		contiguous bool
	}{{"whole", false}, {"contiguous", true}} {
		b.Run(c.name, func(b *testing.B) {
			var m *mask.Mask
			perMemcpy(b, best(b, func() {
				m = mask.Wand(size, pixels, image.Pt(300, 300), mask.WandOptions{Tolerance: 40, Contiguous: c.contiguous})
			}), size, size, []image.Point{{}})
			b.ReportMetric(100*m.Area()/float64(size.X*size.Y), "%selected")
		})
	}
}

// BenchmarkWhole runs the operations on whole masks on one of 12 megapixels with
// a few painted strokes and a large ellipse.
func BenchmarkWhole(b *testing.B) {
	size := image.Pt(4000, 3000)
	m := mask.Ellipse(size, mask.Point{X: 500, Y: 400}, mask.Point{X: 2500, Y: 2600})
	s := mask.NewStroke(m, mask.Brush{Size: 150, Hardness: 0.5}, false)
	for _, p := range []mask.Point{{X: 2300, Y: 300}, {X: 3200, Y: 900}, {X: 2600, Y: 1800}, {X: 3800, Y: 2800}} {
		s.Add(p.X, p.Y)
	}
	m = s.Mask()
	for _, c := range []struct {
		name string
		do   func()
	}{
		{"grow4", func() { m.Grow(4) }},
		{"grow50", func() { m.Grow(50) }},
		{"grow300", func() { m.Grow(300) }},
		{"shrink20", func() { m.Shrink(20) }},
		{"feather3", func() { m.Feather(3) }},
		{"feather12", func() { m.Feather(12) }},
		{"feather200", func() { m.Feather(200) }},
		{"fillholes", func() { m.FillHoles() }},
		{"invert", func() { m.Invert() }},
		{"png", func() { m.EncodePNG(io.Discard) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			perMemcpy(b, best(b, c.do), size, size, []image.Point{{}})
		})
	}
}
