package region_test

import (
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

var gptImage = region.Limits{Sizes: []image.Point{{X: 1024, Y: 1024}, {X: 1536, Y: 1024}, {X: 1024, Y: 1536}}}

var free16 = region.Limits{
	Sizes:    []image.Point{{X: 1024, Y: 1024}, {X: 1536, Y: 1024}, {X: 1024, Y: 1536}},
	Multiple: 16, MaxRatio: 3, MaxSide: 3840, MinPixels: 655360, MaxPixels: 8294400,
}

func TestPlans(t *testing.T) {
	for _, c := range []struct {
		name   string
		canvas image.Point
		mask   image.Rectangle
		limits region.Limits
		change func(*region.Options)
		window image.Rectangle
		send   image.Point
	}{
		{
			"one and a half times the mask", image.Pt(4000, 3000), image.Rect(2000, 1500, 2480, 1600), classic, nil,
			image.Rect(1880, 1190, 2600, 1910), image.Pt(1024, 1024),
		},
		{
			"no limits: one to one", image.Pt(4000, 3000), image.Rect(2000, 1500, 2480, 1600),
			region.Limits{},
			nil,
			image.Rect(1880, 1190, 2600, 1910), image.Pt(720, 720),
		},
		{
			"at least 512", image.Pt(4000, 3000), image.Rect(2000, 1500, 2020, 1520), classic, nil,
			image.Rect(1754, 1254, 2266, 1766), image.Pt(1024, 1024),
		},
		{
			"moved inside at a corner", image.Pt(4000, 3000), image.Rect(3990, 0, 4000, 20), classic, nil,
			image.Rect(3488, 0, 4000, 512), image.Pt(1024, 1024),
		},
		{
			"less context before reaching over", image.Pt(1200, 800), image.Rect(300, 100, 900, 700), classic, nil,
			image.Rect(200, 0, 1000, 800), image.Pt(1024, 1024),
		},
		{
			"the sample: all of it", image.Pt(500, 500), image.Rect(200, 200, 300, 300), classic, nil,
			image.Rect(0, 0, 500, 500), image.Pt(1024, 1024),
		},
		{
			"a small picture is mirrored to a square", image.Pt(300, 200), image.Rect(100, 50, 150, 150), classic, nil,
			image.Rect(0, -50, 300, 250), image.Pt(1024, 1024),
		},
		{
			"a low picture reaches over just as far as it must", image.Pt(2000, 400), image.Rect(900, 100, 1000, 200), classic, nil,
			image.Rect(694, -56, 1206, 456), image.Pt(1024, 1024),
		},
		{
			"the whole canvas masked", image.Pt(900, 600), image.Rect(0, 0, 900, 600), classic, nil,
			image.Rect(0, -150, 900, 750), image.Pt(1024, 1024),
		},
		{
			"the whole canvas masked, no limits", image.Pt(900, 600), image.Rect(0, 0, 900, 600),
			region.Limits{},
			nil,
			image.Rect(0, 0, 900, 600), image.Pt(900, 600),
		},
		{
			"a wide mask takes the wide shape", image.Pt(4000, 3000), image.Rect(1000, 1000, 2000, 1200), gptImage, nil,
			image.Rect(750, 600, 2250, 1600), image.Pt(1536, 1024),
		},
		{
			"a small mask takes the square", image.Pt(4000, 3000), image.Rect(1000, 1000, 1300, 1100), gptImage, nil,
			image.Rect(894, 794, 1406, 1306), image.Pt(1024, 1024),
		},
		{
			"multiples: one to one above the smallest size", image.Pt(4000, 3000), image.Rect(1000, 1000, 1900, 1900), free16, nil,
			image.Rect(770, 770, 2130, 2130), image.Pt(1360, 1360),
		},
		{
			"multiples: no fewer pixels than the smallest size", image.Pt(4000, 3000), image.Rect(1000, 1000, 1300, 1100), free16, nil,
			image.Rect(894, 794, 1406, 1306), image.Pt(1024, 1024),
		},
		{
			"a size asked for", image.Pt(4000, 3000), image.Rect(2000, 1500, 2020, 1520), classic,
			func(o *region.Options) { o.Size = image.Pt(512, 512) }, image.Rect(1754, 1254, 2266, 1766), image.Pt(512, 512),
		},
		{
			"a drawn window as it is", image.Pt(4000, 3000), image.Rect(2000, 1500, 2020, 1520), classic,
			func(o *region.Options) { o.Window = image.Rect(1900, 1400, 2200, 1700) }, image.Rect(1900, 1400, 2200, 1700), image.Pt(1024, 1024),
		},
		{
			"a drawn window made square", image.Pt(4000, 3000), image.Rect(2000, 1500, 2020, 1520), classic,
			func(o *region.Options) { o.Window = image.Rect(1900, 1400, 2300, 1600) }, image.Rect(1900, 1300, 2300, 1700), image.Pt(1024, 1024),
		},
		{
			"a drawn window made to hold the mask", image.Pt(4000, 3000), image.Rect(2000, 1500, 2100, 1600),
			region.Limits{},
			func(o *region.Options) { o.Window = image.Rect(2050, 1400, 2300, 1700) }, image.Rect(1996, 1400, 2300, 1700), image.Pt(304, 300),
		},
		{
			"a drawn window cut at the edge", image.Pt(400, 300), image.Rect(200, 150, 210, 160),
			region.Limits{},
			func(o *region.Options) { o.Window = image.Rect(-50, 100, 300, 350) }, image.Rect(0, 50, 350, 300), image.Pt(350, 250),
		},
	} {
		o := region.DefaultOptions()
		if c.change != nil {
			c.change(&o)
		}
		p := plan(t, rectangle(c.canvas, c.mask), c.limits, o)
		if p.Window != c.window || p.Send != c.send || p.Grow != 4 {
			t.Errorf("%s: window %v sent at %v, want %v at %v", c.name, p.Window, p.Send, c.window, c.send)
		}
	}
	if _, err := region.NewPlan(mask.New(10, 10), classic, region.DefaultOptions()); !errors.Is(err, region.ErrEmptyMask) {
		t.Errorf("an empty mask: %v", err)
	}
}

// TestPlansKeepTheirPromises tries what holds for every plan on random masks, limits and windows.
func TestPlansKeepTheirPromises(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	limits := map[string]region.Limits{"none": {}, "square": {Square: true}, "classic": classic, "gpt-image": gptImage, "free": free16}
	for range 400 {
		canvas := image.Pt(1+rnd.IntN(1+rnd.IntN(3000)), 1+rnd.IntN(1+rnd.IntN(3000)))
		x, y := rnd.IntN(canvas.X), rnd.IntN(canvas.Y)
		box := image.Rect(x, y, x+1+rnd.IntN(canvas.X-x), y+1+rnd.IntN(canvas.Y-y))
		m := rectangle(canvas, box)
		for name, l := range limits {
			o := region.DefaultOptions()
			if rnd.IntN(3) == 0 {
				at := image.Pt(rnd.IntN(canvas.X), rnd.IntN(canvas.Y))
				o.Window = image.Rectangle{Min: at, Max: at.Add(image.Pt(1+rnd.IntN(canvas.X), 1+rnd.IntN(canvas.Y)))}
			}
			p := plan(t, m, l, o)
			all := image.Rectangle{Max: canvas}
			say := func(what string) {
				t.Helper()
				t.Errorf("%s: canvas %v, mask %v, drawn %v: window %v at %v %s", name, canvas, box, o.Window, p.Window, p.Send, what)
			}
			if !box.In(p.Window) {
				say("cuts the mask")
			}
			w, s := p.Window.Size(), p.Send
			if w.X > canvas.X && p.Window.Min.X > 0 || w.Y > canvas.Y && p.Window.Min.Y > 0 ||
				w.X <= canvas.X && (p.Window.Min.X < 0 || p.Window.Max.X > canvas.X) || w.Y <= canvas.Y && (p.Window.Min.Y < 0 || p.Window.Max.Y > canvas.Y) {
				say("is not moved inside the canvas")
			}
			if name == "none" && (!p.Window.In(all) || s != w) {
				say("is not one to one inside the canvas")
			}
			if l.Square && (w.X != w.Y || s.X != s.Y) {
				say("is not square")
			}
			// The shapes of the window and of what is sent agree within the rounding of a side.
			if d := math.Abs(float64(w.X)*float64(s.Y) - float64(w.Y)*float64(s.X)); d > float64(max(s.X, s.Y)) {
				say("is distorted")
			}
			if o.Window.Empty() && l.Square {
				if longest := max(box.Dx(), box.Dy()); w.X > max(512, longest*3/2+1) {
					say("is larger than it was to be")
				}
				if !p.Window.In(all) && min(canvas.X, canvas.Y) >= max(512, max(box.Dx(), box.Dy())+max(64, max(box.Dx(), box.Dy())/4)) {
					say("reaches over the edge of a canvas that is large enough")
				}
			}
			if l.Multiple > 0 && (s.X%16 != 0 || s.Y%16 != 0 || max(s.X, s.Y) > 3840 || min(s.X, s.Y) > 2160 || float64(max(s.X, s.Y)) > 3*float64(min(s.X, s.Y))) {
				say("is of no allowed size")
			}
		}
	}
}

func TestCropMirrorsAndProtectsTheBorder(t *testing.T) {
	base := noise(300, 200, 1)
	m := rectangle(base.size(), image.Rect(100, 0, 150, 150))
	p := region.Plan{Window: image.Rect(-10, -50, 310, 250), Send: image.Pt(320, 300), Grow: 4}
	img, grown := p.Crop(base, base.size(), m)
	if img.Rect != image.Rect(0, 0, 320, 300) || grown.Rect != img.Rect {
		t.Fatalf("bounds %v and %v", img.Rect, grown.Rect)
	}
	for y := range 300 {
		for x := range 320 {
			cx, cy := x-10, y-50
			in := image.Pt(cx, cy).In(base.Rect)
			mirrored := image.Pt(cx, cy)
			if cx < 0 {
				mirrored.X = -1 - cx
			} else if cx >= 300 {
				mirrored.X = 599 - cx
			}
			if cy < 0 {
				mirrored.Y = -1 - cy
			} else if cy >= 200 {
				mirrored.Y = 399 - cy
			}
			if img.NRGBAAt(x, y) != base.NRGBAAt(mirrored.X, mirrored.Y) {
				t.Fatalf("sent pixel %d,%d is not the canvas's %v", x, y, mirrored)
			}
			dx, dy := max(100-cx, 0, cx-149), max(0, cy-149)
			want := uint8(0)
			if in && dx*dx+dy*dy <= 16 {
				want = 255
			}
			if grown.AlphaAt(x, y).A != want {
				t.Fatalf("sent mask at %d,%d = %d, want %d", x, y, grown.AlphaAt(x, y).A, want)
			}
		}
	}
}
