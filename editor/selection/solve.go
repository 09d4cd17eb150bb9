package selection

import (
	"context"
	"errors"
	"image"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/cut"
	"overpaint.dev/overpaint/editor/parallel"
)

const (
	// scale is the number of a cut's integer cost units per unit of cost.
	scale = 64
	// smooth is the cost of separating equal neighbours, per pixel of border.
	smooth = 12
	// nearby is the largest weight of geodesic distances, relative to that of colours.
	nearby = 2.5
	// constant is the weight of a superpixel's side in the last answer.
	constant = 1.5
	// distant is the additional factor of constant far away from a new stroke inside. It grows
	// from a distance of the stroke's own size on, over span times that size.
	distant, span = 3, 2
	// beyond is the cost of what is about as far from the strokes inside as a stroke outside.
	beyond = 5
	// trusted is how much of an answer must stay with a further stroke inside: else the thing
	// is larger than was taken, and such sizes are tried, among which the answer that goes on
	// from the last counts believed times.
	trusted, believed = 0.9, 2
	// A stroke corrects the last answer's border where it lies in the answer no deeper than
	// shallowIn of its deepest, or no farther from it than shallowOut of that.
	shallowIn, shallowOut = 0.3, 0.2
	// steady is the additional factor of constant for a correction that adds.
	steady = 2
	// central is the exponent of centrality.
	central = 0.5
	// learning is how often models and cut learn from each other, for a first answer and a
	// further one.
	learning, further = 3, 2
)

// shares are the object's shares of the picture's area in the first guesses.
var shares = [...]float64{0.003, 0.01, 0.03, 0.09, 0.25, 0.5}

// solve finds the superpixels inside.
func (s *Scene) solve(ctx context.Context, k *known, a *Answer, last *Answer, marks []Mark) error {
	f := s.measureWays(k)
	switch {
	case k.boxed:
		return s.solveBoxes(ctx, k, a, f, last, marks)
	case last == nil:
		return s.compare(ctx, k, a, f, nil, marks)
	}
	return s.goOn(ctx, k, a, f, last, marks)
}

// common returns the intersection over union of two answers, by area.
func (s *Scene) common(a, b []bool) float64 {
	both, either := 0, 1
	for i, p := range s.parts {
		if a[i] || b[i] {
			either += p.n
			if a[i] && b[i] {
				both += p.n
			}
		}
	}
	return float64(both) / float64(either)
}

// share returns the share of the superpixels inside in the picture's area.
func (s *Scene) share(inside []bool) float64 {
	n := 0
	for i, in := range inside {
		if in {
			n += s.parts[i].n
		}
	}
	return float64(n) / float64(s.w*s.h)
}

// compare settles guesses of several sizes and keeps the answer of the greatest merit, for a
// first answer multiplied by centrality. from, unless nil, has a further guess, whose merit is
// multiplied by believed.
func (s *Scene) compare(ctx context.Context, k *known, a *Answer, f *ways, from *start, marks []Mark) error {
	guesses := s.guesses(k, f, from)
	return s.best(ctx, a, len(guesses), func(n int, t *Answer) (float64, error) {
		err := s.settle(ctx, k, t, guesses[n], learning, func(i int) float64 { return f.favour[i] })
		if err != nil {
			return 0, err
		}
		if from == nil {
			return s.merit(t) * s.centrality(marks, t.inside), nil
		}
		t.keep(k, from.last, true, false)
		if n == len(guesses)-1 {
			return s.merit(t) * believed, nil
		}
		return s.merit(t), nil
	})
}

// best makes n tries side by side and keeps the models and superpixels of the one with the
// greatest value, of several the first.
func (s *Scene) best(ctx context.Context, a *Answer, n int, try func(n int, t *Answer) (float64, error)) error {
	tries, values, errs := make([]Answer, n), make([]float64, n), make([]error, n)
	err := parallel.Range(ctx, n, 1, func(i, _ int) { values[i], errs[i] = try(i, &tries[i]) })
	if err = errors.Join(append(errs, err)...); err != nil {
		return ctx.Err()
	}
	best := 0
	for i, v := range values {
		if v > values[best] {
			best = i
		}
	}
	a.models, a.inside = tries[best].models, tries[best].inside
	return nil
}

// guesses returns first guesses of several sizes, each made of the superpixels nearest to the
// marks. With from they are those larger than its last answer, and its local one at the end.
func (s *Scene) guesses(k *known, f *ways, from *start) (guesses [][]bool) {
	least := 0.0
	if from != nil {
		least = s.share(from.last.inside)
	}
	for _, share := range shares {
		if share <= least {
			continue
		}
		near, now := s.quantile(f.in, f.order, share), make([]bool, len(s.parts))
		for i := range now {
			now[i] = k.part[i] != outside && f.in[i] <= min(near, f.out[i]) || k.part[i] == inside
		}
		guesses = append(guesses, now)
	}
	if from != nil {
		guesses = append(guesses, from.local)
	}
	return guesses
}

// merit rates how much an answer looks like an object: by its contrast. Of similar answers the
// smaller has the greater merit.
func (s *Scene) merit(a *Answer) float64 {
	return s.contrast(a) * math.Pow(s.share(a.inside)+1/float64(s.w*s.h), -0.6)
}

// contrast returns the differences along an answer's border relative to those within it.
func (s *Scene) contrast(a *Answer) float64 {
	var along, length, within, inner float64
	for _, e := range s.edges {
		switch n := float64(e.length); {
		case a.inside[e.a] != a.inside[e.b]:
			along, length = along+n*float64(e.differ), length+n
		case a.inside[e.a]:
			within, inner = within+n*float64(e.differ), inner+n
		}
	}
	return along / (length + 20) / (within/(inner+1) + 0.02)
}

// centrality rates how deep inside an answer the strokes inside reach, relative to its deepest
// superpixel: at most 1, and 1 where there are none. Users click near the middle of an object.
func (s *Scene) centrality(marks []Mark, now []bool) float64 {
	depths := s.depths(now, true)
	most := max(slices.Max(depths), 1)
	reached := float32(-1)
	for _, m := range marks {
		if m.Outside || m.Box || m.Mask != nil {
			continue
		}
		for _, p := range m.Points {
			at := image.Pt(int(p.X)/s.by, int(p.Y)/s.by)
			if at.In(image.Rect(0, 0, s.w, s.h)) {
				reached = max(reached, depths[s.of[at.Y*s.w+at.X]])
			}
		}
	}
	if reached < 0 {
		return 1
	}
	return math.Pow(max(float64(reached/most), 0.05), central)
}

// settle has models and cut learn from each other.
func (s *Scene) settle(ctx context.Context, k *known, a *Answer, now []bool, times int, favour func(i int) float64) error {
	for range times {
		a.models = s.models(k, now)
		next, err := s.cut(ctx, k, func(i int) float64 { return a.models.favour(&s.parts[i].mean, dims) + favour(i) })
		if err != nil {
			return err
		}
		s.tidy(k, next)
		same := slices.Equal(next, now)
		if now = next; same {
			break
		}
	}
	a.inside = now
	return nil
}

// ways are the geodesic distances of superpixels from labelled ones.
type ways struct {
	in, out []float32 // from the inside and the outside; infinite where there is no such label
	order   []int     // the superpixels, the nearest to the inside first
	favour  []float64 // the cost in favour of the inside, by distance
}

// measureWays computes the distances. Superpixels far from the inside count as outside, too, with
// less weight than those with that label.
func (s *Scene) measureWays(k *known) *ways {
	f := &ways{favour: make([]float64, len(s.parts))}
	parallel.Together(func() {
		f.in = s.distances(func(i int) bool { return k.part[i] == inside })
	}, func() {
		f.out = s.distances(func(i int) bool { return k.part[i] == outside })
	})
	if !k.some[inside] {
		return f
	}
	f.order = ranked(f.in)
	far := s.quantile(f.in, f.order, 0.75)
	off := s.distances(func(i int) bool { return k.part[i] == outside || k.part[i] == unknown && f.in[i] >= far })
	for i := range f.favour {
		f.favour[i] = nearby * nearer(f.in[i], off[i])
		if k.some[outside] {
			f.favour[i] += nearby * nearer(f.in[i], f.out[i])
		}
	}
	return f
}

// nearer returns 1 at the inside, -1 at the outside, and values between by the distances.
func nearer(in, out float32) float64 {
	sum := float64(in) + float64(out)
	if sum == 0 || math.IsInf(sum, 0) {
		return 0
	}
	return float64(out-in) / sum
}

// ranked returns the indices of values in ascending order.
func ranked(v []float32) []int {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case v[a] < v[b]:
			return -1
		case v[a] > v[b]:
			return 1
		}
		return a - b
	})
	return order
}

// quantile returns the value of superpixels below which a share of the pixels lies; order is the
// result of ranked.
func (s *Scene) quantile(v []float32, order []int, share float64) float32 {
	left := share * float64(s.w*s.h)
	for _, i := range order {
		if left -= float64(s.parts[i].n); left <= 0 {
			return v[i]
		}
	}
	return float32(math.Inf(1))
}

// models fits the models to the superpixels inside and outside. Labelled ones, of those outside of
// boxes the ones near the boxes, have at least a third of the weight: the others were derived from
// them, or are far away.
func (s *Scene) models(k *known, now []bool) models {
	var all, drawn [2]float64
	which := func(i int) int {
		if now[i] {
			return 0
		}
		return 1
	}
	drew := func(i int) bool {
		return k.part[i] == inside || k.part[i] == outside && (!k.boxed || middle(s.parts[i].box).In(k.about))
	}
	for i := range s.parts {
		n := float64(s.parts[i].n)
		if all[which(i)] += n; drew(i) {
			drawn[which(i)] += n
		}
	}
	of := [2][]sample{make([]sample, 0, len(s.parts)), make([]sample, 0, len(s.parts))}
	for i := range s.parts {
		w := which(i)
		weight := float64(s.parts[i].n)
		if drew(i) {
			weight *= max(1, all[w]/2/drawn[w])
		}
		of[w] = append(of[w], sample{s.parts[i].mean, weight})
	}
	return models{learn(of[0]), learn(of[1])}
}

// cut separates the superpixels by a minimum cut; favour returns the cost in favour of the inside
// per pixel of a superpixel.
func (s *Scene) cut(ctx context.Context, k *known, favour func(i int) float64) ([]bool, error) {
	g := cut.New(len(s.parts), len(s.edges))
	for i := range s.parts {
		switch k.part[i] {
		case inside:
			g.Node(i, 0, cut.Hard)
		case outside:
			g.Node(i, cut.Hard, 0)
		default:
			v := favour(i) * float64(s.parts[i].n)
			g.Node(i, cost(-v), cost(v))
		}
	}
	for _, e := range s.edges {
		g.Edge(int(e.a), int(e.b), e.tie, e.tie)
	}
	if _, err := g.Cut(ctx); err != nil {
		return nil, err
	}
	now := make([]bool, len(s.parts))
	for i := range now {
		now[i] = g.Inside(i)
	}
	return now, nil
}

// cost converts a cost to the units of a cut; negative ones become 0.
func cost(v float64) int32 { return int32(min(max(v*scale, 0), cut.Hard/64)) }

// alike returns the similarity for a squared difference: about 1 for none, and falling with it;
// usual is the picture's mean squared difference.
func alike(square, usual float64) float64 { return math.Exp(-square/(2*usual)) + 0.02 }

// tidy removes components inside without a label, and fills small enclosed components outside
// without a label.
func (s *Scene) tidy(k *known, now []bool) {
	seen := make([]bool, len(s.parts))
	for i := range s.parts {
		if seen[i] {
			continue
		}
		group := s.group(i, now, seen)
		drawn, open, pixels := false, false, 0
		for _, j := range group {
			says := k.part[j]
			drawn = drawn || says != unknown
			open = open || s.parts[j].edge
			pixels += s.parts[j].n
		}
		drop := now[i] && !drawn && k.some[inside]
		fill := !now[i] && !drawn && !open && pixels < s.w*s.h/500
		if drop || fill {
			for _, j := range group {
				now[j] = !now[j]
			}
		}
	}
}

// group returns the connected superpixels on the same side as the first.
func (s *Scene) group(first int, now, seen []bool) []int32 {
	group := []int32{int32(first)}
	seen[first] = true
	for k := 0; k < len(group); k++ {
		for _, l := range s.near[group[k]] {
			if !seen[l.to] && now[l.to] == now[first] {
				seen[l.to] = true
				group = append(group, l.to)
			}
		}
	}
	return group
}
