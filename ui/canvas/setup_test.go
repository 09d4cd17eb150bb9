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
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/view"
	"overpaint.dev/overpaint/ui/canvas"
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
	gesture  func(on bool) // what else is to be done at one, or nil
	taps     []image.Point
	resets   int
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
		OnFrameReset:  func() { b.resets++ },
		OnTap:         func(x, y int) { b.taps = append(b.taps, image.Pt(x, y)) },
		OnGesture: func(on bool) {
			if b.gestures = append(b.gestures, on); b.gesture != nil {
				b.gesture(on)
			}
		},
	}, canvas.Options{
		Post:      func(f func()) { b.posted = append(b.posted, f) },
		Go:        func(f func()) { b.work = append(b.work, f) },
		After:     func(_ time.Duration, f func()) { b.timers = append(b.timers, f) },
		Modifiers: func() fyne.KeyModifier { return b.mods },
		Frame:     limit,
	})
	b.window = test.NewTempWindow(t, container.NewStack(b.surface))
	b.window.SetPadded(false)
	b.window.Canvas().(software.WindowlessCanvas).SetScale(scale)
	b.window.Resize(fyne.NewSize(600, 400))
	b.doc = document.Open(document.NewState(&picture.Picture{Pix: coloured(size)}), document.Source{})
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
	style.Edge = true
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

// offset places its only object off the whole pixels.
type offset struct{ at fyne.Position }

func (o offset) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, 1) }
func (o offset) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects[0].Move(o.at)
	objects[0].Resize(s.Subtract(fyne.NewSize(o.at.X, o.at.Y)))
}

// TestPreviewIsOnTheScreen looks at the screen while a stroke is under way.
// TestRandomUse does things at random and checks the screen after each.
