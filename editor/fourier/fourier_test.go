package fourier_test

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/fourier"
)

// slow transforms a line as the transform is defined.
func slow(v []complex128) []complex128 {
	out := make([]complex128, len(v))
	for k := range out {
		for i, z := range v {
			out[k] += z * cmplx.Rect(1, -2*math.Pi*float64(i*k)/float64(len(v)))
		}
	}
	return out
}

func TestLinesAndPlanesFollowTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{1, 2, 8, 64} {
		plane := make([]complex128, n*n)
		for i := range plane {
			plane[i] = complex(r.NormFloat64(), r.NormFloat64())
		}
		want := make([]complex128, n*n)
		for y := range n {
			copy(want[y*n:], slow(plane[y*n:][:n]))
		}
		f := fourier.New(n)
		line := append([]complex128(nil), plane[:n]...)
		f.Line(line)
		near(t, line, want[:n])
		for x := range n {
			column := make([]complex128, n)
			for y := range n {
				column[y] = want[y*n+x]
			}
			for y, z := range slow(column) {
				want[y*n+x] = z
			}
		}
		f.Plane(plane)
		near(t, plane, want)
	}
}

func near(t *testing.T, got, want []complex128) {
	t.Helper()
	for i := range want {
		if cmplx.Abs(got[i]-want[i]) > 1e-9*float64(len(want)) {
			t.Fatalf("%d of %d: %v, want %v", i, len(want), got[i], want[i])
		}
	}
}
