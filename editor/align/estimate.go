package align

import (
	"context"
	"image"
	"math"
)

// estimator holds the sent picture's side of the comparison.
type estimator struct {
	size       image.Point  // of what was sent
	grain      float64      // its noise on the finest level
	levels     []side       // the finest first
	references []*reference // of the levels
}

// side is one picture at one size.
type side struct {
	luma, evidence *plane
	normal         *plane
	mid            [2]float64 // the picture's middle in continuous coordinates
}

const (
	finest   = 768 // the longer side of the finest level, at most
	coarsest = 128 // and of the coarsest
	points   = 14000
	few      = 4000 // points to be used while the motion is not reported yet
	radius   = 6    // of the neighbourhood that is divided out
	noise    = 3.0  // levels of luma that count as none
	noisy    = 3.0  // how many times the noise does
)

func newEstimator(ctx context.Context, sent *image.NRGBA, covered *image.Alpha) (*estimator, error) {
	e := &estimator{size: sent.Rect.Size()}
	by := (max(e.size.X, e.size.Y) + finest - 1) / finest
	w, h := max(e.size.X/by, 1), max(e.size.Y/by, 1)
	grey, err := luma(ctx, sent, rect{0, 0, float64(e.size.X), float64(e.size.Y)}, w, h)
	if err != nil {
		return nil, err
	}
	e.grain = grey.noise()
	if e.levels, err = e.sides(ctx, grey, evidence(covered, e.size, w, h)); err != nil {
		return nil, err
	}
	e.references = make([]*reference, len(e.levels))
	for i, s := range e.levels {
		if e.references[i], err = newReference(ctx, s, points); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// evidence returns 1 where the mask covers nothing, at w x h pixels, else 0.
func evidence(covered *image.Alpha, size image.Point, w, h int) *plane {
	out := newPlane(w, h)
	for i := range out.v {
		out.v[i] = 1
	}
	if covered == nil {
		return out
	}
	column := make([]int32, size.X)
	for x := range column {
		column[x] = int32(min(x*w/size.X, w-1))
	}
	for y := range size.Y {
		row := covered.Pix[covered.PixOffset(covered.Rect.Min.X, covered.Rect.Min.Y+y):][:size.X]
		to := out.row(min(y*h/size.Y, h-1))
		for x, c := range row {
			if c != 0 {
				to[column[x]] = 0
			}
		}
	}
	return out
}

// sides halves a picture down to the coarsest level.
func (e *estimator) sides(ctx context.Context, grey, evidence *plane) ([]side, error) {
	var all []side
	mid := [2]float64{float64(grey.w) / 2, float64(grey.h) / 2}
	for grain := e.grain; ; grain /= 2 {
		n, err := grey.normalized(ctx, evidence, radius, max(noise, noisy*grain))
		if err != nil {
			return nil, err
		}
		all = append(all, side{luma: grey, evidence: evidence, normal: n, mid: mid})
		if max(grey.w, grey.h) <= coarsest || min(grey.w, grey.h) < 32 {
			return all, nil
		}
		grey, evidence = grey.halved(), evidence.erodedHalf()
		mid = [2]float64{mid[0] / 2, mid[1] / 2}
	}
}

// structured reports whether enough of the picture has structure to compare.
func (e *estimator) structured() bool {
	const least, places = 40, 6
	r := e.references[len(e.references)-1]
	if len(r.points) < least {
		return false
	}
	_, n := share(r.agreement(make([]float32, len(r.points))))
	return n >= places
}

// found is a candidate: a frame and a motion in it.
type found struct {
	frame  frame
	answer []side
	motion affine // from the middle, in pixels of the coarsest level
	score  float64
}

// search finds frame and motion on the coarsest level.
func (e *estimator) search(ctx context.Context, answer *image.NRGBA) (best found, err error) {
	for i, f := range frames(e.size, answer) {
		c, err := e.try(ctx, answer, f)
		if err != nil {
			return best, err
		}
		// Whatever shows all that was sent comes first.
		if i == 0 || c.score > best.score*1.1 {
			best = c
		}
	}
	return best, nil
}

// try finds the best motion on the coarsest level for one frame.
func (e *estimator) try(ctx context.Context, answer *image.NRGBA, f frame) (best found, err error) {
	fine := e.levels[0].luma
	grey, err := luma(ctx, answer, f.rect, fine.w, fine.h)
	if err != nil {
		return best, err
	}
	best = found{frame: f, motion: identity}
	if best.answer, err = e.sides(ctx, grey, e.levels[0].evidence); err != nil {
		return best, err
	}
	last := len(e.levels) - 1
	l := e.level(best, last)
	fewer := l.thinned(few)
	refined := func(start affine) (affine, float64, error) {
		m, err := fewer.fit(ctx, start, similarity, 12, rough, nil)
		if err != nil {
			return m, 0, err
		}
		score, err := l.score(ctx, m)
		return m, score, err
	}
	if best.motion, best.score, err = refined(identity); err != nil || best.score > sure {
		return best, err
	}
	starts, err := l.peaks(ctx, e.levels[last], best.answer[last])
	if err != nil {
		return best, err
	}
	for _, start := range starts {
		m, score, err := refined(start)
		if err != nil {
			return best, err
		}
		if score > best.score*1.02 && allowed(m, 2*l.radius) {
			best.motion, best.score = m, score
		}
	}
	return best, nil
}

// sure is a score from which on nothing else is tried.
const sure = 0.6

// score is how well a motion explains the answer, 0 to 1.
func (l *level) score(ctx context.Context, m affine) (float64, error) {
	e := make([]float32, len(l.points))
	if err := l.residuals(ctx, m, nil, e); err != nil {
		return 0, err
	}
	const reach = 0.4
	sum := 0.0
	for _, v := range e {
		if v != unknown {
			q := float64(v) * float64(v) / (reach * reach)
			sum += 1 / ((1 + q) * (1 + q))
		}
	}
	return sum / float64(max(len(e), 1)), nil
}

// level returns a level of the comparison with a candidate.
func (e *estimator) level(f found, i int) *level {
	a := f.answer[i].normal
	return newLevel(e.references[i], a, f.frame.known(a.w, a.h))
}

// settle refines a candidate level by level and decides what to make of it.
func (e *estimator) settle(ctx context.Context, f found, still Motion) (Motion, error) {
	m := f.motion
	var l *level
	for i := len(e.levels) - 1; i >= 0; i-- {
		l = e.level(f, i)
		if i < len(e.levels)-1 {
			m = m.scaled(2)
		}
		var err error
		if m, err = l.thinned(few).fit(ctx, m, similarity, 10, rough, nil); err != nil {
			return still, err
		}
	}
	return e.judge(ctx, f, l, m, still)
}

// judge decides on the finest level.
func (e *estimator) judge(ctx context.Context, f found, l *level, m affine, still Motion) (Motion, error) {
	r := make([]float32, len(l.points))
	if err := l.residuals(ctx, m, nil, r); err != nil {
		return still, err
	}
	agreement := l.agreement(r)
	part, n := share(agreement)
	still.Agreeing = part
	if n < 6 {
		return still, nil
	}
	if part < otherwise || !allowed(m, 2*l.radius) {
		still.Finding = Other
		return still, nil
	}
	trust := trusted(agreement)
	m, field, err := e.best(ctx, f, l, m, trust)
	if err != nil {
		return still, err
	}
	if !allowed(m, 2*l.radius) {
		still.Finding = Other
		return still, nil
	}
	scale := float64(e.size.X) / float64(l.sent.w)
	pays, err := l.pays(ctx, m, field, trust, scale)
	if err != nil {
		return still, err
	}
	still.Finding = Still
	if !pays && f.frame.plain() {
		return still, nil
	}
	if !pays {
		m, field = identity, nil
	}
	return e.motion(f, l, m, field, still), nil
}

// otherwise is the part of the blocks that must agree; fewer show another picture.
const otherwise = 0.12

// allowed reports whether a motion on a picture with a longer side is within the bounds.
func allowed(m affine, longer float64) bool {
	zoom := math.Sqrt(max(m.a*m.e-m.b*m.d, 0))
	turn := math.Atan2(m.d-m.b, m.a+m.e)
	return math.Hypot(m.c, m.f) <= slack*MaxShift*longer &&
		zoom <= (1+MaxZoom)*1.01 && zoom >= (1-MaxZoom)*0.99 && math.Abs(turn) <= slack*MaxTurn
}

// motion tells a motion on the finest level in pixels of the pictures.
func (e *estimator) motion(f found, l *level, m affine, g *grid, out Motion) Motion {
	out.Finding, out.Frame = Moved, f.frame.kind
	kx, ky := float64(e.size.X)/float64(l.sent.w), float64(e.size.Y)/float64(l.sent.h)
	mx, my := float64(e.size.X)/2, float64(e.size.Y)/2
	toLevel := affine{a: 1 / kx, c: -mx / kx, e: 1 / ky, f: -my / ky}
	drift := toLevel.inverse().after(m).after(toLevel)
	if g != nil {
		field := &Field{Cols: g.cols, Rows: g.rows}
		for _, v := range g.v {
			field.V = append(field.V, [2]float32{v[0] * float32(kx), v[1] * float32(ky)})
		}
		out.Field = field
	}
	x, y := drift.apply(mx, my)
	out.Shift = math.Hypot(x-mx, y-my)
	out.Zoom = math.Sqrt(drift.a*drift.e-drift.b*drift.d) - 1
	out.Turn = math.Atan2(drift.d-drift.b, drift.a+drift.e) * 180 / math.Pi
	out.setAffine(rectMap(e.size, f.frame.rect).after(drift))
	r := f.frame.seen
	out.Seen = [4]float64{r.x0, r.y0, r.x1, r.y1}
	return out
}
