package panel

import (
	"fmt"
	"image"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// sizeChoice is the drop-down of sizes, with two fields for a custom size where the profile
// allows that.
type sizeChoice struct {
	changed  func(image.Point)
	dropdown *widgets.Dropdown
	custom   *fyne.Container
	w, h     *widgets.NumberField
	profile  api.Profile
}

const (
	autoSize   = "auto"
	customSize = "custom"
)

func newSizeChoice() *sizeChoice {
	c := &sizeChoice{
		dropdown: widgets.NewDropdown(), w: widgets.NewNumberField(16, 8192, "").Bordered(),
		h: widgets.NewNumberField(16, 8192, "").Bordered(),
	}
	c.w.SetValue(1024)
	c.h.SetValue(1024)
	c.custom = widgets.Halves(theme.Gap, widgets.Labeled(widgets.NewLabel(text.T("ui.width")), c.w),
		widgets.Labeled(widgets.NewLabel(text.T("ui.height")), c.h))
	c.custom.Hide()
	c.dropdown.OnChanged = func(string) { c.tell() }
	typed := func(float64) { c.tell() }
	c.w.OnChanged, c.h.OnChanged = typed, typed
	return c
}

func sizeText(s image.Point) string { return fmt.Sprintf("%d × %d", s.X, s.Y) }

func (c *sizeChoice) setProfile(p api.Profile) {
	c.profile = p
	var list []widgets.Option
	if p.Auto {
		list = append(list, widgets.Option{ID: autoSize, Text: text.T("ui.auto")})
	}
	for _, s := range p.Sizes {
		list = append(list, widgets.Option{ID: sizeText(s), Text: sizeText(s)})
	}
	if p.Multiple > 0 {
		list = append(list, widgets.Option{ID: customSize, Text: text.T("ui.custom")})
		c.w.SetRange(float64(p.Multiple), float64(max(p.MaxSide, 1024)))
		c.h.SetRange(float64(p.Multiple), float64(max(p.MaxSide, 1024)))
	}
	c.dropdown.SetOptions(list)
	show(c.custom, c.dropdown.Selected() == customSize)
}

// value returns the size; a custom one is rounded to the profile's multiple.
func (c *sizeChoice) value() image.Point {
	switch id := c.dropdown.Selected(); id {
	case autoSize:
		return image.Point{}
	case customSize:
		m := max(1, c.profile.Multiple)
		snap := func(v float64) int { return max(m, (int(v)+m/2)/m*m) }
		return image.Pt(snap(c.w.Value()), snap(c.h.Value()))
	default:
		for _, s := range c.profile.Sizes {
			if sizeText(s) == id {
				return s
			}
		}
	}
	return image.Point{}
}

func (c *sizeChoice) tell() {
	show(c.custom, c.dropdown.Selected() == customSize)
	v := c.value()
	if c.dropdown.Selected() == customSize {
		c.w.SetValue(float64(v.X))
		c.h.SetValue(float64(v.Y))
	}
	call(c.changed, v)
}

func (c *sizeChoice) selectSize(s image.Point) {
	id := sizeText(s)
	if s == (image.Point{}) {
		id = autoSize
	}
	c.dropdown.Select(id)
	if c.dropdown.Selected() != id && c.profile.Multiple > 0 && s != (image.Point{}) {
		c.dropdown.Select(customSize)
		c.w.SetValue(float64(s.X))
		c.h.SetValue(float64(s.Y))
	}
	show(c.custom, c.dropdown.Selected() == customSize)
}
