package document

import (
	"image"

	"overpaint/editor/mask"
	"overpaint/editor/region"
)

// Patch is an accepted result over the picture. Nothing is baked in: all that
// it was made from is kept, and Layer is made again when any of it changes
// (With), never changed in place.
type Patch struct {
	// Plan is the window that was sent.
	Plan region.Plan
	// Encoded is the answer's file as it came, or nil; Answer is the same decoded.
	Encoded []byte
	Answer  *image.NRGBA
	// Mask is the mask that made it, in canvas pixels.
	Mask *mask.Mask
	// Blend says how Answer is laid over what is below.
	Blend region.Blend
	// Offset is State.Offset of the canvas that all these pixels are of.
	Offset image.Point
	// Layer is Answer fitted to the canvas, as Blend says.
	Layer region.Layer
}

// NewPatch lays an answer over s. encoded is its file as it came, or nil. s
// stays as it is: WithPatch or Document.AddPatch puts the patch in.
func NewPatch(s *State, plan region.Plan, answer *image.NRGBA, encoded []byte, m *mask.Mask, b region.Blend) *Patch {
	return &Patch{
		Plan: plan, Encoded: encoded, Answer: answer, Mask: m, Blend: b, Offset: s.Offset,
		Layer: plan.Stitch(s, s.Size, m, answer, b),
	}
}

// With returns the patch blended in another way, or with another mask, over s:
// the state below the patch (State.Below).
func (p *Patch) With(s *State, b region.Blend, m *mask.Mask) *Patch {
	return NewPatch(s, p.Plan, p.Answer, p.Encoded, m, b)
}

// on returns the patch for the canvas of s: the patch itself, unless the
// canvas was extended, or an extension was undone, since the patch was made. It is then
// laid where it belongs on the picture, and made again.
func (p *Patch) on(s *State) *Patch {
	if p.Mask.Size() == s.Size && p.Offset == s.Offset {
		return p
	}
	by := s.Offset.Sub(p.Offset)
	plan := p.Plan
	plan.Window = plan.Window.Add(by)
	return NewPatch(s, plan, p.Answer, p.Encoded, p.Mask.Resized(s.Size, by), p.Blend)
}

// moved returns the patch on a canvas that was extended: everything moves by an offset.
func (p *Patch) moved(size, by image.Point) *Patch {
	out := *p
	out.Plan.Window = p.Plan.Window.Add(by)
	out.Mask = p.Mask.Resized(size, by)
	out.Offset = p.Offset.Add(by)
	out.Layer.Rect = p.Layer.Rect.Add(by)
	pix, weight := *p.Layer.Pix, *p.Layer.Weight
	pix.Rect, weight.Rect = pix.Rect.Add(by), weight.Rect.Add(by)
	out.Layer.Pix, out.Layer.Weight = &pix, &weight
	return &out
}

// bytes returns the memory that p holds and old, unless nil, does not share.
func (p *Patch) bytes(old *Patch) int64 {
	n := int64(0)
	if old == nil || !sameMemory(old.Layer.Pix.Pix, p.Layer.Pix.Pix) {
		n += int64(len(p.Layer.Pix.Pix) + len(p.Layer.Weight.Pix))
	}
	if old == nil || !sameMemory(old.Encoded, p.Encoded) {
		n += int64(len(p.Encoded))
	}
	if old == nil || old.Answer != p.Answer {
		n += int64(len(p.Answer.Pix))
	}
	if old != nil {
		// The mask of a new patch was counted at the steps that painted it.
		n += maskBytes(old.Mask, p.Mask)
	}
	return n
}

func sameMemory(a, b []byte) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
