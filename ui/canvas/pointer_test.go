package canvas_test

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/editor/view"
	"overpaint.dev/overpaint/ui/canvas"
)

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

// A release isn't reported where a dialog opened under the pointer: the stroke ends where it was,
// and moving the pointer draws no more.
func TestAReleaseMayGoElsewhere(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.surface.SetSettings(tool.Settings{Brush: mask.Brush{Size: 20, Hardness: 1}})
	b.press(b.at(50, 60), desktop.MouseButtonPrimary)
	b.drag(b.at(90, 60))
	b.surface.MouseOut()
	b.hover(b.at(90, 150))
	b.hover(b.at(200, 150))
	if len(b.commits) != 1 || b.mask().At(90, 60) != 255 || b.mask().At(90, 100) != 0 || b.mask().At(150, 150) != 0 {
		t.Errorf("commits are %v, the mask lies in %v", b.commits, b.mask().Bounding())
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

func TestSettleEndsTheStrokeWhereItIs(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.surface.SetSettings(tool.Settings{Brush: mask.Brush{Size: 20, Hardness: 1}})
	if b.surface.Settle() {
		t.Error("a shape is open before anything was begun")
	}
	b.press(b.at(50, 60), desktop.MouseButtonPrimary)
	b.drag(b.at(150, 60))
	if b.surface.Settle() || b.surface.Gesturing() || len(b.commits) != 1 || b.mask().At(100, 60) != 255 {
		t.Errorf("commits are %v, the mask lies in %v", b.commits, b.mask().Bounding())
	}
	b.surface.SetTool("polygon")
	b.drag(b.at(200, 60))
	b.release(b.at(200, 60), desktop.MouseButtonPrimary)
	b.surface.DragEnd()
	if len(b.commits) != 1 || b.surface.Gesturing() {
		t.Errorf("the held button goes on: %v", b.commits)
	}
	b.press(b.at(50, 100), desktop.MouseButtonPrimary)
	b.release(b.at(50, 100), desktop.MouseButtonPrimary)
	if !b.surface.Settle() || !b.surface.Gesturing() {
		t.Error("a polygon of one corner isn't an open shape")
	}
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
			b.mods = []fyne.KeyModifier{0, fyne.KeyModifierControl, 0}[i]
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
			b.mods = fyne.KeyModifierAlt
			b.wheel(fyne.NewPos(5, 5), 0, -20.0/3)
			b.mods = fyne.KeyModifierShift
			b.wheel(fyne.NewPos(5, 5), 0, 10)
			b.mods = 0
			b.wheel(fyne.NewPos(5, 5), 10, 0)
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

func TestWaysToZoomByDragging(t *testing.T) {
	space := &fyne.KeyEvent{Name: fyne.KeySpace}
	for name, button := range map[string]desktop.MouseButton{"middle": desktop.MouseButtonTertiary, "space": desktop.MouseButtonPrimary} {
		b := setUp(t, image.Pt(1500, 1000), 1, 1<<30)
		before := b.surface.Scale()
		b.mods = fyne.KeyModifierControl
		if name == "space" {
			b.surface.KeyDown(space)
		}
		b.hover(fyne.NewPos(200, 200))
		at := b.cursor
		b.press(fyne.NewPos(200, 200), button)
		b.drag(fyne.NewPos(260, 140))
		b.release(fyne.NewPos(260, 140), button)
		b.surface.DragEnd()
		b.mods = 0
		b.surface.KeyUp(space)
		if got := b.surface.Scale() / before; got < 1.99 || got > 2.01 {
			t.Errorf("%s: zoomed %v times", name, got)
		}
		b.hover(fyne.NewPos(200, 200))
		if d := b.cursor.Sub(at); d.X*d.X+d.Y*d.Y > 1 || len(b.commits) > 0 {
			t.Errorf("%s: canvas pixel %v has become %v; drawn: %v", name, at, b.cursor, b.commits)
		}
	}
}

func TestTheBrushsSizeIsDragged(t *testing.T) {
	for name, mod := range map[string]fyne.KeyModifier{"Alt": fyne.KeyModifierAlt, "Shift": fyne.KeyModifierShift} {
		b := setUp(t, image.Pt(300, 200), 1, 1<<30)
		var sizes []float64
		ended := 0
		set := tool.Settings{Brush: mask.Brush{Size: 40, Hardness: 1}}
		b.surface.SetSettings(set)
		b.surface.OnBrushSize = func(size float64, done bool) {
			sizes = append(sizes, size)
			if done {
				ended++
			}
			set.Brush.Size = size
			b.surface.SetSettings(set)
		}
		from := b.at(100, 100)
		to := from.AddXY(10, 3)
		b.mods = mod
		b.press(from, desktop.MouseButtonPrimary)
		b.drag(to)
		b.release(to, desktop.MouseButtonPrimary)
		b.surface.DragEnd()
		if want := []float64{60, 60}; !slices.Equal(sizes, want) || ended != 1 || len(b.commits) != 0 {
			t.Errorf("%s: sizes %v, ended %d times, drawn %v", name, sizes, ended, b.commits)
		}
		b.press(from, desktop.MouseButtonPrimary)
		b.drag(from.AddXY(-400, 0))
		if set.Brush.Size != 1 || !b.surface.Cancel() || set.Brush.Size != 60 {
			t.Errorf("%s: after Esc the brush is %v", name, set.Brush.Size)
		}
		b.release(from, desktop.MouseButtonPrimary)
		b.mods = 0
		b.press(from, desktop.MouseButtonPrimary)
		b.surface.DragEnd()
		if len(b.commits) != 1 {
			t.Errorf("%s: does not draw afterwards", name)
		}
	}
}

func TestAClickWithShiftDrawsAStraightLine(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	click := func(x, y float64) {
		b.press(b.at(x, y), desktop.MouseButtonPrimary)
		b.release(b.at(x, y), desktop.MouseButtonPrimary)
		b.surface.DragEnd()
	}
	click(50, 100)
	b.mods = fyne.KeyModifierShift
	click(250, 100)
	if len(b.commits) != 2 || b.doc.State().Mask.At(150, 100) != 255 {
		t.Errorf("drawn: %v, in the middle %d", b.commits, b.doc.State().Mask.At(150, 100))
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

func TestADragTeachesTheWandItsTolerance(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.surface.SetTool("wand")
	b.surface.SetSettings(tool.Settings{})
	var learnt []int
	b.surface.OnTolerance = func(n int) { learnt = append(learnt, n) }
	b.press(b.at(100, 100), desktop.MouseButtonPrimary)
	b.drag(b.at(140, 100))
	b.drag(b.at(150, 100)) // while the first preview is looked for
	if len(b.work) != 1 {
		t.Fatalf("%d previews are looked for at once", len(b.work))
	}
	b.settle()
	b.release(b.at(150, 100), desktop.MouseButtonPrimary)
	b.settle()
	if len(b.commits) != 1 || b.mask().At(150, 100) != 255 {
		t.Fatalf("commits are %v, what was dragged over has %d", b.commits, b.mask().At(150, 100))
	}
	if len(learnt) != 1 || learnt[0] == 0 {
		t.Errorf("it learnt %v", learnt)
	}
	// Given up while it looks.
	b.press(b.at(20, 100), desktop.MouseButtonPrimary)
	b.drag(b.at(80, 120))
	b.surface.Cancel()
	b.settle()
	if len(b.commits) != 1 || b.surface.Gesturing() {
		t.Errorf("commits are %v", b.commits)
	}
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
		{150, 100, desktop.HiddenCursor},
		{50, 50, desktop.NWSEResizeCursor},
		{250, 50, desktop.NESWResizeCursor},
		{50, 100, desktop.HResizeCursor},
		{150, 150, desktop.VResizeCursor},
		{100, 50, desktop.HiddenCursor},
	} {
		if got := at(c.x, c.y); got != c.want {
			t.Errorf("at %v,%v the cursor is %v, want %v", c.x, c.y, got, c.want)
		}
	}
	b.surface.SetTool(canvas.Hand)
	if got := at(100, 100); got != desktop.PointerCursor {
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
		{100, 150, image.Rect(50, 50, 250, 145)}, // an edge anywhere, and a little in and out of it
		{100, 153, image.Rect(50, 50, 250, 145)},
		{100, 147, image.Rect(50, 50, 250, 145)},
		{47, 120, image.Rect(60, 50, 250, 150)},
		{53, 120, image.Rect(60, 50, 250, 150)},
		{150, 100, image.Rect(60, 45, 260, 145)},
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

// TestGripsLeaveRoom: with a tool that paints only the handles are gripped, and a tiny frame can
// still be moved.
func TestGripsLeaveRoom(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	cursor := func(x, y float64) desktop.Cursor {
		b.surface.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: b.at(x, y)}})
		return b.surface.Cursor()
	}
	b.surface.SetFrame(image.Rect(50, 50, 250, 150), true)
	b.surface.SetTool("rectangle")
	for x, want := range map[float64]desktop.Cursor{100: desktop.CrosshairCursor, 150: desktop.VResizeCursor} {
		if got := cursor(x, 150); got != want {
			t.Errorf("with a tool that paints, at %v: cursor %v", x, got)
		}
	}
	b.surface.SetTool(canvas.Hand)
	for y, want := range map[float64]desktop.Cursor{100: desktop.PointerCursor, 144: desktop.VResizeCursor, 156: desktop.VResizeCursor} {
		if got := cursor(100, y); got != want {
			t.Errorf("with the hand, at %v: cursor %v", y, got)
		}
	}
	b.surface.SetFrame(image.Rect(100, 100, 112, 112), true)
	if got := cursor(106, 106); got != desktop.PointerCursor {
		t.Errorf("a tiny frame can't be moved: cursor %v", got)
	}
}

// TestOutlineIsShown shows a line of the controller's, which a shape's own goes before.
func TestOutlineIsShown(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	line := []view.Point{{X: 20, Y: 20}, {X: 80, Y: 20}, {X: 80, Y: 60}}
	b.surface.SetOutline(line)
	b.compare(func(v *view.Compositor) { v.SetOutline(line, true) })
	b.surface.SetTool("polygon")
	b.press(b.at(150, 50), desktop.MouseButtonPrimary)
	b.release(b.at(150, 50), desktop.MouseButtonPrimary)
	b.surface.Cancel()
	b.compare(func(v *view.Compositor) { v.SetOutline(line, true) })
	b.surface.SetOutline(nil)
	b.compare(func(*view.Compositor) {})
}

func TestCompareLineIsMoved(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.surface.SetCompare(view.CompareSplit)
	b.compare(func(c *view.Compositor) { c.SetCompare(view.Compare{Mode: view.CompareSplit, At: 300}) })
	b.surface.SetSplit(0.4)
	b.compare(func(c *view.Compositor) { c.SetCompare(view.Compare{Mode: view.CompareSplit, At: 240}) })
	b.surface.SetSplit(-3)
	b.compare(func(c *view.Compositor) { c.SetCompare(view.Compare{Mode: view.CompareSplit}) })
	b.surface.SetCompare(view.CompareOff)
	b.compare(nil)
}

// TestPaintingEndsComparing has someone who hears of the gesture end the
// comparison. Side by side nothing is drawn: it would go elsewhere than under
// the pointer.
func TestPaintingEndsComparing(t *testing.T) {
	for mode, drawn := range map[view.CompareMode]int{view.CompareSplit: 1, view.CompareRows: 1, view.CompareOriginal: 1, view.CompareSides: 0} {
		b := setUp(t, image.Pt(300, 200), 1, 1<<30)
		b.surface.SetCompare(mode)
		b.gesture = func(on bool) { b.surface.SetCompare(view.CompareOff) }
		b.press(fyne.NewPos(400, 100), desktop.MouseButtonPrimary)
		b.drag(fyne.NewPos(410, 110))
		b.release(fyne.NewPos(410, 110), desktop.MouseButtonPrimary)
		b.settle()
		if len(b.commits) != drawn || len(b.gestures) != 2 {
			t.Errorf("%v: %d strokes, gestures %v", mode, len(b.commits), b.gestures)
		}
	}
}

// TestPreviewMayEndTheGesture has someone who hears what a stroke would be show
// another picture with another mask.
func TestPreviewMayEndTheGesture(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.surface.OnPreview = func(*mask.Mask) {
		st := b.doc.State()
		b.surface.SetState(st.WithMask(mask.New(st.Size.X, st.Size.Y)))
	}
	b.press(b.at(100, 100), desktop.MouseButtonPrimary)
	b.drag(b.at(120, 110))
	b.release(b.at(120, 110), desktop.MouseButtonPrimary)
	b.settle()
	if len(b.commits) != 0 || len(b.gestures) != 2 || b.gestures[1] {
		t.Errorf("%d strokes, gestures %v", len(b.commits), b.gestures)
	}
}

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

// TestStateChangedAsAGestureBegins shows a state with another mask, one of
// another size and none as soon as a gesture is heard of.
func TestStateChangedAsAGestureBegins(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	b.surface.SetSettings(tool.Settings{Brush: mask.Brush{Size: 20, Hardness: 1}})
	now := b.doc.State()
	other := mask.Rectangle(now.Size, mask.Point{X: 200, Y: 100}, mask.Point{X: 210, Y: 110})
	heard := b.surface.OnGesture
	for _, next := range []*document.State{now.WithMask(other), nil} {
		b.surface.SetState(now)
		b.settle()
		b.surface.OnGesture = func(on bool) {
			heard(on)
			if on {
				b.surface.SetState(next)
			}
		}
		b.gestures, b.commits = nil, nil
		b.press(b.at(50, 60), desktop.MouseButtonPrimary)
		b.drag(b.at(90, 60))
		b.release(b.at(90, 60), desktop.MouseButtonPrimary)
		if len(b.gestures) != 2 || b.gestures[1] {
			t.Errorf("gestures told as %v", b.gestures)
		}
		if next == nil {
			if len(b.commits) != 0 {
				t.Errorf("committed %v to no picture", b.commits)
			}
		} else if len(b.commits) != 1 || b.mask().At(60, 60) != 255 || b.mask().At(205, 105) != 255 {
			t.Errorf("commits %v; the stroke is not on the mask that was shown", b.commits)
		}
	}
}
