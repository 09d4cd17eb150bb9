package fill

import (
	"context"
	"image"

	"overpaint.dev/overpaint/editor/parallel"
)

// diffuse calls done with each channel of the smoothest surface through the known pixels
// of r (Laplace's equation), of which there must be some, over r; they themselves get 0. It
// is how holes are filled that have not one whole known patch about them, such as one
// in a picture smaller than a patch, and those in what has no texture. What done gets is
// overwritten afterwards.
func diffuse(ctx context.Context, workers parallel.Workers, l *level, r image.Rectangle, done func(channel int, c []float32) error) error {
	m := newMembrane(r.Dx(), r.Dy())
	for channel := range 3 {
		clear(m.c)
		for k := range m.c {
			at := r.Min.Add(image.Pt(k%m.w, k/m.w))
			if l.state[at.Y*l.w+at.X]&unknown != 0 {
				m.in[k] = true
				m.b[k], m.deg[k] = l.surface(at, r, channel)
			}
		}
		if err := m.solve(ctx, run{workers: workers}, 8); err != nil {
			return err
		}
		if err := done(channel, m.c); err != nil {
			return err
		}
	}
	return nil
}

// surface returns the sum of a channel of the known pixels beside the one at the given
// place, and how many pixels of r are beside it.
func (l *level) surface(at image.Point, r image.Rectangle, channel int) (sum, beside float32) {
	for _, d := range around[1:5] {
		to := at.Add(d)
		if !to.In(r) {
			continue
		}
		beside++
		if j := to.Y*l.w + to.X; l.state[j]&unknown == 0 {
			sum += lane(l.pix[j], channel)
		}
	}
	return sum, beside
}
