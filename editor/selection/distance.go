package selection

import "math"

// stride is the cost of a step between equal neighbours.
const stride = 0.004

// distances returns the geodesic distance of each superpixel from those for which from is true,
// with the differences between neighbours as the lengths of steps (Dijkstra, 1959). It is
// infinite where there are none.
func (s *Scene) distances(from func(i int) bool) []float32 {
	d := make([]float32, len(s.parts))
	var todo queue
	for i := range d {
		d[i] = float32(math.Inf(1))
		if from(i) {
			d[i] = 0
			todo = append(todo, visit{int32(i), 0}) // in order: a heap
		}
	}
	s.walk(d, todo, func(_ int32, l link) float32 { return s.edges[l.edge].differ + stride })
	return d
}

// walk lowers the distances d by Dijkstra's algorithm: todo holds the start nodes, and length
// returns the length of a step.
func (s *Scene) walk(d []float32, todo queue, length func(from int32, l link) float32) {
	for len(todo) > 0 {
		v := todo.pop()
		if v.distance > d[v.part] {
			continue
		}
		for _, l := range s.near[v.part] {
			if far := v.distance + length(v.part, l); far < d[l.to] {
				d[l.to] = far
				todo.push(visit{l.to, far})
			}
		}
	}
}

// depths returns the approximate distance, in pixels of the scene, of each superpixel inside
// from the nearest border, with edges also from the nearest edge of the canvas; 0 for those outside.
func (s *Scene) depths(inside []bool, edges bool) []float32 {
	d := make([]float32, len(s.parts))
	var todo queue
	for i, in := range inside {
		if !in {
			continue
		}
		p := &s.parts[i]
		rim := edges && p.edge
		for _, l := range s.near[i] {
			rim = rim || !inside[l.to]
		}
		if d[i] = float32(math.Inf(1)); rim {
			d[i] = float32(math.Sqrt(float64(p.n)) / 2)
			todo.push(visit{int32(i), d[i]})
		}
	}
	s.walk(d, todo, func(from int32, l link) float32 {
		step := middle(s.parts[from].box).Sub(middle(s.parts[l.to].box))
		return float32(math.Hypot(float64(step.X), float64(step.Y)))
	})
	return d
}

type visit struct {
	part     int32
	distance float32
}

// queue is a binary heap, ordered by distance, then by number, so that the order is
// deterministic.
type queue []visit

func (q queue) before(i, j int) bool {
	if q[i].distance != q[j].distance {
		return q[i].distance < q[j].distance
	}
	return q[i].part < q[j].part
}

func (q *queue) push(v visit) {
	*q = append(*q, v)
	for i := len(*q) - 1; i > 0; {
		up := (i - 1) / 2
		if !q.before(i, up) {
			return
		}
		(*q)[i], (*q)[up] = (*q)[up], (*q)[i]
		i = up
	}
}

// pop removes and returns the nearest visit.
func (q *queue) pop() visit {
	h := *q
	first, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	*q = h
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(h); child++ {
			if h.before(child, least) {
				least = child
			}
		}
		if least == i {
			return first
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}
