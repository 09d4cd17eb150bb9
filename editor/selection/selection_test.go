package selection_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"overpaint.dev/overpaint/assets/photos"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/selection"
)

// disc returns a picture of two distant red discs with some noise on green, and the first one's
// coverage.
func disc(w, h int) (*image.NRGBA, *image.Alpha) {
	img, truth := image.NewNRGBA(image.Rect(0, 0, w, h)), image.NewAlpha(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(1, 1))
	side := float64(min(w, h))
	cover := func(x, y int, cx, cy float64) float64 {
		return min(max(0.2*side-math.Hypot(float64(x)+0.5-cx, float64(y)+0.5-cy)+0.5, 0), 1)
	}
	for y := range h {
		for x := range w {
			a := cover(x, y, 0.3*float64(w), 0.5*float64(h))
			b := cover(x, y, 0.85*float64(w), 0.5*float64(h))
			v, n := max(a, b), 8*r.Float64()
			img.SetNRGBA(x, y, color.NRGBA{uint8(60 + 140*v + n), uint8(150 - 100*v + n), uint8(70 - 20*v + n), 255})
			truth.Pix[y*w+x] = uint8(255*a + 0.5)
		}
	}
	return img, truth
}

func prepare(t testing.TB, img *image.NRGBA) *selection.Scene {
	t.Helper()
	s, err := selection.Prepare(context.Background(), img.Rect.Size(), func(r image.Rectangle) *image.NRGBA {
		return img.SubImage(r).(*image.NRGBA)
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func selected(t testing.TB, s *selection.Scene, last *selection.Answer, marks ...selection.Mark) *selection.Answer {
	t.Helper()
	a, err := s.Select(context.Background(), marks, last)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func at(x, y float64) selection.Mark {
	return selection.Mark{Points: []selection.Point{{X: x, Y: y}}, Radius: 8}
}

// common returns the intersection over union of a mask and the true coverage.
func common(m *mask.Mask, truth *image.Alpha) float64 {
	both, either := 0, 0
	for i, v := range m.Alpha(truth.Rect).Pix {
		both, either = both+int(min(v, truth.Pix[i])), either+int(max(v, truth.Pix[i]))
	}
	return float64(both) / float64(max(either, 1))
}

func TestAClickSelectsTheObjectUnderIt(t *testing.T) {
	for _, size := range []image.Point{{400, 300}, {1500, 1000}} {
		img, truth := disc(size.X, size.Y)
		s := prepare(t, img)
		a := selected(t, s, nil, at(0.3*float64(size.X), 0.5*float64(size.Y)))
		if v := common(a.Mask, truth); v < 0.985 {
			t.Errorf("%v: the IoU with the disc is %.3f", size, v)
		}
	}
}

// TestAClickIsMeantForTheMiddle clicks on the middle of a disc where a spot has its rim.
func TestAClickIsMeantForTheMiddle(t *testing.T) {
	thing, spot := color.NRGBA{190, 60, 50, 255}, color.NRGBA{210, 140, 80, 255}
	img := grained(400, 300, round(200, 150, 100, thing), round(235, 150, 40, spot))
	truth := image.NewAlpha(img.Rect)
	for i := range truth.Pix {
		if math.Hypot(float64(i%400)+0.5-200, float64(i/400)+0.5-150) < 100 {
			truth.Pix[i] = 255
		}
	}
	if v := common(selected(t, prepare(t, img), nil, at(200, 150)).Mask, truth); v < 0.9 {
		t.Errorf("it has %.3f in common with the disc", v)
	}
}

func TestTheEdgeIsSoft(t *testing.T) {
	img, truth := disc(400, 300)
	a := selected(t, prepare(t, img), nil, at(120, 150)).Mask.Alpha(truth.Rect)
	soft := 0
	for i, v := range a.Pix {
		if v > 0 && v < 255 {
			soft++
			if truth.Pix[i] == 0 && v > 200 || truth.Pix[i] == 255 && v < 55 {
				t.Fatalf("pixel %d is covered by %d", i, v)
			}
		}
	}
	if soft < 100 {
		t.Errorf("%d pixels are soft", soft)
	}
}

func TestStrokesInsideAddAndStrokesOutsideRemove(t *testing.T) {
	img, truth := disc(400, 300)
	s := prepare(t, img)
	first := selected(t, s, nil, at(120, 150))
	both := selected(t, s, first, at(120, 150), at(340, 150))
	if both.Mask.At(340, 150) != 255 || both.Mask.At(120, 150) != 255 || both.Mask.At(230, 150) != 0 {
		t.Error("the second disc isn't added, or too much is")
	}
	away := at(340, 150)
	away.Outside = true
	again := selected(t, s, both, at(120, 150), at(340, 150), away)
	if v := common(again.Mask, truth); v < 0.97 {
		t.Errorf("the IoU of the rest with the first disc is %.3f", v)
	}
}

// patches returns a picture of squares in a few colours without an object.
func patches() *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, 300, 200))
	r := rand.New(rand.NewPCG(7, 7))
	tones := []color.NRGBA{{200, 60, 50, 255}, {60, 150, 70, 255}, {70, 80, 190, 255}, {190, 180, 90, 255}}
	var of [6][9]color.NRGBA
	for j := range of {
		for i := range of[j] {
			of[j][i] = tones[r.IntN(len(tones))]
		}
	}
	for y := range 200 {
		for x := range 300 {
			c, n := of[y/36][x/36], uint8(r.IntN(12))
			img.SetNRGBA(x, y, color.NRGBA{c.R + n, c.G + n, c.B + n, 255})
		}
	}
	return img
}

func TestAMarkInsideRemovesNothingAndOneOutsideAddsNothing(t *testing.T) {
	s := prepare(t, patches())
	var marks []selection.Mark
	var last *selection.Answer
	r := rand.New(rand.NewPCG(3, 3))
	before := mask.New(300, 200)
	for i := range 10 {
		m := at(300*r.Float64(), 200*r.Float64())
		m.Outside = i%3 == 2
		marks = append(marks, m)
		last = selected(t, s, last, marks...)
		smaller, larger := before, last.Mask
		if m.Outside {
			smaller, larger = larger, smaller
		}
		if !mask.Union(smaller, larger).Equal(larger) {
			t.Fatalf("mark %d, outside %v, also changes in the other direction", i, m.Outside)
		}
		before = last.Mask
	}
}

// grained paints shapes on grey with some noise, later ones over earlier ones.
func grained(w, h int, shapes ...func(x, y float64) (color.NRGBA, bool)) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(7, 3))
	for y := range h {
		for x := range w {
			c := color.NRGBA{110, 115, 120, 255}
			for _, shape := range shapes {
				if v, ok := shape(float64(x), float64(y)); ok {
					c = v
				}
			}
			n := uint8(6 * r.Float64())
			img.SetNRGBA(x, y, color.NRGBA{c.R + n, c.G + n, c.B + n, 255})
		}
	}
	return img
}

func round(cx, cy, radius float64, c color.NRGBA) func(x, y float64) (color.NRGBA, bool) {
	return func(x, y float64) (color.NRGBA, bool) { return c, math.Hypot(x-cx, y-cy) < radius }
}

func rectangular(r image.Rectangle, c color.NRGBA) func(x, y float64) (color.NRGBA, bool) {
	return func(x, y float64) (color.NRGBA, bool) { return c, image.Pt(int(x), int(y)).In(r) }
}

func TestAStrokeOverASmallPartAddsNothingFarAway(t *testing.T) {
	red, white := color.NRGBA{190, 40, 40, 255}, color.NRGBA{235, 235, 230, 255}
	// A white spot on a red disc, from which a white line leads to a white square.
	img := grained(600, 400, round(150, 200, 70, red), rectangular(image.Rect(150, 255, 480, 262), white),
		rectangular(image.Rect(440, 200, 560, 320), white), round(150, 250, 16, white))
	s := prepare(t, img)
	first := selected(t, s, nil, at(150, 190))
	if first.Mask.At(150, 170) != 255 || first.Mask.At(500, 260) != 0 {
		t.Fatal("the disc isn't selected, or the square is")
	}
	spot := selection.Mark{Points: []selection.Point{{X: 144, Y: 250}, {X: 156, Y: 250}}, Radius: 4}
	m := selected(t, s, first, at(150, 190), spot).Mask
	if m.At(150, 250) != 255 || m.At(150, 170) != 255 {
		t.Error("the spot isn't added, or the disc is lost")
	}
	if m.At(500, 260) != 0 {
		t.Error("the square is added, too")
	}
}

// TestAStrokeOutsideNearOneInsideLeavesTheRest marks a faint disc in its middle and near its
// edge, and then the ground right beside there.
func TestAStrokeOutsideNearOneInsideLeavesTheRest(t *testing.T) {
	img := grained(400, 300, round(180, 150, 100, color.NRGBA{120, 117, 118, 255}))
	s := prepare(t, img)
	marks := []selection.Mark{at(180, 150), at(268, 150), {Points: []selection.Point{{X: 288, Y: 150}}, Radius: 4, Outside: true}}
	var last *selection.Answer
	for i := range marks {
		last = selected(t, s, last, marks[:i+1]...)
	}
	if v := last.Mask.Area() / (math.Pi * 100 * 100); v < 0.95 {
		t.Errorf("%.3f of the disc is left", v)
	}
}

func TestABoxSelectsTheObjectInIt(t *testing.T) {
	img, truth := disc(400, 300)
	box := selection.Mark{Box: true, Points: []selection.Point{{X: 40, Y: 70}, {X: 205, Y: 230}}}
	a := selected(t, prepare(t, img), nil, box)
	if v := common(a.Mask, truth); v < 0.97 {
		t.Errorf("the IoU with the disc is %.3f", v)
	}
}

// TestABoxLeavesOutWhatGoesOnBesideIt has a round haze behind a disc, of which the box holds the
// brightest part, which is found nowhere else.
func TestABoxLeavesOutWhatGoesOnBesideIt(t *testing.T) {
	img, truth := image.NewNRGBA(image.Rect(0, 0, 600, 400)), image.NewAlpha(image.Rect(0, 0, 600, 400))
	r := rand.New(rand.NewPCG(5, 1))
	for y := range 400 {
		for x := range 600 {
			far := math.Hypot(float64(x)-300, float64(y)-200)
			haze, n := 110*math.Exp(-far*far/(2*120*120)), 6*r.Float64()
			c := color.NRGBA{uint8(60 + haze + n), uint8(90 + haze + n), uint8(120 + haze + n), 255}
			if far < 45 {
				c = color.NRGBA{uint8(200 + n), uint8(190 + n), uint8(170 + n), 255}
				truth.SetAlpha(x, y, color.Alpha{255})
			}
			img.SetNRGBA(x, y, c)
		}
	}
	box := selection.Mark{Box: true, Points: []selection.Point{{X: 210, Y: 120}, {X: 390, Y: 280}}}
	if v := common(selected(t, prepare(t, img), nil, box).Mask, truth); v < 0.95 {
		t.Errorf("the IoU with the disc is %.3f", v)
	}
}

// TestABoxLeavesOutWhatReachesIntoIt has another disc of the same colour that is partly in the box,
// behind the rim of the first.
func TestABoxLeavesOutWhatReachesIntoIt(t *testing.T) {
	red := color.NRGBA{190, 60, 50, 255}
	img := grained(600, 400, round(390, 200, 90, red), round(240, 200, 74, color.NRGBA{150, 80, 70, 255}), round(240, 200, 70, red))
	truth := image.NewAlpha(img.Rect)
	for i := range truth.Pix {
		if math.Hypot(float64(i%600)-240, float64(i/600)-200) < 72 {
			truth.Pix[i] = 255
		}
	}
	box := selection.Mark{Box: true, Points: []selection.Point{{X: 150, Y: 110}, {X: 340, Y: 290}}}
	if v := common(selected(t, prepare(t, img), nil, box).Mask, truth); v < 0.9 {
		t.Errorf("the IoU with the disc is %.3f", v)
	}
}

// berries returns the sample picture at three times its size with two berries of a few pixels on the
// rock, and the coverage of the first.
func berries(t *testing.T) (*image.NRGBA, *image.Alpha) {
	t.Helper()
	src, err := png.Decode(bytes.NewReader(photos.Sample))
	if err != nil {
		t.Fatal(err)
	}
	img, truth := image.NewNRGBA(image.Rect(0, 0, 1500, 1500)), image.NewAlpha(image.Rect(0, 0, 1500, 1500))
	for y := range 1500 {
		for x := range 1500 {
			img.Set(x, y, src.At(x/3, y/3))
			first := math.Hypot(float64(x)-123, float64(y)-552) < 4.3
			if first {
				truth.SetAlpha(x, y, color.Alpha{255})
			}
			if first || math.Hypot(float64(x)-171, float64(y)-588) < 4.3 {
				img.SetNRGBA(x, y, color.NRGBA{110, 60, 50, 255})
			}
		}
	}
	return img, truth
}

func TestABoxSelectsASmallObjectInIt(t *testing.T) {
	img, truth := berries(t)
	s := prepare(t, img)
	box := selection.Mark{Box: true, Points: []selection.Point{{X: 117, Y: 546}, {X: 129, Y: 558}}}
	first := selected(t, s, nil, box)
	if v := common(first.Mask, truth); v < 0.8 {
		t.Errorf("the IoU with the berry is %.3f", v)
	}
	half := selection.Mark{Points: []selection.Point{{X: 117, Y: 555}, {X: 129, Y: 555}}, Radius: 5, Outside: true}
	if m := selected(t, s, first, box, half).Mask; m.Area() > 0.8*first.Mask.Area() || !mask.Union(m, first.Mask).Equal(first.Mask) {
		t.Error("a stroke outside doesn't remove anything, or adds")
	}
	other := selection.Mark{Box: true, Points: []selection.Point{{X: 165, Y: 582}, {X: 177, Y: 594}}}
	if m := selected(t, s, nil, box, other).Mask; m.At(123, 552) != 255 || m.At(171, 588) != 255 || m.At(147, 570) != 0 {
		t.Error("two boxes don't select what is in both")
	}
}

// TestALowBoxSelectsAnIslet boxes the islet of the sample picture, with some haze above.
func TestALowBoxSelectsAnIslet(t *testing.T) {
	src, err := png.Decode(bytes.NewReader(photos.Sample))
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewNRGBA(src.Bounds())
	draw.Draw(img, img.Rect, src, img.Rect.Min, draw.Src)
	m := selected(t, prepare(t, img), nil, selection.Mark{Box: true, Points: []selection.Point{{X: 375, Y: 307}, {X: 425, Y: 329}}}).Mask
	for p, want := range map[image.Point]uint8{{400, 322}: 255, {410, 318}: 255, {384, 313}: 0, {390, 310}: 0, {421, 312}: 0} {
		if got := m.At(p.X, p.Y); got != want {
			t.Errorf("%v is covered by %d, not %d", p, got, want)
		}
	}
}

func TestAShortStrokeSelectsASmallObjectUnderIt(t *testing.T) {
	img, truth := berries(t)
	s := prepare(t, img)
	stroke := selection.Mark{Points: []selection.Point{{X: 122, Y: 552}, {X: 124, Y: 552}}, Radius: 4}
	first := selected(t, s, nil, stroke)
	if v := common(first.Mask, truth); v < 0.8 {
		t.Errorf("the IoU with the berry is %.3f", v)
	}
	far := at(1200, 300)
	far.Outside = true
	if !selected(t, s, first, stroke, far).Mask.Equal(first.Mask) {
		t.Error("a stroke outside, far away, changes it")
	}
	other := selection.Mark{Points: []selection.Point{{X: 170, Y: 588}, {X: 172, Y: 588}}, Radius: 4}
	m := selected(t, s, first, stroke, other).Mask
	if m.At(171, 588) != 255 || m.At(147, 570) != 0 || !mask.Union(m, first.Mask).Equal(m) {
		t.Error("another small stroke doesn't add what is under it, or not only that")
	}
	long := selection.Mark{Points: []selection.Point{{X: 750, Y: 450}, {X: 1260, Y: 450}}, Radius: 16}
	if m := selected(t, s, first, stroke, long).Mask; m.At(900, 600) != 255 || m.At(1440, 1410) != 0 || !mask.Union(m, first.Mask).Equal(m) {
		t.Error("a long stroke doesn't add the sky, or not only that")
	}
}

// TestAShortStrokeSelectsAllOfALargeObject makes a short stroke on a part without edges of its own.
func TestAShortStrokeSelectsAllOfALargeObject(t *testing.T) {
	img, _ := berries(t)
	stroke := selection.Mark{Points: []selection.Point{{X: 1044, Y: 450}, {X: 1062, Y: 450}}, Radius: 8}
	if m := selected(t, prepare(t, img), nil, stroke).Mask; m.At(660, 600) != 255 || m.At(1350, 180) != 255 || m.At(1200, 870) != 0 {
		t.Errorf("the sky isn't selected, or not only it: %.0f pixels", m.Area())
	}
}

func TestMasksAsMarksCountLikeStrokes(t *testing.T) {
	img, truth := disc(400, 300)
	line := func(x0, y0, x1, y1 float64) *mask.Mask {
		return mask.Polygon(img.Rect.Size(), []mask.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
	}
	a := selected(t, prepare(t, img), nil, selection.Mark{Mask: line(90, 147, 150, 153)}, selection.Mark{Mask: line(220, 20, 224, 280), Outside: true})
	if v := common(a.Mask, truth); v < 0.97 {
		t.Errorf("the IoU with the disc is %.3f", v)
	}
}

func TestHugMovesARoughMaskToTheEdge(t *testing.T) {
	img, truth := disc(400, 300)
	rough := mask.Ellipse(img.Rect.Size(), mask.Point{X: 52, Y: 95}, mask.Point{X: 190, Y: 215})
	m, err := prepare(t, img).Hug(context.Background(), rough, 14)
	if err != nil {
		t.Fatal(err)
	}
	if before, v := common(rough, truth), common(m, truth); v < 0.97 || before > 0.92 {
		t.Errorf("the IoU with the disc was %.3f and is %.3f", before, v)
	}
}

func TestTheSkyEndsAtHillsInHaze(t *testing.T) {
	img, err := png.Decode(bytes.NewReader(photos.Sample))
	if err != nil {
		t.Fatal(err)
	}
	flat := image.NewNRGBA(img.Bounds())
	draw.Draw(flat, flat.Rect, img, img.Bounds().Min, draw.Src)
	sky, err := prepare(t, flat).Sky(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []struct {
		what string
		x, y float64 // in hundredths of the picture's sides
		want uint8
	}{
		{"sky", 60, 30, 255},
		{"sky under the feet", 65, 12, 255},
		{"cliff", 10, 50, 0},
		{"feet", 65, 2, 0},
		{"hills", 82, 58, 0},
		{"far hills", 52, 58, 0},
		{"water", 85, 75, 0},
	} {
		if got := sky.At(int(p.x*float64(flat.Rect.Dx())/100), int(p.y*float64(flat.Rect.Dy())/100)); got != p.want {
			t.Errorf("%s: %d", p.what, got)
		}
	}
}

func TestTheSkyGoesOnBehindAWire(t *testing.T) {
	img, truth := image.NewNRGBA(image.Rect(0, 0, 400, 300)), image.NewAlpha(image.Rect(0, 0, 400, 300))
	r := rand.New(rand.NewPCG(3, 3))
	for y := range 300 {
		for x := range 400 {
			n := uint8(r.IntN(4))
			c := color.NRGBA{120 + n + uint8(y/3), 170 + n + uint8(y/5), 235 + n, 255}
			switch {
			case y >= 200:
				n = uint8(r.IntN(60))
				c = color.NRGBA{40 + n, 60 + n, 20 + n/2, 255}
			case (y+x/8)/5 == 16:
				c = color.NRGBA{50, 50, 50, 255}
			default:
				truth.Pix[y*400+x] = 255
			}
			img.SetNRGBA(x, y, c)
		}
	}
	got, err := prepare(t, img).Sky(context.Background())
	if v := common(got, truth); err != nil || v < 0.94 {
		t.Errorf("the IoU with the sky is %.3f, %v", v, err)
	}
}

func TestSkyAndBackground(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 400, 300))
	r := rand.New(rand.NewPCG(2, 2))
	for y := range 300 {
		for x := range 400 {
			c := color.NRGBA{uint8(120 + y/3), uint8(170 + y/5), 235, 255}
			if y > 150+int(20*math.Sin(float64(x)/30)) {
				n := uint8(r.IntN(60))
				c = color.NRGBA{40 + n, 60 + n, 20 + n/2, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	sky, err := prepare(t, img).Sky(context.Background())
	if err != nil || sky.At(200, 40) != 255 || sky.At(200, 250) != 0 || math.Abs(sky.Area()-60000) > 3000 {
		t.Errorf("the sky covers %.0f pixels, %v", sky.Area(), err)
	}
	thing, truth := disc(400, 300)
	for y := range 300 { // without the disc at the edge
		for x := 230; x < 400; x++ {
			n := uint8(r.IntN(8))
			thing.SetNRGBA(x, y, color.NRGBA{60 + n, 150 + n, 70 + n, 255})
		}
	}
	none, err := prepare(t, thing).Sky(context.Background())
	if err != nil || !none.Empty() {
		t.Errorf("a sky of %.0f pixels where there is none, %v", none.Area(), err)
	}
	back, err := prepare(t, thing).Background(context.Background())
	if err != nil || common(back.Invert(), truth) < 0.95 {
		t.Errorf("the IoU of the inverted background with the object is %.3f, %v", common(back.Invert(), truth), err)
	}
}

func TestAnswersDontDependOnTheNumberOfProcessors(t *testing.T) {
	img, _ := disc(1300, 700)
	var masks []*mask.Mask
	for _, n := range []int{1, 16} {
		before := runtime.GOMAXPROCS(n)
		masks = append(masks, selected(t, prepare(t, img), nil, at(390, 350)).Mask)
		runtime.GOMAXPROCS(before)
	}
	if !masks[0].Equal(masks[1]) {
		t.Error("1 and 16 processors give different masks")
	}
}

func TestWorkThatIsCancelledEnds(t *testing.T) {
	img, _ := disc(400, 300)
	s := prepare(t, img)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Select(ctx, []selection.Mark{at(120, 150)}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("selecting ends with %v", err)
	}
	if _, err := selection.Prepare(ctx, img.Rect.Size(), func(image.Rectangle) *image.NRGBA { return img }); !errors.Is(err, context.Canceled) {
		t.Errorf("preparing ends with %v", err)
	}
}

func TestMarksOutsideTheCanvasOrOfNothingSelectNothing(t *testing.T) {
	img, _ := disc(120, 90)
	s := prepare(t, img)
	away := at(60, 45)
	away.Outside = true
	for name, marks := range map[string][]selection.Mark{
		"none": nil, "far": {at(-500, 1e9)}, "not a number": {at(math.NaN(), math.Inf(1))}, "outside": {away}, "empty": {{}},
		"a mask of another size": {{Mask: mask.All(image.Pt(3, 3))}},
	} {
		if a := selected(t, s, nil, marks...); !a.Mask.Empty() {
			t.Errorf("%s: %.0f pixels are selected", name, a.Mask.Area())
		}
	}
}

func FuzzSelect(f *testing.F) {
	f.Add(uint8(30), uint8(20), []byte{10, 10, 1, 90, 20, 2, 5, 5, 6})
	f.Add(uint8(1), uint8(1), []byte{0, 0, 0})
	f.Add(uint8(0), uint8(9), []byte{0, 0, 0})
	f.Add(uint8(0), uint8(9), []byte{0, 0, 96, 0, 0, 96})
	f.Fuzz(func(t *testing.T, w, h uint8, data []byte) {
		img := image.NewNRGBA(image.Rect(0, 0, int(w), int(h)))
		for i := range img.Pix {
			if len(data) > 0 {
				img.Pix[i] = data[i%len(data)] * uint8(1+i/97)
			}
		}
		s := prepare(t, img)
		var marks []selection.Mark
		var last *selection.Answer
		for ; len(data) >= 3 && len(marks) < 6; data = data[3:] {
			p := selection.Point{X: float64(data[0]), Y: float64(int8(data[1]))}
			m := selection.Mark{Points: []selection.Point{p}, Radius: float64(data[2] % 9), Outside: data[2]&16 > 0, Box: data[2]&32 > 0}
			if data[2]&64 > 0 {
				m.Points = append(m.Points, selection.Point{X: float64(data[2]), Y: float64(data[0])})
			}
			marks = append(marks, m)
			last = selected(t, s, last, marks...)
			if last.Mask.Size() != img.Rect.Size() {
				t.Fatalf("the mask is of %v", last.Mask.Size())
			}
		}
	})
}

// TestAStrokeBesideTheBorderCorrectsItOnly selects the water of the sample picture and then strokes along the
// shore opposite, where an islet looks like the hills behind it.
func TestAStrokeBesideTheBorderCorrectsItOnly(t *testing.T) {
	src, err := png.Decode(bytes.NewReader(photos.Sample))
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewNRGBA(src.Bounds())
	draw.Draw(img, img.Rect, src, img.Rect.Min, draw.Src)
	s := prepare(t, img)
	water := selection.Mark{Points: []selection.Point{{X: 348, Y: 359}, {X: 466, Y: 408}}, Radius: 12}
	shore := selection.Mark{Points: []selection.Point{{X: 390, Y: 332}, {X: 496, Y: 332}}, Radius: 7}
	last := selected(t, s, nil, water)
	last = selected(t, s, last, water, shore)
	if last.Mask.At(431, 393) < 128 || last.Mask.At(450, 336) < 128 {
		t.Error("the water isn't selected")
	}
	for _, hill := range []image.Point{{440, 300}, {480, 290}, {230, 300}} {
		if v := last.Mask.At(hill.X, hill.Y); v > 0 {
			t.Errorf("the hill at %v is selected, too", hill)
		}
	}
}
