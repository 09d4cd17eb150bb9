package align_test

import (
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"

	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/align/aligntest"
	"overpaint.dev/overpaint/editor/picture"
)

var ctx = context.Background()

// photos are small parts of the photos as they are sent.
var photos = []struct {
	file  string
	at    image.Point
	size  image.Point
	scale float64
}{
	{"flower.jpg", image.Pt(300, 150), image.Pt(320, 320), 1.5},
	{"lakeshore.png", image.Pt(20, 20), image.Pt(400, 400), 1.15},
	{"tulips.png", image.Pt(20, 20), image.Pt(300, 400), 1.15},
	{"coffee.png", image.Pt(20, 20), image.Pt(480, 320), 1.15},
}

func scenes(t testing.TB) (all []*aligntest.Scene) {
	for _, p := range photos {
		all = append(all, scene(t, p.file, p.at, p.size, p.scale))
	}
	return all
}

func scene(t testing.TB, name string, at, size image.Point, scale float64) *aligntest.Scene {
	t.Helper()
	photo, err := aligntest.Read("../../assets/photos", name)
	if err != nil {
		t.Fatal(err)
	}
	return aligntest.NewScene(photo, at, size, scale)
}

// disc returns a round mask; all in parts of the sides.
func disc(size image.Point, cx, cy, radius float64) *image.Alpha {
	a := image.NewAlpha(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			if math.Hypot(float64(x)-cx*float64(size.X), float64(y)-cy*float64(size.Y)) < radius*float64(size.X) {
				a.Pix[y*a.Stride+x] = 255
			}
		}
	}
	return a
}

func estimate(t testing.TB, sent *image.NRGBA, covered *image.Alpha, answer *image.NRGBA) align.Motion {
	t.Helper()
	m, err := align.Estimate(ctx, sent, covered, answer)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// farthest returns by how much a motion is wrong at most over the picture, in sent pixels.
func farthest(s *aligntest.Scene, d aligntest.Drift, m align.Motion) (worst float64) {
	place := s.Place(d)
	for y := 0; y <= s.Size.Y; y += s.Size.Y / 8 {
		for x := 0; x <= s.Size.X; x += s.Size.X / 8 {
			u, v := place(float64(x), float64(y))
			gotU, gotV := m.Place(float64(x), float64(y))
			worst = max(worst, math.Hypot(u-gotU, v-gotV))
		}
	}
	return worst
}

// service gives an answer colours, noise and compression of its own.
func service(r *rand.Rand, d aligntest.Drift) aligntest.Drift {
	d.Gain, d.Gamma, d.Cast[0], d.Cast[2] = 0.92+0.16*r.Float64(), 0.9+0.2*r.Float64(), 1.03, 0.98
	d.Noise, d.JPEG, d.Seed = 3*r.Float64(), 75+r.IntN(20), r.Uint64()
	return d
}

func TestStillAnswersStayStill(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i, s := range scenes(t) {
		sent, covered := s.Sent(), disc(s.Size, 0.5, 0.5, 0.2)
		if m := estimate(t, sent, nil, sent); !m.Still() {
			t.Errorf("photo %d: the picture itself moved: %+v", i, m)
		}
		for _, replaced := range []float64{0, 0.3, 0.6} {
			answer := s.Answer(service(r, aligntest.Drift{Replaced: replaced, Keep: covered}))
			if m := estimate(t, sent, covered, answer); m.Finding != align.Still {
				t.Errorf("photo %d with %.0f %% replaced: %+v", i, 100*replaced, m)
			}
		}
	}
}

func TestFindsMotions(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i, s := range scenes(t) {
		sent, covered := s.Sent(), disc(s.Size, 0.55, 0.45, 0.22)
		side := float64(max(s.Size.X, s.Size.Y))
		for _, d := range []aligntest.Drift{
			{X: 0.7, Y: -0.3},
			{X: 5.3, Y: -3.1, Zoom: 0.012},
			{X: -2, Turn: 0.6, Replaced: 0.3},
			{X: 4, Y: 3, Zoom: -0.015, Replaced: 0.6},
			{X: -0.08 * side, Y: 0.08 * side, Zoom: 0.07, Turn: -2.6},
		} {
			d = service(r, d)
			d.Keep = covered
			m := estimate(t, sent, covered, s.Answer(d))
			if e := farthest(s, d, m); m.Finding != align.Moved || e > 0.35 {
				t.Errorf("photo %d, %.1f, %.1f, zoom %.3f, turn %.1f, %.0f %% replaced: %s, wrong by %.2f px", i, d.X, d.Y, d.Zoom, d.Turn, 100*d.Replaced, m.Finding, e)
			}
			if math.Abs(m.Zoom-d.Zoom) > 0.002 || math.Abs(m.Turn-d.Turn) > 0.1 || math.Abs(m.Shift-math.Hypot(d.X, d.Y)) > 0.35 {
				t.Errorf("photo %d: %.2f px, zoom %.4f, turn %.2f are told of %+v", i, m.Shift, m.Zoom, m.Turn, d)
			}
		}
	}
}

func TestFindsBends(t *testing.T) {
	s := scenes(t)[0]
	sent := s.Sent()
	d := aligntest.Drift{X: 2, Bend: 1, Noise: 1}
	m := estimate(t, sent, nil, s.Answer(d))
	if e := farthest(s, d, m); m.Field == nil || e > 0.5 {
		t.Errorf("field %v, wrong by %.2f px", m.Field, e)
	}
}

// plain returns a picture of a function with noise of a spread.
func plain(size image.Point, noise float64, seed uint64, f func(x, y float64) float64) *image.NRGBA {
	r := rand.New(rand.NewPCG(seed, 9))
	img := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			v := uint8(min(max(f(float64(x), float64(y))+noise*r.NormFloat64(), 0), 255))
			img.SetNRGBA(x, y, color.NRGBA{v, v, v, 255})
		}
	}
	return img
}

func TestPlainPicturesStay(t *testing.T) {
	size := image.Pt(300, 240)
	for name, f := range map[string]func(x, y float64) float64{
		"even":     func(x, y float64) float64 { return 120 },
		"gradient": func(x, y float64) float64 { return 60 + x/3 + y/5 },
		"stripes":  func(x, y float64) float64 { return 128 + 80*math.Sin(x/7+x*x/3000) },
		"one edge": func(x, y float64) float64 { return 200 - 100/(1+math.Exp(y-120)) },
		"vignette": func(x, y float64) float64 { return 220 - math.Hypot(x-150, y-120)/2 },
	} {
		for _, noise := range []float64{0, 2, 4} {
			for seed := range uint64(6) {
				sent, answer := plain(size, noise, 2*seed, f), plain(size, noise, 2*seed+1, f)
				if m := estimate(t, sent, nil, answer); !m.Still() || m.Finding == align.Other {
					t.Errorf("%s, noise %.0f, seed %d: %+v", name, noise, seed, m)
				}
			}
		}
	}
	// A pattern that is its own neighbour must not jump by a period.
	stripes := func(x, y float64) float64 { return 128 + 60*math.Sin(x/3) + 60*math.Sin(y/4) }
	if m := estimate(t, plain(size, 2, 1, stripes), nil, plain(size, 2, 2, stripes)); !m.Still() {
		t.Errorf("a pattern: %+v", m)
	}
	sky := scene(t, "lakeshore.png", image.Pt(190, 60), image.Pt(280, 150), 1)
	d := aligntest.Drift{Noise: 2, JPEG: 85, Gain: 0.95}
	if m := estimate(t, sky.Sent(), nil, sky.Answer(d)); !m.Still() {
		t.Errorf("a sky: %+v", m)
	}
}

func TestOtherPictures(t *testing.T) {
	all := scenes(t)
	for i, s := range all {
		sent := s.Sent()
		other := picture.Resize(all[(i+1)%len(all)].Sent(), s.Size)
		if m := estimate(t, sent, nil, other); m.Finding != align.Other {
			t.Errorf("photo %d: another photo: %+v", i, m)
		}
		// The same one, moved beyond the bounds.
		far := s.Answer(aligntest.Drift{X: 0.2 * float64(max(s.Size.X, s.Size.Y)), Noise: 1})
		if m := estimate(t, sent, nil, far); !m.Still() {
			t.Errorf("photo %d, moved by a fifth: %+v", i, m)
		}
	}
}

// boxed puts a picture into a larger one with bars.
func boxed(img *image.NRGBA, size image.Point, at image.Point, bars color.Color) *image.NRGBA {
	out := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(out, out.Rect, image.NewUniform(bars), image.Point{}, draw.Src)
	draw.Draw(out, img.Rect.Sub(img.Rect.Min).Add(at), img, img.Rect.Min, draw.Src)
	return out
}

func TestUndoesCropsAndBars(t *testing.T) {
	for i, s := range scenes(t) {
		sent, w, h := s.Sent(), s.Size.X, s.Size.Y
		d := aligntest.Drift{X: 1.5, Y: -0.8, Zoom: 0.005, Noise: 1, JPEG: 90}
		answer := s.Answer(d)
		place := s.Place(d)
		for _, c := range []struct {
			name  string
			img   *image.NRGBA
			frame align.Frame
			at    image.Point // of the answer's corner in the picture
			scale float64
		}{
			{"boxed at the sides", boxed(answer, image.Pt(w+h/2, h), image.Pt(h/4, 0), color.Black), align.Boxed, image.Pt(h/4, 0), 1},
			{"boxed at the top", boxed(answer, image.Pt(w, h+w/3), image.Pt(0, w/3), color.White), align.Boxed, image.Pt(0, w/3), 1},
			{"cropped", boxed(answer, image.Pt(w, h*4/5), image.Pt(0, -h/10), color.Black), align.Cropped, image.Pt(0, -h/10), 1},
			{"cropped and twice as large", picture.Resize(boxed(answer, image.Pt(w*4/5, h), image.Pt(-w/10, 0), color.Black), image.Pt(w*8/5, 2*h)), align.Cropped, image.Pt(-w/10, 0), 2},
		} {
			m := estimate(t, sent, nil, c.img)
			worst := 0.0
			for y := 10.0; y < float64(h); y += 30 {
				for x := 10.0; x < float64(w); x += 30 {
					u, v := place(x, y)
					gotU, gotV := m.Place(x, y)
					worst = max(worst, math.Hypot(gotU/c.scale-float64(c.at.X)-u, gotV/c.scale-float64(c.at.Y)-v))
				}
			}
			if m.Finding != align.Moved || m.Frame != c.frame || worst > 0.5 {
				t.Errorf("photo %d %s: %s %q, wrong by %.2f px", i, c.name, m.Finding, m.Frame, worst)
			}
			back, err := m.Apply(ctx, c.img, s.Size, sent.Rect)
			if err != nil {
				t.Fatal(err)
			}
			if p := psnr(sent, back, m.Shown(s.Size)); p < 28 {
				t.Errorf("photo %d %s: %.1f dB of what is shown", i, c.name, p)
			}
		}
	}
}

// psnr compares two pictures where shown, unless nil, is 255.
func psnr(a, b *image.NRGBA, shown *image.Alpha) float64 {
	sum, n := 0.0, 0
	for i := range len(a.Pix) / 4 {
		if shown == nil || shown.Pix[i] == 255 {
			for ch := range 3 {
				d := float64(a.Pix[4*i+ch]) - float64(b.Pix[4*i+ch])
				sum, n = sum+d*d, n+1
			}
		}
	}
	return 10 * math.Log10(255*255*float64(n)/max(sum, 1e-9))
}

// TestApplyAsReference compares with each pixel filtered on its own.
func TestApplyAsReference(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 12 {
		size := image.Pt(20+r.IntN(60), 20+r.IntN(60))
		img := image.NewNRGBA(image.Rectangle{Max: size})
		for i := range img.Pix {
			img.Pix[i] = uint8(r.IntN(256))
			if i%4 == 3 && r.IntN(3) > 0 {
				img.Pix[i] = 255
			}
		}
		img = picture.Resize(picture.Resize(img, size.Div(4)), size) // smooth, for two passes are not one on noise
		m := align.Motion{Finding: align.Moved, Sent: size, Answer: size, Seen: [4]float64{0, 0, float64(size.X), float64(size.Y)}}
		turn, zoom := 0.05*r.NormFloat64(), 1+0.03*r.NormFloat64()
		m.Affine = [6]float64{zoom, -turn, 4 * r.NormFloat64(), turn, zoom, 4 * r.NormFloat64()}
		if r.IntN(2) == 0 {
			m.Field = &align.Field{Cols: 3, Rows: 2, V: make([][2]float32, 6)}
			for i := range m.Field.V {
				m.Field.V[i] = [2]float32{float32(0.3 * r.NormFloat64()), float32(0.3 * r.NormFloat64())}
			}
		}
		within := image.Rect(3, 2, size.X-2, size.Y-1)
		got, err := m.Apply(ctx, img, size, within)
		if err != nil {
			t.Fatal(err)
		}
		var sum float64
		n := 0
		for y := within.Min.Y; y < within.Max.Y; y++ {
			for x := within.Min.X; x < within.Max.X; x++ {
				if !m.Shows(float64(x)+0.5, float64(y)+0.5, 0) {
					continue
				}
				u, v := m.Place(float64(x)+0.5, float64(y)+0.5)
				want := filtered(img, u, v)
				have := got.NRGBAAt(x, y)
				a, b := float64(want[3]), float64(have.A)
				// Colours count by their alpha.
				for ch, c := range [3]uint8{have.R, have.G, have.B} {
					e := want[ch]*a/255 - float64(c)*b/255
					sum += e * e
				}
				sum += (a - b) * (a - b)
				n += 4
			}
		}
		if rms := math.Sqrt(sum / float64(n)); rms > 1.2 {
			t.Errorf("%v %+v: off by %.2f levels", size, m, rms)
		}
	}
}

// filtered is the three-lobed Lanczos filter at one place.
func filtered(img *image.NRGBA, u, v float64) (c [4]float64) {
	lanczos := func(x float64) float64 {
		if x == 0 {
			return 1
		}
		if math.Abs(x) >= 3 {
			return 0
		}
		return 3 * math.Sin(math.Pi*x) * math.Sin(math.Pi*x/3) / (math.Pi * math.Pi * x * x)
	}
	sum := 0.0
	x0, y0 := int(math.Floor(u-0.5)), int(math.Floor(v-0.5))
	for y := y0 - 2; y <= y0+3; y++ {
		for x := x0 - 2; x <= x0+3; x++ {
			w := lanczos(u-0.5-float64(x)) * lanczos(v-0.5-float64(y))
			p := img.NRGBAAt(min(max(x, 0), img.Rect.Max.X-1), min(max(y, 0), img.Rect.Max.Y-1))
			a := float64(p.A)
			c[0], c[1], c[2], c[3] = c[0]+w*a*float64(p.R), c[1]+w*a*float64(p.G), c[2]+w*a*float64(p.B), c[3]+w*a
			sum += w
		}
	}
	a := c[3] / sum
	if a < 0.5 {
		return [4]float64{}
	}
	for ch := range 3 {
		c[ch] = min(max(c[ch]/c[3], 0), 255)
	}
	c[3] = min(a, 255)
	return c
}

func TestApplyMovesWholePixelsExactly(t *testing.T) {
	s := scenes(t)[0]
	sent := s.Sent()
	m := align.Motion{Finding: align.Moved, Sent: s.Size, Answer: s.Size, Affine: [6]float64{1, 0, 3, 0, 1, -2}, Seen: [4]float64{0, 0, float64(s.Size.X), float64(s.Size.Y)}}
	got, err := m.Apply(ctx, sent, s.Size, image.Rect(10, 10, 200, 200))
	if err != nil {
		t.Fatal(err)
	}
	for y := 10; y < 200; y++ {
		for x := 10; x < 200; x++ {
			if a, b := got.NRGBAAt(x, y), sent.NRGBAAt(x+3, y-2); a != b {
				t.Fatalf("(%d, %d): %v, want %v", x, y, a, b)
			}
		}
	}
}

func TestSameOnAnyNumberOfProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	s := scenes(t)[0]
	sent, covered := s.Sent(), disc(s.Size, 0.5, 0.5, 0.2)
	answer := s.Answer(aligntest.Drift{X: 30, Y: -14, Turn: 1, Bend: 0.8, Noise: 2, Replaced: 0.4})
	var first align.Motion
	var pix []uint8
	for i, n := range []int{1, 16, 3} {
		runtime.GOMAXPROCS(n)
		m := estimate(t, sent, covered, answer)
		out, err := m.Apply(ctx, answer, s.Size, sent.Rect)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first, pix = m, out.Pix
			continue
		}
		if !reflect.DeepEqual(m, first) || string(out.Pix) != string(pix) {
			t.Errorf("%d processors find another motion than one", n)
		}
	}
}

func TestCancelled(t *testing.T) {
	s := scenes(t)[0]
	sent, answer := s.Sent(), s.Answer(aligntest.Drift{X: 20, Noise: 2})
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := align.Estimate(cancelled, sent, nil, answer); !errors.Is(err, context.Canceled) {
		t.Errorf("Estimate: %v", err)
	}
	m := estimate(t, sent, nil, answer)
	if _, err := m.Apply(cancelled, answer, s.Size, sent.Rect); !errors.Is(err, context.Canceled) {
		t.Errorf("Apply: %v", err)
	}
}

// TestAnySize looks for sizes, shapes and masks that nobody thought of.
func TestAnySize(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	side := func() int { return 1 + r.IntN([]int{4, 60, 200}[r.IntN(3)]) }
	for range 150 {
		sent := image.NewNRGBA(image.Rect(0, 0, side(), side()).Add(image.Pt(r.IntN(9), r.IntN(9))))
		answer := image.NewNRGBA(image.Rect(0, 0, side(), side()))
		for _, img := range []*image.NRGBA{sent, answer} {
			for i := range img.Pix {
				img.Pix[i] = uint8(r.IntN(256))
			}
		}
		covered := image.NewAlpha(sent.Rect)
		if r.IntN(3) == 0 {
			for i := range covered.Pix {
				covered.Pix[i] = uint8(255 * r.IntN(2))
			}
		}
		m := estimate(t, sent, covered, answer)
		for _, v := range m.Affine {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%v against %v: %+v", sent.Rect, answer.Rect, m)
			}
		}
		if _, err := m.Apply(ctx, answer, sent.Rect.Size(), image.Rectangle{Max: sent.Rect.Size()}); err != nil {
			t.Fatal(err)
		}
		m.Shown(sent.Rect.Size())
	}
}

func TestMotionAsJSON(t *testing.T) {
	s := scenes(t)[0]
	m := estimate(t, s.Sent(), nil, s.Answer(aligntest.Drift{X: 2, Bend: 1}))
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var back align.Motion
	if err := json.Unmarshal(data, &back); err != nil || !reflect.DeepEqual(back, m) {
		t.Errorf("%v: %+v, want %+v", err, back, m)
	}
}

func TestValid(t *testing.T) {
	s := scenes(t)[0]
	size := s.Size
	good := estimate(t, s.Sent(), nil, s.Answer(aligntest.Drift{X: 2, Bend: 1}))
	if !good.Valid(size) || !(align.Motion{}).Valid(size) || !(align.Motion{Finding: align.Other}).Valid(size) {
		t.Error("a motion as it is found is not valid")
	}
	for name, spoil := range map[string]func(m *align.Motion){
		"finding":    func(m *align.Motion) { m.Finding = "lost" },
		"NaN":        func(m *align.Motion) { m.Affine[2] = math.NaN() },
		"mirrored":   func(m *align.Motion) { m.Affine[0] = -1 },
		"flat":       func(m *align.Motion) { m.Affine = [6]float64{1, 1, 0, 1, 1, 0} },
		"size":       func(m *align.Motion) { m.Answer.X++ },
		"nothing":    func(m *align.Motion) { m.Sent = image.Point{} },
		"field":      func(m *align.Motion) { m.Field = &align.Field{Cols: 3, Rows: 3, V: make([][2]float32, 8)} },
		"no field":   func(m *align.Motion) { m.Field = &align.Field{} },
		"far":        func(m *align.Motion) { m.Field = &align.Field{Cols: 2, Rows: 2, V: [][2]float32{{1e9, 0}, {}, {}, {}}} },
		"still bent": func(m *align.Motion) { m.Finding = align.Still },
	} {
		m := good
		if spoil(&m); m.Valid(size) {
			t.Errorf("%s: valid", name)
		}
	}
}
