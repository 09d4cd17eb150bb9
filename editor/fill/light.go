package fill

const (
	// lightCell is the side of the cells, in pixels, over which a mismatch is averaged, so that
	// texture counts for little; lightReach is how many cells on each side are compared.
	lightCell  = 4
	lightReach = 5
	// lightStep is by how many levels mismatches differ that count as changing and as the same in equal parts.
	lightStep = 8
)

// light is what a hole's copied pixels lack to the known ones beside them because they lie
// in another light, and not because they show something else. Light changes slowly along
// a hole's edge; where the mismatch changes, the borders contradict each other.
type light struct {
	w     int // cells in a row
	cells []cell
}

// cell is what is light in a square of a hole's edge.
type cell struct {
	colour [3]float32 // the difference in levels
	steady float32    // from 0, where mismatches change quickly, to 1
}

// of returns the part of the mismatch d at (x, y) that is light: all of it that is
// small where it is steady, else what those near it have in common.
func (l *light) of(x, y int, d [3]float32) [3]float32 {
	c := &l.cells[y/lightCell*l.w+x/lightCell]
	small := c.steady * gentle(square3(d))
	for i := range d {
		d[i] = small*d[i] + (1-c.steady)*c.colour[i]
	}
	return d
}

// part returns the part of the mismatch d at (x, y) that is light or, near the seam, the rest.
func (l *light) part(x, y int, d [3]float32, near bool) [3]float32 {
	far := l.of(x, y, d)
	if near {
		add(&d, far, -1)
		return d
	}
	return far
}

// gentle returns which part of a mismatch counts as light, by its square: the less the larger it is.
func gentle(square float32) float32 { return 1 / (1 + square/(3*mismatchLimit*mismatchLimit)) }

// lit returns the light of the hole.
func (h *copied) lit() *light {
	w := h.r.Dx()
	l := &light{w: (w-1)/lightCell + 1}
	rows := (h.r.Dy()-1)/lightCell + 1
	mean, count := make([][3]float32, l.w*rows), make([]float32, l.w*rows)
	for y := range h.r.Dy() {
		for x := range w {
			if h.from[y*w+x] < 0 {
				continue
			}
			k := y/lightCell*l.w + x/lightCell
			h.steps(x, y, int(h.from[y*w+x]), func(d [3]float32) {
				add(&mean[k], d, 1)
				count[k]++
			})
		}
	}
	for k, n := range count {
		for c := range mean[k] {
			mean[k][c] /= max(1, n)
		}
	}
	l.cells = make([]cell, len(mean))
	for k, n := range count {
		if n > 0 {
			l.cells[k] = l.common(mean, count, k%l.w, k/l.w)
		}
	}
	return l
}

// steps calls f for each known pixel beside (x, y) of r with its colour less that which the
// copy from the pixel s goes on with there.
func (h *copied) steps(x, y, s int, f func(d [3]float32)) {
	for _, d := range around[1:5] {
		u, v := h.r.Min.X+x+d.X, h.r.Min.Y+y+d.Y
		if u < 0 || v < 0 || u >= h.w || v >= h.h || h.state[v*h.w+u]&unknown != 0 {
			continue
		}
		if q, ok := h.difference(v*h.w+u, s+d.Y*h.w+d.X); ok {
			f(q)
		}
	}
}

// common returns the mean mismatch of the cells about (x, y), as far as they have it in
// common: less where they differ, and less where it is large.
func (l *light) common(mean [][3]float32, count []float32, x, y int) cell {
	m, n, squares := [3]float32{}, float32(0), float32(0)
	for v := max(0, y-lightReach); v <= min(len(mean)/l.w-1, y+lightReach); v++ {
		for u := max(0, x-lightReach); u <= min(l.w-1, x+lightReach); u++ {
			k := v*l.w + u
			add(&m, mean[k], count[k])
			n += count[k]
			squares += count[k] * square3(mean[k])
		}
	}
	q := square3(m) / (n * n)
	varies := max(0, squares/n-q)
	part := q / (q + varies + 0.1) * gentle(q)
	for c := range m {
		m[c] *= part / n
	}
	return cell{colour: m, steady: 1 / (1 + varies/(3*lightStep*lightStep))}
}

func square3(v [3]float32) float32 { return v[0]*v[0] + v[1]*v[1] + v[2]*v[2] }
