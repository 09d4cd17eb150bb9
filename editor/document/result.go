package document

import (
	"image"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// ID identifies a result while the program runs. All versions of a result that changes have
// the same one. It is never 0.
type ID int64

var lastID atomic.Int64

func newID() ID { return ID(lastID.Add(1)) }

// Result is an accepted edit over the picture, with all its variants. Nothing
// is baked in: what is seen follows from the fields below and from what lies
// beneath, at any time. A Result is immutable; a change makes another one with
// the same ID, which shares with it what stays the same. Its fields must not be
// written to.
//
// How it looks: each variant's answer is resampled to the window and corrected
// in colour and at the seam, as learnt in the ring around Sent from what lies
// beneath the result now (region.Plan.Learn); so a change beneath it there makes
// it be learnt again, and a change of its own mask does not. The variants
// are mixed, and lie over the picture with a weight: that of Mask with the feather
// around it (region.Plan.Weight), less what was Erased, within Limit but for what was
// Drawn, times the opacity.
type Result struct {
	ID ID
	// Edit is the caller's ID of the edit that the variants came from; "" is none.
	Edit string
	// Name is one line, for people.
	Name string
	// Plan is the window that was sent, Sent the mask that it was sent with, and Canvas the
	// canvas at that time.
	Plan   region.Plan
	Sent   *mask.Mask
	Canvas image.Rectangle
	// Offset is State.Offset of the canvas that all positions are of.
	Offset image.Point
	// Variants are the answers, at least one; Chosen is the index of the one that shows where
	// no other was mixed in.
	Variants []*Variant
	Chosen   int
	// Mix holds, by the variants' indices, the coverage with which each shows: nil, or a
	// shorter list, is nowhere. They add up to 255 at most; the chosen variant has the rest,
	// and its own mask does not count.
	Mix []*mask.Mask
	// Mask is where the result shows, before the feather. It starts as Sent and grows as more
	// is painted. Erased is what was erased since, nil for nothing; it is not feathered.
	Mask   *mask.Mask
	Erased *mask.Mask
	// Limit is the most that the result covers by its blend (Align, KeepMore), nil for no
	// limit: what the chosen variant shows, and what it really changed. Drawn is where the
	// person painted it in nevertheless, nil for nowhere.
	Limit *mask.Mask
	Drawn *mask.Mask
	// Blend says how the answer is blended in.
	Blend region.Blend
	// Hidden reports whether the result is hidden.
	Hidden bool

	full    *mask.Mask // the weight before anything was erased: follows from Plan, Canvas, Mask and Blend
	weight  *mask.Mask // full less Erased, within Limit and Drawn
	found   *Findings  // nil until the result is laid over a state
	learned *learned   // nil until the result is laid over a state
	kept    *kept      // nil, or how it looks, from a project file
}

// Edit is the input of NewResult.
type Edit struct {
	// ID becomes Result.Edit, Prompt Result.Name.
	ID, Prompt string
	Plan       region.Plan
	Mask       *mask.Mask
	Blend      region.Blend
	// Findings are shared by all results of the edit; nil makes new ones.
	Findings *Findings
}

// NewResult returns a result of variants over s, of which the one with the index chosen shows.
// s stays as it is: WithResult or Document.AddResult adds the result. Without variants it is
// only good for Of.
func NewResult(s *State, e Edit, variants []*Variant, chosen int) *Result {
	r := &Result{
		ID: newID(), Edit: e.ID, Name: NameOf(e.Prompt), Plan: e.Plan, Sent: e.Mask, Canvas: s.Bounds(), Offset: s.Offset,
		Variants: slices.Clone(variants), Chosen: chosen, Mask: e.Mask, Blend: e.Blend,
		found: e.Findings,
	}
	if r.found == nil {
		r.found = NewFindings(s, e.Plan)
	}
	r.limited()
	r.weigh()
	return r.over(s)
}

// Of returns a result of the same edit with other variants: it shares the mask and what
// depends on it, and has its own ID.
func (r *Result) Of(variants []*Variant, chosen int) *Result {
	out := *r
	out.ID, out.Variants, out.Chosen, out.Mix = newID(), slices.Clone(variants), chosen, nil
	out.chose(r)
	return &out
}

// nameRunes is how long a name may be.
const nameRunes = 80

// NameOf returns the name of a result from a prompt: its first line that is not empty, without
// invisible characters, shortened to 80 characters.
func NameOf(prompt string) string {
	for line := range strings.Lines(prompt) {
		line = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(line, ""), func(r rune) bool {
			return unicode.IsSpace(r) || !unicode.IsPrint(r)
		}), " ")
		if runes := []rune(line); len(runes) > nameRunes {
			return string(runes[:nameRunes-1]) + "…"
		} else if line != "" {
			return line
		}
	}
	return ""
}

// Changed returns the rectangle of canvas pixels that the result may change,
// whatever its opacity and whether it is hidden.
func (r *Result) Changed() image.Rectangle { return r.weight.Bounding() }

// At returns by how much, 0 to 255, the result covers a canvas pixel, whatever
// its opacity.
func (r *Result) At(p image.Point) uint8 { return r.weight.At(p.X, p.Y) }

// Covered returns what At tells of, as a mask of the canvas.
func (r *Result) Covered() *mask.Mask { return r.weight }

// Visible reports whether the result is neither hidden nor wholly transparent.
func (r *Result) Visible() bool { return !r.Hidden && opacity256(r.Blend.Opacity) > 0 }

// Variant returns the chosen variant.
func (r *Result) Variant() *Variant { return r.Variants[r.Chosen] }

// Blended returns the result with another blend.
func (r *Result) Blended(b region.Blend) *Result {
	if b == r.Blend {
		return r
	}
	out := *r
	out.Blend, out.kept = b, nil
	if limitedBy(b) != limitedBy(r.Blend) {
		out.limited()
	}
	switch {
	case b.Grow != r.Blend.Grow || b.Feather != r.Blend.Feather:
		out.weigh()
	case out.Limit != r.Limit:
		out.cover()
	}
	if r.learned != nil && learnedBy(b) != learnedBy(r.Blend) {
		out.learned = newLearned(&out, r.learned.below)
	}
	return &out
}

// Detail returns the detail that the chosen variant is given back where it was enlarged, else
// zero. The first call may take some tenths of a second.
func (r *Result) Detail() region.Detail {
	if r.learned == nil || !r.Enlarged() {
		return region.Detail{}
	}
	fitted := r.Variant().fitted(r.Plan, r.Blend)
	if fitted == nil {
		return region.Detail{}
	}
	return r.learned.of(r.Variant(), fitted).Detail()
}

// Enlarged reports whether the chosen variant, or a piece of it that was requested separately,
// is enlarged to its window.
func (r *Result) Enlarged() bool { return region.Enlarged(r.Variant().pieces(r.Plan)) > 0 }

// Choosing returns the result with another chosen variant, which is added if it
// is not among the result's.
func (r *Result) Choosing(v *Variant) *Result {
	i := slices.Index(r.Variants, v)
	if i == r.Chosen || v == nil {
		return r
	}
	out := *r
	out.kept = nil
	if i < 0 {
		i = len(r.Variants)
		out.Variants = append(r.Variants[:i:i], v)
	}
	out.Chosen = i
	out.chose(r)
	return &out
}

// chose updates what depends on the chosen variant; before is the version with another one.
func (r *Result) chose(before *Result) {
	if r.limited(); r.Limit == before.Limit {
		return
	}
	r.cover()
	if r.learned != nil && r.Blend.KeepMore {
		r.learned = newLearned(r, r.learned.below)
	}
}

// Named returns the result with another name, cut as by NameOf; an empty name
// changes nothing.
func (r *Result) Named(name string) *Result {
	if name = NameOf(name); name == "" || name == r.Name {
		return r
	}
	out := *r
	out.Name = name
	return &out
}

// Shown returns the result shown or hidden.
func (r *Result) Shown(on bool) *Result {
	if on != r.Hidden {
		return r
	}
	out := *r
	out.Hidden = !on
	return &out
}

// Painted returns the result with m as what it covers (At). What of that the mask
// and its feather reach is so to the level, by more or less being erased; beyond
// that the mask grows, with the feather around it. It costs as much as the tiles that differ, with the feather around them.
func (r *Result) Painted(m *mask.Mask) *Result {
	if m.Size() != r.Mask.Size() || mask.Diff(r.weight, m).Empty() {
		return r
	}
	out := *r
	out.kept = nil
	out.paint(r, m)
	return &out
}

// Mixed returns the result with m as the coverage of where the variant with
// index i wins, and what the others had there cut down in proportion. Of
// the chosen variant m is the rest that the others leave; taking away from that
// changes nothing. It costs as much as the tiles that differ.
func (r *Result) Mixed(i int, m *mask.Mask) *Result {
	if i < 0 || i >= len(r.Variants) || m.Size() != r.Mask.Size() {
		return r
	}
	mix := mixed(r, i, m)
	if mix == nil {
		return r
	}
	out := *r
	out.Mix, out.kept = mix, nil
	return &out
}

// on returns the result for the canvas of s: the result itself, unless the canvas was
// extended, or an extension was undone, since it was made. It then lies at the same place of
// the picture.
func (r *Result) on(s *State) *Result {
	if r.Mask.Size() == s.Size && r.Offset == s.Offset {
		return r
	}
	by := s.Offset.Sub(r.Offset)
	out := *r
	out.Plan.Window = r.Plan.Window.Add(by)
	out.Canvas = r.Canvas.Add(by).Intersect(s.Bounds())
	out.Mask, out.Sent, out.Offset = r.Mask.Resized(s.Size, by), r.Sent.Resized(s.Size, by), s.Offset
	if r.Erased != nil {
		out.Erased = r.Erased.Resized(s.Size, by)
	}
	if r.Limit != nil {
		out.Limit = r.Limit.Resized(s.Size, by)
	}
	if r.Drawn != nil {
		out.Drawn = r.Drawn.Resized(s.Size, by)
	}
	out.Mix = make([]*mask.Mask, len(r.Mix))
	for i, m := range r.Mix {
		if m != nil {
			out.Mix[i] = m.Resized(s.Size, by)
		}
	}
	if whole := r.Canvas.Add(by).In(s.Bounds()); whole {
		out.full, out.weight, out.kept = r.full.Resized(s.Size, by), r.weight.Resized(s.Size, by), r.kept.moved(s.Size, by)
	} else {
		out.weigh()
		out.kept = nil
	}
	out.learned = nil
	return &out
}

// over returns the result over s: the result itself where its surroundings look the same
// there.
func (r *Result) over(s *State) *Result {
	switch {
	case r.learned == nil:
		out := *r
		if out.learned = newLearned(r, s); out.found == nil {
			out.found = NewFindings(s, r.Plan)
		}
		return &out
	case r.learned.holds(s):
		return r
	}
	out := *r
	out.learned, out.kept = newLearned(r, s), nil
	return &out
}
