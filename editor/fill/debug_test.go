package fill

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"
)

func dump(e *estimate, name string) {
	img := image.NewNRGBA(image.Rect(0, 0, e.w, e.h))
	for y := range e.h {
		for x := range e.w {
			v := e.level.pix[y*e.w+x]
			if (image.Point{X: x, Y: y}).In(e.r) {
				v = flip(e.pix[(y-e.r.Min.Y)*e.r.Dx()+x-e.r.Min.X])
			}
			a, b, c := unpack(v)
			img.SetNRGBA(x, y, color.NRGBA{uint8(a), uint8(b), uint8(c), 255})
		}
	}
	f, _ := os.Create("/tmp/dbg/" + name + ".png")
	png.Encode(f, img)
	f.Close()
}

func TestDebug(t *testing.T) {
	os.MkdirAll("/tmp/dbg", 0o755)
	for _, c := range []struct {
		name string
		r    image.Rectangle
	}{{"lakeshore", image.Rect(350, 0, 500, 500)}, {"lakeshore", image.Rect(240, 15, 360, 135)}, {"tulips", image.Rect(165, 165, 335, 335)}, {"coffee", image.Rect(220, 120, 380, 280)}} {
		f, _ := os.Open("../../assets/photos/" + c.name + ".png")
		src, _ := png.Decode(f)
		img := image.NewNRGBA(src.Bounds())
		hole := image.NewAlpha(src.Bounds())
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				img.Set(x, y, src.At(x, y))
				if image.Pt(x, y).In(c.r) {
					hole.SetAlpha(x, y, color.Alpha{255})
				}
			}
		}
		g, _ := newGroup(context.Background(), 2, img, hole, c.r)
		o := run{workers: 2, seed: 5, advance: func(int) {}, far: 2, random: 3, near: 2}
		top := len(g.levels) - 1
		l := g.levels[top]
		n := fmt.Sprintf("%s-%d-%d", c.name, c.r.Min.X, top)
		e, _ := begin(context.Background(), o, l)
		fmt.Println(n, l.w, l.h, len(l.sources), l.targets)
		dump(e, n+"-a-peel")
		dump(e, n+"-b-em")
		for i := top - 1; i >= 0; i-- {
			e, _ = e.finer(context.Background(), o, g.levels[i])
			e.refine(context.Background(), o, rounds(i))
			dump(e, fmt.Sprintf("%s-c-%d", n, i))
		}
	}
}
