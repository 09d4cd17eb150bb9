package fill

import (
	"context"
	"image"
	"runtime/debug"
	"sync"

	"overpaint.dev/overpaint/editor/parallel"
)

// group is a part of the hole with its surroundings.
type group struct {
	mask   *image.Alpha // the hole as it was given, without remnants
	at     image.Point  // of the levels' origin in the picture
	trend  *trend       // what the levels lack, or nil
	bare   bool         // there is nothing but the trend, and it is known beside the hole
	levels []*level     // the finest first
	first  *mosaic      // the plain layout of pieces, or nil

	piecesFirst bool // whether first looks better than patches, as far as can be judged

	mending sync.Mutex // guards better once the group is made
	better  *mosaic    // first with its worst seams mended, or nil as long as nobody has asked for it
}

// newGroup builds the pyramid for a part of the hole, through which the drawn lines go on.
func newGroup(ctx context.Context, workers parallel.Workers, img *image.NRGBA, hole part, drawn [][]image.Point) (*group, error) {
	r := hole.context(img.Rect)
	t := hole.trend(img)
	l, err := newLevel0(ctx, workers, img, hole, t, r)
	if err != nil {
		return nil, err
	}
	if l.count == 0 && r != img.Rect {
		r = img.Rect
		if l, err = newLevel0(ctx, workers, img, hole, t, r); err != nil {
			return nil, err
		}
	}
	g := &group{at: r.Min, trend: t, bare: t != nil && l.thick < nothingKnown && hole.bare(img, t), levels: []*level{l}}
	if g.bare {
		return g, nil
	}
	if l.count == 0 {
		for _, s := range l.state {
			if s&unknown == 0 {
				return g, nil
			}
		}
		return nil, ErrNothingToCopy
	}
	for {
		up, err := l.half(ctx, workers)
		if err != nil {
			return nil, err
		}
		if up.count < fewSources && (len(g.levels) > 1 || up.count < fewestSources) {
			break
		}
		g.levels = append(g.levels, up)
		if up.sources != nil && up.thick <= up.coarsest() {
			break
		}
		l = up
	}
	if err := g.expect(ctx, workers); err != nil {
		return nil, err
	}
	if err := g.guideLines(ctx, drawn); err != nil {
		return nil, err
	}
	g.first, err = g.plainLayout(ctx, workers)
	g.piecesFirst = g.looksBetter()
	return g, err
}

// expect computes what is likely, for the levels that are filled from nothing.
func (g *group) expect(ctx context.Context, workers parallel.Workers) error {
	top := g.levels[len(g.levels)-1]
	var err error
	if top.likely, err = top.expectation(ctx, workers); err != nil {
		return err
	}
	if l := g.second(); l != nil {
		l.likely, l.likelyShift = top.likely, 1
	}
	return nil
}

const (
	fewSources    = 600 // below which a level is of no use
	fewestSources = 64  // the same for the only level above the finest
)

// coarsest returns how thick the hole is at most at the coarsest level. On a
// smaller picture than that few of the things about a hole have a patch to
// themselves. A border that the picture is extended by is known from one side
// alone, and so is half as thick as it seems.
func (l *level) coarsest() int {
	if l.atBorder() {
		return 48
	}
	return 24
}

// atBorder reports whether the hole touches the level's edge, as it does where a picture is extended.
func (l *level) atBorder() bool {
	b := l.holeBox()
	return b.Min.X == 0 || b.Min.Y == 0 || b.Max.X == l.w || b.Max.Y == l.h
}

// rounds returns how often search and vote are repeated at a level.
func rounds(level int) int { return min(12, 2+2*level) }

// Work is counted, for the progress, in about the time of one comparison of two patches.
const (
	peelWork   = probes * 3 / 2 // of a pixel that is peeled
	roundWork  = 12             // of a target that is searched and voted on
	finishWork = 30             // of a target's way to the finished colours
)

// work returns how much fill will tell as done.
func (g *group) work() int {
	top := len(g.levels) - 1
	n := g.levels[0].targets*finishWork + beginWork(g.levels[top], starts)
	for i, l := range g.levels[:top] {
		n += l.targets * rounds(i) * roundWork
	}
	if l := g.second(); l != nil {
		n += beginWork(l, 1) + l.targets*settleRounds*roundWork
	}
	return n
}

// beginWork returns the work of begin.
func beginWork(l *level, starts int) int {
	return starts * l.targets * (peelWork + beginRounds*roundWork)
}

// fill computes one variant of the group's hole into out.
func (g *group) fill(ctx context.Context, o run, out canvas) error {
	if l := g.levels[0]; l.count == 0 || g.bare {
		r := image.Rect(0, 0, l.w, l.h)
		if g.bare {
			r = l.cover()
		}
		return diffuse(ctx, o.workers, l, r, func(channel int, c []float32) error {
			return g.paint(ctx, o, l, r, nil, channel, c, out)
		})
	}
	if o.kind == Pieces && g.first != nil {
		done, err := g.fillPieces(ctx, o, out)
		if done || err != nil {
			return err
		}
	}
	top := len(g.levels) - 1
	e, err := begin(ctx, o, g.levels[top], starts)
	if err != nil {
		return err
	}
	for i := top - 1; i >= 0; i-- {
		if e, err = g.below(ctx, o, e, i); err != nil {
			return err
		}
		if g.levels[i] == g.second() {
			if e, err = e.rival(ctx, o); err != nil {
				return err
			}
		}
	}
	return g.finish(ctx, o, e, out)
}

// below returns the refined estimate of level i that follows from e, the one of the level above.
func (g *group) below(ctx context.Context, o run, e *estimate, i int) (*estimate, error) {
	e, err := e.finer(ctx, o, g.levels[i])
	if err != nil {
		return nil, err
	}
	o.prior = newLinesPrior(g.levels[i])
	return e, e.refine(ctx, o, rounds(i))
}

// fillPieces computes a variant of pieces, and reports whether that was possible.
func (g *group) fillPieces(ctx context.Context, o run, out canvas) (bool, error) {
	m, err := g.variantLayout(ctx, o)
	if m == nil || err != nil {
		return false, err
	}
	choose := g.pieces
	if g.needsPatches() {
		choose = g.patched
	}
	from, err := choose(ctx, o, m)
	if from == nil || err != nil {
		return false, err
	}
	return true, g.copy(ctx, o, from, g.work()/3, out)
}

// second returns the level below the coarsest, if it may be filled from nothing too, or nil.
func (g *group) second() *level {
	i := len(g.levels) - 2
	if i < 1 || g.levels[i].sources == nil || g.levels[i].targets > mostToBegin {
		return nil
	}
	return g.levels[i]
}

const (
	mostToBegin  = 8000 // targets of the second level; with that many it takes about a fifth of the time
	settleRounds = 2
)

// rival fills e's level from nothing once more, and returns the better of the
// two. What goes on in step over the whole hole is better seen from a coarser
// level, and the small things that a coarser level loses from this one.
func (e *estimate) rival(ctx context.Context, o run) (*estimate, error) {
	f, err := begin(ctx, o, e.level, 1)
	if err != nil {
		return nil, err
	}
	if err := f.refine(ctx, o, settleRounds); err != nil {
		return nil, err
	}
	if f.energy < e.energy {
		return f, nil
	}
	return e, nil
}

// finish copies the hole of the finest level from e's sources and fits the colours.
func (g *group) finish(ctx context.Context, o run, e *estimate, out canvas) error {
	from, err := e.choose(ctx, o)
	if err != nil {
		return err
	}
	o.advance(e.targets * finishWork / 2)
	return g.copy(ctx, o, from, g.levels[0].targets*finishWork/2, out)
}

// largeHole is how many pixels the hole and what is about it have at least for the search's
// memory to be given back before the colours are fitted, which takes some time.
const largeHole = 1 << 21

// copy copies the hole of the finest level from the pixels in from, which is over its cover,
// with fitted colours, into out, and tells that as so much work.
func (g *group) copy(ctx context.Context, o run, from []int32, work int, out canvas) error {
	if len(from) >= largeHole {
		debug.FreeOSMemory()
	}
	h := newCopied(g.levels[0], from)
	return h.correct(ctx, o, func(channel int, c []float32) error {
		err := g.paint(ctx, o, h.level, h.r, from, channel, c, out)
		o.advance(work / 3)
		return err
	})
}

// asked reports whether a pixel of the finest level is one of the hole as it was given.
func (g *group) asked(x, y int) bool {
	p := g.at.Add(image.Pt(x, y))
	return p.In(g.mask.Rect) && g.mask.Pix[g.mask.PixOffset(p.X, p.Y)] > 0
}

// paint copies a channel of the hole's pixels in r, corrected by c, into out. from holds
// the source pixels over r; nil stands for black.
func (g *group) paint(ctx context.Context, o run, l *level, r image.Rectangle, from []int32, channel int, c []float32, to canvas) error {
	out := to()
	return o.workers.Range(ctx, r.Dy(), bandRows, func(y0, y1 int) {
		for y := r.Min.Y + y0; y < r.Min.Y+y1; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				if l.state[y*l.w+x]&hole == 0 || !g.asked(x, y) {
					continue
				}
				k := (y-r.Min.Y)*r.Dx() + x - r.Min.X
				v := c[k] + g.trend.at(g.at.X+x, g.at.Y+y)[channel]
				if from != nil {
					v += lane(l.pix[from[k]], channel)
				}
				q := out.Pix[out.PixOffset(g.at.X+x, g.at.Y+y):][:4]
				q[channel], q[3] = clamp8(v), 255
			}
		}
	})
}
