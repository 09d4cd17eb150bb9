package canvas_test

import (
	"image"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"overpaint.dev/overpaint/ui/canvas"
)

// TestTaps clicks with the hand, on the bare picture and within the frame: a
// click moves nothing, and other tools have none.
func TestTaps(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1.5, 1<<30)
	b.surface.SetTool(canvas.Hand)
	frame := image.Rect(100, 50, 250, 150)
	before := b.surface.View()
	click := func(x, y float64) {
		b.press(b.at(x, y), desktop.MouseButtonPrimary)
		b.drag(b.at(x+1, y))
		b.release(b.at(x+1, y), desktop.MouseButtonPrimary)
	}
	click(20, 30)
	b.surface.SetFrame(frame, true)
	click(180, 90)
	if want := []image.Point{{X: 20, Y: 30}, {X: 180, Y: 90}}; !slices.Equal(b.taps, want) {
		t.Errorf("taps %v, want %v", b.taps, want)
	}
	if len(b.frames) == 0 || b.frames[len(b.frames)-1] != frame {
		t.Errorf("the frame went to %v", b.frames)
	}
	if after := b.surface.View(); after != before {
		t.Errorf("the view went from %v to %v", before, after)
	}
	// A drag within the frame moves it, one outside of it the view; both are no taps.
	b.press(b.at(180, 90), desktop.MouseButtonPrimary)
	b.drag(b.at(190, 80))
	b.release(b.at(190, 80), desktop.MouseButtonPrimary)
	if got, want := b.frames[len(b.frames)-1], frame.Add(image.Pt(10, -10)); got != want {
		t.Errorf("the frame is at %v, want %v", got, want)
	}
	b.press(b.at(20, 30), desktop.MouseButtonPrimary)
	b.drag(b.at(60, 30))
	b.release(b.at(60, 30), desktop.MouseButtonPrimary)
	b.surface.SetTool("brush")
	click(20, 30)
	if len(b.taps) != 2 {
		t.Errorf("taps %v", b.taps)
	}
}

// TestClicksKeepTheFit clicks with the hand, with a tremble and without: the
// picture still fits the window when that gets another size. After a drag it
// stays as large as it was.
func TestClicksKeepTheFit(t *testing.T) {
	b := setUp(t, image.Pt(1500, 1000), 1, 1<<30)
	b.surface.SetTool(canvas.Hand)
	b.surface.Fit()
	click := func(by ...float64) {
		at := b.at(20, 30)
		b.press(at, desktop.MouseButtonPrimary)
		for _, by := range by {
			b.drag(at.AddXY(float32(by), 0))
		}
		b.release(at.AddXY(float32(by[len(by)-1]), 0), desktop.MouseButtonPrimary)
	}
	resized := func(width float32) bool {
		before := b.surface.Scale()
		b.window.Resize(fyne.NewSize(width, width*2/3))
		b.settle()
		return b.surface.Scale() != before
	}
	for i, by := range [][]float64{{0}, {2}, {2, 0}} {
		click(by...)
		if !resized(float32(500 - 50*i)) {
			t.Errorf("after a click that strayed by %v the picture fits no more", by)
		}
	}
	click(200)
	if resized(350) {
		t.Error("the picture that was moved is fitted again")
	}
}

// TestDoubleClickInTheFrame is told with the hand alone, within a frame that
// can be dragged.
func TestDoubleClickInTheFrame(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1.5, 1<<30)
	double := func(x, y float64, want int) {
		t.Helper()
		b.surface.DoubleTapped(&fyne.PointEvent{Position: b.at(x, y)})
		if b.resets != want {
			t.Errorf("at %v, %v: told %d times, want %d", x, y, b.resets, want)
		}
	}
	frame := image.Rect(100, 50, 250, 150)
	b.surface.SetFrame(frame, true)
	double(180, 90, 0) // the brush paints there
	b.surface.SetTool(canvas.Hand)
	double(20, 30, 0)
	double(180, 90, 1)
	b.surface.SetFrame(frame, false)
	double(180, 90, 1)
}

func TestAMenuIsWanted(t *testing.T) {
	b := setUp(t, image.Pt(300, 200), 1, 1<<30)
	var at []fyne.Position
	b.surface.OnMenu = func(p fyne.Position) { at = append(at, p) }
	event := &fyne.PointEvent{AbsolutePosition: fyne.NewPos(30, 40)}
	b.surface.TappedSecondary(event)
	b.press(b.at(100, 100), desktop.MouseButtonPrimary)
	b.surface.TappedSecondary(event) // in the middle of a stroke
	b.surface.DragEnd()
	if len(at) != 1 || at[0] != fyne.NewPos(30, 40) || len(b.commits) != 1 {
		t.Errorf("menus at %v, drawn %v", at, b.commits)
	}
}
