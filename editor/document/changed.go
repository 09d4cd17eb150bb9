package document

import (
	"context"
	"image"

	"overpaint/editor/change"
	"overpaint/editor/mask"
)

// Changes finds what the chosen variant really changed of what lies beneath the
// result; the map lies at the rectangle, in canvas pixels. Without pixels, which
// cannot be decoded, it is nil. The only error is ctx's.
func (r *Result) Changes(ctx context.Context, s *State) (*change.Map, image.Rectangle, error) {
	v := r.Variant()
	fitted := v.fitted(r.Plan, r.Blend)
	if fitted == nil || r.inside().Empty() {
		return nil, image.Rectangle{}, ctx.Err()
	}
	below := s
	if i := s.Index(r.ID); i >= 0 {
		below = s.Below(i)
	}
	return r.Plan.Changes(ctx, below, r.Canvas, fitted, v.Motion)
}

// Limit returns the most that the result may cover as its blend asks for it: with
// Align, only what the chosen variant shows although it moved or was cut; with
// KeepMore, only what the variant really changed. amount is how much of a change
// counts (change.Map.Mask). It is nil where there is no limit. s is the state that holds
// the result or that it was made over. The only error is ctx's.
func (r *Result) Limit(ctx context.Context, s *State, amount float64) (*mask.Mask, error) {
	var most *image.Alpha
	if v := r.Variant(); r.Blend.Align {
		most = r.Plan.Shown(v.Motion, max(r.Blend.Feather, 0))
	}
	if r.Blend.KeepMore {
		m, at, err := r.Changes(ctx, s)
		if err != nil {
			return nil, err
		}
		if m != nil {
			changed, err := m.Mask(ctx, amount)
			if err != nil {
				return nil, err
			}
			changed.Rect = at
			most = lower(changed, most)
		}
	}
	if most == nil {
		return nil, nil
	}
	canvas := image.Rectangle{Max: s.Size}
	return mask.FromAlpha(most.SubImage(canvas.Intersect(most.Rect)).(*image.Alpha), s.Size), nil
}

// lower lowers a to b, nil for no limit, and returns it.
func lower(a, b *image.Alpha) *image.Alpha {
	if b == nil {
		return a
	}
	r := a.Rect.Intersect(b.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row, most := a.Pix[a.PixOffset(r.Min.X, y):][:r.Dx()], b.Pix[b.PixOffset(r.Min.X, y):][:r.Dx()]
		for x := range row {
			row[x] = min(row[x], most[x])
		}
	}
	return a
}

// Within returns the result covering at most m, as by painting: the rest is
// erased and can be painted back.
func (r *Result) Within(m *mask.Mask) *Result {
	box := r.weight.Bounding()
	return r.Painted(mask.FromAlpha(lower(r.weight.Alpha(box), m.Alpha(box)), r.Mask.Size()))
}
