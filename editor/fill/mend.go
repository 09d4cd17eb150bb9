package fill

import (
	"cmp"
	"context"
	"image"
	"slices"

	"overpaint.dev/overpaint/editor/parallel"
)

const (
	mendTurns  = 4  // how often bad seams are looked for at most
	mendPlaces = 8  // how many places are mended at a time
	mendLabels = 3  // how many offsets each proposes
	mendSide   = 11 // of the square of a place, in pixels
	// mendFlaw is how unlike two pieces are, on average along a seam, where it is mended, as a
	// part of the difference of two random pixels.
	mendFlaw = 0.2
	// mendGain is by which part a turn has to make the flaws less for another one to follow.
	mendGain = 0.005
)

// mend looks for further offsets where the layout's seams are worst, as Kwatra et al. 2003
// put new pieces over them: those by which what is laid out about such a place, and not
// farther inside the hole, is found again elsewhere. What is far from all that is known so
// follows from what is laid out nearer to it.
func (m *mosaic) mend(ctx context.Context, workers parallel.Workers) error {
	plain, flaws := len(m.offsets), m.flaws()
	for range mendTurns {
		first := len(m.offsets)
		if err := m.proposeAgain(ctx, workers); err != nil {
			return err
		}
		if first == len(m.offsets) {
			break
		}
		if err := m.tabulate(ctx, workers, first); err != nil {
			return err
		}
		if changed, err := m.expand(ctx, m.everywhere(first)); err != nil || !changed {
			m.forget(plain)
			return err
		}
		before := flaws
		if flaws = m.flaws(); flaws > (1-mendGain)*before {
			break
		}
	}
	if m.forget(plain); plain == len(m.offsets) {
		return nil
	}
	// The labels that were there may go on now where they couldn't before.
	if err := m.tabulate(ctx, workers, 0); err != nil {
		return err
	}
	nodes := m.everywhere(0)
	for a, used := range m.used() {
		if !used {
			nodes[a] = nil
		}
	}
	_, err := m.expand(ctx, nodes)
	return err
}

// proposeAgain adds labels for the offsets that the worst places propose.
func (m *mosaic) proposeAgain(ctx context.Context, workers parallel.Workers) error {
	places := m.worst()
	found := make([][]proposal, len(places))
	err := workers.Range(ctx, len(places), 1, func(i, _ int) { found[i] = m.search(&places[i]) })
	for _, f := range found {
		m.add(f[:min(len(f), mendLabels)])
	}
	return err
}

// used tells which labels any pixel has.
func (m *mosaic) used() []bool {
	used := make([]bool, len(m.offsets))
	m.each(func(_, _, k int) { used[m.label[k]] = true })
	return used
}

// forget takes away those of the labels from first on that no pixel has.
func (m *mosaic) forget(first int) {
	place := make([]int16, len(m.offsets))
	n := 0
	for a, used := range m.used() {
		if place[a] = int16(n); !used && a >= first {
			continue
		}
		m.offsets[n] = m.offsets[a]
		if m.taste != nil {
			m.taste[n] = m.taste[a]
		}
		n++
	}
	m.offsets = m.offsets[:n]
	if m.taste != nil {
		m.taste = m.taste[:n]
	}
	m.each(func(_, _, k int) { m.label[k] = place[m.label[k]] })
	m.costs = nil
}

// add adds labels for those of the proposed offsets that there is none for.
func (m *mosaic) add(proposals []proposal) {
	for _, p := range proposals {
		if !slices.Contains(m.offsets, p.offset) {
			m.offsets = append(m.offsets, p.offset)
			if m.taste != nil {
				m.taste = append(m.taste, 0)
			}
		}
	}
}

// spot is a pixel at a seam with what the seams about it cost.
type spot struct {
	at   image.Point
	cost int32
}

// worst returns the places at which the seams within the hole are worst, as sections whose
// rings are what is known or laid out about them.
func (m *mosaic) worst() (places []section) {
	r := newRandom(1)
	least := int32(2 * mendSide * mendFlaw * m.usual(&r))
	spots := slices.DeleteFunc(m.spots(), func(s spot) bool { return s.cost < least })
	slices.SortStableFunc(spots, func(a, b spot) int { return cmp.Compare(b.cost, a.cost) })
	for len(spots) > 0 && len(places) < mendPlaces {
		at := spots[0].at
		places = append(places, m.place(at))
		spots = slices.DeleteFunc(spots, func(s spot) bool {
			d := s.at.Sub(at)
			return max(d.X, -d.X, d.Y, -d.Y) < mendSide
		})
	}
	return places
}

// spots returns the pixels of the hole that a seam is beside.
func (m *mosaic) spots() (spots []spot) {
	cost := make([]int32, len(m.label))
	m.each(func(x, y, k int) {
		for _, d := range around[1:5] {
			if j, ok := m.neighbour(x, y, d); ok {
				cost[k] += m.seam(x, y, x+d.X, y+d.Y, m.label[k], m.label[j])
			}
		}
	})
	m.each(func(x, y, k int) {
		if cost[k] == 0 {
			return
		}
		s := spot{at: image.Pt(x, y)}
		near := squareAbout(s.at, mendSide/2).Intersect(m.r)
		for v := near.Min.Y; v < near.Max.Y; v++ {
			for u := near.Min.X; u < near.Max.X; u++ {
				s.cost += cost[m.at(u, v)]
			}
		}
		spots = append(spots, s)
	})
	return spots
}

// squareAbout returns the square about a point that reaches so far to each side.
func squareAbout(at image.Point, reach int) image.Rectangle {
	return image.Rect(-reach, -reach, reach+1, reach+1).Add(at)
}

// place returns the section about a pixel of the hole.
func (m *mosaic) place(at image.Point) (s section) {
	depth := m.depth[m.at(at.X, at.Y)]
	inner := squareAbout(at, mendSide/2)
	outer := inner.Inset(-ringWide - 2).Intersect(image.Rect(0, 0, m.w, m.h))
	for y := outer.Min.Y; y < outer.Max.Y; y++ {
		for x := outer.Min.X; x < outer.Max.X; x++ {
			p, i := image.Pt(x, y), y*m.w+x
			switch {
			case m.state[i]&unknown == 0:
				s.ring = append(s.ring, shown{p, i})
			case m.state[i]&hole == 0:
			case p.In(inner):
				s.hole = append(s.hole, p)
			case m.depth[m.at(x, y)] <= depth:
				s.ring = append(s.ring, shown{p, m.source(x, y, m.label[m.at(x, y)])})
			}
		}
	}
	s.hole, s.ring = thin(s.hole, 24), m.telling(s.ring)
	return s
}
