// Package recipe stores how an edit was made as a file, to make the same edit of other
// pictures or with another model. A recipe holds no key, address or path.
package recipe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"unicode/utf8"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
	"overpaint.dev/overpaint/editor/subject"
)

// Extension is the file name ending of recipes.
const Extension = ".overpaint-recipe"

// version is the version that is written, and the newest that is read.
const version = 1

// The limits of a file.
const (
	maxBytes  = 64 << 20
	maxPrompt = 100_000 // characters
	maxName   = 200     // bytes of the names of connections, models, fields and of their values
	maxFields = 64
	maxN      = 100
	maxPixels = 4096 // of context, growing and the like
)

// Recipe is how an edit was made. Zero fields were left open.
type Recipe struct {
	// Version is the format's version, set by Write and checked by Read.
	Version int    `json:"overpaint_recipe"`
	Prompt  string `json:"prompt,omitempty"`
	// Connection is the connection's name, or settings.Builtin; Model the service's model.
	Connection string `json:"connection,omitempty"`
	Model      string `json:"model,omitempty"`
	// N is the number of variants, Size is WxH in pixels.
	N    int    `json:"n,omitempty"`
	Size string `json:"size,omitempty"`
	Seed int64  `json:"seed,omitempty"`
	// Fields are further fields by their names in the request.
	Fields map[string]string `json:"fields,omitempty"`
	Spots  job.Spots         `json:"spots,omitempty"`
	// Whole reports whether the edit had no mask, All whether its whole answer was used.
	Whole  bool    `json:"whole,omitempty"`
	All    bool    `json:"all,omitempty"`
	Window *Window `json:"window,omitempty"`
	Blend  *Blend  `json:"blend,omitempty"`
	// Mask is a PNG (mask.EncodePNG) of the size of the picture that it was made on.
	Mask []byte `json:"mask,omitempty"`
	// Select are the marks of Quick selection, where the mask was made by these alone: on
	// another picture they select what lies there.
	Select []Mark `json:"select,omitempty"`
	// Find is the kind of subject that the mask is, where it is that alone, or its complement
	// where Inverted: on another picture that kind is looked for.
	Find     subject.Kind `json:"find,omitempty"`
	Inverted bool         `json:"inverted,omitempty"`
}

// Window says how the window to send was planned; see region.Options.
type Window struct {
	Context float64 `json:"context"`
	Min     int     `json:"min"`
	Grow    int     `json:"grow"`
}

// Blend says how answers were blended in; see region.Blend.
type Blend struct {
	Grow     int     `json:"grow"`
	Feather  int     `json:"feather"`
	Seam     int     `json:"seam"`
	Match    bool    `json:"match"`
	Opacity  float64 `json:"opacity"`
	Align    bool    `json:"align"`
	KeepMore bool    `json:"keep_more"`
	Counts   float64 `json:"counts"`
	Sharpen  bool    `json:"sharpen"`
	Grain    bool    `json:"grain"`
}

// spotsOf returns into how many windows the masks of other pictures are divided; tiles depend
// on the picture's size and are left open.
func spotsOf(s job.Spots) job.Spots {
	if s.Valid() {
		return s
	}
	return ""
}

// Of returns the recipe of an edit, by a connection of that name; m is nil or empty for none.
func Of(o job.Options, connection string, m *mask.Mask) (*Recipe, error) {
	b := Blend(o.Blend)
	r := &Recipe{
		Version: version, Prompt: o.Prompt, Connection: connection, Model: o.Model, N: o.N, Seed: o.Seed, Fields: o.Extra, Spots: spotsOf(o.Spots),
		Window: &Window{Context: o.Region.Context, Min: o.Region.Min, Grow: o.Region.Grow}, Blend: &b,
	}
	if o.Size != (image.Point{}) {
		r.Size = api.SizeName(o.Size)
	}
	if m == nil || m.Empty() {
		r.Whole, r.All = o.Whole, o.Whole && o.All
		return r, nil
	}
	var file bytes.Buffer
	if err := m.EncodePNG(&file); err != nil {
		return nil, err
	}
	r.Mask = file.Bytes()
	return r, nil
}

// Write writes the recipe as a file.
func (r *Recipe) Write(w io.Writer) error {
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(raw, '\n'))
	return err
}

// Open reads a recipe's file; name is its name in error messages. Errors are *api.Error of
// KindInput.
func Open(path, name string) (*Recipe, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, job.OpenError(name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return nil, job.OpenError(name, err)
	}
	return Read(data, name)
}

// Read parses what Write wrote; name is its name in error messages. Anything unknown is
// refused, since a partly understood recipe would cost money for something else.
func Read(data []byte, name string) (*Recipe, error) {
	if len(data) > maxBytes {
		return nil, api.InputError("input.recipe_long", "File", name, "Limit", maxBytes>>20)
	}
	var form struct {
		Version *int `json:"overpaint_recipe"`
	}
	if !utf8.Valid(data) || json.Unmarshal(data, &form) != nil || form.Version == nil || *form.Version < 1 {
		return nil, api.InputError("input.recipe_not", "File", name)
	}
	if *form.Version > version {
		return nil, api.InputError("input.recipe_newer", "File", name)
	}
	r := new(Recipe)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(r)
	if err == nil {
		err = r.check()
	}
	if err != nil {
		e := api.InputError("input.recipe_bad", "File", name, "Part", part(err))
		e.Cause = err
		return nil, e
	}
	return r, nil
}

// fault is the field whose value Read has refused.
type fault string

func (f fault) Error() string { return "recipe: bad " + string(f) }

// part returns the field that an error is about.
func part(err error) string {
	var f fault
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &f):
		return string(f)
	case errors.As(err, &kind):
		return kind.Field
	}
	name := ""
	if _, e := fmt.Sscanf(err.Error(), "json: unknown field %q", &name); e == nil {
		return name
	}
	return "mask" // the one that is more than a word: base64
}

// check checks all ranges.
func (r *Recipe) check() error {
	faults := map[string]bool{
		"prompt": utf8.RuneCountInString(r.Prompt) > maxPrompt, "connection": len(r.Connection) > maxName, "model": len(r.Model) > maxName,
		"n": r.N < 0 || r.N > maxN, "spots": r.Spots != "" && !r.Spots.Valid(), "whole": r.Whole && r.Mask != nil, "all": r.All && !r.Whole,
		"fields": len(r.Fields) > maxFields, "window": r.Window != nil && !r.Window.fits(), "blend": r.Blend != nil && !r.Blend.fits(),
	}
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		if faults[name] {
			return fault(name)
		}
	}
	for name, value := range r.Fields {
		if name == "" || len(name) > maxName || len(value) > maxName {
			return fault("fields")
		}
	}
	if _, ok := api.ParseSize(r.Size); r.Size != "" && !ok {
		return fault("size")
	}
	return r.checkMask()
}

// checkMask checks that the mask can be decoded, and that it fits Select.
func (r *Recipe) checkMask() error {
	if len(r.Select) > 0 && (r.Mask == nil || !selects(r.Select)) {
		return fault("select")
	}
	if r.Find != "" && (r.Mask == nil || len(r.Select) > 0 || !r.Find.Valid()) {
		return fault("find")
	}
	if r.Inverted && r.Find == "" {
		return fault("inverted")
	}
	if r.Mask == nil {
		return nil
	}
	header, err := png.DecodeConfig(bytes.NewReader(r.Mask))
	if err != nil || int64(header.Width)*int64(header.Height) > picture.DefaultLimits.MaxPixels {
		return fault("mask")
	}
	return nil
}

func within(most int, values ...int) bool {
	for _, v := range values {
		if v < 0 || v > most {
			return false
		}
	}
	return true
}

func (w *Window) fits() bool {
	return w.Context >= 0 && w.Context <= maxPixels && within(maxPixels, w.Min, w.Grow)
}

func (b *Blend) fits() bool {
	return within(maxPixels, b.Grow, b.Feather, b.Seam) && b.Opacity >= 0 && b.Opacity <= 1 && math.Abs(b.Counts) <= 1
}

// MaskFor returns the mask scaled to a picture's size, or nil where the recipe has none. name
// is the recipe's name in error messages.
func (r *Recipe) MaskFor(size image.Point, name string) (*mask.Mask, error) {
	if r.Mask == nil {
		return nil, nil
	}
	header, err := png.DecodeConfig(bytes.NewReader(r.Mask))
	if err == nil {
		var m *mask.Mask
		if m, err = mask.Decode(r.Mask, image.Pt(header.Width, header.Height)); err == nil {
			return m.Scaled(size), nil
		}
	}
	e := api.InputError("input.recipe_bad", "File", name, "Part", "mask")
	e.Cause = err
	return nil, e
}

// Fill sets the options of an edit from the recipe, except for prompt and model. Fields that
// the profile doesn't have are left out, and N is limited to what it allows.
func (r *Recipe) Fill(o *job.Options, p api.Profile) {
	o.N = min(r.N, p.MaxN)
	if size, ok := api.ParseSize(r.Size); ok && p.Allows(size) {
		o.Size = size
	}
	o.Seed, o.All = r.Seed, r.All
	if r.Spots != "" {
		o.Spots = r.Spots
	}
	for name, value := range r.Fields {
		if _, ok := p.Options[name]; ok {
			if o.Extra == nil {
				o.Extra = map[string]string{}
			}
			o.Extra[name] = value
		}
	}
	if w := r.Window; w != nil {
		o.Region.Context, o.Region.Min, o.Region.Grow = w.Context, w.Min, w.Grow
	}
	if r.Blend != nil {
		o.Blend = region.Blend(*r.Blend)
	}
}
