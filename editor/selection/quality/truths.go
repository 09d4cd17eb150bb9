package main

import (
	_ "embed"
	"fmt"
	"image"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/image/draw"

	"overpaint/editor/mask"
)

//go:embed truths.txt
var truths string

// widest is the longer side, at most, to which photos are shrunk: grabCut takes minutes for
// larger ones.
const widest = 1000

// photoCases reads truths.txt. Photos are looked for in all folders; where the fetched ones
// are absent, what is drawn on them is passed over.
func photoCases(folders []string) (cases []*testCase, absent int, err error) {
	for line := range strings.Lines(truths) {
		f := strings.Fields(line)
		if len(f) < 4 || f[0] == "#" {
			continue
		}
		var c *testCase
		switch f[0] {
		case "outline":
			c, err = outline(folders, f[1:])
		case "cutout":
			c, err = cutout(folders, f[1:])
		default:
			err = fmt.Errorf("%s: what is %q?", f[1], f[0])
		}
		if err != nil {
			return nil, 0, err
		}
		if c == nil {
			absent++
			continue
		}
		cases = append(cases, c)
	}
	return cases, absent, nil
}

// find reads a photo from the first of the folders that has it, as it is shrunk; nil where
// none has it.
func find(folders []string, name string) (*image.NRGBA, error) {
	for _, folder := range folders {
		path := filepath.Join(folder, name)
		if found, _ := filepath.Glob(path); len(found) == 0 {
			continue
		}
		img, err := readPhoto(path)
		if err != nil {
			return nil, err
		}
		size := img.Rect.Size()
		if longer := max(size.X, size.Y); longer > widest {
			return scaled(img, size.X*widest/longer, size.Y*widest/longer), nil
		}
		return img, nil
	}
	return nil, nil
}

func scaled(img *image.NRGBA, w, h int) *image.NRGBA {
	to := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(to, to.Rect, img, img.Rect, draw.Src, nil)
	return to
}

// pairs reads "X,Y" fields, in percent of a size.
func pairs(fields []string, size image.Point) ([]mask.Point, error) {
	var points []mask.Point
	for _, f := range fields {
		a, b, _ := strings.Cut(f, ",")
		x, err := strconv.ParseFloat(a, 64)
		if err != nil {
			return nil, err
		}
		y, err := strconv.ParseFloat(b, 64)
		if err != nil {
			return nil, err
		}
		points = append(points, mask.Point{X: x * float64(size.X) / 100, Y: y * float64(size.Y) / 100})
	}
	return points, nil
}

// outline is a thing on a photo that was outlined by hand.
func outline(folders, f []string) (*testCase, error) {
	img, err := find(folders, f[1])
	if img == nil || err != nil {
		return nil, err
	}
	points, err := pairs(f[2:], img.Rect.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f[0], err)
	}
	return &testCase{f[0], img, mask.Polygon(img.Rect.Size(), points).Alpha(img.Rect)}, nil
}

// cutout is a thing that was cut out of another photo and laid onto one.
func cutout(folders, f []string) (*testCase, error) {
	thing, err := find(folders, f[1])
	if thing == nil || err != nil {
		return nil, err
	}
	img, err := find(folders, f[2])
	if img == nil || err != nil {
		return nil, err
	}
	size := img.Rect.Size()
	places, err := pairs(append(f[3:4:4], f[5:]...), size)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f[0], err)
	}
	high, err := strconv.Atoi(f[4])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f[0], err)
	}
	h := high * size.Y / 100
	thing = scaled(thing, thing.Rect.Dx()*h/thing.Rect.Dy(), h)
	c := &testCase{f[0], img, image.NewAlpha(img.Rect)}
	for i, p := range places {
		at := image.Pt(int(p.X), int(p.Y)).Sub(thing.Rect.Size().Div(2))
		draw.Draw(img, thing.Rect.Add(at), thing, image.Point{}, draw.Over)
		if i == 0 {
			draw.Draw(c.truth, thing.Rect.Add(at), thing, image.Point{}, draw.Over)
		}
	}
	blend(img)
	return c, nil
}

// blend takes the edges that cutting leaves: a blur of a pixel over all of the picture.
func blend(img *image.NRGBA) {
	from := append([]uint8(nil), img.Pix...)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			for c := range 3 {
				sum := 0
				for dy := -1; dy <= 1; dy++ {
					for dx := -1; dx <= 1; dx++ {
						sum += (2 - dx*dx) * (2 - dy*dy) * int(from[(y+dy)*img.Stride+4*(x+dx)+c])
					}
				}
				img.Pix[y*img.Stride+4*x+c] = uint8((sum + 8) / 16)
			}
		}
	}
}
