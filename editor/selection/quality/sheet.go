package main

import (
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// shown is the longer side of a picture on a sheet.
const shown = 420

// writeSheet writes what each method selected after each click, a row for each, with the
// truth in front: what is selected in its colours, the rest dark, clicks as dots.
func writeSheet(path string, c *testCase, rows []*measured) error {
	size := c.img.Rect.Size()
	by := max(size.X, size.Y)/shown + 1
	w, h := size.X/by, size.Y/by
	sheet := image.NewNRGBA(image.Rect(0, 0, (clicks+1)*(w+4), len(rows)*(h+16)))
	draw.Draw(sheet, sheet.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	for j, r := range rows {
		masks := append([]*image.Alpha{c.truth}, r.masks[:]...)
		for i, m := range masks {
			at := image.Pt(i*(w+4), j*(h+16)+14)
			for y := range h {
				for x := range w {
					sheet.SetNRGBA(at.X+x, at.Y+y, lit(c.img.NRGBAAt(x*by, y*by), m.AlphaAt(x*by, y*by).A))
				}
			}
			name := "truth"
			if i > 0 {
				name = number(r.iou[i-1])
				for _, k := range r.clicks[:min(i, len(r.clicks))] {
					dot(sheet, at.Add(k.at.Div(by)), k.outside)
				}
			}
			d := font.Drawer{Dst: sheet, Src: image.Black, Face: basicfont.Face7x13, Dot: fixed.P(at.X+2, at.Y-3)}
			d.DrawString(name)
		}
	}
	return writePNG(path, sheet)
}

func number(v float64) string {
	n := int(v*1000 + 0.5)
	return string([]byte{'0' + byte(n/1000), '.', '0' + byte(n/100%10), '0' + byte(n/10%10), '0' + byte(n%10)})
}

// lit is a colour with what isn't selected of it dark and blue.
func lit(c color.NRGBA, a uint8) color.NRGBA {
	mix := func(v uint8, to int) uint8 { return uint8((int(v)*int(a) + (int(v)/4+to)*(255-int(a))) / 255) }
	return color.NRGBA{mix(c.R, 0), mix(c.G, 0), mix(c.B, 60), 255}
}

func dot(sheet *image.NRGBA, at image.Point, outside bool) {
	c := color.NRGBA{0, 255, 0, 255}
	if outside {
		c = color.NRGBA{255, 0, 0, 255}
	}
	draw.Draw(sheet, image.Rectangle{at.Sub(image.Pt(3, 3)), at.Add(image.Pt(3, 3))}, image.NewUniform(c), image.Point{}, draw.Src)
}
