package fill

import "image"

// guide is what the hole of a level is expected to look like: a small picture of it with a
// trust for each pixel. It leads the choice of sources where a level is filled from nothing:
// a source counts as worse by how far its colour, blurred, is from the guide's at the target.
//
// There are two of them: the smoothest surface through what is known (likely.go), and edges
// and lines that go on through the hole (lines.go). Whatever else foresees what is in a hole
// has its place beside them.
type guide struct {
	r      image.Rectangle // the level's cover
	colour [][3]float32    // over r, in levels
	// trust is what a squared level of difference in one channel counts, in the units of a
	// patch's squared distance, over r; 0 where the guide says nothing, as for known pixels.
	trust []float32
	w     int          // of the level
	seen  [][3]float32 // over the level: the blurred colours of sources
}

// newGuide returns a guide of l that says nothing yet and compares sources by the mean
// colours of squares that reach blur pixels to each side.
func newGuide(l *level, blur int) *guide {
	g := &guide{r: l.cover(), w: l.w, seen: l.means(blur)}
	g.trust = make([]float32, g.r.Dx()*g.r.Dy())
	return g
}

// expected is what a guide says about one target.
type expected struct {
	colour [3]float32
	trust  float32
}

// at returns what g says about the target (x, y) of the level.
func (g *guide) at(x, y int) expected {
	if at := image.Pt(x, y); !at.In(g.r) {
		return expected{}
	}
	i := (y-g.r.Min.Y)*g.r.Dx() + x - g.r.Min.X
	if g.trust[i] == 0 {
		return expected{}
	}
	return expected{g.colour[i], g.trust[i]}
}

// against returns what speaks against the source (u, v) of g, in the units of a patch's
// squared distance.
func (e *expected) against(g *guide, u, v int) int32 {
	if e.trust == 0 {
		return 0
	}
	m := &g.seen[v*g.w+u]
	d0, d1, d2 := e.colour[0]-m[0], e.colour[1]-m[1], e.colour[2]-m[2]
	return int32(e.trust * (d0*d0 + d1*d1 + d2*d2))
}

// against returns what speaks against the source (u, v) for the target (x, y) of the level,
// in the units of a patch's squared distance.
func (g *guide) against(x, y, u, v int) int32 {
	e := g.at(x, y)
	return e.against(g, u, v)
}

// means returns, for each pixel, the mean colour of what is known of the square about it that
// reaches so far to each side.
func (l *level) means(reach int) [][3]float32 {
	means := make([][3]float32, l.w*l.h)
	for y := range l.h {
		for x := range l.w {
			var sum uint64
			n := 0
			for v := max(0, y-reach); v <= min(l.h-1, y+reach); v++ {
				for u := max(0, x-reach); u <= min(l.w-1, x+reach); u++ {
					if i := v*l.w + u; l.state[i]&unknown == 0 {
						sum += spread(l.pix[i])
						n++
					}
				}
			}
			if n > 0 {
				a, b, c := lanes(sum)
				means[y*l.w+x] = [3]float32{float32(a) / float32(n), float32(b) / float32(n), float32(c) / float32(n)}
			}
		}
	}
	return means
}
