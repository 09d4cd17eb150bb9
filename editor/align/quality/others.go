package main

import (
	"context"
	"fmt"
	"image"
	"image/draw"
	"math"
	"math/rand/v2"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/align/aligntest"
	"overpaint.dev/overpaint/editor/picture"
)

// others prints what is found of answers in other frames, of other pictures and of
// pictures without structure.
func others(all []*aligntest.Scene) error {
	fmt.Printf("\n%-28s %-8s %-8s %s\n", "answer", "finding", "frame", "error px (sent)")
	for i, s := range all {
		r := rand.New(rand.NewPCG(uint64(i), 5))
		d := aligntest.Drift{X: 3 * r.Float64(), Y: 2, Zoom: 0.01 * r.Float64(), Seed: 3}
		treat(r, &d)
		sent, answer := s.Sent(), s.Answer(d)
		w, h := s.Size.X, s.Size.Y
		mid := func(img *image.NRGBA, scale float64) relayed {
			// Relays cut and box about the middle.
			dx, dy := float64(img.Rect.Dx())-scale*float64(w), float64(img.Rect.Dy())-scale*float64(h)
			return relayed{img, scale, math.Trunc(dx / 2), math.Trunc(dy / 2)}
		}
		top := boxed(answer, image.Pt(w, w*4/3), 0)
		cut := image.Rect(0, h/10, w, h-h/10)
		for _, c := range []struct {
			name string
			relayed
		}{
			{"as sent, 1.25 times", mid(picture.Resize(answer, image.Pt(w*5/4, h*5/4)), 1.25)},
			{"cropped to 3:2", mid(sub(answer, image.Rect(0, (h-w*2/3)/2, w, (h-w*2/3)/2+w*2/3)), 1)},
			{"cropped to 5:6", mid(sub(answer, image.Rect((w-h*5/6)/2, 0, (w-h*5/6)/2+h*5/6, h)), 1)},
			{"boxed in 16:9", mid(boxed(answer, image.Pt(h*16/9+w/8, h), 0.5), 1)},
			{"boxed in 3:4, at the top", relayed{top, 1, 0, 0}},
			{"boxed and cropped, same size", mid(boxed(sub(answer, cut), s.Size, 0.5), 1)},
			{"another picture", relayed{img: picture.Resize(all[(i+1)%len(all)].Sent(), s.Size)}},
			{"mirrored", relayed{img: mirrored(answer)}},
		} {
			m, err := align.Estimate(context.Background(), sent, nil, c.img)
			if err != nil {
				return err
			}
			var e []float64
			place := s.Place(d)
			for y := 20.0; y < float64(h); y += 40 {
				for x := 20.0; x < float64(w); x += 40 {
					u, v := place(x, y)
					px, py := m.Place(x, y)
					if c.scale != 0 {
						e = append(e, math.Hypot((px-c.x)/c.scale-u, (py-c.y)/c.scale-v))
					}
				}
			}
			fmt.Printf("%-28s %-8s %-8s %6.2f %6.3f %6.3f\n", c.name, m.Finding, m.Frame, m.Agreeing, percentile(e, 0.5), percentile(e, 1))
		}
	}
	return nil
}

// relayed is an answer that a relay scaled and moved.
type relayed struct {
	img         *image.NRGBA
	scale, x, y float64
}

func sub(img *image.NRGBA, r image.Rectangle) *image.NRGBA {
	r = r.Intersect(img.Rect)
	out := image.NewNRGBA(image.Rectangle{Max: r.Size()})
	draw.Draw(out, out.Rect, img, r.Min, draw.Src)
	return out
}

func boxed(img *image.NRGBA, size image.Point, at float64) *image.NRGBA {
	out := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(out, out.Rect, image.Black, image.Point{}, draw.Src)
	room := size.Sub(img.Rect.Size())
	to := image.Pt(int(at*float64(room.X)), int(at*float64(room.Y)))
	draw.Draw(out, img.Rect.Add(to), img, image.Point{}, draw.Src)
	return out
}

func mirrored(img *image.NRGBA) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			out.SetNRGBA(x, y, img.NRGBAAt(img.Rect.Dx()-1-x, y))
		}
	}
	return out
}
