package selection

import (
	"context"
	"errors"
	"math"
	"slices"

	"overpaint/editor/cut"
	"overpaint/editor/parallel"
)

const (
	// scale is how many units of a cut's costs are one.
	scale = 64
	// smooth is what it costs to part neighbours that look alike, for each pixel along the border.
	smooth = 12
	// nearby is how much distances count at most beside colours.
	nearby = 2.5
	// learning is how often models and cut learn from each other.
	learning = 3
)

// solve finds which superpixels are inside.
func (s *Scene) solve(ctx context.Context, k *known, a *Answer, last *Answer) error {
	if !k.some[inside] {
		return s.settle(ctx, k, a, s.deep(k), learning, func(int) float64 { return 0 })
	}
	return s.choose(ctx, k, a, s.guesses(k, last))
}

// choose takes that of several first guesses to which the best answer comes.
func (s *Scene) choose(ctx context.Context, k *known, a *Answer, guesses []guess) error {
	f := s.measureWays(k)
	tries, errs := make([]Answer, len(guesses)), make([]error, len(guesses))
	err := parallel.Range(ctx, len(guesses), 1, func(n, _ int) {
		errs[n] = s.settle(ctx, k, &tries[n], guesses[n].inside, learning, func(i int) float64 {
			return guesses[n].favour[i] + f.of(i)
		})
	})
	if err = errors.Join(append(errs, err)...); err != nil {
		return ctx.Err()
	}
	best := math.Inf(-1)
	for n := range tries {
		if v := s.judge(k, &tries[n]); n == 0 || v > best {
			best, a.models, a.inside = v, tries[n].models, tries[n].inside
		}
	}
	return nil
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

// ways are how far superpixels are, over the picture, from the inside and the outside that are
// known; infinite where nothing is.
type ways struct{ in, out []float32 }

func (s *Scene) measureWays(k *known) *ways {
	return &ways{s.distances(k.says(inside), stride), s.distances(k.says(outside), stride)}
}

// of is by how much a superpixel's place between inside and outside favours that it is inside.
func (f *ways) of(i int) float64 { return nearby * nearer(f.in[i], f.out[i]) }

// nearer is 1 at the inside and -1 at the outside.
func nearer(in, out float32) float64 {
	sum := float64(in) + float64(out)
	if sum == 0 || math.IsInf(sum, 0) {
		return 0
	}
	return float64(out-in) / sum
}

// quantile returns the value below which a share of the pixels has those of its superpixel.
func (s *Scene) quantile(v []float32, share float64) float32 {
	left := share * float64(s.w*s.h)
	for _, i := range s.order(v) {
		if left -= float64(s.parts[i].n); left <= 0 {
			return v[i]
		}
	}
	return float32(math.Inf(1))
}

// order is the superpixels by a value, least first.
func (s *Scene) order(v []float32) []int32 {
	order := make([]int32, len(v))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		switch {
		case v[a] < v[b]:
			return -1
		case v[a] > v[b]:
			return 1
		}
		return int(a - b)
	})
	return order
}

// deep says what in a box is farthest from its outside.
func (s *Scene) deep(k *known) []bool {
	out := s.distances(k.says(outside), stride)
	var in []float32
	for i, d := range out {
		if k.part[i] == unknown {
			in = append(in, d)
		}
	}
	slices.Sort(in)
	now := make([]bool, len(s.parts))
	for i := range now {
		now[i] = k.part[i] == unknown && out[i] >= in[len(in)/3]
	}
	return now
}

// models learns from what is taken as inside. What was drawn counts a third of all at least,
// for the rest only follows from it.
func (s *Scene) models(k *known, now []bool) models {
	var all, drawn [2]float64
	which := func(i int) int {
		if now[i] {
			return 0
		}
		return 1
	}
	drew := func(i int) bool { return k.part[i] == inside || k.part[i] == outside && !k.boxed }
	for i := range s.parts {
		n := float64(s.parts[i].n)
		if all[which(i)] += n; drew(i) {
			drawn[which(i)] += n
		}
	}
	var of [2][]sample
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

// cut parts the superpixels by how much is in favour of each, for each of its pixels.
func (s *Scene) cut(ctx context.Context, k *known, favour func(i int) float64) ([]bool, error) {
	g := cut.New(len(s.parts), len(s.edges))
	for i := range s.parts {
		switch k.held[i] {
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
		v := cost(smooth * float64(e.length) * alike(float64(e.differ)*float64(e.differ), s.varies))
		g.Edge(int(e.a), int(e.b), v, v)
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

// cost is a cost in the units of a cut, 0 where it is below.
func cost(v float64) int32 { return int32(min(max(v*scale, 0), cut.Hard/64)) }

// alike is 1 for two that don't differ, and falls with the square of how much they do;
// usual is that of the picture.
func alike(square, usual float64) float64 { return math.Exp(-square/(2*usual)) + 0.02 }

// tidy leaves of what is inside only what hangs together with what was drawn, and takes in
// what it encloses where that is small and nobody said otherwise.
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

// group returns the superpixels that hang together with one and are on its side.
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
