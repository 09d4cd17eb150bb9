package fill

import (
	"image"
	"math"
)

const (
	// Remnants are looked for in a ring about the hole that is leastRing to mostRing
	// pixels wide, in between one part of ringShare of the side of a square of the hole's area.
	leastRing = 2
	mostRing  = 4
	ringShare = 40
	// A pixel looks like a remnant if it differs from what is known farther out by
	// at least remnantStep levels, and remnantTimes as much as from what is in the hole.
	remnantStep  = 24
	remnantTimes = 2.5
	// It is one if of the pixels of the ring within remnantRun of it, as far from the hole, at
	// least remnantShare look like it: in textures single pixels do by chance.
	remnantRun   = 4
	remnantShare = 0.7
)

// withRemnants returns hole together with what a tight mask has left of the thing to be
// removed: the pixels of a thin ring that continue what img shows in the hole and differ
// from what is farther out, and those beside them, which have a part of their colour. It
// returns hole itself where there are none.
func withRemnants(img *image.NRGBA, hole *image.Alpha) *image.Alpha {
	r := img.Rect.Intersect(hole.Rect)
	if r.Empty() {
		return hole
	}
	m := &remnants{img: img, hole: hole, r: r}
	edge, area := m.edge()
	wide := min(mostRing, max(leastRing, int(math.Sqrt(float64(area))/ringShare)))
	var all []image.Point
	for range wide {
		edge = m.runs(m.beside(edge), wide)
		all = append(all, edge...)
	}
	if len(all) == 0 {
		return hole
	}
	for _, p := range m.beside(all) {
		m.grown.Pix[m.grown.PixOffset(p.X, p.Y)] = 255
	}
	return m.grown
}

// remnants is a hole that grows by what belongs to it.
type remnants struct {
	img         *image.NRGBA
	hole, grown *image.Alpha
	r           image.Rectangle // where both img and hole are
}

// edge returns the hole's pixels that a known one is beside, and how many pixels it has.
func (m *remnants) edge() (edge []image.Point, area int) {
	m.grown = image.NewAlpha(m.r)
	for y := m.r.Min.Y; y < m.r.Max.Y; y++ {
		row := m.hole.Pix[m.hole.PixOffset(m.r.Min.X, y):][:m.r.Dx()]
		to := m.grown.Pix[m.grown.PixOffset(m.r.Min.X, y):][:m.r.Dx()]
		for x, v := range row {
			if v == 0 {
				continue
			}
			area++
			to[x] = 255
			inner := x > 0 && x < len(row)-1 && row[x-1] > 0 && row[x+1] > 0 && y > m.r.Min.Y && y < m.r.Max.Y-1 &&
				m.hole.Pix[m.hole.PixOffset(m.r.Min.X+x, y-1)] > 0 && m.hole.Pix[m.hole.PixOffset(m.r.Min.X+x, y+1)] > 0
			if !inner {
				edge = append(edge, image.Pt(m.r.Min.X+x, y))
			}
		}
	}
	return edge, area
}

// beside returns the pixels outside of the grown hole beside the given ones, each once.
func (m *remnants) beside(points []image.Point) (out []image.Point) {
	for _, p := range points {
		for _, d := range around[1:] {
			q := p.Add(d)
			if !q.In(m.r) {
				continue
			}
			if v := &m.grown.Pix[m.grown.PixOffset(q.X, q.Y)]; *v == 0 {
				*v = 1 // seen
				out = append(out, q)
			}
		}
	}
	for _, q := range out {
		m.grown.Pix[m.grown.PixOffset(q.X, q.Y)] = 0
	}
	return out
}

// The marks of pixels while runs are looked for.
const (
	asked = 1 + iota
	alike
)

// runs adds those of the points to the hole that are remnants, and returns them.
func (m *remnants) runs(points []image.Point, wide int) (found []image.Point) {
	var look []image.Point
	for _, p := range points {
		m.grown.Pix[m.grown.PixOffset(p.X, p.Y)] = asked
	}
	for _, p := range points {
		if m.continues(p, wide) {
			m.grown.Pix[m.grown.PixOffset(p.X, p.Y)] = alike
			look = append(look, p)
		}
	}
	for _, p := range look {
		n, all := 0, 0
		near := image.Rect(-remnantRun, -remnantRun, remnantRun+1, remnantRun+1).Add(p).Intersect(m.r)
		for y := near.Min.Y; y < near.Max.Y; y++ {
			for _, v := range m.grown.Pix[m.grown.PixOffset(near.Min.X, y):][:near.Dx()] {
				switch v {
				case alike:
					n, all = n+1, all+1
				case asked:
					all++
				}
			}
		}
		if float64(n) >= remnantShare*float64(all) {
			found = append(found, p)
		}
	}
	for _, p := range points {
		m.grown.Pix[m.grown.PixOffset(p.X, p.Y)] = 0
	}
	for _, p := range found {
		m.grown.Pix[m.grown.PixOffset(p.X, p.Y)] = 255
	}
	return found
}

// continues reports whether the known pixel p looks as what is in the hole beside it, and not
// as what is farther out.
func (m *remnants) continues(p image.Point, wide int) bool {
	colour, ok := m.colour(p)
	if !ok {
		return false
	}
	nx, ny := m.outward(p)
	if nx == 0 && ny == 0 {
		return false
	}
	var in, out nearest
	for s := range 5 {
		for t := -2; t <= 2; t++ {
			along := func(s int) image.Point {
				return image.Pt(int(math.Round(float64(p.X)+float64(s)*nx-float64(t)*ny)), int(math.Round(float64(p.Y)+float64(s)*ny+float64(t)*nx)))
			}
			if q := along(-1 - s); q.In(m.r) && m.hole.Pix[m.hole.PixOffset(q.X, q.Y)] > 0 {
				in.add(m, q, colour)
			}
			if q := along(wide + 2 + s); q.In(m.r) && m.grown.Pix[m.grown.PixOffset(q.X, q.Y)] == 0 {
				out.add(m, q, colour)
			}
		}
	}
	const enough = 6
	return in.n >= enough && out.n >= enough && out.least >= 3*remnantStep*remnantStep &&
		out.least >= remnantTimes*remnantTimes*in.least
}

// nearest is the least squared distance from a colour, of n pixels.
type nearest struct {
	least float64
	n     int
}

func (b *nearest) add(m *remnants, p image.Point, colour [3]float64) {
	c, ok := m.colour(p)
	if !ok {
		return
	}
	d := 0.0
	for i, v := range c {
		d += (v - colour[i]) * (v - colour[i])
	}
	if b.n == 0 || d < b.least {
		b.least = d
	}
	b.n++
}

// outward returns the direction away from the hole, of length 1, or 0.
func (m *remnants) outward(p image.Point) (nx, ny float64) {
	const reach = mostRing + 2
	near := image.Rect(-reach, -reach, reach+1, reach+1).Add(p).Intersect(m.r)
	for y := near.Min.Y; y < near.Max.Y; y++ {
		for x, v := range m.hole.Pix[m.hole.PixOffset(near.Min.X, y):][:near.Dx()] {
			if v > 0 {
				nx += float64(p.X - near.Min.X - x)
				ny += float64(p.Y - y)
			}
		}
	}
	if l := math.Hypot(nx, ny); l > 0 {
		return nx / l, ny / l
	}
	return 0, 0
}

// colour returns the colour of a pixel, and whether it has one.
func (m *remnants) colour(p image.Point) ([3]float64, bool) {
	q := m.img.Pix[m.img.PixOffset(p.X, p.Y):][:4]
	return [3]float64{float64(q[0]), float64(q[1]), float64(q[2])}, q[3] >= 128
}
