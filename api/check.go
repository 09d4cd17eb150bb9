package api

import (
	"fmt"
	"image"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Check tells whether the profile takes the request, as the user gave it:
// nil, or a KindInput error whose sentence says what to change. It looks at
// everything but the length of the encoded files, which an engine keeps to by itself.
func (p Profile) Check(r *Request) error {
	for _, check := range []func(*Request) error{
		p.checkPrompt, p.checkCount, p.checkSize, p.checkImages, p.checkMask, p.checkOptions,
	} {
		if err := check(r); err != nil {
			return err
		}
	}
	return nil
}

func (p Profile) checkPrompt(r *Request) error {
	if p.NeedsPrompt && strings.TrimSpace(r.Prompt) == "" {
		return InputError("error.prompt_empty")
	}
	if n := utf8.RuneCountInString(r.Prompt); p.PromptChars > 0 && n > p.PromptChars {
		return InputError("error.prompt_long", "Have", n, "Limit", p.PromptChars)
	}
	return nil
}

func (p Profile) checkCount(r *Request) error {
	if r.N < 0 || p.MaxN > 0 && r.N > p.MaxN {
		return InputError("error.n", "Have", r.N, "Limit", p.MaxN)
	}
	return nil
}

func (p Profile) checkSize(r *Request) error {
	if p.Allows(r.Size) {
		return nil
	}
	if len(p.Sizes) == 0 {
		return InputError("error.size_large", "Have", SizeName(r.Size), "Largest", SizeName(image.Pt(LargestSide, LargestSide)))
	}
	names := make([]string, len(p.Sizes))
	for i, s := range p.Sizes {
		names[i] = SizeName(s)
	}
	if p.Multiple == 0 {
		return InputError("error.size", "Have", SizeName(r.Size), "Allowed", strings.Join(names, ", "))
	}
	return InputError("error.size_free", "Have", SizeName(r.Size), "Nearest", SizeName(p.Nearest(r.Size)), "Multiple", p.Multiple)
}

func (p Profile) checkImages(r *Request) error {
	if r.Image == nil || r.Image.Rect.Empty() {
		return InputError("error.image_missing")
	}
	if size := r.Image.Rect.Size(); p.Square && size.X != size.Y {
		return InputError("error.image_square", "Have", SizeName(size))
	}
	if n := 1 + len(r.References); p.Images > 0 && n > p.Images {
		return InputError("error.images", "Have", n, "Limit", p.Images)
	}
	return nil
}

func (p Profile) checkMask(r *Request) error {
	if r.Mask == nil {
		if p.Whole || HasTransparency(r.Image) {
			return nil
		}
		return InputError("error.mask_missing")
	}
	if a, b := r.Mask.Rect.Size(), r.Image.Rect.Size(); a != b {
		return InputError("error.mask_size", "Mask", SizeName(a), "Image", SizeName(b))
	}
	for y := range r.Mask.Rect.Dy() {
		row := r.Mask.Pix[y*r.Mask.Stride:][:r.Mask.Rect.Dx()]
		if slices.ContainsFunc(row, func(v uint8) bool { return v != 0 }) {
			return nil
		}
	}
	return InputError("error.mask_empty")
}

func (p Profile) checkOptions(r *Request) error {
	if r.ResponseFormat != "" && len(p.ResponseFormats) > 0 && !slices.Contains(p.ResponseFormats, r.ResponseFormat) {
		return InputError("error.option", "Name", "response_format", "Have", r.ResponseFormat, "Allowed", strings.Join(p.ResponseFormats, ", "))
	}
	if r.Partials < 0 || r.Partials > p.Partials && r.Stream {
		return InputError("error.option", "Name", "partial_images", "Have", r.Partials, "Allowed", fmt.Sprintf("0-%d", p.Partials))
	}
	for name, value := range r.Options {
		allowed, known := p.Options[name]
		if !known {
			return InputError("error.option_unknown", "Name", name)
		}
		if allowed == nil {
			if n, err := strconv.Atoi(value); err != nil || n < 0 || n > 100 {
				return InputError("error.option", "Name", name, "Have", value, "Allowed", "0-100")
			}
		} else if !slices.Contains(allowed, value) {
			return InputError("error.option", "Name", name, "Have", value, "Allowed", strings.Join(allowed, ", "))
		}
	}
	return nil
}

// HasTransparency reports that a pixel of img is fully transparent.
func HasTransparency(img *image.NRGBA) bool {
	for y := range img.Rect.Dy() {
		row := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		for x := 3; x < len(row); x += 4 {
			if row[x] == 0 {
				return true
			}
		}
	}
	return false
}

// SizeName writes a size as services do: "1024x1024".
func SizeName(size image.Point) string { return fmt.Sprintf("%dx%d", size.X, size.Y) }

// ParseSize reads a size as SizeName writes it; both sides must be above 0.
func ParseSize(s string) (size image.Point, ok bool) {
	w, h, found := strings.Cut(strings.ToLower(s), "x")
	x, err := strconv.Atoi(w)
	y, err2 := strconv.Atoi(h)
	if !found || err != nil || err2 != nil || x <= 0 || y <= 0 {
		return image.Point{}, false
	}
	return image.Pt(x, y), true
}
