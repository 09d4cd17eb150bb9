package region_test

import (
	"image"
	"math"
	"runtime"
	"testing"
	"time"

	"overpaint/editor/region"
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
		p.Stitch(base, base.size(), m, answer, region.DefaultBlend())
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
