package main

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// tile is one picture of a contact sheet.
type tile struct {
	name string
	img  *image.NRGBA
}

// writeSheet writes the tiles, cut to a box and its surroundings, two in a row.
func writeSheet(path string, tiles []tile, box image.Rectangle) error {
	box = box.Inset(-max(40, box.Dx()/3))
	for _, t := range tiles {
		box = box.Intersect(t.img.Rect)
	}
	columns := 2
	w, h := box.Dx()+4, box.Dy()+18
	sheet := image.NewNRGBA(image.Rect(0, 0, columns*w, (len(tiles)+1)/columns*h))
	draw.Draw(sheet, sheet.Rect, image.NewUniform(color.Gray{40}), image.Point{}, draw.Src)
	for i, t := range tiles {
		at := image.Pt(i%columns*w, i/columns*h)
		d := font.Drawer{Dst: sheet, Src: image.White, Face: basicfont.Face7x13, Dot: fixed.P(at.X+4, at.Y+13)}
		d.DrawString(t.name)
		draw.Draw(sheet, box.Sub(box.Min).Add(at).Add(image.Pt(2, 16)), t.img, box.Min, draw.Src)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, sheet); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
