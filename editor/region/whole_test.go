package region_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/region"
)

func TestWholePlans(t *testing.T) {
	for _, c := range []struct {
		name         string
		canvas, size image.Point
		limits       region.Limits
		frame        image.Rectangle
		window       image.Rectangle
		send, ask    image.Point
	}{
		{"a photo at the largest size", image.Pt(4000, 3000), image.Point{}, free16, image.Rectangle{}, image.Rect(0, 0, 4000, 3000), image.Pt(3312, 2480), image.Pt(3312, 2480)},
		{"one to one where it fits", image.Pt(1600, 1200), image.Point{}, free16, image.Rectangle{}, image.Rect(0, 0, 1600, 1200), image.Pt(1600, 1200), image.Pt(1600, 1200)},
		{"a small one with the least pixels", image.Pt(400, 300), image.Point{}, free16, image.Rectangle{}, image.Rect(0, 0, 400, 300), image.Pt(1168, 880), image.Pt(1168, 880)},
		{"upright", image.Pt(3000, 4000), image.Point{}, free16, image.Rectangle{}, image.Rect(0, 0, 3000, 4000), image.Pt(2480, 3312), image.Pt(2480, 3312)},
		{"a size of its shape", image.Pt(1536, 1024), image.Pt(768, 512), free16, image.Rectangle{}, image.Rect(0, 0, 1536, 1024), image.Pt(768, 512), image.Pt(768, 512)},
		{"a size of another shape doesn't count", image.Pt(1536, 1024), image.Pt(1024, 1024), free16, image.Rectangle{}, image.Rect(0, 0, 1536, 1024), image.Pt(1536, 1024), image.Pt(1536, 1024)},
		{"a listed size of its shape", image.Pt(3000, 2000), image.Point{}, gptImage, image.Rectangle{}, image.Rect(0, 0, 3000, 2000), image.Pt(1536, 1024), image.Pt(1536, 1024)},
		{"no listed size of its shape", image.Pt(4000, 3000), image.Point{}, gptImage, image.Rectangle{}, image.Rect(0, 0, 4000, 3000), image.Pt(1536, 1152), image.Pt(1536, 1024)},
		{"too long for any", image.Pt(4000, 1000), image.Point{}, free16, image.Rectangle{}, image.Rect(0, 0, 4000, 1000), image.Pt(4000, 1000), image.Pt(1536, 1024)},
		{"no limits", image.Pt(900, 600), image.Point{}, region.Limits{}, image.Rectangle{}, image.Rect(0, 0, 900, 600), image.Pt(900, 600), image.Point{}},
		{"a frame", image.Pt(4000, 3000), image.Point{}, free16, image.Rect(1000, 1000, 2600, 2200), image.Rect(1000, 1000, 2600, 2200), image.Pt(1600, 1200), image.Pt(1600, 1200)},
		{"a frame over the edge", image.Pt(400, 300), image.Point{}, region.Limits{}, image.Rect(-50, 100, 300, 350), image.Rect(0, 100, 300, 300), image.Pt(300, 200), image.Point{}},
	} {
		o := region.DefaultOptions()
		o.Size, o.Window = c.size, c.frame
		p, err := region.NewWholePlan(c.canvas, c.limits, o)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		ask := c.limits.Ask(p.Window.Size(), c.size)
		if p.Window != c.window || p.Send != c.send || ask != c.ask {
			t.Errorf("%s: window %v sent at %v, asked at %v, want %v at %v, %v", c.name, p.Window, p.Send, ask, c.window, c.send, c.ask)
		}
		if m := p.Whole(c.canvas); m.Bounding() != c.window || m.Area() != float64(c.window.Dx()*c.window.Dy()) {
			t.Errorf("%s: the mask covers %v of %v", c.name, m.Area(), c.window)
		}
	}
	if _, err := region.NewWholePlan(image.Pt(9, 9), free16, region.Options{Window: image.Rect(20, 20, 30, 30)}); err == nil {
		t.Error("a frame outside the canvas")
	}
}

// TestWholePlansKeepTheirPromises tries what holds for every picture.
func TestWholePlansKeepTheirPromises(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		size := image.Pt(1+rnd.IntN(1+rnd.IntN(9000)), 1+rnd.IntN(1+rnd.IntN(9000)))
		p, err := region.NewWholePlan(size, free16, region.DefaultOptions())
		ratio := float64(max(size.X, size.Y)) / float64(min(size.X, size.Y))
		if err != nil || p.Window != (image.Rectangle{Max: size}) {
			t.Fatalf("%v: %+v, %v", size, p, err)
		}
		if ratio > free16.MaxRatio {
			continue
		}
		long, short := max(p.Send.X, p.Send.Y), min(p.Send.X, p.Send.Y)
		if p.Send.X%16 != 0 || p.Send.Y%16 != 0 || long > 3840 || long*short > 8_294_400 || long*short < 655_360 || long > 3*short {
			t.Fatalf("%v is sent at %v", size, p.Send)
		}
		if off := math.Abs(math.Log(float64(p.Send.X) * float64(size.Y) / (float64(p.Send.Y) * float64(size.X)))); off > 0.02 && ratio < 2.9 {
			t.Fatalf("%v is sent at %v: its shape is %.1f %% off", size, p.Send, 100*off)
		}
	}
}

// TestSizesOfOwnProfiles tries limits without listed sizes, whose least and most pixels
// are close together.
func TestSizesOfOwnProfiles(t *testing.T) {
	l := region.Limits{Multiple: 32, MaxRatio: 2.5, MaxSide: 1000, MinPixels: 300_000, MaxPixels: 700_000}
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 5000 {
		size := image.Pt(1+rnd.IntN(1+rnd.IntN(3000)), 1+rnd.IntN(1+rnd.IntN(3000)))
		if float64(max(size.X, size.Y)) > l.MaxRatio*float64(min(size.X, size.Y)) {
			continue
		}
		a := l.Ask(size, image.Point{})
		long, short := max(a.X, a.Y), min(a.X, a.Y)
		if a.X%32 != 0 || a.Y%32 != 0 || long > 1000 || a.X*a.Y > 700_000 || a.X*a.Y < 300_000 || float64(long) > 2.5*float64(short)+1e-9 {
			t.Fatalf("%v is asked for at %v", size, a)
		}
	}
}
