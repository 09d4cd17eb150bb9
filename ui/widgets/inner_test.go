package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
)

// The wheel scrolls what is inside as far as that goes, and then what is around it.
func TestInnerScroll(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	inner := NewInnerScroll(Sized(50, 300, NewText("x")))
	outer := container.NewVScroll(container.NewVBox(Sized(50, 200, inner), Sized(50, 200, NewText("y"))))
	inner.SetOuter(outer)
	uitest.Window(t, outer, fyne.NewSize(100, 250))
	wheel := func(by float32) {
		inner.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: by}})
	}
	wheel(10)
	if inner.Offset.Y != 0 || outer.Offset.Y != 0 {
		t.Error("both are at their beginning, and there is", inner.Offset.Y, outer.Offset.Y)
	}
	for range 30 {
		wheel(-20)
	}
	if inner.Offset.Y != 100 || outer.Offset.Y == 0 {
		t.Error("down to the end there is", inner.Offset.Y, outer.Offset.Y)
	}
	for range 30 {
		wheel(20)
	}
	if inner.Offset.Y != 0 || outer.Offset.Y != 0 {
		t.Error("up to the beginning there is", inner.Offset.Y, outer.Offset.Y)
	}
}
