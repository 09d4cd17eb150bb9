package change_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"overpaint.dev/overpaint/editor/align/aligntest"
	"overpaint.dev/overpaint/editor/change"
)

var ctx = context.Background()

func scene(t testing.TB, name string, size image.Point, scale float64) *aligntest.Scene {
	t.Helper()
	photo, err := aligntest.Read("../../assets/photos", name)
	if err != nil {
		t.Fatal(err)
	}
	return aligntest.NewScene(photo, image.Pt(30, 30), size, scale)
}

func found(t testing.TB, before, after *image.NRGBA, shown *image.Alpha, amount float64) *image.Alpha {
	t.Helper()
	m, err := change.Measure(ctx, before, after, shown)
	if err != nil {
		t.Fatal(err)
	}
	a, err := m.Mask(ctx, amount)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// overlap compares a mask with a shape.
func overlap(a *image.Alpha, in func(x, y float64) bool) (iou, outside float64) {
	var both, either, wrong, rest float64
	for y := range a.Rect.Dy() {
		for x := range a.Rect.Dx() {
			is, got := in(float64(x)+0.5, float64(y)+0.5), a.Pix[y*a.Stride+x] > 127
			if is && got {
				both++
			}
			if is || got {
				either++
			}
			// Pixels at the rim are partly both.
			if far := 2.0; !is && !in(float64(x)+far, float64(y)) && !in(float64(x)-far, float64(y)) && !in(float64(x), float64(y)+far) && !in(float64(x), float64(y)-far) {
				rest++
				wrong += float64(a.Pix[y*a.Stride+x]) / 255
			}
		}
	}
	return both / max(either, 1), wrong / rest
}

// service treats an answer as services do.
var service = aligntest.Drift{Gain: 1.05, Gamma: 0.95, Cast: [3]float64{1.02, 1, 0.97}, Noise: 2, JPEG: 85}

func TestNothingChanged(t *testing.T) {
	for _, name := range []string{"flower.jpg", "lakeshore.png", "tulips.png", "coffee.png"} {
		s := scene(t, name, image.Pt(300, 260), 1.15)
		sent := s.Sent()
		for i, d := range []aligntest.Drift{{}, {Noise: 4}, service, {X: 0.15, Y: -0.1, Noise: 1}} {
			if part := change.Share(found(t, sent, s.Answer(d), nil, change.Usual)); part > 0.001 {
				t.Errorf("%s, answer %d: %.2f %% changed", name, i, 100*part)
			}
		}
	}
}

func TestFindsChanges(t *testing.T) {
	in := func(x, y float64) bool { return math.Hypot((x-150)/50, (y-120)/35) < 1 }
	for _, name := range []string{"flower.jpg", "lakeshore.png", "tulips.png", "coffee.png"} {
		s := scene(t, name, image.Pt(300, 260), 1.15)
		sent := s.Sent()
		for kind, f := range map[string]func(c [3]float64, x, y float64) [3]float64{
			"recoloured": func(c [3]float64, x, y float64) [3]float64 { return [3]float64{c[2] * 0.8, c[0]*0.8 + 30, c[1] * 0.9} },
			"replaced":   func(c [3]float64, x, y float64) [3]float64 { return [3]float64{40 + 30*math.Sin(x/4), 150, 60} },
			"darkened":   func(c [3]float64, x, y float64) [3]float64 { return [3]float64{c[0] * 0.6, c[1] * 0.6, c[2] * 0.6} },
		} {
			edited := s.Edited(func(c [3]float64, x, y float64) [3]float64 {
				if in(x, y) {
					return f(c, x, y)
				}
				return c
			})
			iou, outside := overlap(found(t, sent, edited.Answer(service), nil, change.Usual), in)
			if iou < 0.8 || outside > 0.006 {
				t.Errorf("%s %s: overlap %.2f, %.2f %% outside", name, kind, iou, 100*outside)
			}
		}
	}
}

func TestAmount(t *testing.T) {
	s := scene(t, "tulips.png", image.Pt(300, 260), 1.15)
	faint := s.Edited(func(c [3]float64, x, y float64) [3]float64 {
		if math.Hypot(x-150, y-120) < 50 {
			return [3]float64{c[0]*0.93 + 4, c[1] * 0.95, c[2]*0.95 + 6}
		}
		return c
	})
	sent, answer := s.Sent(), faint.Answer(aligntest.Drift{Noise: 2})
	last := -1.0
	for _, amount := range []float64{0, 0.25, 0.5, 0.75, 1} {
		part := change.Share(found(t, sent, answer, nil, amount))
		if part < last-0.002 {
			t.Errorf("at %.2f less counts than before: %.3f after %.3f", amount, part, last)
		}
		last = part
	}
	if last < 0.05 {
		t.Errorf("all that counts is %.3f", last)
	}
}

func TestAllChanged(t *testing.T) {
	s := scene(t, "flower.jpg", image.Pt(300, 260), 1.15)
	other := scene(t, "coffee.png", image.Pt(300, 260), 1.15)
	even := image.NewNRGBA(image.Rect(0, 0, 300, 260))
	draw.Draw(even, even.Rect, image.NewUniform(color.NRGBA{200, 30, 30, 255}), image.Point{}, draw.Src)
	for i, answer := range []*image.NRGBA{other.Sent(), even} {
		if part := change.Share(found(t, s.Sent(), answer, nil, change.Usual)); part < 0.5 {
			t.Errorf("answer %d: %.1f %% changed", i, 100*part)
		}
	}
}

// TestBiggerThanItWorksAt checks the mask at a size that is worked at smaller.
func TestBiggerThanItWorksAt(t *testing.T) {
	s := scene(t, "flower.jpg", image.Pt(1100, 900), 1.2)
	in := func(x, y float64) bool { return math.Hypot((x-500)/160, (y-450)/110) < 1 }
	edited := s.Edited(func(c [3]float64, x, y float64) [3]float64 {
		if in(x, y) {
			return [3]float64{c[2] * 0.8, c[0]*0.7 + 30, c[1] * 0.9}
		}
		return c
	})
	iou, outside := overlap(found(t, s.Sent(), edited.Answer(service), nil, change.Usual), in)
	if iou < 0.9 || outside > 0.004 {
		t.Errorf("overlap %.2f, %.2f %% outside", iou, 100*outside)
	}
}

func TestWhatIsNotShownDidNotChange(t *testing.T) {
	s := scene(t, "coffee.png", image.Pt(300, 260), 1.15)
	sent, answer := s.Sent(), s.Answer(aligntest.Drift{Noise: 2})
	draw.Draw(answer, image.Rect(0, 0, 40, 260), image.Black, image.Point{}, draw.Src)
	shown := image.NewAlpha(image.Rect(0, 0, 301, 261))
	draw.Draw(shown, image.Rect(41, 1, 301, 261), image.Opaque, image.Point{}, draw.Src)
	part := shown.SubImage(image.Rect(1, 1, 301, 261)).(*image.Alpha)
	if p := change.Share(found(t, sent, answer, part, change.Usual)); p > 0.001 {
		t.Errorf("%.2f %% changed", 100*p)
	}
	if p := change.Share(found(t, sent, answer, nil, change.Usual)); p < 0.1 {
		t.Errorf("a black strip is %.2f %% changed", 100*p)
	}
}

func TestSameOnAnyNumberOfProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	s := scene(t, "tulips.png", image.Pt(400, 380), 1.1)
	sent, answer := s.Sent(), s.Answer(aligntest.Drift{Noise: 3, Gain: 1.1, Replaced: 0.2})
	first := found(t, sent, answer, nil, change.Usual)
	for _, n := range []int{16, 3} {
		runtime.GOMAXPROCS(n)
		if string(found(t, sent, answer, nil, change.Usual).Pix) != string(first.Pix) {
			t.Errorf("%d processors find another mask than one", n)
		}
	}
}

func TestCancelled(t *testing.T) {
	s := scene(t, "coffee.png", image.Pt(300, 260), 1.15)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := change.Measure(cancelled, s.Sent(), s.Sent(), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Measure: %v", err)
	}
	m, err := change.Measure(ctx, s.Sent(), s.Sent(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Mask(cancelled, change.Usual); !errors.Is(err, context.Canceled) {
		t.Errorf("Mask: %v", err)
	}
}

func TestAnySize(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		rect := image.Rect(0, 0, 1+r.IntN(40), 1+r.IntN(40)).Add(image.Pt(r.IntN(5), r.IntN(5)))
		if r.IntN(20) == 0 {
			rect.Max.X += 1000 // is worked at smaller
		}
		a, b := image.NewNRGBA(rect), image.NewNRGBA(rect)
		for i := range a.Pix {
			a.Pix[i], b.Pix[i] = uint8(r.IntN(256)), uint8(r.IntN(256))
		}
		if got := found(t, a, b, nil, r.Float64()); got.Rect.Size() != rect.Size() {
			t.Fatalf("%v gives %v", rect, got.Rect)
		}
	}
}

// BenchmarkChange finds what an answer of 1024x1024 changed: map and mask, and the mask
// alone, as a slider asks for it. x-copy is the time over that of copying the picture's bytes ten times, both at their best.
func BenchmarkChange(b *testing.B) {
	s := scene(b, "flower.jpg", image.Pt(1024, 1024), 1.3)
	sent, answer := s.Sent(), s.Answer(aligntest.Drift{Noise: 2, Replaced: 0.2})
	for _, whole := range []bool{true, false} {
		name := map[bool]string{true: "whole", false: "mask"}[whole]
		b.Run(name, func(b *testing.B) {
			m, err := change.Measure(ctx, sent, answer, nil)
			if err != nil {
				b.Fatal(err)
			}
			finding, copying := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
			to := make([]uint8, len(sent.Pix))
			for b.Loop() {
				start := time.Now()
				if whole {
					if m, err = change.Measure(ctx, sent, answer, nil); err != nil {
						b.Fatal(err)
					}
				}
				if _, err := m.Mask(ctx, change.Usual); err != nil {
					b.Fatal(err)
				}
				finding = min(finding, time.Since(start))
				b.StopTimer()
				start = time.Now()
				for range 10 {
					copy(to, sent.Pix)
				}
				copying = min(copying, time.Since(start))
				b.StartTimer()
			}
			b.ReportMetric(float64(finding)/float64(copying), "x-copy")
		})
	}
}
