package fill

import (
	"context"

	"overpaint.dev/overpaint/editor/cut"
)

// expand improves the labels of the pixels in nodes, for one label after the other: those
// pixels take it for which all of them together then cost least, a minimum cut (Boykov,
// Veksler, Zabih: Fast Approximate Energy Minimization via Graph Cuts, 2001). nodes has, for
// each label, the indices over r of the pixels that may take it. It reports whether any did.
func (m *mosaic) expand(ctx context.Context, nodes [][]int32) (bool, error) {
	place := make([]int32, len(m.label)) // of the pixels in the graph, from 1
	changed := false
	for a := range m.offsets {
		e := expansion{m: m, label: int16(a), place: place}
		did, err := e.run(ctx, nodes[a])
		if err != nil {
			return false, err
		}
		changed = changed || did
	}
	return changed, nil
}

// expansion is the graph in which a pixel is inside if it takes the label.
type expansion struct {
	m     *mosaic
	label int16
	place []int32
	g     *cut.Graph
}

func (e *expansion) run(ctx context.Context, nodes []int32) (bool, error) {
	m, w := e.m, e.m.r.Dx()
	var taken []int32
	for _, k := range nodes {
		x, y := m.r.Min.X+int(k)%w, m.r.Min.Y+int(k)/w
		if m.label[k] != e.label && m.source(x, y, e.label) >= 0 {
			taken = append(taken, k)
			e.place[k] = int32(len(taken))
		}
	}
	if len(taken) == 0 {
		return false, nil
	}
	e.g = cut.New(len(taken), 2*len(taken))
	for i, k := range taken {
		e.pixel(i, int(k))
	}
	_, err := e.g.Cut(ctx)
	changed := false
	for i, k := range taken {
		e.place[k] = 0
		if err == nil && e.g.Inside(i) {
			m.label[k] = e.label
			changed = true
		}
	}
	return changed, err
}

// pixel adds what node i costs, the pixel with index k over r, and what its seams do.
func (e *expansion) pixel(i, k int) {
	m := e.m
	x, y := m.r.Min.X+k%m.r.Dx(), m.r.Min.Y+k/m.r.Dx()
	now := m.label[k]
	take, keep := m.alone(x, y, e.label), m.alone(x, y, now)
	for n, d := range around[1:5] {
		j, ok := m.neighbour(x, y, d)
		if !ok {
			continue
		}
		u, v, other := x+d.X, y+d.Y, m.label[j]
		if e.place[j] == 0 {
			take += m.seam(x, y, u, v, e.label, other)
			keep += m.seam(x, y, u, v, now, other)
		} else if n%2 == 1 { // to the right and down: each pair once
			both := m.seam(x, y, u, v, now, other)
			alone := m.seam(x, y, u, v, e.label, other)
			rest := m.seam(x, y, u, v, now, e.label)
			keep += both - alone
			e.node(int(e.place[j])-1, 0, alone)
			e.g.Edge(i, int(e.place[j])-1, 0, max(0, rest+alone-both))
		}
	}
	e.node(i, take, keep)
}

// node adds what it costs that a node is inside and outside, of which either may be negative.
func (e *expansion) node(i int, in, out int32) {
	least := min(in, out)
	e.g.Node(i, in-least, out-least)
}
