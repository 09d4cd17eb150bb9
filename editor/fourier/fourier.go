// Package fourier is the fast Fourier transform (Cooley and Tukey, "An Algorithm for
// the Machine Calculation of Complex Fourier Series", 1965).
package fourier

import "math"

// Transform transforms lines of a power of two of complex numbers in place. It is
// immutable and safe for use by several goroutines.
type Transform struct {
	n     int
	roots []complex128 // exp(-2 pi i k/n), k < n/2
	swap  []int
}

// New returns the transform of lines of n numbers, a power of two.
func New(n int) *Transform {
	f := &Transform{n: n, roots: make([]complex128, n/2), swap: make([]int, n)}
	for k := range f.roots {
		sin, cos := math.Sincos(-2 * math.Pi * float64(k) / float64(n))
		f.roots[k] = complex(cos, sin)
	}
	for i := 1; i < n; i++ {
		f.swap[i] = f.swap[i/2] / 2
		if i&1 != 0 {
			f.swap[i] += n / 2
		}
	}
	return f
}

// Line transforms a line of n numbers.
func (f *Transform) Line(v []complex128) {
	for i, j := range f.swap {
		if i < j {
			v[i], v[j] = v[j], v[i]
		}
	}
	for i := 0; i+1 < f.n; i += 2 { // pairs, whose only root is 1
		v[i], v[i+1] = v[i]+v[i+1], v[i]-v[i+1]
	}
	for size := 4; size <= f.n; size *= 2 {
		half, stride := size/2, f.n/size
		for start := 0; start < f.n; start += size {
			a, b := v[start:start+half], v[start+half:start+size]
			a[0], b[0] = a[0]+b[0], a[0]-b[0] // whose root is 1
			for k := 1; k < half; k++ {
				t := b[k] * f.roots[k*stride]
				a[k], b[k] = a[k]+t, a[k]-t
			}
		}
	}
}

// Plane transforms n lines of n, along both axes.
func (f *Transform) Plane(v []complex128) {
	for y := range f.n {
		f.Line(v[y*f.n:][:f.n])
	}
	transpose(v, f.n)
	for y := range f.n {
		f.Line(v[y*f.n:][:f.n])
	}
	transpose(v, f.n)
}

func transpose(v []complex128, n int) {
	for y := range n {
		for x := y + 1; x < n; x++ {
			v[y*n+x], v[x*n+y] = v[x*n+y], v[y*n+x]
		}
	}
}
