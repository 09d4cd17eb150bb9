package fill

import (
	"cmp"
	"context"
	"image"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/parallel"
)

const (
	perSection = 8  // offsets that each section of the hole's surroundings proposes
	mostLabels = 56 // offsets in all
	ringPixels = 60 // known pixels by which a section is compared
	apart      = 2  // how far offsets lie from each other at least, in pixels
	farApart   = 8  // the same where nothing known is near
	ringWide   = 4  // how far from the hole a section's pixels are at most
)

// proposal is an offset with what speaks against it: lower is better.
type proposal struct {
	offset image.Point
	cost   float32
}

// section is a square cell of the level that the hole reaches into.
type section struct {
	ring []shown       // pixels near the hole's that are known, or laid out already
	hole []image.Point // pixels of the hole, a sample
}

// shown is a pixel near a section with the one whose colour it shows: itself if it is known.
type shown struct {
	at image.Point
	by int
}

// propose finds the offsets by which pieces may be copied: those by which what is known
// beside some part of the hole is found again elsewhere (a correlation of the hole's
// surroundings with the picture), and for the parts that no known pixel is near those that
// are likely.
func (m *mosaic) propose(ctx context.Context, workers parallel.Workers) error {
	sections := m.sections()
	found := make([][]proposal, len(sections))
	err := workers.Range(ctx, len(sections), 1, func(i, _ int) { found[i] = m.search(&sections[i]) })
	if err != nil {
		return err
	}
	seen := map[image.Point]bool{}
	for rank := range perSection {
		var these []proposal
		for _, f := range found {
			if rank < len(f) {
				these = append(these, f[rank])
			}
		}
		slices.SortStableFunc(these, func(a, b proposal) int { return cmp.Compare(a.cost, b.cost) })
		for _, p := range these {
			if len(m.offsets) < mostLabels && !seen[p.offset] {
				m.offsets = append(m.offsets, p.offset)
				for v := -1; v <= 1; v++ {
					for u := -1; u <= 1; u++ {
						seen[p.offset.Add(image.Pt(u, v))] = true
					}
				}
			}
		}
	}
	m.cover()
	return nil
}

// labelTaste is by which part of the difference of two random pixels a label is disliked at most.
const labelTaste = 0.06

// differ takes the offsets of the plain layout but for the one, of those that most of it is
// made of, whose turn it is by number, from 1, and dislikes each of the others a little, as the
// seed says.
func (m *mosaic) differ(first *mosaic, number int, seed uint64) {
	use := make([]int, len(first.offsets))
	order := make([]int, len(first.offsets))
	first.each(func(_, _, k int) { use[first.label[k]]++ })
	for a := range order {
		order[a] = a
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(use[b], use[a]) })
	without := first.offsets[order[(number-1)%min(len(order), 3)]]
	r := newRandom(seed, 6)
	most := 1 + int(labelTaste*seamUnit*math.Sqrt(m.contrast(&r)/area))
	for _, o := range first.offsets {
		if d := o.Sub(without); max(d.X, -d.X, d.Y, -d.Y) > 2*apart {
			m.offsets = append(m.offsets, o)
			m.taste = append(m.taste, int32(r.intn(most)))
		}
	}
	m.cover()
	for len(m.taste) < len(m.offsets) {
		m.taste = append(m.taste, 0)
	}
}

// cover adds offsets for the pixels that can't be copied by any of those there are.
func (m *mosaic) cover() {
	m.each(func(x, y, _ int) {
		if m.covered(x, y) {
			return
		}
		s := section{}
		for v := y; v < min(m.r.Max.Y, y+coverSize); v++ {
			for u := max(m.r.Min.X, x-coverSize); u < min(m.r.Max.X, x+coverSize); u++ {
				if m.state[v*m.w+u]&hole != 0 && !m.covered(u, v) {
					s.hole = append(s.hole, image.Pt(u, v))
				}
			}
		}
		s.hole = thin(s.hole, 24)
		for _, p := range m.search(&s) {
			m.offsets = append(m.offsets, p.offset)
		}
	})
}

// coverSize is how far pixels reach that no label could be copied to and that get some together.
const coverSize = 24

// covered reports whether any label can be copied to a pixel.
func (m *mosaic) covered(x, y int) bool {
	for a := range m.offsets {
		if m.source(x, y, int16(a)) >= 0 {
			return true
		}
	}
	return false
}

// sections divides the hole and the known pixels near it.
func (m *mosaic) sections() []section {
	size := max(8, min(m.thick, 24))
	w := (m.r.Dx()-1)/size + 1
	cells := make([]section, w*((m.r.Dy()-1)/size+1))
	for y := m.r.Min.Y; y < m.r.Max.Y; y++ {
		for x := m.r.Min.X; x < m.r.Max.X; x++ {
			c := &cells[(y-m.r.Min.Y)/size*w+(x-m.r.Min.X)/size]
			switch {
			case m.state[y*m.w+x]&hole != 0:
				c.hole = append(c.hole, image.Pt(x, y))
			case m.state[y*m.w+x]&unknown == 0 && m.beside(x, y):
				c.ring = append(c.ring, shown{image.Pt(x, y), y*m.w + x})
			}
		}
	}
	// A cell at the hole's edge may have the hole's pixels and the known ones in different
	// neighbours.
	var sections []section
	for i := range cells {
		if len(cells[i].hole) == 0 {
			continue
		}
		s := section{hole: thin(cells[i].hole, 24)}
		for _, d := range around {
			if x, y := i%w+d.X, i/w+d.Y; x >= 0 && y >= 0 && x < w && y < len(cells)/w {
				s.ring = append(s.ring, cells[y*w+x].ring...)
			}
		}
		s.ring = m.telling(s.ring)
		sections = append(sections, s)
	}
	return sections
}

// beside reports whether a pixel of the hole is near.
func (m *mosaic) beside(x, y int) bool {
	for v := max(0, y-ringWide); v <= min(m.h-1, y+ringWide); v++ {
		for u := max(0, x-ringWide); u <= min(m.w-1, x+ringWide); u++ {
			if m.state[v*m.w+u]&hole != 0 {
				return true
			}
		}
	}
	return false
}

// telling returns about ringPixels of the points: one half evenly, the other half those that
// differ most from what is beside them, such as those on lines and edges.
func (m *mosaic) telling(p []shown) []shown {
	if len(p) <= ringPixels {
		return p
	}
	rest := thin(p, ringPixels/2)
	p = slices.Clone(p)
	slices.SortStableFunc(p, func(a, b shown) int { return cmp.Compare(m.slope(b.by), m.slope(a.by)) })
	return append(p[:ringPixels/2:ringPixels/2], rest...) // the most telling come first: they tell soonest
}

// slope returns how unlike a known pixel is to those two pixels from it.
func (m *mosaic) slope(i int) (most int32) {
	for _, d := range around[1:5] {
		if q := image.Pt(i%m.w, i/m.w).Add(d.Mul(2)); q.X >= 0 && q.Y >= 0 && q.X < m.w && q.Y < m.h && m.state[q.Y*m.w+q.X]&unknown == 0 {
			most = max(most, m.unlike(i, q.Y*m.w+q.X))
		}
	}
	return most
}

// thin returns about n of the points, evenly.
func thin[T any](p []T, n int) []T {
	if len(p) <= n {
		return p
	}
	out := make([]T, n)
	for i := range out {
		out[i] = p[i*len(p)/n]
	}
	return out
}

// search returns the best offsets for a section, the best first.
func (m *mosaic) search(s *section) []proposal {
	var best []proposal
	centre := s.hole[len(s.hole)/2]
	near := apart
	if len(s.ring) == 0 { // what is likely changes slowly from offset to offset
		near = farApart
	}
	for y := range m.h {
		for x := range m.w {
			o := image.Pt(x, y).Sub(centre)
			limit := float32(1 << 30)
			if len(best) == perSection {
				limit = best[perSection-1].cost
			}
			if m.usable[y*m.w+x] && m.useful(s, o) {
				if c := m.against(s, centre, o, limit); c < limit {
					best = insert(best, proposal{o, c}, near)
				}
			}
		}
	}
	return best
}

// useful reports whether most of a section's hole can be copied by an offset.
func (m *mosaic) useful(s *section, o image.Point) bool {
	bad := 0
	for _, p := range s.hole {
		if m.from(p.X+o.X, p.Y+o.Y) < 0 {
			if bad++; 4*bad > len(s.hole) {
				return false
			}
		}
	}
	return true
}

// against returns what speaks against an offset for a section, or limit if that is more.
func (m *mosaic) against(s *section, centre, o image.Point, limit float32) float32 {
	// In whole numbers, which are added up faster.
	n := int64(max(1, len(s.ring)))
	sum, most := int64(0), int64(min(1<<40, float64(limit)*float64(n)))
	for _, p := range s.ring {
		q := int32(120 * 120)
		if j := m.from(p.at.X+o.X, p.at.Y+o.Y); j >= 0 {
			q = m.squares(p.by, j)
		}
		if sum += int64(q); sum >= most {
			return limit
		}
	}
	c := float32(sum) / float32(n)
	if m.likely != nil {
		n := m.shift
		c += float32(m.likely.against(centre.X>>n, centre.Y>>n, (centre.X+o.X)>>n, (centre.Y+o.Y)>>n)) / area * 0.3
	}
	return min(c, limit)
}

// insert puts a proposal in its place, unless a better one is near; worse ones near it go.
func insert(best []proposal, p proposal, near int) []proposal {
	for i, b := range best {
		d := b.offset.Sub(p.offset)
		if max(d.X, -d.X, d.Y, -d.Y) <= near {
			if b.cost <= p.cost {
				return best
			}
			best = slices.Delete(best, i, i+1)
			return insert(best, p, near)
		}
	}
	i, _ := slices.BinarySearchFunc(best, p.cost, func(b proposal, c float32) int { return cmp.Compare(b.cost, c) })
	best = slices.Insert(best, i, p)
	return best[:min(len(best), perSection)]
}
