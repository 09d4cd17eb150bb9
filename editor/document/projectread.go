package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"strings"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// loader reads the parts of a project, with a budget of pixels for all of them.
type loader struct {
	read   func(name string) ([]byte, error)
	limits picture.Limits
	budget int64
}

// load returns the project of a manifest. l limits the canvas, the picture, and, four times
// over, all pictures together.
func load(m *manifest, l picture.Limits, read func(name string) ([]byte, error)) (Project, error) {
	if l.MaxPixels <= 0 {
		l = picture.DefaultLimits
	}
	if len(m.Source.Name) > maxName {
		return Project{}, damaged("the picture's name is too long")
	}
	ld := &loader{read: read, limits: l, budget: 4 * l.MaxPixels}
	p := Project{Source: Source{Name: m.Source.Name}}
	var err error
	if p.Settings, err = compact(m.Settings); err != nil {
		return p, err
	}
	size := image.Point(m.Size)
	if err := checkCanvas(size, l.MaxPixels); err != nil {
		return p, err
	}
	data, err := read(m.Source.File)
	if err != nil {
		return p, err
	}
	base, err := ld.picture(data)
	if err != nil {
		return p, err
	}
	if m.Source.Original {
		p.Source.Bytes = data
	}
	s := &State{Base: base, Size: size, Offset: image.Point(m.Offset), last: new(lastTransparency)}
	if !s.baseRect().In(s.Bounds()) || s.Offset.X < 0 || s.Offset.Y < 0 {
		return p, damaged("the picture does not lie on the canvas")
	}
	if s.Mask, err = ld.mask(m.Mask, size); err != nil {
		return p, err
	}
	var ok bool
	if s.Lines, ok = linesOf(m.Lines); !ok {
		return p, damaged("impossible guide lines")
	}
	if p.State, err = ld.results(m, s); err != nil {
		return p, err
	}
	return p, nil
}

// compact returns settings as the caller wrote them, which project.json holds indented.
func compact(settings json.RawMessage) (json.RawMessage, error) {
	if len(settings) == 0 {
		return nil, nil
	}
	var out bytes.Buffer
	if err := json.Compact(&out, settings); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return out.Bytes(), nil
}

// checkCanvas refuses a canvas without pixels, or of more than most.
func checkCanvas(size image.Point, most int64) error {
	if size.X <= 0 || size.Y <= 0 {
		return damaged("the canvas is empty")
	}
	if int64(size.X) > most/int64(size.Y) {
		return &SizeError{Width: size.X, Height: size.Y, MaxPixels: most}
	}
	return nil
}

func damaged(what string) error { return fmt.Errorf("%w: %s", ErrDamaged, what) }

// picture decodes a picture within the budget.
func (l *loader) picture(data []byte) (*picture.Picture, error) {
	p, err := picture.Decode(data, picture.Limits{MaxPixels: max(min(l.limits.MaxPixels, l.budget), 1)})
	if err != nil {
		return nil, err
	}
	l.budget -= int64(p.Size().X) * int64(p.Size().Y)
	return p, nil
}

// grey decodes coverage within the budget and puts it at a place.
func (l *loader) grey(name string, at image.Point) (*image.Alpha, error) {
	data, err := l.read(name)
	if err != nil {
		return nil, err
	}
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if c.Width <= 0 || c.Height <= 0 || int64(c.Width) > l.budget/int64(c.Height) {
		return nil, damaged("a mask is too large")
	}
	l.budget -= int64(c.Width) * int64(c.Height)
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	g, ok := img.(*image.Gray)
	if !ok {
		return nil, damaged("a mask is not grey")
	}
	return &image.Alpha{Pix: g.Pix, Stride: g.Stride, Rect: g.Rect.Add(at)}, nil
}

func (l *loader) mask(part *maskPart, size image.Point) (*mask.Mask, error) {
	if part == nil {
		return mask.New(size.X, size.Y), nil
	}
	if !sane(part.At.X) || !sane(part.At.Y) {
		return nil, damaged("a mask lies nowhere")
	}
	a, err := l.grey(part.File, image.Point(part.At))
	if err != nil {
		return nil, err
	}
	if !a.Rect.In(image.Rectangle{Max: size}) {
		return nil, damaged("a mask reaches over the canvas")
	}
	return mask.FromAlpha(a, size), nil
}

// The most results of a project and variants of a result that are read.
const (
	maxVariants = 64
)

// results reads the results over s.
func (l *loader) results(m *manifest, s *State) (*State, error) {
	parts := m.Results
	if m.Version == 1 {
		parts = nil
		for _, p := range m.Patches {
			parts = append(parts, p.result(s.Bounds()))
		}
	}
	if len(parts) > MaxResults {
		return nil, &ManyError{len(parts)}
	}
	list := make([]*Result, 0, len(parts))
	for i, part := range parts {
		r, err := l.result(part, s)
		if err != nil {
			return nil, fmt.Errorf("result %d: %w", i+1, err)
		}
		list = append(list, r)
	}
	return s.with(list, 0), nil
}

// result converts a result of version 1.
func (p patchPart) result(canvas image.Rectangle) resultPart {
	return resultPart{
		planPart: p.planPart, Canvas: rectangleOf(canvas), Blend: p.Blend, Variants: []variantPart{{File: p.Answer}},
		Sent: p.Mask, Mask: p.Mask, Layer: p.Layer,
	}
}

// result reads a result; s tells of the canvas.
func (l *loader) result(part resultPart, s *State) (*Result, error) {
	r := &Result{
		ID: newID(), Edit: cut(part.Edit, 256), Name: NameOf(part.Name), Canvas: part.Canvas.image(), Offset: s.Offset,
		Plan:   region.Plan{Window: part.Window.image(), Send: image.Point(part.Send), Grow: part.Grow},
		Chosen: part.Chosen, Blend: region.Blend(part.Blend), Hidden: part.Hidden,
	}
	if err := l.check(r, part, s); err != nil {
		return nil, err
	}
	l.budget -= area(r.inside())
	for i, one := range part.Variants {
		v, err := l.variant(one, s.Base, i == r.Chosen)
		if err != nil {
			return nil, err
		}
		r.Variants = append(r.Variants, v)
	}
	if err := l.masks(r, part, s.Size); err != nil {
		return nil, err
	}
	r.weigh()
	var err error
	if part.Layer != nil {
		r.kept, err = l.layer(part.Layer, s)
	}
	return r, err
}

// masks reads the masks of a result.
func (l *loader) masks(r *Result, part resultPart, size image.Point) (err error) {
	if r.Sent, err = l.mask(part.Sent, size); err != nil {
		return err
	}
	r.Mask = r.Sent
	if part.Sent == nil || part.Mask == nil || *part.Sent != *part.Mask {
		if r.Mask, err = l.mask(part.Mask, size); err != nil {
			return err
		}
	}
	if part.Limit != nil {
		if r.Limit, err = l.mask(part.Limit.Mask, size); err != nil {
			return err
		}
	}
	if r.Erased, err = l.optional(part.Erased, size); err != nil {
		return err
	}
	if r.Drawn, err = l.optional(part.Drawn, size); err != nil {
		return err
	}
	return l.mix(r, part, size)
}

// optional reads a mask that may be missing: then it is nil, which is not an empty one.
func (l *loader) optional(part *maskPart, size image.Point) (*mask.Mask, error) {
	if part == nil {
		return nil, nil
	}
	return l.mask(part, size)
}

// mix reads where each of a result's variants shows.
func (l *loader) mix(r *Result, part resultPart, size image.Point) (err error) {
	for _, one := range part.Mix {
		if one.Variant < 0 || one.Variant >= len(r.Variants) || r.mixOf(one.Variant) != nil {
			return damaged("a mix is of no variant")
		}
		if r.Mix == nil {
			r.Mix = make([]*mask.Mask, len(r.Variants))
		}
		if r.Mix[one.Variant], err = l.mask(&one.maskPart, size); err != nil {
			return err
		}
	}
	return nil
}

// variant reads an answer, and decodes it where it will be shown, or where version 1 did not
// store its size.
func (l *loader) variant(part variantPart, base *picture.Picture, shown bool) (*Variant, error) {
	data, err := l.read(part.File)
	if err != nil {
		return nil, err
	}
	v := &Variant{Index: part.Index, RevisedPrompt: cut(part.RevisedPrompt, 1<<14), Method: cut(part.Method, 64)}
	if m := part.Motion; m != nil {
		if !m.Valid(image.Point(part.Size)) {
			return nil, damaged("a variant moved impossibly")
		}
		v.Motion = *m
	}
	var ok bool
	if v.Pieces, ok = piecesOf(part.Pieces); !ok {
		return nil, damaged("a variant of impossible pieces")
	}
	var space *colour.Space
	if part.SRGB {
		space = base.Meta.Space
	}
	v.blob, err = l.answer(data, image.Point(part.Size), space, shown)
	return v, err
}

// answer holds the file of a variant of a size, and decodes it now where it is shown or
// its size is unknown (zero).
func (l *loader) answer(data []byte, size image.Point, space *colour.Space, shown bool) (*blob, error) {
	if shown || size == (image.Point{}) {
		p, err := l.picture(data)
		if err != nil {
			return nil, err
		}
		if size != (image.Point{}) && size != p.Size() {
			return nil, damaged("a variant has another size")
		}
		return newBlob(nil, data, p.Size(), space.Of(p.SRGB()), space), nil
	}
	if size.X <= 0 || size.Y <= 0 || !sane(size.X) || !sane(size.Y) || int64(size.X)*int64(size.Y) > l.budget || len(data) == 0 {
		return nil, damaged("a variant is too large")
	}
	l.budget -= int64(size.X) * int64(size.Y)
	return newBlob(nil, data, size, nil, space), nil
}

// cut returns text that is valid and at most n bytes.
func cut(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.ToValidUTF8(s, "")
}

// check refuses impossible numbers.
func (l *loader) check(r *Result, part resultPart, s *State) error {
	n := len(part.Variants)
	if !l.canLie(r, s) || !canBlend(r) || n < 1 || n > maxVariants || r.Chosen < 0 || r.Chosen >= n || len(part.Mix) > n {
		return damaged("a result has impossible numbers")
	}
	return nil
}

// canLie reports whether a result's window and canvas are possible.
func (l *loader) canLie(r *Result, s *State) bool {
	w, send := r.Plan.Window, r.Plan.Send
	return w.Overlaps(s.Bounds()) && saneRectangle(w) && saneRectangle(r.Canvas) && r.Canvas.In(s.Bounds()) && area(w) <= l.budget &&
		sane(send.X) && sane(send.Y) && min(send.X, send.Y) > 0
}

// canBlend reports whether a result's blend is within its ranges.
func canBlend(r *Result) bool {
	b := r.Blend
	for _, v := range []int{r.Plan.Grow, b.Grow, b.Feather, b.Seam} {
		if v < 0 || v > 1<<12 {
			return false
		}
	}
	return b.Opacity >= 0 && b.Opacity <= 1 && b.Counts >= -1 && b.Counts <= 1 // nor NaN
}

func saneRectangle(r image.Rectangle) bool {
	return sane(r.Min.X) && sane(r.Min.Y) && sane(r.Max.X) && sane(r.Max.Y)
}

// piecesOf reads what a variant was joined of; ok is false where that can't be.
func piecesOf(parts []piecePart) (list []region.Piece, ok bool) {
	if len(parts) > 8*region.MaxSpots {
		return nil, false
	}
	for _, p := range parts {
		one := region.Piece{Window: p.Window.image(), Answer: image.Point(p.Answer), Box: p.Box.image()}
		if !saneRectangle(one.Window) || !saneRectangle(one.Box) || one.Box.Empty() ||
			!sane(one.Answer.X) || !sane(one.Answer.Y) || min(one.Answer.X, one.Answer.Y) <= 0 {
			return nil, false
		}
		list = append(list, one)
	}
	return list, true
}

// layer reads how a result looked when it was saved.
func (l *loader) layer(part *layerPart, s *State) (*kept, error) {
	if !sane(part.At.X) || !sane(part.At.Y) {
		return nil, damaged("a layer lies nowhere")
	}
	weight, err := l.grey(part.Weight, image.Point(part.At))
	if err != nil {
		return nil, err
	}
	data, err := l.read(part.Pixels)
	if err != nil {
		return nil, err
	}
	pix, err := l.picture(data)
	if err != nil {
		return nil, err
	}
	at := image.Rectangle{Min: image.Point(part.At), Max: image.Point(part.At).Add(pix.Size())}
	if at != weight.Rect || !at.In(s.Bounds()) {
		return nil, damaged("a layer does not fit")
	}
	return &kept{at: at.Min, blob: newBlob(nil, data, pix.Size(), pix.Pix, nil), weight: mask.FromAlpha(weight, s.Size)}, nil
}

// farthest is the coordinate that every sane one is less than, on either side of 0.
const farthest = 1 << 28

// sane bounds coordinates so that sums and areas of them cannot overflow.
func sane(v int) bool { return v > -farthest && v < farthest }

func area(r image.Rectangle) int64 { return int64(r.Dx()) * int64(r.Dy()) }
