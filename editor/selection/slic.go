package selection

import (
	"context"
	"math"

	"overpaint.dev/overpaint/editor/parallel"
)

const (
	// rounds is the number of iterations.
	rounds = 5
	// compact is the difference in colour that counts as much as one step of the grid.
	compact = 0.06
)

// divide makes the superpixels: pixels are assigned to the nearest of the centres, which start on
// a grid, by colour and position, and each centre moves to the mean of its pixels.
func (s *Scene) divide(ctx context.Context) error {
	s.step = max(int(math.Round(math.Sqrt(float64(s.w*s.h)/float64(s.count)))), s.leastStep)
	d := &divider{s: s, step: s.step}
	d.cols, d.rows = max(s.w/d.step, 1), max(s.h/d.step, 1)
	d.begin()
	s.of = make([]int32, s.w*s.h)
	for range rounds {
		if err := parallel.Range(ctx, s.h, 32, d.assign); err != nil {
			return err
		}
		if err := d.move(ctx); err != nil {
			return err
		}
	}
	d.connect()
	return ctx.Err()
}

type divider struct {
	s          *Scene
	step       int
	cols, rows int
	centres    []centre
}

type centre struct {
	colour [3]float32
	x, y   float32
	n      float32
}

func (c *centre) add(o centre) {
	for i := range c.colour {
		c.colour[i] += o.colour[i]
	}
	c.x, c.y, c.n = c.x+o.x, c.y+o.y, c.n+o.n
}

// cell returns the cell of a coordinate at in a grid with n cells along the length w.
func cell(at, w, n int) int { return at * n / w }

func (d *divider) begin() {
	s := d.s
	d.centres = make([]centre, d.cols*d.rows)
	for i := range d.centres {
		x, y := (2*(i%d.cols)+1)*s.w/(2*d.cols), (2*(i/d.cols)+1)*s.h/(2*d.rows)
		d.centres[i] = s.pixel(x, y)
	}
}

func (s *Scene) pixel(x, y int) centre {
	i := y*s.w + x
	return centre{[3]float32{s.planes[0][i], s.planes[1][i], s.planes[2][i]}, float32(x), float32(y), 1}
}

// assign assigns each pixel of some rows to the nearest of the centres that started in the grid's
// cells around it.
func (d *divider) assign(from, to int) {
	s := d.s
	weight := float32(compact*compact) / float32(d.step*d.step)
	for y := from; y < to; y++ {
		row := cell(y, s.h, d.rows)
		top, bottom := max(row-1, 0), min(row+1, d.rows-1)
		for x := range s.w {
			p := s.pixel(x, y)
			col := cell(x, s.w, d.cols)
			best, least := 0, float32(math.Inf(1))
			for r := top; r <= bottom; r++ {
				for c := max(col-1, 0); c <= min(col+1, d.cols-1); c++ {
					q := &d.centres[r*d.cols+c]
					l, a, b := p.colour[0]-q.colour[0], p.colour[1]-q.colour[1], p.colour[2]-q.colour[2]
					dx, dy := p.x-q.x, p.y-q.y
					if v := l*l + a*a + b*b + weight*(dx*dx+dy*dy); v < least {
						best, least = r*d.cols+c, v
					}
				}
			}
			s.of[y*s.w+x] = int32(best)
		}
	}
}

// move moves each centre to the mean of its pixels.
func (d *divider) move(ctx context.Context) error {
	s := d.s
	const band = 128 // rows; the bands' sums are added in a fixed order
	sums := make([][]centre, (s.h+band-1)/band)
	err := parallel.Range(ctx, s.h, band, func(from, to int) {
		sum := make([]centre, len(d.centres))
		for y := from; y < to; y++ {
			for x := range s.w {
				sum[s.of[y*s.w+x]].add(s.pixel(x, y))
			}
		}
		sums[from/band] = sum
	})
	if err != nil {
		return err
	}
	for i := range d.centres {
		var all centre
		for _, sum := range sums {
			all.add(sum[i])
		}
		if all.n == 0 {
			continue
		}
		for c := range all.colour {
			all.colour[c] /= all.n
		}
		d.centres[i] = centre{all.colour, all.x / all.n, all.y / all.n, 1}
	}
	return nil
}

// connect makes each connected component a superpixel, and adds small ones to the previous
// neighbour.
func (d *divider) connect() {
	s := d.s
	to := make([]int32, len(s.of))
	for i := range to {
		to[i] = -1
	}
	smallest := max(d.step*d.step/4, 1)
	parts := int32(0)
	var found []int32
	for i := range s.of {
		if to[i] >= 0 {
			continue
		}
		found = s.flood(found[:0], i, func(j int) bool { return to[j] < 0 && s.of[j] == s.of[i] }, func(j int) { to[j] = parts })
		if len(found) < smallest && i > 0 {
			before := i - 1
			if i%s.w == 0 {
				before = i - s.w
			}
			for _, j := range found {
				to[j] = to[before]
			}
			continue
		}
		parts++
	}
	s.of, s.parts = to, make([]part, parts)
}

// flood calls take for each pixel of the 4-connected component of first, and appends them to
// found. open reports whether a pixel belongs to the component and isn't taken yet.
func (s *Scene) flood(found []int32, first int, open func(i int) bool, take func(i int)) []int32 {
	start := len(found)
	visit := func(j int) {
		if open(j) {
			take(j)
			found = append(found, int32(j))
		}
	}
	visit(first)
	for k := start; k < len(found); k++ {
		i := int(found[k])
		if x := i % s.w; x > 0 {
			visit(i - 1)
		}
		if i%s.w < s.w-1 {
			visit(i + 1)
		}
		if i >= s.w {
			visit(i - s.w)
		}
		if i+s.w < s.w*s.h {
			visit(i + s.w)
		}
	}
	return found
}
