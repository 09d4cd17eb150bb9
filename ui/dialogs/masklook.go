package dialogs

import (
	"image/color"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// Tints are the colours that the mask's tint can have besides the theme's, as
// #rrggbb.
func Tints() []string {
	return []string{"#ff3b30", "#ffcc00", "#34c759", "#00c7be", "#0a84ff", "#bf5af2", "#ff2d92"}
}

// AskMaskLook asks for the mask's tint: a colour as #rrggbb, "" for the theme's, and its
// strength, 0 to 1. show is called with each change, and with the old values where the dialog
// is closed by Cancel or Esc; do with the final choice.
func AskMaskLook(w fyne.Window, tint string, strength float64, show, do func(tint string, strength float64)) {
	now, chosen := tint, widgets.NewRange(text.T("mask.strength"), 5, 100, false, "%")
	chosen.SetValue(strength * 100)
	tell := func() { show(now, chosen.Value()/100) }
	chosen.OnChanged = func(float64) { tell() }
	row := widgets.Row(theme.Gap)
	swatches := map[string]*widgets.Swatch{}
	for _, c := range append([]string{""}, Tints()...) {
		swatches[c] = widgets.NewSwatch(Colour(c), func() {
			swatches[now].SetSelected(false)
			now = c
			swatches[now].SetSelected(true)
			tell()
		})
		row.Add(swatches[c])
	}
	if swatches[now] == nil { // written into the settings by hand
		swatches[now] = widgets.NewSwatch(Colour(now), nil)
		row.Add(swatches[now])
	}
	swatches[now].SetSelected(true)
	body := widgets.Column(14, widgets.Labeled(widgets.NewLabel(text.T("mask.colour")), row), widgets.Row(0, chosen.Object()))
	s := newSheet(w, text.T("mask.look.title"), narrow, body, nil,
		action{label: text.T("dialog.cancel")},
		action{label: text.T("dialog.apply"), do: func() { do(now, chosen.Value()/100) }})
	s.onClose = func() { show(tint, strength) }
}

// Colour parses a colour as #rrggbb; anything else is the theme's accent.
func Colour(s string) color.Color {
	if len(s) == 7 && s[0] == '#' {
		var c [3]uint8
		for i := range c {
			high, ok1 := nibble(s[1+2*i])
			low, ok2 := nibble(s[2+2*i])
			if !ok1 || !ok2 {
				return theme.Color(theme.Accent)
			}
			c[i] = high<<4 | low
		}
		return color.NRGBA{c[0], c[1], c[2], 255}
	}
	return theme.Color(theme.Accent)
}

func nibble(b byte) (uint8, bool) {
	switch {
	case b >= '0' && b <= '9':
		return b - '0', true
	case b >= 'a' && b <= 'f':
		return b - 'a' + 10, true
	case b >= 'A' && b <= 'F':
		return b - 'A' + 10, true
	}
	return 0, false
}
