package profile

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"image"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/region"
)

// file is the JSON form of a profile. Fields that are left out are as in the profile named by
// Like, or else without a limit.
type file struct {
	name string // of the file itself

	// ID is the profile's permanent name: letters, digits, dots and dashes.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Like is the ID of a built-in profile whose fields are the defaults.
	Like   string   `json:"like,omitempty"`
	Models []string `json:"models,omitempty"`
	Source string   `json:"source,omitempty"`
	Date   string   `json:"date,omitempty"`

	ImageBytes  *int64 `json:"image_bytes,omitempty"`
	Images      *int   `json:"images,omitempty"`
	PromptChars *int   `json:"prompt_chars,omitempty"`
	MaxN        *int   `json:"max_n,omitempty"`
	// OneEach reports whether a request makes one picture and has no field n.
	OneEach *bool `json:"one_each,omitempty"`
	// Sizes are written as in requests ("1024x1024"), with "auto" where the size may be left
	// open.
	Sizes  *[]string `json:"sizes,omitempty"`
	Square *bool     `json:"square,omitempty"`
	// NoSize reports whether there is no field for the size.
	NoSize *bool `json:"no_size,omitempty"`
	// AnySize allows sizes besides Sizes.
	AnySize *anySize `json:"any_size,omitempty"`
	// Fixed removes any_size of the profile named by Like.
	Fixed           bool                 `json:"fixed_sizes,omitempty"`
	ResponseFormats *[]string            `json:"response_formats,omitempty"`
	Options         *map[string][]string `json:"options,omitempty"`
	Partials        *int                 `json:"partial_images,omitempty"`
	// Mask says what happens to the mask: "sent", "needed" (an edit without one is refused) or
	// "none".
	Mask string `json:"mask,omitempty"`
	// IdempotencyHeader is the header that identifies a request, so that the service charges it
	// once however often it is sent.
	IdempotencyHeader *string `json:"idempotency_header,omitempty"`
	// TransparentIsMask reports whether a picture's own transparency is its mask.
	TransparentIsMask *bool `json:"transparent_is_mask,omitempty"`
}

// anySize are the rules for custom sizes.
type anySize struct {
	Multiple  int     `json:"multiple"`
	MaxRatio  float64 `json:"max_ratio,omitempty"`
	MaxSide   int     `json:"max_side,omitempty"`
	MinPixels int     `json:"min_pixels,omitempty"`
	MaxPixels int     `json:"max_pixels,omitempty"`
}

// valid reports whether the rules are within their ranges and agree with each other.
func (a *anySize) valid() bool {
	return a.Multiple >= 1 && a.Multiple <= 1024 && (a.MaxRatio == 0 || a.MaxRatio >= 1 && a.MaxRatio <= 100) &&
		a.MaxSide >= 0 && a.MaxSide <= region.MaxSide && a.MinPixels >= 0 && (a.MaxPixels == 0 || a.MaxPixels >= a.MinPixels)
}

// The largest file, and the most files of a folder, that are read.
const (
	mostBytes = 64 << 10
	mostFiles = 200
)

// read adds the profiles of a folder. Like is looked up in base.
func (s *Set) read(folder fs.FS, dir string, own bool, base *Set) []error {
	names, err := fs.Glob(folder, path.Join(dir, "*.json"))
	if err != nil {
		return []error{err}
	}
	var errs []error
	var waiting []file
	for _, name := range names[:min(len(names), mostFiles)] {
		f, err := readFile(folder, name)
		if err != nil {
			errs = append(errs, passedOver(name, err))
			continue
		}
		f.name = path.Base(name)
		waiting = append(waiting, f)
	}
	// The empty name is before all others: what others are like comes first.
	slices.SortStableFunc(waiting, func(a, b file) int { return cmp.Compare(a.Like, b.Like) })
	for _, f := range waiting {
		e, err := f.entry(base, own)
		if err != nil {
			errs = append(errs, passedOver(f.name, err))
			continue
		}
		s.list = append(s.list, e)
	}
	return errs
}

// passedOver returns the error for a file that is no valid profile, with a sentence that names
// it and says why.
func passedOver(name string, err error) error {
	var e *api.Error
	if !errors.As(err, &e) {
		e = notRead(err)
	}
	e.Sentence.Args = append([]any{"File", path.Base(name)}, e.Sentence.Args...)
	return e
}

// notRead returns the error for a file that couldn't be read, or not as JSON.
func notRead(err error) *api.Error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	e := api.InputError("error.profile_unreadable")
	switch field, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); { // which has no type
	case unknown:
		e = api.InputError("error.profile_field", "Field", strings.Trim(field, `"`))
	case errors.As(err, &kind) && kind.Field != "":
		e = api.InputError("error.profile_kind", "Field", kind.Field)
	case errors.As(err, &kind), errors.As(err, &syntax), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e = api.InputError("error.profile_json")
	}
	e.Cause = err
	return e
}

func readFile(folder fs.FS, name string) (file, error) {
	in, err := folder.Open(name)
	if err != nil {
		return file{}, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, mostBytes+1))
	if err != nil {
		return file{}, err
	}
	return parse(data)
}

var identifier = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,63}$`)

// parse parses a profile's file. Unknown fields are refused, since a misspelt limit would not
// be applied.
func parse(data []byte) (file, error) {
	var f file
	if len(data) > mostBytes {
		return f, api.InputError("error.profile_long", "Most", mostBytes)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return f, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return f, api.InputError("error.profile_more")
	}
	if !identifier.MatchString(f.ID) {
		return f, api.InputError("error.profile_id", "ID", f.ID)
	}
	return f, nil
}

// entry returns the entry of the file. Like is looked up in base.
func (f file) entry(base *Set, own bool) (Entry, error) {
	e := Entry{Profile: api.Profile{NeedsPrompt: true, ReadsPrompt: true}, Source: f.Source, Date: f.Date, Own: own}
	if f.Like != "" {
		like, ok := base.ByID(f.Like)
		if !ok {
			return e, api.InputError("error.profile_like", "Like", f.Like)
		}
		e.Profile = like.Profile
	}
	e.ID, e.Name = f.ID, f.Name
	if e.Name == "" {
		e.Name = f.ID
	}
	if f.ID == api.Builtin().ID {
		return e, api.InputError("error.profile_builtin", "ID", f.ID)
	}
	for _, m := range f.Models {
		if m = plainName(m); m != "" {
			e.Models = append(e.Models, m)
		}
	}
	if err := f.limits(&e.Profile); err != nil {
		return e, err
	}
	return e, f.fields(&e.Profile)
}

// limits sets the numbers and sizes of the file.
func (f file) limits(p *api.Profile) error {
	for _, n := range []struct {
		from *int
		to   *int
		name string
		most int
	}{
		{f.Images, &p.Images, "images", 100},
		{f.PromptChars, &p.PromptChars, "prompt_chars", 10_000_000},
		{f.MaxN, &p.MaxN, "max_n", 100},
		{f.Partials, &p.Partials, "partial_images", 10},
	} {
		if n.from == nil {
			continue
		}
		if *n.from < 0 || *n.from > n.most {
			return api.InputError("error.profile_number", "Field", n.name, "Most", n.most)
		}
		*n.to = *n.from
	}
	p.Stream = p.Partials > 0
	if f.ImageBytes != nil {
		if *f.ImageBytes < leastBytes {
			return api.InputError("error.profile_bytes", "Least", leastBytes)
		}
		p.ImageBytes = *f.ImageBytes
	}
	for _, b := range []struct{ from, to *bool }{
		{f.Square, &p.Square}, {f.NoSize, &p.NoSize}, {f.OneEach, &p.Single}, {f.TransparentIsMask, &p.Cuts},
	} {
		if b.from != nil {
			*b.to = *b.from
		}
	}
	if f.IdempotencyHeader != nil {
		if *f.IdempotencyHeader != "" && !headerName.MatchString(*f.IdempotencyHeader) {
			return api.InputError("error.profile_header", "Name", *f.IdempotencyHeader)
		}
		p.IdempotencyHeader = *f.IdempotencyHeader
	}
	return f.sizes(p)
}

// headerName matches allowed names of the idempotency header, which exclude those that the
// program or HTTP sets.
var headerName = regexp.MustCompile(`(?i)^(x-)?([a-z0-9]+-)*(idempotency|request|deduplication)-(key|id|token)$`)

// leastBytes is the smallest limit on a picture's file, in bytes, that a profile may set.
const leastBytes = 100_000

// sizes sets the sizes that the model makes.
func (f file) sizes(p *api.Profile) error {
	if f.Sizes != nil {
		if err := listedSizes(p, *f.Sizes); err != nil {
			return err
		}
	}
	if f.Fixed {
		p.Multiple, p.MaxRatio, p.MaxSide, p.MinPixels, p.MaxPixels = 0, 0, 0, 0, 0
	}
	a := f.AnySize
	if a == nil {
		return nil
	}
	if !a.valid() {
		return api.InputError("error.profile_rules")
	}
	p.Multiple, p.MaxRatio, p.MaxSide, p.MinPixels, p.MaxPixels = a.Multiple, a.MaxRatio, a.MaxSide, a.MinPixels, a.MaxPixels
	size := p.Nearest(image.Pt(1024, 1024))
	if size == (image.Point{}) {
		return api.InputError("error.profile_no_size")
	}
	if len(p.Sizes) == 0 {
		p.Sizes = []image.Point{size}
	}
	return nil
}

// listedSizes parses a list of sizes, in which "auto" leaves the size open.
func listedSizes(p *api.Profile, names []string) error {
	p.Sizes, p.Auto = nil, false
	for _, name := range names {
		if name == "auto" {
			p.Auto = true
			continue
		}
		size, ok := api.ParseSize(name)
		if !ok || max(size.X, size.Y) > region.MaxSide || p.Square && size.X != size.Y {
			return api.InputError("error.profile_size", "Size", name)
		}
		if !slices.Contains(p.Sizes, size) {
			p.Sizes = append(p.Sizes, size)
		}
	}
	return nil
}

// fieldName matches allowed names of optional fields; those that the program itself sends are
// not allowed.
var fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

var taken = []string{"image", "mask", "prompt", "model", "n", "size", "response_format", "user", "stream", "partial_images"}

func (f file) fields(p *api.Profile) error {
	if f.ResponseFormats != nil {
		p.ResponseFormats = slices.Clone(*f.ResponseFormats)
		for _, v := range p.ResponseFormats {
			if v != "url" && v != "b64_json" {
				return api.InputError("error.profile_format", "Value", v)
			}
		}
	}
	if f.Options != nil {
		p.Options = map[string][]string{}
		for name, values := range *f.Options {
			if !fieldName.MatchString(name) || slices.Contains(taken, name) {
				return api.InputError("error.profile_option", "Field", name)
			}
			p.Options[name] = slices.Clone(values)
		}
	}
	switch f.Mask {
	case "":
	case "sent":
		p.Whole, p.NoMask = true, false
	case "needed":
		p.Whole, p.NoMask = false, false
	case "none":
		p.Whole, p.NoMask = true, true
	default:
		return api.InputError("error.profile_mask", "Value", f.Mask)
	}
	return nil
}
