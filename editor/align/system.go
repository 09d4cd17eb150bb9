package align

import (
	"math"
	"slices"
)

// system is the linear equations of a field: what the points say of each node, and the priors of what it is
// besides its trend.
type system struct {
	grid   *grid
	nodes  []node
	trend  *trend
	base   [][2]float64 // the trend's displacements
	priors priors
	// Of the conjugate gradients. end is the residual, as preconditioned, that ends them: a part of that of
	// the first time, for later times start near to where they end.
	x, r, z, p, q [][2]float64
	own           []own
	end           float64
}

// own is the inverse of a node's own equations.
type own struct{ xx, xy, yy float64 }

func newSystem(g *grid) system {
	n := len(g.v)
	s := system{grid: g, nodes: make([]node, n), trend: newTrend(g), priors: newPriors(g), own: make([]own, n)}
	for _, v := range []*[][2]float64{&s.base, &s.x, &s.r, &s.z, &s.p, &s.q} {
		*v = make([][2]float64, n)
	}
	return s
}

// solve finds the field by conjugate gradients (Hestenes and Stiefel, 1952), preconditioned by the
// nodes' own equations, from where it is, and returns by how much it changed at most.
func (s *system) solve() (changed float64) {
	for i, v := range s.grid.v {
		s.x[i] = [2]float64{float64(v[0]), float64(v[1])}
	}
	s.trend.fit(s.nodes, s.base)
	s.product(s.q, s.x)
	clear(s.r)
	s.priors.product(s.r, s.base)
	for i, d := range s.nodes {
		s.r[i] = [2]float64{s.r[i][0] + d.bx - s.q[i][0], s.r[i][1] + d.by - s.q[i][1]}
	}
	s.invert()
	rz := s.precondition()
	if s.end == 0 {
		s.end = 1e-6*rz + 1e-12
	}
	copy(s.p, s.z)
	const most = 60
	for steps := 0; rz > s.end && steps < most; steps++ {
		s.product(s.q, s.p)
		a := rz / dot(s.p, s.q)
		for i := range s.x {
			s.x[i][0] += a * s.p[i][0]
			s.x[i][1] += a * s.p[i][1]
			s.r[i][0] -= a * s.q[i][0]
			s.r[i][1] -= a * s.q[i][1]
		}
		old := rz
		rz = s.precondition()
		for i, z := range s.z {
			s.p[i] = [2]float64{z[0] + rz/old*s.p[i][0], z[1] + rz/old*s.p[i][1]}
		}
	}
	for i, v := range s.x {
		for k := range 2 {
			changed = max(changed, math.Abs(v[k]-float64(s.grid.v[i][k])))
			s.grid.v[i][k] = float32(v[k])
		}
	}
	return changed
}

func dot(a, b [][2]float64) (sum float64) {
	for i, v := range a {
		sum += v[0]*b[i][0] + v[1]*b[i][1]
	}
	return sum
}

// invert inverts each node's own equations.
func (s *system) invert() {
	for i := range s.nodes {
		d, prior := &s.nodes[i], s.priors.diagonal(i)
		xx, xy, yy := d.xx+prior, d.xy, d.yy+prior
		det := 1 / (xx*yy - xy*xy)
		s.own[i] = own{yy * det, -xy * det, xx * det}
	}
}

// precondition solves each node's own equations for the residual and returns the product of both.
func (s *system) precondition() float64 {
	for i, o := range s.own {
		r := s.r[i]
		s.z[i] = [2]float64{o.xx*r[0] + o.xy*r[1], o.xy*r[0] + o.yy*r[1]}
	}
	return dot(s.r, s.z)
}

// The weights of the priors.
const (
	hold  = 1 / (fieldSize * fieldSize)
	stiff = 1 / (fieldStep * fieldStep)
	bend  = 1 / (fieldBend * fieldBend)
)

// priors is the symmetric matrix of the priors, which is the same along both axes: of each node the nodes that it
// hangs together with, itself first, and their weights.
type priors struct {
	nodes   [][]int32
	weights [][]float64
}

func newPriors(g *grid) priors {
	const most = 13 // nodes connected to one
	n := len(g.v)
	m := priors{make([][]int32, n), make([][]float64, n)}
	nodes, weights := make([]int32, n*most), make([]float64, n*most)
	for i := range n {
		m.nodes[i], m.weights[i] = nodes[i*most:][:0:most], weights[i*most:][:0:most]
		m.add(hold, []int{i}, []float64{1})
	}
	g.lines(func(first, step, n int) {
		for i := range n - 1 {
			at := first + i*step
			m.add(stiff, []int{at, at + step}, []float64{1, -1})
		}
		for i := range n - 2 {
			at := first + i*step
			m.add(bend, []int{at, at + step, at + 2*step}, []float64{1, -2, 1})
		}
	})
	for y := range g.rows - 1 {
		for x := range g.cols - 1 {
			i := y*g.cols + x
			m.add(2*bend, []int{i, i + 1, i + g.cols, i + g.cols + 1}, []float64{1, -1, -1, 1})
		}
	}
	return m
}

// add adds a weight times the square of a sum of nodes, each by a factor.
func (m *priors) add(weight float64, nodes []int, by []float64) {
	for i, a := range nodes {
		for j, b := range nodes {
			at := slices.Index(m.nodes[a], int32(b))
			if at < 0 {
				at = len(m.nodes[a])
				m.nodes[a], m.weights[a] = append(m.nodes[a], int32(b)), append(m.weights[a], 0)
			}
			m.weights[a][at] += weight * by[i] * by[j]
		}
	}
}

// diagonal returns a node's own weight.
func (m *priors) diagonal(i int) float64 { return m.weights[i][0] }

// product adds the matrix times v to out.
func (m *priors) product(out, v [][2]float64) {
	for i, nodes := range m.nodes {
		weights := m.weights[i][:len(nodes)]
		var x, y float64
		for k, n := range nodes {
			w, d := weights[k], &v[n]
			x, y = x+w*d[0], y+w*d[1]
		}
		out[i][0], out[i][1] = out[i][0]+x, out[i][1]+y
	}
}

// lines calls f for each row and column of nodes: the first, from one to the next, and how many there are.
func (g *grid) lines(f func(first, step, n int)) {
	for y := range g.rows {
		f(y*g.cols, 1, g.cols)
	}
	for x := range g.cols {
		f(x, g.cols, g.rows)
	}
}

// product writes the matrix, with the priors, times v to out.
func (s *system) product(out, v [][2]float64) {
	for i, d := range s.nodes {
		x, y := v[i][0], v[i][1]
		out[i] = [2]float64{d.xx*x + d.xy*y, d.xy*x + d.yy*y}
	}
	s.priors.product(out, v)
}
