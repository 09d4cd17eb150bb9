package region_test

import (
	"image"
	"math"
	"runtime"
	"testing"
	"time"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/region"
)

// BenchmarkStitch lays an answer of 1024x1024, in other colours than the
// canvas, into 12 megapixels at 1:1 under a round mask: match, seam and feather at their defaults.
// x-memcpy is the time over that of copying the window's bytes out of the canvas, both at their
// best: what else the machine does is no part of either. x-picture is what
// is allocated over the bytes of the canvas.
func BenchmarkStitch(b *testing.B) { benchmarkStitch(b, 1024, 682) }

// BenchmarkStitchEnlarged is BenchmarkStitch where the window is 1536 pixels
// wide, so that the answer is resampled.
func BenchmarkStitchEnlarged(b *testing.B) { benchmarkStitch(b, 1536, 1024) }

func benchmarkStitch(b *testing.B, side, spot int) {
	base := photo(b, "flower.jpg", image.Pt(4000, 3000))
	window := image.Rect(1200, 900, 1200+side, 900+side)
	m := disc(base.size(), float64(1200+side/2), float64(900+side/2), float64(spot)/2)
	p := plan(b, m, region.Limits{}, region.Options{Grow: 4, Window: window})
	if p.Window != window {
		b.Fatalf("window %v", p.Window)
	}
	p.Send = image.Pt(1024, 1024)
	sent, _ := p.Crop(base, base.size(), m)
	answer := tinted(sent)
	copied := image.NewNRGBA(window)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	stitching, copying := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	b.ResetTimer()
	for range b.N {
		start := time.Now()
		p.Stitch(base, base.size(), m, answer, align.Motion{}, region.DefaultBlend())
		middle := time.Now()
		b.StopTimer()
		for y := window.Min.Y; y < window.Max.Y; y++ {
			copy(copied.Pix[copied.PixOffset(window.Min.X, y):], base.Pix[base.PixOffset(window.Min.X, y):][:4*side])
		}
		copying = min(copying, time.Since(middle))
		stitching = min(stitching, middle.Sub(start))
		b.StartTimer()
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(stitching)/float64(copying), "x-memcpy")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/float64(len(base.Pix)), "x-picture")
}

// BenchmarkStitchMoved finds how an answer of 1024x1024 moved and lays it in, moved
// back: all that is done with an answer. x-memcpy is as in BenchmarkStitch, x-stitch the time over that of
// the stitch alone of the same answer as it came, best-ms the best time.
func BenchmarkStitchMoved(b *testing.B) {
	base := photo(b, "flower.jpg", image.Pt(4000, 3000))
	window := image.Rect(1200, 900, 1200+1024, 900+1024)
	m := disc(base.size(), 1200+512, 900+512, 341)
	p := region.Plan{Window: window, Send: window.Size(), Grow: 4}
	sent, covered := p.Crop(base, base.size(), m)
	drift := align.Motion{
		Finding: align.Moved, Sent: p.Send, Answer: p.Send, Seen: [4]float64{0, 0, 1024, 1024},
		Affine: [6]float64{1.012, 0.003, -4, -0.003, 1.012, 7},
	}
	answer, err := drift.Apply(b.Context(), tinted(sent), p.Send, image.Rectangle{Max: p.Send})
	if err != nil {
		b.Fatal(err)
	}
	copied := image.NewNRGBA(window)
	all, stitching, copying := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for b.Loop() {
		start := time.Now()
		motion, err := align.Estimate(b.Context(), sent, covered, answer)
		if err != nil || motion.Finding != align.Moved {
			b.Fatal(motion.Finding, err)
		}
		p.Stitch(base, base.size(), m, answer, motion, region.DefaultBlend())
		all = min(all, time.Since(start))
		b.StopTimer()
		start = time.Now()
		p.Stitch(base, base.size(), m, answer, align.Motion{}, region.DefaultBlend())
		stitching = min(stitching, time.Since(start))
		start = time.Now()
		for y := window.Min.Y; y < window.Max.Y; y++ {
			copy(copied.Pix[copied.PixOffset(window.Min.X, y):], base.Pix[base.PixOffset(window.Min.X, y):][:4*1024])
		}
		copying = min(copying, time.Since(start))
		b.StartTimer()
	}
	b.ReportMetric(float64(all)/float64(copying), "x-memcpy")
	b.ReportMetric(float64(all)/float64(stitching), "x-stitch")
	b.ReportMetric(float64(all.Microseconds())/1000, "best-ms")
}
