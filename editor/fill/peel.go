package fill

import (
	"context"
	"image"
	"math"
	"slices"
)

// peeling fills the hole of the coarsest level from its edge inwards, layer
// by layer, each pixel from the source whose patch fits best to what is there
// already (Newson et al. 2014, section 3.4).
type peeling struct {
	*level
	pix, tex []uint32
	sq       []uint32
	filled   []bool  // known or filled by now
	from     []int32 // the sources of the pixels that were filled, else -1
}

// peel returns an estimate of l that is filled but not yet refined; plain is for layer.
func peel(ctx context.Context, o run, l *level, plain bool) (*estimate, error) {
	p := newPeeling(l)
	e := newEstimate(l)
	done := 0
	for {
		layer := p.layer(e, plain)
		if len(layer) == 0 {
			break
		}
		best := make([]int32, len(layer))
		err := o.workers.Range(ctx, len(layer), 1, func(i, _ int) { best[i] = p.match(int(layer[i]), o.prior, o.seed) })
		if err != nil {
			return nil, err
		}
		for i, k := range layer {
			p.set(int(k), int(best[i]))
			p.from[k] = best[i]
		}
		o.advance(len(layer) * peelWork)
		done += len(layer)
	}
	o.advance((e.targets - done) * peelWork)
	k := 0
	for y := e.r.Min.Y; y < e.r.Max.Y; y++ {
		for x := e.r.Min.X; x < e.r.Max.X; x++ {
			i := y*l.w + x
			e.pix[k], e.sq[k] = p.pix[i], p.sq[i]
			if e.tex != nil {
				e.tex[k] = p.tex[i]
			}
			if at := image.Pt(x, y); at.In(l.box) {
				if t := (y-l.box.Min.Y)*l.box.Dx() + x - l.box.Min.X; l.target[t] {
					e.from[t] = p.from[i]
				}
			}
			k++
		}
	}
	return e, p.border(ctx, o, e)
}

// border finds sources for the targets that can't get one from a neighbour, since
// all of the hole that their patch covers is so near the picture's edge that no
// patch has its middle there: a border of up to 3 pixels.
func (p *peeling) border(ctx context.Context, o run, e *estimate) error {
	size := image.Rectangle{Max: e.box.Size()}
	lone := func(x, y int) bool {
		r := image.Rect(x-radius, y-radius, x+radius+1, y+radius+1).Intersect(size)
		for v := r.Min.Y; v < r.Max.Y; v++ {
			for _, s := range e.from[v*size.Max.X:][r.Min.X:r.Max.X] {
				if s >= 0 {
					return false
				}
			}
		}
		return true
	}
	err := o.workers.Range(ctx, size.Max.Y, 1, func(y, _ int) {
		for x := range size.Max.X {
			if i := y*size.Max.X + x; e.target[i] && lone(x, y) {
				e.next[i] = p.match((e.box.Min.Y+y)*p.w+e.box.Min.X+x, o.prior, o.seed)
			}
		}
	})
	for i, s := range e.next {
		if s >= 0 {
			e.from[i] = s
		}
	}
	return err
}

func newPeeling(l *level) *peeling {
	n := l.w * l.h
	p := &peeling{level: l, pix: make([]uint32, n), sq: make([]uint32, n), filled: make([]bool, n)}
	if l.tex != nil {
		p.tex = make([]uint32, n)
	}
	p.from = slices.Repeat([]int32{-1}, n)
	for i, s := range l.state {
		if s&unknown == 0 {
			p.set(i, i)
		}
	}
	return p
}

// set gives pixel i the colour of the known pixel s.
func (p *peeling) set(i, s int) {
	p.pix[i] = p.level.pix[s]
	p.sq[i] = square(p.pix[i])
	if p.tex != nil {
		p.tex[i] = p.level.tex[s]
		p.sq[i] += square(p.tex[i])
	}
	p.filled[i] = true
}

// layer returns those of the pixels that e covers and that touch a filled one
// about which most is known, counted and by contrast: lines and edges grow
// into the hole before what is plain (Harrison 2005 orders likewise); or all
// of them alike if plain, which favours what is plain. Where
// none touches a filled one it returns all that are left.
func (p *peeling) layer(e *estimate, plain bool) []int32 {
	var layer, rest []int32
	var worth, sorted []float32
	for y := e.r.Min.Y; y < e.r.Max.Y; y++ {
		for x := e.r.Min.X; x < e.r.Max.X; x++ {
			i := y*p.w + x
			if p.filled[i] {
				continue
			}
			if x > 0 && p.filled[i-1] || x < p.w-1 && p.filled[i+1] || y > 0 && p.filled[i-p.w] || y < p.h-1 && p.filled[i+p.w] {
				layer = append(layer, int32(i))
				worth = append(worth, p.worth(x, y))
			} else {
				rest = append(rest, int32(i))
			}
		}
	}
	if len(layer) == 0 {
		return rest
	}
	if plain {
		return layer
	}
	sorted = append(sorted, worth...)
	slices.Sort(sorted)
	limit := sorted[len(sorted)*2/3]
	n := 0
	for k, i := range layer {
		if worth[k] >= limit {
			layer[n] = i
			n++
		}
	}
	return layer[:n]
}

// worth tells how much is known about (x, y): the spread of brightness over
// the filled part of the patch, by the part's size.
func (p *peeling) worth(x, y int) float32 {
	var n, sum, squares float32
	for v := max(0, y-radius); v <= min(p.h-1, y+radius); v++ {
		for u := max(0, x-radius); u <= min(p.w-1, x+radius); u++ {
			if k := v*p.w + u; p.filled[k] {
				l := float32(luma(p.pix[k])) / 4
				n, sum, squares = n+1, sum+l, squares+l*l
			}
		}
	}
	return n * n * (60 + float32(math.Sqrt(float64(max(0, squares/n-sum*sum/(n*n))))))
}

// match returns the source that is nearest to what is filled about pixel i.
// Sources that carry on what was copied to the pixels beside it come first:
// they are taken unless another one is clearly nearer.
func (p *peeling) match(i int, prior *prior, seed uint64) int32 {
	var f fragment
	f.load(p, i)
	x, y := i%p.w, i/p.w
	a := prior.aim(x, y)
	best, least := p.first, float32(math.Inf(1))
	try := func(s int32, part float32) {
		u, v := p.place(s)
		more := float32(a.of(u, v, a.ofLines(u, v), part, least))
		if more*part >= least {
			return
		}
		if c := (f.distance(p, s, least/part-more) + more) * part; c < least {
			best, least = s, c
		}
	}
	last := int32(-1)
	for _, k := range f.at[:f.n] {
		s := p.from[i+k] - int32(k)
		if p.from[i+k] < 0 || s == last || s < 0 || int(s) >= len(p.norm) || p.norm[s] == 0 {
			continue
		}
		last = s
		try(s, coherence)
	}
	if p.lines != nil {
		for n := range 2 * traceMost {
			if s := p.lines.candidate(p.level, x, y, n); s >= 0 {
				try(s, 1)
			}
		}
	}
	r := newRandom(seed, 3, i)
	for k := range min(probes, p.count) {
		if p.count <= probes {
			try(p.sources[k], 1)
		} else if s := p.guess(x, y, k, &r); s >= 0 {
			try(s, 1)
		}
	}
	return best
}

// fragment is a target patch of which only some pixels are filled; the others are 0.
type fragment struct {
	pix, tex target
	mask     [side][side + 1]uint32 // all ones where filled
	norm     [side]uint32           // of each row
	at       [area]int              // where the filled pixels are, from the middle
	some     [side]bool             // rows in which something is filled
	n        int                    // how many there are
	scale    float32                // a patch's number of pixels over that of the filled
}

// load takes what is filled about pixel i.
func (f *fragment) load(p *peeling, i int) {
	x, y := i%p.w, i/p.w
	for v := max(0, y-radius); v <= min(p.h-1, y+radius); v++ {
		for u := max(0, x-radius); u <= min(p.w-1, x+radius); u++ {
			k := v*p.w + u
			if !p.filled[k] {
				continue
			}
			a, b := v-y+radius, u-x+radius
			f.pix.set(b, a, p.pix[k])
			f.mask[a][b] = ^uint32(0)
			if p.tex != nil {
				f.tex.set(b, a, p.tex[k])
			}
			f.norm[a] += p.sq[k]
			f.some[a] = true
			f.at[f.n] = k - i
			f.n++
		}
	}
	f.scale = area / float32(max(1, f.n))
}

// plainDistance returns the mean squared difference between what is filled and
// the source s, times a patch's number of pixels, plus 1; or, as soon as it
// knows that this is at least limit, any number from limit on.
func (f *fragment) plainDistance(p *peeling, s int32, limit float32) float32 {
	i := int(s) - (radius+1)*p.w - radius
	d := uint32(0)
	for y, norm := range f.norm {
		i += p.w
		if !f.some[y] {
			continue
		}
		q, m := (*[side]uint32)(p.sq[i:]), &f.mask[y]
		d += norm + q[0]&m[0] + q[1]&m[1] + q[2]&m[2] + q[3]&m[3] + q[4]&m[4] + q[5]&m[5] + q[6]&m[6]
		d -= 2 * f.pix.row(p.level.pix, i, y)
		if p.tex != nil {
			d -= 2 * f.tex.rowOuter(p.level.tex, i, y)
		}
		if float32(d)*f.scale+1 >= limit {
			break
		}
	}
	return float32(d)*f.scale + 1
}

// coherence is by how much the distance of a source that carries on the
// neighbour's is taken for less.
const coherence = 0.7

// probes is how many sources at random are looked at for a pixel of the peel.
const probes = 750
