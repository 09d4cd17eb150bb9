package align

import (
	"cmp"
	"context"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/fourier"
	"overpaint.dev/overpaint/editor/parallel"
)

// The scales and turns from which the search starts: between them, and beyond
// them up to the bounds, the fit finds its way.
var (
	searchedZooms = []float64{1, 0.97, 1.03, 0.94, 1.06}
	searchedTurns = []float64{0, -2 * math.Pi / 180, 2 * math.Pi / 180}
)

// followed is how many of the peaks are followed.
const followed = 4

type peak struct {
	motion affine
	height float64
}

// peaks returns the likeliest motions: the peaks of the correlation of both pictures, the
// answer zoomed and turned by some steps, over all shifts. Two steps share a transform,
// one as its real and one as its imaginary part.
func (l *level) peaks(ctx context.Context, sent, answer side) ([]affine, error) {
	n := 1
	for n < max(l.sent.w, l.sent.h) {
		n *= 2
	}
	f := fourier.New(n)
	spectrum := make([]complex128, n*n)
	window := newWindow(l.sent.w, l.sent.h)
	for y := range l.sent.h {
		for x, v := range l.sent.row(y) {
			spectrum[y*n+x] = complex(float64(v*window.at(x, y)), 0)
		}
	}
	f.Plane(spectrum)
	steps := searched()
	found := make([]peak, (len(steps)+1)/2*2)
	err := parallel.Range(ctx, len(found)/2, 1, func(i, _ int) {
		both := steps[2*i : min(2*i+2, len(steps))]
		v := make([]complex128, n*n)
		var energy [2]float64
		for k, m := range both {
			energy[k] = l.turned(v, n, m, k, window)
		}
		f.Plane(v)
		for j := range v {
			// The inverse transform of z is the conjugate of the transform of conj(z).
			z := v[j] * complex(real(spectrum[j]), -imag(spectrum[j]))
			v[j] = complex(real(z), -imag(z))
		}
		f.Plane(v)
		for k, m := range both {
			found[2*i+k] = l.highest(v, n, m, k, energy[k])
		}
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b peak) int { return cmp.Compare(b.height, a.height) })
	var out []affine
	for _, p := range found[:min(followed, len(found))] {
		if p.height > 0 {
			out = append(out, p.motion)
		}
	}
	return out, nil
}

// searched returns the zooms and turns from which the search starts.
func searched() (steps []affine) {
	for _, turn := range searchedTurns {
		for _, zoom := range searchedZooms {
			sin, cos := math.Sincos(turn)
			steps = append(steps, affine{a: zoom * cos, b: -zoom * sin, d: zoom * sin, e: zoom * cos})
		}
	}
	return steps
}

// turned writes the answer under a motion into the real (part 0) or imaginary
// part of v, lines of n, and returns its energy.
func (l *level) turned(v []complex128, n int, m affine, part int, w window) (energy float64) {
	for y := range l.sent.h {
		for x := range l.sent.w {
			px, py := m.apply(float64(float32(x)-l.midX), float64(float32(y)-l.midY))
			px, py = px+float64(l.midX), py+float64(l.midY)
			if px < l.bounds.x0 || py < l.bounds.y0 || px > l.bounds.x1 || py > l.bounds.y1 {
				continue
			}
			a := float64(l.answer.at(float32(px), float32(py)) * w.at(x, y))
			energy += a * a
			if part == 0 {
				v[y*n+x] += complex(a, 0)
			} else {
				v[y*n+x] += complex(0, a)
			}
		}
	}
	return energy
}

// highest returns the peak of a correlation, whose conjugate v is, within the bounds.
func (l *level) highest(v []complex128, n int, m affine, part int, energy float64) peak {
	p := peak{motion: m, height: -1}
	reach := int(math.Ceil(slack * MaxShift * 2 * l.radius))
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			z := v[(dy+n)%n*n+(dx+n)%n]
			h := real(z)
			if part == 1 {
				h = -imag(z)
			}
			if h > p.height {
				p.height = h
				// The turned answer at x + d is the answer at m(x + d).
				p.motion = m.after(affine{1, 0, float64(dx), 0, 1, float64(dy)})
			}
		}
	}
	p.height /= math.Sqrt(energy + 1)
	return p
}

// window tapers a picture towards its edges.
type window struct{ x, y []float32 }

func newWindow(w, h int) window {
	line := func(n int) []float32 {
		out := make([]float32, n)
		rim := max(1, n/12)
		for i := range out {
			t := min(1, (float64(min(i, n-1-i))+0.5)/float64(rim))
			out[i] = float32(t * t * (3 - 2*t))
		}
		return out
	}
	return window{line(w), line(h)}
}

func (w window) at(x, y int) float32 { return w.x[x] * w.y[y] }
