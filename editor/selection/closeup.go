package selection

import (
	"context"
	"image"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/mask"
)

const (
	// A box is small up to smallBox steps of the grid of superpixels squared, and a stroke up to
	// smallStroke steps along its longer side: what they are meant for may consist of few
	// superpixels. No box longer than longBox steps is small.
	smallBox, longBox, smallStroke = 8, 24, 4
	// closest is the largest longer side of a close-up in working pixels. fine and coarse are the
	// approximate numbers of its superpixels, which may be single pixels: for a box, and for
	// strokes, which may turn out not to be meant for a small thing.
	closest, fine, coarse = 512, 4000, 1200
	// wide and wider are the widths of what a close-up shows on each side of a stroke, relative
	// to the stroke's longer side.
	wide, wider = 2, 4
	// filled is the largest area, relative to the square of a stroke's longer side, of what a
	// small stroke is meant for.
	filled = 2.5
	// steadfast is the least intersection over union of the answers in two close-ups, of which
	// one shows more.
	steadfast = 0.75
)

// closeUp is the answer to the marks in a small part of the canvas: one small box, or small strokes
// near each other. It is found in a scene of their surroundings alone, with finer superpixels.
type closeUp struct {
	marked image.Rectangle // the box or the strokes, in the whole scene's working pixels
	boxed  bool
	within image.Rectangle // what it shows, in canvas pixels
	scene  *Scene
	answer *Answer
}

// closeUps returns the close-ups for marks, without scene and answer, where all boxes and strokes
// inside are small, else nil. Strokes must lie in boxes where there are any.
func (s *Scene) closeUps(marks []Mark) (all []*closeUp) {
	if s.isClose {
		return nil
	}
	boxed := slices.ContainsFunc(marks, func(m Mark) bool { return m.Box && !m.Outside })
	for _, m := range marks {
		switch {
		case m.Outside:
		case m.Mask != nil:
			return nil
		case m.Box == boxed:
			if c := (&closeUp{marked: s.marked(m), boxed: boxed}); !c.marked.Empty() {
				all = append(all, c)
			}
		case !m.liesIn(marks):
			return nil
		}
	}
	if !boxed {
		all = s.joined(all)
	}
	for _, c := range all {
		if !s.isSmall(c) {
			return nil
		}
		margin := wide * s.extent(c)
		if boxed {
			margin = s.extent(c) / 2
		}
		c.within = s.surroundings(c, margin)
	}
	return all
}

// isSmall reports whether what is marked is small.
func (s *Scene) isSmall(c *closeUp) bool {
	if c.boxed {
		return s.extent(c) <= longBox*s.step && c.marked.Dx()*c.marked.Dy() <= smallBox*smallBox*s.step*s.step
	}
	return s.extent(c) <= smallStroke*s.step
}

// marked returns the rectangle of a box or a stroke in working pixels.
func (s *Scene) marked(m Mark) (r image.Rectangle) {
	if m.Box {
		return s.box(m)
	}
	radius := int(math.Round(min(max(m.Radius/2/float64(s.by), 0), 1e6)))
	for _, p := range m.Points {
		at := image.Pt(s.across(p.X), s.across(p.Y))
		r = r.Union(image.Rectangle{at, at.Add(image.Pt(1, 1))}.Inset(-radius))
	}
	return r.Intersect(image.Rect(0, 0, s.w, s.h))
}

// joined joins strokes whose surroundings overlap.
func (s *Scene) joined(strokes []*closeUp) (all []*closeUp) {
	for _, c := range strokes {
		for i := 0; i < len(all); i++ {
			if s.surroundings(all[i], wide*s.extent(all[i])).Overlaps(s.surroundings(c, wide*s.extent(c))) {
				c.marked = c.marked.Union(all[i].marked)
				all = slices.Delete(all, i, i+1)
				i = -1
			}
		}
		all = append(all, c)
	}
	return all
}

// extent returns the longer side of what is marked, in working pixels; that of strokes is at least
// a step, since the thinnest ones may be meant for what is as large as a superpixel.
func (s *Scene) extent(c *closeUp) int {
	longer := max(c.marked.Dx(), c.marked.Dy())
	if c.boxed {
		return longer
	}
	return max(longer, s.step)
}

// surroundings returns what is marked with a margin given in working pixels, in canvas pixels.
func (s *Scene) surroundings(c *closeUp, margin int) image.Rectangle {
	r := c.marked.Inset(-margin - reach)
	return image.Rectangle{r.Min.Mul(s.by), r.Max.Mul(s.by)}.Intersect(image.Rectangle{Max: s.size})
}

// liesIn reports whether one of the boxes inside among the marks holds all of a stroke.
func (m *Mark) liesIn(marks []Mark) bool {
	return slices.ContainsFunc(marks, func(b Mark) bool {
		return !b.Outside && !slices.ContainsFunc(m.Points, func(p Point) bool { return !b.Within(p) })
	})
}

// selectClose returns the answer in close-ups, or nil where the things that are marked aren't
// small; last is as in Select.
func (s *Scene) selectClose(ctx context.Context, marks []Mark, last *Answer) (*Answer, error) {
	a := &Answer{marks: len(marks), Mask: mask.New(s.size.X, s.size.Y), close: s.closeUps(marks)}
	for _, c := range a.close {
		was, known := last.closeUp(c)
		if err := c.solve(ctx, s, marks, was); err != nil {
			return nil, err
		}
		m := c.answer.Mask.Resized(s.size, c.within.Min)
		if !c.boxed {
			if ok, err := s.trusts(ctx, c, m, marks, known); !ok {
				return nil, err
			}
		}
		a.Mask = mask.Union(a.Mask, m)
	}
	if len(a.close) == 0 {
		return nil, ctx.Err()
	}
	return a, nil
}

// closeUp returns the close-up of an answer that shows a part of the canvas, or nil where it has
// none; known reports whether one of its close-ups is for some of the same marks.
func (a *Answer) closeUp(of *closeUp) (same *closeUp, known bool) {
	if a == nil {
		return nil, false
	}
	for _, c := range a.close {
		known = known || c.marked.In(of.marked)
		if c.within == of.within {
			same = c
		}
	}
	return same, known
}

// trusts reports whether an answer m in a close-up of strokes is a small thing: it fits into what
// is shown, and unless known reports that it was one before further strokes, these reach over
// much of it, and it stays much the same where more is shown. Part of a larger thing, without edges
// of its own, doesn't.
func (s *Scene) trusts(ctx context.Context, c *closeUp, m *mask.Mask, marks []Mark, known bool) (bool, error) {
	extent, area := float64(s.extent(c)*s.by), m.Area()
	switch {
	case area == 0 || !s.fits(c, m):
		return false, ctx.Err()
	case known:
		return true, nil
	case area > filled*extent*extent:
		return false, ctx.Err()
	}
	more := &closeUp{marked: c.marked, within: s.surroundings(c, wider*s.extent(c))}
	if err := more.solve(ctx, s, marks, nil); err != nil {
		return false, err
	}
	o := more.answer.Mask.Resized(s.size, more.within.Min)
	return mask.Intersect(m, o).Area() >= steadfast*mask.Union(m, o).Area(), nil
}

// fits reports whether an answer doesn't reach the edges of what a close-up shows, except for the
// canvas's.
func (s *Scene) fits(c *closeUp, m *mask.Mask) bool {
	b, w := m.Bounding(), c.within
	return !(b.Min.X == w.Min.X && w.Min.X > 0 || b.Min.Y == w.Min.Y && w.Min.Y > 0 ||
		b.Max.X == w.Max.X && w.Max.X < s.size.X || b.Max.Y == w.Max.Y && w.Max.Y < s.size.Y)
}

// prepare makes the scene.
func (c *closeUp) prepare(ctx context.Context, s *Scene) (err error) {
	size, count := c.within.Size(), coarse
	if c.boxed {
		count = fine
	}
	c.scene, err = prepare(ctx, &Scene{
		size: size, by: (max(size.X, size.Y) + closest - 1) / closest, isClose: true, count: count, leastStep: 1,
		pixels: func(r image.Rectangle) *image.NRGBA {
			img := s.pixels(r.Add(c.within.Min))
			return &image.NRGBA{Pix: img.Pix[img.PixOffset(img.Rect.Min.X, img.Rect.Min.Y):], Stride: img.Stride, Rect: r}
		},
	})
	return err
}

// solve finds the answer, which goes on from that of was, the same part of the canvas, unless it is
// nil. Where nothing is found in a box its middle is taken for inside.
func (c *closeUp) solve(ctx context.Context, s *Scene, marks []Mark, was *closeUp) (err error) {
	var last *Answer
	if was != nil {
		c.scene, last = was.scene, was.answer
	} else if err = c.prepare(ctx, s); err != nil {
		return err
	}
	moved := make([]Mark, len(marks), len(marks)+1)
	for i, m := range marks {
		moved[i] = m.moved(c.within)
	}
	c.answer, err = c.scene.Select(ctx, moved, last)
	if err != nil || !c.boxed || last != nil || !c.answer.Mask.Empty() {
		return err
	}
	r := image.Rectangle{c.marked.Min.Mul(s.by), c.marked.Max.Mul(s.by)}
	click := Mark{Points: []Point{{X: float64(r.Min.X+r.Max.X) / 2, Y: float64(r.Min.Y+r.Max.Y) / 2}}, Radius: float64(min(r.Dx(), r.Dy())) / 3}
	if c.answer, err = c.scene.Select(ctx, append(moved, click.moved(c.within)), nil); err == nil {
		c.answer.marks = len(marks)
	}
	return err
}

// moved returns the mark in the coordinates of a part of the canvas.
func (m Mark) moved(to image.Rectangle) Mark {
	points := make([]Point, len(m.Points))
	for i, p := range m.Points {
		points[i] = Point{X: p.X - float64(to.Min.X), Y: p.Y - float64(to.Min.Y)}
	}
	m.Points = points
	if m.Mask != nil {
		m.Mask = m.Mask.Resized(to.Size(), image.Point{}.Sub(to.Min))
	}
	return m
}
