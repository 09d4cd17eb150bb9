package widgets

import (
	"image"
	"image/color"
	"math"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
)

// lift returns by how much a line must be moved so that its baseline is that of Latin text.
// Fyne places a line by the ascent of its highest font, which differs where it has Chinese
// text, but measures it by that of the first font.
func lift(t *canvas.Text) float32 {
	if strings.IndexFunc(t.Text, isEastAsian) < 0 {
		return 0
	}
	scale := float32(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		scale = c.Scale()
	}
	_, latin := fyne.CurrentApp().Driver().RenderedTextSize("M", t.TextSize, t.TextStyle, t.FontSource)
	up := func(v float32) float64 { return math.Ceil(float64(v * scale)) } // as Fyne's painter does
	return float32(up(latin)-up(latin+eastAsianAscent()*t.TextSize)) / scale
}

// isEastAsian reports whether a character comes from the system's font for
// Chinese, as the font that comes with Fyne doesn't have it.
func isEastAsian(r rune) bool {
	return isWide(r) || unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// ascent is the result of eastAsianAscent; negative before it was measured.
var ascent float32 = -1

// eastAsianAscent returns how much lower Fyne draws a line with Chinese text, as a fraction of
// the text size. It is measured by drawing one, since Fyne has no call for it.
func eastAsianAscent() float32 {
	if ascent < 0 {
		const size = 200
		foot := func(s string) int {
			t := canvas.NewText(s, color.White)
			t.TextSize = size
			c := software.NewCanvas()
			c.SetPadded(false)
			c.SetContent(t)
			return lowest(c.Capture(), size/3)
		}
		ascent = max(0, float32(foot("II中")-foot("II"))/size)
	}
	return ascent
}

// lowest returns the last row in which one of the first columns isn't the
// colour of the corner.
func lowest(img image.Image, columns int) int {
	b := img.Bounds()
	corner := img.At(b.Min.X, b.Min.Y)
	for y := b.Max.Y - 1; y > b.Min.Y; y-- {
		for x := b.Min.X; x < min(b.Max.X, b.Min.X+columns); x++ {
			if img.At(x, y) != corner {
				return y
			}
		}
	}
	return b.Min.Y
}
