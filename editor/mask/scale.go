package mask

import (
	"image"
	"math"
)

// Scaled returns the mask stretched to another size, by a linear filter that looks at
// all of what a pixel stands for: for a picture of other dimensions than the mask was
// made on. A mask of that size is returned as it is. Both sides of size are at least 1.
func (m *Mask) Scaled(size image.Point) *Mask {
	if size == m.size {
		return m
	}
	if m.Empty() {
		return New(size.X, size.Y)
	}
	from := m.Alpha(m.Bounds())
	columns, rows := taps(m.size.X, size.X), taps(m.size.Y, size.Y)
	wide := image.NewAlpha(image.Rect(0, 0, size.X, m.size.Y))
	for y := range m.size.Y {
		src, dst := from.Pix[y*from.Stride:], wide.Pix[y*wide.Stride:]
		for x, t := range columns {
			sum := float32(0)
			for i, w := range t.weights {
				sum += w * float32(src[t.first+i])
			}
			dst[x] = uint8(sum + 0.5)
		}
	}
	to := image.NewAlpha(image.Rectangle{Max: size})
	for y, t := range rows {
		dst := to.Pix[y*to.Stride:]
		for x := range size.X {
			sum := float32(0)
			for i, w := range t.weights {
				sum += w * float32(wide.Pix[(t.first+i)*wide.Stride+x])
			}
			dst[x] = uint8(sum + 0.5)
		}
	}
	return FromAlpha(to, size)
}

// tap is what one place of a scaled line is made of: places of the line from first on,
// with weights whose sum is 1.
type tap struct {
	first   int
	weights []float32
}

// taps returns those of a line that is scaled from one length to another.
func taps(from, to int) []tap {
	scale := float64(from) / float64(to)
	reach := max(scale, 1)
	list := make([]tap, to)
	for i := range list {
		centre := (float64(i)+0.5)*scale - 0.5
		first, last := max(int(math.Ceil(centre-reach)), 0), min(int(math.Floor(centre+reach)), from-1)
		t := tap{first: first, weights: make([]float32, last-first+1)}
		sum := 0.0
		for k := range t.weights {
			w := 1 - math.Abs(float64(first+k)-centre)/reach
			t.weights[k], sum = float32(w), sum+w
		}
		for k := range t.weights {
			t.weights[k] /= float32(sum)
		}
		list[i] = t
	}
	return list
}
