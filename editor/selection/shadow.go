package selection

import (
	"context"
	"image"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/mask"
)

const (
	// darkest and lightest limit a shadow's lightness relative to that of the lit ground.
	darkest, lightest = 0.35, 0.95
	// sameHue is the largest difference between a shadow and the lit ground in the ratios of the
	// opponent axes to lightness.
	sameHue = 0.05
)

// Shadow returns the mask m of an object together with the object's cast shadow: the area
// connected to the object's lower part, at most as far away as the object is large, that looks
// like the ground around it with less light. Where there is none it returns m. The only error is
// ctx's.
//
// Less light multiplies all linear channels by the same factor (Finlayson et al., "On the Removal
// of Shadows from Images", 2006, use the invariants). OKLab's axes are sums of cube roots of such
// channels, so that the ratios between them stay the same.
func (s *Scene) Shadow(ctx context.Context, m *mask.Mask) (*mask.Mask, error) {
	if m.Empty() || m.Size() != s.size {
		return m, ctx.Err()
	}
	k := s.read([]Mark{{Mask: m}})
	thing := s.around(s.whole(k), 0)
	lit, ok := s.litGround(k, thing)
	if !ok {
		return m, ctx.Err()
	}
	g := s.shadowed(k, s.castBy(k, thing, lit))
	if g == nil {
		return m, ctx.Err()
	}
	soft, err := s.refine(ctx, g)
	if err != nil {
		return nil, err
	}
	// A shadow fades at its border, so it is grown and feathered.
	by := max(max(s.size.X, s.size.Y)/200, 1)
	return mask.Union(m, soft.Grow(by).Feather(float64(by))), ctx.Err()
}

// whole returns the superpixels that are labelled as inside.
func (s *Scene) whole(k *known) []bool {
	in := make([]bool, len(s.parts))
	for i, says := range k.part {
		in[i] = says == inside
	}
	return in
}

// ground is the look of lit ground: its lightness, and the ratios of the opponent axes to it.
type ground [3]float32

func groundOf(c feature) ground {
	l := max(c[0], 0.02)
	return ground{l, c[1] / l, c[2] / l}
}

// litGround returns the median look of the ground around the lower half of an object, and whether
// there is any.
func (s *Scene) litGround(k *known, thing image.Rectangle) (ground, bool) {
	about := thing.Inset(-max(thing.Dx(), thing.Dy()) / 2)
	about.Min.Y = (thing.Min.Y + thing.Max.Y) / 2
	var of [3][]float32
	for i, p := range s.parts {
		if k.part[i] == inside || !middle(p.box).In(about) {
			continue
		}
		for c, v := range groundOf(p.mean) {
			of[c] = append(of[c], v)
		}
	}
	var g ground
	for c := range g {
		if len(of[c]) < 4 {
			return g, false
		}
		slices.Sort(of[c])
		g[c] = of[c][len(of[c])/2]
	}
	return g, true
}

func middle(r image.Rectangle) image.Point { return r.Min.Add(r.Max).Div(2) }

// less returns the lightness of c relative to the lit ground, and whether c may be that ground
// in shadow.
func (g ground) less(c feature) (float32, bool) {
	v := groundOf(c)
	hue := math.Hypot(float64(v[1]-g[1]), float64(v[2]-g[2]))
	part := v[0] / g[0]
	return part, hue < sameHue && part > darkest && part < lightest
}

// castBy returns the superpixels of the shadow: those that may be in shadow and are connected to
// the lower two thirds of the object.
func (s *Scene) castBy(k *known, thing image.Rectangle, lit ground) []bool {
	in, todo := make([]bool, len(s.parts)), []int32{}
	within := thing.Inset(-max(thing.Dx(), thing.Dy()))
	within.Min.Y = thing.Min.Y + thing.Dy()/3
	reach := func(i int32) {
		if _, ok := lit.less(s.parts[i].mean); ok && !in[i] && k.part[i] != inside && middle(s.parts[i].box).In(within) {
			in[i] = true
			todo = append(todo, i)
		}
	}
	for i := range s.parts {
		if k.part[i] == inside {
			for _, l := range s.near[i] {
				reach(l.to)
			}
		}
	}
	for n := 0; n < len(todo); n++ {
		for _, l := range s.near[todo[n]] {
			reach(l.to)
		}
	}
	return in
}

// shadowed returns the pixels of the shadow, nil where it is too small.
func (s *Scene) shadowed(k *known, cast []bool) *grid {
	area, thing := 0, 0
	for i, in := range cast {
		if in {
			area += s.parts[i].n
		} else if k.part[i] == inside {
			thing += s.parts[i].n
		}
	}
	if 50*area < thing {
		return nil
	}
	g := newGrid(s.around(cast, 4*reach))
	for y := g.Min.Y; y < g.Max.Y; y++ {
		row := g.v[(y-g.Min.Y)*g.Dx():][:g.Dx()]
		for x := range row {
			if cast[s.of[y*s.w+g.Min.X+x]] {
				row[x] = 1
			}
		}
	}
	return g
}
