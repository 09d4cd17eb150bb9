package align_test

import (
	"context"
	"image"
	"math"
	"testing"
	"time"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/align/aligntest"
)

// BenchmarkAlign finds the motion of an answer of 1024x1024 with a mask over a fifth of it. x-bilinear is
// its time over that of one plain bilinear resampling of the picture on one processor, both at
// their best.
func BenchmarkAlign(b *testing.B) {
	for _, c := range []struct {
		name  string
		drift aligntest.Drift
	}{
		{"still", aligntest.Drift{Gain: 1.03, Noise: 2}},
		{"small", aligntest.Drift{X: 5.3, Y: -3.1, Zoom: 0.012, Gain: 1.03, Noise: 2}},
		{"large", aligntest.Drift{X: 60, Y: -50, Zoom: -0.06, Turn: 2.5, Gain: 1.03, Noise: 2, Replaced: 0.5}},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := scene(b, "flower.jpg", image.Pt(200, 100), image.Pt(1024, 1024), 1.38)
			sent, covered, answer := s.Sent(), disc(s.Size, 0.5, 0.5, 0.25), s.Answer(c.drift)
			aligning, resampling := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
			for b.Loop() {
				start := time.Now()
				if _, err := align.Estimate(context.Background(), sent, covered, answer); err != nil {
					b.Fatal(err)
				}
				aligning = min(aligning, time.Since(start))
				b.StopTimer()
				start = time.Now()
				bilinear(answer)
				resampling = min(resampling, time.Since(start))
				b.StartTimer()
			}
			b.ReportMetric(float64(aligning)/float64(resampling), "x-bilinear")
			b.ReportMetric(float64(aligning.Microseconds())/1000, "best-ms")
		})
	}
}

// BenchmarkApply moves an answer of 1024x1024 back; x-bilinear as in BenchmarkAlign.
func BenchmarkApply(b *testing.B) {
	for _, c := range []struct {
		name  string
		drift aligntest.Drift
	}{
		{"affine", aligntest.Drift{X: 5.3, Y: -3.1, Zoom: 0.012}},
		{"field", aligntest.Drift{X: 5.3, Y: -3.1, Bend: 1}},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := scene(b, "flower.jpg", image.Pt(200, 100), image.Pt(1024, 1024), 1.38)
			answer := s.Answer(c.drift)
			m, err := align.Estimate(context.Background(), s.Sent(), nil, answer)
			if err != nil || (m.Field != nil) != (c.name == "field") {
				b.Fatal(m.Finding, m.Field != nil, err)
			}
			moving, resampling := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
			for b.Loop() {
				start := time.Now()
				if _, err := m.Apply(context.Background(), answer, s.Size, image.Rectangle{Max: s.Size}); err != nil {
					b.Fatal(err)
				}
				moving = min(moving, time.Since(start))
				b.StopTimer()
				start = time.Now()
				bilinear(answer)
				resampling = min(resampling, time.Since(start))
				b.StartTimer()
			}
			b.ReportMetric(float64(moving)/float64(resampling), "x-bilinear")
			b.ReportMetric(float64(moving.Microseconds())/1000, "best-ms")
		})
	}
}

// bilinear is one plain resampling of a picture, moved by a third of a pixel.
func bilinear(img *image.NRGBA) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	const fx, fy = float32(0.33), float32(0.4)
	for y := range h - 1 {
		for x := range w - 1 {
			i := y*img.Stride + 4*x
			for ch := range 4 {
				a, b := float32(img.Pix[i+ch]), float32(img.Pix[i+4+ch])
				c, d := float32(img.Pix[i+img.Stride+ch]), float32(img.Pix[i+img.Stride+4+ch])
				top := a + fx*(b-a)
				out.Pix[i+ch] = uint8(top + fy*(c+fx*(d-c)-top) + 0.5)
			}
		}
	}
	return out
}
