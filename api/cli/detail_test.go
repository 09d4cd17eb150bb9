package cli_test

import (
	"image"
	"image/color"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/apitest"
)

// TestEnlargedAnswersGetDetail sends a large part of a photo at half its scale.
func TestEnlargedAnswersGetDetail(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	b := newBench(t)
	r := apitest.New(t)
	t.Setenv("OVERPAINT_API_KEY", r.Key)
	const photo = "../../assets/photos/flower.jpg"
	m := image.NewNRGBA(image.Rect(0, 0, 2268, 1512))
	for y := range 1512 {
		for x := range 2268 {
			if !image.Pt(x, y).In(image.Rect(700, 300, 1500, 1000)) {
				m.SetNRGBA(x, y, color.NRGBA{A: 255})
			}
		}
	}
	writePNG(t, b.path("spot.png"), m)
	edit := func(args ...string) (outcome, map[string]any) {
		o := run(t.Context(), append([]string{
			"edit", "-out", b.out, "-base-url", r.Base("recolours"), "-model", "dall-e-2", "-size", "512x512",
			"-mask", b.path("spot.png"), "-prompt", "x", "-json", "-format", "png", photo,
		}, args...)...)
		if o.status != 0 || o.last(t, "done")["outside_changed"] != 0.0 {
			t.Fatalf("status %d: %s", o.status, o.stderr)
		}
		d, _ := o.one(t, "variant")["detail"].(map[string]any)
		return o, d
	}
	o, d := edit()
	if d == nil || d["enlarged_times"].(float64) < 1.5 || d["sharpened_percent"].(float64)+d["grain"].(float64) == 0 {
		t.Errorf("detail: %v", d)
	}
	if !strings.Contains(o.stderr, "The answer was enlarged 2.") {
		t.Errorf("said: %s", o.stderr)
	}
	o, d = edit("-sharpen=false", "-grain=false")
	if d == nil || d["sharpened_percent"] != 0.0 || d["grain"] != 0.0 || !strings.Contains(o.stderr, "softer than the photo") {
		t.Errorf("switched off: %v: %s", d, o.stderr)
	}
}
