package fill

import (
	"context"
	"image"

	"overpaint.dev/overpaint/editor/parallel"
)

// diffuse returns the colours of the smoothest surface through the known pixels
// of r (Laplace's equation), of which there must be some, over r; they themselves get 0. It is how
// holes are filled that have not one whole known patch about them, such as one
// in a picture smaller than a patch, and those in what has no texture.
func diffuse(ctx context.Context, workers parallel.Workers, l *level, r image.Rectangle) (*membrane, error) {
	m := newMembrane(r.Dx(), r.Dy())
	for y := range m.h {
		for x := range m.w {
			at := r.Min.Add(image.Pt(x, y))
			if l.state[at.Y*l.w+at.X]&unknown == 0 {
				continue
			}
			k := y*m.w + x
			m.in[k] = true
			for _, d := range around[1:5] {
				to := at.Add(d)
				if !to.In(r) {
					continue
				}
				m.deg[k]++
				if j := to.Y*l.w + to.X; l.state[j]&unknown == 0 {
					a, b, c := unpack(l.pix[j])
					add(&m.b[k], [3]float32{float32(a), float32(b), float32(c)}, 1)
				}
			}
		}
	}
	return m, m.solve(ctx, run{workers: workers}, 8)
}
