package selection

import (
	"context"
	"image"
	"slices"

	"overpaint.dev/overpaint/editor/guided"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/parallel"
)

// plain is the guided filter's regularisation: the variance below which an area is smoothed.
const plain = 4e-4

// refine returns the mask at full size, with its border refined to the picture's edges.
func (s *Scene) refine(ctx context.Context, g *grid) (*mask.Mask, error) {
	if g.Empty() {
		return mask.New(s.size.X, s.size.Y), ctx.Err()
	}
	radius := 2
	if s.by == 1 {
		radius = 3
	}
	r := image.Rectangle{g.Min.Mul(s.by), g.Max.Mul(s.by)}.Intersect(image.Rectangle{Max: s.size})
	e := &refinement{s: s, g: g, near: g.near(radius), radius: radius, out: image.NewAlpha(r)}
	cols, rows := (g.Dx()+block-1)/block, (g.Dy()+block-1)/block
	err := parallel.Range(ctx, cols*rows, 1, func(i, _ int) {
		at := image.Pt(i%cols, i/cols).Mul(block)
		e.fill(ctx, image.Rectangle{at, at.Add(image.Pt(block, block))}.Intersect(image.Rect(0, 0, g.Dx(), g.Dy())))
	})
	if err != nil {
		return nil, err
	}
	return mask.FromAlpha(e.out, s.size), nil
}

// block is the side, in working pixels, of the squares that are refined separately, so that the
// cost depends on the length of the border.
const block = 48

// refinement writes the coverage at full size, block by block.
type refinement struct {
	s      *Scene
	g      *grid
	near   []bool // pixels that the filter can make partly covered
	radius int
	out    *image.Alpha
}

// fill writes a block, given in the grid's pixels relative to its corner.
func (e *refinement) fill(ctx context.Context, b image.Rectangle) {
	some, w := false, e.g.Dx()
	for y := b.Min.Y; y < b.Max.Y && !some; y++ {
		some = slices.Contains(e.near[y*w+b.Min.X:][:b.Dx()], true)
	}
	if !some { // then it is all inside or all outside
		if e.g.v[b.Min.Y*w+b.Min.X] == 1 {
			cover(e.out, e.full(b))
		}
		return
	}
	// The filter's output depends on pixels within twice its radius, and one more for the
	// interpolation.
	part := b.Inset(-2*e.radius - 2).Intersect(image.Rect(0, 0, w, e.g.Dy()))
	var guides [][]float32
	for _, p := range e.s.planes {
		guides = append(guides, cropped(p, e.s.w, part.Add(e.g.Min)))
	}
	f, err := guided.Learn(ctx, cropped(e.g.v, w, part), guides, part.Dx(), part.Dy(), e.radius, plain)
	if err != nil {
		return // ctx has ended
	}
	e.soften(f, part.Min.Add(e.g.Min), b)
}

// full returns a rectangle of the grid in canvas pixels.
func (e *refinement) full(b image.Rectangle) image.Rectangle {
	b, by := b.Add(e.g.Min), e.s.by
	return image.Rectangle{b.Min.Mul(by), b.Max.Mul(by)}.Intersect(e.out.Rect)
}

// cropped copies a rectangle of a plane that is w wide.
func cropped(v []float32, w int, r image.Rectangle) []float32 {
	out := make([]float32, 0, r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		out = append(out, v[y*w+r.Min.X:][:r.Dx()]...)
	}
	return out
}

// near returns the pixels that the filter can make partly covered: those whose distance from the
// border is at most the filter's reach, twice its radius, and one for the interpolation.
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

func cover(out *image.Alpha, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := out.Pix[out.PixOffset(r.Min.X, y):][:r.Dx()]
		for x := range row {
			row[x] = 255
		}
	}
}

// soften writes a block at full size; the filter's origin is at, in working pixels.
func (e *refinement) soften(f *guided.Filter, at image.Point, b image.Rectangle) {
	r, by, w := e.full(b), e.s.by, e.g.Dx()
	if r.Empty() {
		return
	}
	img := e.s.pixels(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		fy := (float32(y)+0.5)/float32(by) - 0.5 - float32(at.Y)
		row, pix := e.out.Pix[e.out.PixOffset(r.Min.X, y):][:r.Dx()], img.Pix[img.PixOffset(r.Min.X, y):]
		cells := (y/by-e.g.Min.Y)*w - e.g.Min.X
		for x := range row {
			i := cells + (r.Min.X+x)/by
			if !e.near[i] {
				row[x] = uint8(e.g.v[i]) * 255
				continue
			}
			fx := (float32(r.Min.X+x)+0.5)/float32(by) - 0.5 - float32(at.X)
			near := f.Near(fx, fy)
			if near < 1e-4 || near > 1-1e-4 {
				row[x] = uint8(near+0.5) * 255
				continue
			}
			c := e.s.colourOf(pix[4*x:][:4])
			// More contrast, which leaves a soft edge without low coverage around it.
			v := min(max((f.At(fx, fy, c[0], c[1], c[2])-0.25)*2, 0), 1)
			row[x] = uint8(255*v*v*(3-2*v) + 0.5)
		}
	}
}

// colourOf returns the colour of a canvas pixel, composited over grey.
func (s *Scene) colourOf(p []uint8) [3]float32 {
	a := float32(p[3]) / 255
	on := func(v uint8) float32 { return float32(v)*a + 128*(1-a) }
	return colour(on(p[0]), on(p[1]), on(p[2]))
}
