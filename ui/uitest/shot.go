package uitest

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
)

// Shots names the environment variable with the folder that Shot writes to.
const Shots = "OVERPAINT_SHOTS"

// Shot writes what a window shows, as Fyne's software painter draws it, to a PNG
// of that name, for people to look at. Without the variable Shots it does nothing.
func Shot(t testing.TB, w fyne.Window, name string) {
	t.Helper()
	dir := os.Getenv(Shots)
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, w.Canvas().Capture()); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// Scale sets how many device pixels a unit of the window has.
func Scale(w fyne.Window, scale float32) {
	if c, ok := w.Canvas().(software.WindowlessCanvas); ok {
		c.SetScale(scale)
	}
}

// Flower returns a picture of a flower in a colour, each size and colour another.
func Flower(width, height int, petals color.NRGBA) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	radius := float64(min(width, height)) / 2
	for y := range height {
		for x := range width {
			dx, dy := float64(x)-float64(width)/2, float64(y)-float64(height)/2
			r, a := math.Hypot(dx, dy)/radius, math.Atan2(dy, dx)
			c := color.NRGBA{uint8(70 + 40*y/height), uint8(100 + 50*x/width), 70, 255}
			switch {
			case r < 0.25:
				c = color.NRGBA{235, 180, 40, 255}
			case r < 0.55+0.35*math.Abs(math.Cos(4*a)):
				shade := 0.6 + 0.4*r
				c = color.NRGBA{uint8(float64(petals.R) * shade), uint8(float64(petals.G) * shade), uint8(float64(petals.B) * shade), 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}
