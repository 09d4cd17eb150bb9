package cli_test

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/apitest"
)

// whole runs edit without a mask on a photo, against a relay that plays a scenario.
func (b *bench) whole(r *apitest.Relay, scenario string, args ...string) outcome {
	b.t.Helper()
	b.t.Setenv("OVERPAINT_API_KEY", r.Key)
	all := append([]string{"edit", "-out", b.out, "-base-url", r.Base(scenario), "-model", "gpt-image-2", "-prompt", "red flowers, blue now", "-json"}, args...)
	return run(b.t.Context(), append(all, "../../assets/photos/tulips.png")...)
}

func TestWholePictures(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	b := newBench(t)
	r := apitest.New(t)
	o := b.whole(r, "moves-all", "-whole")
	if o.status != 0 {
		t.Fatalf("status %d: %s", o.status, o.stderr)
	}
	q := r.Last()
	if q.File("mask") != nil || q.Field("size") != "1024x1024" {
		t.Fatalf("the mask was sent, or the size is %q", q.Field("size"))
	}
	queued, v, done := o.one(t, "queued"), o.one(t, "variant"), o.last(t, "done")
	if m, _ := v["motion"].(map[string]any); m == nil || m["finding"] != "moved" || m["zoom_percent"].(float64) < 1 || m["zoom_percent"].(float64) > 1.4 {
		t.Errorf("motion: %v", v["motion"])
	}
	if w := queued["window"].([]any); w[2] != 500.0 || w[3] != 500.0 {
		t.Errorf("window %v", w)
	}
	if c := v["changed_percent"].(float64); c < 30 || c > 60 || v["scale"].(float64) < 2 {
		t.Errorf("changed %v %%, scale %v", c, v["scale"])
	}
	if done["outside_changed"] != 0.0 || !strings.Contains(o.stderr, "put back") {
		t.Errorf("done %v: %s", done, o.stderr)
	}
	before, after := readPNG(t, "../../assets/photos/tulips.png"), b.result("tulips-1.png")
	same := 0
	for y := range 500 {
		for x := range 500 {
			if color.NRGBAModel.Convert(before.At(x, y)) == after.At(x, y) {
				same++
			}
		}
	}
	if part := float64(same) / 250000; part < 0.4 || part > 0.75 {
		t.Errorf("%.0f %% of the photo was kept", 100*part)
	}
	// With -keep-more=false, for restyling, the whole answer is used.
	o = b.whole(r, "recolours", "-whole", "-keep-more=false")
	if o.status != 0 || r.Last().File("mask") != nil {
		t.Fatalf("status %d: %s", o.status, o.stderr)
	}
}

func TestWholePicturesAreRefusedWhereTheyCannotBe(t *testing.T) {
	b := newBench(t)
	r := apitest.New(t)
	clear := image.NewNRGBA(image.Rect(0, 0, 60, 60))
	writePNG(t, b.path("clear.png"), clear)
	b.t.Setenv("OVERPAINT_API_KEY", r.Key)
	edit := func(args ...string) outcome {
		return run(t.Context(), append([]string{"edit", "-out", b.out, "-prompt", "x"}, args...)...)
	}
	for name, c := range map[string]struct {
		o    outcome
		want string
	}{
		"built-in":    {edit("-whole", b.image), "builtin"},
		"classic":     {edit("-whole", "-base-url", r.URL, "-model", "dall-e-2", b.image), "without a mask"},
		"transparent": {edit("-whole", "-base-url", r.URL, "-model", "gpt-image-2", b.path("clear.png")), "transparent"},
		"mask":        {edit("-whole", "-mask", b.path("mask.png"), "-base-url", r.URL, "-model", "gpt-image-2", b.image), "-mask"},
		"extend":      {edit("-whole", "-extend", "0,0,9,9", "-base-url", r.URL, "-model", "gpt-image-2", b.image), "-extend"},
	} {
		if c.o.status != 2 || !strings.Contains(c.o.stderr, c.want) {
			t.Errorf("%s: status %d: %s", name, c.o.status, c.o.stderr)
		}
	}
	if r.Posts() != 0 {
		t.Errorf("%d requests", r.Posts())
	}
}

// TestNoMask sends no mask; the result still changes only pixels within it.
func TestNoMask(t *testing.T) {
	b := newBench(t)
	r := apitest.New(t)
	b.t.Setenv("OVERPAINT_API_KEY", r.Key)
	o := b.edit("-base-url", r.Base("relights"), "-model", "gpt-image-2", "-prompt", "blue", "-no-mask", "-json")
	if o.status != 0 || r.Last().File("mask") != nil {
		t.Fatalf("status %d: %s", o.status, o.stderr)
	}
	if o.last(t, "done")["outside_changed"] != 0.0 {
		t.Errorf("done %v", o.last(t, "done"))
	}
	if compare(t, b.result("beach-1.png"), b.pixels, hole) == 0 {
		t.Error("the hole is as it was")
	}
}

// one returns the first event of a kind.
func (o outcome) one(t *testing.T, kind string) map[string]any {
	t.Helper()
	for _, e := range o.events(t) {
		if e["event"] == kind {
			return e
		}
	}
	t.Fatalf("there is no event %s", kind)
	return nil
}

func readPNG(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}
