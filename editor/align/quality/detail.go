package main

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"path/filepath"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/align/aligntest"
	"overpaint.dev/overpaint/editor/grain"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

// bands are ranges of frequency in periods a pixel.
var bands = [][2]float64{{1.0 / 16, 1.0 / 8}, {1.0 / 8, 1.0 / 4}, {1.0 / 4, 0.8}}

// detail prints what enlarged answers get back: the power of what varies in plain places inside the
// mask over that of the ring, by frequency, and the steepness of slopes and the
// likeness inside the mask against the photo, without and with it.
func detail(folder, out string) error {
	fmt.Printf("\n%-14s %5s %5s  %-17s %-17s %-17s  %-13s %-13s  %s\n", "photo", "grain", "times", "without/photo", "with/photo", "with/ring", "slopes", "dB", "sharper, grain")
	for _, c := range []struct {
		file string
		at   image.Point
		size image.Point
	}{
		{"flower.jpg", image.Pt(500, 200), image.Pt(1200, 1200)},
		{"lakeshore.png", image.Pt(10, 10), image.Pt(480, 480)},
		{"tulips.png", image.Pt(10, 10), image.Pt(480, 480)},
		{"coffee.png", image.Pt(10, 10), image.Pt(576, 384)},
	} {
		photo, err := aligntest.Read(folder, c.file)
		if err != nil {
			return err
		}
		clean := sub(photo, image.Rectangle{Min: c.at, Max: c.at.Add(c.size)})
		for _, strength := range []float64{0, 3, 7} {
			for _, times := range []float64{1.5, 2, 3} {
				name := fmt.Sprintf("detail-%s-%.0f-%.1f.png", c.file[:len(c.file)-4], strength, times)
				if err := detailOf(c.file, clean, strength, times, filepath.Join(out, name)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func detailOf(file string, clean *image.NRGBA, strength, times float64, sheet string) error {
	size := clean.Rect.Size()
	truth := canvas{grainy(clean, strength)}
	p := region.Plan{Window: truth.Rect, Send: image.Pt(int(float64(size.X)/times), int(float64(size.Y)/times)), Grow: 4}
	m := spot(rand.New(rand.NewPCG(3, 4)), size)
	// Models leave out what is left of the grain.
	answer := picture.Resize(clean, p.Send)
	b := region.DefaultBlend()
	lay := func(on bool) *image.NRGBA {
		b.Sharpen, b.Grain = on, on
		out := image.NewNRGBA(truth.Rect)
		copy(out.Pix, truth.Pix)
		p.Stitch(truth, size, m, answer, align.Motion{}, b).Over(out)
		return out
	}
	soft, got := lay(false), lay(true)
	keep := m.Alpha(truth.Rect)
	around, within := blocksOf(keep)
	ring, there := measured(truth.NRGBA, around), measured(truth.NRGBA, within)
	told := p.Learn(truth, truth.Rect, m, p.Fit(answer), p.Pieces(p.Send), b).Detail()
	fmt.Printf("%-14s %5.1f %5.1f  %-17s %-17s %-17s  %5.2f %5.2f   %5.2f %5.2f   %d %%, %.1f (ring %.1f, photo %.1f)\n", file, strength, times,
		ratios(measured(soft, within), there), ratios(measured(got, within), there), ratios(measured(got, within), ring),
		slopes(soft, keep)/slopes(truth.NRGBA, keep), slopes(got, keep)/slopes(truth.NRGBA, keep),
		psnr(clean, soft, keep), psnr(clean, got, keep), told.Sharpened, told.Grain, sigma(ring), sigma(there))
	if strength > 0 {
		b.Sharpen, b.Grain = true, false
		sharp := image.NewNRGBA(truth.Rect)
		copy(sharp.Pix, truth.Pix)
		p.Stitch(truth, size, m, answer, align.Motion{}, b).Over(sharp)
		fmt.Printf("%27s %s\n", "exactly", ratios(measured(difference(got, sharp), within), measured(difference(truth.NRGBA, clean), within)))
	}
	return writeSheet(sheet, []tile{
		{"the photo", truth.NRGBA}, {"the answer", picture.Resize(answer, size)}, {"without detail", soft}, {"with detail", got},
	}, m.Bounding())
}

func sigma(s *grain.Spectrum) float64 {
	if s == nil {
		return 0
	}
	return s.Sigma()
}

// grainy returns a picture with grain: soft by somewhat less than a pixel, strongest in the middle tones, a
// little different in each channel.
func grainy(img *image.NRGBA, strength float64) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	if strength == 0 {
		return out
	}
	r := rand.New(rand.NewPCG(11, 12))
	w, h := img.Rect.Dx(), img.Rect.Dy()
	const side, middle = 0.3, 1.0
	soft := func() []float64 {
		raw := make([]float64, (w+2)*(h+2))
		for i := range raw {
			raw[i] = r.NormFloat64()
		}
		v := make([]float64, w*h)
		for i := range v {
			for j, k := range [3]float64{side, middle, side} {
				row := raw[(i/w+j)*(w+2)+i%w:]
				v[i] += k * (side*row[0] + middle*row[1] + side*row[2]) / (middle*middle + 2*side*side)
			}
		}
		return v
	}
	all := soft()
	for ch := range 3 {
		own := soft()
		for i := range own {
			v := float64(img.Pix[4*i+ch])
			by := strength * (0.5 + 2*v/255*(1-v/255)) * (all[i] + 0.4*own[i])
			out.Pix[4*i+ch] = uint8(math.Round(min(max(v+by, 0), 255)))
		}
	}
	return out
}

// difference is that of two pictures, on grey.
func difference(a, b *image.NRGBA) *image.NRGBA {
	out := image.NewNRGBA(a.Rect)
	for i := range out.Pix {
		out.Pix[i] = uint8(min(max(128+int(a.Pix[i])-int(b.Pix[i]), 0), 255))
	}
	return out
}

// blocksOf returns squares outside a mask and inside it, both away from its edge.
func blocksOf(a *image.Alpha) (around, within []image.Rectangle) {
	for y := 0; y+grain.Block <= a.Rect.Dy(); y += grain.Block {
		for x := 0; x+grain.Block <= a.Rect.Dx(); x += grain.Block {
			r := image.Rect(x, y, x+grain.Block, y+grain.Block)
			outer := r.Inset(-20).Intersect(a.Rect)
			sum, n := 0, 0
			for v := outer.Min.Y; v < outer.Max.Y; v++ {
				for u := outer.Min.X; u < outer.Max.X; u++ {
					sum, n = sum+int(a.Pix[v*a.Stride+u]), n+1
				}
			}
			switch sum {
			case 0:
				around = append(around, r)
			case 255 * n:
				within = append(within, r)
			}
		}
	}
	return around, within
}

func measured(img *image.NRGBA, blocks []image.Rectangle) *grain.Spectrum {
	return grain.Measure(func(image.Rectangle) *image.NRGBA { return img }, blocks)
}

// ratios are those of the bands' powers.
func ratios(a, b *grain.Spectrum) string {
	if a == nil || b == nil {
		return "-"
	}
	words := ""
	for _, r := range bands {
		words += fmt.Sprintf("%.2f ", a.Band(r[0], r[1])/b.Band(r[0], r[1]))
	}
	return words
}

// slopes is the mean steepness inside a mask.
func slopes(img *image.NRGBA, in *image.Alpha) float64 {
	sum, n := 0.0, 0
	w := in.Rect.Dx()
	for i, c := range in.Pix[:len(in.Pix)-w] {
		if c > 127 {
			g, right, below := float64(img.Pix[4*i+1]), float64(img.Pix[4*i+5]), float64(img.Pix[4*(i+w)+1])
			sum += math.Hypot(right-g, below-g)
			n++
		}
	}
	return sum / float64(n)
}
