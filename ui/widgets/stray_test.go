package widgets

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint/ui/theme"
	"overpaint/ui/uitest"
)

// TestStrayClick clicks what goes away by that: the other half of a double-click there is
// not for what lies below, and a click elsewhere or later is.
func TestStrayClick(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	clock := time.Unix(1000, 0)
	now = func() time.Time { return clock }
	t.Cleanup(func() { now = time.Now })
	b := NewButton("Don't keep", "", Normal, nil)
	w := uitest.Window(t, b, fyne.NewSize(200, 60))
	on := fyne.CurrentApp().Driver().AbsolutePositionForObject(b).AddXY(5, 5)
	b.Tapped(nil) // a key is no click
	if StrayClick(on) {
		t.Error("Enter counts as a click")
	}
	test.TapCanvas(w.Canvas(), on)
	if !StrayClick(on.AddXY(3, 2)) {
		t.Error("the second half of a double-click is taken for a click of its own")
	}
	if StrayClick(on.AddXY(0, 300)) {
		t.Error("a click elsewhere is ignored")
	}
	clock = clock.Add(fyne.CurrentApp().Driver().DoubleTapDelay())
	if StrayClick(on) {
		t.Error("a later click is ignored")
	}

	chosen := false
	m := NewMenu(fyne.NewMenu("", fyne.NewMenuItem("Brush", func() { chosen = true })), w.Canvas())
	m.ShowAtPosition(fyne.NewPos(20, 20))
	at := m.Position().AddXY(10, 10)
	test.TapCanvas(w.Canvas(), at)
	if !chosen || w.Canvas().Overlays().Top() != nil {
		t.Fatal("the menu's entry can't be chosen")
	}
	if !StrayClick(at) {
		t.Error("the second half of a double-click on a menu is taken for a click of its own")
	}
}
