package align

import (
	"context"
	"image"

	"overpaint.dev/overpaint/editor/parallel"
)

// grid is a smooth field of displacements given at its nodes, which span
// the picture from edge to edge; in between it is interpolated linearly.
type grid struct {
	cols, rows   int
	left, top    float64 // of the first node
	stepX, stepY float64 // from node to node
	v            [][2]float32
}

// newGrid returns a field of zeros over a picture of w x h about its middle,
// with as many nodes as a picture of the shape of size needs.
func newGrid(size image.Point, w, h float64) *grid {
	const cells = 16 // along the longer side
	step := float64(max(size.X, size.Y)) / cells
	g := &grid{left: -w / 2, top: -h / 2}
	g.cols, g.rows = max(int(float64(size.X)/step+0.5), 1)+1, max(int(float64(size.Y)/step+0.5), 1)+1
	g.stepX, g.stepY = w/float64(g.cols-1), h/float64(g.rows-1)
	g.v = make([][2]float32, g.cols*g.rows)
	return g
}

// spot is where a point lies in a grid: the node before it, and how far it is from there to the next.
type spot struct {
	node   int32
	fx, fy float32
}

func (g *grid) place(x, y float64) spot {
	x, y = (x-g.left)/g.stepX, (y-g.top)/g.stepY
	i, j := min(max(int(x), 0), g.cols-2), min(max(int(y), 0), g.rows-2)
	return spot{int32(j*g.cols + i), float32(min(max(x-float64(i), 0), 1)), float32(min(max(y-float64(j), 0), 1))}
}

// at returns the displacement at a point.
func (g *grid) at(x, y float64) (dx, dy float64) {
	v := g.in(g.place(x, y))
	return float64(v[0]), float64(v[1])
}

// in returns the displacement at a place.
func (g *grid) in(p spot) (v [2]float32) {
	n := int(p.node)
	a, b, c, d := &g.v[n], &g.v[n+1], &g.v[n+g.cols], &g.v[n+g.cols+1]
	for k := range v {
		top := a[k] + p.fx*(b[k]-a[k])
		v[k] = top + p.fy*(c[k]+p.fx*(d[k]-c[k])-top)
	}
	return v
}

// spots returns where the points lie in a grid.
func (r *reference) spots(g *grid) []spot {
	out := make([]spot, len(r.points))
	for i, p := range r.points {
		out[i] = g.place(float64(p.x), float64(p.y))
	}
	return out
}

// displace fills moved with the displacements at spots.
func (g *grid) displace(spots []spot, moved [][2]float32) {
	for i, p := range spots {
		moved[i] = g.in(p)
	}
}

// displacements returns those of the points by a grid; nil for nil.
func (r *reference) displacements(g *grid) [][2]float32 {
	if g == nil {
		return nil
	}
	moved := make([][2]float32, len(r.points))
	g.displace(r.spots(g), moved)
	return moved
}

// largest returns the greatest displacement along an axis.
func (g *grid) largest() (most float64) {
	for _, v := range g.v {
		for _, d := range v {
			most = max(most, float64(max(d, -d)))
		}
	}
	return most
}

// The priors of a field, in pixels of a level: how large it is where nothing
// tells, by how much neighbours differ and by how much these differences do.
const (
	fieldSize = 3.0
	fieldStep = 0.6
	fieldBend = 0.1
)

// settled is a change of a field, in pixels of a level, that ends the search.
const settled = 0.01

// node is what the points around a node say of its displacement: the matrix of
// their normal equations and their right side.
type node struct{ xx, xy, yy, bx, by float64 }

// bending is the search for a field, with what it needs at each step.
type bending struct {
	*level
	motion affine
	grid   *grid
	spots  []spot
	moved  [][2]float32 // the points' displacements
	e      []float32    // their residuals
	parts  [][]node     // the equations of grain points
	system system
}

func newBending(l *level, m affine, g *grid) *bending {
	n := len(l.points)
	b := &bending{level: l, motion: m, grid: g, spots: l.spots(g), moved: make([][2]float32, n), e: make([]float32, n)}
	b.parts = make([][]node, (n+grain-1)/grain)
	for i := range b.parts {
		b.parts[i] = make([]node, len(g.v))
	}
	b.system = newSystem(g)
	return b
}

// warp finds what displacements a motion leaves, from a field on: a regularised flow (Horn and
// Schunck, "Determining Optical Flow", 1981, with second differences in the
// prior) over the nodes of a grid with robust weights, from which blocks that don't agree are left out.
func (l *level) warp(ctx context.Context, m affine, g *grid) error {
	b := newBending(l, m, g)
	for range 6 {
		err := parallel.Range(ctx, len(l.points), grain, func(from, to int) {
			g.displace(b.spots[from:to], b.moved[from:to])
			l.compare(m, b.moved[from:to], l.points[from:to], b.e[from:to])
		})
		if err != nil {
			return err
		}
		b.sum()
		if b.system.solve() < settled {
			break
		}
	}
	return nil
}

// sum sums up what the points say, given their residuals.
func (b *bending) sum() {
	trust := trusted(b.agreement(b.e))
	noise := spread(b.e)
	inverse := float32(1 / (4 * noise * noise))
	// Neighbouring pixels share their noise, so that they tell less than their number says.
	scale := 0.3 / (noise * noise)
	parallel.All(len(b.points), grain, func(from, to int) {
		var weights [grain]float32
		weigh(weights[:to-from], b.e[from:to], inverse)
		nodes := b.parts[from/grain]
		clear(nodes)
		for i := from; i < to; i++ {
			p, at := &b.points[i], &b.spots[i]
			c := float64(weights[i-from]*trust[p.block]) * scale
			if c == 0 {
				continue
			}
			gx, gy, d, fx, fy := float64(p.gx), float64(p.gy), float64(b.e[i]), float64(at.fx), float64(at.fy)
			xx, xy, yy, bx, by := c*gx*gx, c*gx*gy, c*gy*gy, c*gx*d, c*gy*d
			for k, part := range [4]float64{(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy} {
				n := &nodes[int(at.node)+k&1+k>>1*b.grid.cols]
				n.xx, n.xy, n.yy = n.xx+part*xx, n.xy+part*xy, n.yy+part*yy
				n.bx, n.by = n.bx-part*bx, n.by-part*by
			}
		}
	})
	for i := range b.system.nodes {
		var all node
		for _, part := range b.parts {
			n := &part[i]
			all.xx, all.xy, all.yy, all.bx, all.by = all.xx+n.xx, all.xy+n.xy, all.yy+n.yy, all.bx+n.bx, all.by+n.by
		}
		x, y := float64(b.grid.v[i][0]), float64(b.grid.v[i][1])
		all.bx, all.by = all.bx+all.xx*x+all.xy*y, all.by+all.xy*x+all.yy*y
		b.system.nodes[i] = all
	}
}
