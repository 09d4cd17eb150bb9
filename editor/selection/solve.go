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
	// constant is how much it counts that the last answer had it so.
	constant = 1.5
	// learning is how often models and cut learn from each other, for a first answer and a
	// further one.
	learning, further = 3, 2
)

// believed is how much more a guess counts that goes on from the last answer.
const believed = 1.5

// shares are how much of the picture the thing may be, as a first guess.
var shares = [...]float64{0.003, 0.01, 0.03, 0.09, 0.25, 0.5}

// solve finds which superpixels are inside.
func (s *Scene) solve(ctx context.Context, k *known, a *Answer, last *Answer) error {
	f := s.measureWays(k)
	plain := func(i int) float64 { return f.favour[i] }
	if last == nil {
		if !k.some[inside] {
			return s.settle(ctx, k, a, s.deep(k), learning, plain)
		}
		return s.compare(ctx, k, a, f, nil)
	}
	now, wrong := slices.Clone(last.inside), false
	for i, says := range k.part {
		wrong = wrong || says == outside && now[i]
		now[i] = now[i] && says != outside && f.in[i] <= f.out[i] || says == inside
	}
	if wrong && k.some[inside] {
		return s.compare(ctx, k, a, f, now)
	}
	return s.settle(ctx, k, a, now, further, func(i int) float64 {
		if last.inside[i] {
			return f.favour[i] + constant
		}
		return f.favour[i] - constant
	})
}

// compare takes that of several first guesses, of what is nearest to what was drawn, from
// which the best border comes. last, unless nil, is another guess, which is believed more.
func (s *Scene) compare(ctx context.Context, k *known, a *Answer, f *ways, last []bool) error {
	favour := func(i int) float64 { return f.favour[i] }
	guesses := make([][]bool, 0, len(shares)+1)
	for _, share := range shares {
		near, now := s.quantile(f.in, share), make([]bool, len(s.parts))
		for i := range now {
			now[i] = k.part[i] != outside && f.in[i] <= min(near, f.out[i]) || k.part[i] == inside
		}
		guesses = append(guesses, now)
	}
	if last != nil {
		guesses = append(guesses, last)
	}
	tries, errs := make([]Answer, len(guesses)), make([]error, len(guesses))
	err := parallel.Range(ctx, len(guesses), 1, func(n, _ int) {
		errs[n] = s.settle(ctx, k, &tries[n], guesses[n], learning, favour)
	})
	if err = errors.Join(append(errs, err)...); err != nil {
		return ctx.Err()
	}
	best := math.Inf(-1)
	for n := range tries {
		v := s.merit(&tries[n])
		if n == len(shares) {
			v *= believed
		}
		if v > best {
			best, a.models, a.inside = v, tries[n].models, tries[n].inside
		}
	}
	return nil
}

// merit says how much an answer looks like a thing: how much more differs along its border
// than within it. Of the same look the smaller is meant.
func (s *Scene) merit(a *Answer) float64 {
	var along, length, within, inner float64
	for _, e := range s.edges {
		switch n := float64(e.length); {
		case a.inside[e.a] != a.inside[e.b]:
			along, length = along+n*float64(e.differ), length+n
		case a.inside[e.a]:
			within, inner = within+n*float64(e.differ), inner+n
		}
	}
	area := 0
	for i, in := range a.inside {
		if in {
			area += s.parts[i].n
		}
	}
	share := float64(area+1) / float64(s.w*s.h)
	return along / (length + 20) / (within/(inner+1) + 0.02) * math.Pow(share, -0.6)
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

// ways are how far superpixels are, over the picture, from what is known.
type ways struct {
	in, out []float32 // from the inside and the outside; infinite where nothing is known
	favour  []float64 // by how much that favours the inside
}

// measureWays finds the ways. Beside the outside that is known, what is the farthest from
// the inside is taken as outside, too, though it counts less.
func (s *Scene) measureWays(k *known) *ways {
	f := &ways{favour: make([]float64, len(s.parts))}
	f.in = s.distances(func(i int) bool { return k.part[i] == inside })
	f.out = s.distances(func(i int) bool { return k.part[i] == outside })
	if !k.some[inside] {
		return f
	}
	far := s.quantile(f.in, 0.75)
	off := s.distances(func(i int) bool { return k.part[i] == outside || k.part[i] == unknown && f.in[i] >= far })
	for i := range f.favour {
		f.favour[i] = nearby * nearer(f.in[i], off[i])
		if k.some[outside] {
			f.favour[i] += nearby * nearer(f.in[i], f.out[i])
		}
	}
	return f
}

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
	left := share * float64(s.w*s.h)
	for _, i := range order {
		if left -= float64(s.parts[i].n); left <= 0 {
			return v[i]
		}
	}
	return float32(math.Inf(1))
}

// deep says what in a box is farthest from its outside.
func (s *Scene) deep(k *known) []bool {
	out := s.distances(func(i int) bool { return k.part[i] == outside })
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
