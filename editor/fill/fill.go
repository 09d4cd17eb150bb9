// Package fill fills holes of a picture with content taken from around them:
// multi-scale, patch-based completion. It looks at the picture alone.
package fill

import (
	"context"
	"errors"
	"image"
	"image/draw"
	"runtime"
	"sync"
)

// ErrNothingToCopy means that there is no known pixel to fill the hole from:
// it covers the whole picture, or all that is left is transparent.
var ErrNothingToCopy = errors.New("fill: nothing to copy from outside the hole")

// Options are the choices for one variant.
type Options struct {
	// Seed and Variant choose among the good fillings: the same pair gives
	// the same picture, whatever Workers is; different pairs differ visibly.
	Seed    int64
	Variant int // from 0
	// Workers is how many goroutines compute; 0 means one for each processor.
	Workers int
	// Progress, unless nil, is called now and then with the fraction that is
	// done, from 0 to 1 and never less than before, one call at a time.
	Progress func(float64)
}

// Fill returns a copy of img whose pixels with a coverage of 1 or more in
// hole are replaced by opaque ones made up from the rest; all others are as
// they were, to the bit. img is not changed. hole may have other bounds than
// img; what lies outside of it is kept. Transparent pixels are never copied.
// The errors are ErrNothingToCopy and that of ctx.
func Fill(ctx context.Context, img *image.NRGBA, hole *image.Alpha, o Options) (*image.NRGBA, error) {
	p, err := Prepare(ctx, img, hole, o.Workers)
	if err != nil {
		return nil, err
	}
	return p.Fill(ctx, o)
}

// Plan is what all variants of one hole have in common. Several goroutines may use it at once.
type Plan struct {
	img    *image.NRGBA
	hole   *image.Alpha
	groups []*group
}

// Prepare finds the holes and builds the pyramids about them, on workers
// goroutines (0: one for each processor). Neither img nor hole may be changed
// as long as the plan is used.
func Prepare(ctx context.Context, img *image.NRGBA, hole *image.Alpha, workers int) (*Plan, error) {
	p := &Plan{img: img, hole: hole}
	for _, box := range split(hole, img.Rect) {
		g, err := newGroup(ctx, count(workers), img, hole, box)
		if err != nil {
			return nil, err
		}
		p.groups = append(p.groups, g)
	}
	return p, nil
}

// Fill makes one variant; o.Workers may differ from Prepare's.
func (p *Plan) Fill(ctx context.Context, o Options) (*image.NRGBA, error) {
	out := image.NewNRGBA(p.img.Rect)
	draw.Draw(out, out.Rect, p.img, p.img.Rect.Min, draw.Src)
	var work int
	for _, g := range p.groups {
		work += g.work()
	}
	t := &tally{total: work, report: o.Progress}
	for i, g := range p.groups {
		r := newRandom(uint64(o.Seed), o.Variant, i)
		if err := g.fill(ctx, run{workers: count(o.Workers), seed: r.next(), variant: o.Variant, advance: t.add, far: 2, random: 3, near: 2, wide: 1}, out); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.Progress != nil {
		o.Progress(1)
	}
	return out, nil
}

func count(workers int) int {
	if workers <= 0 {
		return runtime.GOMAXPROCS(0)
	}
	return workers
}

// run is what one variant of one group is made with.
type run struct {
	workers                 int
	seed                    uint64
	variant                 int
	far, random, near, wide int    // candidates for a target and round; see improve
	prior                   *prior // at the coarsest level, else nil
	advance                 func(work int)
}

// tally counts work for the progress.
type tally struct {
	mu          sync.Mutex
	total, done int
	report      func(float64)
}

func (t *tally) add(work int) {
	if t.report == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.done += work
	t.report(min(1, float64(t.done)/float64(max(1, t.total))))
}
