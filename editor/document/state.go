// Package document holds what is being edited: the picture, the results over
// it, the mask and the size of the canvas, and the history of all of them.
//
// A State is an immutable snapshot that shares structure with the states
// before and after it; a Document moves from one State to the next, each move
// one undoable step. A project file keeps a document whole (WriteProject,
// ReadProject), and Autosave keeps it safe while it is being edited.
package document

import (
	"image"
	"slices"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

// State is an immutable snapshot of the document, which any number of goroutines may read. All
// coordinates are pixels of the canvas, whose top-left pixel is (0, 0).
type State struct {
	// Base is the picture as it was opened.
	Base *picture.Picture
	// Size is the size of the canvas.
	Size image.Point
	// Offset is the position of Base's top-left pixel on the canvas: not (0, 0) once the canvas
	// was extended to the left or the top. What Base does not cover is transparent.
	Offset image.Point
	// Results are the accepted edits over Base, the bottom one first.
	Results []*Result
	// Mask is the mask of the next edit. Its size is Size.
	Mask *mask.Mask
	// Lines are the guide lines of the edit that Mask is for: polylines in canvas pixels, which may
	// reach over the canvas, each of two points at least (see MaxLines). They are not written to.
	Lines [][]image.Point

	last *lastTransparency // nil: nothing is kept
}

// NewState returns the state of a picture that was just opened: no results,
// an empty mask.
func NewState(p *picture.Picture) *State {
	size := p.Size()
	return &State{Base: p, Size: size, Mask: mask.New(size.X, size.Y), last: new(lastTransparency)}
}

// Bounds returns the canvas, from (0, 0) to Size.
func (s *State) Bounds() image.Rectangle { return image.Rectangle{Max: s.Size} }

// baseRect is where Base lies on the canvas.
func (s *State) baseRect() image.Rectangle {
	return image.Rectangle{Min: s.Offset, Max: s.Offset.Add(s.Base.Size())}
}

// base returns Base's pixels, unscaled, with their bounds on the canvas.
func (s *State) base() *image.NRGBA {
	pix := *s.Base.Pix
	pix.Rect = s.baseRect()
	return &pix
}

// Pixels returns the canvas within r as it looks; see Flattener.Pixels. For many parts use one
// Flattener.
func (s *State) Pixels(r image.Rectangle) *image.NRGBA { return s.Flattener().Pixels(r) }

// over returns the results that show something within r, the bottom one first.
func (s *State) over(r image.Rectangle) []*Result {
	var over []*Result
	for _, p := range s.Results {
		if p.shows(r) {
			over = append(over, p)
		}
	}
	return over
}

// SamePicture reports whether two states differ in nothing but their masks and guide lines.
func (s *State) SamePicture(o *State) bool {
	return s.Base == o.Base && s.Size == o.Size && s.Offset == o.Offset && slices.Equal(s.Results, o.Results)
}

// Flatten returns the whole canvas as it looks now: what would be saved.
func (s *State) Flatten() *image.NRGBA { return s.Pixels(s.Bounds()) }

// Original returns the state without its results, its mask and its guide lines: the picture as it
// was opened, on the canvas as it is now, transparent where that was extended.
func (s *State) Original() *State {
	out := s.Below(0)
	out.Mask, out.Lines = mask.New(s.Size.X, s.Size.Y), nil
	return out
}

// Below returns the state that result i lies over: s without that result and
// those above it.
func (s *State) Below(i int) *State {
	out := *s
	out.Results = s.Results[:i:i]
	return &out
}

// Index returns the index of a result, counted from the bottom, -1 if there is none of that ID.
func (s *State) Index(id ID) int {
	return slices.IndexFunc(s.Results, func(r *Result) bool { return r.ID == id })
}

// Result returns a result by its ID, nil if there is none.
func (s *State) Result(id ID) *Result {
	if i := s.Index(id); i >= 0 {
		return s.Results[i]
	}
	return nil
}

// ResultAt returns the topmost result, of those that are not hidden, whose changed part
// contains a pixel, even if it is transparent; nil if there is none.
func (s *State) ResultAt(at image.Point) *Result {
	for _, r := range slices.Backward(s.Results) {
		if !r.Hidden && r.At(at) > 0 {
			return r
		}
	}
	return nil
}

// Thumbnail returns a picture, of side x side pixels at most and at its aspect ratio, of the
// part that a result changes and its surroundings, as it looks over what is beneath, even if
// it is hidden. nil if there is no such result, or it changes nothing.
func (s *State) Thumbnail(id ID, side int) *image.NRGBA {
	i := s.Index(id)
	if i < 0 {
		return nil
	}
	r := s.Results[i]
	box := r.Changed()
	if box.Empty() {
		return nil
	}
	larger := max(box.Dx(), box.Dy())
	context := max(larger/8, (side/2-larger)/2, 16)
	out := s.Below(i)
	out.Results = append(out.Results, r.Shown(true))
	return out.Seen(box.Inset(-context), side)
}

// Seen returns a picture, of side x side pixels at most, of a part of the canvas in sRGB.
func (s *State) Seen(part image.Rectangle, side int) *image.NRGBA {
	return s.Base.Meta.Space.SRGB(picture.Thumbnail(s.Pixels(part.Intersect(s.Bounds())), side))
}

// WithResult returns s with r on top. The mask stays as it is. A result that was made before
// the canvas was extended, or before that was undone, lies at the same place of the picture;
// one whose ID is in use gets another one.
func (s *State) WithResult(r *Result) *State {
	if s.Index(r.ID) >= 0 {
		r = r.Of(r.Variants, r.Chosen)
	}
	return s.with(append(s.Results[:len(s.Results):len(s.Results)], r.on(s)), len(s.Results))
}

// Edited returns s with f's version of the result of an ID; s itself where there is none or f
// changes nothing. The corrections of results above it are recomputed where their surroundings
// have changed.
func (s *State) Edited(id ID, f func(*Result) *Result) *State {
	if list, i := s.changed(id, f); list != nil {
		return s.with(list, i)
	}
	return s
}

// changed returns the results with f's version of one, and its index; nil where
// there is none with that ID or f changes nothing.
func (s *State) changed(id ID, f func(*Result) *Result) (list []*Result, i int) {
	if i = s.Index(id); i < 0 {
		return nil, i
	}
	r := f(s.Results[i])
	if r == s.Results[i] {
		return nil, i
	}
	list = slices.Clone(s.Results)
	list[i] = r.on(s)
	return list, i
}

// Preview is Edited for a change under way, such as a stroke: the corrections of the results
// above stay, so that it costs no more than what has changed. The returned state is for
// display only.
func (s *State) Preview(id ID, f func(*Result) *Result) *State {
	list, _ := s.changed(id, f)
	if list == nil {
		return s
	}
	out := *s
	out.Results = list
	return &out
}

// Moved returns s with a result at another index, counted from the bottom and limited to the
// list.
func (s *State) Moved(id ID, to int) *State {
	i := s.Index(id)
	to = min(max(to, 0), len(s.Results)-1)
	if i < 0 || i == to {
		return s
	}
	list := slices.Delete(slices.Clone(s.Results), i, i+1)
	return s.with(slices.Insert(list, to, s.Results[i]), min(i, to))
}

// Without returns s without a result.
func (s *State) Without(id ID) *State {
	i := s.Index(id)
	if i < 0 {
		return s
	}
	return s.with(slices.Delete(slices.Clone(s.Results), i, i+1), i)
}

// with returns s with other results, of which those from an index on are laid over what is
// beneath them now. It takes ownership of list.
func (s *State) with(list []*Result, from int) *State {
	out := *s
	out.Results = list
	for i := from; i < len(list); i++ {
		list[i] = list[i].over(out.Below(i))
	}
	return &out
}

// WithMask returns s with another mask, whose size must be s.Size.
func (s *State) WithMask(m *mask.Mask) *State {
	out := *s
	out.Mask = m
	return &out
}

// Extended returns s with pixels added on each side of the canvas. The new border is
// transparent and masked, so that the next edit fills it; results, guide lines and the rest of
// the mask move with the picture. None of the numbers may be negative.
func (s *State) Extended(left, top, right, bottom int) *State {
	by := image.Pt(left, top)
	out := *s
	out.Size = s.Size.Add(image.Pt(left+right, top+bottom))
	out.Offset = s.Offset.Add(by)
	border := mask.All(s.Size).Resized(out.Size, by).Invert()
	out.Mask = mask.Union(s.Mask.Resized(out.Size, by), border)
	out.Lines = movedLines(s.Lines, by)
	list := make([]*Result, len(s.Results))
	for i, r := range s.Results {
		list[i] = r.on(&out)
	}
	return out.with(list, 0)
}
