// Package document holds what is being edited: the picture, the patches over
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

	"overpaint/editor/mask"
	"overpaint/editor/picture"
)

// State is the document at one moment. Nobody changes it after it was
// published, so any number of goroutines may read it. All coordinates are
// pixels of the canvas, whose top-left pixel is (0, 0).
type State struct {
	// Base is the picture as it was opened.
	Base *picture.Picture
	// Size is the size of the canvas.
	Size image.Point
	// Offset is where Base's top-left pixel lies on the canvas: not (0, 0) once
	// the canvas was extended to the left or the top. What Base does not cover
	// is transparent.
	Offset image.Point
	// Patches are the accepted results over Base, the bottom one first.
	Patches []*Patch
	// Mask is what is to be edited next. Its size is Size.
	Mask *mask.Mask

	last *lastTransparency // nil: nothing is kept
}

// NewState returns the state of a picture that was just opened: no patches,
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

// Pixels returns the canvas within r as it looks: Base, transparent where it
// does not reach, and the patches over it. r is cut to the canvas and is the result's bounds.
// The result shares Base's memory where nothing lies over it, so it must not be written to.
func (s *State) Pixels(r image.Rectangle) *image.NRGBA {
	r = r.Intersect(s.Bounds())
	base := s.base()
	over := s.over(r)
	if len(over) == 0 && r.In(base.Rect) {
		return base.SubImage(r).(*image.NRGBA)
	}
	out := image.NewNRGBA(r)
	known := r.Intersect(base.Rect)
	for y := known.Min.Y; y < known.Max.Y; y++ {
		copy(out.Pix[out.PixOffset(known.Min.X, y):], base.Pix[base.PixOffset(known.Min.X, y):][:4*known.Dx()])
	}
	for _, p := range over {
		p.Layer.Over(out)
	}
	return out
}

// over returns the patches that show something within r, the bottom one first.
func (s *State) over(r image.Rectangle) []*Patch {
	var over []*Patch
	for _, p := range s.Patches {
		if p.Layer.Rect.Overlaps(r) {
			over = append(over, p)
		}
	}
	return over
}

// Flatten returns the whole canvas as Pixels does.
func (s *State) Flatten() *image.NRGBA { return s.Pixels(s.Bounds()) }

// Below returns the state that patch i lies over: s without that patch and those above it.
func (s *State) Below(i int) *State {
	out := *s
	out.Patches = s.Patches[:i:i]
	return &out
}

// WithPatch returns s with p over everything. The mask stays as it is. A patch
// that was made before the canvas was extended, or before that was undone,
// goes where it belongs on the picture.
func (s *State) WithPatch(p *Patch) *State {
	out := *s
	out.Patches = append(s.Patches[:len(s.Patches):len(s.Patches)], p.on(s))
	return &out
}

// Replacing returns s with p instead of patch i, counted from the bottom.
func (s *State) Replacing(i int, p *Patch) *State {
	out := *s
	out.Patches = slices.Clone(s.Patches)
	out.Patches[i] = p.on(s.Below(i))
	return &out
}

// WithMask returns s with another mask, whose size must be s.Size.
func (s *State) WithMask(m *mask.Mask) *State {
	out := *s
	out.Mask = m
	return &out
}

// Extended returns s with pixels added on each side of the canvas. The new
// border is transparent and covered by the mask, for it is what is to be
// filled; patches and the rest of the mask move along with the picture.
// None of the numbers may be negative.
func (s *State) Extended(left, top, right, bottom int) *State {
	by := image.Pt(left, top)
	out := *s
	out.Size = s.Size.Add(image.Pt(left+right, top+bottom))
	out.Offset = s.Offset.Add(by)
	border := mask.All(s.Size).Resized(out.Size, by).Invert()
	out.Mask = mask.Union(s.Mask.Resized(out.Size, by), border)
	out.Patches = make([]*Patch, len(s.Patches))
	for i, p := range s.Patches {
		out.Patches[i] = p.moved(out.Size, by)
	}
	return &out
}
