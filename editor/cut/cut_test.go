package cut_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/cut"
)

// problem is a graph to be cut, as plain numbers.
type problem struct {
	in, out []int32
	edges   [][4]int32 // two nodes, and both costs
}

func (p problem) graph() *cut.Graph {
	g := cut.New(len(p.in), len(p.edges))
	for i := range p.in {
		g.Node(i, p.in[i], p.out[i])
	}
	for _, e := range p.edges {
		g.Edge(int(e[0]), int(e[1]), e[2], e[3])
	}
	return g
}

// cost is what a parting of the nodes costs.
func (p problem) cost(inside func(i int) bool) (sum int64) {
	for i := range p.in {
		if inside(i) {
			sum += int64(p.in[i])
		} else {
			sum += int64(p.out[i])
		}
	}
	for _, e := range p.edges {
		switch a, b := inside(int(e[0])), inside(int(e[1])); {
		case a && !b:
			sum += int64(e[2])
		case b && !a:
			sum += int64(e[3])
		}
	}
	return sum
}

// slow is the maximum flow by shortest paths in a matrix (Edmonds and Karp, 1972).
func (p problem) slow() (flow int64) {
	n := len(p.in) + 2
	from, to := n-2, n-1
	room := make([][]int64, n)
	for i := range room {
		room[i] = make([]int64, n)
	}
	for i := range p.in {
		room[from][i] += int64(p.out[i])
		room[i][to] += int64(p.in[i])
	}
	for _, e := range p.edges {
		room[e[0]][e[1]] += int64(e[2])
		room[e[1]][e[0]] += int64(e[3])
	}
	for {
		before := make([]int, n)
		for i := range before {
			before[i] = -1
		}
		before[from] = from
		queue := []int{from}
		for k := 0; k < len(queue) && before[to] < 0; k++ {
			for j, r := range room[queue[k]] {
				if r > 0 && before[j] < 0 {
					before[j] = queue[k]
					queue = append(queue, j)
				}
			}
		}
		if before[to] < 0 {
			return flow
		}
		most := int64(1 << 62)
		for j := to; j != from; j = before[j] {
			most = min(most, room[before[j]][j])
		}
		for j := to; j != from; j = before[j] {
			room[before[j]][j] -= most
			room[j][before[j]] += most
		}
		flow += most
	}
}

func random(r *rand.Rand) problem {
	n := 1 + r.IntN(24)
	p := problem{in: make([]int32, n), out: make([]int32, n)}
	top := int32(1 + r.IntN(40))
	for i := range n {
		switch r.IntN(6) {
		case 0:
			p.in[i] = cut.Hard
		case 1:
			p.out[i] = cut.Hard
		case 2, 3:
			p.in[i], p.out[i] = r.Int32N(top), r.Int32N(top)
		}
	}
	for range r.IntN(4 * n) {
		a, b := r.Int32N(int32(n)), r.Int32N(int32(n))
		if a != b {
			p.edges = append(p.edges, [4]int32{a, b, r.Int32N(top), r.Int32N(top)})
		}
	}
	return p
}

func check(t *testing.T, p problem) {
	t.Helper()
	g := p.graph()
	got, err := g.Cut(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if want := p.slow(); got != want {
		t.Fatalf("the cut costs %d, want %d: %+v", got, want, p)
	}
	if own := p.cost(g.Inside); own != got {
		t.Fatalf("the parting costs %d, the cut says %d: %+v", own, got, p)
	}
}

func TestCutsCostAsMuchAsTheSlowestWayFinds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		check(t, random(r))
	}
}

func TestAGridIsCutLikeTheSlowestWayDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		check(t, grid(r, 12, 9))
	}
}

// grid is what pictures make: neighbours in rows and columns.
func grid(r *rand.Rand, w, h int) problem {
	p := problem{in: make([]int32, w*h), out: make([]int32, w*h)}
	for i := range p.in {
		p.in[i], p.out[i] = r.Int32N(100), r.Int32N(100)
		if i%w < w-1 {
			p.edges = append(p.edges, [4]int32{int32(i), int32(i + 1), r.Int32N(60), r.Int32N(60)})
		}
		if i+w < len(p.in) {
			p.edges = append(p.edges, [4]int32{int32(i), int32(i + w), r.Int32N(60), r.Int32N(60)})
		}
	}
	return p
}

func TestCostsOfANodeAddUp(t *testing.T) {
	g := cut.New(2, 1)
	g.Node(0, 5, 0)
	g.Node(0, 0, 9)
	g.Node(1, 3, 1)
	g.Edge(0, 1, 1, 0)
	if flow, _ := g.Cut(context.Background()); flow != 5+1+1 || !g.Inside(0) || g.Inside(1) {
		t.Errorf("it costs %d with %v and %v inside", flow, g.Inside(0), g.Inside(1))
	}
}

func TestACancelledCutReturnsTheContextsError(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := grid(rand.New(rand.NewPCG(1, 1)), 20, 20).graph().Cut(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
}

func FuzzCut(f *testing.F) {
	f.Add([]byte{3, 9, 0, 1, 200, 7, 0, 1, 5, 5, 1, 2, 9, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		next := func() int32 {
			if len(data) == 0 {
				return 0
			}
			v := data[0]
			data = data[1:]
			return int32(v)
		}
		n := 1 + next()%16
		p := problem{in: make([]int32, n), out: make([]int32, n)}
		for i := range n {
			p.in[i], p.out[i] = next(), next()
		}
		for len(data) > 0 && len(p.edges) < 100 {
			if a, b := next()%n, next()%n; a != b {
				p.edges = append(p.edges, [4]int32{a, b, next(), next()})
			}
		}
		check(t, p)
	})
}

func BenchmarkCutOfAGrid(b *testing.B) {
	p := grid(rand.New(rand.NewPCG(5, 6)), 200, 150)
	for b.Loop() {
		if _, err := p.graph().Cut(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
