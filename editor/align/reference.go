package align

import (
	"context"
	"math"

	"overpaint.dev/overpaint/editor/parallel"
)

// reference is one size of what was sent, with the points by which answers are compared with it.
type reference struct {
	sent       *plane  // normalised
	midX, midY float32 // the picture's middle in pixel coordinates
	points     []point
	cols, rows int // of the blocks
	side       int // of a block, in pixels
	radius     float64
}

const (
	// blocks is into how many squares the longer side is divided.
	blocks = 16
	// slope is the least slope, in spreads a pixel, of a point.
	slope = 0.08
)

// newReference finds the points of a size: of each small cell the pixel with the
// steepest slope, about limit of them in all.
func newReference(ctx context.Context, s side, limit int) (*reference, error) {
	r := &reference{sent: s.normal, midX: float32(s.mid[0] - 0.5), midY: float32(s.mid[1] - 0.5)}
	w, h := r.sent.w, r.sent.h
	r.radius = float64(max(w, h)) / 2
	r.side = max(1, int(math.Ceil(2*r.radius/blocks)))
	r.cols, r.rows = (w+r.side-1)/r.side, (h+r.side-1)/r.side
	told := r.structured(s.evidence)
	cell := max(1, int(math.Sqrt(float64(w*h)/float64(limit))+0.5))
	lines := (h - 2 + cell - 1) / cell
	found := make([][]point, max(lines, 0))
	err := parallel.Range(ctx, lines, 4, func(from, to int) {
		for j := from; j < to; j++ {
			line := make([]point, 0, w/cell+1)
			for x := 1; x < w-1; x += cell {
				p, ok := r.steepest(s.evidence, x, 1+j*cell, cell)
				if !ok {
					continue
				}
				p.block = int32(int(p.y+r.midY)/r.side*r.cols + int(p.x+r.midX)/r.side)
				if told[p.block] {
					line = append(line, p)
				}
			}
			found[j] = line
		}
	})
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		r.points = append(r.points, f...)
	}
	return r, nil
}

// structured returns which blocks hold more than noise.
func (r *reference) structured(evidence *plane) []bool {
	const least = 0.2 // of the variance that structure has
	out := make([]bool, r.cols*r.rows)
	parallel.All(len(out), 16, func(from, to int) {
		for i := from; i < to; i++ {
			x0, y0 := i%r.cols*r.side, i/r.cols*r.side
			var sum, n float32
			for y := y0; y < min(y0+r.side, r.sent.h); y++ {
				x1 := min(x0+r.side, r.sent.w)
				e := evidence.row(y)[x0:x1]
				for x, v := range r.sent.row(y)[x0:x1] {
					sum, n = sum+v*v*e[x], n+e[x]
				}
			}
			out[i] = sum > least*n
		}
	})
	return out
}

// steepest returns the pixel with the steepest slope of a cell.
func (r *reference) steepest(evidence *plane, x0, y0, cell int) (p point, ok bool) {
	s := r.sent
	best := float32(slope * slope)
	for y := y0; y < min(y0+cell, s.h-1); y++ {
		above, row, below := s.row(y-1), s.row(y), s.row(y+1)
		for x := x0; x < min(x0+cell, s.w-1); x++ {
			gx, gy := (row[x+1]-row[x-1])/2, (below[x]-above[x])/2
			if g := gx*gx + gy*gy; g > best && evidence.around(x, y) {
				best, ok = g, true
				p = point{x: float32(x) - r.midX, y: float32(y) - r.midY, gx: gx, gy: gy, v: row[x]}
			}
		}
	}
	return p, ok
}

// around reports whether a pixel, none of the edge, and its four neighbours are evidence.
func (p *plane) around(x, y int) bool {
	i := y*p.w + x
	return p.v[i] != 0 && p.v[i-1] != 0 && p.v[i+1] != 0 && p.v[i-p.w] != 0 && p.v[i+p.w] != 0
}
