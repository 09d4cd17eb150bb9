package equations

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSolve multiplies random positive definite matrices with random vectors, and
// wants the vectors back.
func TestSolve(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for n := 1; n <= 8; n++ {
		for range 50 {
			a, x := make([][]float64, n), make([]float64, n)
			for i := range a {
				a[i] = make([]float64, n)
				for j := range a[i] {
					a[i][j] = rnd.NormFloat64()
				}
				x[i] = rnd.NormFloat64()
			}
			h, v := make([][]float64, n), make([]float64, n)
			for i := range h { // the transpose of a times a, and a little more
				h[i] = make([]float64, n)
				for j := range h[i] {
					for k := range a {
						h[i][j] += a[k][i] * a[k][j]
					}
					if i == j {
						h[i][j] += 0.1
					}
					v[i] += h[i][j] * x[j]
				}
			}
			if !Solve(h, v, 0) {
				t.Fatal("a system that has a solution")
			}
			for i := range x {
				if math.Abs(v[i]-x[i]) > 1e-6 {
					t.Fatalf("%v, want %v", v, x)
				}
			}
		}
	}
}

func TestNothingToReport(t *testing.T) {
	v := []float64{3, 4}
	if Solve([][]float64{{1, 1}, {1, 1}}, v, 0) || !slices.Equal(v, []float64{3, 4}) {
		t.Errorf("two equations that are one gave %v", v)
	}
	if Solve([][]float64{{0.5}}, []float64{1}, 0.5) || !Solve([][]float64{{0.5}}, []float64{1}, 0.4) {
		t.Error("the least pivot is not kept to")
	}
}
