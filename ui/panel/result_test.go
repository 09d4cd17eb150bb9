package panel_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint/assets/text"
	"overpaint/editor/region"
	"overpaint/ui/panel"
	"overpaint/ui/theme"
	"overpaint/ui/uitest"
	"overpaint/ui/widgets"
)

// TestResult drags a slider of the selected result: all the way is heard, and
// where it ends.
func TestResult(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	b := panel.NewOptionsBar()
	uitest.Window(t, b.Object(), fyne.NewSize(980, 40))
	var last region.Blend
	heard, ended := 0, 0
	b.OnBlend = func(now region.Blend, done bool) {
		last = now
		heard++
		if done {
			ended++
		}
	}
	blend := region.Blend{Grow: 3, Feather: 16, Seam: 9, Match: true, Opacity: 1}
	b.SetResult(&blend)
	if n := len(find[*widgets.Check](b.Object())); n != 0 {
		t.Fatal("the brush shows a result's controls")
	}
	b.SetTool(panel.Move)
	sliders := find[*widgets.Slider](b.Object())
	if len(sliders) != 2 || heard != 0 {
		t.Fatalf("%d sliders; heard %d setters", len(sliders), heard)
	}
	opacity := sliders[1]
	for _, x := range []float32{50, 40, 30} {
		opacity.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, 5)}})
	}
	if heard != 3 || ended != 0 {
		t.Errorf("during the drag: heard %d, ended %d", heard, ended)
	}
	opacity.DragEnd()
	want := blend
	want.Opacity = opacity.Value() / 100
	if ended != 1 || last != want || want.Opacity < 0.3 || want.Opacity > 0.7 {
		t.Errorf("ended %d with %+v, want %+v", ended, last, want)
	}
	find[*widgets.Check](b.Object())[0].Tapped(nil)
	if want.Match = false; ended != 2 || last != want {
		t.Errorf("ended %d with %+v, want %+v", ended, last, want)
	}
	removed, masked, automatic := 0, 0, 0
	b.OnRemove, b.OnResultMask, b.OnAutomatic = func() { removed++ }, func() { masked++ }, func() { automatic++ }
	test.Tap(find[*widgets.ToolButton](b.Object())[0])
	test.Tap(find[*widgets.Button](b.Object())[0])
	b.SetResult(nil)
	if n := len(find[*widgets.Button](b.Object())); n != 0 || !uitest.Has(b.Object(), text.T("tool.move.hint")) {
		t.Errorf("without a result: %d buttons in %q", n, uitest.Texts(b.Object()))
	}
	b.SetDrawn(true)
	test.Tap(find[*widgets.Button](b.Object())[0])
	if removed != 1 || masked != 1 || automatic != 1 {
		t.Errorf("removed %d, mask %d, automatic %d", removed, masked, automatic)
	}
}

// TestBarFits has each tool's row, and a result's, in bars down to that of the
// smallest window, and of a larger one whose side panel is dragged wide.
func TestBarFits(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		b := panel.NewOptionsBar()
		b.SetNote(text.T("ui.grow", "Pixels", 4))
		fits := func(what string, width float32) {
			t.Helper()
			uitest.Walk(b.Object(), func(o fyne.CanvasObject, at fyne.Position) {
				if w, ok := o.(fyne.Widget); ok && at.X+w.Size().Width > width {
					t.Errorf("%s: %T at %v, size %v, in a bar of %v", what, o, at, w.Size(), width)
				}
			})
			for _, fault := range uitest.Clipped(b.Object()) {
				t.Errorf("%s, %v wide: %s", what, width, fault)
			}
		}
		for _, width := range []float32{600, 724} {
			uitest.Window(t, b.Object(), fyne.NewSize(width, theme.OptionsHeight))
			b.SetResult(nil)
			b.SetDrawn(true)
			for _, tool := range panel.Tools() {
				b.SetTool(tool.ID)
				fits(tool.ID, width)
			}
			b.SetTool(panel.Move)
			b.SetResult(&region.Blend{Feather: 128, Opacity: 1})
			fits("a result", width)
		}
	})
}
