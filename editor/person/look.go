package person

import (
	"context"
	"image"
	"math"

	"overpaint.dev/overpaint/editor/parallel"
)

// view is what the network says of a part of a picture.
type view struct {
	of image.Rectangle
	v  []float32 // the probabilities of Side by Side pixels that cover the part
}

// at returns how likely a position in the picture belongs to a person, between the middles of
// the network's pixels linearly.
func (w *view) at(x, y float64) float32 {
	x, left := place(x, w.of.Min.X, w.of.Dx())
	y, top := place(y, w.of.Min.Y, w.of.Dy())
	right, bottom := min(left+1, Side-1), min(top+1, Side-1)
	a, b, c, d := w.v[top*Side+left], w.v[top*Side+right], w.v[bottom*Side+left], w.v[bottom*Side+right]
	fx, fy := float32(x), float32(y)
	upper := a + fx*(b-a)
	return upper + fy*(c+fx*(d-c)-upper)
}

// place returns the pixel of the network at or before a position in a part of the picture that
// begins at from and is length long, and how far from there to the next.
func place(v float64, from, length int) (along float64, at int) {
	p := min(max((v-float64(from))*Side/float64(length)-0.5, 0), Side-1)
	at = int(p)
	return p - float64(at), at
}

// look shows a part of the picture to the network, as it is and mirrored, and returns the mean
// of what it says of the two and how much they have in common. The only error is ctx's.
func look(ctx context.Context, pixels func(image.Rectangle) *image.NRGBA, of image.Rectangle) (*view, float64, error) {
	values := make([]float32, Side*Side*3)
	across := make([]span, Side)
	for x := range across {
		across[x] = under(x, of.Dx())
	}
	err := parallel.Range(ctx, Side, 8, func(from, to int) {
		for y := from; y < to; y++ {
			down := under(y, of.Dy())
			img := pixels(image.Rect(of.Min.X, of.Min.Y+down.first, of.Max.X, of.Min.Y+down.first+len(down.weights)))
			for x, s := range across {
				mean(values[(y*Side+x)*3:][:3], img, s, down)
			}
		}
	})
	if err != nil {
		return nil, 0, err
	}
	seen, err := Likely(ctx, values)
	if err != nil {
		return nil, 0, err
	}
	for y := range Side {
		row := values[y*Side*3:][:Side*3]
		for x := range Side / 2 {
			for c := range 3 {
				row[3*x+c], row[3*(Side-1-x)+c] = row[3*(Side-1-x)+c], row[3*x+c]
			}
		}
	}
	mirrored, err := Likely(ctx, values)
	if err != nil {
		return nil, 0, err
	}
	var both, either float64
	for i, a := range seen {
		b := mirrored[i/Side*Side+Side-1-i%Side]
		both, either = both+float64(min(a, b)), either+float64(max(a, b))
		seen[i] = (a + b) / 2
	}
	return &view{of, seen}, both / max(either, 1), nil
}

// span says which pixels of a row or column make one of the network's.
type span struct {
	first   int
	weights []float32 // their sum is 1
}

// under returns the pixels under one of the network's, of length many: those that it covers, or
// where it is smaller than they are the two that it lies between.
func under(at, length int) span {
	scale := float64(length) / Side
	half := max(scale, 1) / 2
	middle := (float64(at) + 0.5) * scale
	from, to := max(middle-half, 0), min(middle+half, float64(length))
	s := span{first: int(from)}
	for i := s.first; float64(i) < to; i++ {
		s.weights = append(s.weights, float32((math.Min(float64(i+1), to)-math.Max(float64(i), from))/(to-from)))
	}
	return s
}

// mean writes the mean colour of some pixels, 0 to 1. What is transparent counts as grey.
func mean(to []float32, img *image.NRGBA, across, down span) {
	var sum [3]float32
	for j, weight := range down.weights {
		p := img.Pix[img.PixOffset(img.Rect.Min.X+across.first, img.Rect.Min.Y+j):]
		for i, w := range across.weights {
			a, w := float32(p[4*i+3])/255, w*weight/255
			for c := range sum {
				sum[c] += w * (float32(p[4*i+c])*a + 128*(1-a))
			}
		}
	}
	copy(to, sum[:])
}
