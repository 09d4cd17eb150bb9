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
	// done, from 0 to 1 and never less than before, one call at a time but on
	// any goroutine. The last call, with 1, comes right before Fill returns the picture.
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
	groups []*group
}

// Prepare finds the holes and builds the pyramids about them, on workers
// goroutines (0: one for each processor). Neither img nor hole may be changed
// as long as the plan is used.
func Prepare(ctx context.Context, img *image.NRGBA, hole *image.Alpha, workers int) (*Plan, error) {
	p := &Plan{img: img}
	for _, part := range split(hole, img.Rect) {
		g, err := newGroup(ctx, count(workers), img, part)
		if err != nil {
			return nil, err
		}
		p.groups = append(p.groups, g)
	}
	return p, ctx.Err()
}

// Fill makes one variant; o.Workers may differ from Prepare's.
func (p *Plan) Fill(ctx context.Context, o Options) (*image.NRGBA, error) {
	out := image.NewNRGBA(p.img.Rect)
	draw.Draw(out, out.Rect, p.img, p.img.Rect.Min, draw.Src)
	t := &tally{report: o.Progress}
	for _, g := range p.groups {
		t.total += g.work()
	}
	workers := count(o.Workers)
	fillOne := func(i, workers int) error {
		r := newRandom(uint64(o.Seed), o.Variant, i)
		return p.groups[i].fill(ctx, run{workers: workers, seed: r.next(), variant: o.Variant, advance: t.add}, out)
	}
	var small []int // parts of the hole that are filled side by side, each by one goroutine
	for i, g := range p.groups {
		if g.levels[0].targets < sideBySide {
			small = append(small, i)
		} else if err := fillOne(i, workers); err != nil {
			return nil, err
		}
	}
	// The only error is the context's, which parallel returns too.
	if err := parallel(ctx, workers, len(small), func(i int) { _ = fillOne(small[i], 1) }); err != nil {
		return nil, err
	}
	if o.Progress != nil {
		o.Progress(1)
	}
	return out, nil
}

// sideBySide is below how many targets a part of the hole is too small to occupy several goroutines.
const sideBySide = 20_000

func count(workers int) int {
	if workers <= 0 {
		return runtime.GOMAXPROCS(0)
	}
	return workers
}

// run is what one variant of one group is made with.
type run struct {
	workers int
	seed    uint64
	variant int
	random  int    // sources tried at random for each target and round
	prior   *prior // at the coarsest level, else nil
	advance func(work int)
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
