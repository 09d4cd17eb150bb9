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
	without, err := c.cost(ctx, m, nil)
	if err != nil {
		return m, nil, err
	}
	field, err := e.field(ctx, f, l, m)
	if err != nil {
		return m, nil, err
	}
	with, err := c.cost(ctx, m, field)
	if err != nil || with > without*0.94 || field.largest() < 0.08 {
		return m, nil, err
	}
	return m, field, nil
}

// comparison holds what motions are compared by: all by the noise of the first.
type comparison struct {
	level *level
	trust []float32
	noise float64
	r     []float32
}

func (c *comparison) cost(ctx context.Context, m affine, g *grid) (float64, error) {
	err := c.level.residuals(ctx, m, g, c.r)
	if c.noise == 0 {
		c.noise = spread(c.r)
	}
	return c.level.cost(c.r, c.noise, c.trust), err
}

// simplest refines a motion as each model and returns the simplest that explains
// the answer nearly as well as the most general one, or a simpler one where that is not certain; certain
// reports that there is one.
func (c *comparison) simplest(ctx context.Context, m affine) (motion affine, certain bool, err error) {
	var motions [3]affine
	var costs [3]float64
	for i, kind := range []model{similarity, general, translation} {
		start := m
		if kind == translation {
			start = affine{1, 0, m.c, 0, 1, m.f}
		}
		if motions[i], err = c.level.fit(ctx, start, kind, 8, c.trust); err != nil {
			return m, false, err
		}
		if costs[i], err = c.cost(ctx, motions[i], nil); err != nil {
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

// certain reports that both halves of the blocks, in the order of a chessboard,
// tell of the same motion although one starts a pixel to one side and the other to the
// other: where structure is too little or lies along one edge alone, each finds another one.
func (c *comparison) certain(ctx context.Context, m affine, kind model) (bool, error) {
	var halves [2]affine
	for half := range halves {
		trust := make([]float32, len(c.trust))
		for i, t := range c.trust {
			if (i%c.level.cols+i/c.level.cols)%2 == half {
				trust[i] = t
			}
		}
		var err error
		aside := float64(2*half - 1)
		start := affine{1, 0, aside, 0, 1, aside}.after(m)
		if halves[half], err = c.level.fit(ctx, start, kind, 16, trust); err != nil {
			return false, err
		}
	}
	const near = 1 // pixel at a corner; they began about three apart
	return halves[0].after(halves[1].inverse()).farthest(c.level.radius) <= near, nil
}

// field finds what a motion leaves, on a coarser level first.
func (e *estimator) field(ctx context.Context, f found, l *level, m affine) (g *grid, err error) {
	coarse := min(1, len(e.levels)-1)
	for i := coarse; i >= 0; i-- {
		at := l
		if i > 0 {
			if at, err = e.level(ctx, f, i); err != nil {
				return nil, err
			}
		}
		start := newGrid(e.size, float64(at.sent.w), float64(at.sent.h))
		if g != nil {
			for n, v := range g.v {
				start.v[n] = [2]float32{2 * v[0], 2 * v[1]}
			}
		}
		scale := math.Pow(0.5, float64(i))
		if g, err = at.warp(ctx, m.scaled(scale), start); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// pays reports that putting a motion back lowers the error clearly and is large enough to be seen. scale is how many sent pixels a
// pixel of the level has.
func (l *level) pays(ctx context.Context, m affine, g *grid, trust []float32, scale float64) (bool, error) {
	const seen, clearly = 0.12, 0.95
	r := make([]float32, len(l.points))
	if err := l.residuals(ctx, m, g, r); err != nil {
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
