package view_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/view"
)

func TestZoomKeepsWhatIsUnderThePointer(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	tr := view.Transform{Scale: 1, X: 12, Y: 34}
	for range 2000 {
		dx, dy := rng.Float64()*2000, rng.Float64()*1000
		x, y := tr.ToCanvas(dx, dy)
		tr = tr.ZoomAbout(dx, dy, math.Exp(rng.Float64()*2-1))
		if tr.Scale < view.MinScale || tr.Scale > view.MaxScale {
			t.Fatalf("scale is %v", tr.Scale)
		}
		if ax, ay := tr.ToDevice(x, y); math.Hypot(ax-dx, ay-dy) > 1e-6 {
			t.Fatalf("%v,%v has moved to %v,%v", dx, dy, ax, ay)
		}
		tr = tr.Clamp(image.Pt(4000, 3000), image.Pt(2000, 1000), 40)
	}
}

func TestFitShowsAllInTheMiddle(t *testing.T) {
	for _, c := range []struct {
		canvas, window image.Point
		scale          float64
	}{
		{image.Pt(4000, 3000), image.Pt(1008, 1008), 0.25},
		{image.Pt(3000, 4000), image.Pt(1008, 1008), 0.25},
		{image.Pt(100, 50), image.Pt(1008, 508), 1},         // not enlarged
		{image.Pt(200000, 10), image.Pt(1008, 508), 0.02},   // never below the least
		{image.Pt(0, 0), image.Pt(100, 100), 1},             // an empty canvas
		{image.Pt(4000, 3000), image.Pt(5, 5), 0.02},        // a tiny view
		{image.Pt(2000, 1000), image.Pt(1008, 20000), 0.5},  // narrow
		{image.Pt(2000, 1000), image.Pt(20000, 508), 0.5},   // low
		{image.Pt(1000, 1000), image.Pt(1007, 1007), 0.999}, // just not 1:1
	} {
		tr := view.Fit(c.canvas, c.window, 4, 1)
		if math.Abs(tr.Scale-c.scale) > 1e-9 {
			t.Errorf("%v in %v: scale is %v, want %v", c.canvas, c.window, tr.Scale, c.scale)
		}
		if c.canvas.X == 0 {
			continue
		}
		x, y := tr.ToDevice(float64(c.canvas.X)/2, float64(c.canvas.Y)/2)
		if math.Abs(x-float64(c.window.X)/2) > 0.5 || math.Abs(y-float64(c.window.Y)/2) > 0.5 {
			t.Errorf("%v in %v: middle is at %v,%v", c.canvas, c.window, x, y)
		}
	}
}

func TestClampNeverLosesThePicture(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range 5000 {
		canvas := image.Pt(1+rng.IntN(5000), 1+rng.IntN(5000))
		window := image.Pt(1+rng.IntN(2000), 1+rng.IntN(2000))
		tr := view.Transform{Scale: math.Exp(rng.Float64()*12 - 6), X: rng.NormFloat64() * 1e5, Y: rng.NormFloat64() * 1e5}
		tr = tr.Clamp(canvas, window, 40)
		x0, y0 := tr.ToDevice(0, 0)
		x1, y1 := tr.ToDevice(float64(canvas.X), float64(canvas.Y))
		seenX := min(x1, float64(window.X)) - max(x0, 0)
		seenY := min(y1, float64(window.Y)) - max(y0, 0)
		if needX := min(40, x1-x0, float64(window.X)); seenX < needX-1e-6 {
			t.Fatalf("%v of %v in %v: %v pixels seen across", tr, canvas, window, seenX)
		}
		if needY := min(40, y1-y0, float64(window.Y)); seenY < needY-1e-6 {
			t.Fatalf("%v of %v in %v: %v pixels seen down", tr, canvas, window, seenY)
		}
		if again := tr.Clamp(canvas, window, 40); again != tr {
			t.Fatalf("clamped twice: %v, then %v", tr, again)
		}
	}
}

func TestDeviceRectCovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	for range 1000 {
		tr := view.Transform{Scale: math.Exp(rng.Float64()*7 - 3.5), X: rng.NormFloat64() * 100, Y: rng.NormFloat64() * 100}
		r := image.Rect(rng.IntN(100), rng.IntN(100), 101+rng.IntN(100), 101+rng.IntN(100))
		x0, y0 := tr.ToDevice(float64(r.Min.X), float64(r.Min.Y))
		x1, y1 := tr.ToDevice(float64(r.Max.X), float64(r.Max.Y))
		d := tr.DeviceRect(r)
		spare := [4]float64{x0 - float64(d.Min.X), y0 - float64(d.Min.Y), float64(d.Max.X) - x1, float64(d.Max.Y) - y1}
		for _, s := range spare {
			if s < 0 || s >= 1 {
				t.Fatalf("%v of %v is %v: %v pixels to spare", tr, r, d, spare)
			}
		}
	}
}

func TestStepsGoThroughTheUsualScales(t *testing.T) {
	up, down := float64(view.MinScale), float64(view.MaxScale)
	through := func(s float64) bool { return s == 0.25 || s == 0.5 || s == 1 || s == 2 }
	seenUp, seenDown := 0, 0
	for range 60 {
		if next := view.StepIn(up); next < up {
			t.Fatalf("in from %v to %v", up, next)
		} else {
			up = next
		}
		if next := view.StepOut(down); next > down {
			t.Fatalf("out from %v to %v", down, next)
		} else {
			down = next
		}
		if through(up) {
			seenUp++
		}
		if through(down) {
			seenDown++
		}
	}
	if up != view.MaxScale || down != view.MinScale || seenUp != 4 || seenDown != 4 {
		t.Fatalf("ended at %v and %v, through %d and %d usual scales", up, down, seenUp, seenDown)
	}
}

// TestRescaledShowsTheSamePart moves a window to a denser screen.
func TestRescaledShowsTheSamePart(t *testing.T) {
	tr := view.Transform{Scale: 0.4, X: -33, Y: 21}
	x, y := tr.ToCanvas(500, 300)
	if ax, ay := tr.Rescaled(1.5).ToDevice(x, y); math.Abs(ax-750) > 1e-9 || math.Abs(ay-450) > 1e-9 {
		t.Fatalf("500,300 is at %v,%v", ax, ay)
	}
	old, now := image.Pt(800, 600), image.Pt(1001, 477)
	x, y = tr.ToCanvas(400, 300)
	if ax, ay := tr.Resized(old, now).ToDevice(x, y); math.Abs(ax-500.5) > 0.51 || math.Abs(ay-238.5) > 0.51 {
		t.Fatalf("the middle is at %v,%v", ax, ay)
	}
}

func TestATinyCanvasIsEnlarged(t *testing.T) {
	window := image.Pt(1000, 700)
	for canvas, want := range map[image.Point]float64{
		{X: 1, Y: 1}: 32, {X: 3, Y: 2}: 32, {X: 16, Y: 16}: 21, {X: 64, Y: 64}: 5, {X: 120, Y: 20}: 4,
		{X: 126, Y: 20}: 1, {X: 20, Y: 88}: 1, {X: 640, Y: 480}: 1, {X: 4000, Y: 3000}: 1, {}: 1,
	} {
		if got := view.Enlarged(canvas, window); got != want {
			t.Errorf("%v: %v, want %v", canvas, got, want)
		}
	}
}
