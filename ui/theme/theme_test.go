package theme

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// luminance and contrast are those of WCAG 2.1.
func luminance(c color.NRGBA) float64 {
	f := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*f(c.R) + 0.7152*f(c.G) + 0.0722*f(c.B)
}

func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestTextCanBeRead(t *testing.T) {
	for _, c := range []struct{ text, on fyne.ThemeColorName }{
		{Text, Window}, {Text, Panel}, {Text, Control}, {Text, Surround}, {Text, fynetheme.ColorNameMenuBackground},
		{Secondary, Window}, {Secondary, Panel}, {Secondary, Control}, {Warning, Panel}, {Warning, Control},
		{AccentText, Panel}, {AccentText, Control}, {AccentText, Selected}, {AccentText, Window}, {OnAccent, Accent},
		{Text, Selected}, {Secondary, Selected}, {Warning, Selected}, {Warning, Window},
		{fynetheme.ColorNameForeground, fynetheme.ColorNameOverlayBackground}, {fynetheme.ColorNameError, Panel},
	} {
		text, on := palette[c.text], palette[c.on]
		if got := contrast(text.dark, on.dark); got < 4.5 {
			t.Errorf("dark: %s on %s has a contrast of %.2f", c.text, c.on, got)
		}
		if got := contrast(text.light, on.light); got < 4.5 {
			t.Errorf("light: %s on %s has a contrast of %.2f", c.text, c.on, got)
		}
	}
}

func TestModes(t *testing.T) {
	for _, c := range []struct {
		mode    Mode
		variant fyne.ThemeVariant
		want    color.Color
	}{
		{Dark, fynetheme.VariantLight, rgb(0x303030)}, {Light, fynetheme.VariantDark, rgb(0xf2f2f2)},
		{System, fynetheme.VariantDark, rgb(0x303030)}, {System, fynetheme.VariantLight, rgb(0xf2f2f2)},
		{"unknown", fynetheme.VariantLight, rgb(0xf2f2f2)},
	} {
		if got := New(c.mode).Color(Panel, c.variant); got != c.want {
			t.Errorf("%q, variant %v: %v, want %v", c.mode, c.variant, got, c.want)
		}
	}
}

func TestEverythingIsDefined(t *testing.T) {
	th := New(Dark)
	for name := range sizes {
		if th.Size(name) < 0 {
			t.Errorf("size %s: %v", name, th.Size(name))
		}
	}
	if th.Font(fyne.TextStyle{}) == nil || th.Icon(fynetheme.IconNameConfirm) == nil || th.Icon(fynetheme.IconNameHelp) == nil {
		t.Error("a font or an icon is missing")
	}
}
