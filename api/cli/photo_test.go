package cli_test

import (
	"bytes"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/jpeg"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/cli"
)

// TestPhotosAreNoMasks: an ordinary photo is refused as a mask and as scribbles; masks with
// soft edges, with compression's artefacts or of one colour, and strokes on a copy of the
// photo, are taken.
func TestPhotosAreNoMasks(t *testing.T) {
	newBench(t)
	dir := t.TempDir()
	photo := filepath.Join(dir, "photo.png")
	img := gradient(160, 120)
	writePNG(t, photo, img)
	out := filepath.Join(dir, "out.png")
	for _, args := range [][]string{{"-hug", photo}, {"-scribble", photo}, {"-similar", "5,5", "-within", photo}} {
		o := run(t.Context(), append(append([]string{"select"}, args...), "-o", out, photo)...)
		if o.status != cli.ExitInput || !strings.Contains(o.stderr, "ordinary photo") {
			t.Errorf("%q: %d, %q", args, o.status, o.stderr)
		}
	}
	if o := run(t.Context(), "edit", "-mask", photo, "-out", dir, photo); o.status != cli.ExitInput || !strings.Contains(o.stderr, "ordinary photo") {
		t.Errorf("edit: %d, %q", o.status, o.stderr)
	}
	deep := filepath.Join(dir, "deep.png")
	sixteen := image.NewNRGBA64(img.Rect)
	draw.Draw(sixteen, sixteen.Rect, img, image.Point{}, draw.Src)
	writePNG(t, deep, sixteen)
	if o := run(t.Context(), "edit", "-mask", deep, "-out", dir, photo); o.status != cli.ExitInput || !strings.Contains(o.stderr, "ordinary photo") {
		t.Errorf("16 bits: %d, %q", o.status, o.stderr)
	}
	paletted, grey := image.NewPaletted(img.Rect, palette.Plan9), image.NewGray(img.Rect)
	draw.Draw(paletted, img.Rect, img, image.Point{}, draw.Src)
	draw.Draw(grey, img.Rect, img, image.Point{}, draw.Src)
	square := func(inside, outside color.NRGBA) *image.NRGBA {
		m := image.NewNRGBA(img.Rect)
		for y := range 120 {
			for x := range 160 {
				soft := min(max(x-40, 0), 20) // a soft edge at the left
				mix := func(a, b uint8) uint8 { return uint8((int(a)*soft + int(b)*(20-soft)) / 20) }
				m.SetNRGBA(x, y, color.NRGBA{mix(inside.R, outside.R), mix(inside.G, outside.G), mix(inside.B, outside.B), 255})
			}
		}
		return m
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, square(color.NRGBA{255, 255, 255, 255}, color.NRGBA{}), &jpeg.Options{Quality: 40}); err != nil {
		t.Fatal(err)
	}
	lossy, _, err := image.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]image.Image{
		"soft": square(color.NRGBA{255, 255, 255, 255}, color.NRGBA{}), "lossy": lossy,
		"paletted": paletted, "grey": grey,
		"coloured": square(color.NRGBA{255, 60, 20, 255}, color.NRGBA{0, 0, 90, 255}),
	} {
		path := filepath.Join(dir, name+".png")
		writePNG(t, path, m)
		if o := run(t.Context(), "select", "-similar", "150,100", "-within", path, "-o", filepath.Join(dir, name+"-out.png"), photo); o.status != cli.ExitDone {
			t.Errorf("%s: %d, %q", name, o.status, o.stderr)
		}
	}
	for x := range 60 {
		for y := range 6 {
			img.SetNRGBA(40+x, 50+y, color.NRGBA{0, 255, 0, 255})
			img.SetNRGBA(40+x, 10+y, color.NRGBA{255, 0, 0, 255})
		}
	}
	strokes := filepath.Join(dir, "strokes.png")
	writePNG(t, strokes, img)
	if o := run(t.Context(), "select", "-scribble", strokes, "-o", out, photo); strings.Contains(o.stderr, "ordinary photo") {
		t.Errorf("strokes on the photo: %d, %q", o.status, o.stderr)
	}
}
