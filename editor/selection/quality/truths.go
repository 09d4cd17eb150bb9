package main

import (
	_ "embed"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/image/draw"

	"overpaint.dev/overpaint/editor/mask"
)

//go:embed truths.txt
var truths string

// widest is the longer side, at most, to which photos are shrunk: grabCut takes minutes for
// larger ones.
const widest = 1000

// smallSizes are the heights of small things, in percent of the photo's.
var smallSizes = [...]string{"1", "1.5", "2", "3", "4", "6", "8", "12"}

// photoCases reads truths.txt. Photos are searched in all folders; cases without their photo are
// counted as absent. With small they are the cut-outs alone, each in the small sizes.
func photoCases(folders []string, small bool) (cases []*testCase, absent int, err error) {
	for line := range strings.Lines(truths) {
		f := strings.Fields(line)
		if len(f) < 4 || f[0] == "#" {
			continue
		}
		c := &testCase{name: f[1]}
		photos := f[2:3]
		switch {
		case small && (f[0] == "outline" || len(f) > 6):
			continue
		case f[0] == "outline":
			c.load = func() error { return c.outline(folders, f[2:]) }
		case f[0] == "cutout":
			photos = f[2:4]
			c.load = func() error { return c.cutout(folders, f[2:]) }
		default:
			return nil, 0, fmt.Errorf("%s: what is %q?", f[1], f[0])
		}
		if slices.ContainsFunc(photos, func(name string) bool { return find(folders, name) == "" }) {
			absent++
			continue
		}
		if small {
			cases = append(cases, smaller(folders, f)...)
			continue
		}
		cases = append(cases, c)
	}
	return cases, absent, nil
}

// smaller returns the cases of a cut-out in the small sizes.
func smaller(folders, f []string) (cases []*testCase) {
	for _, size := range smallSizes {
		c := &testCase{name: size + "-" + f[1]}
		c.load = func() error { return c.cutout(folders, append(slices.Clone(f[2:5]), size)) }
		cases = append(cases, c)
	}
	return cases
}

// find returns a photo's path in the first of the folders that has it, or "".
func find(folders []string, name string) string {
	for _, folder := range folders {
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// shrunk reads a photo, scaled down to at most widest on its longer side.
func shrunk(folders []string, name string) (*image.NRGBA, error) {
	img, err := readPhoto(find(folders, name))
	if err != nil {
		return nil, err
	}
	size := img.Rect.Size()
	if longer := max(size.X, size.Y); longer > widest {
		return scaled(img, size.X*widest/longer, size.Y*widest/longer), nil
	}
	return img, nil
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

// outline loads a photo with an object that was outlined by hand.
func (c *testCase) outline(folders, f []string) error {
	img, err := shrunk(folders, f[0])
	if err != nil {
		return err
	}
	points, err := pairs(f[1:], img.Rect.Size())
	if err != nil {
		return err
	}
	c.img, c.truth = img, mask.Polygon(img.Rect.Size(), points).Alpha(img.Rect)
	return nil
}

// cutout loads a cut-out object and composites it onto a photo.
func (c *testCase) cutout(folders, f []string) error {
	thing, err := shrunk(folders, f[0])
	if err != nil {
		return err
	}
	img, err := shrunk(folders, f[1])
	if err != nil {
		return err
	}
	size := img.Rect.Size()
	places, err := pairs(slices.Concat(f[2:3], f[4:]), size)
	if err != nil {
		return err
	}
	high, err := strconv.ParseFloat(f[3], 64)
	if err != nil {
		return err
	}
	h := int(high * float64(size.Y) / 100)
	thing = scaled(thing, thing.Rect.Dx()*h/thing.Rect.Dy(), h)
	c.img, c.truth = img, image.NewAlpha(img.Rect)
	for i, p := range places {
		at := image.Pt(int(p.X), int(p.Y)).Sub(thing.Rect.Size().Div(2))
		draw.Draw(img, thing.Rect.Add(at), thing, image.Point{}, draw.Over)
		if i == 0 {
			draw.Draw(c.truth, thing.Rect.Add(at), thing, image.Point{}, draw.Over)
		}
	}
	blend(img)
	return nil
}

// blend hides the edges of the cut-out by blurring the whole picture by a pixel.
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
