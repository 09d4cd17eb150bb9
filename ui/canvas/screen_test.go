package canvas_test

import (
	"bytes"
	"image"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/driver/software"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/editor/view"
	"overpaint.dev/overpaint/ui/canvas"
)

func TestShowsWholeDevicePixelsAtEveryScale(t *testing.T) {
	for _, scale := range []float32{1, 1.25, 1.5, 2} {
		b := setUp(t, image.Pt(900, 700), scale, 1<<30)
		b.window.SetContent(container.New(offset{fyne.NewPos(44.3, 67.7)}, b.surface))
		b.window.Resize(fyne.NewSize(613.3, 417.9))
		b.surface.Refresh()
		b.settle()
		b.compare(nil)
		b.surface.ActualSize()
		b.compare(nil)
	}
}

func TestPreviewIsOnTheScreen(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	brush := mask.Brush{Size: 30, Hardness: 0.5}
	b.surface.SetSettings(tool.Settings{Brush: brush})
	b.press(b.at(50, 60), desktop.MouseButtonPrimary)
	b.drag(b.at(150, 90))
	stroke := mask.NewStroke(b.mask(), brush, false)
	for _, p := range [][2]float64{{50.5, 60.5}, {50.5, 60.5}, {150.5, 90.5}} {
		stroke.Add(p[0], p[1])
	}
	b.compare(func(c *view.Compositor) { c.SetMask(stroke.Mask(), image.Rectangle{}) })
}

func TestLargeViewsAreRoughFirst(t *testing.T) {
	b := setUp(t, image.Pt(1500, 1000), 1, 1000)
	b.compare(nil) // settled: refined
	b.surface.ZoomOut()
	rough, fine := b.shown(), b.want(b.shown().Rect.Size(), nil)
	if bytes.Equal(rough.Pix, fine.Pix) {
		t.Fatal("drew it all at once")
	}
	b.settle()
	b.compare(nil)
	// A pan while the job runs makes it worth nothing; the next one is right.
	b.surface.ZoomIn()
	for _, f := range b.timers {
		f()
	}
	b.timers = nil
	b.surface.SetTool(canvas.Hand)
	b.press(fyne.NewPos(200, 200), desktop.MouseButtonPrimary)
	b.drag(fyne.NewPos(230, 190))
	b.surface.DragEnd()
	b.settle()
	b.compare(nil)
}

func TestOtherPicturesAreMadeReadyElsewhere(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	old := b.shown()
	b.doc = document.Open(document.NewState(&picture.Picture{Pix: coloured(image.Pt(120, 400))}), document.Source{})
	b.surface.SetState(b.doc.State())
	if len(b.work) == 0 || !bytes.Equal(b.shown().Pix, old.Pix) {
		t.Fatal("did not wait for the worker")
	}
	// A mask that comes meanwhile doesn't make it start again.
	b.doc.SetMask("step.all", mask.All(image.Pt(120, 400)), image.Rect(0, 0, 120, 400))
	b.surface.SetState(b.doc.State())
	if len(b.work) != 1 {
		t.Fatalf("%d goroutines for one picture", len(b.work))
	}
	b.settle()
	b.compare(nil)
	// The next one overtakes it.
	b.doc = document.Open(document.NewState(&picture.Picture{Pix: coloured(image.Pt(333, 222))}), document.Source{})
	b.surface.SetState(b.doc.State())
	b.doc = document.Open(document.NewState(&picture.Picture{Pix: coloured(image.Pt(500, 100))}), document.Source{})
	b.surface.SetState(b.doc.State())
	b.settle()
	b.compare(nil)
	if s := b.surface.View(); s.X <= 0 || s.Scale != 1 {
		t.Fatalf("not fitted: %+v", s)
	}
	// A mask is shown at once.
	m := mask.All(b.doc.State().Size)
	b.doc.SetMask("step.all", m, m.Bounds())
	b.surface.SetState(b.doc.State())
	if len(b.work) != 0 {
		t.Fatal("a mask asked for a worker")
	}
	b.compare(nil)
	b.surface.SetState(nil)
	b.settle()
	for i, v := range b.shown().Pix {
		if want := []uint8{0x1d, 0x1d, 0x1d, 0xff}[i%4]; v != want {
			t.Fatal("a picture is left on the screen")
		}
	}
}

func TestATinyPictureIsEnlargedToFit(t *testing.T) {
	b := setUp(t, image.Pt(3, 2), 1, 1<<30)
	if s := b.surface.Scale(); s != 32 {
		t.Errorf("it opens at %v", s)
	}
	b.compare(nil)
	b.surface.ActualSize()
	b.surface.Fit()
	if v := b.surface.View(); v.Scale != 32 || v.X != math.Round(v.X) {
		t.Errorf("fitted, it is at %+v", v)
	}
}

func TestViewFollowsTheWindow(t *testing.T) {
	b := setUp(t, image.Pt(1500, 1000), 1, 1<<30)
	fitted := b.surface.Scale()
	b.window.Resize(fyne.NewSize(300, 200))
	if s := b.surface.Scale(); s >= fitted {
		t.Fatalf("fitted at %v, then at %v", fitted, s)
	}
	b.compare(nil)
	b.surface.ActualSize()
	x, y := b.surface.View().ToCanvas(150, 100)
	b.window.Resize(fyne.NewSize(500, 400))
	ax, ay := b.surface.View().ToCanvas(250, 200)
	if b.surface.Scale() != 1 || math.Hypot(ax-x, ay-y) > 1 {
		t.Fatalf("scale %v, middle moved from %v,%v to %v,%v", b.surface.Scale(), x, y, ax, ay)
	}
	b.compare(nil)
	b.window.Canvas().(software.WindowlessCanvas).SetScale(2)
	b.surface.Refresh()
	if s := b.surface.Scale(); s != 2 {
		t.Fatalf("at twice the density the scale is %v", s)
	}
	b.compare(nil)
}

func TestExtendingLeavesThePictureInPlace(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.surface.ActualSize()
	x, y := b.surface.View().ToDevice(0, 0)
	if err := b.doc.Extend(50, 20, 0, 10); err != nil {
		t.Fatal(err)
	}
	b.surface.SetState(b.doc.State())
	b.settle()
	if ax, ay := b.surface.View().ToDevice(50, 20); ax != x || ay != y {
		t.Fatalf("the picture has moved from %v,%v to %v,%v", x, y, ax, ay)
	}
	b.compare(nil)
}

func TestOutlineMarches(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.press(b.at(150, 100), desktop.MouseButtonPrimary)
	b.surface.DragEnd()
	phase := func(n int) func(c *view.Compositor) {
		return func(c *view.Compositor) {
			s := c.Style()
			s.Mask, s.Phase = view.MaskOutline, n
			c.SetStyle(s)
		}
	}
	b.surface.SetMaskLook(view.MaskOutline, nil, 0.5)
	for n := range 3 {
		b.compare(phase(n))
		if len(b.timers) != 1 {
			t.Fatalf("%d timers", len(b.timers))
		}
		step := b.timers[0]
		b.timers = nil
		step()
	}
	b.surface.SetMaskLook(view.MaskTint, nil, 0.55)
	b.settle() // no step asks for a further one
	b.compare(nil)
}
