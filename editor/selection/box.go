package selection

import (
	"context"
	"slices"
)

// boxShares are the shares of the boxes' pixels that the object has in the first guesses.
var boxShares = [...]float64{0.2, 0.4, 0.6, 0.8}

// remote is the largest weight of the distance from what lies outside of boxes, relative to that
// of colours.
const remote = 2

// solveBoxes finds the superpixels inside where there are boxes. What is joined to the outside of
// the boxes and differs little from it hardly belongs to the object: guesses of several sizes are
// made of the superpixels that are geodesically farthest from the outside, and of the answers
// that they settle to the one with the greatest contrast is kept. A further mark changes the
// distances, so that all of it is done again.
func (s *Scene) solveBoxes(ctx context.Context, k *known, a *Answer, f *ways, last *Answer, marks []Mark) error {
	far := s.ascending(k, f.out)
	err := s.best(ctx, a, len(boxShares), func(n int, t *Answer) (float64, error) {
		limit := float32(0)
		if len(far) > 0 {
			limit = far[int(float64(len(far))*(1-boxShares[n]))]
		}
		now := make([]bool, len(s.parts))
		for i, says := range k.part {
			now[i] = says == inside || says == unknown && f.out[i] >= limit
		}
		err := s.settle(ctx, k, t, now, learning, func(i int) float64 {
			return f.favour[i] + remote*nearer(limit, f.out[i])
		})
		if err != nil {
			return 0, err
		}
		return s.contrast(t), nil
	})
	if err == nil && last != nil {
		in, out := sides(marks[last.marks:])
		a.keep(k, last, in, out)
	}
	return err
}

// ascending returns the distances of the superpixels without a label in ascending order.
func (s *Scene) ascending(k *known, distances []float32) (d []float32) {
	for i, says := range k.part {
		if says == unknown {
			d = append(d, distances[i])
		}
	}
	slices.Sort(d)
	return d
}
