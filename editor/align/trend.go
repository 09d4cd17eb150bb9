package align

import "overpaint.dev/overpaint/editor/equations"

const (
	// degree is that of a trend's polynomials.
	degree = 4
	// trendHold holds a trend's coefficients, in pixels of a level, near zero where little tells.
	trendHold = 30
)

// trend is a field of polynomials over the whole picture: a drift that is smooth goes on where nothing is
// known of it, below a mask or where content was replaced.
type trend struct {
	basis [][]float64 // by node: products of Legendre's polynomials along both axes
	rows  [][]float64
	v     []float64
}

func newTrend(g *grid) *trend {
	t := &trend{}
	for row := range g.rows {
		y := legendre(2*float64(row)/float64(g.rows-1) - 1)
		for col := range g.cols {
			x := legendre(2*float64(col)/float64(g.cols-1) - 1)
			var terms []float64
			for i := range degree + 1 {
				for j := range degree + 1 - i {
					terms = append(terms, x[i]*y[j])
				}
			}
			t.basis = append(t.basis, terms)
		}
	}
	n := 2 * len(t.basis[0])
	t.v, t.rows = make([]float64, n), make([][]float64, n)
	for i := range t.rows {
		t.rows[i] = make([]float64, n)
	}
	return t
}

// legendre returns Legendre's polynomials at x.
func legendre(x float64) (p [degree + 1]float64) {
	p[0], p[1] = 1, x
	for n := 1; n < degree; n++ {
		p[n+1] = (float64(2*n+1)*x*p[n] - float64(n)*p[n-1]) / float64(n+1)
	}
	return p
}

// fit writes the displacements to base, of all nodes, that explain best what the points say of them.
func (t *trend) fit(nodes []node, base [][2]float64) {
	k := len(t.v) / 2
	clear(t.v)
	for i, row := range t.rows {
		clear(row)
		row[i] = trendHold
	}
	for i := range nodes {
		n, basis := &nodes[i], t.basis[i]
		if n.xx+n.yy == 0 {
			continue
		}
		for a, u := range basis {
			x, y := t.rows[a], t.rows[k+a]
			for b, w := range basis {
				c := u * w
				x[b], y[b], y[k+b] = x[b]+c*n.xx, y[b]+c*n.xy, y[k+b]+c*n.yy
			}
			t.v[a], t.v[k+a] = t.v[a]+u*n.bx, t.v[k+a]+u*n.by
		}
	}
	if !equations.Solve(t.rows, t.v, 0) { // which holding prevents
		clear(t.v)
	}
	for i, basis := range t.basis {
		base[i] = [2]float64{}
		for a, u := range basis {
			base[i][0] += u * t.v[a]
			base[i][1] += u * t.v[k+a]
		}
	}
}
