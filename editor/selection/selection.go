// Package selection finds the thing that the person points at: strokes over it and beside
// it, clicks and boxes become a soft mask.
//
// A picture is prepared once, at a smaller size: as superpixels (Achanta et al., "SLIC
// Superpixels", 2012) with their mean colours and textures, and how much neighbours differ.
// What was drawn is known of some of them. Two mixtures of normal distributions learn from
// these (Rother, Kolmogorov and Blake, "GrabCut", 2004), distances over the picture (as in
// Bai and Sapiro, "A Geodesic Framework", 2007) say what is near, and a minimum cut
// (package cut) parts thing and rest; models and cut then learn from each other. Along the
// border single pixels are cut once more (Li et al., "Lazy Snapping", 2004), and a guided
// filter (package guided) leads that border to the picture's own at full size, softly.
//
// What a first click selects is the one of several sizes whose border differs most from its
// inside, and in whose middle the click lies.
//
// A further stroke starts with what the last answer has learnt; one inside takes nothing away,
// and one outside adds nothing. What one inside takes in is near it, as its own size tells,
// unless much is missing: then larger things are tried. One outside tells how far the thing
// reaches to all sides. Results don't depend on the number of processors.
package selection

import (
	"context"
	"image"

	"overpaint.dev/overpaint/editor/mask"
)

// Point is a position in canvas pixels.
type Point = mask.Point

// Mark is one thing that the person drew.
type Mark struct {
	// Points are the way of a stroke, one of them a click. Of a Box they are two opposite
	// corners.
	Points []Point
	// Radius is the brush's, in canvas pixels.
	Radius float64
	// Box: the thing lies within the box.
	Box bool
	// Mask, unless nil, is what was drawn instead of Points, of the canvas's size.
	Mask *mask.Mask
	// Outside: what was drawn over is not wanted. Of a box, nothing within it is.
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

// Answer is what marks select, and what was learnt on the way. It is never changed, so any
// number of goroutines may read it.
type Answer struct {
	// Mask is what is selected, of the canvas's size.
	Mask *mask.Mask

	marks  int // that it answers
	models models
	inside []bool // superpixels
}

// Select returns what marks select; the later of two that contradict each other counts.
// last, unless nil, is the answer to the first of these marks, whose models are gone on
// with: where all further ones are inside it stays, and where all are outside nothing is added.
// Marks that say nothing of what is wanted select nothing. The only error is ctx's.
func (s *Scene) Select(ctx context.Context, marks []Mark, last *Answer) (*Answer, error) {
	k := s.read(marks)
	a := &Answer{marks: len(marks)}
	if !k.some[inside] && !k.boxed {
		a.Mask = mask.New(s.size.X, s.size.Y)
		return a, ctx.Err()
	}
	if last != nil && (last.inside == nil || last.marks > len(marks)) {
		last = nil
	}
	var in, out bool
	if last != nil {
		in, out = sides(marks[last.marks:])
	}
	if err := s.solve(ctx, k, a, last, marks); err != nil {
		return nil, err
	}
	m, err := s.smoothly(ctx, k, a)
	if err != nil {
		return nil, err
	}
	switch { // the border was cut anew
	case in && !out:
		m = mask.Union(last.Mask, m)
	case out && !in:
		m = mask.Intersect(last.Mask, m)
	}
	a.Mask = m
	return a, nil
}

// sides reports whether marks say what is inside and what is outside, as boxes do both.
func sides(marks []Mark) (in, out bool) {
	for _, m := range marks {
		in, out = in || !m.Outside, out || m.Outside || m.Box
	}
	return in, out
}

// keep has superpixels stay inside where all further marks are inside, and outside where all
// are outside, unless marks say otherwise.
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

// smoothly makes a mask of an answer's superpixels.
func (s *Scene) smoothly(ctx context.Context, k *known, a *Answer) (*mask.Mask, error) {
	hard, err := s.border(ctx, k, a)
	if err != nil {
		return nil, err
	}
	return s.refine(ctx, hard)
}

// Size returns the canvas's size.
func (s *Scene) Size() image.Point { return s.size }
