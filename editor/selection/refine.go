package selection

import (
	"context"
	"image"

	"overpaint/editor/guided"
	"overpaint/editor/mask"
	"overpaint/editor/parallel"
)

// plain is the variance of lightness, or as much of colour, up to which a place is plain.
const plain = 4e-4

// refine leads the border of what is inside to that of the picture at full size.
func (s *Scene) refine(ctx context.Context, g *grid) (*mask.Mask, error) {
	if g.Empty() {
		return mask.New(s.size.X, s.size.Y), ctx.Err()
	}
	radius := 2
	if s.by == 1 {
		radius = 3
	}
	var guides [][]float32
	for _, p := range s.planes {
		part := make([]float32, 0, len(g.v))
		for y := g.Min.Y; y < g.Max.Y; y++ {
			part = append(part, p[y*s.w+g.Min.X:][:g.Dx()]...)
		}
		guides = append(guides, part)
	}
	f, err := guided.Learn(ctx, g.v, guides, g.Dx(), g.Dy(), radius, plain)
	if err != nil {
		return nil, err
	}
	r := image.Rectangle{g.Min.Mul(s.by), g.Max.Mul(s.by)}.Intersect(image.Rectangle{Max: s.size})
	out := image.NewAlpha(r)
	near := g.near(radius)
	err = parallel.Range(ctx, g.Dy(), 8, func(from, to int) {
		s.coverRows(out, g, f, near, from, to)
	})
	if err != nil {
		return nil, err
	}
	return mask.FromAlpha(out, s.size), nil
}

// near says of which pixels the filter may make something in between: the border is as far
// as the filter reaches at most, which is twice its radius, and one for the pixels between.
func (g *grid) near(radius int) []bool {
	w, h := g.Dx(), g.Dy()
	far := 2*radius + 1
	near := make([]bool, len(g.v))
	mark := func(x, y int) {
		for j := max(y-far, 0); j <= min(y+far, h-1); j++ {
			for i := max(x-far, 0); i <= min(x+far, w-1); i++ {
				near[j*w+i] = true
			}
		}
	}
	for y := range h {
		for x := range w {
			i := y*w + x
			if x > 0 && g.v[i] != g.v[i-1] || y > 0 && g.v[i] != g.v[i-w] {
				mark(x, y)
			}
		}
	}
	return near
}

// coverRows writes the coverage of some of our rows at full size.
func (s *Scene) coverRows(out *image.Alpha, g *grid, f *guided.Filter, near []bool, from, to int) {
	w := g.Dx()
	for y := from; y < to; y++ {
		for x := 0; x < w; x++ {
			i := y*w + x
			end := x + 1
			for end < w && near[y*w+end] == near[i] && (near[i] || g.v[y*w+end] == g.v[i]) {
				end++
			}
			r := image.Rect(x, y, end, y+1).Add(g.Min)
			r = image.Rectangle{r.Min.Mul(s.by), r.Max.Mul(s.by)}.Intersect(out.Rect)
			switch {
			case near[i]:
				s.soften(out, g, f, r)
			case g.v[i] == 1:
				cover(out, r)
			}
			x = end - 1
		}
	}
}

func cover(out *image.Alpha, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := out.Pix[out.PixOffset(r.Min.X, y):][:r.Dx()]
		for x := range row {
			row[x] = 255
		}
	}
}

// soften writes what the filter makes of the pixels of a rectangle.
func (s *Scene) soften(out *image.Alpha, g *grid, f *guided.Filter, r image.Rectangle) {
	if r.Empty() {
		return
	}
	img := s.pixels(r)
	by := float32(s.by)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		fy := (float32(y)+0.5)/by - 0.5 - float32(g.Min.Y)
		row, pix := out.Pix[out.PixOffset(r.Min.X, y):][:r.Dx()], img.Pix[img.PixOffset(r.Min.X, y):]
		for x := range row {
			fx := (float32(r.Min.X+x)+0.5)/by - 0.5 - float32(g.Min.X)
			near := f.Near(fx, fy)
			if near < 1e-4 || near > 1-1e-4 {
				row[x] = uint8(near+0.5) * 255
				continue
			}
			c := s.colourOf(pix[4*x:][:4])
			// Soft at the rim, without a veil beyond it.
			v := min(max((f.At(fx, fy, c[0], c[1], c[2])-0.25)*2, 0), 1)
			row[x] = uint8(255*v*v*(3-2*v) + 0.5)
		}
	}
}

// colourOf is the colour of a pixel of the canvas, on grey where it is transparent.
func (s *Scene) colourOf(p []uint8) [3]float32 {
	a := float32(p[3]) / 255
	on := func(v uint8) float32 { return float32(v)*a + 128*(1-a) }
	return colour(on(p[0]), on(p[1]), on(p[2]))
}
