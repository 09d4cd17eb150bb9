package selection

import (
	"context"
	"math"

	"overpaint.dev/overpaint/editor/mask"
)

// Background returns a mask of all but the picture's main object: the area along the left, upper
// and right edges and its continuation. The only error is ctx's.
func (s *Scene) Background(ctx context.Context) (*mask.Mask, error) {
	k := s.nothing()
	for i := range s.parts {
		if b := s.parts[i].box; b.Min.X == 0 || b.Min.Y == 0 || b.Max.X == s.w {
			k.say(i, inside)
		}
	}
	in := s.distances(func(i int) bool { return k.part[i] == inside })
	order := ranked(in)
	far := s.quantile(in, order, 0.93)
	for i := range s.parts {
		if k.part[i] == unknown && in[i] >= far && !math.IsInf(float64(in[i]), 0) {
			k.say(i, outside)
		}
	}
	if !k.some[outside] { // all superpixels are at the edges
		return mask.All(s.size), ctx.Err()
	}
	now, half := make([]bool, len(s.parts)), s.quantile(in, order, 0.5)
	for i := range now {
		now[i] = in[i] < half
	}
	return s.finish(ctx, k, now)
}

// Hug returns a rough mask with its border moved to the object's border, by at most reach canvas
// pixels. The only error is ctx's.
func (s *Scene) Hug(ctx context.Context, m *mask.Mask, reach int) (*mask.Mask, error) {
	if m.Empty() || m.Size() != s.size {
		return m, ctx.Err()
	}
	core := m.Shrink(reach)
	for by := reach / 2; core.Empty() && by > 0; by /= 2 { // a thin mask
		core = m.Shrink(by)
	}
	if core.Empty() {
		core = m
	}
	marks := []Mark{{Mask: core}, {Mask: m.Grow(reach).Invert(), Outside: true}}
	rough := s.read([]Mark{{Mask: m}})
	now := make([]bool, len(s.parts))
	for i, says := range rough.part {
		now[i] = says == inside
	}
	k := s.read(marks)
	if !k.some[inside] {
		return m, ctx.Err()
	}
	return s.finish(ctx, k, now)
}

// nothing returns labels without any mark.
func (s *Scene) nothing() *known {
	return &known{pixel: make([]uint8, s.w*s.h), part: make([]uint8, len(s.parts))}
}

func (k *known) say(part int, says uint8) { k.part[part], k.some[says] = says, true }

// finish returns the mask for labelled superpixels, starting from a guess unless it is nil.
func (s *Scene) finish(ctx context.Context, k *known, guess []bool) (*mask.Mask, error) {
	a := &Answer{}
	f := s.measureWays(k)
	if guess == nil {
		guess = make([]bool, len(s.parts))
		for i := range guess {
			guess[i] = f.in[i] < f.out[i]
		}
	}
	if err := s.settle(ctx, k, a, guess, learning, func(i int) float64 { return nearby * nearer(f.in[i], f.out[i]) }); err != nil {
		return nil, err
	}
	return s.smoothly(ctx, k, a)
}

// Reach returns a reach for Hug: how far, in canvas pixels, the border of a mask that was painted
// by hand may be from the object's.
func (s *Scene) Reach() int { return max(max(s.size.X, s.size.Y)/60, 6) }
