package align

import (
	"context"
	"encoding/binary"
	"image"
	"math"

	"overpaint.dev/overpaint/editor/parallel"
)

// plane is a grey picture, row by row.
type plane struct {
	w, h int
	v    []float32
}

func newPlane(w, h int) *plane { return &plane{w: w, h: h, v: make([]float32, w*h)} }

func (p *plane) row(y int) []float32 { return p.v[y*p.w:][:p.w] }

// rect is a rectangle in continuous coordinates: pixel i covers i to i+1.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) width() float64  { return r.x1 - r.x0 }
func (r rect) height() float64 { return r.y1 - r.y0 }

// taps are the weights by which one line of pixels is resampled to another.
type taps struct {
	n      int
	first  []int
	weight []float32 // n for each
}

// newTaps resamples the stretch from..to of a line of length pixels to n
// pixels by a triangle as wide as two of the larger pixels. Beyond the ends
// the last pixel goes on.
func newTaps(length int, from, to float64, n int) *taps {
	step := (to - from) / float64(n)
	reach := max(step, 1)
	width := int(math.Ceil(2 * reach))
	t := &taps{n: width, first: make([]int, n), weight: make([]float32, n*width)}
	for i := range n {
		middle := from + (float64(i)+0.5)*step - 0.5
		begin := int(math.Ceil(middle - reach))
		t.first[i] = min(max(begin, 0), max(length-width, 0))
		sum := 0.0
		for k := range width {
			sum += max(0, 1-math.Abs(float64(begin+k)-middle)/reach)
		}
		for k := range width {
			w := max(0, 1-math.Abs(float64(begin+k)-middle)/reach) / sum
			at := min(max(begin+k, 0), length-1) - t.first[i]
			t.weight[i*width+min(max(at, 0), width-1)] += float32(w)
		}
	}
	return t
}

// luma returns the part r of a picture as luma of 0 to 255 at w x h pixels. Where
// r reaches over the picture, its edge goes on. What is transparent counts as it is stored.
func luma(ctx context.Context, img *image.NRGBA, r rect, w, h int) (*plane, error) {
	size := img.Rect.Size()
	across, down := newTaps(size.X, r.x0, r.x1, w), newTaps(size.Y, r.y0, r.y1, h)
	out := newPlane(w, h)
	err := parallel.Range(ctx, h, 32, func(from, to int) {
		top := down.first[from]
		bottom := top
		for y := from; y < to; y++ {
			bottom = max(bottom, min(down.first[y]+down.n, size.Y))
		}
		grey := make([]float32, size.X+across.n)
		rows := make([]float32, (bottom-top)*w)
		for y := top; y < bottom; y++ {
			lumaOf(grey, img.Pix[y*img.Stride:][:4*size.X])
			across.resample(rows[(y-top)*w:][:w], grey)
		}
		for y := from; y < to; y++ {
			down.blend(out.row(y), rows[(down.first[y]-top)*w:], y)
		}
	})
	return out, err
}

// lumaOf fills grey with the luma of a row of pixels.
func lumaOf(grey []float32, pix []uint8) {
	grey = grey[:len(pix)/4]
	for x := range grey {
		p := binary.LittleEndian.Uint32(pix[4*x:])
		grey[x] = float32(299*int32(p&0xff)+587*int32(p>>8&0xff)+114*int32(p>>16&0xff)) * 0.001
	}
}

// resample fills a line from another one, which is longer by n at least than where it ends.
func (t *taps) resample(to, from []float32) {
	if t.n == 4 { // as where a picture is halved
		for x := range to {
			c, v := t.weight[4*x:4*x+4:4*x+4], from[t.first[x]:][:4:4]
			to[x] = c[0]*v[0] + c[1]*v[1] + c[2]*v[2] + c[3]*v[3]
		}
		return
	}
	for x := range to {
		v := from[t.first[x]:][:t.n]
		var sum float32
		for k, c := range t.weight[x*t.n:][:t.n] {
			sum += c * v[k]
		}
		to[x] = sum
	}
}

// blend fills the line with the index y from the lines that it is made of, the first of which rows begins with.
func (t *taps) blend(to, rows []float32, y int) {
	w, weight := len(to), t.weight[y*t.n:][:t.n]
	if t.n == 4 && len(rows) >= 4*w {
		p, q, r, s := rows[:w], rows[w:2*w], rows[2*w:3*w], rows[3*w:4*w]
		for x := range to {
			to[x] = weight[0]*p[x] + weight[1]*q[x] + weight[2]*r[x] + weight[3]*s[x]
		}
		return
	}
	for k, c := range weight {
		if c == 0 {
			continue
		}
		for x, v := range rows[k*w:][:w] {
			to[x] += c * v
		}
	}
}

// noise estimates the spread of a picture's noise by what a mask that is blind
// to slopes leaves (Immerkaer, "Fast Noise Variance Estimation", 1996), in that quarter of
// the picture that is the plainest.
func (p *plane) noise() float64 {
	const bins = 1024
	var count [bins]int
	n := 0
	for y := 1; y < p.h-1; y += 2 {
		a, b, c := p.row(y-1), p.row(y), p.row(y+1)
		for x := 1; x < p.w-1; x++ {
			d := a[x-1] - 2*a[x] + a[x+1] - 2*(b[x-1]-2*b[x]+b[x+1]) + c[x-1] - 2*c[x] + c[x+1]
			count[min(int(max(d, -d)*4), bins-1)]++
			n++
		}
	}
	sum := 0
	for i, c := range count {
		if sum += c; 4*sum >= n {
			const quarter = 0.3186 * 6 // of the mask's answers to noise of 1
			return float64(i) / 4 / quarter
		}
	}
	return 0
}

// halved returns the plane at half its size, an odd last line left out.
func (p *plane) halved() *plane {
	out := newPlane(p.w/2, p.h/2)
	for y := range out.h {
		a, b, to := p.row(2*y), p.row(2*y+1), out.row(y)
		for x := range to {
			to[x] = (a[2*x] + a[2*x+1] + b[2*x] + b[2*x+1]) / 4
		}
	}
	return out
}

// erodedHalf is halved for evidence: a pixel counts only where all four do.
func (p *plane) erodedHalf() *plane {
	out := newPlane(p.w/2, p.h/2)
	for y := range out.h {
		a, b, to := p.row(2*y), p.row(2*y+1), out.row(y)
		for x := range to {
			to[x] = min(a[2*x], a[2*x+1], b[2*x], b[2*x+1])
		}
	}
	return out
}

// at samples the plane at pixel coordinates (0 is the middle of the first
// pixel), linearly. The point must lie within the middles of the outermost pixels.
func (p *plane) at(x, y float32) float32 {
	i, j := int(x), int(y)
	i, j = min(i, p.w-2), min(j, p.h-2)
	fx, fy := x-float32(i), y-float32(j)
	a := p.v[j*p.w+i : j*p.w+i+2 : j*p.w+i+2]
	b := p.v[(j+1)*p.w+i : (j+1)*p.w+i+2 : (j+1)*p.w+i+2]
	top := a[0] + fx*(a[1]-a[0])
	return top + fy*(b[0]+fx*(b[1]-b[0])-top)
}

// normalized returns what is left of a plane when the mean of its
// neighbourhood (2*radius+1 pixels square) is taken off and its spread divided
// out, which makes it blind to smooth gains, offsets and, nearly, to gamma. noise keeps
// plain areas near 0. Only pixels of the evidence count; the others are 0.
func (p *plane) normalized(ctx context.Context, evidence *plane, radius int, noise float64) (*plane, error) {
	out := newPlane(p.w, p.h)
	err := parallel.Range(ctx, p.h, 64, func(from, to int) {
		c := newColumns(p, evidence)
		for y := from - radius - 1; y < from+radius; y++ {
			c.slide(y, -1)
		}
		for y := from; y < to; y++ {
			c.slide(y+radius, y-radius-1)
			c.normalize(out.row(y), y, radius, noise)
		}
	})
	return out, err
}

// columns holds sums over the columns of a plane's rows, from which those over squares are made: how many pixels
// count, their values and the squares of these.
type columns struct {
	plane, evidence *plane
	sums            [][3]float64
	zeros           []float32
}

func newColumns(p, evidence *plane) *columns {
	return &columns{plane: p, evidence: evidence, sums: make([][3]float64, p.w), zeros: make([]float32, p.w)}
}

// slide adds a row and takes another one away; rows outside the plane are nothing.
func (c *columns) slide(in, out int) {
	p, e := c.lines(in)
	q, f := c.lines(out)
	for x := range c.sums {
		s, a, b := &c.sums[x], float64(e[x]), float64(f[x])
		u, v := a*float64(p[x]), b*float64(q[x])
		s[0], s[1], s[2] = s[0]+(a-b), s[1]+(u-v), s[2]+(u*u-v*v)
	}
}

// lines returns a row's values and evidence.
func (c *columns) lines(y int) (v, evidence []float32) {
	if y < 0 || y >= c.plane.h {
		return c.zeros, c.zeros[:len(c.sums)]
	}
	return c.plane.row(y)[:len(c.sums)], c.evidence.row(y)[:len(c.sums)]
}

// normalize fills a row of the normalised plane from the sums around it.
func (c *columns) normalize(to []float32, y, radius int, noise float64) {
	var n, s, q float64
	for _, v := range c.sums[:min(radius, len(c.sums))] {
		n, s, q = n+v[0], s+v[1], q+v[2]
	}
	p, e := c.plane.row(y)[:len(to)], c.evidence.row(y)[:len(to)]
	counted, part := 0.0, 0.0 // part is 1/counted
	for x := range to {
		if i := x + radius; i < len(c.sums) {
			v := &c.sums[i]
			n, s, q = n+v[0], s+v[1], q+v[2]
		}
		if e[x] != 0 {
			if n != counted {
				counted, part = n, 1/n
			}
			m := s * part
			to[x] = float32((float64(p[x]) - m) / math.Sqrt(max(q*part-m*m, 0)+noise*noise))
		}
		if i := x - radius; i >= 0 {
			v := &c.sums[i]
			n, s, q = n-v[0], s-v[1], q-v[2]
		}
	}
}
