package selection

import (
	"context"
	"image"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/mask"
)

const (
	// smallBox is the longer side, in steps of the grid of superpixels, up to which a box is
	// small: what is in it consists of few superpixels.
	smallBox = 8
	// closest is the largest longer side of a close-up in working pixels, closeCount the
	// approximate number of its superpixels; they may be single pixels.
	closest, closeCount = 512, 4000
)

// closeUp is the answer for one small box: it is found in a scene of the box and its
// surroundings alone, with finer superpixels.
type closeUp struct {
	box    Mark            // of the canvas
	within image.Rectangle // its surroundings, in canvas pixels
	scene  *Scene
	answer *Answer
}

// closeUps returns a close-up for each box, without scene and answer, where all boxes are small
// and nothing outside of them is marked as inside; else nil.
func (s *Scene) closeUps(marks []Mark) (all []*closeUp) {
	if s.isClose {
		return nil
	}
	for _, m := range marks {
		if !m.Box || m.Outside || len(m.Points) < 2 {
			continue
		}
		b := s.box(m)
		longer := max(b.Dx(), b.Dy())
		if longer > smallBox*s.step {
			return nil
		}
		if longer > 0 {
			b = b.Inset(-longer/2 - reach)
			all = append(all, &closeUp{box: m, within: image.Rectangle{b.Min.Mul(s.by), b.Max.Mul(s.by)}.Intersect(image.Rectangle{Max: s.size})})
		}
	}
	for _, m := range marks {
		if !m.Box && !m.Outside && !m.liesIn(all) {
			return nil
		}
	}
	return all
}

// liesIn reports whether one of the boxes holds all of a stroke.
func (m *Mark) liesIn(boxes []*closeUp) bool {
	return m.Mask == nil && slices.ContainsFunc(boxes, func(c *closeUp) bool {
		return !slices.ContainsFunc(m.Points, func(p Point) bool { return !c.box.Within(p) })
	})
}

// selectClose returns the answer that close-ups give to marks; last is as in Select.
func (s *Scene) selectClose(ctx context.Context, close []*closeUp, marks []Mark, last *Answer) (*Answer, error) {
	a := &Answer{marks: len(marks), Mask: mask.New(s.size.X, s.size.Y), close: close}
	for _, c := range close {
		var before *Answer
		if was := last.closeUp(c.within); was != nil {
			c.scene, before = was.scene, was.answer
		} else if err := c.prepare(ctx, s); err != nil {
			return nil, err
		}
		if err := c.solve(ctx, marks, before); err != nil {
			return nil, err
		}
		a.Mask = mask.Union(a.Mask, c.answer.Mask.Resized(s.size, c.within.Min))
	}
	return a, nil
}

// prepare makes the scene.
func (c *closeUp) prepare(ctx context.Context, s *Scene) (err error) {
	size := c.within.Size()
	c.scene, err = prepare(ctx, &Scene{
		size: size, by: (max(size.X, size.Y) + closest - 1) / closest, isClose: true, count: closeCount, leastStep: 1,
		pixels: func(r image.Rectangle) *image.NRGBA {
			img := s.pixels(r.Add(c.within.Min))
			return &image.NRGBA{Pix: img.Pix[img.PixOffset(img.Rect.Min.X, img.Rect.Min.Y):], Stride: img.Stride, Rect: r}
		},
	})
	return err
}

// solve finds the answer. Where there is none the box's middle is taken for inside.
func (c *closeUp) solve(ctx context.Context, marks []Mark, last *Answer) (err error) {
	moved := make([]Mark, len(marks), len(marks)+1)
	for i, m := range marks {
		moved[i] = m.moved(c.within)
	}
	if c.answer, err = c.scene.Select(ctx, moved, last); err != nil || !c.answer.Mask.Empty() || last != nil {
		return err
	}
	if c.answer, err = c.scene.Select(ctx, append(moved, c.middle()), nil); err == nil {
		c.answer.marks = len(marks)
	}
	return err
}

// middle returns a click on the box's middle, a third of the box large.
func (c *closeUp) middle() Mark {
	a, b := c.box.Points[0], c.box.Points[1]
	at := Mark{Points: []Point{{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2}}, Radius: min(math.Abs(a.X-b.X), math.Abs(a.Y-b.Y)) / 3}
	return at.moved(c.within)
}

// closeUp returns the close-up of an area from an answer, or nil where it has none.
func (a *Answer) closeUp(within image.Rectangle) *closeUp {
	if a == nil {
		return nil
	}
	for _, c := range a.close {
		if c.within == within {
			return c
		}
	}
	return nil
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
