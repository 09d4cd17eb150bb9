// Package theme is how the application looks: the colours, measures and icons
// of its design, dark and light, as a Fyne theme that Fyne's own widgets
// follow and as names that the application's widgets ask for.
package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Mode says which of the two looks is shown.
type Mode string

// The modes. System follows the desktop's preference.
const (
	System Mode = ""
	Dark   Mode = "dark"
	Light  Mode = "light"
)

// Theme is the application's look. It is immutable; to change the mode, set
// another theme.
type Theme struct {
	mode Mode
}

var _ fyne.Theme = (*Theme)(nil)

// New returns the theme in the given mode. An unknown mode is System.
func New(mode Mode) *Theme { return &Theme{mode: mode} }

// Mode returns the mode that the theme was made with.
func (t *Theme) Mode() Mode { return t.mode }

// Color returns the colour for name; variant counts in the System mode alone.
// A name that is neither ours nor Fyne's gets Fyne's default.
func (t *Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch t.mode {
	case Dark:
		variant = fynetheme.VariantDark
	case Light:
		variant = fynetheme.VariantLight
	}
	p, ok := palette[name]
	switch {
	case !ok:
		return fynetheme.DefaultTheme().Color(name, variant)
	case variant == fynetheme.VariantLight:
		return p.light
	}
	return p.dark
}

// Size returns one of Fyne's sizes in this design.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := sizes[name]; ok {
		return s
	}
	return fynetheme.DefaultTheme().Size(name)
}

// Font returns the font for a style: Fyne's, which fall back to the system's
// for scripts that they lack.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	return fynetheme.DefaultTheme().Font(style)
}

// Icon returns the icon that Fyne's own widgets ask for: one of ours where
// there is one.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	if ours, ok := fyneIcons[name]; ok {
		return fynetheme.NewColoredResource(outline(ours), Text)
	}
	return fynetheme.DefaultTheme().Icon(name)
}

// Color returns the colour for name in the theme that is in use, or in the
// dark look where that is not ours.
func Color(name fyne.ThemeColorName) color.Color {
	app := fyne.CurrentApp()
	if app != nil {
		if t, ok := app.Settings().Theme().(*Theme); ok {
			return t.Color(name, app.Settings().ThemeVariant())
		}
	}
	return New(Dark).Color(name, fynetheme.VariantDark)
}
