// Package golden compares what a test drew with a picture that was looked at
// and kept. It is for tests alone.
package golden

import (
	"bytes"
	"flag"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the pictures in testdata anew; look at them before they are kept")

// Tolerance is by how many levels a channel may differ: floating point differs
// between processors.
const Tolerance = 2

// Compare fails the test unless got is the picture testdata/NAME.png of the
// test's package. With the flag -update it writes that file first.
func Compare(t testing.TB, name string, got image.Image) {
	t.Helper()
	file := filepath.Join("testdata", name+".png")
	if *update {
		write(t, file, got)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != got.Bounds() {
		t.Fatalf("%s is of %v, the picture of %v", file, want.Bounds(), got.Bounds())
	}
	a, b := straight(got), straight(want)
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			g, w := a.NRGBAAt(x, y), b.NRGBAAt(x, y)
			if apart(g.R, w.R) || apart(g.G, w.G) || apart(g.B, w.B) || apart(g.A, w.A) {
				t.Fatalf("%s: (%d, %d) is %v now, was %v", file, x, y, g, w)
			}
		}
	}
}

// Coverage returns coverage as brightness, so that it can be looked at.
func Coverage(a *image.Alpha) *image.Gray {
	return &image.Gray{Pix: a.Pix, Stride: a.Stride, Rect: a.Rect}
}

func write(t testing.TB, file string, img image.Image) {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func straight(img image.Image) *image.NRGBA {
	out := image.NewNRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return out
}

func apart(a, b uint8) bool { return max(a, b)-min(a, b) > Tolerance }
