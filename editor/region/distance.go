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
// (2012), columns first and then rows. Values of f are at least 0. Results
// above reach^2 may be anything that is above it. done, unless nil, is called, on several
// goroutines at once, for each part of a row that may have results other than
// 0 and out of reach.
func lowerEnvelope(f []float32, width, height, reach int, done func(y, from, to int)) {
	const block = 16 // columns that share cache lines
	parallel(ceilDiv(width, block), func(from, to int) {
		t := newEnvelope(height, reach)
		columns := make([]float32, block*height)
		for x := from * block; x < min(to*block, width); x += block {
			n := min(block, width-x)
			for y := range height {
				for i, v := range f[y*width+x:][:n] {
					columns[i*height+y] = v
				}
			}
			for i := range n {
				column := columns[i*height:][:height]
				t.transform(column, func(lo, hi int) {
					for y := lo; y < hi; y++ {
						f[y*width+x+i] = column[y]
					}
				})
			}
		}
	})
	parallel(height, func(from, to int) {
		t := newEnvelope(width, reach)
		for y := from; y < to; y++ {
			t.transform(f[y*width:(y+1)*width], func(lo, hi int) {
				if done != nil {
					done(y, lo, hi)
				}
			})
		}
	})
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

// transform does what is needed of one line and tells which parts it wrote.
// Zeros stay zeros, and of a run of them only the ends matter to others: so
// each stretch between zeros is done by itself, as far as anything reaches.
func (t *envelope) transform(f []float32, wrote func(lo, hi int)) {
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
			wrote(lo, hi)
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

// weights returns the weight (0 to 255) of each pixel of a plane of coverage:
// the largest, over all pixels of the mask, of its coverage let fall off with
// the distance. It is never less than the coverage, and 0 beyond reach.
func (f *falloff) weights(a *image.Alpha) *image.Alpha {
	out := image.NewAlpha(a.Rect)
	w, h := a.Rect.Dx(), a.Rect.Dy()
	for y := range h {
		copy(out.Pix[y*out.Stride:][:w], a.Pix[y*a.Stride:])
	}
	if f.reach == 0 {
		return out
	}
	plane := make([]float32, w*h)
	parallel(h, func(from, to int) {
		for y := from; y < to; y++ {
			row := plane[y*w : (y+1)*w]
			for x, c := range a.Pix[y*a.Stride:][:w] {
				row[x] = f.squared[c]
			}
		}
	})
	reach2 := float32(f.reach * f.reach)
	full2 := float32(f.full * f.full)
	lowerEnvelope(plane, w, h, int(math.Ceil(f.reach)), func(y, from, to int) {
		row := out.Pix[y*out.Stride:][from:to]
		for i, d2 := range plane[y*w:][from:to] {
			switch {
			case d2 <= full2:
				row[i] = 255
			case d2 < reach2:
				row[i] = max(row[i], uint8(255*f.at(math.Sqrt(float64(d2)))+0.5))
			}
		}
	})
	return out
}

// grow returns 255 wherever any coverage lies within a distance, 0 elsewhere.
func grow(a *image.Alpha, by float64) *image.Alpha {
	f := &falloff{full: by, reach: by + 1e-3} // an edge without a slope
	f.squared[0] = far
	return f.weights(a)
}
