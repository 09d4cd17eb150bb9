// Package cut finds minimum cuts of graphs: it parts nodes into an inside and an outside
// so that what is paid for nodes on a side and for edges between the sides is least. The
// algorithm is Boykov and Kolmogorov's ("An Experimental Comparison of Min-Cut/Max-Flow
// Algorithms for Energy Minimization in Vision", PAMI 2004): two trees grow from the
// sides, paths along which they meet are filled, what that cuts off is adopted again.
//
// Costs are whole numbers, so that results are exact and the same everywhere.
package cut

import "context"

// Hard is a cost that stands for never: larger than all that a cut pays elsewhere, as
// long as the costs of a node's edges stay below it together.
const Hard = 1 << 28

// Graph is a graph to be cut. It is for one goroutine.
type Graph struct {
	first []int32 // of each node's arcs, or none
	arcs  []arc   // the two directions of an edge follow each other: a's other one is a^1

	// What is left of the flow from the inside (above 0) or to the outside (below 0).
	excess []int64
	flow   int64

	side    []int8  // the tree in which a node is
	parent  []int32 // the arc to the parent, or none, root or orphan
	stamp   []int32 // when dist was found out
	dist    []int32 // to the root
	time    int32
	queued  []bool
	active  []int32
	orphans []int32
}

type arc struct {
	to, next int32
	room     int32 // what may still flow
}

// What a node has instead of an arc to a parent.
const (
	none   = -1
	root   = -2 // the terminal of its side is its parent
	orphan = -3
)

const (
	free    int8 = 0
	inside  int8 = 1
	outside int8 = -1
)

// New returns a graph of nodes without edges, with room for so many.
func New(nodes, edges int) *Graph {
	g := &Graph{
		first: make([]int32, nodes), arcs: make([]arc, 0, 2*edges), excess: make([]int64, nodes),
		side: make([]int8, nodes), parent: make([]int32, nodes), stamp: make([]int32, nodes), dist: make([]int32, nodes),
		queued: make([]bool, nodes),
	}
	for i := range g.first {
		g.first[i], g.parent[i] = none, none
	}
	return g
}

// Node adds what it costs to have a node inside and outside, both 0 to Hard.
func (g *Graph) Node(i int, in, out int32) {
	// A unit on each side is paid anyway.
	before := g.excess[i]
	a, b := int64(out)+max(before, 0), int64(in)+max(-before, 0)
	g.flow += min(a, b)
	g.excess[i] = a - b
}

// Edge adds an edge between two nodes with what it costs to have a inside and b outside,
// and the other way round, both 0 to Hard.
func (g *Graph) Edge(a, b int, ab, ba int32) {
	n := int32(len(g.arcs))
	g.arcs = append(g.arcs, arc{to: int32(b), next: g.first[a], room: ab}, arc{to: int32(a), next: g.first[b], room: ba})
	g.first[a], g.first[b] = n, n+1
}

// Inside reports, after Cut, whether a node is inside. Where both sides cost the same it
// is outside.
func (g *Graph) Inside(i int) bool { return g.side[i] == inside }

// Cut parts the nodes and returns what that costs in all. It is called once for a graph.
// The only error is ctx's.
func (g *Graph) Cut(ctx context.Context) (int64, error) {
	for i, e := range g.excess {
		if e != 0 {
			g.side[i], g.parent[i], g.dist[i] = inside, root, 1
			if e < 0 {
				g.side[i] = outside
			}
			g.activate(int32(i))
		}
	}
	for steps := 0; len(g.active) > 0; steps++ {
		if steps%1024 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		i := g.active[0]
		if g.parent[i] == none { // it was set free since
			g.forget()
			continue
		}
		meeting := g.grow(i)
		g.time++
		if meeting == none {
			g.forget()
			continue
		}
		g.fill(meeting)
		g.adopt()
	}
	return g.flow, ctx.Err()
}

func (g *Graph) activate(i int32) {
	if !g.queued[i] {
		g.queued[i] = true
		g.active = append(g.active, i)
	}
}

// forget takes the first of the active nodes off the queue.
func (g *Graph) forget() {
	g.queued[g.active[0]] = false
	g.active = g.active[1:]
}

// outward returns what may still flow along an arc away from the root of a side's tree: to
// the outside it flows towards the root.
func (g *Graph) outward(a int32, side int8) int32 {
	if side == inside {
		return g.arcs[a].room
	}
	return g.arcs[a^1].room
}

// grow takes free neighbours of a node into its tree, and returns the arc from the inside's
// tree to the outside's where they meet, or none.
func (g *Graph) grow(i int32) int32 {
	side := g.side[i]
	for a := g.first[i]; a != none; a = g.arcs[a].next {
		if g.outward(a, side) == 0 {
			continue
		}
		j := g.arcs[a].to
		switch {
		case g.side[j] == free:
			g.side[j], g.parent[j] = side, a^1
			g.stamp[j], g.dist[j] = g.stamp[i], g.dist[i]+1
			g.activate(j)
		case g.side[j] != side:
			if side == inside {
				return a
			}
			return a ^ 1
		case g.stamp[j] <= g.stamp[i] && g.dist[j] > g.dist[i]: // a shorter way to the root
			g.parent[j] = a ^ 1
			g.stamp[j], g.dist[j] = g.stamp[i], g.dist[i]+1
		}
	}
	return none
}

// fill lets flow what the path through an arc between the trees takes. Nodes whose arc to
// their parent is full then become orphans.
func (g *Graph) fill(meeting int32) {
	u, v := g.arcs[meeting^1].to, g.arcs[meeting].to
	most := int64(g.arcs[meeting].room)
	least := func(i int32) {
		for ; g.parent[i] != root; i = g.arcs[g.parent[i]].to {
			most = min(most, int64(g.outward(g.parent[i]^1, g.side[i])))
		}
		most = min(most, max(g.excess[i], -g.excess[i]))
	}
	least(u)
	least(v)
	push := int32(most)
	g.arcs[meeting].room -= push
	g.arcs[meeting^1].room += push
	for _, i := range [2]int32{u, v} {
		for g.parent[i] != root {
			a := g.parent[i]
			next, full := g.arcs[a].to, a^1
			if g.side[i] == outside {
				full = a
			}
			g.arcs[full].room -= push
			g.arcs[full^1].room += push
			if g.arcs[full].room == 0 {
				g.orphan(i)
			}
			i = next
		}
		g.excess[i] -= most * int64(g.side[i])
		if g.excess[i] == 0 {
			g.orphan(i)
		}
	}
	g.flow += most
}

func (g *Graph) orphan(i int32) {
	g.parent[i] = orphan
	g.orphans = append(g.orphans, i)
}

// adopt finds each orphan a parent in its tree, the nearest to the root, or sets it free.
func (g *Graph) adopt() {
	for k := 0; k < len(g.orphans); k++ {
		i := g.orphans[k]
		best, least := int32(none), int32(1<<31-1)
		for a := g.first[i]; a != none; a = g.arcs[a].next {
			j := g.arcs[a].to
			if g.side[j] != g.side[i] || g.outward(a^1, g.side[i]) == 0 {
				continue
			}
			if d := g.distance(j); d > 0 && d < least {
				best, least = a, d
			}
		}
		if best == none {
			g.release(i)
			continue
		}
		g.parent[i], g.stamp[i], g.dist[i] = best, g.time, least+1
	}
	g.orphans = g.orphans[:0]
}

// distance returns how far a node is from its root, 0 where an orphan lies between.
func (g *Graph) distance(j int32) int32 {
	d := int32(0)
	for k := j; ; k = g.arcs[g.parent[k]].to {
		if g.stamp[k] == g.time {
			d += g.dist[k]
			break
		}
		if g.parent[k] == orphan || g.parent[k] == none {
			return 0
		}
		d++
		if g.parent[k] == root {
			g.stamp[k], g.dist[k] = g.time, 1
			break
		}
	}
	for k, v := j, d; g.stamp[k] != g.time; k, v = g.arcs[g.parent[k]].to, v-1 {
		g.stamp[k], g.dist[k] = g.time, v
	}
	return d
}

// release takes an orphan out of its tree. Its children become orphans, and neighbours that
// could take it in again are active.
func (g *Graph) release(i int32) {
	for a := g.first[i]; a != none; a = g.arcs[a].next {
		j := g.arcs[a].to
		if g.side[j] != g.side[i] || g.parent[j] == none {
			continue
		}
		if g.outward(a^1, g.side[i]) > 0 {
			g.activate(j)
		}
		if p := g.parent[j]; p >= 0 && g.arcs[p].to == i {
			g.orphan(j)
		}
	}
	g.side[i], g.parent[i] = free, none
}
