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

// over is a colour as it looks on a ground that it lets through.
func over(c, ground color.NRGBA) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8((int(a)*int(c.A) + int(b)*(255-int(c.A)) + 127) / 255) }
	return color.NRGBA{mix(c.R, ground.R), mix(c.G, ground.G), mix(c.B, ground.B), 255}
}

// TestTextCanBeRead holds for all text, that of what can't be used now, menus'
// shortcuts and placeholders included.
func TestTextCanBeRead(t *testing.T) {
	grounds := []fyne.ThemeColorName{Window, Panel, Control, fynetheme.ColorNameMenuBackground, fynetheme.ColorNameOverlayBackground}
	pairs := []struct{ text, on fyne.ThemeColorName }{
		{Text, Surround},
		{Text, Selected},
		{Secondary, Selected},
		{Warning, Selected},
		{AccentText, Selected},
		{OnAccent, Accent},
		{OnAccent2, Accent},
		{OnBadge, BadgeHover},
		{fynetheme.ColorNamePlaceHolder, fynetheme.ColorNameInputBackground},
		{fynetheme.ColorNameForeground, fynetheme.ColorNameInputBackground},
		{fynetheme.ColorNameForegroundOnPrimary, fynetheme.ColorNamePrimary},
		{fynetheme.ColorNameForegroundOnError, fynetheme.ColorNameError},
		{fynetheme.ColorNameForegroundOnWarning, fynetheme.ColorNameWarning},
		{fynetheme.ColorNameForegroundOnSuccess, fynetheme.ColorNameSuccess},
		{Disabled, Unusable},
		{Secondary, Unusable},
		{fynetheme.ColorNameDisabled, fynetheme.ColorNameDisabledButton},
		{fynetheme.ColorNameForeground, fynetheme.ColorNameHeaderBackground},
	}
	for _, text := range []fyne.ThemeColorName{
		Text, Secondary, Disabled, AccentText, Warning, fynetheme.ColorNameForeground, fynetheme.ColorNameDisabled,
		fynetheme.ColorNameError, fynetheme.ColorNameHyperlink,
	} {
		for _, on := range grounds {
			pairs = append(pairs, struct{ text, on fyne.ThemeColorName }{text, on})
		}
	}
	for _, c := range pairs {
		text, on := palette[c.text], palette[c.on]
		for look, two := range map[string][2]color.NRGBA{"dark": {text.dark, on.dark}, "light": {text.light, on.light}} {
			if got := contrast(over(two[0], two[1]), two[1]); got < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f", look, c.text, c.on, got)
			}
		}
	}
	// A badge lies on any picture, the lightest one included.
	white := rgb(0xffffff)
	for _, text := range []fyne.ThemeColorName{OnBadge, OnBadgeStar} {
		if got := contrast(palette[text].dark, over(palette[Badge].dark, white)); got < 4.5 {
			t.Errorf("%s on a badge has a contrast of %.2f", text, got)
		}
	}
}

func TestModes(t *testing.T) {
	for _, c := range []struct {
		mode    Mode
		variant fyne.ThemeVariant
		want    color.Color
	}{
		{Dark, fynetheme.VariantLight, rgb(0x303030)},
		{Light, fynetheme.VariantDark, rgb(0xf2f2f2)},
		{System, fynetheme.VariantDark, rgb(0x303030)},
		{System, fynetheme.VariantLight, rgb(0xf2f2f2)},
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
