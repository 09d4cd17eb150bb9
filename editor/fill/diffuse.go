package fill

import (
	"context"
	"image"
)

// diffuse fills a hole about which not one whole patch is known, such as one
// in a picture smaller than a patch, by the smoothest surface through the known
// pixels (Laplace's equation). It returns the corrections to black over l.
func diffuse(ctx context.Context, o run, l *level) (*membrane, error) {
	m := newMembrane(l.w, l.h)
	for y := range l.h {
		for x := range l.w {
			k := y*l.w + x
			if l.state[k]&unknown == 0 {
				continue
			}
			m.in[k] = true
			for _, d := range around[1:5] {
				at := image.Pt(x+d.X, y+d.Y)
				if !at.In(image.Rect(0, 0, l.w, l.h)) {
					continue
				}
				m.deg[k]++
				if j := at.Y*l.w + at.X; l.state[j]&unknown == 0 {
					a, b, c := unpack(l.pix[j])
					add(&m.b[k], [3]float32{float32(a), float32(b), float32(c)}, 1)
				}
			}
		}
	}
	return m, m.solve(ctx, o)
}
