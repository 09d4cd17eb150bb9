package theme

import (
	"bytes"
	"image"
	"image/color"
	_ "image/png"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"
	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"

	"overpaint.dev/overpaint/assets/icons"
)

// coverage paints an SVG, side pixels large, and returns its alpha. Strokes are
// made as wide as the size asks, which Fyne does not do.
func coverage(t *testing.T, svg []byte, side int) *image.RGBA {
	t.Helper()
	icon, err := oksvg.ReadReplacingCurrentColor(bytes.NewReader(svg), "#000000")
	if err != nil {
		t.Fatal(err)
	}
	scale := float64(side) / icon.ViewBox.W
	icon.SetTarget(0, 0, float64(side), float64(side))
	for i := range icon.SVGPaths {
		icon.SVGPaths[i].LineWidth *= scale
		for k := range icon.SVGPaths[i].Dash {
			icon.SVGPaths[i].Dash[k] *= scale
		}
	}
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	icon.Draw(rasterx.NewDasher(side, side, rasterx.NewScannerGV(side, side, img, img.Rect)), 1)
	return img
}

// TestOutlinesLookLikeStrokes paints every icon both ways.
func TestOutlinesLookLikeStrokes(t *testing.T) {
	files, err := filepath.Glob("../../assets/icons/*.svg")
	if err != nil || len(files) < 20 {
		t.Fatalf("only %d icons: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".svg")
		if name == "overpaint" {
			continue // the application's, which has colours of its own
		}
		svg, ok := icons.SVG(name)
		if !ok {
			t.Fatalf("%s: named but not there", name)
		}
		filled, err := fillStrokes(svg)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if bytes.Contains(filled, []byte("stroke")) {
			t.Errorf("%s: a stroke is left", name)
		}
		want, have := coverage(t, svg, 96), coverage(t, filled, 96)
		ink, diff := 0, 0
		for i := 3; i < len(want.Pix); i += 4 {
			ink += int(want.Pix[i])
			d := int(want.Pix[i]) - int(have.Pix[i])
			diff += max(d, -d)
		}
		if ink == 0 || diff*20 > ink {
			t.Errorf("%s: ink %d, difference %d: more than a twentieth", name, ink, diff)
		}
	}
}

func TestIcons(t *testing.T) {
	for fyneName, ours := range fyneIcons {
		if _, ok := icons.SVG(ours); !ok {
			t.Errorf("%s: no icon %s", fyneName, ours)
		}
	}
	png, _, err := image.Decode(bytes.NewReader(icons.App))
	if err != nil || png.Bounds() != image.Rect(0, 0, 512, 512) {
		t.Fatalf("application icon: %v", err)
	}
	drawn, diff := coverage(t, icons.AppSVG, 512), 0
	for i := range 512 * 512 {
		_, g, _, _ := png.At(i%512, i/512).RGBA()
		_, g2, _, _ := drawn.At(i%512, i/512).RGBA()
		d := int(g>>8) - int(g2>>8)
		diff += max(d, -d)
	}
	if diff > 512*512 {
		t.Errorf("overpaint.png is not what overpaint.svg shows: difference %d", diff)
	}
}

// TestIconsInColours paints icons in colours of the theme: all of their ink has
// the colour that was asked for, and the same question has the same answer.
func TestIconsInColours(t *testing.T) {
	for _, colour := range []fyne.ThemeColorName{Text, Accent, Warning, Disabled} {
		want := color.NRGBAModel.Convert(Color(colour)).(color.NRGBA)
		r := Icon("brush", colour)
		if again := Icon("brush", colour); again != r {
			t.Errorf("%s: made twice", colour)
		}
		img, ink := coverage(t, r.Content(), 48), 0
		for i := 0; i < len(img.Pix); i += 4 {
			if img.Pix[i+3] < want.A { // the rim of a shape is mixed
				continue
			}
			ink++
			have := color.NRGBAModel.Convert(color.RGBA{img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3]}).(color.NRGBA)
			if have != want {
				t.Fatalf("%s: %v, not %v", colour, have, want)
			}
		}
		if ink == 0 {
			t.Errorf("%s: nothing of the whole colour", colour)
		}
	}
	if Icon("no such icon", Text) != fynetheme.BrokenImageIcon() {
		t.Error("an icon that isn't there has no sign of that")
	}
}

// TestSetIcon checks that an image shows the icon and the colour that it was
// given last, and is drawn anew where the screen's pixels have become smaller.
func TestSetIcon(t *testing.T) {
	test.NewTempApp(t)
	img := canvas.NewImageFromResource(nil)
	w := test.NewTempWindow(t, img)
	w.SetPadded(false)
	w.Resize(fyne.NewSquareSize(16))
	SetIcon(img, "brush", Text)
	img.Resize(fyne.NewSquareSize(16))
	first := img.Image
	if first == nil || first.Bounds().Dx() != 16 {
		t.Fatalf("drawn as %v", first)
	}
	SetIcon(img, "brush", Text)
	if img.Image != first {
		t.Error("the same icon was drawn again")
	}
	w.Canvas().(software.WindowlessCanvas).SetScale(2)
	SetIcon(img, "brush", Text)
	if img.Image.Bounds().Dx() != 32 {
		t.Errorf("at scale 2 drawn as %v", img.Image.Bounds())
	}
	SetIcon(img, "brush", Warning)
	if img.Resource != Icon("brush", Warning) {
		t.Errorf("shows %s", img.Resource.Name())
	}
}
