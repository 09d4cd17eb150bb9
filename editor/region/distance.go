package region

import (
	"image"
	"math"
)

// far is the squared distance of what is out of reach.
const far = float32(1e20)

// lowerEnvelope replaces f, in place over a plane of width x height, by
// min over q of f(q) + |p-q|^2: the generalised distance transform of
// Felzenszwalb and Huttenlocher, "Distance Transforms of Sampled Functions"
// (2012), columns first and then rows. Values of f are at least 0.
func lowerEnvelope(f []float32, width, height int) {
	t := newEnvelope(max(width, height), width+height)
	column := make([]float32, height)
	for x := range width {
		for y := range column {
			column[y] = f[y*width+x]
		}
		t.transform(column)
		for y, v := range column {
			f[y*width+x] = v
		}
	}
	for y := range height {
		t.transform(f[y*width:][:width])
	}
}

// envelope holds the scratch of one-dimensional transforms.
type envelope struct {
	reach int
	v     []int     // the parabolas of the envelope by their middle
	z     []float32 // where each begins
	from  []float32
}

func newEnvelope(n, reach int) *envelope {
	return &envelope{reach: reach, v: make([]int, n), z: make([]float32, n+1), from: make([]float32, n)}
}

// transform does what is needed of one line. Results above reach^2 may be
// anything that is above it.
// Zeros stay zeros, and of a run of them only the ends matter to others: so
// each stretch between zeros is done by itself, as far as anything reaches.
func (t *envelope) transform(f []float32) {
	for i := 0; i < len(f); {
		if f[i] == 0 {
			i++
			continue
		}
		first, last := -1, -1 // what reaches into the stretch from i
		if i > 0 {
			first, last = i-1, i-1
		}
		end := i
		for ; end < len(f); end++ {
			if f[end] >= far {
				continue
			}
			if first < 0 {
				first = end
			}
			last = end
			if f[end] == 0 {
				break
			}
		}
		if first >= 0 {
			lo, hi := max(i-1, first-t.reach, 0), min(end+1, last+t.reach+1, len(f))
			t.stretch(f[lo:hi])
		}
		i = end
	}
}

// stretch transforms f, which has at least one value below far.
func (t *envelope) stretch(f []float32) {
	k := -1
	from := t.from[:len(f)]
	copy(from, f)
	for q, fq := range from {
		if fq >= far {
			continue
		}
		start := float32(math.Inf(-1))
		for k >= 0 {
			p := t.v[k]
			// Where the parabola of q passes under that of p.
			start = ((fq + float32(q*q)) - (from[p] + float32(p*p))) / float32(2*(q-p))
			if start > t.z[k] {
				break
			}
			start = float32(math.Inf(-1))
			k--
		}
		k++
		t.v[k], t.z[k] = q, start
	}
	t.z[k+1] = float32(math.Inf(1))
	j := 0
	for x := range f {
		for t.z[j+1] < float32(x) {
			j++
		}
		d := x - t.v[j]
		f[x] = float32(d*d) + from[t.v[j]]
	}
}

// falloff is how the weight falls with the distance from the mask: 1 up to
// full, 0 from reach on, a smooth step between.
type falloff struct {
	full, reach float64
	squared     [256]float32 // the squared distance at which each coverage is reached
}

// newFalloff makes the fall-off of a blend. Nothing beyond Feather changes; up to
// Grow, but at most half of Feather, the answer counts in full.
func newFalloff(grow, feather int) *falloff {
	feather = max(feather, 0)
	f := &falloff{reach: float64(feather), full: min(float64(max(grow, 0)), float64(feather)/2)}
	for c := range 255 {
		f.squared[c] = far
		if c > 0 {
			d := f.distance(float64(c) / 255)
			f.squared[c] = float32(d * d)
		}
	}
	return f
}

// at returns the weight (0 to 1) at a distance.
func (f *falloff) at(d float64) float64 {
	if d <= f.full {
		return 1
	}
	if d >= f.reach {
		return 0
	}
	t := (f.reach - d) / (f.reach - f.full)
	return t * t * (3 - 2*t)
}

// distance is the inverse of at.
func (f *falloff) distance(w float64) float64 {
	// The inverse of the smooth step 3t^2-2t^3.
	t := 0.5 - math.Sin(math.Asin(1-2*w)/3)
	return f.reach - t*(f.reach-f.full)
}

// grow returns 255 wherever any coverage lies within a distance, 0 elsewhere.
func grow(a *image.Alpha, by float64) *image.Alpha {
	f := &falloff{full: by, reach: by + 1e-3} // an edge without a slope
	f.squared[0] = far
	return f.weights(a)
}
