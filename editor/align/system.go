package align

import "math"

// system is the linear equations of a field: what the points say of each node, and the priors of what it is
// besides its trend.
type system struct {
	grid  *grid
	nodes []node
	trend *trend
	base  [][2]float64 // the trend's displacements
	prior []float64    // the priors' part of the diagonal
	// Of the conjugate gradients.
	x, r, z, p, q [][2]float64
}

func newSystem(g *grid) system {
	n := len(g.v)
	s := system{grid: g, nodes: make([]node, n), trend: newTrend(g), prior: make([]float64, n)}
	for _, v := range []*[][2]float64{&s.base, &s.x, &s.r, &s.z, &s.p, &s.q} {
		*v = make([][2]float64, n)
	}
	s.diagonal()
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
	s.priors(s.r, s.base)
	for i, d := range s.nodes {
		s.r[i] = [2]float64{s.r[i][0] + d.bx - s.q[i][0], s.r[i][1] + d.by - s.q[i][1]}
	}
	rz := s.precondition()
	copy(s.p, s.z)
	const most = 60
	for end, steps := 1e-6*rz, 0; rz > end+1e-12 && steps < most; steps++ {
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

// precondition solves each node's own equations for the residual and returns the product of both.
func (s *system) precondition() float64 {
	for i, d := range s.nodes {
		xx, xy, yy := d.xx+s.prior[i], d.xy, d.yy+s.prior[i]
		r, det := s.r[i], xx*yy-xy*xy
		s.z[i] = [2]float64{(yy*r[0] - xy*r[1]) / det, (xx*r[1] - xy*r[0]) / det}
	}
	return dot(s.r, s.z)
}

// The weights of the priors.
const (
	hold  = 1 / (fieldSize * fieldSize)
	stiff = 1 / (fieldStep * fieldStep)
	bend  = 1 / (fieldBend * fieldBend)
)

// diagonal sets prior.
func (s *system) diagonal() {
	g := s.grid
	for i := range s.prior {
		s.prior[i] = hold
	}
	g.lines(func(first, step, n int) {
		for i := range n - 1 {
			s.prior[first+i*step] += stiff
			s.prior[first+(i+1)*step] += stiff
		}
		for i := range n - 2 {
			s.prior[first+i*step] += bend
			s.prior[first+(i+1)*step] += 4 * bend
			s.prior[first+(i+2)*step] += bend
		}
	})
	for y := range g.rows - 1 {
		for x := range g.cols - 1 {
			for _, i := range [4]int{0, 1, g.cols, g.cols + 1} {
				s.prior[y*g.cols+x+i] += 2 * bend
			}
		}
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
	s.priors(out, v)
}

// priors adds the priors' matrix times v to out.
func (s *system) priors(out, v [][2]float64) {
	g := s.grid
	for i, d := range v {
		out[i][0] += hold * d[0]
		out[i][1] += hold * d[1]
	}
	g.lines(func(first, step, n int) {
		for i := range n - 1 {
			a, b := &out[first+i*step], &out[first+(i+1)*step]
			u, w := &v[first+i*step], &v[first+(i+1)*step]
			dx, dy := stiff*(w[0]-u[0]), stiff*(w[1]-u[1])
			a[0], a[1], b[0], b[1] = a[0]-dx, a[1]-dy, b[0]+dx, b[1]+dy
		}
		for i := range n - 2 {
			at := first + i*step
			a, b, c := &out[at], &out[at+step], &out[at+2*step]
			u, w, z := &v[at], &v[at+step], &v[at+2*step]
			dx, dy := bend*(u[0]-2*w[0]+z[0]), bend*(u[1]-2*w[1]+z[1])
			a[0], b[0], c[0] = a[0]+dx, b[0]-2*dx, c[0]+dx
			a[1], b[1], c[1] = a[1]+dy, b[1]-2*dy, c[1]+dy
		}
	})
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
