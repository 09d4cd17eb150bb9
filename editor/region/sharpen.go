package region

import (
	"image"
	"math"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/equations"
	"overpaint.dev/overpaint/editor/parallel"
)

// sharpen gives an answer that was enlarged what resampling took of its detail: parts of what two
// blurs, one finer and one coarser, take from its luma. How much is what brings the
// answer nearest to the canvas in the ring, where both show the same, so that what
// resampling took for good isn't made up.
type sharpen struct {
	parts [2]float32
	blurs [2][]float32 // from the middle outwards
}

// The bounds of sharpening.
const (
	enlarged  = 1.02 // from how many times on a fitted answer counts as enlarged
	mostSharp = 1.5  // the largest part
	leastPart = 0.02 // parts below do nothing
	likeness  = 0.6  // the least correlation of a square that shows the same
	mostScale = 6    // blurs get no wider than for that
	looked    = 1024 // squares that are looked at
)

// blurOf returns a Gaussian from its middle outwards, cut at three deviations.
func blurOf(deviation float64) []float32 {
	w := make([]float32, 1+int(math.Ceil(3*deviation)))
	sum := 0.0
	for i := range w {
		v := math.Exp(-float64(i*i) / (2 * deviation * deviation))
		w[i] = float32(v)
		if sum += v; i > 0 {
			sum += v
		}
	}
	for i := range w {
		w[i] = float32(float64(w[i]) / sum)
	}
	return w
}

// newSharpen learns it from squares in the ring; nil where nothing is to be
// gained. scale is how many times the answer was enlarged.
func newSharpen(below, fitted *image.NRGBA, squares []image.Rectangle, scale float64) *sharpen {
	scale = min(scale, mostScale)
	s := &sharpen{blurs: [2][]float32{blurOf(0.45 * scale), blurOf(0.9 * scale)}}
	squares = thinned(squares, looked)
	all := make([]likenesses, len(squares))
	parallel.All(len(squares), 8, func(from, to int) {
		for i := from; i < to; i++ {
			all[i] = s.compare(below, fitted, squares[i])
		}
	})
	var sum likenesses
	n := 0
	for _, l := range all {
		if l.alike() {
			sum.add(l)
			n++
		}
	}
	if n < 8 {
		return nil
	}
	if s.parts = sum.parts(); max(s.parts[0], s.parts[1]) < leastPart {
		return nil
	}
	return s
}

// thinned returns at most n of the squares, evenly chosen.
func thinned(squares []image.Rectangle, n int) (list []image.Rectangle) {
	if len(squares) <= n {
		return squares
	}
	for i := range n {
		list = append(list, squares[i*len(squares)/n])
	}
	return list
}

// likenesses are sums over pixels of a square, each less its mean: of what answer a and canvas c
// show, and of what the blurs take from the answer, h.
type likenesses struct {
	aa, ac, cc float64
	hh         [2][2]float64
	hd         [2]float64 // with what the canvas has more
	// The same of the slopes, to neighbours on the right and below.
	slopeAA, slopeCC float64
	slopeAH          [2]float64
	slopeHH          [2][2]float64
}

func (l *likenesses) add(o likenesses) {
	l.aa, l.ac, l.cc = l.aa+o.aa, l.ac+o.ac, l.cc+o.cc
	l.slopeAA, l.slopeCC = l.slopeAA+o.slopeAA, l.slopeCC+o.slopeCC
	for i := range 2 {
		l.hd[i] += o.hd[i]
		l.slopeAH[i] += o.slopeAH[i]
		for j := range 2 {
			l.hh[i][j] += o.hh[i][j]
			l.slopeHH[i][j] += o.slopeHH[i][j]
		}
	}
}

// alike reports whether both show the same in the square, with something to be seen.
func (l *likenesses) alike() bool {
	return l.ac > 0 && l.ac*l.ac >= likeness*likeness*l.aa*l.cc
}

// parts returns how much of what the blurs take is to be added: what brings the answer
// nearest to the canvas, but no more than makes its slopes as steep as the canvas's.
func (l *likenesses) parts() (p [2]float32) {
	k := [2]float64{}
	h := [][]float64{{l.hh[0][0]}, {l.hh[1][0], l.hh[1][1]}}
	v := []float64{l.hd[0], l.hd[1]}
	if equations.Solve(h, v, 1e-6*(l.hh[0][0]+l.hh[1][1])) && v[0] >= 0 && v[1] >= 0 {
		k = [2]float64{v[0], v[1]}
	} else { // the one that does more alone
		gain := [2]float64{}
		for i := range 2 {
			if l.hh[i][i] > 0 && l.hd[i] > 0 {
				gain[i] = l.hd[i] * l.hd[i] / l.hh[i][i]
			}
		}
		if best := map[bool]int{false: 0, true: 1}[gain[1] > gain[0]]; gain[best] > 0 {
			k[best] = l.hd[best] / l.hh[best][best]
		}
	}
	t := l.most(k)
	for i := range k {
		p[i] = float32(min(t*k[i], mostSharp))
	}
	return p
}

// most returns up to which part of k, at most 1, the slopes stay within the canvas's.
func (l *likenesses) most(k [2]float64) float64 {
	// slopeAA + 2 t b + t² a = slopeCC
	a, b := 0.0, 0.0
	for i := range 2 {
		b += k[i] * l.slopeAH[i]
		for j := range 2 {
			a += k[i] * k[j] * l.slopeHH[i][j]
		}
	}
	room := l.slopeCC - l.slopeAA
	switch {
	case room <= 0:
		return 0
	case a+2*b <= room:
		return 1
	}
	return (math.Sqrt(b*b+a*room) - b) / a
}

// compare compares answer and canvas in a square.
func (s *sharpen) compare(below, fitted *image.NRGBA, r image.Rectangle) (l likenesses) {
	w := r.Dx()
	a, c := luma(fitted, r), luma(below, r)
	h := s.taken(fitted, r)
	at := func(v []float32) func(i int) float64 { // less the mean
		mean := 0.0
		for _, x := range v {
			mean += float64(x)
		}
		mean /= float64(len(v))
		return func(i int) float64 { return float64(v[i]) - mean }
	}
	fa, fc, fh := at(a), at(c), [2]func(int) float64{at(h[0]), at(h[1])}
	for i := range a {
		x, y := fa(i), fc(i)
		l.aa, l.ac, l.cc = l.aa+x*x, l.ac+x*y, l.cc+y*y
		for j := range 2 {
			l.hd[j] += fh[j](i) * (y - x)
			for k := range 2 {
				l.hh[j][k] += fh[j](i) * fh[k](i)
			}
		}
		for _, next := range [2]int{i + 1, i + w} {
			if next == i+1 && next%w == 0 || next >= len(a) {
				continue
			}
			da, dc := fa(next)-x, fc(next)-y
			l.slopeAA, l.slopeCC = l.slopeAA+da*da, l.slopeCC+dc*dc
			for j := range 2 {
				dj := fh[j](next) - fh[j](i)
				l.slopeAH[j] += da * dj
				for k := range 2 {
					l.slopeHH[j][k] += dj * (fh[k](next) - fh[k](i))
				}
			}
		}
	}
	return l
}

// luma returns a picture's luma within r, which may reach over its edges: there they go on.
func luma(img *image.NRGBA, r image.Rectangle) []float32 {
	out := make([]float32, r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := img.Pix[img.PixOffset(img.Rect.Min.X, min(max(y, img.Rect.Min.Y), img.Rect.Max.Y-1)):][:4*img.Rect.Dx()]
		to := out[(y-r.Min.Y)*r.Dx():][:r.Dx()]
		for x := range to {
			p := row[4*min(max(r.Min.X+x-img.Rect.Min.X, 0), img.Rect.Dx()-1):]
			to[x] = colour.LumaRed*float32(p[0]) + colour.LumaGreen*float32(p[1]) + colour.LumaBlue*float32(p[2])
		}
	}
	return out
}

// taken returns what each blur takes from a picture's luma within r.
func (s *sharpen) taken(img *image.NRGBA, r image.Rectangle) (h [2][]float32) {
	reach := len(s.blurs[1]) - 1
	wide := r.Inset(-reach)
	v := luma(img, wide)
	w := r.Dx()
	across := make([]float32, w*wide.Dy())
	for k, blur := range s.blurs {
		for y := range wide.Dy() {
			row := v[y*wide.Dx()+reach:]
			before := v[y*wide.Dx():]
			to := across[y*w:][:w]
			for x := range to {
				sum := blur[0] * row[x]
				for i, b := range blur[1:] {
					sum += b * (before[x+reach-1-i] + row[x+1+i])
				}
				to[x] = sum
			}
		}
		h[k] = make([]float32, w*r.Dy())
		for y := range r.Dy() {
			to, from := h[k][y*w:][:w], v[(y+reach)*wide.Dx()+reach:]
			middle := across[(y+reach)*w:]
			for x := range to {
				to[x] = from[x] - blur[0]*middle[x]
			}
			for i, b := range blur[1:] {
				up, down := across[(y+reach-1-i)*w:][:w], across[(y+reach+1+i)*w:][:w]
				for x := range to {
					to[x] -= b * (up[x] + down[x])
				}
			}
		}
	}
	return h
}

// apply returns a picture sharpened within r, with the bounds r.
func (s *sharpen) apply(img *image.NRGBA, r image.Rectangle) *image.NRGBA {
	out := image.NewNRGBA(r)
	h := s.taken(img, r)
	for y := range r.Dy() {
		from := img.Pix[img.PixOffset(r.Min.X, r.Min.Y+y):][:4*r.Dx()]
		to := out.Pix[y*out.Stride:][:4*r.Dx()]
		for x := range r.Dx() {
			i := y*r.Dx() + x
			more := s.parts[0]*h[0][i] + s.parts[1]*h[1][i]
			for ch := range 3 {
				to[4*x+ch] = uint8(min(max(float32(from[4*x+ch])+more+0.5, 0), 255))
			}
			to[4*x+3] = from[4*x+3]
		}
	}
	return out
}
