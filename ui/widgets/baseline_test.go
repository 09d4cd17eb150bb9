package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"overpaint/ui/theme"
	"overpaint/ui/uitest"
)

// baseline is where the text of an object stands, from the top of its parent.
func baseline(t *canvas.Text) float32 {
	_, b := fyne.CurrentApp().Driver().RenderedTextSize(t.Text, t.TextSize, t.TextStyle, t.FontSource)
	return t.Position().Y + b
}

func TestOneBaselineForAllScripts(t *testing.T) {
	uitest.App(t, "zh", theme.Dark)
	const tolerance = 0.01
	for _, size := range []float32{theme.SmallSize, theme.LabelSize, theme.TextSize} {
		place := func(s string) float32 {
			line := text(s, size, theme.Text)
			placeText(line, 0, theme.ControlHeight)
			return baseline(line)
		}
		label := func(s string) float32 {
			l := NewLabel(s).Sized(size)
			l.Resize(fyne.NewSize(200, theme.ControlHeight))
			l.CreateRenderer().Layout(l.Size())
			return baseline(l.lines[0])
		}
		for _, s := range []string{"生成", "Generate 生成", "$0.16"} {
			if d := place(s) - place("Generate"); d > tolerance || d < -tolerance {
				t.Errorf("size %v: a line %q stands %v lower", size, s, d)
			}
			if d := label(s) - label("Generate"); d > tolerance || d < -tolerance {
				t.Errorf("size %v: a label %q stands %v lower", size, s, d)
			}
		}
	}
}
