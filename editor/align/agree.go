package align

import "math"

// agreement tells how alike the blocks are under some residuals: the
// correlation of each, or NaN where there are too few points.
func (r *reference) agreement(e []float32) []float32 {
	type sum struct{ ab, aa, bb, n float64 }
	all := make([]sum, r.cols*r.rows)
	for i, p := range r.points {
		if e[i] == unknown {
			continue
		}
		a, b := float64(p.v), float64(p.v)+float64(e[i])
		s := &all[p.block]
		s.ab, s.aa, s.bb, s.n = s.ab+a*b, s.aa+a*a, s.bb+b*b, s.n+1
	}
	out := make([]float32, len(all))
	for i, s := range all {
		if s.n < 8 {
			out[i] = float32(math.NaN())
		} else {
			out[i] = float32(s.ab / math.Sqrt(s.aa*s.bb+1e-12))
		}
	}
	return out
}

// share returns which part of the blocks that tell anything agrees, and how many these are.
func share(agreement []float32) (part float64, n int) {
	agree := 0
	for _, c := range agreement {
		if c == c {
			n++
			if c > agreeing {
				agree++
			}
		}
	}
	return float64(agree) / float64(max(n, 1)), n
}

// agreeing is the correlation from which on a block shows the same on both sides.
const agreeing = 0.5

// trusted returns weights for the blocks by their agreement.
func trusted(agreement []float32) []float32 {
	out := make([]float32, len(agreement))
	for i, c := range agreement {
		if c == c {
			t := min(max((c-0.2)/0.4, 0), 1)
			out[i] = t * t
		}
	}
	return out
}

// cost is the mean loss (Geman and McClure) of residuals over the trusted
// blocks, 0 to 1, for noise of a spread.
func (r *reference) cost(e []float32, spread float64, trust []float32) float64 {
	var sum, all float64
	reach := 4 * spread * spread
	for i, p := range r.points {
		if w := float64(trust[p.block]); w > 0 && e[i] != unknown {
			v := float64(e[i]) * float64(e[i])
			sum += w * v / (v + reach)
			all += w
		}
	}
	return sum / max(all, 1)
}
