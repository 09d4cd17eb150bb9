package cli_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"image"
	"net/http"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/editor/colour"
	"overpaint.dev/overpaint/editor/picture"
)

// TestServicesSeeSRGBAndFilesKeepTheirSpace edits pictures in other colour spaces by a
// service that returns the picture that it got.
func TestServicesSeeSRGBAndFilesKeepTheirSpace(t *testing.T) {
	if testing.Short() {
		t.Skip("slow with the race detector")
	}
	for name, space := range map[string]*colour.Space{"p3": colour.Coded(12, 13), "adobe": colour.AdobeRGB()} {
		b := newBench(t)
		s := newService(t, func(w http.ResponseWriter, _ *http.Request, form map[string]string) {
			_ = json.NewEncoder(w).Encode(map[string]any{"data": []map[string]string{{"b64_json": base64.StdEncoding.EncodeToString([]byte(form["image"]))}}})
		})
		own := space.Of(b.pixels)
		b.pixels = own
		path := b.saved(name+".png", picture.Encoding{Format: picture.PNG, Meta: picture.Metadata{ICC: space.Profile(), Space: space}})
		o := run(t.Context(), "edit", "-base-url", s.URL+"/v1", "-model", "dall-e-2", "-prompt", "a hat", "-mask", b.path("mask.png"), "-out", b.out, "-json", path)
		if o.status != 0 {
			t.Fatalf("%s: status %d, %s", name, o.status, o.stderr)
		}
		sent, err := picture.Decode([]byte(s.form["image"]), picture.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		// The window holds all of the picture, scaled up: its mean is the picture's.
		got, want := tone(sent.Pix), tone(space.SRGB(own))
		for c := range got {
			if d := got[c] - want[c]; sent.Meta.ICC != nil || d > 1 || d < -1 {
				t.Errorf("%s: channel %d was sent as %.1f, not %.1f", name, c, got[c], want[c])
			}
		}
		after := b.opened(filepath.Join(b.out, name+"-1.png"))
		if !bytes.Equal(after.Meta.ICC, space.Profile()) {
			t.Errorf("%s: the profile is gone", name)
		}
		for y := range 90 {
			for x := range 120 {
				at := own.PixOffset(x, y)
				p, q := own.Pix[at:at+4], after.Pix.Pix[at:at+4]
				switch in := image.Pt(x, y).In(hole.Inset(-20)); {
				case !in && !bytes.Equal(p, q):
					t.Fatalf("%s: at %d, %d it became %v of %v", name, x, y, q, p)
				case in:
					for c := range 3 {
						if d := int(p[c]) - int(q[c]); d > 12 || d < -12 { // it was scaled up and down
							t.Fatalf("%s: at %d, %d it came back as %v of %v", name, x, y, q, p)
						}
					}
				}
			}
		}
	}
}

// tone is the mean colour of a picture.
func tone(img *image.NRGBA) (mean [3]float64) {
	n := 0.0
	for i := 0; i < len(img.Pix); i += 4 {
		if img.Pix[i+3] == 0 {
			continue
		}
		n++
		for c := range 3 {
			mean[c] += float64(img.Pix[i+c])
		}
	}
	for c := range mean {
		mean[c] /= n
	}
	return mean
}
