package cli_test

import (
	"encoding/base64"
	"encoding/json"
	"image"
	"image/color"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
)

// TestTranslucentAnswersChangeNothing has a service return translucent pictures bit by bit
// as it got them.
func TestTranslucentAnswersChangeNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	b := newBench(t)
	r := rand.New(rand.NewPCG(3, 4))
	img := image.NewNRGBA(image.Rect(0, 0, 256, 256))
	m := image.NewNRGBA(img.Rect)
	for y := range 256 {
		for x := range 256 {
			faint := []uint8{0, 1, 3, 90, 254, 255}[r.IntN(6)]
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(r.Uint32()), G: uint8(r.Uint32()), B: uint8(r.Uint32()), A: faint})
			if !image.Pt(x, y).In(image.Rect(60, 60, 100, 110)) && !image.Pt(x, y).In(image.Rect(180, 190, 200, 220)) {
				m.SetNRGBA(x, y, color.NRGBA{A: 255})
			}
		}
	}
	writePNG(t, b.image, img)
	writePNG(t, b.path("mask.png"), m)
	s := newService(t, func(w http.ResponseWriter, _ *http.Request, form map[string]string) {
		json.NewEncoder(w).Encode(map[string]any{"data": []any{map[string]string{"b64_json": base64.StdEncoding.EncodeToString([]byte(form["image"]))}}})
	})
	for _, spots := range []string{"one", "auto"} {
		o := b.edit("-base-url", s.URL+"/v1", "-model", "dall-e-2", "-prompt", "x", "-size", "256x256", "-spots", spots)
		if o.status != 0 || len(b.files()) == 0 {
			t.Fatalf("%s: status %d: %s", spots, o.status, o.stderr)
		}
	}
	for _, name := range []string{"beach-1.png", "beach-2.png"} {
		if got := b.result(name); !slices.Equal(got.Pix, img.Pix) {
			t.Errorf("%s differs from the picture", name)
		}
	}
}
