package selection

import (
	"container/heap"
	"math"
)

// stride is what a step to a neighbour costs that differs in nothing.
const stride = 0.004

// distances returns how far all superpixels are from those that from says, by what differs
// on the way (Dijkstra, 1959).
func (s *Scene) distances(from func(i int) bool) []float32 {
	d := make([]float32, len(s.parts))
	var todo queue
	for i := range d {
		d[i] = float32(math.Inf(1))
		if from(i) {
			d[i] = 0
			todo = append(todo, visit{int32(i), 0})
		}
	}
	heap.Init(&todo)
	for len(todo) > 0 {
		v := heap.Pop(&todo).(visit)
		if v.distance > d[v.part] {
			continue
		}
		for _, l := range s.near[v.part] {
			if far := v.distance + s.edges[l.edge].differ + stride; far < d[l.to] {
				d[l.to] = far
				heap.Push(&todo, visit{l.to, far})
			}
		}
	}
	return d
}

type visit struct {
	part     int32
	distance float32
}

// queue is ordered by distance, then by number.
type queue []visit

func (q queue) Len() int { return len(q) }

func (q queue) Less(i, j int) bool {
	if q[i].distance != q[j].distance {
		return q[i].distance < q[j].distance
	}
	return q[i].part < q[j].part
}

func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push is for container/heap.
func (q *queue) Push(v any) { *q = append(*q, v.(visit)) }

// Pop is for container/heap.
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
