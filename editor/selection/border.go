package selection

import (
	"context"
	"image"

	"overpaint.dev/overpaint/editor/cut"
)

// reach is the largest distance, in working pixels, between the border and that of the
// superpixels.
const reach = 4

// grid is a rectangle of working pixels: 1 inside, 0 outside.
type grid struct {
	image.Rectangle
	v []float32
}

func newGrid(r image.Rectangle) *grid { return &grid{r, make([]float32, r.Dx()*r.Dy())} }

// border cuts along the superpixels' border pixel by pixel and returns the inside, in a
// rectangle that contains all of it and of the border.
func (s *Scene) border(ctx context.Context, k *known, a *Answer) (*grid, error) {
	g := newGrid(s.around(a.inside, 4*reach))
	for y := g.Min.Y; y < g.Max.Y; y++ {
		row := g.v[(y-g.Min.Y)*g.Dx():][:g.Dx()]
		for x := range row {
			if a.inside[s.of[y*s.w+g.Min.X+x]] {
				row[x] = 1
			}
		}
	}
	band := g.band()
	return g, s.cutBand(ctx, k, a, g, band)
}

// around returns the bounding rectangle of the superpixels inside, with a margin.
func (s *Scene) around(inside []bool, margin int) image.Rectangle {
	r := image.Rectangle{}
	for i, in := range inside {
		if in {
			r = r.Union(s.parts[i].box)
		}
	}
	if r.Empty() {
		return r
	}
	return r.Inset(-margin).Intersect(image.Rect(0, 0, s.w, s.h))
}

// band returns a plane that numbers the pixels near the border, row by row from 1 on; it is 0
// elsewhere.
func (g *grid) band() []int32 {
	w, h := g.Dx(), g.Dy()
	across := make([]bool, len(g.v))
	for y := range h {
		for x := 1; x < w; x++ {
			if i := y*w + x; g.v[i] != g.v[i-1] {
				for j := max(x-reach, 0); j < min(x+reach, w); j++ {
					across[y*w+j] = true
				}
			}
		}
	}
	for x := range w {
		for y := 1; y < h; y++ {
			if i := y*w + x; g.v[i] != g.v[i-w] {
				for j := max(y-reach, 0); j < min(y+reach, h); j++ {
					across[j*w+x] = true
				}
			}
		}
	}
	band := make([]int32, len(g.v))
	n := int32(0)
	for i, in := range across {
		if in {
			n++
			band[i] = n
		}
	}
	return band
}

// cutBand cuts the pixels of a band; the others stay as they are.
func (s *Scene) cutBand(ctx context.Context, k *known, a *Answer, g *grid, band []int32) error {
	n := 0
	for _, v := range band {
		n = max(n, int(v))
	}
	if n == 0 {
		return ctx.Err()
	}
	w, h := g.Dx(), g.Dy()
	c := cut.New(n, 2*n)
	for i, v := range band {
		if v == 0 {
			continue
		}
		x, y := i%w, i/w
		at := (y+g.Min.Y)*s.w + x + g.Min.X
		s.pixelNode(c, k, a, int(v-1), at)
		s.meet(c, g, band, i, at, 1, 1, x+1 < w)
		s.meet(c, g, band, i, at, w, s.w, y+1 < h)
		// Edges to previous neighbours in the band are added at those; others are added here.
		s.meetFixed(c, g, band, i, at, -1, -1, x > 0)
		s.meetFixed(c, g, band, i, at, -w, -s.w, y > 0)
	}
	if _, err := c.Cut(ctx); err != nil {
		return err
	}
	for i, v := range band {
		if v > 0 {
			g.v[i] = 0
			if c.Inside(int(v - 1)) {
				g.v[i] = 1
			}
		}
	}
	return nil
}

// pixelNode sets the terminal costs of the pixel at index at.
func (s *Scene) pixelNode(c *cut.Graph, k *known, a *Answer, node, at int) {
	switch k.pixel[at] {
	case inside:
		c.Node(node, 0, cut.Hard)
	case outside:
		c.Node(node, cut.Hard, 0)
	default:
		f := feature{s.planes[0][at], s.planes[1][at], s.planes[2][at]}
		v := a.models.favour(&f, dims-1) / 2
		c.Node(node, cost(-v), cost(v))
	}
}

// meet adds the edge between a pixel of the band and its neighbour, which is step further in
// the grid and stride further in the picture.
func (s *Scene) meet(c *cut.Graph, g *grid, band []int32, i, at, step, stride int, there bool) {
	if !there {
		return
	}
	if j := band[i+step]; j > 0 {
		v := s.tie(at, at+stride)
		c.Edge(int(band[i]-1), int(j-1), v, v)
		return
	}
	s.meetFixed(c, g, band, i, at, step, stride, true)
}

// meetFixed adds the cost of separating a pixel from a neighbour outside the band, whose side
// is fixed.
func (s *Scene) meetFixed(c *cut.Graph, g *grid, band []int32, i, at, step, stride int, there bool) {
	if !there || band[i+step] > 0 {
		return
	}
	v := s.tie(at, at+stride)
	if g.v[i+step] == 1 {
		c.Node(int(band[i]-1), 0, v)
	} else {
		c.Node(int(band[i]-1), v, 0)
	}
}

// tie returns the cost of separating two neighbouring pixels.
func (s *Scene) tie(i, j int) int32 { return cost(smooth * alike(float64(s.apart(i, j)), s.grain)) }
