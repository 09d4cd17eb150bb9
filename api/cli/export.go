package cli

import (
	"context"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/editor/export"
	"overpaint/editor/picture"
)

// copies is `overpaint export`: copies of pictures by a preset.
func copies(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	set := settings.OpenDefault().Current()
	text.Use(set.Language)
	r := newReport(stdout, stderr, false)
	c, err := parseCopies(args, set.Exports)
	if c.help {
		fmt.Fprintln(stdout, text.T("cli.usage"))
		return ExitDone
	}
	for _, path := range c.pictures {
		if err != nil {
			break
		}
		var made string
		if made, err = c.write(ctx, path); err == nil {
			fmt.Fprintln(stdout, made)
		}
	}
	return refuse(r, err)
}

// copying is what the command line says.
type copying struct {
	preset   export.Preset
	bounds   []string // the flags that say how large copies are: one at most
	help     bool
	pictures []string
}

// exportToggles and exportValues are the flags without and with a value.
const (
	exportToggles = " enlarge srgb strip "
	exportValues  = " preset long short width height percent sharpen format quality name out "
)

// parseCopies reads the arguments, as walk does. A preset holds wherever it stands; the
// other flags count before it.
func parseCopies(args []string, presets []export.Preset) (*copying, error) {
	c := &copying{preset: export.Preset{Format: export.Source, Quality: 90, Template: export.UsualTemplate}}
	var changes []func(*export.Preset)
	var err error
	c.pictures, err = walk(args, func(o *option) error {
		switch {
		case o.name == "h" || o.name == "help":
			c.help = true
		case !o.isInline && strings.Contains(exportToggles, " "+o.name+" "):
			changes = append(changes, toggled(o.name))
		case strings.Contains(exportValues, " "+o.name+" "):
			value, err := o.value()
			if err != nil {
				return err
			}
			if o.name == "preset" {
				return c.take(value, presets)
			}
			change := c.changed(o.name, value)
			if change == nil {
				return o.bad(value)
			}
			changes = append(changes, change)
		default:
			return o.unknown()
		}
		return nil
	})
	switch {
	case err != nil || c.help:
		return c, err
	case len(c.pictures) == 0:
		return c, api.InputError("cli.no_picture")
	case len(c.bounds) > 1:
		return c, api.InputError("cli.flags_both", "First", "-"+c.bounds[0], "Second", "-"+c.bounds[1])
	}
	for _, change := range changes {
		change(&c.preset)
	}
	return c, nil
}

// take takes a preset by its name, in any case.
func (c *copying) take(name string, presets []export.Preset) error {
	var names []string
	for _, p := range presets {
		if strings.EqualFold(p.Name, name) {
			c.preset = p
			return nil
		}
		names = append(names, p.Name)
	}
	return api.InputError("cli.export_preset", "Name", name, "Names", strings.Join(names, ", "))
}

// toggled is what a flag without a value changes.
func toggled(name string) func(*export.Preset) {
	return func(p *export.Preset) {
		switch name {
		case "enlarge":
			p.Enlarge = true
		case "srgb":
			p.SRGB = true
		case "strip":
			p.Strip = true
		}
	}
}

// changed is what a flag with a value changes, nil where it doesn't take that value.
func (c *copying) changed(name, value string) func(*export.Preset) {
	switch name {
	case "out":
		if folder, err := filepath.Abs(value); err == nil {
			return func(p *export.Preset) { p.Folder = folder }
		}
		return nil
	case "name":
		return func(p *export.Preset) { p.Template = value }
	case "format":
		f := picture.Format(value)
		if value != export.Source && !slices.Contains(picture.Formats(), f) {
			return nil
		}
		return func(p *export.Preset) { p.Format = value }
	case "sharpen":
		s := export.Sharpness(value)
		if value == "none" {
			s = export.None
		}
		if !slices.Contains(export.Degrees(), s) {
			return nil
		}
		return func(p *export.Preset) { p.Sharpen = s }
	}
	n, err := strconv.Atoi(value)
	most := map[string]int{"quality": 100, "percent": export.MaxPercent}[name]
	if most == 0 {
		most = export.MaxSide
	}
	if err != nil || n < 1 || n > most {
		return nil
	}
	if name == "quality" {
		return func(p *export.Preset) { p.Quality = n }
	}
	c.bounds = append(c.bounds, name)
	return func(p *export.Preset) { p.Bound, p.Size = export.Bound(name), n }
}

// write writes a copy of one picture and returns its path.
func (c *copying) write(ctx context.Context, path string) (string, error) {
	opened, _, err := (*fence)(nil).read(path)
	if err != nil {
		return "", job.OpenError(path, err)
	}
	return c.preset.Save(ctx, export.Original{
		Pixels: func() *image.NRGBA { return opened.Pix }, Size: opened.Size(), Meta: opened.Meta, Folder: filepath.Dir(path), Name: stemOf(path),
	}, time.Now())
}
