package align

import (
	"context"
	"image"
	"math"
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

// place returns the node before a point and how far the point is from it to the next.
func (g *grid) place(x, y float64) (node int, fx, fy float64) {
	x, y = (x-g.left)/g.stepX, (y-g.top)/g.stepY
	i, j := min(max(int(x), 0), g.cols-2), min(max(int(y), 0), g.rows-2)
	return j*g.cols + i, min(max(x-float64(i), 0), 1), min(max(y-float64(j), 0), 1)
}

// at returns the displacement at a point.
func (g *grid) at(x, y float64) (dx, dy float64) {
	n, fx, fy := g.place(x, y)
	a, b, c, d := &g.v[n], &g.v[n+1], &g.v[n+g.cols], &g.v[n+g.cols+1]
	at := func(k int) float64 {
		top := float64(a[k]) + fx*float64(b[k]-a[k])
		return top + fy*(float64(c[k])+fx*float64(d[k]-c[k])-top)
	}
	return at(0), at(1)
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

// warp finds what displacements a motion leaves: a regularised flow (Horn and
// Schunck, "Determining Optical Flow", 1981, with second differences in the
// prior) over the nodes of a grid with robust weights, from which blocks that don't agree are left out.
func (l *level) warp(ctx context.Context, m affine, g *grid) (*grid, error) {
	e := make([]float32, len(l.points))
	for range 6 {
		if err := l.residuals(ctx, m, g, e); err != nil {
			return nil, err
		}
		if g.solve(l.nodes(g, e)) < settled {
			break
		}
	}
	return g, nil
}

// nodes sums up what the points say, given their residuals.
func (l *level) nodes(g *grid, e []float32) []node {
	trust := trusted(l.agreement(e))
	noise := spread(e)
	reach := float32(2 * noise)
	nodes := make([]node, len(g.v))
	// Neighbouring pixels share their noise, so that they tell less than their number says.
	scale := 0.3 / (noise * noise)
	for i, p := range l.points {
		if e[i] == unknown || trust[p.block] == 0 {
			continue
		}
		w := 1 / (1 + e[i]*e[i]/(reach*reach))
		c := float64(w*w*trust[p.block]) * scale
		gx, gy, d := float64(p.gx), float64(p.gy), float64(e[i])
		at, fx, fy := g.place(float64(p.x), float64(p.y))
		for k, part := range [4]float64{(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy} {
			n, c := &nodes[at+k&1+k>>1*g.cols], c*part
			n.xx, n.xy, n.yy = n.xx+c*gx*gx, n.xy+c*gx*gy, n.yy+c*gy*gy
			n.bx, n.by = n.bx-c*gx*d, n.by-c*gy*d
		}
	}
	for i := range nodes {
		n, v := &nodes[i], g.v[i]
		x, y := float64(v[0]), float64(v[1])
		n.bx, n.by = n.bx+n.xx*x+n.xy*y, n.by+n.xy*x+n.yy*y
	}
	return nodes
}

// solve finds the field by conjugate gradients (Hestenes and Stiefel, 1952) from
// where it is, and returns by how much it changed at most.
func (g *grid) solve(nodes []node) (changed float64) {
	n := len(nodes)
	x, r, p, q := make([][2]float64, n), make([][2]float64, n), make([][2]float64, n), make([][2]float64, n)
	for i, v := range g.v {
		x[i] = [2]float64{float64(v[0]), float64(v[1])}
	}
	g.product(q, x, nodes)
	rr, steps := 0.0, 0
	for i, d := range nodes {
		r[i] = [2]float64{d.bx - q[i][0], d.by - q[i][1]}
		p[i] = r[i]
		rr += r[i][0]*r[i][0] + r[i][1]*r[i][1]
	}
	for end := 1e-6 * rr; rr > end+1e-12; {
		if steps++; steps > 100 {
			break
		}
		g.product(q, p, nodes)
		pq := 0.0
		for i := range p {
			pq += p[i][0]*q[i][0] + p[i][1]*q[i][1]
		}
		a, old := rr/pq, rr
		rr = 0
		for i := range x {
			for k := range 2 {
				x[i][k] += a * p[i][k]
				r[i][k] -= a * q[i][k]
				rr += r[i][k] * r[i][k]
			}
		}
		for i := range p {
			for k := range 2 {
				p[i][k] = r[i][k] + rr/old*p[i][k]
			}
		}
	}
	for i, v := range x {
		for k := range 2 {
			changed = max(changed, math.Abs(v[k]-float64(g.v[i][k])))
			g.v[i][k] = float32(v[k])
		}
	}
	return changed
}

// product writes the normal equations' matrix, with the priors, times v to out.
func (g *grid) product(out, v [][2]float64, nodes []node) {
	const hold, stiff, bend = 1 / (fieldSize * fieldSize), 1 / (fieldStep * fieldStep), 1 / (fieldBend * fieldBend)
	for i, d := range nodes {
		x, y := v[i][0], v[i][1]
		out[i] = [2]float64{(d.xx+hold)*x + d.xy*y, d.xy*x + (d.yy+hold)*y}
	}
	// line adds the priors along lines of n nodes.
	line := func(first, step, n int) {
		for i := range n - 1 {
			a, b := first+i*step, first+(i+1)*step
			for k := range 2 {
				d := stiff * (v[b][k] - v[a][k])
				out[a][k] -= d
				out[b][k] += d
			}
		}
		for i := range n - 2 {
			a, b, c := first+i*step, first+(i+1)*step, first+(i+2)*step
			for k := range 2 {
				d := bend * (v[a][k] - 2*v[b][k] + v[c][k])
				out[a][k] += d
				out[b][k] -= 2 * d
				out[c][k] += d
			}
		}
	}
	for y := range g.rows {
		line(y*g.cols, 1, g.cols)
	}
	for x := range g.cols {
		line(x, g.cols, g.rows)
	}
	for y := range g.rows - 1 {
		for x := range g.cols - 1 {
			i := y*g.cols + x
			for k := range 2 {
				d := 2 * bend * (v[i][k] - v[i+1][k] - v[i+g.cols][k] + v[i+g.cols+1][k])
				out[i][k] += d
				out[i+1][k] -= d
				out[i+g.cols][k] -= d
				out[i+g.cols+1][k] += d
			}
		}
	}
}
