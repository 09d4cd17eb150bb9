// Package equations solves small systems of linear equations.
package equations

import "math"

// Solve solves h x = v for a symmetric, positive definite matrix by Cholesky's
// decomposition (Golub and Van Loan, Matrix Computations, 4.2). Of h, n rows of at
// least n numbers, it reads the lower triangle and puts the decomposition there;
// the solution takes the place of v. It reports false, with v as it was, where a
// pivot is at most least: then the equations don't tell.
func Solve(h [][]float64, v []float64, least float64) bool {
	for i := range h {
		for j := range i + 1 {
			sum := h[i][j]
			for k := range j {
				sum -= h[i][k] * h[j][k]
			}
			if i != j {
				h[i][j] = sum / h[j][j]
			} else if sum <= least {
				return false
			} else {
				h[i][i] = math.Sqrt(sum)
			}
		}
	}
	for i := range h {
		for k := range i {
			v[i] -= h[i][k] * v[k]
		}
		v[i] /= h[i][i]
	}
	for i := len(h) - 1; i >= 0; i-- {
		for k := i + 1; k < len(h); k++ {
			v[i] -= h[k][i] * v[k]
		}
		v[i] /= h[i][i]
	}
	return true
}
