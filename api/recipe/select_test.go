package recipe_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/selection"
)

// ball is a grey picture with a red disc.
func ball(size, centre image.Point, radius float64) *document.State {
	img := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			c := color.NRGBA{120, 122, 121, 255}
			if math.Hypot(float64(x-centre.X), float64(y-centre.Y)) < radius {
				c = color.NRGBA{210, 40, 30, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return document.NewState(&picture.Picture{Pix: img})
}

// selecting is a recipe whose mask a stroke over the middle had selected.
func selecting(t *testing.T) *recipe.Recipe {
	t.Helper()
	size := image.Pt(200, 150)
	m := mask.Rectangle(size, mask.Point{X: 80, Y: 55}, mask.Point{X: 120, Y: 95})
	r, err := recipe.Of(job.DefaultOptions(), "builtin", m)
	if err != nil {
		t.Fatal(err)
	}
	r.Select = recipe.Drawn([]selection.Mark{{Points: []selection.Point{{X: 90, Y: 75}, {X: 110, Y: 75}}, Radius: 6}}, size)
	return reread(t, r)
}

// reread writes a recipe and reads it.
func reread(t *testing.T, r *recipe.Recipe) *recipe.Recipe {
	t.Helper()
	var file bytes.Buffer
	if err := r.Write(&file); err != nil {
		t.Fatal(err)
	}
	read, err := recipe.Read(file.Bytes(), "r")
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// TestWhatLiesThereIsSelected on another picture, and not what was on the first.
func TestWhatLiesThereIsSelected(t *testing.T) {
	s := ball(image.Pt(400, 300), image.Pt(210, 155), 70)
	m, err := selecting(t).MaskOn(t.Context(), s, "r")
	if err != nil {
		t.Fatal(err)
	}
	if at := m.At(260, 180); at < 128 { // within the disc, and not in the mask stretched
		t.Errorf("the disc's edge is covered by %d", at)
	}
	if at := m.At(40, 40); at != 0 {
		t.Errorf("beside it %d", at)
	}
	again, err := selecting(t).MaskOn(t.Context(), s, "r")
	if err != nil || !again.Equal(m) {
		t.Errorf("another time it is another mask: %v", err)
	}
	plain := selecting(t)
	plain.Select = nil
	if m, err = plain.MaskOn(t.Context(), s, "r"); err != nil || m.At(260, 200) != 0 || m.At(200, 150) != 255 {
		t.Errorf("stretched it is %v", err)
	}
}

// TestMarksOutOfTheirRangeAreRefused, as all of a recipe.
func TestMarksOutOfTheirRangeAreRefused(t *testing.T) {
	for name, change := range map[string]func(*recipe.Recipe){
		"no mask":      func(r *recipe.Recipe) { r.Mask = nil },
		"no points":    func(r *recipe.Recipe) { r.Select[0].Points = nil },
		"far away":     func(r *recipe.Recipe) { r.Select[0].Points[0][1] = 7 },
		"a box of one": func(r *recipe.Recipe) { r.Select[0].Box, r.Select[0].Points = true, [][2]float64{{0.5, 0.5}} },
		"radius":       func(r *recipe.Recipe) { r.Select[0].Radius = 2 },
		"too many":     func(r *recipe.Recipe) { r.Select = append(r.Select, make([]recipe.Mark, 300)...) },
	} {
		r := selecting(t)
		change(r)
		var file bytes.Buffer
		if err := r.Write(&file); err != nil {
			t.Fatal(err)
		}
		if _, err := recipe.Read(file.Bytes(), "r"); err == nil {
			t.Errorf("%s: it was read", name)
		}
	}
	file := `{"overpaint_recipe": 1, "select": [{"points": [[0.5, 0.5]], "where": 1}]}`
	if _, err := recipe.Read([]byte(file), "r"); err == nil || !strings.Contains(err.Error(), "recipe_bad") {
		t.Errorf("an unknown field: %v", err)
	}
	size := image.Pt(100, 100)
	if recipe.Drawn([]selection.Mark{{Mask: mask.New(100, 100), Points: []selection.Point{{X: 1, Y: 1}}}}, size) != nil {
		t.Error("a painted mask was drawn with points")
	}
}
