package main

import (
	"context"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"path/filepath"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/align/aligntest"
	"overpaint.dev/overpaint/editor/change"
)

// edit changes something in a picture of colours of 0 to 255: c is the colour at a place in
// sent pixels, d how far inside the shape it is, in sent pixels.
type edit struct {
	name string
	f    func(r *rand.Rand, s *aligntest.Scene) func(c [3]float64, x, y, d float64) [3]float64
	soft float64 // how wide the rim is
}

func edits() []edit {
	type scene = aligntest.Scene
	return []edit{
		{"recoloured", func(r *rand.Rand, s *scene) func(c [3]float64, x, y, d float64) [3]float64 {
			turn := r.IntN(2)
			return func(c [3]float64, x, y, d float64) [3]float64 {
				// The channels in another order, and somewhat darker.
				return [3]float64{0.8*c[(1+turn)%3] + 20, 0.9 * c[(2+turn)%3], 0.85*c[turn] + 10}
			}
		}, 1},
		{"removed", func(r *rand.Rand, s *scene) func(c [3]float64, x, y, d float64) [3]float64 {
			// Instead of the thing there is what lies beside it.
			dx := s.Size.X / 3
			if r.IntN(2) == 0 {
				dx = -dx
			}
			return func(c [3]float64, x, y, d float64) [3]float64 { return s.Colour(x+float64(dx), y+5) }
		}, 1},
		{"added", func(r *rand.Rand, s *scene) func(c [3]float64, x, y, d float64) [3]float64 {
			hue := [3]float64{60 + 160*r.Float64(), 60 + 160*r.Float64(), 60 + 160*r.Float64()}
			return func(c [3]float64, x, y, d float64) [3]float64 {
				light := 0.6 + 0.4*math.Min(d/30, 1) + 0.1*math.Sin(x/3)*math.Sin(y/4)
				return [3]float64{hue[0] * light, hue[1] * light, hue[2] * light}
			}
		}, 1},
		{"relit", func(r *rand.Rand, s *scene) func(c [3]float64, x, y, d float64) [3]float64 {
			gain := 1.35
			if r.IntN(2) == 0 {
				gain = 0.7
			}
			return func(c [3]float64, x, y, d float64) [3]float64 {
				return [3]float64{c[0] * gain, c[1] * gain, c[2] * gain}
			}
		}, 4},
	}
}

// changes prints how well package change finds what was changed, with drift on top.
func changes(all []*aligntest.Scene, n int, out string, verbose bool) error {
	fmt.Printf("\n%-22s %5s   %7s %7s   %9s %9s\n", "change", "cases", "IoU", "least", "untouched", "most")
	for _, e := range edits() {
		var ious, losses []float64
		for i := range n {
			iou, lost, err := measureChange(all[i%len(all)], e, i, out)
			if err != nil {
				return err
			}
			if verbose {
				fmt.Printf("  %d: IoU %.3f untouched replaced %.2f %%\n", i, iou, 100*lost)
			}
			ious, losses = append(ious, iou), append(losses, lost)
		}
		fmt.Printf("%-22s %5d   %7.3f %7.3f   %7.2f %% %7.2f %%\n", e.name, n, percentile(ious, 0.5), percentile(ious, 0), 100*percentile(losses, 0.5), 100*percentile(losses, 1))
	}
	return nil
}

func measureChange(s *aligntest.Scene, e edit, i int, out string) (iou, lost float64, err error) {
	r := rand.New(rand.NewPCG(uint64(i), uint64(len(e.name))))
	inside := thing(r, s.Size)
	f := e.f(r, s)
	edited := s.Edited(func(c [3]float64, x, y float64) [3]float64 {
		d := inside(x, y)
		if d < -e.soft {
			return c
		}
		to, t := f(c, x, y, d), min(max((d/e.soft+1)/2, 0), 1)
		return [3]float64{c[0] + t*(to[0]-c[0]), c[1] + t*(to[1]-c[1]), c[2] + t*(to[2]-c[2])}
	})
	d := aligntest.Drift{Seed: uint64(i)}
	treat(r, &d)
	move(0.15)(r, &d)
	d.X, d.Y = d.X*float64(s.Size.X), d.Y*float64(s.Size.X)
	sent, answer := s.Sent(), edited.Answer(d)
	ctx := context.Background()
	m, err := align.Estimate(ctx, sent, nil, answer)
	if err != nil {
		return 0, 0, err
	}
	fitted := answer
	if !m.Still() {
		if fitted, err = m.Apply(ctx, answer, s.Size, sent.Rect); err != nil {
			return 0, 0, err
		}
	}
	c, err := change.Measure(ctx, sent, fitted, m.Shown(s.Size))
	if err != nil {
		return 0, 0, err
	}
	found, err := c.Mask(ctx, change.Usual)
	if err != nil {
		return 0, 0, err
	}
	truth := image.NewAlpha(sent.Rect)
	for y := range s.Size.Y {
		for x := range s.Size.X {
			if inside(float64(x)+0.5, float64(y)+0.5) >= 0 {
				truth.Pix[y*truth.Stride+x] = 255
			}
		}
	}
	iou, lost = compared(found, truth, sent, edited.Sent())
	if i < 5 {
		name := filepath.Join(out, fmt.Sprintf("change-%s-%d.png", e.name, i))
		err = writeSheet(name, []tile{{"sent", sent}, {"answer", answer}, {fmt.Sprintf("found: IoU %.2f", iou), tinted(sent, found)}, {"truth", tinted(sent, truth)}}, sent.Rect)
	}
	return iou, lost, err
}

// compared returns the overlap of what was found with the truth, and which part was found of what the edit
// left as it was to the bit.
func compared(found, truth *image.Alpha, sent, edited *image.NRGBA) (iou, lost float64) {
	var both, either, wrong, untouched float64
	for i, v := range found.Pix {
		in, got := truth.Pix[i] != 0, v > 127
		if in && got {
			both++
		}
		if in || got {
			either++
		}
		if string(edited.Pix[4*i:4*i+3]) == string(sent.Pix[4*i:4*i+3]) {
			untouched++
			wrong += float64(v) / 255
		}
	}
	return both / either, wrong / untouched
}

// thing returns a wavy shape: how far inside it a place is, in sent pixels, about.
func thing(r *rand.Rand, size image.Point) func(x, y float64) float64 {
	w, h := float64(size.X), float64(size.Y)
	cx, cy := w*(0.3+0.4*r.Float64()), h*(0.3+0.4*r.Float64())
	radius := min(w, h) * (0.1 + 0.12*r.Float64())
	p, q := 6*r.Float64(), 6*r.Float64()
	return func(x, y float64) float64 {
		a := math.Atan2(y-cy, x-cx)
		return radius*(1+0.2*math.Sin(3*a+p)+0.1*math.Sin(5*a+q)) - math.Hypot(x-cx, y-cy)
	}
}

// tinted shows a mask in red over a picture made pale.
func tinted(img *image.NRGBA, a *image.Alpha) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	for i, v := range a.Pix {
		p := img.Pix[4*i:]
		t := float64(v) / 255 * 0.7
		for ch, c := range [3]float64{255, 0, 60} {
			out.Pix[4*i+ch] = uint8((1-t)*(float64(p[ch])*0.7+60) + t*c)
		}
		out.Pix[4*i+3] = 255
	}
	return out
}
