package dialogs

import (
	"image"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/widgets"
)

// limitFields hold the limits by which a connection differs from its profile. An empty field
// means the profile's own limit, which it shows.
type limitFields struct {
	file, prompt, variants, images, sizes *widgets.Field
	shape, bare                           *widgets.Check
	profiles                              *profile.Set
}

func newLimitFields(d *settingsSheet) limitFields {
	whole := func(set func(*settings.Overrides, int), most int) *widgets.Field {
		return d.bound(func(c *settings.Connection, s string) {
			n, err := strconv.Atoi(s)
			if err != nil || n < 1 || n > most {
				n = 0
			}
			set(&c.Limits, n)
		})
	}
	return limitFields{
		profiles: d.known(),
		file:     d.bound(func(c *settings.Connection, s string) { c.Limits.ImageBytes = int64(amount(s) * 1e6) }),
		prompt:   whole(func(o *settings.Overrides, n int) { o.PromptChars = n }, 1_000_000),
		variants: whole(func(o *settings.Overrides, n int) { o.MaxN = n }, 10),
		images:   whole(func(o *settings.Overrides, n int) { o.Images = n }, 64),
		sizes:    d.bound(func(c *settings.Connection, s string) { c.Limits.Sizes = sizesOf(s) }),
		shape: widgets.NewCheck(text.T("dialog.limit.shape"), func(on bool) {
			d.change(func(c *settings.Connection) { c.Limits.AnyShape = on })
		}),
		bare: widgets.NewCheck(text.T("dialog.limit.no_mask"), func(on bool) {
			d.change(func(c *settings.Connection) { c.Limits.NoMask = on })
		}),
	}
}

func (f limitFields) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{
		widgets.Halves(theme.Gap, labeled("limit.file", f.file), labeled("limit.prompt", f.prompt)),
		widgets.Halves(theme.Gap, labeled("limit.variants", f.variants), labeled("limit.images", f.images)),
		labeled("limit.sizes", f.sizes), f.shape, f.bare,
	}
}

// show puts a connection's limits into the fields, with its profile's as what
// an empty field means.
func (f limitFields) show(c settings.Connection) {
	p := f.profiles.For(c.Model, c.Profile)
	hint := func(field *widgets.Field, own, profile string) {
		field.SetPlaceHolder(profile)
		field.SetText(own)
	}
	o := c.Limits
	hint(f.file, number(float64(o.ImageBytes)/1e6), number(float64(p.ImageBytes)/1e6))
	hint(f.prompt, number(float64(o.PromptChars)), number(float64(p.PromptChars)))
	hint(f.variants, number(float64(o.MaxN)), number(float64(p.MaxN)))
	hint(f.images, number(float64(o.Images)), number(float64(p.Images)))
	hint(f.sizes, sizeNames(o.Sizes), sizeNames(p.Sizes))
	f.shape.SetChecked(o.AnyShape)
	f.bare.SetChecked(o.NoMask)
}

// sizesOf reads sizes with anything but digits and x between them.
func sizesOf(s string) []image.Point {
	var all []image.Point
	for _, word := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r != 'x' && (r < '0' || r > '9') }) {
		if size, ok := api.ParseSize(word); ok && size.X <= 8192 && size.Y <= 8192 {
			all = append(all, size)
		}
	}
	return all
}

func sizeNames(sizes []image.Point) string {
	names := make([]string, len(sizes))
	for i, s := range sizes {
		names[i] = api.SizeName(s)
	}
	return strings.Join(names, ", ")
}
