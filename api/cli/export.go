package cli

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/export"
	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// copies is `overpaint export`: it writes copies of pictures by a preset, and goes on after
// one that fails.
func copies(ctx context.Context, set *settings.Store, args []string, stdout, stderr io.Writer) int {
	r := newReport("export", stdout, stderr, false)
	c, err := parseCopies(args, set.Current().Exports)
	if helped(err, "export", stdout) {
		return ExitDone
	}
	if err != nil {
		return refuse(r, err)
	}
	end := ExitDone
	for i, path := range c.pictures {
		if ctx.Err() != nil {
			return refuse(r, ctx.Err())
		}
		made, err := c.write(ctx, r, path, i+1)
		if err == nil {
			fmt.Fprintln(stdout, made)
			continue
		}
		fault := api.AsError(err)
		r.fail(fault)
		if end = ExitTrouble; len(c.pictures) == 1 || fault.Kind == api.KindCancelled {
			return status(fault, fault.Kind == api.KindLocal)
		}
	}
	return end
}

// copying is the parsed command line.
type copying struct {
	preset   export.Preset
	bounds   []string // the flags for the size of copies: at most one
	enlarge  bool     // -enlarge was given
	quality  bool     // -quality was given
	label    bool     // copies without metadata keep the label of AI-generated content
	pictures []string
}

// exportToggles and exportValues are the flags without and with a value.
const (
	exportToggles = " enlarge srgb strip "
	exportValues  = " preset long short width height size percent sharpen format quality name out "
)

// parseCopies reads the arguments, as walk does. Other flags override the preset, wherever
// it is on the command line.
func parseCopies(args []string, presets []export.Preset) (*copying, error) {
	c := &copying{preset: export.Preset{Format: export.Source, Quality: 90, Template: export.UsualTemplate}, label: true}
	var changes []func(*export.Preset)
	var err error
	c.pictures, err = walk(args, func(o *option) error {
		change, err := c.option(o, presets)
		if change != nil {
			changes = append(changes, change)
		}
		return err
	})
	switch {
	case err != nil:
		return c, err
	case len(c.pictures) == 0:
		return c, api.InputError("cli.no_picture")
	case len(c.bounds) > 1:
		return c, api.InputError("cli.flags_both", "First", "-"+c.bounds[0], "Second", "-"+c.bounds[1])
	}
	for _, change := range changes {
		change(&c.preset)
	}
	return c, c.effective()
}

// effective refuses flags that have no effect on the copies.
func (c *copying) effective() error {
	p := &c.preset
	larger := p.Bound != export.Own && (p.Bound != export.Percent || p.Size > 100) // than the picture
	switch format := picture.Format(p.Format); {
	case c.enlarge && !larger:
		return api.InputError("cli.enlarge_size")
	case slices.Contains(c.bounds, "percent") && larger && !p.Enlarge:
		return api.InputError("cli.flag_needs", "Flag", fmt.Sprintf("-percent %d", p.Size), "Other", "-enlarge")
	case c.quality && p.Format != export.Source && format != picture.JPEG && format != picture.WebP:
		return api.InputError("cli.flag_format", "Flag", "-quality", "Format", string(format))
	}
	return nil
}

// option reads one flag and returns its change of the preset, nil for none.
func (c *copying) option(o *option, presets []export.Preset) (func(*export.Preset), error) {
	switch {
	case !o.isInline && strings.Contains(exportToggles, " "+o.name+" "):
		c.enlarge = c.enlarge || o.name == "enlarge"
		return toggled(o.name), nil
	case o.name == "label":
		return nil, o.on(&c.label)
	case !strings.Contains(exportValues, " "+o.name+" "):
		return nil, o.unknown()
	}
	value, err := o.value()
	if err != nil {
		return nil, err
	}
	if o.name == "preset" {
		return nil, c.take(value, presets)
	}
	if o.name == "out" && picture.Named(value) && !isFolder(value) {
		return nil, api.InputError("cli.folder_name", "File", value)
	}
	if o.name == "name" {
		if err := checkTemplate(value); err != nil {
			return nil, err
		}
	}
	change := c.changed(o.name, value)
	if change == nil {
		return nil, o.bad(value)
	}
	return change, nil
}

// checkTemplate checks that a template for names has no folders, and only placeholders that
// there are.
func checkTemplate(template string) error {
	if strings.ContainsAny(template, `/\`) {
		return api.InputError("cli.name_folder", "Name", template)
	}
	if unknown := export.Unknown(template); unknown != "" {
		return api.InputError("cli.name_place", "Place", unknown, "Places", strings.Join(export.Placeholders(), ", "))
	}
	return nil
}

// take selects a preset by its name, in any case.
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

// toggled returns the change of a flag without a value.
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

// changed returns the change of a flag with a value, nil where the value is invalid.
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
	case "size":
		return c.exactly(value)
	}
	return c.numbered(name, value)
}

// numbered returns the change of a flag whose value is an integer, nil where the value is
// invalid.
func (c *copying) numbered(name, value string) func(*export.Preset) {
	n, err := strconv.Atoi(value)
	most := map[string]int{"quality": 100, "percent": export.MaxPercent}[name]
	if most == 0 {
		most = export.MaxSide
	}
	if err != nil || n < 1 || n > most {
		return nil
	}
	if name == "quality" {
		c.quality = true
		return func(p *export.Preset) { p.Quality = n }
	}
	c.bounds = append(c.bounds, name)
	return func(p *export.Preset) { p.Bound, p.Size = export.Bound(name), n }
}

// exactly returns the change of -size WxH, nil where the value is invalid.
func (c *copying) exactly(value string) func(*export.Preset) {
	w, h, _ := strings.Cut(value, "x")
	width, errW := strconv.Atoi(w)
	height, errH := strconv.Atoi(h)
	if errW != nil || errH != nil || min(width, height) < 1 || max(width, height) > export.MaxSide {
		return nil
	}
	c.bounds = append(c.bounds, "size")
	return func(p *export.Preset) { p.Bound, p.Size, p.Tall = export.Exact, width, height }
}

// write writes a copy of the nth picture and returns its path.
func (c *copying) write(ctx context.Context, r *report, path string, n int) (string, error) {
	opened, _, err := (*fence)(nil).read(path)
	if err != nil {
		return "", openError(path, err)
	}
	r.notes(opened)
	made, err := c.preset.Save(ctx, export.Original{
		Pixels: func() *image.NRGBA { return opened.Pix }, Size: opened.Size(), Meta: opened.Meta, Folder: filepath.Dir(path), Name: stemOf(path),
		Number: n, Unlabelled: !c.label,
	}, time.Now())
	if errors.Is(err, file.ErrName) {
		err = api.InputError("dialog.file.bad_name", "Name", filepath.Base(made))
	}
	return made, err
}
