package main

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

func percentile(v []float64, p float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[int(p*float64(len(v)-1))]
}

// tile is one picture of a contact sheet.
type tile struct {
	name string
	img  *image.NRGBA
}

// hide shuffles results in an order that the case's name alone decides, names them by letters
// and returns what each letter stands for.
func hide(name string, results []tile) (key string) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	r := rand.New(rand.NewPCG(h.Sum64(), 0))
	r.Shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
	for i := range results {
		letter := string(rune('A' + i))
		key += fmt.Sprintf("  %s: %s", letter, results[i].name)
		results[i].name = letter
	}
	return key
}

// punch returns img with the hole blanked.
func punch(img *image.NRGBA, hole *image.Alpha) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	for i, v := range hole.Pix {
		if v > 0 {
			copy(out.Pix[4*i:4*i+4], []byte{255, 0, 255, 255})
		}
	}
	return out
}

// writeSheet writes the tiles, cut to the hole and its surroundings, side by side.
func writeSheet(path string, tiles []tile, hole *image.Alpha) error {
	var box image.Rectangle
	for y := range hole.Rect.Dy() {
		for x := range hole.Rect.Dx() {
			if inHole(hole, x, y) {
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	box = box.Inset(-max(40, box.Dx()/2)).Intersect(hole.Rect)
	columns := min(4, len(tiles))
	rows := (len(tiles) + columns - 1) / columns
	w, h := box.Dx()+4, box.Dy()+18
	sheet := image.NewNRGBA(image.Rect(0, 0, columns*w, rows*h))
	draw.Draw(sheet, sheet.Rect, image.NewUniform(color.Gray{40}), image.Point{}, draw.Src)
	for i, t := range tiles {
		at := image.Pt(i%columns*w, i/columns*h)
		d := font.Drawer{Dst: sheet, Src: image.White, Face: basicfont.Face7x13, Dot: fixed.P(at.X+4, at.Y+13)}
		d.DrawString(t.name)
		draw.Draw(sheet, box.Sub(box.Min).Add(at).Add(image.Pt(2, 16)), t.img, box.Min, draw.Src)
	}
	return writePNG(path, sheet)
}

func writePNG(path string, img image.Image) error {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// result is what another program made.
type result struct {
	name string
	took time.Duration
	img  *image.NRGBA
}

const telea = `import cv2,sys
i=cv2.imread(sys.argv[1]); m=cv2.imread(sys.argv[2],0)
cv2.imwrite(sys.argv[3], cv2.inpaint(i,m,5,cv2.INPAINT_TELEA))`

// shiftmap wants what is known as its mask, and colours whose distances can be compared.
const shiftmap = `import cv2,sys
i=cv2.cvtColor(cv2.imread(sys.argv[1]),cv2.COLOR_BGR2Lab); m=255-cv2.imread(sys.argv[2],0)
i[m==0]=0; o=i.copy(); cv2.xphoto.inpaint(i,m,o,cv2.xphoto.INPAINT_SHIFTMAP)
cv2.imwrite(sys.argv[3], cv2.cvtColor(o,cv2.COLOR_Lab2BGR))`

// runPeers fills the hole with the other programs that are installed.
func runPeers(holed *image.NRGBA, hole *image.Alpha) (results []result) {
	dir, err := os.MkdirTemp("", "fill-quality")
	if err != nil {
		return nil
	}
	defer os.RemoveAll(dir)
	in, mask := filepath.Join(dir, "in.png"), filepath.Join(dir, "mask.png")
	grey := &image.Gray{Pix: hole.Pix, Stride: hole.Stride, Rect: hole.Rect}
	if writePNG(in, holed) != nil || writePNG(mask, grey) != nil {
		return nil
	}
	for _, p := range []struct {
		name string
		args func(out string) []string
	}{
		{"G'MIC matchpatch", func(out string) []string {
			return []string{"gmic", in, mask, "-inpaint_matchpatch[0]", "[1]", "-output[0]", out}
		}},
		{"OpenCV Telea", func(out string) []string { return []string{"/usr/bin/python3", "-c", telea, in, mask, out} }},
		{"OpenCV shiftmap", func(out string) []string { return []string{"/usr/bin/python3", "-c", shiftmap, in, mask, out} }},
	} {
		out := filepath.Join(dir, "out.png")
		os.Remove(out)
		args := p.args(out)
		start := time.Now()
		if exec.Command(args[0], args[1:]...).Run() != nil {
			continue
		}
		took := time.Since(start)
		if img, err := readPhoto(out, 1); err == nil && img.Rect == holed.Rect {
			results = append(results, result{p.name, took, img})
		}
	}
	return results
}
