package fill_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/fill"
)

// course is the height at which a line is in a column, in pixels from the top.
type course func(x float64) float64

// grained returns a picture with some grain, of the brightness that f tells of, 0 to 1.
func grained(w, h int, f func(x, y float64) float64) *image.NRGBA {
	r := rand.New(rand.NewPCG(1, 2))
	return function(w, h, func(x, y float64) (red, green, blue float64) {
		v, n := f(x, y), 4*r.NormFloat64()
		return 60 + 130*v + n, 95 + 110*v + n, 50 + 180*v + n
	})
}

// edge returns a picture that is bright above a line and dark below it.
func edge(w, h int, line course) *image.NRGBA {
	return grained(w, h, func(x, y float64) float64 { return min(1, max(0, line(x)-y+0.5)) })
}

// wire returns a bright picture with a dark line, wide pixels from its upper to its lower side.
func wire(w, h int, wide float64, line course) *image.NRGBA {
	return grained(w, h, func(x, y float64) float64 { return min(1, max(0, math.Abs(line(x)-y)-wide/2+0.5)) })
}

// darkness returns how dark a pixel of such a picture is, 0 to 1; grain counts for nothing.
func darkness(img *image.NRGBA, x, y int) float64 {
	if d := (230 - float64(img.NRGBAAt(x, y).B)) / 180; d > 0.3 {
		return min(1, d)
	}
	return 0
}

// edgeAt returns where the edge is in a column, by how much of it is dark.
func edgeAt(img *image.NRGBA, x int) float64 {
	dark := 0.0
	for y := range img.Rect.Dy() {
		dark += darkness(img, x, y)
	}
	return float64(img.Rect.Dy()) - dark - 0.5
}

// wireAt returns the mean height of what is dark in a column.
func wireAt(img *image.NRGBA, x int) float64 {
	sum, dark := 0.0, 0.0
	for y := range img.Rect.Dy() {
		d := darkness(img, x, y)
		sum, dark = sum+d*float64(y), dark+d
	}
	return sum / max(0.01, dark)
}

// deviation returns by how many pixels what at finds lies beside the line, on average over the
// columns from x0 to x1.
func deviation(img *image.NRGBA, at func(img *image.NRGBA, x int) float64, line course, x0, x1 int) (mean float64) {
	for x := x0; x < x1; x++ {
		mean += math.Abs(at(img, x)-line(float64(x))) / float64(x1-x0)
	}
	return mean
}

// drawn returns a line as a person draws it, from x0 to x1, off by so many pixels.
func drawn(line course, x0, x1, off int) (points []image.Point) {
	for x := x0; x <= x1; x += 9 {
		points = append(points, image.Pt(x, int(math.Round(line(float64(x))))+off))
	}
	return points
}

// What is drawn is followed by patches and by pieces, from where it meets what is known; without it
// they do what is simplest.
func TestDrawnLinesAreFollowed(t *testing.T) {
	const w, h = 220, 180
	tilted := course(func(x float64) float64 { return 92 + 0.2*(x-110) })
	hill := course(func(x float64) float64 { return 76 + 0.006*(x-110)*(x-110) })
	bent := course(func(x float64) float64 { return 92 + 0.45*max(0, 38-math.Abs(x-110)) })
	flat := course(func(float64) float64 { return 92 })
	for name, c := range map[string]struct {
		img   *image.NRGBA
		at    func(img *image.NRGBA, x int) float64
		drawn course
		plain float64 // the least mean deviation of either kind without the line; 0 for any
	}{
		"tilted horizon":      {edge(w, h, tilted), edgeAt, tilted, 0},
		"hill":                {edge(w, h, hill), edgeAt, hill, 2},
		"horizon that bends":  {edge(w, h, flat), edgeAt, bent, 2},
		"wire":                {wire(w, h, 5, tilted), wireAt, tilted, 0},
		"wire that bends":     {wire(w, h, 5, flat), wireAt, bent, 2},
		"planes at one slant": {edge(w, h, func(x float64) float64 { return 92 - 0.8*(x-110) }), edgeAt, func(x float64) float64 { return 92 - 0.8*(x-110) }, 0},
	} {
		hole := roundHole(c.img, 110, 90, 42)
		for _, lines := range [][][]image.Point{nil, {drawn(c.drawn, 74, 146, 1)}} {
			p, err := fill.Prepare(t.Context(), c.img, hole, lines, 0)
			if err != nil {
				t.Fatal(err)
			}
			for v := range 2 {
				out, err := p.Fill(t.Context(), fill.Options{Seed: 1, Variant: v})
				if err != nil {
					t.Fatal(err)
				}
				check(t, c.img, out, hole)
				off := deviation(out, c.at, c.drawn, 74, 147)
				t.Logf("%s, %d lines, kind %d: off by %.2f", name, len(lines), p.Kind(v), off)
				switch {
				case lines != nil && off > 2.2:
					t.Errorf("%s, kind %d: off by %.2f pixels", name, p.Kind(v), off)
				case lines == nil && off < c.plain:
					t.Errorf("%s, kind %d: the line needn't be drawn: off by %.2f pixels", name, p.Kind(v), off)
				}
			}
		}
	}
}

// A line that is drawn some pixels beside an edge joins the edge at both of the hole's sides.
func TestDrawnLinesJoinWhatIsThere(t *testing.T) {
	line := course(func(x float64) float64 { return 80 - 0.1*(x-110) })
	img := edge(220, 160, line)
	hole := roundHole(img, 110, 80, 36)
	for _, off := range []int{-3, 3} {
		p, _, _ := planWith(t, img, hole, [][]image.Point{drawn(line, 80, 140, off)})
		for v := range 2 {
			out, err := p.Fill(t.Context(), fill.Options{Variant: v})
			if err != nil {
				t.Fatal(err)
			}
			if d := deviation(out, edgeAt, line, 80, 141); d > 1.2 {
				t.Errorf("drawn %d beside it, kind %d: off by %.2f", off, p.Kind(v), d)
			}
		}
	}
}

// Lines that say nothing of the hole change nothing; no number of goroutines does.
func TestSamePictureWithLines(t *testing.T) {
	img := edge(150, 120, func(x float64) float64 { return 50 + x/10 })
	hole := roundHole(img, 75, 60, 24)
	beside := [][]image.Point{{{0, 2}, {149, 5}}, {{-400, 60}, {-90, 60}}, {{75, 60}, {75, 60}}, {{75, 60}}, {}}
	across := [][]image.Point{{{40, 50}, {75, 75}, {120, 60}}}
	for v := range 3 {
		fillWith := func(lines [][]image.Point, workers int) []byte {
			p, err := fill.Prepare(t.Context(), img, hole, lines, workers)
			if err != nil {
				t.Fatal(err)
			}
			out, err := p.Fill(t.Context(), fill.Options{Seed: 3, Variant: v, Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			return out.Pix
		}
		if !bytes.Equal(fillWith(nil, 1), fillWith(beside, 1)) {
			t.Errorf("variant %d: lines beside the hole change it", v)
		}
		one := fillWith(across, 1)
		if !bytes.Equal(one, fillWith(across, 7)) {
			t.Errorf("variant %d: seven workers make another picture", v)
		}
		if bytes.Equal(one, fillWith(nil, 1)) {
			t.Errorf("variant %d: a line through the hole changes nothing", v)
		}
	}
}

// Preparing with as many lines as a scribble has stops soon after it is cancelled.
func TestCancelWithLines(t *testing.T) {
	img := blocks(120, 110, 9)
	hole := roundHole(img, 60, 55, 30)
	r := rand.New(rand.NewPCG(5, 6))
	lines := make([][]image.Point, 40)
	for i := range lines {
		for range 500 {
			lines[i] = append(lines[i], image.Pt(r.IntN(160)-20, r.IntN(150)-20))
		}
	}
	prepare := func(limit int64) (*checks, error) {
		c := &checks{Context: t.Context(), limit: limit}
		_, err := fill.Prepare(c, img, hole, lines, 2)
		return c, err
	}
	free, err := prepare(math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	all := free.asked.Load()
	for i := range int64(8) {
		c, err := prepare(1 + i*all/8)
		if more := c.asked.Load() - c.limit; !errors.Is(err, context.Canceled) || more > 4 {
			t.Errorf("stopped at question %d of %d: %v, %d more questions", c.limit, all, err, more)
		}
	}
}
