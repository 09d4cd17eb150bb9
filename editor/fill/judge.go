package fill

import "math"

// Kind is how a variant is made.
type Kind int

// The kinds of variants.
const (
	Patches Kind = iota // from small patches that agree with each other
	Pieces              // from large pieces that are cut to fit
)

// Kind returns how a variant is made. Kinds come by turns, and the first one is that which
// looks better as far as can be judged; where only one is possible all variants are of it.
func (p *Plan) Kind(variant int) Kind {
	kind, _ := p.orders.of(variant)
	return kind
}

// order tells which kind comes first, and whether there is another.
type order struct {
	first Kind
	both  bool
}

// of returns a variant's kind, and its number among those of its kind.
func (o order) of(variant int) (Kind, int) {
	switch {
	case !o.both:
		return Patches, variant
	case variant%2 == 0:
		return o.first, variant / 2
	default:
		return Pieces - o.first, variant / 2
	}
}

// Up to where pieces look better than patches: less where a picture is extended, for seams
// are long there, and patches have to fit to one side alone.
const (
	mostFlaws       = 0.5
	mostBorderFlaws = 0.4
)

// judge says in which order the kinds come, by the hole's largest part.
func (p *Plan) judge() (o order) {
	var largest *group
	for _, g := range p.groups {
		o.both = o.both || g.first != nil
		if largest == nil || g.levels[0].targets > largest.levels[0].targets {
			largest = g
		}
	}
	if largest != nil && largest.piecesFirst {
		o.first = Pieces
	}
	return o
}

// looksBetter reports whether the plain layout, if there is one, looks better than patches.
func (g *group) looksBetter() bool {
	if g.first == nil {
		return false
	}
	most := mostFlaws
	if g.levels[0].atBorder() {
		most = mostBorderFlaws
	}
	return g.first.flaws() < most
}

// flaws returns how much of a layout's seams is seen: the mean difference over the pixels
// beside a seam or beside what is known, as a part of the difference of two random pixels, times
// how long the seams are beside the hole's own edge.
func (m *mosaic) flaws() float64 {
	cost, edge := 0.0, 0
	m.each(func(x, y, k int) {
		b := m.border(x, y, m.label[k])
		cost += float64(b)
		for _, d := range around[1:5] {
			u, v := x+d.X, y+d.Y
			if j, ok := m.neighbour(x, y, d); ok {
				cost += float64(m.seam(x, y, u, v, m.label[k], m.label[j])) / 2
			} else if u >= 0 && v >= 0 && u < m.w && v < m.h && m.state[v*m.w+u]&unknown == 0 {
				edge++
			}
		}
	})
	r := newRandom(1)
	return cost / (float64(max(1, edge)) * (m.usual(&r) + 2*seamUnit*4))
}

// usual returns about what a seam between two random pieces costs for a pair of pixels.
func (m *mosaic) usual(r *random) float64 { return 2 * seamUnit * math.Sqrt(m.contrast(r)/area) }
