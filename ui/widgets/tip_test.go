package widgets

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

// window shows o in a window of the test driver with the application's theme.
func window(t *testing.T, o fyne.CanvasObject, size fyne.Size) fyne.Window {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.New(theme.Dark))
	w := test.NewTempWindow(t, nil)
	w.SetPadded(false)
	w.SetContent(WithTips(w.Canvas(), o))
	w.Resize(size)
	return w
}

// clock stands in for the time until a tooltip shows.
type clock struct {
	f       func()
	stopped bool
}

func (c *clock) after(_ time.Duration, f func()) func() {
	c.f, c.stopped = f, false
	return func() { c.stopped = true }
}

func TestTooltip(t *testing.T) {
	pressed := 0
	b := NewToolButton("brush", "Brush  (B)", func() { pressed++ })
	w := window(t, Row(0, b), fyne.NewSize(300, 200))
	tips := topTips(w.Canvas())
	c := &clock{}
	tips.after = c.after

	b.MouseIn(nil)
	if c.f == nil {
		t.Fatal("the pointer came and no tooltip was armed")
	}
	if tips.visible() {
		t.Error("the tooltip shows at once")
	}
	c.f()
	if !tips.visible() || tips.text.Text() != "Brush  (B)" {
		t.Errorf("visible %v, text %q", tips.visible(), tips.text.Text())
	}
	if at, size := tips.back.Position(), tips.back.Size(); at.X < 0 || at.X+size.Width > 300 || at.Y+size.Height > 200 {
		t.Errorf("the tooltip leaves the window: %v %v", at, size)
	}
	test.TapCanvas(w.Canvas(), fyne.NewPos(10, 100))
	if pressed != 1 {
		t.Errorf("pressed %d times under the tooltip's layer", pressed)
	}
	if tips.visible() {
		t.Error("the tooltip stays after the press")
	}
	b.MouseIn(nil)
	b.MouseOut()
	if !c.stopped {
		t.Error("the pointer went and the tooltip stays armed")
	}
}

// TestTooltipInADialog has a button in a dialog show its tooltip in the
// dialog's own layer, also beyond the dialog's edge, and one below it none of
// that after the dialog is closed.
func TestTooltipInADialog(t *testing.T) {
	below, above := NewToolButton("brush", "below", nil), NewToolButton("trash", "above, and longer than the dialog is wide", nil)
	w := window(t, Row(0, below), fyne.NewSize(300, 200))
	o, closed := TipsAbove(w.Canvas(), above)
	popup := widget.NewModalPopUp(o, w.Canvas())
	popup.Show()
	tips := topTips(w.Canvas())
	c := &clock{}
	tips.after = c.after
	above.MouseIn(nil)
	c.f()
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(tips.back)
	if size := tips.back.Size(); !tips.visible() || size.Width <= o.Size().Width || at.X < 0 || at.X+size.Width > 300 || at.Y+size.Height > 200 {
		t.Errorf("visible %v, at %v, size %v", tips.visible(), at, size)
	}
	closed()
	popup.Hide()
	if tips.visible() {
		t.Error("the tooltip outlives its dialog")
	}
	if topTips(w.Canvas()) == tips || topTips(w.Canvas()) == nil {
		t.Error("the window's layer is not the one in use again")
	}
}
