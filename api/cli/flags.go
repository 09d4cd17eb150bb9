package cli

import (
	"context"
	"image"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// flags is edit's parsed command line. given holds the names of the flags on it.
type flags struct {
	mask, prompt, baseURL, model, profile, dialect string
	n, size, format, user, seed                    string
	extend, out, spots, image, recipe              string
	quality, background, fidelity                  string
	outputFormat, compression, partials            string
	references, engines                            []string
	// spotPrompts are the spots' own prompts in the order of the windows, "" where there is none.
	spotPrompts []string
	// lines are the guide lines, in pixels of the picture before it is extended.
	lines [][]image.Point
	// images are the named pictures and folders, image the picture of one edit. folder and
	// suffix are added to the folder and the names of its results where there are several
	// pictures or engines.
	images         []string
	folder, suffix string
	folders        *madeFolders // or nil
	// fence, unless nil, restricts the files that may be read; area, unless nil, makes the
	// mask. With either, the whole picture is edited where nothing is masked or transparent.
	fence  *fence
	area   func(context.Context, *document.State) (*mask.Mask, error)
	either bool
	// made is the recipe of -recipe, or nil; other flags override it.
	made *recipe.Recipe
	// concurrency is how many pictures are edited at once, maxCost the most that all may cost.
	concurrency, maxCost string
	// fileFormat and fileQuality are those of the results' files, "" for the picture's own
	// format and 0 for the default quality.
	fileFormat                     string
	fileQuality                    int
	sampling                       string // of JPEG, "" for the picture's own or the default
	strip, label                   bool
	json, unrecorded               bool
	align, keepMore, whole, noMask bool
	recursive, resume              bool
	sharpen, grain, tiles          bool
	given                          map[string]bool
}

// parse reads edit's arguments, as walk does.
func parse(args []string) (*flags, error) {
	f := &flags{out: ".", spots: string(job.SpotsAuto), label: true, given: map[string]bool{}}
	values := map[string]*string{
		"mask": &f.mask, "prompt": &f.prompt, "base-url": &f.baseURL, "model": &f.model, "profile": &f.profile, "dialect": &f.dialect,
		"n": &f.n, "size": &f.size, "response-format": &f.format, "user": &f.user, "seed": &f.seed,
		"extend": &f.extend, "out": &f.out, "spots": &f.spots, "format": &f.fileFormat, "sampling": &f.sampling,
		"quality": &f.quality, "background": &f.background, "input-fidelity": &f.fidelity,
		"output-format": &f.outputFormat, "output-compression": &f.compression, "partial-images": &f.partials,
		"concurrency": &f.concurrency, "max-cost": &f.maxCost, "recipe": &f.recipe,
	}
	switches := map[string]*bool{
		"json": &f.json, "unrecorded": &f.unrecorded, "align": &f.align, "sharpen": &f.sharpen, "grain": &f.grain, "tiles": &f.tiles,
		"keep-more": &f.keepMore, "whole": &f.whole, "no-mask": &f.noMask, "strip": &f.strip, "label": &f.label, "r": &f.recursive, "resume": &f.resume,
	}
	repeated := map[string]func(string) error{
		"spot-prompt": f.spotPrompt, "line": f.line, "reference": appendTo(&f.references), "engine": appendTo(&f.engines),
	}
	pictures, err := walk(args, func(o *option) error {
		f.given[o.name] = true
		if on, ok := switches[o.name]; ok {
			return o.on(on)
		}
		to, once := values[o.name]
		take, ok := repeated[o.name]
		if !once && !ok {
			return o.unknown()
		}
		value, err := o.value()
		if err != nil {
			return err
		}
		if once {
			*to = value
			return nil
		}
		return take(value)
	})
	if err != nil {
		return f, err
	}
	if err := f.files(); err != nil {
		return f, err
	}
	return f, f.take(pictures)
}

// appendTo returns a function that appends values to a list.
func appendTo(list *[]string) func(string) error {
	return func(value string) error {
		*list = append(*list, value)
		return nil
	}
}

// take stores the named pictures, and refuses flags that don't work with several.
func (f *flags) take(pictures []string) error {
	if f.images = pictures; len(pictures) == 0 {
		return api.InputError("cli.no_picture")
	}
	f.image = pictures[0]
	switch {
	case f.tiles && f.many():
		return api.InputError("cli.tiles_many")
	case f.given["line"] && f.many():
		return api.InputError("cli.line_many")
	}
	return nil
}

// useRecipe reads -recipe. Its prompt, service and model are used where no flag gives
// another; the model is used only with the recipe's own service.
func (f *flags) useRecipe() error {
	if !f.given["recipe"] {
		return nil
	}
	r, err := recipe.Open(f.recipe, filepath.Base(f.recipe))
	if err != nil {
		return err
	}
	f.made = r
	if !f.given["prompt"] {
		f.prompt = r.Prompt
	}
	if len(f.engines) == 0 && !f.given["base-url"] && r.Connection != "" {
		f.engines = []string{r.Connection}
		if r.Model != "" && r.Connection != settings.Builtin && !f.given["model"] {
			f.model, f.given["model"] = r.Model, true
		}
	}
	if r.Whole && !f.given["whole"] && !f.given["mask"] && !f.given["extend"] && !f.tiles {
		f.whole = true
	}
	return nil
}

// spotPrompt reads one -spot-prompt, N=TEXT.
func (f *flags) spotPrompt(value string) error {
	number, words, ok := strings.Cut(value, "=")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || n > region.MaxSpots {
		return badValue("spot-prompt", value)
	}
	for len(f.spotPrompts) < n {
		f.spotPrompts = append(f.spotPrompts, "")
	}
	f.spotPrompts[n-1] = words
	return nil
}

// farthest is the largest coordinate, in pixels, that a flag takes: no picture is longer.
const farthest = 1 << 24

// line reads one -line, X,Y X,Y ....
func (f *flags) line(value string) error {
	var line []image.Point
	for _, corner := range strings.Fields(value) {
		x, y, ok := strings.Cut(corner, ",")
		px, err := strconv.Atoi(x)
		py, err2 := strconv.Atoi(y)
		if !ok || err != nil || err2 != nil || max(px, -px, py, -py) > farthest {
			return badValue("line", value)
		}
		line = append(line, image.Pt(px, py))
	}
	if f.lines = append(f.lines, line); !document.ValidLines(f.lines) {
		return badValue("line", value)
	}
	return nil
}

// isBuiltin reports whether a name of an engine is that of the built-in one.
func isBuiltin(name string) bool { return strings.EqualFold(name, settings.Builtin) }

// engine is the one engine of an edit.
func (f *flags) engine() string {
	if len(f.engines) == 0 {
		return settings.Builtin
	}
	return f.engines[0]
}

// many reports whether the command line may mean more than one edit.
func (f *flags) many() bool {
	return len(f.images) > 1 || len(f.engines) > 1 || f.recursive || f.resume || f.given["max-cost"] || f.given["concurrency"] || isFolder(f.image)
}

// files reads the flags for the results' files. -quality is the files' where it is a
// number, and a field of the model where it is a word.
func (f *flags) files() error {
	if n, err := strconv.Atoi(f.quality); err == nil {
		if n < 1 || n > 100 {
			return badValue("quality", f.quality)
		}
		f.fileQuality, f.quality = n, ""
		delete(f.given, "quality")
	}
	switch f.fileFormat {
	case "", "png", "jpeg", "jpg", "webp", "webp-lossless", "tiff", "tiff8", "tiff16", "bmp":
	default:
		return badValue("format", f.fileFormat)
	}
	switch f.sampling {
	case "", string(picture.Full), string(picture.Half):
	case "444":
		f.sampling = string(picture.Full)
	case "420":
		f.sampling = string(picture.Half)
	default:
		return badValue("sampling", f.sampling)
	}
	for _, other := range []string{"n", "spots", "spot-prompt", "whole"} {
		if f.tiles && f.given[other] {
			return api.InputError("cli.flags_both", "First", "-tiles", "Second", "-"+other)
		}
	}
	if readOnly(f.out) {
		return api.InputError("cli.out_format", "File", f.out, "Ending", filepath.Ext(f.out))
	}
	if f.out == "-" && f.json {
		return api.InputError("cli.flags_both", "First", "-json", "Second", "-out -")
	}
	return nil
}

// fill copies the recipe of -recipe into the options of an edit.
func (f *flags) fill(o *job.Options, p api.Profile) {
	if f.made == nil {
		return
	}
	f.made.Fill(o, p)
	if f.given["spots"] || f.tiles {
		o.Spots = job.Spots(f.spots)
	}
	if f.tiles {
		o.N = 0
	}
}

// count reads -n; without it the result is otherwise.
func (f *flags) count(otherwise, most int) (int, error) {
	if !f.given["n"] {
		return otherwise, nil
	}
	n, err := strconv.Atoi(f.n)
	if err != nil || n < 1 || n > most {
		return 0, api.InputError("error.n", "Have", f.n, "Limit", most)
	}
	return n, nil
}

// wanted reads -size; without it the result is otherwise.
func (f *flags) wanted(otherwise image.Point) (image.Point, error) {
	if !f.given["size"] {
		return otherwise, nil
	}
	size, ok := api.ParseSize(f.size)
	if !ok {
		return size, badValue("size", f.size)
	}
	return size, nil
}

func (f *flags) responseFormat() (string, error) {
	switch f.format {
	case "", "url", "b64_json":
		return f.format, nil
	}
	return "", badValue("response-format", f.format)
}

// extra returns the fields that only some models have, by their names in requests. A field
// that the model's profile doesn't have is refused with the request.
func (f *flags) extra() map[string]string {
	fields := map[string]string{}
	for flag, value := range map[string]string{
		"quality": f.quality, "background": f.background, "input-fidelity": f.fidelity,
		"output-format": f.outputFormat, "output-compression": f.compression,
	} {
		if f.given[flag] {
			fields[strings.ReplaceAll(flag, "-", "_")] = value
		}
	}
	return fields
}

// fields returns the fields of a recipe, overridden by the flags.
func (f *flags) fields(recipe map[string]string) map[string]string {
	all := f.extra()
	for name, value := range recipe {
		if _, given := all[name]; !given {
			all[name] = value
		}
	}
	return all
}

// previews reads -partial-images; without it the result is 0.
func (f *flags) previews(most int) (int, error) {
	if !f.given["partial-images"] {
		return 0, nil
	}
	n, err := strconv.Atoi(f.partials)
	if err != nil || n < 0 || n > most {
		return 0, badValue("partial-images", f.partials)
	}
	return n, nil
}

// seedValue reads -seed; without it the result is otherwise. One of the engines must be the
// built-in one: services take none.
func (f *flags) seedValue(otherwise int64, connection string) (int64, error) {
	if !f.given["seed"] {
		return otherwise, nil
	}
	if connection != settings.Builtin && !slices.ContainsFunc(f.engines, isBuiltin) {
		return 0, api.InputError("cli.seed_engine")
	}
	seed, err := strconv.ParseInt(f.seed, 10, 64)
	if err != nil {
		return 0, badValue("seed", f.seed)
	}
	return seed, nil
}

// borders reads -extend: left, top, right, bottom in pixels.
func (f *flags) borders() (sides [4]int, err error) {
	if !f.given["extend"] {
		return sides, nil
	}
	parts := strings.Split(f.extend, ",")
	if len(parts) != len(sides) {
		return sides, api.InputError("input.extend", "Value", f.extend)
	}
	for i, part := range parts {
		if sides[i], err = strconv.Atoi(strings.TrimSpace(part)); err != nil || sides[i] < 0 {
			return sides, api.InputError("input.extend", "Value", f.extend)
		}
	}
	return sides, nil
}

// known refuses fields that the model's profile doesn't have.
func (f *flags) known(p api.Profile) error {
	for _, name := range slices.Sorted(maps.Keys(f.extra())) {
		if _, ok := p.Options[name]; !ok {
			return api.InputError("cli.field_none", "Flag", "-"+strings.ReplaceAll(name, "_", "-"))
		}
	}
	if len(f.lines) > 0 && !p.Lines {
		return api.InputError("cli.line_engine")
	}
	if f.given["response-format"] && len(p.ResponseFormats) == 0 && p.ID != "builtin" {
		return badValue("response-format", f.format)
	}
	if len(f.references) > 0 && p.Images > 0 && 1+len(f.references) > p.Images {
		return api.InputError("error.images", "Have", 1+len(f.references), "Limit", p.Images)
	}
	return nil
}
