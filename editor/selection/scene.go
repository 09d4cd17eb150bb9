package selection

import (
	"context"
	"image"
	"math"

	"overpaint.dev/overpaint/editor/guided"
	"overpaint.dev/overpaint/editor/oklab"
	"overpaint.dev/overpaint/editor/parallel"
)

// Scene is a picture that is prepared for selections. It is immutable, so any number of
// goroutines may use it.
type Scene struct {
	size   image.Point // the canvas
	pixels func(image.Rectangle) *image.NRGBA
	by     int // canvas pixels per working pixel, along each side
	w, h   int // the size in working pixels
	count  int // the approximate number of superpixels
	// step is the distance of the superpixels' first centres in working pixels, at least
	// leastStep.
	step, leastStep int
	isClose         bool // it is that of a close-up

	// planes is the picture in OKLab with the opponent axes multiplied by chroma, rough the
	// standard deviation of lightness around each pixel.
	planes [3][]float32
	rough  []float32

	of    []int32 // the superpixel of each pixel
	parts []part
	edges []edge
	near  [][]link // the edges of each superpixel
	// grain is the mean squared difference between neighbouring pixels.
	grain float64
}

const (
	// finest is the largest longer side in working pixels.
	finest = 1024
	// chroma is the weight of a difference in chroma relative to one in lightness.
	chroma = 2
	// count is the approximate number of superpixels, and leastStep the least distance of their
	// first centres in working pixels.
	count, leastStep = 8000, 4
)

// dims is the number of features of a superpixel: three of colour, and texture.
const dims = 4

type feature [dims]float32

// part is one superpixel.
type part struct {
	n    int     // the number of its pixels
	mean feature // their mean
	box  image.Rectangle
	edge bool // it lies at the canvas's edge
}

// edge is where two superpixels meet.
type edge struct {
	a, b   int32
	length int32
	differ float32 // the mean difference along it
	tie    int32   // the cost of separating them
}

// link is an edge from one of its superpixels to the other.
type link struct {
	to   int32
	edge int32
}

// Prepare returns the scene of a canvas. pixels returns the flattened picture within a rectangle
// of it, as a copy or a read-only view; it is called from several goroutines at once, also after
// Prepare has returned. The only error is ctx's.
func Prepare(ctx context.Context, size image.Point, pixels func(image.Rectangle) *image.NRGBA) (*Scene, error) {
	return prepare(ctx, &Scene{
		size: size, pixels: pixels, by: max((max(size.X, size.Y)+finest-1)/finest, 1), count: count, leastStep: leastStep,
	})
}

// prepare completes a scene that has its size, its pixels and by.
func prepare(ctx context.Context, s *Scene) (*Scene, error) {
	size := s.size
	s.w, s.h = (size.X+s.by-1)/s.by, (size.Y+s.by-1)/s.by
	if s.w == 0 || s.h == 0 {
		return s, ctx.Err()
	}
	for _, step := range []func(context.Context) error{s.shrink, s.feel, s.divide, s.measure} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// shrink makes the planes of the picture at the working size, by averaging. The picture is
// composited over grey.
func (s *Scene) shrink(ctx context.Context) error {
	for c := range s.planes {
		s.planes[c] = make([]float32, s.w*s.h)
	}
	return parallel.Range(ctx, s.h, 8, func(from, to int) {
		band := image.Rect(0, from*s.by, s.size.X, min(to*s.by, s.size.Y))
		img := s.pixels(band)
		for y := from; y < to; y++ {
			for x := range s.w {
				c := s.meanOf(img, image.Rect(x*s.by, y*s.by, (x+1)*s.by, (y+1)*s.by).Intersect(band))
				for ch, v := range c {
					s.planes[ch][y*s.w+x] = v
				}
			}
		}
	})
}

func (s *Scene) meanOf(img *image.NRGBA, r image.Rectangle) [3]float32 {
	var sum [3]int
	for y := r.Min.Y; y < r.Max.Y; y++ {
		p := img.Pix[img.PixOffset(r.Min.X, y):][:4*r.Dx()]
		for ; len(p) > 0; p = p[4:] {
			a := int(p[3])
			for c := range sum {
				sum[c] += int(p[c])*a + 128*(255-a)
			}
		}
	}
	n := float32(255 * r.Dx() * r.Dy())
	return colour(float32(sum[0])/n, float32(sum[1])/n, float32(sum[2])/n)
}

// colour converts sRGB, 0 to 255, to the values of planes.
func colour(r, g, b float32) [3]float32 {
	l, a, c := oklab.FromSRGB(r, g, b)
	return [3]float32{l, chroma * a, chroma * c}
}

// feel computes rough.
func (s *Scene) feel(ctx context.Context) error {
	l := s.planes[0]
	squares := make([]float32, len(l))
	for i, v := range l {
		squares[i] = v * v
	}
	mean, err := guided.Mean(ctx, l, s.w, s.h, 2)
	if err != nil {
		return err
	}
	if squares, err = guided.Mean(ctx, squares, s.w, s.h, 2); err != nil {
		return err
	}
	s.rough = squares
	for i, m := range mean {
		s.rough[i] = float32(math.Sqrt(float64(max(squares[i]-m*m, 0))))
	}
	return nil
}

// measure computes the superpixels' means and the edges between them.
func (s *Scene) measure(ctx context.Context) error {
	s.average()
	s.join()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	sum, n := 0.0, 0.0
	for _, e := range s.edges {
		sum, n = sum+float64(e.length)*float64(e.differ)*float64(e.differ), n+float64(e.length)
	}
	varies := max(sum/max(n, 1), 1e-5)
	for k := range s.edges {
		e := &s.edges[k]
		e.tie = cost(smooth * float64(e.length) * alike(float64(e.differ)*float64(e.differ), varies))
	}
	sum = 0
	for y := range s.h {
		for x := 1; x < s.w; x++ {
			sum += float64(s.apart(y*s.w+x-1, y*s.w+x))
		}
	}
	s.grain = max(sum/max(float64(s.h*(s.w-1)), 1), 1e-5)
	return nil
}

// average computes the mean features, the size and the box of each superpixel.
func (s *Scene) average() {
	for i, p := range s.of {
		q := &s.parts[p]
		x, y := i%s.w, i/s.w
		q.n++
		for c := range s.planes {
			q.mean[c] += s.planes[c][i]
		}
		q.mean[3] += s.rough[i]
		q.box = q.box.Union(image.Rect(x, y, x+1, y+1))
		q.edge = q.edge || x == 0 || y == 0 || x == s.w-1 || y == s.h-1
	}
	for i := range s.parts {
		q := &s.parts[i]
		n := float32(q.n)
		for c := range q.mean {
			q.mean[c] /= n
		}
		q.mean[3] = texture(q.mean[3])
	}
}

// texture returns the feature for a standard deviation of lightness: its scaled logarithm, so
// that equal factors are equal differences.
func texture(rough float32) float32 { return 0.05 * float32(math.Log(float64(rough)+0.004)) }

// join finds the edges between superpixels.
func (s *Scene) join() {
	found := map[[2]int32]int32{}
	meet := func(i, j, before, after int) {
		a, b := s.of[i], s.of[j]
		if a == b {
			return
		}
		if a > b {
			a, b = b, a
		}
		k, ok := found[[2]int32{a, b}]
		if !ok {
			k = int32(len(s.edges))
			found[[2]int32{a, b}] = k
			s.edges = append(s.edges, edge{a: a, b: b})
		}
		e := &s.edges[k]
		e.length++
		// Edges in photos are some pixels wide.
		e.differ += float32(math.Sqrt(float64(s.apart(before, after))))
	}
	for y := range s.h {
		for x := range s.w {
			i := y*s.w + x
			if x+1 < s.w {
				meet(i, i+1, y*s.w+max(x-1, 0), y*s.w+min(x+2, s.w-1))
			}
			if y+1 < s.h {
				meet(i, i+s.w, max(y-1, 0)*s.w+x, min(y+2, s.h-1)*s.w+x)
			}
		}
	}
	s.near = make([][]link, len(s.parts))
	for k := range s.edges {
		e := &s.edges[k]
		d := float32(math.Sqrt(float64(between(s.parts[e.a].mean, s.parts[e.b].mean))))
		e.differ = (e.differ/float32(e.length) + d) / 2
		s.near[e.a] = append(s.near[e.a], link{e.b, int32(k)})
		s.near[e.b] = append(s.near[e.b], link{e.a, int32(k)})
	}
}

// apart returns the squared difference of two pixels.
func (s *Scene) apart(i, j int) (d float32) {
	for _, p := range s.planes {
		d += (p[i] - p[j]) * (p[i] - p[j])
	}
	return d
}

func between(a, b feature) (d float32) {
	for c := range a {
		d += (a[c] - b[c]) * (a[c] - b[c])
	}
	return d
}
