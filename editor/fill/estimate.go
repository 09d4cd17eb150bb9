package fill

import (
	"context"
	"image"
)

// estimate is what a variant believes about one level: the source of each
// target, and the colours that follow for the unknown pixels.
type estimate struct {
	*level
	r   image.Rectangle // what all the targets cover
	pix []uint32        // colour over r
	tex []uint32        // texture over r, or nil
	sq  []uint32        // sum of the squares of pix and tex over r

	// The following are over box. from is the source of each target, and -1
	// where there is none; cost is the squared distance between the two patches,
	// with what lines have against the source.
	from, next []int32
	cost       []int32
	energy     int64 // sum over all targets at the last search: cost, where the middle is known, and prior
}

// newEstimate returns an estimate of l in which the unknown is black and no target has a source.
func newEstimate(l *level) *estimate {
	e := &estimate{level: l, r: l.cover()}
	n := e.r.Dx() * e.r.Dy()
	e.pix = make([]uint32, n)
	e.sq = make([]uint32, n)
	if l.tex != nil {
		e.tex = make([]uint32, n)
	}
	k := 0
	for y := e.r.Min.Y; y < e.r.Max.Y; y++ {
		for x := e.r.Min.X; x < e.r.Max.X; x++ {
			e.put(k, y*l.w+x)
			k++
		}
	}
	e.from = make([]int32, len(l.target))
	e.next = make([]int32, len(l.target))
	e.cost = make([]int32, len(l.target))
	for i := range e.from {
		e.from[i], e.next[i] = -1, -1
	}
	return e
}

// put gives the pixel k of r the colour and texture of pixel i of the level.
func (e *estimate) put(k, i int) {
	e.pix[k] = e.level.pix[i]
	e.sq[k] = square(e.pix[k])
	if e.tex != nil {
		e.tex[k] = e.level.tex[i]
		e.sq[k] += square(e.tex[k])
	}
}

// corner returns the index in r of the top left pixel of the patch about target t at (x, y) of box.
func (e *estimate) corner(x, y int) int { return y*e.r.Dx() + x }

// refine searches and votes rounds times.
func (e *estimate) refine(ctx context.Context, o run, rounds int) error {
	for round := range rounds {
		if err := e.search(ctx, o, round); err != nil {
			return err
		}
		if err := e.vote(ctx, o, round >= rounds-1); err != nil {
			return err
		}
		o.advance(e.targets * roundWork)
	}
	return nil
}

// begin returns an estimate of l that comes from nothing but l: the best of
// several, by their energy, that were peeled in different ways.
func begin(ctx context.Context, o run, l *level, starts int) (*estimate, error) {
	first := newPrior(l, o)
	plain := newPrior(l, run{})
	var best *estimate
	for start := range starts {
		o.prior = first
		r := newRandom(o.seed, 5, start)
		o.seed = r.next()
		e, err := peel(ctx, o, l, start%2 == 1)
		if err != nil {
			return nil, err
		}
		// Targets with a known middle have no source yet: they get one from their neighbours.
		for round := range beginRounds {
			switch round {
			case beginRounds - 2:
				o.prior = plain // what is left is to fit well, not to please
			case beginRounds - 1:
				e.complete()
			}
			if err := e.search(ctx, o, round); err != nil {
				return nil, err
			}
			if err := e.vote(ctx, o, false); err != nil {
				return nil, err
			}
			o.advance(e.targets * roundWork)
		}
		if best == nil || e.energy < best.energy {
			best = e
		}
	}
	return best, nil
}

// complete gives any source to the targets that found none, as may happen where
// there are so few sources that none of the neighbours' can be carried on.
func (e *estimate) complete() {
	for i, s := range e.from {
		if s < 0 && e.target[i] {
			e.from[i] = e.first
		}
	}
}

const (
	starts      = 3 // how many ways of beginning are tried
	beginRounds = 5 // of search and vote after each
)

// finer returns the estimate of l that follows from e, the estimate of the
// level above: each target takes over the source of the target above it.
func (e *estimate) finer(ctx context.Context, o run, l *level) (*estimate, error) {
	f := newEstimate(l)
	w := l.box.Dx()
	err := o.workers.Range(ctx, l.box.Dy(), bandRows, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			for x := range w {
				if !l.target[y*w+x] {
					continue
				}
				f.from[y*w+x] = e.inherit(f, l.box.Min.X+x, l.box.Min.Y+y)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return f, f.vote(ctx, o, false)
}

// inherit returns the source that the target (x, y) of f takes over from e,
// or any where that one does not exist.
func (e *estimate) inherit(f *estimate, x, y int) int32 {
	cx := min(max(x/2, e.box.Min.X), e.box.Max.X-1)
	cy := min(max(y/2, e.box.Min.Y), e.box.Max.Y-1)
	for _, d := range around {
		u, v := cx+int(d.X), cy+int(d.Y)
		if !(image.Point{X: u, Y: v}).In(e.box) {
			continue
		}
		s := int(e.from[(v-e.box.Min.Y)*e.box.Dx()+u-e.box.Min.X])
		if s < 0 {
			continue
		}
		sx, sy := 2*(s%e.w-u)+x, 2*(s/e.w-v)+y
		if sx < 0 || sy < 0 || sx >= f.w || sy >= f.h || f.norm[sy*f.w+sx] == 0 {
			continue
		}
		return int32(sy*f.w + sx)
	}
	return f.first
}

// around is a pixel and its eight neighbours, the nearest first.
var around = [9]image.Point{{}, {X: -1}, {X: 1}, {Y: -1}, {Y: 1}, {X: -1, Y: -1}, {X: 1, Y: -1}, {X: -1, Y: 1}, {X: 1, Y: 1}}
