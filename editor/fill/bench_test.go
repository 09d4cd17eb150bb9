package fill_test

import (
	"image"
	_ "image/jpeg" // the photo
	"math"
	"os"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"golang.org/x/image/draw"

	"overpaint.dev/overpaint/editor/fill"
)

// photo returns the flower photo at the given size and a round hole over a share of it.
func photo(b *testing.B, w, h int, share float64) (*image.NRGBA, *image.Alpha) {
	f, err := os.Open("../../assets/photos/flower.jpg")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	src, _, err := image.Decode(f)
	if err != nil {
		b.Fatal(err)
	}
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	from := src.Bounds()
	if from.Dx()*h > from.Dy()*w {
		from.Max.X = from.Min.X + from.Dy()*w/h
	} else {
		from.Max.Y = from.Min.Y + from.Dx()*h/w
	}
	draw.CatmullRom.Scale(img, img.Rect, src, from, draw.Src, nil)
	r := math.Sqrt(share * float64(w*h) / math.Pi)
	return img, mask(img.Rect, func(x, y int) bool { return math.Hypot(float64(x-w/2), float64(y-h/2)) <= r })
}

// peak returns the most megabytes in use by the heap while do ran.
func peak(do func()) float64 {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	done := make(chan struct{})
	var most uint64
	var wg sync.WaitGroup
	wg.Go(func() {
		for tick := time.NewTicker(2 * time.Millisecond); ; {
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64())
			select {
			case <-done:
				tick.Stop()
				return
			case <-tick.C:
			}
		}
	})
	do()
	close(done)
	wg.Wait()
	return float64(most) / 1e6
}

// pixels returns how many pixels a hole has.
func pixels(hole *image.Alpha) (n float64) {
	for _, v := range hole.Pix {
		if v > 0 {
			n++
		}
	}
	return n
}

// bench fills a hole over a share of a picture variants times per iteration. x-memcpy is the time
// over that of copying the picture's bytes once for each of the variants; B/hole-px is the
// most memory in use, the picture's included, for each pixel of the hole.
func bench(b *testing.B, w, h int, share float64, variants int) {
	img, hole := photo(b, w, h, share)
	work := func() {
		plan, err := fill.Prepare(b.Context(), img, hole, nil, 0)
		if err != nil {
			b.Fatal(err)
		}
		for v := range variants {
			if _, err := plan.Fill(b.Context(), fill.Options{Seed: 1, Variant: v}); err != nil {
				b.Fatal(err)
			}
		}
	}
	megabytes := peak(work)
	for b.Loop() {
		work()
	}
	seconds := b.Elapsed().Seconds() / float64(b.N)
	to := make([]byte, len(img.Pix))
	start := time.Now()
	const copies = 20
	for range copies {
		copy(to, img.Pix)
	}
	once := time.Since(start).Seconds() / copies
	b.ReportMetric(seconds, "s/op")
	b.ReportMetric(megabytes, "peak-MB")
	b.ReportMetric(megabytes*1e6/pixels(hole), "B/hole-px")
	b.ReportMetric(seconds/once/float64(variants), "x-memcpy")
}

func BenchmarkFill1MP(b *testing.B)       { bench(b, 1024, 1024, 0.1, 1) }
func BenchmarkFillVariants4(b *testing.B) { bench(b, 1024, 1024, 0.1, 4) }
func BenchmarkFill12MP(b *testing.B)      { bench(b, 4243, 2828, 0.1, 1) }
func BenchmarkFillLargeHole(b *testing.B) { bench(b, 2121, 1414, 0.4, 1) }
