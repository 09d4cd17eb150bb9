// Package recipe is how one edit was made, as a file: to make the same edit of other
// pictures, or by another model. It holds no key, no address and no path.
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

// Extension is the ending of recipes' files.
const Extension = ".overpaint-recipe"

// version is that of the files that are written, and the largest that is read.
const version = 1

// What a file may have at most.
const (
	maxBytes  = 64 << 20
	maxPrompt = 100_000 // characters
	maxName   = 200     // bytes of the names of connections, models, fields and of their values
	maxFields = 64
	maxN      = 100
	maxPixels = 4096 // of context, growing and the like
)

// Recipe is how an edit was made. What is zero was left open.
type Recipe struct {
	// Version is of the form; Read and Write see to it.
	Version int    `json:"overpaint_recipe"`
	Prompt  string `json:"prompt,omitempty"`
	// Connection is what the person calls the service, or settings.Builtin; Model the
	// service's model.
	Connection string `json:"connection,omitempty"`
	Model      string `json:"model,omitempty"`
	// N is how many variants were asked for, Size is WxH.
	N    int    `json:"n,omitempty"`
	Size string `json:"size,omitempty"`
	Seed int64  `json:"seed,omitempty"`
	// Fields are further ones by their names on the wire.
	Fields map[string]string `json:"fields,omitempty"`
	Spots  job.Spots         `json:"spots,omitempty"`
	// Whole reports an edit without a mask, All that all of its answer was taken.
	Whole  bool    `json:"whole,omitempty"`
	All    bool    `json:"all,omitempty"`
	Window *Window `json:"window,omitempty"`
	Blend  *Blend  `json:"blend,omitempty"`
	// Mask is a PNG (mask.EncodePNG), as large as the picture that it was made on.
	Mask []byte `json:"mask,omitempty"`
	// Select is what Quick selection made the mask from, where it alone did: on another
	// picture it selects what lies there.
	Select []Mark `json:"select,omitempty"`
	// Find is what the mask was found as, where it is that alone, or all but that where
	// Inverted: on another picture what is there of the kind is found.
	Find     subject.Kind `json:"find,omitempty"`
	Inverted bool         `json:"inverted,omitempty"`
}

// Window is how the window to send was planned; see region.Options.
type Window struct {
	Context float64 `json:"context"`
	Min     int     `json:"min"`
	Grow    int     `json:"grow"`
}

// Blend is how answers were laid in; see region.Blend.
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

// spotsOf is in how many windows other pictures' masks are sent as this one's; tiles belong to the size
// of one picture and leave it open.
func spotsOf(s job.Spots) job.Spots {
	if s.Valid() {
		return s
	}
	return ""
}

// Of returns the recipe of an edit with a mask, which is nil or empty for none, by a
// connection that the person calls so.
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

// Open reads a recipe's file; name is what sentences call it. Errors are *api.Error of
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

// Read reads what Write wrote. What isn't just that is refused: a recipe that is
// understood in part would cost money for something else than was meant.
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

// fault is Read's when a field has what it can't have.
type fault string

func (f fault) Error() string { return "recipe: bad " + string(f) }

// part names the field that an error is about.
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

// check sees that everything is within its range.
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

// checkMask sees that the mask can be read, and that what it was selected from fits it.
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

// MaskFor returns the mask for a picture of some size, to which it is stretched, or nil
// where the recipe has none. name is what sentences call the recipe.
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

// Fill puts what the recipe says into the options of an edit by a model with a profile:
// beside the prompt and the model, which name what is asked of whom. What the profile
// doesn't have is left out, and more variants than it makes become as many as it makes.
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
