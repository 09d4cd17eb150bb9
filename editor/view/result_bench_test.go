package view_test

import (
	"image"
	"testing"
	"time"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
	"overpaint.dev/overpaint/editor/view"
)

// BenchmarkPaintResult draws a stroke on the mask of a result of 1024x1024 over pictures of 4
// and of 67 megapixels, and makes the scene after each dab. x-picture is the ratio of the
// shortest times on the large and the small picture: 1 means that the cost does not depend on
// the picture's size. x-all is a dab's time relative to making the scene from nothing.
func BenchmarkPaintResult(b *testing.B) {
	small, large := newPainted(b, 2048), newPainted(b, 8192)
	sample := [2]time.Duration{1 << 62, 1 << 62}
	all := time.Duration(1 << 62)
	b.ResetTimer()
	for i := range b.N {
		for k, p := range []*painted{small, large} {
			sample[k] = min(sample[k], p.stroke(i))
		}
		b.StopTimer()
		start := time.Now()
		view.NewScene(small.state, small.bare)
		all = min(all, time.Since(start))
		b.StartTimer()
	}
	b.ReportMetric(float64(sample[1])/float64(sample[0]), "x-picture")
	b.ReportMetric(float64(sample[0])/float64(all), "x-all")
}

type painted struct {
	state       *document.State
	bare, scene *view.Scene
	target      document.Target
}

func newPainted(b *testing.B, side int) *painted {
	b.Helper()
	st := document.NewState(&picture.Picture{Pix: image.NewNRGBA(image.Rect(0, 0, side, side))})
	p := &painted{bare: view.NewScene(st, nil)}
	window := image.Rect(500, 500, 1524, 1524)
	answer := image.NewNRGBA(image.Rect(0, 0, 1024, 1024))
	for i := range answer.Pix {
		answer.Pix[i] = uint8(i)
	}
	v, err := document.NewVariant(nil, 0, answer, nil, nil, "")
	if err != nil {
		b.Fatal(err)
	}
	m := mask.Ellipse(st.Size, mask.Point{X: 600, Y: 600}, mask.Point{X: 1400, Y: 1400})
	e := document.Edit{Plan: region.Plan{Window: window, Send: window.Size(), Grow: 4}, Mask: m, Blend: region.DefaultBlend()}
	r := document.NewResult(st, e, []*document.Variant{v}, 0)
	p.state = st.WithResult(r)
	p.target = document.Target{Kind: document.ResultMask, Result: r.ID}
	p.scene = view.NewScene(p.state, p.bare)
	return p
}

// stroke erases along a short line and returns the shortest time of a dab.
func (p *painted) stroke(n int) time.Duration {
	m, _ := p.state.Coverage(p.target)
	s := mask.NewStroke(m, mask.Brush{Size: 64, Hardness: 0.8}, true)
	scene, best := p.scene, time.Duration(1<<62)
	for i := range 12 {
		s.Add(800+float64(n%7)*40+float64(i*16), 900+float64(i*3))
		start := time.Now()
		scene = view.NewScene(p.state.Painting(p.target, s.Mask()), scene)
		if i > 1 {
			best = min(best, time.Since(start))
		}
	}
	return best
}
