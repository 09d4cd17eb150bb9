package recipe_test

import (
	"bytes"
	"image"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/recipe"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/editor/mask"
)

// square is a mask of a picture of that size.
func square(size image.Point, at image.Rectangle) *mask.Mask {
	a := image.NewAlpha(image.Rectangle{Max: size})
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			a.Pix[a.PixOffset(x, y)] = 255
		}
	}
	return mask.FromAlpha(a, size)
}

func options() job.Options {
	o := job.DefaultOptions()
	o.Prompt, o.Model, o.N, o.Size, o.Seed, o.Spots = "no lamp post", "gpt-image-1", 4, image.Pt(1024, 1024), 7, job.SpotsEach
	o.Extra = map[string]string{"quality": "high"}
	o.User, o.ResponseFormat = "somebody", "url"
	o.Region.Context, o.Blend.Feather, o.Blend.KeepMore = 0.7, 9, true
	return o
}

func written(t *testing.T, r *recipe.Recipe) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	m := square(image.Pt(60, 40), image.Rect(20, 10, 40, 30))
	made, err := recipe.Of(options(), "Relay", m)
	if err != nil {
		t.Fatal(err)
	}
	data := written(t, made)
	if bytes.Contains(data, []byte("somebody")) {
		t.Errorf("it names the person: %s", data)
	}
	path := filepath.Join(t.TempDir(), "a"+recipe.Extension)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Open(path, "a")
	if err != nil || !reflect.DeepEqual(r, made) {
		t.Fatalf("read is %+v: %v", r, err)
	}
	got, err := r.MaskFor(image.Pt(60, 40), "a")
	if err != nil || !got.Equal(m) {
		t.Errorf("the mask is another one: %v", err)
	}
	if got, err = r.MaskFor(image.Pt(120, 80), "a"); err != nil || got.Size() != image.Pt(120, 80) || got.At(60, 40) != 255 || got.At(10, 10) != 0 {
		t.Errorf("the stretched mask is %v: %v", got.Size(), err)
	}
	p, o := profile.Builtin().For("gpt-image-2", ""), job.DefaultOptions()
	r.Fill(&o, p)
	want := options()
	want.Prompt, want.Model, want.User, want.ResponseFormat = "", "", "", ""
	if !reflect.DeepEqual(o, want) {
		t.Errorf("the options are\n%+v, not\n%+v", o, want)
	}
}

func TestWhatAModelDoesNotHaveIsLeftOut(t *testing.T) {
	r, err := recipe.Of(options(), "Relay", nil)
	if err != nil || r.Mask != nil || r.Whole {
		t.Fatalf("without a mask: %+v, %v", r, err)
	}
	if m, err := r.MaskFor(image.Pt(1, 1), "a"); m != nil || err != nil {
		t.Errorf("a mask comes: %v, %v", m, err)
	}
	p := profile.Classic()
	p.MaxN, p.Sizes, p.Multiple = 2, []image.Point{{256, 256}}, 0
	o := job.DefaultOptions()
	r.Fill(&o, p)
	if o.N != 2 || o.Size != (image.Point{}) || len(o.Extra) != 0 {
		t.Errorf("%+v", o)
	}
	whole := job.Options{Whole: true, All: true}
	if r, err = recipe.Of(whole, "Relay", mask.New(3, 3)); err != nil || !r.Whole || !r.All {
		t.Errorf("of a whole picture: %+v, %v", r, err)
	}
	if r, err = recipe.Of(whole, "Relay", mask.All(image.Pt(3, 3))); err != nil || r.Whole || r.All {
		t.Errorf("with a mask: %+v, %v", r, err)
	}
}

func TestRefusedRecipes(t *testing.T) {
	text.Use("en")
	t.Cleanup(func() { text.Use("") })
	for name, c := range map[string]struct{ file, says string }{
		"nothing":      {"", "is not a recipe"},
		"JSON":         {`{"version": 1}`, "is not a recipe"},
		"two":          {`{"overpaint_recipe": 1} {}`, "is not a recipe"},
		"no UTF-8":     {"{\"overpaint_recipe\": 1, \"prompt\": \"\xff\"}", "is not a recipe"},
		"zero":         {`{"overpaint_recipe": 0}`, "is not a recipe"},
		"newer":        {`{"overpaint_recipe": 2, "steps": []}`, "newer Overpaint"},
		"unknown":      {`{"overpaint_recipe": 1, "price": 3}`, "“price”"},
		"another kind": {`{"overpaint_recipe": 1, "n": "3"}`, "“n”"},
		"number":       {`{"overpaint_recipe": 1, "n": 101}`, "“n”"},
		"size":         {`{"overpaint_recipe": 1, "size": "large"}`, "“size”"},
		"spots":        {`{"overpaint_recipe": 1, "spots": "many"}`, "“spots”"},
		"prompt":       {`{"overpaint_recipe": 1, "prompt": "` + strings.Repeat("a", 100_001) + `"}`, "“prompt”"},
		"fields":       {`{"overpaint_recipe": 1, "fields": {"": "x"}}`, "“fields”"},
		"window":       {`{"overpaint_recipe": 1, "window": {"context": -1}}`, "“window”"},
		"blend":        {`{"overpaint_recipe": 1, "blend": {"opacity": 2}}`, "“blend”"},
		"in blend":     {`{"overpaint_recipe": 1, "blend": {"opacities": 1}}`, "“opacities”"},
		"whole":        {`{"overpaint_recipe": 1, "whole": true, "mask": "AAAA"}`, "“whole”"},
		"all":          {`{"overpaint_recipe": 1, "all": true}`, "“all”"},
		"mask":         {`{"overpaint_recipe": 1, "mask": "AAAA"}`, "“mask”"},
		"no base64":    {`{"overpaint_recipe": 1, "mask": "!"}`, "“mask”"},
	} {
		r, err := recipe.Read([]byte(c.file), "R")
		if err == nil || r != nil {
			t.Errorf("%s: it is taken", name)
			continue
		}
		fault := api.AsError(err)
		if got := text.T(fault.Text().Key, fault.Text().Args...); fault.Kind != api.KindInput || !strings.Contains(got, c.says) || !strings.Contains(got, "R") {
			t.Errorf("%s: it says %q", name, got)
		}
	}
	if _, err := recipe.Read(make([]byte, 64<<20+1), "R"); api.AsError(err).Text().Key != "input.recipe_long" {
		t.Errorf("a long one: %v", err)
	}
	if _, err := recipe.Open(filepath.Join(t.TempDir(), "gone"), "gone"); api.AsError(err).Text().Key != "input.no_file" {
		t.Errorf("none: %v", err)
	}
	made, err := recipe.Of(job.Options{}, "", mask.All(image.Pt(200, 200)))
	if err != nil {
		t.Fatal(err)
	}
	made.Mask = made.Mask[:len(made.Mask)/2]
	r, err := recipe.Read(written(t, made), "R")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.MaskFor(image.Pt(2, 2), "R"); api.AsError(err).Text().Key != "input.recipe_bad" {
		t.Errorf("a damaged mask: %v", err)
	}
}

// FuzzRead reads anything: nothing panics, and what is taken is written and read as the same.
func FuzzRead(f *testing.F) {
	made, err := recipe.Of(options(), "Relay", square(image.Pt(6, 4), image.Rect(2, 1, 4, 3)))
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := made.Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"overpaint_recipe": 1, "blend": {"opacity": 1e400}, "whole": true}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := recipe.Read(data, "R")
		if err != nil {
			if api.AsError(err).Kind != api.KindInput {
				t.Fatalf("it is %v", err)
			}
			return
		}
		o := job.DefaultOptions()
		r.Fill(&o, profile.Classic())
		again, err := recipe.Read(written(t, r), "R")
		if err != nil || !bytes.Equal(written(t, again), written(t, r)) {
			t.Fatalf("%+v is read again as %+v: %v", r, again, err)
		}
	})
}
