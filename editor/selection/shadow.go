package selection

import (
	"context"
	"image"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/mask"
)

const (
	// darkest and lightest are a shadow's lightness as parts of that of the lit ground.
	darkest, lightest = 0.35, 0.95
	// sameHue is by how much the ratios of the opponent axes to lightness may differ in a shadow,
	// at most.
	sameHue = 0.05
)

// Shadow returns a mask with the shadow that the thing it covers casts: what is next to its
// lower part, or hangs together with that, is no farther from it than it is large, and is as
// the ground about it with less light. Where there is none m is returned. The only error is
// ctx's.
//
// Less light is all linear channels times the same number (Finlayson et al., "On the Removal
// of Shadows from Images", 2006, use what doesn't change then). OKLab's axes are sums of cube
// roots of such channels, so that all of them become smaller alike, and their ratios stay.
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
	// A shadow fades: a little more, and softly.
	by := max(max(s.size.X, s.size.Y)/200, 1)
	return mask.Union(m, soft.Grow(by).Feather(float64(by))), ctx.Err()
}

// whole are the superpixels that are known as inside.
func (s *Scene) whole(k *known) []bool {
	in := make([]bool, len(s.parts))
	for i, says := range k.part {
		in[i] = says == inside
	}
	return in
}

// ground is what lit ground looks like: its lightness, and the ratios of the opponent axes to
// that.
type ground [3]float32

func groundOf(c feature) ground {
	l := max(c[0], 0.02)
	return ground{l, c[1] / l, c[2] / l}
}

// litGround returns the median of the ground about the lower half of a thing, and whether
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

// less returns how light something is as a part of lit ground, and whether it may be that with
// less light.
func (g ground) less(c feature) (float32, bool) {
	v := groundOf(c)
	hue := math.Hypot(float64(v[1]-g[1]), float64(v[2]-g[2]))
	part := v[0] / g[0]
	return part, hue < sameHue && part > darkest && part < lightest
}

// castBy returns the superpixels of the shadow: those that can be, and hang together with what
// touches the lower two thirds of the thing.
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

// shadowed returns the pixels of the shadow, nil where that is too little to be one.
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
