package fill

import (
	"context"
	"math"
)

// peeling fills the hole of the coarsest level from its edge inwards, layer
// by layer, each pixel from the source whose patch fits best to what is there
// already (Newson et al. 2014, section 3.4).
type peeling struct {
	*level
	pix, tex []uint64 // in target order
	sq       []uint32
	filled   []bool // known or filled by now
}

// peel returns an estimate of l that is filled but not yet refined.
func peel(ctx context.Context, o run, l *level) (*estimate, error) {
	p := newPeeling(l)
	e := newEstimate(l)
	for {
		layer := p.layer(e)
		if len(layer) == 0 {
			break
		}
		best := make([]int32, len(layer))
		err := parallel(ctx, o.workers, len(layer), func(i int) { best[i] = p.match(int(layer[i]), o.taste) })
		if err != nil {
			return nil, err
		}
		for i, k := range layer {
			p.set(int(k), int(best[i]))
		}
		o.advance(len(layer))
	}
	k := 0
	for y := e.r.Min.Y; y < e.r.Max.Y; y++ {
		for x := e.r.Min.X; x < e.r.Max.X; x++ {
			i := y*l.w + x
			e.pix[k], e.sq[k] = p.pix[i], p.sq[i]
			if e.tex != nil {
				e.tex[k] = p.tex[i]
			}
			k++
		}
	}
	return e, nil
}

func newPeeling(l *level) *peeling {
	n := l.w * l.h
	p := &peeling{level: l, pix: make([]uint64, n), sq: make([]uint32, n), filled: make([]bool, n)}
	if l.tex != nil {
		p.tex = make([]uint64, n)
	}
	for i, s := range l.state {
		if s&unknown == 0 {
			p.set(i, i)
		}
	}
	return p
}

// set gives pixel i the colour of the known pixel s.
func (p *peeling) set(i, s int) {
	p.pix[i] = flip(p.level.pix[s])
	p.sq[i] = square(p.pix[i])
	if p.tex != nil {
		p.tex[i] = flip(p.level.tex[s])
		p.sq[i] += square(p.tex[i])
	}
	p.filled[i] = true
}

// layer returns the pixels that e covers, that are not filled and touch one
// that is; or all that are left where none touches one.
func (p *peeling) layer(e *estimate) []int32 {
	var layer, rest []int32
	for y := e.r.Min.Y; y < e.r.Max.Y; y++ {
		for x := e.r.Min.X; x < e.r.Max.X; x++ {
			i := y*p.w + x
			if p.filled[i] {
				continue
			}
			if x > 0 && p.filled[i-1] || x < p.w-1 && p.filled[i+1] || y > 0 && p.filled[i-p.w] || y < p.h-1 && p.filled[i+p.w] {
				layer = append(layer, int32(i))
			} else {
				rest = append(rest, int32(i))
			}
		}
	}
	if len(layer) > 0 {
		return layer
	}
	return rest
}

// match returns the source that is nearest to what is filled about pixel i.
// taste, unless nil, multiplies the distance of each of the sources.
func (p *peeling) match(i int, taste []float32) int32 {
	var at [area]int
	var pix, tex [area]uint64
	n, norm := 0, uint32(0)
	x, y := i%p.w, i/p.w
	for v := max(0, y-radius); v <= min(p.h-1, y+radius); v++ {
		for u := max(0, x-radius); u <= min(p.w-1, x+radius); u++ {
			if k := v*p.w + u; p.filled[k] {
				at[n], pix[n] = k-i, p.pix[k]
				if p.tex != nil {
					tex[n] = p.tex[k]
				}
				norm += p.sq[k]
				n++
			}
		}
	}
	best, least := p.sources[0], float32(math.Inf(1))
	for j, s := range p.sources {
		d := norm
		for k := 0; k < n; k += side {
			var dot, dotTex uint64
			for m := k; m < min(n, k+side); m++ {
				q := int(s) + at[m]
				dot += pix[m] * p.level.pix[q]
				if p.tex != nil {
					dotTex += tex[m] * p.level.tex[q]
				}
				d += p.sq[q]
			}
			d -= 2 * uint32(dot<<1>>(2*laneBits+1)+dotTex<<1>>(2*laneBits+1))
		}
		c := float32(d)
		if taste != nil {
			c = (c + 1) * taste[j]
		}
		if c < least {
			best, least = s, c
		}
	}
	return best
}

// exhaust gives each target of e the best of all sources.
func (e *estimate) exhaust(ctx context.Context, o run) error {
	w := e.box.Dx()
	return bands(ctx, o.workers, e.box.Dy(), 1, func(y, _ int) {
		p := probe{e: e}
		for x := range w {
			i := y*w + x
			if !e.target[i] {
				continue
			}
			p.aim(x, y)
			if o.taste == nil {
				for _, s := range e.sources {
					p.try(s)
				}
			} else {
				p.tryWith(o.taste)
			}
			e.from[i], e.cost[i] = p.best, p.cost
		}
	})
}

// tryWith tries all sources, their distances multiplied by taste.
func (p *probe) tryWith(taste []float32) {
	least := float32(math.Inf(1))
	for j, s := range p.e.sources {
		d := p.distance(s)
		if c := float32(d+1) * taste[j]; c < least {
			p.best, p.cost, least = s, d, c
		}
	}
}
