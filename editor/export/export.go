// Package export makes copies of a picture for a purpose: of another size, sharpened
// for it, in a format and under a name that a preset says. A copy is no longer the
// picture pixel for pixel; what promises that is saving (package picture).
package export

import (
	"cmp"
	"fmt"
	"image"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// Bound says what Preset.Size measures.
type Bound string

// The bounds. Sides are in pixels, Percent of the picture's own size.
const (
	Own     Bound = "" // the picture's own size; Size is not looked at
	Long    Bound = "long"
	Short   Bound = "short"
	Width   Bound = "width"
	Height  Bound = "height"
	Exact   Bound = "exact" // both sides: what is too wide or too high of the picture is cut off
	Percent Bound = "percent"
)

// Bounds returns all bounds, in the order in which they are offered.
func Bounds() []Bound { return []Bound{Own, Long, Short, Width, Height, Exact, Percent} }

// The largest values that a preset may have.
const (
	MaxSide    = 32768
	MaxPercent = 400
)

// Preset describes how copies are made. The zero Preset makes one of the same size, in the
// picture's own format.
type Preset struct {
	Name  string `json:"name"`
	Bound Bound  `json:"bound,omitempty"`
	Size  int    `json:"size,omitempty"`
	// Tall is the height in pixels of Exact, whose width is Size.
	Tall int `json:"tall,omitempty"`
	// Enlarge allows a copy larger than the picture; else a smaller picture keeps its size.
	Enlarge bool      `json:"enlarge,omitempty"`
	Sharpen Sharpness `json:"sharpen,omitempty"`
	// Format is one of picture.Formats, or Source.
	Format string `json:"format"`
	// Quality is the quality of JPEG and WebP, 1 to 100.
	Quality int `json:"quality"`
	// Folder is an absolute path, or one relative to the picture's folder; "" is that folder.
	Folder string `json:"folder,omitempty"`
	// Template makes the file's name, without its ending (Preset.FileName).
	Template string `json:"template"`
	// SRGB converts the colours to sRGB; else the picture's colour space is kept.
	SRGB bool `json:"srgb,omitempty"`
	// Strip leaves out metadata.
	Strip bool `json:"strip,omitempty"`
}

// Source is the format of the picture's own file, where it can be written.
const Source = "source"

// UsualTemplate is the template of a preset that has none.
const UsualTemplate = "{name}-{width}"

// Presets returns the presets of a new installation.
func Presets() []Preset {
	return []Preset{
		{Name: "JPEG 2048 px", Bound: Long, Size: 2048, Sharpen: Normal, Format: "jpeg", Quality: 85, Template: UsualTemplate, SRGB: true},
		{Name: "WebP 1600 px", Bound: Long, Size: 1600, Sharpen: Normal, Format: "webp", Quality: 80, Template: UsualTemplate, SRGB: true, Strip: true},
		{Name: "PNG 50 %", Bound: Percent, Size: 50, Sharpen: Soft, Format: "png", Quality: 90, Template: UsualTemplate},
	}
}

// Repair limits values that may have been written by hand to their ranges.
func (p *Preset) Repair() {
	switch {
	case p.Bound == Percent && p.Size > MaxPercent:
		p.Size = MaxPercent
	case p.Bound == Exact:
		p.Size, p.Tall = min(p.Size, MaxSide), max(1, min(p.Tall, MaxSide))
	case p.Bound == Long, p.Bound == Short, p.Bound == Width, p.Bound == Height:
		p.Size = min(p.Size, MaxSide)
	case p.Bound != Percent:
		p.Bound = Own
	}
	if p.Bound != Own && p.Size < 1 {
		p.Bound, p.Size = Own, 0
	}
	if p.Sharpen.amount() == 0 {
		p.Sharpen = None
	}
	if !slices.Contains(picture.Formats(), picture.Format(p.Format)) {
		p.Format = Source
	}
	if p.Quality < 1 || p.Quality > 100 {
		p.Quality = 90
	}
	p.Template = cmp.Or(p.Template, UsualTemplate)
}

// SizeOf returns the size in pixels of a copy of a picture: of the same shape except for
// Exact, at least 1x1, and no larger than the picture unless Enlarge is set. An enlarged copy
// is limited to the pixels that a picture may have, and to sides of MaxSide.
func (p Preset) SizeOf(size image.Point) image.Point {
	scale := 1.0
	part := func(side int) { scale = float64(p.Size) / float64(max(side, 1)) }
	switch p.Bound {
	case Long:
		part(max(size.X, size.Y))
	case Short:
		part(min(size.X, size.Y))
	case Width:
		part(size.X)
	case Height:
		part(size.Y)
	case Percent:
		scale = float64(p.Size) / 100
	case Exact:
		return p.exact(size)
	}
	if scale > 1 && !p.Enlarge {
		return size
	}
	most := math.Sqrt(float64(picture.DefaultLimits.MaxPixels) / (float64(max(size.X, 1)) * float64(max(size.Y, 1))))
	scale = min(scale, max(1, min(most, MaxSide/float64(max(size.X, size.Y, 1)))))
	side := func(n int) int { return max(1, int(math.Round(float64(n)*scale))) }
	return image.Pt(side(size.X), side(size.Y))
}

// exact returns the size of a copy with Exact: Size x Tall, or less in the same shape where
// the picture is smaller and mustn't be enlarged, or where it would have too many pixels.
func (p Preset) exact(size image.Point) image.Point {
	w, h := float64(max(1, p.Size)), float64(max(1, p.Tall))
	scale := min(1, math.Sqrt(float64(picture.DefaultLimits.MaxPixels)/(w*h)))
	if !p.Enlarge {
		scale = min(scale, float64(size.X)/w, float64(size.Y)/h)
	}
	return image.Pt(max(1, int(math.Round(w*scale))), max(1, int(math.Round(h*scale))))
}

// framed returns the part of a picture that a copy of a size is made of: all of it, or
// with Exact the largest one of the copy's shape, in the middle.
func (p Preset) framed(img *image.NRGBA, size image.Point) *image.NRGBA {
	if p.Bound != Exact {
		return img
	}
	from := img.Rect.Size()
	scale := max(float64(size.X)/float64(from.X), float64(size.Y)/float64(from.Y))
	side := func(n, most int) int { return max(1, min(most, int(math.Round(float64(n)/scale)))) }
	part := image.Pt(side(size.X, from.X), side(size.Y, from.Y))
	at := from.Sub(part).Div(2)
	return &image.NRGBA{Pix: img.Pix[at.Y*img.Stride+4*at.X:], Stride: img.Stride, Rect: image.Rectangle{Max: part}}
}

// Rebind changes the bound so that the size of a copy of a picture of that size stays the
// same.
func (p *Preset) Rebind(to Bound, size image.Point) {
	made := p.SizeOf(size)
	p.Bound = to
	switch to {
	case Long:
		p.Size = max(made.X, made.Y)
	case Short:
		p.Size = min(made.X, made.Y)
	case Width:
		p.Size = made.X
	case Height:
		p.Size = made.Y
	case Exact:
		p.Size, p.Tall = made.X, made.Y
	case Percent:
		p.Size = max(1, int(math.Round(100*float64(made.X)/float64(max(size.X, 1)))))
	}
}

// FormatFor returns the format of a copy of a picture with metadata m.
func (p Preset) FormatFor(m picture.Metadata) picture.Format {
	if f := picture.Format(p.Format); slices.Contains(picture.Formats(), f) {
		return f
	}
	return picture.FormatFor(m)
}

// running matches the place of a running number in a template, with its digits.
var running = regexp.MustCompile(`\{n(?::([1-9]))?\}`)

// place matches anything in a template that looks like a placeholder.
var place = regexp.MustCompile(`\{[^{}]*\}`)

// named is what placeholders stand for.
type named struct {
	preset Preset
	name   string
	day    time.Time
	size   image.Point
}

// placeholders are those of templates, apart from running numbers.
var placeholders = []struct {
	place string
	value func(named) string
}{
	{"{name}", func(c named) string { return c.name }},
	{"{date}", func(c named) string { return c.day.Format(time.DateOnly) }},
	{"{width}", func(c named) string { return strconv.Itoa(c.size.X) }},
	{"{height}", func(c named) string { return strconv.Itoa(c.size.Y) }},
	{"{preset}", func(c named) string { return c.preset.Name }},
}

// Placeholders returns the placeholders of templates, as FileName replaces them.
func Placeholders() (all []string) {
	for _, p := range placeholders {
		all = append(all, p.place)
	}
	return append(all, "{n}", "{n:3}")
}

// Unknown returns the first placeholder of a template that there isn't, "" where there is
// none. A running number has 1 to 9 digits.
func Unknown(template string) string {
	for _, found := range place.FindAllString(template, -1) {
		if !slices.Contains(Placeholders(), found) && !running.MatchString(found) {
			return found
		}
	}
	return ""
}

// FileName returns a copy's name, without its ending: in the template {name} stands for the
// picture's name, {date} for the day as 2006-01-02, {width} and {height} for the copy's size
// in pixels, {preset} for the preset's name and {n} for the number n, {n:3} for it with at
// least three digits.
func (p Preset) FileName(name string, day time.Time, size image.Point, n int) string {
	c := named{p, name, day, size}
	made := place.ReplaceAllStringFunc(cmp.Or(p.Template, UsualTemplate), func(found string) string {
		for _, p := range placeholders {
			if p.place == found {
				return p.value(c)
			}
		}
		if digits := running.FindStringSubmatch(found); digits != nil {
			width, _ := strconv.Atoi(digits[1]) // 0 without
			return fmt.Sprintf("%0*d", width, n)
		}
		return found
	})
	return cmp.Or(file.CleanName(made), name)
}

// FolderOf returns the folder for copies of a picture that lies in a folder.
func (p Preset) FolderOf(folder string) string {
	if filepath.IsAbs(p.Folder) {
		return filepath.Clean(p.Folder)
	}
	return filepath.Join(folder, p.Folder)
}

// Render returns a copy's pixels and metadata from those of a picture. img is not written to,
// and may be returned unchanged.
func (p Preset) Render(img *image.NRGBA, m picture.Metadata) (*image.NRGBA, picture.Metadata) {
	if p.SRGB {
		img, m = m.Space.SRGB(img), m.AsSRGB()
	}
	if size := p.SizeOf(img.Rect.Size()); size != img.Rect.Size() {
		img = picture.Resize(p.framed(img, size), size)
	}
	return sharpened(img, p.Sharpen.amount()), m
}
