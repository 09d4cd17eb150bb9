// Command quality measures how well package align finds motions that are known,
// prints a table and writes contact sheets to look at: what was sent, the answer, the
// stitch without and with alignment; and the same of what really changed, and of the
// detail that enlarged answers get back.
package main

import (
	"context"
	"flag"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/align/aligntest"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

func main() {
	photos := flag.String("photos", "assets/photos", "folder of photos")
	out := flag.String("out", "build/align-quality", "folder for the contact sheets")
	only := flag.String("only", "", "only kinds whose name begins with this")
	n := flag.Int("n", 8, "cases of each kind")
	verbose := flag.Bool("v", false, "a line for each case")
	flag.Parse()
	if err := run(*photos, *out, *only, *n, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "quality:", err)
		os.Exit(1)
	}
}

// kind is a group of cases with one row of the table.
type kind struct {
	name   string
	drift  func(r *rand.Rand, d *aligntest.Drift)
	still  bool // nothing moves
	sheets int  // of how many cases a contact sheet is written
}

// treat gives an answer colours, noise and compression of its own.
func treat(r *rand.Rand, d *aligntest.Drift) {
	d.Gain, d.Gamma = 0.92+0.16*r.Float64(), 0.9+0.2*r.Float64()
	d.Cast = [3]float64{1 + 0.03*r.NormFloat64(), 1, 1 + 0.03*r.NormFloat64()}
	d.Noise = 3 * r.Float64()
	d.JPEG = 75 + r.IntN(20)
}

// move gives it a motion up to parts of the bounds.
func move(part float64) func(r *rand.Rand, d *aligntest.Drift) {
	return func(r *rand.Rand, d *aligntest.Drift) {
		s := func() float64 { return part * (2*r.Float64() - 1) }
		// X and Y are in parts of the side until the scene is known.
		d.X, d.Y, d.Zoom, d.Turn = s()*0.12/math.Sqrt2, s()*0.12/math.Sqrt2, s()*0.08, s()*3
	}
}

func both(f ...func(*rand.Rand, *aligntest.Drift)) func(*rand.Rand, *aligntest.Drift) {
	return func(r *rand.Rand, d *aligntest.Drift) {
		for _, g := range f {
			g(r, d)
		}
	}
}

func replaced(part float64) func(*rand.Rand, *aligntest.Drift) {
	return func(r *rand.Rand, d *aligntest.Drift) { d.Replaced = part }
}

func bend(r *rand.Rand, d *aligntest.Drift) { d.Bend = 0.4 + 0.8*r.Float64() }

func kinds() []kind {
	return []kind{
		{"still", treat, true, 0},
		{"still, 30 % replaced", both(treat, replaced(0.3)), true, 0},
		{"still, 60 % replaced", both(treat, replaced(0.6)), true, 0},
		{"clean", move(0.15), false, 1},
		{"small", both(treat, move(0.15)), false, 2},
		{"small, 30 % replaced", both(treat, move(0.15), replaced(0.3)), false, 1},
		{"small, 60 % replaced", both(treat, move(0.15), replaced(0.6)), false, 2},
		{"large", both(treat, move(1)), false, 2},
		{"large, 30 % replaced", both(treat, move(1), replaced(0.3)), false, 1},
		{"large, 60 % replaced", both(treat, move(1), replaced(0.6)), false, 2},
		{"bent", both(treat, move(0.1), bend), false, 2},
		{"bent, 30 % replaced", both(treat, move(0.1), bend, replaced(0.3)), false, 1},
	}
}

// scenes returns parts of the photos as they are sent.
func scenes(folder string) ([]*aligntest.Scene, error) {
	var all []*aligntest.Scene
	for _, s := range []struct {
		file  string
		scale float64
		at    image.Point
		size  image.Point
	}{
		{"flower.jpg", 1.5, image.Pt(200, 100), image.Pt(768, 768)},
		{"lakeshore.png", 1.15, image.Pt(20, 20), image.Pt(400, 400)},
		{"tulips.png", 1.15, image.Pt(20, 20), image.Pt(400, 400)},
		{"coffee.png", 1.15, image.Pt(20, 20), image.Pt(480, 320)},
		{"flower.jpg", 1.2, image.Pt(1100, 300), image.Pt(768, 512)},
	} {
		photo, err := aligntest.Read(folder, s.file)
		if err != nil {
			return nil, err
		}
		all = append(all, aligntest.NewScene(photo, s.at, s.size, s.scale))
	}
	return all, nil
}

// row is what the cases of a kind gave.
type row struct {
	errors            []float64 // inside the masks, in sent pixels
	loss              []float64 // dB against the same answer unmoved
	before, after     []float64 // dB of the stitch without and with alignment
	moved, other, all int
}

func run(photos, out, only string, n int, verbose bool) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	all, err := scenes(photos)
	if err != nil {
		return err
	}
	fmt.Printf("%-22s %5s %6s %6s   %7s %7s %7s   %7s %7s %7s %7s\n", "kind", "cases", "moved", "other", "median", "95 %", "worst", "as came", "aligned", "loss", "worst")
	var total row
	for _, k := range kinds() {
		if !strings.HasPrefix(k.name, only) {
			continue
		}
		var r row
		for i := range n {
			if err := r.measure(all[i%len(all)], k, i, out, verbose); err != nil {
				return err
			}
		}
		r.print(k.name)
		if !k.still {
			total.errors, total.loss = append(total.errors, r.errors...), append(total.loss, r.loss...)
			total.before, total.after = append(total.before, r.before...), append(total.after, r.after...)
			total.moved, total.other, total.all = total.moved+r.moved, total.other+r.other, total.all+r.all
		}
	}
	total.print("all that moved")
	if only == "" || only == "others" {
		if err := others(all); err != nil {
			return err
		}
	}
	if only == "" || only == "detail" {
		if err := detail(photos, out); err != nil {
			return err
		}
	}
	if only == "" || only == "change" {
		return changes(all, n, out, verbose)
	}
	return nil
}

func (r *row) print(name string) {
	fmt.Printf("%-22s %5d %6d %6d   %7.3f %7.3f %7.3f   %7.2f %7.2f %7.2f %7.2f\n", name, r.all, r.moved, r.other,
		percentile(r.errors, 0.5), percentile(r.errors, 0.95), percentile(r.errors, 1),
		percentile(r.before, 0.5), percentile(r.after, 0.5), percentile(r.loss, 0.5), percentile(r.loss, 1))
}

func (r *row) measure(s *aligntest.Scene, k kind, i int, out string, verbose bool) error {
	rnd := rand.New(rand.NewPCG(uint64(i), uint64(len(k.name))))
	side := float64(max(s.Size.X, s.Size.Y))
	m := spot(rnd, s.Size)
	d := aligntest.Drift{Seed: uint64(i), Keep: m.Alpha(image.Rectangle{Max: s.Size})}
	k.drift(rnd, &d)
	d.X, d.Y = d.X*side, d.Y*side
	sent, answer := canvas{s.Sent()}, s.Answer(d)
	p := region.Plan{Window: sent.Rect, Send: s.Size, Grow: 4}
	crop, covered := p.Crop(sent, s.Size, m)
	motion, err := align.Estimate(context.Background(), crop, covered, answer)
	if err != nil {
		return err
	}
	r.all++
	switch motion.Finding {
	case align.Moved:
		r.moved++
	case align.Other:
		r.other++
	}
	e := misplaced(s.Place(d), motion, d.Keep)
	r.errors = append(r.errors, e...)
	rest := d
	rest.X, rest.Y, rest.Zoom, rest.Turn, rest.Bend = 0, 0, 0, 0, 0
	b := region.DefaultBlend()
	lay := func(a *image.NRGBA, motion align.Motion) *image.NRGBA {
		out := image.NewNRGBA(sent.Rect)
		copy(out.Pix, sent.Pix)
		p.Stitch(sent, s.Size, m, a, motion, b).Over(out)
		return out
	}
	unmoved, before, after := lay(s.Answer(rest), align.Motion{}), lay(answer, align.Motion{}), lay(answer, motion)
	best, came, got := psnr(sent.NRGBA, unmoved, d.Keep), psnr(sent.NRGBA, before, d.Keep), psnr(sent.NRGBA, after, d.Keep)
	r.before, r.after, r.loss = append(r.before, came), append(r.after, got), append(r.loss, best-got)
	if verbose {
		fmt.Printf("  %d: %-6s agree %.2f shift %.2f zoom %.4f turn %.2f field %v error %.3f  dB unmoved %.2f came %.2f aligned %.2f\n", i, motion.Finding, motion.Agreeing,
			motion.Shift, motion.Zoom, motion.Turn, motion.Field != nil, percentile(e, 0.5), best, came, got)
	}
	if i < k.sheets {
		name := strings.NewReplacer(" ", "-", ",", "", "%", "percent").Replace(k.name)
		return writeSheet(filepath.Join(out, fmt.Sprintf("%s-%d.png", name, i)), []tile{
			{"sent", sent.NRGBA}, {"answer", answer}, {fmt.Sprintf("as it came: %.1f dB", came), before}, {fmt.Sprintf("aligned: %.1f dB", got), after},
		}, m.Bounding())
	}
	return nil
}

// spot returns an oval mask of about half the side somewhere in the picture.
func spot(r *rand.Rand, size image.Point) *mask.Mask {
	w, h := float64(size.X), float64(size.Y)
	cx, cy, radius := w*(0.35+0.3*r.Float64()), h*(0.35+0.3*r.Float64()), min(w, h)*(0.12+0.14*r.Float64())
	a := image.NewAlpha(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			d := radius - math.Hypot(float64(x)-cx, (float64(y)-cy)*1.2)
			a.Pix[y*a.Stride+x] = uint8(255 * min(max(d+0.5, 0), 1))
		}
	}
	return mask.FromAlpha(a, size)
}

// misplaced returns how far wrong the motion is at the places of a mask.
func misplaced(place func(x, y float64) (float64, float64), m align.Motion, a *image.Alpha) (e []float64) {
	for y := 2; y < a.Rect.Dy(); y += 5 {
		for x := 2; x < a.Rect.Dx(); x += 5 {
			if a.Pix[y*a.Stride+x] > 127 {
				u, v := place(float64(x)+0.5, float64(y)+0.5)
				s, t := m.Place(float64(x)+0.5, float64(y)+0.5)
				e = append(e, math.Hypot(u-s, v-t))
			}
		}
	}
	return e
}

// canvas is a picture as package region reads it.
type canvas struct{ *image.NRGBA }

func (c canvas) Pixels(r image.Rectangle) *image.NRGBA { return c.SubImage(r).(*image.NRGBA) }

// psnr compares two pictures inside a mask.
func psnr(a, b *image.NRGBA, in *image.Alpha) float64 {
	sum, n := 0.0, 0
	for i, c := range in.Pix {
		if c > 127 {
			for ch := range 3 {
				d := float64(a.Pix[4*i+ch]) - float64(b.Pix[4*i+ch])
				sum += d * d
			}
			n += 3
		}
	}
	if sum == 0 {
		return 99
	}
	return 10 * math.Log10(255*255*float64(n)/sum)
}

func percentile(v []float64, p float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Clone(v)
	slices.Sort(v)
	return v[int(p*float64(len(v)-1))]
}
