package main

import (
	"image"
	"image/color"
	"image/draw"
	"slices"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// shown is the longer side of a picture on a sheet, in pixels.
const shown = 420

// writeSheet writes a sheet with a row for each method: the truth, then the selection after each
// click in its colours, the rest dark, and clicks as dots.
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

// lit returns a colour for the sheet: darker and blue where it isn't selected.
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

// shownWorst is the number of cases on the sheet of the worst ones, across that of a row.
const shownWorst, across = 15, 5

// worst keeps the cases with the lowest IoU after two clicks.
type worst struct{ cases []bad }

type bad struct {
	iou     float64
	drawing *image.NRGBA
}

func (w *worst) add(c *testCase, r *measured) {
	w.cases = append(w.cases, bad{iou: r.iou[1]})
	last := &w.cases[len(w.cases)-1]
	if len(w.cases) <= shownWorst || last.iou < w.cases[shownWorst-1].iou {
		last.drawing = outlines(c, r)
	}
	slices.SortStableFunc(w.cases, func(a, b bad) int { return int((a.iou - b.iou) * 1e6) })
	w.cases = w.cases[:min(len(w.cases), shownWorst)]
}

// write writes the cases as one sheet.
func (w *worst) write(path string) error {
	rows := (len(w.cases) + across - 1) / across
	sheet := image.NewNRGBA(image.Rect(0, 0, across*(shown+4), rows*(shown+4)))
	for i, c := range w.cases {
		at := image.Pt(i%across*(shown+4), i/across*(shown+4))
		draw.Draw(sheet, c.drawing.Rect.Add(at), c.drawing, image.Point{}, draw.Src)
	}
	return writePNG(path, sheet)
}

// outlines returns a thumbnail of a case with the outlines of the truth (green) and of the
// selection after two clicks (red), and the clicks as dots, the first white.
func outlines(c *testCase, r *measured) *image.NRGBA {
	size := c.img.Rect.Size()
	by := float64(max(size.X, size.Y)) / shown
	out := image.NewNRGBA(image.Rect(0, 0, int(float64(size.X)/by), int(float64(size.Y)/by)))
	at := func(x, y int) (int, int) {
		return min(int(float64(x)*by), size.X-1), min(int(float64(y)*by), size.Y-1)
	}
	side := func(m *image.Alpha, x, y int) bool { u, v := at(x, y); return m.AlphaAt(u, v).A >= 128 }
	rim := func(m *image.Alpha, x, y int) bool {
		return side(m, x, y) != side(m, x+1, y) || side(m, x, y) != side(m, x, y+1)
	}
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			v := c.img.NRGBAAt(at(x, y))
			switch {
			case rim(r.masks[1], x, y):
				v = color.NRGBA{255, 0, 0, 255}
			case rim(c.truth, x, y):
				v = color.NRGBA{0, 255, 0, 255}
			}
			out.SetNRGBA(x, y, v)
		}
	}
	for i, k := range r.clicks[:min(2, len(r.clicks))] {
		fill := [...]color.NRGBA{{255, 255, 255, 255}, {0, 255, 255, 255}}[i]
		if k.outside {
			fill = color.NRGBA{255, 0, 255, 255}
		}
		for step := range 41 {
			p := k.from.Add(k.to.Sub(k.from).Mul(step).Div(40))
			q := image.Pt(int(float64(p.X)/by), int(float64(p.Y)/by))
			draw.Draw(out, image.Rectangle{q.Sub(image.Pt(2, 2)), q.Add(image.Pt(2, 2))}, image.NewUniform(fill), image.Point{}, draw.Src)
		}
	}
	d := font.Drawer{Dst: out, Src: image.White, Face: basicfont.Face7x13, Dot: fixed.P(4, 14)}
	d.DrawString(c.name + " " + number(r.iou[1]))
	return out
}
