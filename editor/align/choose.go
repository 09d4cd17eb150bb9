package align

import (
	"context"
	"math"
)

// best chooses the simplest motion that explains the answer, and a field
// where that pays.
func (e *estimator) best(ctx context.Context, f found, l *level, m affine, trust []float32) (affine, *grid, error) {
	c := &comparison{level: l, trust: trust, r: make([]float32, len(l.points))}
	m, certain, err := c.simplest(ctx, m)
	if err != nil || !certain {
		return identity, nil, err
	}
	field, err := e.field(ctx, f, l, m)
	if err != nil || field.largest() < 0.08 {
		return m, nil, err
	}
	better, err := c.better(ctx, m, field)
	if err != nil || !better {
		return m, nil, err
	}
	return m, field, nil
}

// better reports whether a field explains the answer clearly better than the motion alone, in the blocks that agree by
// either: where the picture is bent, few do without it.
func (c *comparison) better(ctx context.Context, m affine, g *grid) (bool, error) {
	without := make([]float32, len(c.r))
	if err := c.level.residuals(ctx, m, nil, without); err != nil {
		return false, err
	}
	if err := c.level.residuals(ctx, m, c.level.displacements(g), c.r); err != nil {
		return false, err
	}
	trust := trusted(c.level.agreement(c.r))
	for i, t := range trusted(c.level.agreement(without)) {
		trust[i] = max(trust[i], t)
	}
	const clearly = 0.94
	return c.level.cost(c.r, c.noise, trust) <= clearly*c.level.cost(without, c.noise, trust), nil
}

// comparison holds what motions are compared by: all by the noise of the first.
type comparison struct {
	level *level
	trust []float32
	noise float64
	r     []float32
}

func (c *comparison) cost(ctx context.Context, m affine) (float64, error) {
	err := c.level.residuals(ctx, m, nil, c.r)
	if c.noise == 0 {
		c.noise = spread(c.r)
	}
	return c.level.cost(c.r, c.noise, c.trust), err
}

// simplest refines a motion as each model and returns the simplest that explains
// the answer nearly as well as the most general one, or a simpler one where that is not certain; certain
// reports whether there is one.
func (c *comparison) simplest(ctx context.Context, m affine) (motion affine, certain bool, err error) {
	var motions [3]affine
	var costs [3]float64
	for i, kind := range []model{similarity, general, translation} {
		start := m
		if kind == translation {
			start = affine{1, 0, m.c, 0, 1, m.f}
		}
		if motions[i], err = c.level.fit(ctx, start, kind, 8, exact, c.trust); err != nil {
			return m, false, err
		}
		if costs[i], err = c.cost(ctx, motions[i]); err != nil {
			return m, false, err
		}
		if kind == similarity {
			m = motions[i]
		}
	}
	least := min(costs[0], costs[1]) * 1.01
	var order []int
	for _, i := range []int{2, 0, 1} {
		if costs[i] <= least {
			order = append(order, i)
		}
	}
	// Where none of these is certain, a simpler one may be.
	order = append(order, 0, 2)
	for _, i := range order {
		ok, err := c.certain(ctx, motions[i], []model{similarity, general, translation}[i])
		if ok || err != nil {
			return motions[i], ok, err
		}
	}
	return identity, false, nil
}

// certain reports whether both halves of the blocks, in the order of a chessboard,
// tell of the same motion whether they start a pixel to one side or to the
// other: where structure is too little or lies along one edge alone, each finds another one.
func (c *comparison) certain(ctx context.Context, m affine, kind model) (bool, error) {
	l := c.level.thinned(2 * few)
	var first affine
	for half := range 2 {
		part := l.within(func(i int) bool { return c.trust[i] > 0 && (i%l.cols+i/l.cols)%2 == half })
		for _, aside := range [2]float64{-1, 1} {
			got, err := part.fit(ctx, affine{1, 0, aside, 0, 1, aside}.after(m), kind, 16, exact, c.trust)
			if err != nil {
				return false, err
			}
			const near = 0.5 // pixels at a corner; they began about three apart
			if half == 0 && aside < 0 {
				first = got
			} else if first.after(got.inverse()).farthest(c.level.radius) > near {
				return false, nil
			}
		}
	}
	return true, nil
}

// field finds what a motion leaves, on a coarser level first.
func (e *estimator) field(ctx context.Context, f found, l *level, m affine) (g *grid, err error) {
	for i := min(1, len(e.levels)-1); i >= 0; i-- {
		at := l
		if i > 0 {
			at = e.level(f, i)
		}
		start := newGrid(e.size, float64(at.sent.w), float64(at.sent.h))
		if g != nil {
			for n, v := range g.v {
				start.v[n] = [2]float32{2 * v[0], 2 * v[1]}
			}
		}
		g = start
		if err = at.warp(ctx, m.scaled(math.Pow(0.5, float64(i))), g); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// pays reports whether putting a motion back lowers the error clearly and is large enough to be seen. scale is how many sent pixels a
// pixel of the level has.
func (l *level) pays(ctx context.Context, m affine, g *grid, trust []float32, scale float64) (bool, error) {
	const seen, clearly = 0.12, 0.95
	r := make([]float32, len(l.points))
	if err := l.residuals(ctx, m, l.displacements(g), r); err != nil {
		return false, err
	}
	noise := spread(r)
	with := l.cost(r, noise, trust)
	if err := l.residuals(ctx, identity, nil, r); err != nil {
		return false, err
	}
	most := m.farthest(l.radius)
	if g != nil {
		most += g.largest()
	}
	return most*scale >= seen && with < clearly*l.cost(r, noise, trust), nil
}
