package recipe_test

import (
	"bytes"
	"image"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/editor/subject"
)

// finding is a recipe whose mask is that of a kind, written and read.
func finding(t *testing.T, kind subject.Kind, inverted bool) *recipe.Recipe {
	t.Helper()
	r := selecting(t)
	r.Select, r.Find, r.Inverted = nil, kind, inverted
	return reread(t, r)
}

// TestWhatARecipeNamesIsFoundOnAnotherPicture or all but that, and where it is missing it is
// said so.
func TestWhatARecipeNamesIsFoundOnAnotherPicture(t *testing.T) {
	s := ball(image.Pt(400, 300), image.Pt(260, 155), 70)
	for inverted, want := range map[bool][2]uint8{false: {0, 255}, true: {255, 0}} {
		m, err := finding(t, subject.Background, inverted).MaskOn(t.Context(), s, "r")
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]uint8{m.At(260, 155), m.At(20, 20)}; got != want {
			t.Errorf("inverted %t: the disc and beside it are %v, want %v", inverted, got, want)
		}
	}
	if _, err := finding(t, subject.People, true).MaskOn(t.Context(), s, "r"); err == nil || !strings.Contains(err.Error(), "recipe_find") {
		t.Errorf("nobody: %v", err)
	}
}

// TestWhatCantBeFoundIsRefused, as all of a recipe.
func TestWhatCantBeFoundIsRefused(t *testing.T) {
	for name, change := range map[string]func(*recipe.Recipe){
		"no mask":      func(r *recipe.Recipe) { r.Select, r.Mask, r.Find = nil, nil, subject.Sky },
		"marks too":    func(r *recipe.Recipe) { r.Find = subject.Sky },
		"another kind": func(r *recipe.Recipe) { r.Select, r.Find = nil, "cat" },
		"of nothing":   func(r *recipe.Recipe) { r.Inverted = true },
	} {
		r := selecting(t)
		change(r)
		var file bytes.Buffer
		if err := r.Write(&file); err != nil {
			t.Fatal(err)
		}
		if _, err := recipe.Read(file.Bytes(), "r"); err == nil || !strings.Contains(err.Error(), "recipe_bad") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
