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
// (2012), columns first and then rows.
func lowerEnvelope(f []float32, width, height int) {
	t := newEnvelope(max(width, height))
	column := make([]float32, height)
	for x := range width {
		some := false
		for y := range height {
			column[y] = f[y*width+x]
			some = some || column[y] < far
		}
		if !some {
			continue
		}
		t.transform(column)
		for y := range height {
			f[y*width+x] = column[y]
		}
	}
	for y := range height {
		t.transform(f[y*width : (y+1)*width])
	}
}

// envelope holds the scratch of one-dimensional transforms.
type envelope struct {
	v    []int     // the parabolas of the envelope by their middle
	z    []float32 // where each begins
	from []float32
}

func newEnvelope(n int) *envelope {
	return &envelope{v: make([]int, n), z: make([]float32, n+1), from: make([]float32, n)}
}

func (t *envelope) transform(f []float32) {
	k := -1
	copy(t.from, f)
	for q, fq := range f {
		if fq >= far {
			continue
		}
		start := float32(math.Inf(-1))
		for k >= 0 {
			p := t.v[k]
			// Where the parabola of q passes under that of p.
			start = ((fq + float32(q*q)) - (f[p] + float32(p*p))) / float32(2*(q-p))
			if start > t.z[k] {
				break
			}
			start = float32(math.Inf(-1))
			k--
		}
		k++
		t.v[k], t.z[k] = q, start
	}
	if k < 0 {
		return
	}
	t.z[k+1] = float32(math.Inf(1))
	j := 0
	for x := range f {
		for t.z[j+1] < float32(x) {
			j++
		}
		d := x - t.v[j]
		f[x] = float32(d*d) + t.from[t.v[j]]
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

// weights returns the weight (0 to 255) of each pixel of a plane of coverage:
// the largest, over all pixels of the mask, of its coverage let fall off with
// the distance. It is never less than the coverage, and 0 beyond reach.
func (f *falloff) weights(a *image.Alpha) *image.Alpha {
	out := image.NewAlpha(a.Rect)
	w, h := a.Rect.Dx(), a.Rect.Dy()
	if f.reach == 0 {
		for y := range h {
			copy(out.Pix[y*out.Stride:][:w], a.Pix[y*a.Stride:])
		}
		return out
	}
	plane := make([]float32, w*h)
	for y := range h {
		for x, c := range a.Pix[y*a.Stride:][:w] {
			plane[y*w+x] = f.squared[c]
		}
	}
	lowerEnvelope(plane, w, h)
	reach2 := float32(f.reach * f.reach)
	full2 := float32(f.full * f.full)
	for y := range h {
		row := out.Pix[y*out.Stride:][:w]
		coverage := a.Pix[y*a.Stride:][:w]
		for x, d2 := range plane[y*w : (y+1)*w] {
			switch {
			case d2 <= full2:
				row[x] = 255
			case d2 < reach2:
				row[x] = max(coverage[x], uint8(255*f.at(math.Sqrt(float64(d2)))+0.5))
			}
		}
	}
	return out
}

// grow returns 255 wherever any coverage lies within a distance, 0 elsewhere.
func grow(a *image.Alpha, by float64) *image.Alpha {
	f := &falloff{full: by, reach: by + 1e-3}
	f.squared[0] = far
	return f.weights(a)
}
