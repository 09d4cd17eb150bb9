package canvas_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	fc "fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"overpaint/editor/document"
	"overpaint/editor/mask"
	"overpaint/editor/picture"
	"overpaint/editor/tool"
	"overpaint/editor/view"
	"overpaint/ui/canvas"
)

// A bench is a surface in a window without a display, with what it does later
// held back until the test asks for it.
type bench struct {
	t       *testing.T
	window  fyne.Window
	surface *canvas.Surface
	doc     *document.Document
	mods    fyne.KeyModifier
	work    []func() // for goroutines
	posted  []func()
	timers  []func()

	commits  []string
	dirty    image.Rectangle
	cursor   image.Point
	over     bool
	scale    float64
	frames   []image.Rectangle
	dropped  bool // the frame was let go of
	gestures []bool
}

// setUp shows a picture of a size in a surface of 600x400 units at a scale.
func setUp(t *testing.T, size image.Point, scale float32, limit int) *bench {
	t.Helper()
	test.NewTempApp(t)
	b := &bench{t: t}
	b.surface = canvas.New(canvas.Callbacks{
		OnCommit: func(step string, m *mask.Mask, dirty image.Rectangle) {
			b.commits = append(b.commits, step)
			b.dirty = dirty
			b.doc.SetMask(step, m, dirty)
			b.surface.SetState(b.doc.State())
		},
		OnCursor:      func(x, y int, over bool) { b.cursor, b.over = image.Pt(x, y), over },
		OnViewChanged: func(scale float64) { b.scale = scale },
		OnFrame:       func(r image.Rectangle, done bool) { b.frames, b.dropped = append(b.frames, r), done },
		OnGesture:     func(on bool) { b.gestures = append(b.gestures, on) },
	}, canvas.Options{
		Post:      func(f func()) { b.posted = append(b.posted, f) },
		Go:        func(f func()) { b.work = append(b.work, f) },
		After:     func(_ time.Duration, f func()) { b.timers = append(b.timers, f) },
		Modifiers: func() fyne.KeyModifier { return b.mods },
		Frame:     limit,
	})
	b.window = test.NewTempWindow(t, container.NewStack(b.surface))
	b.window.SetPadded(false)
	b.window.Canvas().(test.WindowlessCanvas).SetScale(scale)
	b.window.Resize(fyne.NewSize(600, 400))
	b.doc = document.New(&picture.Picture{Pix: coloured(size)})
	b.surface.SetState(b.doc.State())
	b.settle()
	return b
}

// coloured returns an opaque picture in which no two neighbours are alike.
func coloured(size image.Point) *image.NRGBA {
	img := image.NewNRGBA(image.Rectangle{Max: size})
	rand.NewChaCha8([32]byte{7}).Read(img.Pix)
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	return img
}

// settle runs all that was put off, on goroutines of its own where the surface
// would have, until there is no more.
func (b *bench) settle() {
	for len(b.work)+len(b.posted)+len(b.timers) > 0 {
		work, posted, timers := b.work, b.posted, b.timers
		b.work, b.posted, b.timers = nil, nil, nil
		for _, f := range work {
			done := make(chan struct{})
			go func() { defer close(done); f() }()
			<-done
		}
		for _, f := range append(posted, timers...) {
			f()
		}
	}
}

// at returns the position of the middle of a canvas pixel.
func (b *bench) at(x, y float64) fyne.Position {
	dx, dy := b.surface.View().ToDevice(x+0.5, y+0.5)
	s := float64(b.window.Canvas().Scale())
	return fyne.NewPos(float32(dx/s), float32(dy/s))
}

func (b *bench) hover(p fyne.Position) {
	b.surface.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}})
}

func (b *bench) press(p fyne.Position, button desktop.MouseButton) {
	b.surface.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: button})
}

func (b *bench) drag(p fyne.Position) {
	b.surface.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p}})
}

func (b *bench) release(p fyne.Position, button desktop.MouseButton) {
	b.surface.MouseUp(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: button})
}

func (b *bench) wheel(p fyne.Position, dx, dy float32) {
	b.surface.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: p}, Scrolled: fyne.NewDelta(dx, dy)})
}

func (b *bench) mask() *mask.Mask { return b.doc.State().Mask }

// objects returns the bands and the ring's circles.
func (b *bench) objects() (bands []*fc.Image, circles []*fc.Circle, bars []*fc.Rectangle) {
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *fc.Image:
			bands = append(bands, o)
		case *fc.Circle:
			circles = append(circles, o)
		case *fc.Rectangle:
			bars = append(bars, o)
		case *fyne.Container:
			for _, c := range o.Objects {
				walk(c)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				walk(c)
			}
		}
	}
	walk(b.surface)
	return bands, circles, bars
}

// shown puts the bands together as a device would.
func (b *bench) shown() *image.RGBA {
	bands, _, _ := b.objects()
	s := float64(b.window.Canvas().Scale())
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b.surface)
	var all image.Rectangle
	type placed struct {
		at  image.Point
		img *image.RGBA
	}
	var parts []placed
	for _, band := range bands {
		img := band.Image.(*image.RGBA)
		x, y := float64(at.X+band.Position().X)*s, float64(at.Y+band.Position().Y)*s
		w, h := float64(band.Size().Width)*s, float64(band.Size().Height)*s
		for _, v := range []float64{x, y, w, h} {
			if math.Abs(v-math.Round(v)) > 0.01 {
				b.t.Fatalf("band at %v,%v of %vx%v device pixels: not whole", x, y, w, h)
			}
		}
		if img.Rect.Size() != image.Pt(int(math.Round(w)), int(math.Round(h))) {
			b.t.Fatalf("band of %vx%v device pixels shows %v", w, h, img.Rect)
		}
		if img.Stride != 4*img.Rect.Dx() {
			b.t.Fatalf("band's stride is %d for a width of %d", img.Stride, img.Rect.Dx())
		}
		p := placed{image.Pt(int(math.Round(x)), int(math.Round(y))), img}
		parts = append(parts, p)
		all = all.Union(img.Rect.Add(p.at))
	}
	out := image.NewRGBA(all)
	for _, p := range parts {
		for y := range p.img.Rect.Dy() {
			copy(out.Pix[out.PixOffset(p.at.X, p.at.Y+y):], p.img.Pix[y*p.img.Stride:][:p.img.Stride])
		}
	}
	return out
}

// want draws what should be seen, afresh.
func (b *bench) want(size image.Point, change func(*view.Compositor)) *image.RGBA {
	s := b.window.Canvas().Scale()
	c := view.NewCompositor()
	style := c.Style()
	style.Surround = color.NRGBA{0x1d, 0x1d, 0x1d, 255}
	style.Line = max(1, int(math.Round(float64(s))))
	style.CheckSide = int(math.Round(8 * float64(s)))
	c.SetStyle(style)
	c.SetSize(size)
	c.SetTransform(b.surface.View())
	c.SetState(b.doc.State())
	if change != nil {
		change(c)
	}
	c.Render()
	return c.Image()
}

func (b *bench) compare(change func(*view.Compositor)) {
	b.t.Helper()
	got := b.shown()
	want := b.want(got.Rect.Size(), change)
	if bytes.Equal(got.Pix, want.Pix) {
		return
	}
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			if g, w := got.RGBAAt(x+got.Rect.Min.X, y+got.Rect.Min.Y), want.RGBAAt(x, y); g != w {
				b.t.Fatalf("pixel %d,%d on the screen is %v, want %v", x, y, g, w)
			}
		}
	}
}

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

// offset places its only object off the whole pixels.
type offset struct{ at fyne.Position }

func (o offset) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }
func (o offset) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects[0].Move(o.at)
	objects[0].Resize(s.Subtract(fyne.NewSize(o.at.X, o.at.Y)))
}

func TestStrokeIsOneCommit(t *testing.T) {
	for _, end := range []string{"both", "drag end alone", "mouse up alone"} {
		b := setUp(t, image.Pt(300, 200), 1.5, 1<<30)
		b.surface.SetSettings(tool.Settings{Brush: mask.Brush{Size: 20, Hardness: 1}})
		b.press(b.at(50, 60), desktop.MouseButtonPrimary)
		b.drag(b.at(90, 60))
		b.drag(b.at(120, 60))
		if len(b.commits) != 0 {
			t.Fatal("committed before the button was released")
		}
		if end != "drag end alone" {
			b.release(b.at(120, 60), desktop.MouseButtonPrimary)
		}
		if end != "mouse up alone" {
			b.surface.DragEnd()
		}
		if len(b.commits) != 1 || b.commits[0] != "step.brush" {
			t.Fatalf("%s: commits are %v", end, b.commits)
		}
		if len(b.gestures) != 2 || !b.gestures[0] || b.gestures[1] {
			t.Fatalf("%s: gestures told as %v", end, b.gestures)
		}
		for _, x := range []int{50, 85, 120} {
			if b.mask().At(x, 60) != 255 {
				t.Fatalf("%s: mask at %d,60 is %d", end, x, b.mask().At(x, 60))
			}
		}
		if b.mask().At(85, 80) != 0 || b.mask().At(140, 60) != 0 {
			t.Fatal("the stroke is wider than the brush")
		}
		if !b.mask().Bounding().In(b.dirty) {
			t.Fatalf("%s: dirty %v does not hold %v", end, b.dirty, b.mask().Bounding())
		}
		b.compare(nil)
	}
}

func TestEscapeDropsTheStroke(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	if b.surface.Cancel() {
		t.Fatal("something to cancel before anything was begun")
	}
	b.press(b.at(50, 60), desktop.MouseButtonPrimary)
	b.drag(b.at(150, 60))
	if !b.surface.Gesturing() || !b.surface.Cancel() || b.surface.Gesturing() {
		t.Fatal("the stroke could not be cancelled")
	}
	b.drag(b.at(200, 60))
	b.release(b.at(200, 60), desktop.MouseButtonPrimary)
	b.surface.DragEnd()
	if len(b.commits) != 0 || !b.mask().Empty() {
		t.Fatalf("commits are %v", b.commits)
	}
	b.compare(nil)
}

// TestPreviewIsOnTheScreen looks at the screen while a stroke is under way.
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

func TestStrokeGoesOnOutside(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.press(b.at(250, 100), desktop.MouseButtonPrimary)
	b.drag(fyne.NewPos(5000, -300))
	b.surface.MouseOut()
	b.drag(b.at(250, 150))
	b.surface.DragEnd()
	if len(b.commits) != 1 || b.mask().At(250, 100) != 255 || b.mask().At(250, 150) != 255 {
		t.Fatalf("commits are %v", b.commits)
	}
}

func TestWheelZoomsAboutThePointer(t *testing.T) {
	for _, scale := range []float32{1, 1.5, 2} {
		b := setUp(t, image.Pt(1500, 1000), scale, 1<<30)
		for i, p := range []fyne.Position{{X: 100, Y: 80}, {X: 411, Y: 33}, {X: 300, Y: 399}} {
			b.hover(p)
			before, zoom := b.cursor, b.surface.Scale()
			b.mods = fyne.KeyModifierControl
			b.wheel(p, 0, []float32{25, -25, 250}[i])
			b.mods = 0
			b.hover(p)
			if b.surface.Scale() == zoom || b.scale != b.surface.Scale() {
				t.Fatalf("scale %v: zoom is %v, told as %v", scale, b.surface.Scale(), b.scale)
			}
			if d := b.cursor.Sub(before); d.X*d.X+d.Y*d.Y > 1 {
				t.Fatalf("scale %v: canvas pixel %v under the pointer has become %v", scale, before, b.cursor)
			}
		}
		b.settle()
		b.compare(nil)
	}
}

func TestWaysToPan(t *testing.T) {
	space := &fyne.KeyEvent{Name: fyne.KeySpace}
	ways := map[string]func(b *bench){
		"middle button": func(b *bench) {
			b.press(fyne.NewPos(200, 200), desktop.MouseButtonTertiary)
			b.drag(fyne.NewPos(260, 180))
			b.release(fyne.NewPos(260, 180), desktop.MouseButtonTertiary)
			b.surface.DragEnd()
		},
		"space": func(b *bench) {
			b.surface.KeyDown(space)
			b.press(fyne.NewPos(200, 200), desktop.MouseButtonPrimary)
			b.drag(fyne.NewPos(260, 180))
			b.release(fyne.NewPos(260, 180), desktop.MouseButtonPrimary)
			b.surface.KeyUp(space)
		},
		"hand": func(b *bench) {
			b.surface.SetTool(canvas.Hand)
			b.press(fyne.NewPos(200, 200), desktop.MouseButtonPrimary)
			b.drag(fyne.NewPos(260, 180))
			b.surface.DragEnd()
		},
		"wheel": func(b *bench) {
			b.wheel(fyne.NewPos(5, 5), 0, -20.0/3)
			b.mods = fyne.KeyModifierShift
			b.wheel(fyne.NewPos(5, 5), 0, 20)
			b.mods = 0
		},
	}
	for name, pan := range ways {
		b := setUp(t, image.Pt(1500, 1000), 1.5, 1<<30)
		before := b.surface.View()
		pan(b)
		after := b.surface.View()
		if dx, dy := after.X-before.X, after.Y-before.Y; dx != 90 || dy != -30 {
			t.Errorf("%s: moved by %v,%v device pixels", name, dx, dy)
		}
		if len(b.commits) > 0 || b.surface.Gesturing() {
			t.Errorf("%s: drew", name)
		}
		b.compare(nil)
		// Space no longer held, a press draws.
		b.surface.SetTool("brush")
		b.press(fyne.NewPos(300, 200), desktop.MouseButtonPrimary)
		b.surface.DragEnd()
		if len(b.commits) != 1 {
			t.Errorf("%s: does not draw afterwards", name)
		}
	}
}

func TestSpaceIsForgottenWithTheFocus(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.surface.KeyDown(&fyne.KeyEvent{Name: fyne.KeySpace})
	b.surface.FocusLost()
	b.press(b.at(100, 100), desktop.MouseButtonPrimary)
	b.surface.DragEnd()
	if len(b.commits) != 1 {
		t.Fatal("space still held")
	}
}

func TestPolygonTakesClicks(t *testing.T) {
	click := func(b *bench, x, y float64) {
		b.hover(b.at(x, y))
		b.press(b.at(x, y), desktop.MouseButtonPrimary)
		b.release(b.at(x, y), desktop.MouseButtonPrimary)
	}
	for _, close := range []string{"start", "enter", "escape"} {
		b := setUp(t, image.Pt(300, 200), 1, 1<<30)
		b.surface.SetTool("polygon")
		click(b, 50, 50)
		click(b, 200, 50)
		click(b, 200, 150)
		if len(b.commits) > 0 || !b.surface.Gesturing() {
			t.Fatal("closed too early")
		}
		switch close {
		case "start":
			click(b, 50, 50)
		case "enter":
			if !b.surface.Complete() {
				t.Fatal("Enter closes nothing")
			}
		case "escape":
			b.surface.Cancel()
		}
		want := close != "escape"
		if got := len(b.commits) == 1 && b.mask().At(180, 80) == 255; got != want {
			t.Fatalf("%s: commits are %v, mask %d", close, b.commits, b.mask().At(180, 80))
		}
		if b.mask().At(60, 140) != 0 || b.surface.Gesturing() || b.surface.Complete() {
			t.Fatalf("%s: not over", close)
		}
		b.compare(nil)
	}
}

func TestWandFinishesOnAnotherGoroutine(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.surface.SetTool("wand")
	b.surface.SetSettings(tool.Settings{Tolerance: 255})
	b.press(b.at(100, 100), desktop.MouseButtonPrimary)
	b.release(b.at(100, 100), desktop.MouseButtonPrimary)
	if len(b.commits) != 0 || len(b.work) != 1 {
		t.Fatalf("commits are %v, %d goroutines", b.commits, len(b.work))
	}
	b.settle()
	if len(b.commits) != 1 || b.mask().At(10, 190) != 255 {
		t.Fatalf("commits are %v", b.commits)
	}
	// Given up while it works: what comes late is dropped.
	b.press(b.at(100, 100), desktop.MouseButtonPrimary)
	b.release(b.at(100, 100), desktop.MouseButtonPrimary)
	b.surface.Cancel()
	b.settle()
	if len(b.commits) != 1 {
		t.Fatalf("commits are %v", b.commits)
	}
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
	b.doc = document.New(&picture.Picture{Pix: coloured(image.Pt(120, 400))})
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
	old = b.shown()
	// The next one overtakes it.
	b.doc = document.New(&picture.Picture{Pix: coloured(image.Pt(333, 222))})
	b.surface.SetState(b.doc.State())
	b.doc = document.New(&picture.Picture{Pix: coloured(image.Pt(500, 100))})
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
	b.window.Canvas().(test.WindowlessCanvas).SetScale(2)
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

func TestRingIsTrueToSize(t *testing.T) {
	for _, scale := range []float32{1, 1.5, 2} {
		b := setUp(t, image.Pt(1500, 1000), scale, 1<<30)
		b.surface.SetSettings(tool.Settings{Brush: mask.Brush{Size: 101, Hardness: 1}})
		b.surface.ActualSize()
		p := fyne.NewPos(200, 100)
		b.hover(p)
		_, circles, bars := b.objects()
		if len(circles) != 2 || len(bars) != 2 {
			t.Fatalf("%d circles, %d bars", len(circles), len(bars))
		}
		for _, c := range circles {
			if c.Hidden {
				t.Fatal("no ring")
			}
			middle := float64(c.Position().X+c.Size().Width/2) * float64(scale)
			if math.Abs(middle-(math.Floor(200*float64(scale))+0.5)) > 0.02 {
				t.Errorf("scale %v: middle at %v", scale, middle)
			}
			diameter := float64(c.Size().Width-c.StrokeWidth) * float64(scale)
			if math.Abs(diameter-101) > 1.01 {
				t.Errorf("scale %v: a brush of 101 is shown as %v", scale, diameter)
			}
		}
		if !bars[0].Hidden {
			t.Error("a minus sign without Ctrl")
		}
		b.mods = fyne.KeyModifierControl
		b.surface.KeyDown(&fyne.KeyEvent{Name: desktop.KeyControlLeft})
		if bars[0].Hidden || bars[1].Hidden {
			t.Error("no minus sign with Ctrl")
		}
		b.mods = 0
		b.surface.MouseOut()
		for _, o := range []fyne.CanvasObject{circles[0], circles[1], bars[0], bars[1]} {
			if o.Visible() {
				t.Error("the ring stays when the pointer leaves")
			}
		}
	}
}

func TestCursorsSayWhatAPressDoes(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.surface.SetFrame(image.Rect(50, 50, 250, 150), true)
	at := func(x, y float64) desktop.Cursor {
		b.hover(b.at(x, y))
		return b.surface.Cursor()
	}
	for _, c := range []struct {
		x, y float64
		want desktop.Cursor
	}{
		{150, 100, desktop.HiddenCursor}, {50, 50, desktop.NWSEResizeCursor}, {250, 50, desktop.NESWResizeCursor},
		{50, 100, desktop.HResizeCursor}, {150, 150, desktop.VResizeCursor}, {100, 50, desktop.HiddenCursor},
	} {
		if got := at(c.x, c.y); got != c.want {
			t.Errorf("at %v,%v the cursor is %v, want %v", c.x, c.y, got, c.want)
		}
	}
	b.surface.SetTool(canvas.Hand)
	if got := at(100, 50); got != desktop.PointerCursor {
		t.Errorf("hand: %v", got)
	}
	b.surface.SetTool("rectangle")
	if got := at(150, 100); got != desktop.CrosshairCursor {
		t.Errorf("rectangle: %v", got)
	}
	b.surface.SetTool("brush")
	b.surface.SetSettings(tool.Settings{Brush: mask.Brush{Size: 2}})
	if got := at(150, 100); got != desktop.CrosshairCursor {
		t.Errorf("tiny brush: %v", got)
	}
}

func TestFrameIsDragged(t *testing.T) {
	frame := image.Rect(50, 50, 250, 150)
	for _, c := range []struct {
		x, y float64
		want image.Rectangle
	}{
		{50, 50, image.Rect(60, 45, 250, 150)},
		{250, 150, image.Rect(50, 50, 260, 145)},
		{250, 100, image.Rect(50, 50, 260, 150)},
		{150, 50, image.Rect(50, 45, 250, 150)},
		{100, 150, image.Rect(60, 45, 260, 145)},
	} {
		b := setUp(t, image.Pt(300, 200), 1.5, 1<<30)
		b.surface.SetFrame(frame, true)
		b.surface.SetTool(canvas.Hand)
		b.press(b.at(c.x, c.y), desktop.MouseButtonPrimary)
		b.drag(b.at(c.x+4, c.y-2))
		if b.dropped {
			t.Fatal("let go of too early")
		}
		b.drag(b.at(c.x+10, c.y-5))
		b.surface.DragEnd()
		if got := b.frames[len(b.frames)-1]; got != c.want || !b.dropped {
			t.Errorf("from %v,%v: %v, want %v", c.x, c.y, got, c.want)
		}
		if len(b.commits) != 0 {
			t.Error("drew on the mask")
		}
		b.compare(func(v *view.Compositor) { v.SetFrame(view.Frame{Rect: c.want, Handles: true}) })
		// Esc takes it back.
		b.surface.SetFrame(frame, true)
		b.press(b.at(250, 150), desktop.MouseButtonPrimary)
		b.drag(b.at(200, 120))
		if !b.surface.Cancel() || b.frames[len(b.frames)-1] != frame {
			t.Errorf("Esc leaves %v", b.frames[len(b.frames)-1])
		}
	}
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

func TestCompareLineIsDragged(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.surface.SetCompare(view.CompareSplit)
	b.compare(func(c *view.Compositor) { c.SetCompare(view.Compare{Mode: view.CompareSplit, At: 300}) })
	b.press(fyne.NewPos(302, 100), desktop.MouseButtonPrimary)
	b.drag(fyne.NewPos(240, 100))
	b.surface.DragEnd()
	b.compare(func(c *view.Compositor) { c.SetCompare(view.Compare{Mode: view.CompareSplit, At: 240}) })
	b.press(fyne.NewPos(400, 100), desktop.MouseButtonPrimary)
	b.surface.DragEnd()
	if len(b.commits) != 0 {
		t.Fatal("drew while comparing")
	}
	b.surface.SetCompare(view.CompareOff)
	b.compare(nil)
}

// TestRandomUse does things at random and checks the screen after each.
func TestRandomUse(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	b := setUp(t, image.Pt(700, 500), 1.5, 0)
	somewhere := func() fyne.Position {
		return fyne.NewPos(float32(rng.IntN(900)-100), float32(rng.IntN(600)-100))
	}
	ids := []string{"brush", "eraser", "rectangle", "ellipse", "lasso", canvas.Hand}
	buttons := []desktop.MouseButton{desktop.MouseButtonPrimary, desktop.MouseButtonPrimary, desktop.MouseButtonTertiary, desktop.MouseButtonSecondary}
	for step := range 80 {
		b.mods = []fyne.KeyModifier{0, 0, 0, fyne.KeyModifierShift, fyne.KeyModifierAlt, fyne.KeyModifierControl}[rng.IntN(6)]
		switch rng.IntN(8) {
		case 0:
			b.surface.SetTool(ids[rng.IntN(len(ids))])
		case 1:
			b.wheel(somewhere(), float32(rng.IntN(60)-30), float32(rng.IntN(60)-30))
		case 2:
			b.window.Resize(fyne.NewSize(float32(200+rng.IntN(400))+rng.Float32(), float32(150+rng.IntN(300))))
		case 3:
			if rng.IntN(2) == 0 {
				b.doc.Undo()
			} else {
				b.doc.Redo()
			}
			b.surface.SetState(b.doc.State())
		default:
			button := buttons[rng.IntN(len(buttons))]
			b.press(somewhere(), button)
			for range rng.IntN(6) {
				b.drag(somewhere())
			}
			if rng.IntN(5) == 0 {
				b.surface.Cancel()
			}
			b.release(somewhere(), button)
			b.surface.DragEnd()
		}
		b.settle()
		if b.surface.Gesturing() {
			t.Fatalf("step %d: a gesture is left over", step)
		}
		b.compare(nil)
	}
}
