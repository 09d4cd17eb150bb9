package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
)

// TestOneBaselineForAllScripts draws an I in lines with and without Chinese, and
// looks where it ends.
func TestOneBaselineForAllScripts(t *testing.T) {
	uitest.App(t, "zh", theme.Dark)
	for _, scale := range []float32{1, 2} {
		foot := func(o fyne.CanvasObject) int {
			w := uitest.Window(t, On(theme.Panel, o), fyne.NewSize(160, theme.ControlHeight))
			uitest.Scale(w, scale)
			w.Resize(fyne.NewSize(160, theme.ControlHeight))
			o.Refresh()
			return lowest(w.Canvas().Capture(), int(5*scale))
		}
		for _, size := range []float32{theme.SmallSize, theme.LabelSize, theme.TextSize} {
			latin, chinese := foot(NewLabel("II").Sized(size)), foot(NewLabel("II中文").Sized(size))
			if latin != chinese {
				t.Errorf("scale %v, size %v: Latin stands at %d, Chinese at %d", scale, size, latin, chinese)
			}
		}
		line := func(s string) fyne.CanvasObject {
			t := text(s, theme.TextSize, theme.Text)
			placeText(t, 0, theme.ControlHeight)
			return container.NewWithoutLayout(t)
		}
		if latin, chinese := foot(line("II")), foot(line("II中文")); latin != chinese {
			t.Errorf("scale %v: a line's Latin stands at %d, Chinese at %d", scale, latin, chinese)
		}
	}
}
