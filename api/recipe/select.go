package recipe

import (
	"context"
	"image"
	"math"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/selection"
)

// Mark is one thing that was drawn with Quick selection, in parts of the picture's size, so
// that it can be drawn on another one.
type Mark struct {
	// Points are the way of a stroke, one of them a click, of a box two opposite corners:
	// x as a part of the width and y as one of the height.
	Points [][2]float64 `json:"points"`
	// Radius is the brush's as a part of the longer side, 0 to 1.
	Radius float64 `json:"radius,omitempty"`
	Box    bool    `json:"box,omitempty"`
	// Outside: what was drawn over is not wanted.
	Outside bool `json:"outside,omitempty"`
}

// What a recipe may have of marks at most.
const (
	maxMarks  = 200
	maxPoints = 10_000 // of one mark
)

// Drawn returns marks that were drawn on a picture of some size as a recipe has them, nil
// where one of them can't be drawn again.
func Drawn(marks []selection.Mark, size image.Point) []Mark {
	var all []Mark
	longer := float64(max(size.X, size.Y, 1))
	for _, m := range marks {
		if m.Mask != nil || len(m.Points) == 0 {
			return nil
		}
		one := Mark{Radius: m.Radius / longer, Box: m.Box, Outside: m.Outside}
		for _, p := range m.Points {
			one.Points = append(one.Points, [2]float64{p.X / float64(size.X), p.Y / float64(size.Y)})
		}
		all = append(all, one)
	}
	if !selects(all) {
		return nil
	}
	return all
}

// selects reports that marks are within what a recipe may have.
func selects(marks []Mark) bool {
	if len(marks) > maxMarks {
		return false
	}
	for _, m := range marks {
		n := len(m.Points)
		if n == 0 || n > maxPoints || m.Box && n != 2 || !(m.Radius >= 0 && m.Radius <= 1) {
			return false
		}
		for _, p := range m.Points {
			if math.Abs(p[0]-0.5) > 1 || math.Abs(p[1]-0.5) > 1 || math.IsNaN(p[0]) || math.IsNaN(p[1]) {
				return false
			}
		}
	}
	return true
}

// on returns the mark on a picture of some size.
func (m Mark) on(size image.Point) selection.Mark {
	one := selection.Mark{Radius: m.Radius * float64(max(size.X, size.Y)), Box: m.Box, Outside: m.Outside}
	for _, p := range m.Points {
		one.Points = append(one.Points, selection.Point{X: p[0] * float64(size.X), Y: p[1] * float64(size.Y)})
	}
	return one
}

// MaskOn returns the mask for a picture: what the recipe finds in it, or what its marks
// select of it, one after the other as they were drawn, else the recipe's mask stretched to it (MaskFor), or nil
// where it has none. name is what sentences call the recipe. Errors are *api.Error of
// KindInput, and ctx's. Selecting takes about a second for some megapixels.
func (r *Recipe) MaskOn(ctx context.Context, s *document.State, name string) (*mask.Mask, error) {
	if r.Find != "" {
		return r.found(ctx, s, name)
	}
	if len(r.Select) == 0 {
		return r.MaskFor(s.Size, name)
	}
	scene, err := selection.Prepare(ctx, s.Size, s.Pixels)
	if err != nil {
		return nil, err
	}
	var marks []selection.Mark
	var last *selection.Answer
	for _, m := range r.Select {
		marks = append(marks, m.on(s.Size))
		if last, err = scene.Select(ctx, marks, last); err != nil {
			return nil, err
		}
	}
	if last.Mask.Empty() {
		return nil, api.InputError("input.recipe_select", "File", name)
	}
	return last.Mask, nil
}

// found returns what there is in a picture of what the recipe finds.
func (r *Recipe) found(ctx context.Context, s *document.State, name string) (*mask.Mask, error) {
	m, err := r.Find.Find(ctx, s.Size, s.Pixels)
	switch {
	case err != nil:
		return nil, err
	case m.Empty():
		return nil, api.InputError("input.recipe_find", "File", name)
	case r.Inverted:
		return m.Invert(), nil
	}
	return m, nil
}
