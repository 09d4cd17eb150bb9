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

// Mark is a mark of Quick selection, in fractions of the picture's size, so that it can be
// applied to another one.
type Mark struct {
	// Points are the path of a stroke, a single point for a click, or two opposite corners of a
	// box: x as a fraction of the width, y of the height.
	Points [][2]float64 `json:"points"`
	// Radius is the brush's radius as a fraction of the longer side, 0 to 1.
	Radius float64 `json:"radius,omitempty"`
	Box    bool    `json:"box,omitempty"`
	// Outside reports whether what was drawn over is not wanted.
	Outside bool `json:"outside,omitempty"`
}

// The limits of the marks of a recipe.
const (
	maxMarks  = 200
	maxPoints = 10_000 // of one mark
)

// Drawn converts marks on a picture of some size to those of a recipe, nil where one of them
// exceeds the limits.
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

// selects reports whether marks are within the limits.
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

// on converts the mark to a picture of some size.
func (m Mark) on(size image.Point) selection.Mark {
	one := selection.Mark{Radius: m.Radius * float64(max(size.X, size.Y)), Box: m.Box, Outside: m.Outside}
	for _, p := range m.Points {
		one.Points = append(one.Points, selection.Point{X: p[0] * float64(size.X), Y: p[1] * float64(size.Y)})
	}
	return one
}

// MaskOn returns the mask for a picture: the subject that the recipe finds in it, or what its
// marks select, applied in their order, else the recipe's mask scaled to it (MaskFor), or nil
// where it has none. name is the recipe's name in error messages. Errors are *api.Error of
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

// found returns the subject that the recipe finds in a picture.
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
