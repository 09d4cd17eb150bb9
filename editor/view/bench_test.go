package view_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/editor/view"
)

// photo12 returns a state of 4000x3000 opaque pixels without runs or regular patterns, half
// of it covered by a soft round mask.
func photo12() *document.State {
	const w, h = 4000, 3000
	rng := rand.New(rand.NewPCG(5, 6))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(img.Pix); i += 4 {
		v := rng.Uint32()
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = uint8(v), uint8(v>>8), uint8(v>>16), 255
	}
	a := image.NewAlpha(img.Rect)
	for y := range h {
		for x := range w {
			d := math.Hypot(float64(x-w/2), float64(y-h/2))
			a.Pix[y*a.Stride+x] = uint8(255 * max(0, min(1, (1400-d)/100)))
		}
	}
	st := document.NewState(&picture.Picture{Pix: img})
	return st.WithMask(mask.FromAlpha(a, image.Pt(w, h)))
}

// overview returns a view of 1920x1080 of photo12 at 37%, with the mask's tint.
func overview() (*view.Compositor, view.Transform) {
	c := view.NewCompositor()
	c.SetSize(image.Pt(1920, 1080))
	c.SetState(photo12())
	t := view.Centred(image.Pt(4000, 3000), image.Pt(1920, 1080), 0.37)
	c.SetTransform(t)
	c.Render()
	return c, t
}

// BenchmarkPanEdge draws a whole overview with a line along the mask's edge.
func BenchmarkPanEdge(b *testing.B) {
	c, t := overview()
	style := c.Style()
	style.Edge = true
	c.SetStyle(style)
	perMemcpy(b, len(c.Image().Pix), func(i int) {
		c.SetTransform(t.Pan(0.25*float64(i&1)+0.25, 0))
		c.Render()
	})
}

// BenchmarkPan draws a whole overview.
func BenchmarkPan(b *testing.B) {
	c, t := overview()
	perMemcpy(b, len(c.Image().Pix), func(i int) {
		// By a fraction of a pixel, so that nothing can be scrolled.
		c.SetTransform(t.Pan(0.25*float64(i&1)+0.25, 0))
		c.Render()
	})
}

// BenchmarkScroll pans an overview by whole pixels.
func BenchmarkScroll(b *testing.B) {
	c, t := overview()
	perMemcpy(b, len(c.Image().Pix), func(i int) {
		c.SetTransform(t.Pan(7*float64(1+i&1), 5*float64(1+i&1)))
		c.Render()
	})
}

// BenchmarkCoarse draws a whole overview coarsely.
func BenchmarkCoarse(b *testing.B) {
	c, t := overview()
	perMemcpy(b, len(c.Image().Pix), func(i int) {
		c.SetTransform(t.Pan(0.25*float64(i&1)+0.25, 0))
		c.RenderCoarse()
	})
}

// BenchmarkStrokeFrame takes one pointer event of a 64 px brush to finished
// pixels, in a view of 1280x800 at 100% of 12 megapixels.
func BenchmarkStrokeFrame(b *testing.B) {
	st := photo12()
	c := view.NewCompositor()
	c.SetSize(image.Pt(1280, 800))
	c.SetState(st)
	c.SetTransform(view.Centred(st.Size, image.Pt(1280, 800), 1))
	c.Render()
	settings := tool.Settings{Brush: mask.Brush{Size: 64, Hardness: 0.8}}
	brush := tool.New("brush")
	var gesture tool.Gesture
	times := make([]time.Duration, 0, b.N)
	b.ResetTimer()
	for i := range b.N {
		// A spiral of 120 events a stroke, 20 pixels apart: a fast hand.
		angle := float64(i%120) * 0.1
		p := tool.Pointer{X: 2000 + 20/0.1*math.Cos(angle), Y: 1500 + 20/0.1*math.Sin(angle)}
		start := time.Now()
		if i%120 == 0 {
			gesture = brush.Begin(settings, st.Mask, st.Pixels, p)
		}
		dirty := gesture.Move(p)
		c.SetMask(gesture.Preview(), dirty)
		c.Render()
		times = append(times, time.Since(start))
	}
	b.StopTimer()
	slices.Sort(times)
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1e3/float64(b.N), "ms/op")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1e3, "p99-ms")
}

// BenchmarkOpenJPEG opens a 12 megapixel JPEG file up to the first fitted view of 1280x800:
// decoding, the document, its scene with the pyramid, the compositor. It is compared with
// the time of image/jpeg's decoding.
func BenchmarkOpenJPEG(b *testing.B) {
	small, err := picture.Open(filepath.Join("..", "..", "assets", "photos", "flower.jpg"), picture.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	var file bytes.Buffer
	large := picture.Resize(small.Pix, image.Pt(4000, 3000))
	if err := jpeg.Encode(&file, large, &jpeg.Options{Quality: 90}); err != nil {
		b.Fatal(err)
	}
	x := ratio(b, func(int) {
		p, err := picture.Decode(file.Bytes(), picture.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		c := view.NewCompositor()
		c.SetSize(image.Pt(1280, 800))
		c.SetState(document.NewState(p))
		c.SetTransform(view.Fit(p.Size(), image.Pt(1280, 800), 0, 1))
		c.Render()
	}, func() {
		if _, err := jpeg.Decode(bytes.NewReader(file.Bytes())); err != nil {
			b.Fatal(err)
		}
	})
	b.ReportMetric(x, "x-decode")
}

// perMemcpy reports how many times longer than a copy of n bytes f takes.
func perMemcpy(b *testing.B, n int, f func(i int)) {
	src, dst := make([]byte, n), make([]byte, n)
	for i := range src { // otherwise all pages would be mapped to one of zeros
		src[i] = byte(i >> 3)
	}
	copy(dst, src)
	b.ReportMetric(ratio(b, f, func() { copy(dst, src) }), "x-memcpy")
}

// ratio runs ours and theirs in turn b.N times and returns the ratio of their shortest times,
// which other load on the machine affects least.
func ratio(b *testing.B, ours func(i int), theirs func()) float64 {
	o, t := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		ours(i)
		o = min(o, time.Since(start))
		b.StopTimer()
		start = time.Now()
		theirs()
		t = min(t, time.Since(start))
		b.StartTimer()
	}
	return o.Seconds() / t.Seconds()
}
