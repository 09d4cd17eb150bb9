package region_test

import (
	"bytes"
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
)

func TestIdentityAtOneToOneIsEqualEverywhere(t *testing.T) {
	base := photo(t, "lakeshore.png", image.Pt(900, 700))
	// Transparency of its own, in and out of the mask.
	for y := 300; y < 330; y++ {
		for x := 300; x < 420; x++ {
			base.Pix[base.PixOffset(x, y)+3] = uint8(x - 300)
		}
	}
	for name, m := range map[string]*mask.Mask{
		"disc":   disc(base.size(), 400, 350, 130),
		"corner": disc(base.size(), 5, 5, 60),
		"whole":  mask.All(base.size()),
		"soft":   disc(base.size(), 500, 350, 80).Feather(30),
	} {
		p := plan(t, m, region.Limits{}, region.DefaultOptions())
		img, _ := p.Crop(base, base.size(), m)
		if p.Send != p.Window.Size() {
			t.Fatalf("%s: window %v is sent at %v, want 1:1 where nothing is limited", name, p.Window, p.Send)
		}
		if got := apply(base, m, p, img, region.DefaultBlend()); !bytes.Equal(got.Pix, base.Pix) {
			t.Errorf("%s: an answer equal to what was sent changed the picture", name)
		}
		sent, covered := p.Crop(base, base.size(), m)
		if c := p.ChangedOutside(base.size(), sent, covered, img); c != 0 {
			t.Errorf("%s: changed outside = %v%%, want 0", name, c)
		}
	}
}

func TestNothingChangesBeyondTheFeather(t *testing.T) {
	base := noise(800, 600, 1)
	rnd := rand.New(rand.NewPCG(2, 2))
	for i := range 12 {
		m := disc(base.size(), 800*rnd.Float64(), 600*rnd.Float64(), 20+80*rnd.Float64())
		b := region.DefaultBlend()
		b.Feather, b.Grow, b.Seam = rnd.IntN(40), rnd.IntN(8), rnd.IntN(33)
		p := plan(t, m, classic, region.DefaultOptions())
		answer := noise(256+rnd.IntN(300), 256+rnd.IntN(300), uint64(i)).NRGBA
		got := apply(base, m, p, answer, b)
		near := m.Grow(b.Feather)
		changed := 0
		for y := range 600 {
			for x := range 800 {
				i := base.PixOffset(x, y)
				if bytes.Equal(got.Pix[i:i+4], base.Pix[i:i+4]) {
					continue
				}
				changed++
				if near.At(x, y) == 0 {
					t.Fatalf("pixel %d,%d changed, further than %d px from the mask", x, y, b.Feather)
				}
			}
		}
		if changed == 0 {
			t.Fatal("nothing changed at all")
		}
	}
}

func TestTheMaskItselfShowsTheAnswer(t *testing.T) {
	base := noise(600, 600, 1)
	m := rectangle(base.size(), image.Rect(200, 200, 400, 400))
	p := plan(t, m, region.Limits{}, region.DefaultOptions())
	answer := noise(p.Send.X, p.Send.Y, 9).NRGBA
	b := region.Blend{Grow: 4, Feather: 16, Opacity: 1}
	got := apply(base, m, p, answer, b)
	for y := 196; y < 404; y++ {
		for x := 196; x < 404; x++ {
			dx, dy := max(200-x, 0, x-399), max(200-y, 0, y-399)
			want := answer.NRGBAAt(x-p.Window.Min.X, y-p.Window.Min.Y)
			if dx*dx+dy*dy <= 16 && got.NRGBAAt(x, y) != want {
				t.Fatalf("pixel %d,%d = %v, want the answer's %v", x, y, got.NRGBAAt(x, y), want)
			}
		}
	}
	// Half of it at half the opacity, within rounding.
	b.Opacity = 0.5
	got = apply(base, m, p, answer, b)
	for _, at := range []image.Point{{250, 250}, {300, 390}} {
		w := answer.NRGBAAt(at.X-p.Window.Min.X, at.Y-p.Window.Min.Y)
		if g, o := got.NRGBAAt(at.X, at.Y), base.NRGBAAt(at.X, at.Y); math.Abs(float64(g.R)-(float64(w.R)+float64(o.R))/2) > 1 {
			t.Errorf("at half opacity %v lies not between %v and %v", g, o, w)
		}
	}
}

func TestTransparentBorderBecomesOpaque(t *testing.T) {
	base := noise(600, 400, 1)
	for y := range 400 {
		for x := 450; x < 600; x++ {
			copy(base.Pix[base.PixOffset(x, y):][:4], []uint8{0, 0, 0, 0})
		}
	}
	m := rectangle(base.size(), image.Rect(450, 0, 600, 400))
	for _, limits := range []region.Limits{{}, classic} {
		p := plan(t, m, limits, region.DefaultOptions())
		answer := noise(p.Send.X, p.Send.Y, 3).NRGBA
		got := apply(base, m, p, answer, region.DefaultBlend())
		for y := range 400 {
			for x := range 600 {
				if got.NRGBAAt(x, y).A != 255 {
					t.Fatalf("pixel %d,%d has alpha %d, want it opaque", x, y, got.NRGBAAt(x, y).A)
				}
			}
		}
	}
}

// shift measures by how far b lies off a along x and y within r, to a fraction
// of a pixel: the shift that explains their difference best by a's slopes (Lucas and Kanade 1981).
func shift(a, b *image.NRGBA, r image.Rectangle) (dx, dy float64) {
	var xx, xy, yy, xt, yt float64
	at := func(i *image.NRGBA, x, y int) float64 { return float64(i.Pix[i.PixOffset(x, y)+1]) }
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			gx, gy := (at(a, x+1, y)-at(a, x-1, y))/2, (at(a, x, y+1)-at(a, x, y-1))/2
			d := at(a, x, y) - at(b, x, y)
			xx, xy, yy, xt, yt = xx+gx*gx, xy+gx*gy, yy+gy*gy, xt+gx*d, yt+gy*d
		}
	}
	det := xx*yy - xy*xy
	return (yy*xt - xy*yt) / det, (xx*yt - xy*xt) / det
}

func TestIdentityAtOtherScalesHasNoOffset(t *testing.T) {
	for _, c := range []struct {
		name   string
		base   canvas
		radius float64
		limits region.Limits
		answer image.Point // zero: as sent
	}{
		{"enlarged", photo(t, "lakeshore.png", image.Pt(800, 600)), 200, classic, image.Point{}},
		{"shrunk", photo(t, "flower.jpg", image.Pt(2000, 1800)), 560, classic, image.Point{}},
		{"noise shrunk", noise(2000, 1800, 4), 560, classic, image.Point{}},
		{"another size answered", noise(1000, 900, 5), 200, classic, image.Pt(777, 777)},
		{"other ratio", noise(1400, 900, 6), 250, region.Limits{Sizes: []image.Point{{X: 1536, Y: 1024}}}, image.Point{}},
	} {
		m := disc(c.base.size(), float64(c.base.Rect.Dx())/2, float64(c.base.Rect.Dy())/2, c.radius)
		p := plan(t, m, c.limits, region.DefaultOptions())
		img, _ := p.Crop(c.base, c.base.size(), m)
		if c.answer != (image.Point{}) {
			img = picture.Resize(img, c.answer)
		}
		got := apply(c.base, m, p, img, region.DefaultBlend())
		inner := m.Bounding().Inset(int(c.radius * 0.35))
		dx, dy := shift(c.base.NRGBA, got, inner)
		t.Logf("%s: %v at %v, offset %.4f %.4f px", c.name, p.Window, p.Send, dx, dy)
		if math.Abs(dx) > 0.05 || math.Abs(dy) > 0.05 {
			t.Errorf("%s: offset %.4f, %.4f px, want less than 0.05", c.name, dx, dy)
		}
		// Nor does it change the colours: what the match learns must not be led
		// astray by the detail that resampling takes.
		if r, g, b := bias(c.base.NRGBA, got, inner); max(math.Abs(r), math.Abs(g), math.Abs(b)) > 0.5 {
			t.Errorf("%s: colours are off by %.2f, %.2f, %.2f levels", c.name, r, g, b)
		}
		// The measure itself must notice a shift.
		moved := image.NewNRGBA(c.base.Rect)
		copy(moved.Pix[4:], c.base.Pix)
		if dx, _ := shift(c.base.NRGBA, moved, inner); math.Abs(dx) < 0.2 {
			t.Fatalf("%s: a shift of one pixel measures only %.3f", c.name, dx)
		}
	}
}

// bias returns by how many levels b's mean colour is above a's.
func bias(a, b *image.NRGBA, r image.Rectangle) (red, green, blue float64) {
	var sum [3]float64
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			i := a.PixOffset(x, y)
			for ch := range 3 {
				sum[ch] += float64(b.Pix[i+ch]) - float64(a.Pix[i+ch])
			}
		}
	}
	n := float64(r.Dx() * r.Dy())
	return sum[0] / n, sum[1] / n, sum[2] / n
}

// tinted returns an answer in other colours: darker, flatter and warmer.
func tinted(img *image.NRGBA) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	for i := 0; i < len(out.Pix); i += 4 {
		out.Pix[i] = uint8(float64(img.Pix[i])*0.88 + 12)
		out.Pix[i+1] = uint8(float64(img.Pix[i+1])*0.85 + 4)
		out.Pix[i+2] = uint8(float64(img.Pix[i+2]) * 0.8)
	}
	return out
}

func difference(a, b *image.NRGBA, r image.Rectangle) float64 {
	sum := 0.0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			i := a.PixOffset(x, y)
			for ch := range 3 {
				sum += math.Abs(float64(a.Pix[i+ch]) - float64(b.Pix[i+ch]))
			}
		}
	}
	return sum / float64(3*r.Dx()*r.Dy())
}

func TestColourMatchTakesATintBack(t *testing.T) {
	for _, name := range []string{"lakeshore.png", "tulips.png", "flower.jpg"} {
		base := photo(t, name, image.Pt(900, 700))
		m := disc(base.size(), 450, 350, 120)
		p := plan(t, m, region.Limits{}, region.DefaultOptions())
		img, _ := p.Crop(base, base.size(), m)
		answer := tinted(img)
		inner := image.Rect(370, 270, 530, 430)
		b := region.DefaultBlend()
		matched := difference(base.NRGBA, apply(base, m, p, answer, b), inner)
		b.Match, b.Seam = false, 0
		plain := difference(base.NRGBA, apply(base, m, p, answer, b), inner)
		t.Logf("%s: off by %.2f levels without, %.2f with the match", name, plain, matched)
		if matched > plain/3 {
			t.Errorf("%s: the match leaves %.2f of %.2f levels", name, matched, plain)
		}
	}
}

func TestSeamLeadsTheMismatchOver(t *testing.T) {
	// A plain canvas, and an answer that is darker towards the right: no match
	// of the whole can mend that.
	base := canvas{image.NewNRGBA(image.Rect(0, 0, 700, 700))}
	for i := range base.Pix {
		base.Pix[i] = 160
		if i%4 == 3 {
			base.Pix[i] = 255
		}
	}
	m := disc(base.size(), 350, 350, 120)
	p := plan(t, m, region.Limits{}, region.DefaultOptions())
	answer, _ := p.Crop(base, base.size(), m)
	for y := range answer.Rect.Dy() {
		for x := range answer.Rect.Dx() {
			i := answer.PixOffset(x, y)
			for ch := range 3 {
				answer.Pix[i+ch] = uint8(170 - x/12)
			}
		}
	}
	step := func(b region.Blend) float64 {
		got := apply(base, m, p, answer, b)
		worst := 0.0
		for angle := 0.0; angle < 2*math.Pi; angle += 0.1 {
			at := func(radius float64) float64 {
				return float64(got.NRGBAAt(int(350+radius*math.Cos(angle)), int(350+radius*math.Sin(angle))).G)
			}
			worst = max(worst, math.Abs(at(118)-at(137)))
		}
		return worst
	}
	b := region.DefaultBlend()
	with := step(b)
	b.Seam = 0
	without := step(b)
	t.Logf("step across the seam: %.0f levels without, %.0f with", without, with)
	if with > 3 || without < 2*with+2 {
		t.Errorf("step across the seam: %.0f levels without, %.0f with", without, with)
	}
}

func TestChangedOutsideCountsWhatChanged(t *testing.T) {
	base := noise(800, 800, 1)
	m := rectangle(base.size(), image.Rect(300, 300, 500, 500))
	p := plan(t, m, region.Limits{}, region.DefaultOptions())
	sent, grown := p.Crop(base, base.size(), m)
	answer, _ := p.Crop(base, base.size(), m)
	outside, changed := 0, 0
	for y := range p.Send.Y {
		for x := range p.Send.X {
			if grown.AlphaAt(x, y).A != 0 {
				answer.Pix[answer.PixOffset(x, y)] ^= 0x80 // what is asked for does not count
				continue
			}
			outside++
			switch {
			case y < 40:
				answer.Pix[answer.PixOffset(x, y)+1] ^= 0x40
				changed++
			case y < 80:
				answer.Pix[answer.PixOffset(x, y)+1] ^= 1 // not visible
			}
		}
	}
	want := 100 * float64(changed) / float64(outside)
	if got := p.ChangedOutside(base.size(), sent, grown, answer); math.Abs(got-want) > 1e-9 {
		t.Errorf("changed outside = %v%%, want %v%%", got, want)
	}
}

func TestHostileAnswers(t *testing.T) {
	base := noise(64, 48, 1)
	m := disc(base.size(), 30, 20, 10)
	for _, limits := range []region.Limits{{}, classic} {
		p := plan(t, m, limits, region.DefaultOptions())
		for _, size := range []image.Point{{0, 0}, {1, 1}, {1, 900}, {3, 2}, {2000, 1}} {
			answer := image.NewNRGBA(image.Rectangle{Max: size}.Add(image.Pt(5, 7))) // all transparent
			got := apply(base, m, p, answer, region.DefaultBlend())
			if size.X == 0 && !bytes.Equal(got.Pix, base.Pix) {
				t.Error("an empty answer changed the picture")
			}
			sent, covered := p.Crop(base, base.size(), m)
			p.ChangedOutside(base.size(), sent, covered, answer)
		}
	}
}
