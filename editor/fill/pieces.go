package fill

import (
	"context"
	"image"
	"slices"

	"overpaint.dev/overpaint/editor/parallel"
)

const (
	mostPieces  = 4000 // pixels of a hole that are laid out from nothing
	layoutTurns = 2    // how often all labels are gone through then
	seamReach   = 3    // how far seams may move at a finer level, in pixels
)

// pieces returns, for each pixel of the finest level's cover, the pixel that it is copied
// from, or -1, by the given layout of a coarser level; nil where that can't be made finer.
func (g *group) pieces(ctx context.Context, o run, m *mosaic) ([]int32, error) {
	below := g.layoutLevel()
	for i := below - 1; i >= 0; i-- {
		o.advance(g.work() / 3 / below)
		if m = m.finer(g.levels[i]); m == nil {
			return nil, nil
		}
		if err := m.moveSeams(ctx); err != nil {
			return nil, err
		}
	}
	from := make([]int32, len(m.label))
	for k := range from {
		from[k] = -1
	}
	m.each(func(x, y, k int) { from[k] = int32(m.source(x, y, m.label[k])) })
	return from, nil
}

// layoutLevel returns the finest level whose hole isn't too large to be laid out from nothing.
func (g *group) layoutLevel() int {
	for i, l := range g.levels {
		if l.holePixels() <= mostPieces {
			return i
		}
	}
	return len(g.levels) - 1
}

// holePixels returns how many pixels the hole has.
func (l *level) holePixels() (n int) {
	r := l.holeBox()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, s := range l.state[y*l.w+r.Min.X : y*l.w+r.Max.X] {
			if s&hole != 0 {
				n++
			}
		}
	}
	return n
}

// plainLayout returns the best layout of the hole that is found; nil where it can't be
// covered, is too thin, or so large even at the coarsest level that this would take long.
func (g *group) plainLayout(ctx context.Context, workers parallel.Workers) (*mosaic, error) {
	if g.levels[0].thick < thinnest || g.levels[g.layoutLevel()].holePixels() > 2*mostPieces {
		return nil, nil
	}
	m := g.newLayout()
	if m.lines != nil {
		m.proposeAlong()
	}
	if err := m.propose(ctx, workers); err != nil {
		return nil, err
	}
	m, err := m.fill(ctx, workers)
	if m == nil || err != nil {
		return nil, err
	}
	if m.flaws() <= mostToMend {
		err = m.mend(ctx, workers)
		g.better = m
	}
	m.costs, m.features = nil, nil
	return m, err
}

// mostToMend is up to which flaws a layout is mended at once. Where there are more, patches come
// first all the same, and the time for it is taken when a variant of pieces is asked for.
const mostToMend = 2 * mostFlaws

// mended returns the plain layout of a group that has one, mended by now.
func (g *group) mended(ctx context.Context, workers parallel.Workers) (*mosaic, error) {
	g.mending.Lock()
	defer g.mending.Unlock()
	if g.better != nil {
		return g.better, nil
	}
	m := g.newLayout()
	m.offsets, m.label = slices.Clone(g.first.offsets), slices.Clone(g.first.label)
	if err := m.tabulate(ctx, workers, 0); err != nil {
		return nil, err
	}
	if err := m.mend(ctx, workers); err != nil {
		return nil, err
	}
	m.costs, m.features = nil, nil
	g.better = m
	return m, nil
}

// variantLayout returns the layout of the variant with this number among those of pieces. The
// first is the plain one whatever the seed: a taste would make the best one worse.
func (g *group) variantLayout(ctx context.Context, o run) (*mosaic, error) {
	first, err := g.mended(ctx, o.workers)
	if o.variant == 0 || err != nil {
		return first, err
	}
	m := g.newLayout()
	m.differ(first, o.variant, o.seed)
	if m, err = m.fill(ctx, o.workers); m == nil || err != nil {
		return nil, err
	}
	return m, m.mend(ctx, o.workers)
}

// thinnest is how thick a hole is at least for pieces: into a thinner one patches grow from
// its edges without any seam.
const thinnest = 8

func (g *group) newLayout() *mosaic {
	i, top := g.layoutLevel(), len(g.levels)-1
	m := newMosaic(g.levels[i])
	m.compile()
	m.likely, m.shift = g.levels[top].likely, top-i
	return m
}

// fill gives each pixel of the hole a label, and returns m, or nil where that isn't possible.
func (m *mosaic) fill(ctx context.Context, workers parallel.Workers) (*mosaic, error) {
	if err := m.tabulate(ctx, workers, 0); err != nil {
		return nil, err
	}
	if !m.begin() {
		return nil, nil
	}
	for range layoutTurns {
		if changed, err := m.expand(ctx, m.everywhere(0)); err != nil || !changed {
			return m, err
		}
	}
	return m, nil
}

// everywhere returns nodes for expand by which any pixel may take the labels from first on.
func (m *mosaic) everywhere(first int) [][]int32 {
	var all []int32
	m.each(func(_, _, k int) { all = append(all, int32(k)) })
	nodes := make([][]int32, len(m.offsets))
	for a := first; a < len(nodes); a++ {
		nodes[a] = all
	}
	return nodes
}

// begin gives each pixel of the hole the label that fits best, and reports whether each has one.
func (m *mosaic) begin() bool {
	whole := true
	m.each(func(x, y, k int) {
		if m.label[k] = m.best(x, y); m.label[k] == noLabel {
			whole = false
		}
	})
	return whole
}

// best returns the label that fits best to a pixel, or noLabel.
func (m *mosaic) best(x, y int) int16 {
	best, least := int16(noLabel), int32(0)
	for a := range int16(len(m.offsets)) {
		if m.source(x, y, a) < 0 {
			continue
		}
		if c := m.alone(x, y, a); best == noLabel || c < least {
			best, least = a, c
		}
	}
	return best
}

// finer returns the mosaic of l, the level below m's, that follows from m, or nil where a
// pixel can't be copied from anywhere.
func (m *mosaic) finer(l *level) *mosaic {
	f := newMosaic(l)
	for _, o := range m.offsets {
		f.offsets = append(f.offsets, o.Mul(2))
	}
	f.each(func(x, y, k int) { f.label[k] = m.label[m.at(x/2, y/2)] })
	f.align()
	whole := true
	f.each(func(x, y, k int) {
		if f.source(x, y, f.label[k]) < 0 {
			f.label[k] = f.best(x, y)
			whole = whole && f.label[k] != noLabel
		}
	})
	if !whole {
		return nil
	}
	return f
}

// align moves each piece by up to a pixel to where its seams cost least.
func (m *mosaic) align() {
	edges := make([][]int32, len(m.offsets)) // of each piece: its pixels beside something else
	m.each(func(x, y, k int) {
		for _, d := range around[1:5] {
			u, v := x+d.X, y+d.Y
			if u < 0 || v < 0 || u >= m.w || v >= m.h {
				continue
			}
			if j, ok := m.neighbour(x, y, d); !ok || m.label[j] != m.label[k] {
				edges[m.label[k]] = append(edges[m.label[k]], int32(k))
				return
			}
		}
	})
	for a, edge := range edges {
		first := m.offsets[a]
		best, least := first, int64(-1)
		for _, d := range around {
			m.offsets[a] = first.Add(d)
			cost := int64(0)
			for _, k := range edge {
				cost += m.edgeCost(int(k))
			}
			if least < 0 || cost < least {
				best, least = m.offsets[a], cost
			}
		}
		m.offsets[a] = best
	}
}

// edgeCost returns what the seams of a pixel cost.
func (m *mosaic) edgeCost(k int) int64 {
	x, y := m.r.Min.X+k%m.r.Dx(), m.r.Min.Y+k/m.r.Dx()
	a := m.label[k]
	cost := m.border(x, y, a)
	for _, d := range around[1:5] {
		if j, ok := m.neighbour(x, y, d); ok {
			cost += m.seam(x, y, x+d.X, y+d.Y, a, m.label[j])
		}
	}
	if m.source(x, y, a) < 0 {
		cost += 4 * seamLimit
	}
	return int64(cost)
}

// moveSeams looks for better places of the seams near where they are.
func (m *mosaic) moveSeams(ctx context.Context) error {
	nodes := make([][]int32, len(m.offsets))
	m.each(func(x, y, k int) {
		var seen [4]int16
		n := 0
		for _, d := range [8]image.Point{{X: -1}, {X: 1}, {Y: -1}, {Y: 1}, {X: -1, Y: -1}, {X: 1, Y: -1}, {X: -1, Y: 1}, {X: 1, Y: 1}} {
			j, ok := m.neighbour(x, y, d.Mul(seamReach))
			if !ok || m.label[j] == m.label[k] || n == len(seen) {
				continue
			}
			known := false
			for _, a := range seen[:n] {
				known = known || a == m.label[j]
			}
			if !known {
				seen[n] = m.label[j]
				n++
				nodes[m.label[j]] = append(nodes[m.label[j]], int32(k))
			}
		}
	})
	_, err := m.expand(ctx, nodes)
	return err
}
