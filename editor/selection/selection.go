// Package selection is interactive segmentation: it turns strokes over an object and beside
// it, clicks and boxes into a soft mask of the object.
//
// A picture is prepared once, at a smaller size: as superpixels (Achanta et al., "SLIC
// Superpixels", 2012) with their mean colours and textures, and the differences between
// neighbours. Marks label some of the superpixels. Two Gaussian mixtures, of the object and of
// the rest, are fitted to these (Rother, Kolmogorov and Blake, "GrabCut", 2004), geodesic
// distances (Bai and Sapiro, "A Geodesic Framework", 2007) favour what is near the marks, and a
// minimum cut (package cut) separates the object from the rest; mixtures and cut are then
// iterated. Along the border single pixels are cut once more (Li et al., "Lazy Snapping",
// 2004), and a guided filter (package guided) refines the border softly at full size.
//
// A first click is tried at several sizes. The answer is the one whose border differs most from
// its inside and in whose middle the click lies.
//
// Within a box several first guesses are tried, too. What is joined to the outside of the box, and
// differs little from it, hardly counts as the object.
//
// Small boxes, and short strokes on small things, are answered in close-ups: scenes of their
// surroundings with superpixels of few pixels. A short stroke's answer there counts where it has
// edges of its own and isn't much larger than the stroke.
//
// A further stroke starts from the last answer; one inside removes nothing, and one outside
// adds nothing. A stroke inside adds what is near it, relative to its own size, unless most of
// the object is missing: then larger objects are tried. A stroke outside limits how far the
// object extends in all directions. Results don't depend on the number of processors.
package selection

import (
	"context"
	"image"

	"overpaint.dev/overpaint/editor/mask"
)

// Point is a position in canvas pixels.
type Point = mask.Point

// Mark is a stroke, a click, a box or a painted area.
type Mark struct {
	// Points are the points of a stroke; a single one is a click. For a Box they are two
	// opposite corners.
	Points []Point
	// Radius is the brush's radius in canvas pixels.
	Radius float64
	// Box reports that the object lies within the box.
	Box bool
	// Mask, unless nil, is a painted area in place of Points, of the canvas's size.
	Mask *mask.Mask
	// Outside reports that the marked pixels don't belong to the object; for a box, all
	// pixels within it.
	Outside bool
}

// Within reports whether a box holds a position.
func (m Mark) Within(p Point) bool {
	if !m.Box || len(m.Points) < 2 {
		return false
	}
	a, b := m.Points[0], m.Points[1]
	return p.X >= min(a.X, b.X) && p.X <= max(a.X, b.X) && p.Y >= min(a.Y, b.Y) && p.Y <= max(a.Y, b.Y)
}

// Answer is the selection for some marks, with the fitted models. It is immutable, so any
// number of goroutines may read it.
type Answer struct {
	// Mask is the selection, of the canvas's size.
	Mask *mask.Mask

	marks  int // the number of marks that it answers
	models models
	inside []bool     // by superpixel; nil in an answer of close-ups
	close  []*closeUp // which gave the answer
}

// Select returns the selection for marks; of two that contradict each other the later counts.
// last, unless nil, is the answer to the first of these marks, from which the selection
// continues: if all further marks are inside nothing is removed, and if all are outside nothing
// is added. Without a mark inside or a box the selection is empty. The only error is ctx's.
func (s *Scene) Select(ctx context.Context, marks []Mark, last *Answer) (*Answer, error) {
	if last != nil && last.marks > len(marks) {
		last = nil
	}
	var a *Answer
	var err error
	if last == nil || last.inside == nil {
		a, err = s.selectClose(ctx, marks, last)
	}
	if a == nil && err == nil {
		a, err = s.selectAll(ctx, marks, last)
	}
	if err != nil {
		return nil, err
	}
	if last == nil || last.inside == nil && last.close == nil { // nothing was marked inside
		return a, nil
	}
	switch in, out := sides(marks[last.marks:]); { // the border was cut again and may have moved
	case in && !out:
		a.Mask = mask.Union(last.Mask, a.Mask)
	case out && !in:
		a.Mask = mask.Intersect(last.Mask, a.Mask)
	}
	return a, nil
}

// selectAll returns the answer that is found in the whole picture.
func (s *Scene) selectAll(ctx context.Context, marks []Mark, last *Answer) (*Answer, error) {
	k := s.read(marks)
	a := &Answer{marks: len(marks)}
	if !k.some[inside] && !k.boxed {
		a.Mask = mask.New(s.size.X, s.size.Y)
		return a, ctx.Err()
	}
	if last != nil && last.inside == nil {
		last = nil
	}
	if err := s.solve(ctx, k, a, last, marks); err != nil {
		return nil, err
	}
	var err error
	a.Mask, err = s.smoothly(ctx, k, a)
	return a, err
}

// sides reports whether there are marks inside and marks outside; a box is both.
func sides(marks []Mark) (in, out bool) {
	for _, m := range marks {
		in, out = in || !m.Outside, out || m.Outside || m.Box
	}
	return in, out
}

// keep keeps superpixels inside where all further marks are inside, and outside where all are
// outside, except for labelled ones.
func (a *Answer) keep(k *known, last *Answer, in, out bool) {
	for i, was := range last.inside {
		switch {
		case k.part[i] != unknown:
		case in && !out:
			a.inside[i] = a.inside[i] || was
		case out && !in:
			a.inside[i] = a.inside[i] && was
		}
	}
}

// smoothly returns the soft mask of an answer's superpixels.
func (s *Scene) smoothly(ctx context.Context, k *known, a *Answer) (*mask.Mask, error) {
	hard, err := s.border(ctx, k, a)
	if err != nil {
		return nil, err
	}
	return s.refine(ctx, hard)
}

// Size returns the canvas's size.
func (s *Scene) Size() image.Point { return s.size }
