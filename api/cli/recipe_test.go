package cli_test

import (
	"bytes"
	"image"
	"os"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/editor/mask"
)

// recipe writes a recipe with the bench's mask, made for a connection, and returns its path.
func (b *bench) recipe(connection string, change func(*recipe.Recipe)) string {
	b.t.Helper()
	data, err := os.ReadFile(b.path("mask.png"))
	if err != nil {
		b.t.Fatal(err)
	}
	m, err := mask.Decode(data, image.Pt(120, 90))
	if err != nil {
		b.t.Fatal(err)
	}
	o := job.DefaultOptions()
	o.Prompt, o.N, o.Size = "a hat", 2, image.Pt(256, 256)
	r, err := recipe.Of(o, connection, m)
	if err != nil {
		b.t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	var file bytes.Buffer
	if err := r.Write(&file); err != nil {
		b.t.Fatal(err)
	}
	path := b.path("hat" + recipe.Extension)
	write(b.t, path, file.Bytes())
	return path
}

// TestRecipeOfOtherPictures applies a recipe to pictures of other sizes within a budget, and
// resumes afterwards.
func TestRecipeOfOtherPictures(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	b, r := newBench(t), apitest.New(t)
	b.connect("Relay", r, "")
	for name, size := range map[string]image.Point{"a": {120, 90}, "b": {360, 200}, "below/c": {90, 120}} {
		writePNG(t, b.path("album/"+name+".png"), gradient(size.X, size.Y))
	}
	args := []string{"edit", "-r", "-recipe", b.recipe("Relay", nil), "-json", "-resume", "-concurrency", "1", "-out", b.out, b.path("album")}
	o := run(t.Context(), append(args, "-max-cost", "0.09")...)
	if o.status != 1 || o.counts(t) != [5]int{2, 0, 1, 0, 0} || r.Posts() != 2 {
		t.Fatalf("status %d, %v, %d requests: %s", o.status, o.counts(t), r.Posts(), o.stderr)
	}
	o = run(t.Context(), args...)
	if o.status != 0 || o.counts(t) != [5]int{1, 2, 0, 0, 0} || r.Posts() != 3 {
		t.Fatalf("status %d, %v, %d requests: %s", o.status, o.counts(t), r.Posts(), o.stderr)
	}
	if got := strings.Join(b.results(), " "); got != "a-1.png a-2.png b-1.png b-2.png below/c-1.png below/c-2.png" {
		t.Errorf("results %s", got)
	}
}

// TestFlagsOverrideTheRecipe, and so does the mask beside a picture.
func TestFlagsOverrideTheRecipe(t *testing.T) {
	b := newBench(t)
	path := b.recipe("Nobody's", func(r *recipe.Recipe) { r.Model = "m" })
	o := run(t.Context(), "edit", "-recipe", path, "-out", b.out, b.image)
	if o.status != 2 || !strings.Contains(o.stderr, "no connection named Nobody's") {
		t.Fatalf("status %d: %s", o.status, o.stderr)
	}
	o = run(t.Context(), "edit", "-recipe", path, "-engine", "builtin", "-n", "1", "-out", b.out, b.image)
	if o.status != 0 || b.files() != "beach-1.png" {
		t.Fatalf("status %d, files %s: %s", o.status, b.files(), o.stderr)
	}
	other := image.NewGray(image.Rect(0, 0, 120, 90))
	other.Pix[0] = 255
	writePNG(t, b.path("beach.mask.png"), other)
	o = run(t.Context(), "edit", "-recipe", path, "-engine", "builtin", "-n", "1", "-out", b.out, b.image)
	was, now := b.result("beach-1.png"), b.result("beach-2.png")
	if middle := hole.Min.Add(hole.Size().Div(2)); o.status != 0 || now.NRGBAAt(middle.X, middle.Y) != b.pixels.NRGBAAt(middle.X, middle.Y) || was.NRGBAAt(middle.X, middle.Y) == now.NRGBAAt(middle.X, middle.Y) {
		t.Errorf("status %d: the recipe's mask was taken: %s", o.status, o.stderr)
	}
}

// TestRefusedRecipe: a refused recipe sends no request.
func TestRefusedRecipe(t *testing.T) {
	b, r := newBench(t), apitest.New(t)
	b.connect("Relay", r, "")
	path := b.path("bad" + recipe.Extension)
	for file, says := range map[string]string{`{"overpaint_recipe": 1, "steps": []}`: `“steps”`, "x": "is not a recipe"} {
		write(t, path, []byte(file))
		if o := run(t.Context(), "edit", "-recipe", path, "-out", b.out, b.image); o.status != 2 || r.Posts() != 0 || !strings.Contains(o.stderr, says) || strings.Contains(o.stderr, b.dir) {
			t.Errorf("status %d, %d requests: %s", o.status, r.Posts(), o.stderr)
		}
	}
	empty := b.recipe("builtin", func(r *recipe.Recipe) {
		none, err := recipe.Of(job.Options{}, "", mask.All(image.Pt(1, 1)))
		if err != nil {
			t.Fatal(err)
		}
		none.Mask = none.Mask[:40]
		r.Mask = none.Mask
	})
	if o := run(t.Context(), "edit", "-recipe", empty, "-out", b.out, b.image); o.status != 2 || !strings.Contains(o.stderr, `“mask”`) {
		t.Errorf("a damaged mask: status %d: %s", o.status, o.stderr)
	}
}
