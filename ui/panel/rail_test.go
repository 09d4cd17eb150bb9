package panel_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

func TestRail(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	r := panel.NewToolRail(panel.Tools()...)
	var picked []string
	r.OnSelect = func(id string) { picked = append(picked, id) }
	uitest.Window(t, r.Object(), fyne.NewSize(44, 500))
	buttons := find[*widgets.ToolButton](r.Object())
	if len(buttons) != len(panel.Tools()) {
		t.Fatalf("%d buttons for %d tools", len(buttons), len(panel.Tools()))
	}
	for i, tl := range panel.Tools() {
		if (tl.ID == "brush") != buttons[i].Selected() {
			t.Errorf("%s is selected at first: %v", tl.ID, buttons[i].Selected())
		}
	}
	for i, tl := range panel.Tools() {
		test.Tap(buttons[i])
		if !buttons[i].Selected() {
			t.Errorf("%s is not selected", tl.ID)
		}
		if !strings.HasSuffix(buttons[i].Tip(), "("+tl.Key+")") {
			t.Errorf("%s: the tooltip %q has no %s", tl.ID, buttons[i].Tip(), tl.Key)
		}
	}
	r.Select("wand")
	if len(picked) != len(buttons) {
		t.Errorf("heard %v: a setter must not be heard", picked)
	}
	for _, id := range []string{"brush", "eraser", "rectangle", "ellipse", "lasso", "polygon", "wand"} {
		if tool.New(id) == nil {
			t.Errorf("the editor has no tool %s", id)
		}
	}
}

// TestRailFitsALowWindow has all tools within a rail as low as that of a window of
// 900 x 640, where they may be a little lower, and within reach of the wheel in a lower one.
func TestRailFitsALowWindow(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	r := panel.NewToolRail(panel.Tools()...)
	win := uitest.Window(t, r.Object(), fyne.NewSize(44, 380))
	buttons := find[*widgets.ToolButton](r.Object())
	last := buttons[len(buttons)-1]
	bottom := func() float32 {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(last).Y + last.Size().Height
	}
	if b := bottom(); b > 380 || last.Size().Height < last.MinSize().Height-2 {
		t.Errorf("the last tool ends at %v", b)
	}
	for i, b := range buttons[1:] {
		if above := buttons[i]; above.Position().Y+above.Size().Height > b.Position().Y {
			t.Errorf("tool %d lies on the next", i)
		}
	}
	win.Resize(fyne.NewSize(44, 200))
	find[*container.Scroll](r.Object())[0].Scrolled(&fyne.ScrollEvent{Scrolled: fyne.Delta{DY: -500}})
	if b := bottom(); b > 200 {
		t.Errorf("scrolled, the last tool ends at %v", b)
	}
}

// TestRailFits has the rail beside the canvas of the smallest window.
func TestRailFits(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	const window, menu, gallery = 640, 28, 136
	if high := panel.NewToolRail(panel.Tools()...).Object().MinSize().Height; high > window-menu-theme.OptionsHeight-gallery-theme.StatusHeight {
		t.Errorf("the rail is %v high", high)
	}
}
