package widgets

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
)

// hurry is a window in which clicks follow each other as fast as the test wants.
type hurry struct {
	fyne.Window
	clock time.Time
	below int // clicks on what fills the window
	back  *Button
}

func newHurry(t *testing.T) *hurry {
	t.Helper()
	uitest.App(t, "en", theme.Dark)
	h := &hurry{clock: time.Unix(1000, 0)}
	Clock = func() time.Time { return h.clock }
	t.Cleanup(func() { Clock, last = time.Now, click{} })
	h.back = NewButton("below", "", Normal, func() { h.below++ })
	h.Window = uitest.Window(t, nil, fyne.NewSize(300, 200))
	h.fill()
	return h
}

// fill shows objects over what fills the window, near its upper left corner.
func (h *hurry) fill(over ...fyne.CanvasObject) {
	for _, o := range over {
		o.Resize(o.MinSize())
		o.Move(fyne.NewPos(12, 12))
	}
	h.SetContent(WithTips(h.Canvas(), container.NewStack(h.back, container.NewWithoutLayout(over...))))
	h.back.Resize(h.Canvas().Size())
}

func (h *hurry) click(at fyne.Position) { test.TapCanvas(h.Canvas(), at) }
func (h *hurry) rest()                  { h.clock = h.clock.Add(fyne.CurrentApp().Driver().DoubleTapDelay()) }

// TestStrayClick clicks what goes away by that: the other half of a double-click there is
// not for what lies below, and a click elsewhere or later is.
func TestStrayClick(t *testing.T) {
	h := newHurry(t)
	var b *Button
	b = NewButton("Don't keep", "", Normal, func() { b.Hide() })
	h.fill(b)
	b.Tapped(nil) // a key is no click
	if h.click(fyne.NewPos(17, 17)); h.below != 1 {
		t.Error("a click after Enter is ignored")
	}
	h.rest()
	b.Show()
	at := fyne.NewPos(17, 17)
	h.click(at)
	h.click(at.AddXY(2, 1))
	if h.below != 1 {
		t.Error("the second half of a double-click is taken for a click of its own")
	}
	if h.click(at.AddXY(0, 150)); h.below != 2 {
		t.Error("a click elsewhere is ignored")
	}
	h.rest()
	if h.click(at); h.below != 3 {
		t.Error("a later click is ignored")
	}
}

// TestAButtonThatStaysHearsEveryClick clicks one twice that stays where it is, and one that
// makes room for another one.
func TestAButtonThatStaysHearsEveryClick(t *testing.T) {
	h := newHurry(t)
	n := 0
	plus := NewButton("+", "", Normal, func() { n++ })
	h.fill(plus)
	at := plus.Position().AddXY(5, 5)
	h.click(at)
	if h.click(at); n != 2 || h.below != 0 {
		t.Errorf("two clicks count as %d", n)
	}
	h.rest()
	plus.OnTapped = func() {
		n++
		plus.Move(plus.Position().AddXY(0, 60))
	}
	h.click(at)
	if h.click(at); n != 3 || h.below != 0 {
		t.Errorf("a button that has moved on: %d clicks, %d for what came into its place", n-2, h.below)
	}
	h.rest()
	other := NewToolButton("trash", "", func() { n++ })
	h.fill(other)
	TakenAway(other)
	if h.click(other.Position().AddXY(5, 5)); n != 3 {
		t.Error("what stands for something else now is clicked by the second half of a double-click")
	}
}

// TestADoubleClickDoesNotAnswerTheQuestionThatItAsks has a dialog open over a button that is
// clicked twice, and close the same way: its own buttons hear neither's second half.
func TestADoubleClickDoesNotAnswerTheQuestionThatItAsks(t *testing.T) {
	h := newHurry(t)
	answered := 0
	var popup *widget.PopUp
	var yes *Button
	ask := NewButton("Forget", "", Normal, func() {
		o, closed := TipsAbove(h.Canvas(), yes)
		popup = widget.NewModalPopUp(o, h.Canvas())
		popup.Show()
		yes.OnTapped = func() {
			answered++
			closed()
			popup.Hide()
		}
	})
	yes = NewButton("Yes, forget it", "", Normal, nil)
	h.fill(ask)
	ask.Move(fyne.NewPos(130, 86)) // under the dialog, which is in the middle
	at := fyne.NewPos(150, 100)
	h.click(at)
	on := place(yes)
	if in := at.Subtract(on); in.X < 0 || in.Y < 0 || in.X > yes.Size().Width || in.Y > yes.Size().Height {
		t.Fatalf("the answer lies at %v and not over the button", on)
	}
	if h.click(at); answered != 0 {
		t.Fatal("the question is answered before it was read")
	}
	h.rest()
	over := on.AddXY(5, 5)
	h.click(over)
	if h.click(over); answered != 1 || h.below != 0 || popup.Visible() {
		t.Errorf("answered %d times, %d clicks on what lies below the dialog", answered, h.below)
	}
	h.rest()
	if h.click(fyne.NewPos(20, 180)); h.below != 1 {
		t.Error("the window is dead after the dialog")
	}
}

// TestAMenuTakesBothHalvesOfADoubleClick chooses an entry of a menu by a double-click, and
// types on in the field that has the focus after it.
func TestAMenuTakesBothHalvesOfADoubleClick(t *testing.T) {
	h := newHurry(t)
	chosen := false
	m := NewMenu(fyne.NewMenu("", fyne.NewMenuItem("Brush", func() { chosen = true })), h.Canvas())
	m.ShowAtPosition(fyne.NewPos(20, 20))
	at := m.Position().AddXY(10, 10)
	h.click(at)
	if !chosen || h.Canvas().Overlays().Top() != nil {
		t.Fatal("the menu's entry can't be chosen")
	}
	if h.click(at); h.below != 0 {
		t.Error("the second half of a double-click on a menu is taken for a click of its own")
	}
}

// TestAStrayPressLeavesTheFocus presses where a dialog was closed by a click just before: the
// field that has the focus keeps it, though Fyne takes it away at a press beside it.
func TestAStrayPressLeavesTheFocus(t *testing.T) {
	h := newHurry(t)
	field := NewField()
	h.fill(field)
	h.Canvas().Focus(field)
	s := newShield(h.Canvas(), h.back)
	var later []func()
	s.later = func(f func()) { later = append(later, f) }
	for _, half := range []func(*desktop.MouseEvent){s.MouseDown, s.MouseUp} {
		half(nil)
		h.Canvas().Unfocus()
		for _, f := range later {
			f()
		}
		if later = nil; h.Canvas().Focused() != field {
			t.Fatal("the field has lost the focus")
		}
	}
}
