package fill

import (
	"context"
	"image"
	"math"
	"sync/atomic"
)

// probe is one target's search for a better source.
type probe struct {
	e        *estimate
	pix, tex target
	norm     uint32 // of the target
	prior    *prior // or nil
	aimed    aimed  // prior, unless it is nil
	x, y     int    // of the target in the picture
	best     int32
	cost     int32 // of best, without the prior and the lines
	lines    int32 // what they have against best
	least    int32 // of best, with it
	last     int32 // the candidate tried before
	before   int32 // the one before that
}

// aim prepares the search for the target at (x, y) of box.
func (p *probe) aim(x, y int) {
	e := p.e
	i, w := e.corner(x, y), e.r.Dx()
	p.pix.load(e.pix, i, w)
	if e.tex != nil {
		p.tex.load(e.tex, i, w)
	}
	p.norm = 0
	for range side {
		q := (*[side]uint32)(e.sq[i:])
		p.norm += q[0] + q[1] + q[2] + q[3] + q[4] + q[5] + q[6]
		i += w
	}
	p.x, p.y = e.box.Min.X+x, e.box.Min.Y+y
	if p.prior != nil {
		p.aimed = p.prior.aim(p.x, p.y)
	}
	p.best, p.last, p.before, p.cost, p.least = -1, -1, -1, math.MaxInt32, math.MaxInt32
}

// try takes the source s when it is nearer to the target than the best so far.
func (p *probe) try(s int32) {
	if s == p.best || s == p.last || s == p.before || uint(s) >= uint(len(p.e.norm)) || p.e.norm[s] == 0 {
		return
	}
	p.last, p.before = s, p.last
	d, lines := p.distance(s), int32(0)
	c := d
	if d < p.least && p.prior != nil {
		u, v := p.e.place(s)
		lines = p.aimed.ofLines(u, v)
		c = p.aimed.of(u, v, d+lines, 1, math.MaxFloat32)
	}
	if c < p.least {
		p.best, p.cost, p.lines, p.least = s, d, lines, c
	}
}

// distance returns the sum of the squared differences between the target and
// the source s, less a part of the source's variance.
func (p *probe) distance(s int32) int32 {
	e := p.e
	i := int(s) - radius*e.w - radius
	d := p.pix.dot(e.level.pix, i, e.w)
	if e.tex != nil {
		d += p.tex.dotOuter(e.level.tex, i, e.w)
	}
	return int32(p.norm + e.norm[s] - 1 - 2*d)
}

// search looks for better sources for all targets, once. Candidates are, the
// likeliest first: the present source; where the neighbours' sources point to
// for this target (coherence; Ashikhmin 2001); and sources at random near the
// best (Harrison 2005). All targets look at the sources
// as they were before, so that the order in which they are visited has no influence.
func (e *estimate) search(ctx context.Context, o run, round int) error {
	w := e.box.Dx()
	var energy atomic.Int64
	err := o.workers.Range(ctx, e.box.Dy(), 2, func(y0, y1 int) {
		sum := int64(0)
		p := probe{e: e, prior: o.prior}
		for y := y0; y < y1; y++ {
			r := newRandom(o.seed, 1, e.w, round, y)
			for x := range w {
				if i := y*w + x; e.target[i] {
					e.improve(&p, x, y, &r)
					e.next[i], e.cost[i] = p.best, p.cost+p.lines
					sum += int64(p.least - p.cost)
					if e.state[p.y*e.w+p.x]&unknown == 0 {
						sum += int64(p.cost)
					}
				}
			}
		}
		energy.Add(sum)
	})
	e.energy = energy.Load()
	e.from, e.next = e.next, e.from
	return err
}

// improve looks for a better source of the target (x, y) of box.
func (e *estimate) improve(p *probe, x, y int, r *random) {
	p.aim(x, y)
	w := e.box.Dx()
	i := y*w + x
	p.try(e.from[i])
	neighbour := func(dx, dy int) {
		if at := (image.Point{X: x + dx, Y: y + dy}); at.In(image.Rect(0, 0, w, e.box.Dy())) {
			if s := e.from[i+dy*w+dx]; s >= 0 {
				p.try(s - int32(dy*e.w+dx))
			}
		}
	}
	for _, d := range around[1:] {
		neighbour(d.X, d.Y)
	}
	for range 2 {
		v := r.next()
		neighbour(int(v>>32%17)-8, int(v>>40%17)-8)
	}
	beside := func(reach int) {
		v := r.next()
		dx, dy := int((v>>32)%uint64(2*reach+1))-reach, int((v>>44)%uint64(2*reach+1))-reach
		p.try(p.best + int32(dy*e.w+dx))
	}
	for range 2 {
		beside(3)
	}
	beside(20)
	if e.lines != nil {
		for range 2 {
			if s := e.lines.candidate(e.level, p.x, p.y, r.intn(2*traceMost)); s >= 0 {
				p.try(s)
			}
		}
	}
}

// guess returns a source at random for the target (x, y), or -1 if it met what
// is none. By turns, with k, it looks at the target's height, for horizons and
// the like go on beside a hole; near it; and, half of the time, anywhere.
func (l *level) guess(x, y, k int, r *random) int32 {
	switch {
	case k&3 == 0:
		x, y = r.intn(l.w), y+r.intn(3)-1
	case k&3 == 1 || len(l.sources) == 0:
		reach := 2 * (l.thick + 8)
		x, y = x+r.intn(2*reach+1)-reach, y+r.intn(2*reach+1)-reach
	default:
		return l.sources[r.intn(len(l.sources))]
	}
	if i := y*l.w + x; x >= 0 && y >= 0 && x < l.w && y < l.h && l.norm[i] != 0 {
		return int32(i)
	}
	return -1
}
