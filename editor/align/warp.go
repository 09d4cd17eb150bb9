package align

import (
	"context"
	"image"
	"math"

	"overpaint.dev/overpaint/editor/parallel"
	"overpaint.dev/overpaint/editor/picture"
)

// Apply returns the answer moved back onto the picture that was sent, the whole
// of which is taken as size, and of that the part within. Where the answer shows nothing, its
// edge goes on. The answer must have the size that the motion was found for.
// The only error is ctx's.
//
// It resamples in two passes, along the rows and then along the columns
// (Catmull and Smith, "3-D Transformations of Images in Scanline Order", 1980),
// by a three-lobed Lanczos filter; alpha weighs the colours.
func (m Motion) Apply(ctx context.Context, answer *image.NRGBA, size image.Point, within image.Rectangle) (*image.NRGBA, error) {
	out := image.NewNRGBA(within)
	if within.Empty() || answer.Rect.Empty() {
		return out, ctx.Err()
	}
	// Nothing of the bars may come in at the edges.
	r := answer.Rect
	seen := image.Rect(int(math.Ceil(m.Seen[0])), int(math.Ceil(m.Seen[1])), int(m.Seen[2]), int(m.Seen[3])).Add(r.Min).Intersect(r)
	if seen.Empty() {
		return out, ctx.Err()
	}
	cut := affine{a: 1, c: float64(r.Min.X - seen.Min.X), e: 1, f: float64(r.Min.Y - seen.Min.Y)}
	src := zeroed(answer.SubImage(seen).(*image.NRGBA))
	linear := cut.after(m.affine())
	w := warp{linear: linear, m: linear.after(affine{a: float64(m.Sent.X) / float64(size.X), e: float64(m.Sent.Y) / float64(size.Y)})}
	if m.Field != nil {
		w.field = m.Field.grid(m.Sent)
		w.toSent = affine{a: float64(m.Sent.X) / float64(size.X), e: float64(m.Sent.Y) / float64(size.Y)}
	}
	// A filter of the answer's own pixels would alias where these are smaller.
	across, down := math.Hypot(w.m.a, w.m.d), math.Hypot(w.m.b, w.m.e)
	if shrink := min(across, down); shrink > 1.1 {
		to := image.Pt(int(math.Round(float64(src.Rect.Dx())/shrink)), int(math.Round(float64(src.Rect.Dy())/shrink)))
		k := affine{a: float64(to.X) / float64(src.Rect.Dx()), e: float64(to.Y) / float64(src.Rect.Dy())}
		w.m, w.linear = k.after(w.m), k.after(w.linear)
		src = picture.Resize(src, to)
	}
	return out, w.run(ctx, out, src)
}

// warp leads from continuous pixels of the output to those of the source.
type warp struct {
	m      affine
	field  *grid  // in pixels of what was sent, or nil
	toSent affine // the output's pixels in these
	linear affine // and these in the source's
}

func (w *warp) at(x, y float64) (float64, float64) {
	if w.field == nil {
		return w.m.apply(x, y)
	}
	px, py := w.toSent.apply(x, y)
	dx, dy := w.field.at(px, py)
	return w.linear.apply(px+dx, py+dy)
}

const (
	lobes  = 3
	phases = 512
	pad    = 2*lobes + 2 // pixels that are added to both ends of a line
	step   = 8           // pixels between which the motion is interpolated
)

// kernel holds the filter's weights by the fraction of a position.
var kernel = func() (k [phases + 1][2 * lobes]float32) {
	sinc := func(x float64) float64 {
		if x == 0 {
			return 1
		}
		return math.Sin(math.Pi*x) / (math.Pi * x)
	}
	for p := range k {
		sum := 0.0
		var w [2 * lobes]float64
		for i := range w {
			d := float64(i-lobes+1) - float64(p)/phases
			if math.Abs(d) < lobes {
				w[i] = sinc(d) * sinc(d/lobes)
			}
			sum += w[i]
		}
		for i := range w {
			k[p][i] = float32(w[i] / sum)
		}
	}
	return k
}()

// run makes both passes.
func (w *warp) run(ctx context.Context, out, src *image.NRGBA) error {
	r := out.Rect
	first, last := w.rows(r, src.Rect.Dy())
	width := r.Dx()
	between := make([]float32, 4*width*(last-first))
	err := parallel.Range(ctx, last-first, 16, func(from, to int) {
		line := make([]float32, 4*(src.Rect.Dx()+2*pad))
		at := make([]float32, width+step)
		for j := from; j < to; j++ {
			load(line, src.Pix[(first+j)*src.Stride:][:4*src.Rect.Dx()])
			w.across(at, r, float64(first+j)+0.5)
			alongRow(between[4*width*j:][:4*width], line, at, src.Rect.Dx())
		}
	})
	if err != nil {
		return err
	}
	return parallel.Range(ctx, r.Dy(), 16, func(from, to int) {
		at := make([]float32, width+step)
		for y := from; y < to; y++ {
			w.down(at, r, float64(r.Min.Y+y)+0.5)
			alongColumns(out.Pix[y*out.Stride:][:4*width], between, at, first, last)
		}
	})
}

// rows returns from which to which row of the source the output reaches.
func (w *warp) rows(r image.Rectangle, height int) (first, last int) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for i := range 17 {
		x := float64(r.Min.X) + float64(r.Dx()*i)/16
		for j := range 17 {
			_, v := w.at(x, float64(r.Min.Y)+float64(r.Dy()*j)/16)
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	const margin = lobes + 3
	first = min(max(int(lo)-margin, 0), height-1)
	return first, max(min(int(hi)+margin, height), first+1)
}

// across fills at with the source's column (0 is the middle of the first
// pixel) for each pixel of a row of the output that comes to lie at the source's row v.
func (w *warp) across(at []float32, r image.Rectangle, v float64) {
	w.every(at, r, func(x float64) float64 {
		// The row of the output, first without a field.
		y := (v - w.m.d*x - w.m.f) / w.m.e
		if w.field != nil {
			for range 2 {
				_, got := w.at(x, y)
				y += (v - got) / w.m.e
			}
		}
		u, _ := w.at(x, y)
		return u - 0.5
	})
}

// down fills at with the source's row for each pixel of the output's row y.
func (w *warp) down(at []float32, r image.Rectangle, y float64) {
	w.every(at, r, func(x float64) float64 {
		_, v := w.at(x, y)
		return v - 0.5
	})
}

// every calls f at some pixels of a row and interpolates between them.
func (w *warp) every(at []float32, r image.Rectangle, f func(x float64) float64) {
	a := f(float64(r.Min.X) + 0.5)
	for x := 0; x < r.Dx(); x += step {
		b := f(float64(r.Min.X+x+step) + 0.5)
		for i := range step {
			at[x+i] = float32(a + (b-a)*float64(i)/step)
		}
		a = b
	}
}

// load reads a row of straight pixels as premultiplied ones, its ends gone on with.
func load(line []float32, pix []uint8) {
	n := len(pix) / 4
	for x := range n {
		p, to := pix[4*x:4*x+4:4*x+4], line[4*(x+pad):4*(x+pad)+4:4*(x+pad)+4]
		r, g, b, a := float32(p[0]), float32(p[1]), float32(p[2]), float32(p[3])
		if p[3] != 255 {
			r, g, b = r*a/255, g*a/255, b*a/255
		}
		to[0], to[1], to[2], to[3] = r, g, b, a
	}
	for x := range pad {
		copy(line[4*x:4*x+4], line[4*pad:])
		copy(line[4*(n+pad+x):4*(n+pad+x)+4], line[4*(n+pad-1):])
	}
}

// place splits a position along a line of n pixels into the first pixel of the
// filter and its weights.
func place(v float32, n int) (first int, weights *[2 * lobes]float32) {
	v = min(max(v, -lobes), float32(n+lobes-1)) + pad
	i := int(v)
	return i - pad - lobes + 1, &kernel[int((v-float32(i))*phases+0.5)]
}

// alongRow filters one row of n pixels, padded, at the given positions.
func alongRow(to, line, at []float32, n int) {
	for x := range len(to) / 4 {
		first, k := place(at[x], n)
		s := line[4*(first+pad):][:8*lobes]
		k0, k1, k2, k3, k4, k5 := k[0], k[1], k[2], k[3], k[4], k[5]
		d := to[4*x : 4*x+4 : 4*x+4]
		d[0] = k0*s[0] + k1*s[4] + k2*s[8] + k3*s[12] + k4*s[16] + k5*s[20]
		d[1] = k0*s[1] + k1*s[5] + k2*s[9] + k3*s[13] + k4*s[17] + k5*s[21]
		d[2] = k0*s[2] + k1*s[6] + k2*s[10] + k3*s[14] + k4*s[18] + k5*s[22]
		d[3] = k0*s[3] + k1*s[7] + k2*s[11] + k3*s[15] + k4*s[19] + k5*s[23]
	}
}

// alongColumns filters the rows first..last of what alongRow made into one row of the output.
func alongColumns(to []uint8, between, at []float32, first, last int) {
	stride := len(to)
	for x := range stride / 4 {
		top, k := place(at[x]-float32(first), last-first)
		var r, g, b, a float32
		if top >= 0 && top+len(k) <= last-first {
			from := between[top*stride+4*x:]
			for _, c := range k {
				s := from[:4:4]
				r, g, b, a = r+c*s[0], g+c*s[1], b+c*s[2], a+c*s[3]
				from = from[min(stride, len(from)):]
			}
		} else { // rows at the ends repeat
			for i, c := range k {
				j := min(max(top+i, 0), last-first-1)
				s := between[j*stride+4*x:][:4:4]
				r, g, b, a = r+c*s[0], g+c*s[1], b+c*s[2], a+c*s[3]
			}
		}
		d := to[4*x : 4*x+4 : 4*x+4]
		if a < 254.5 {
			if a < 0.5 {
				d[0], d[1], d[2], d[3] = 0, 0, 0, 0
				continue
			}
			up := 255 / a
			r, g, b = r*up, g*up, b*up
		}
		d[0], d[1], d[2], d[3] = level8(r), level8(g), level8(b), level8(a)
	}
}

// level8 rounds a level and bounds it.
func level8(v float32) uint8 { return uint8(min(max(int32(v+0.5), 0), 255)) }
