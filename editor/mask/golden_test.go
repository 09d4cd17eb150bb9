package mask_test

import (
	"image"
	"math"
	"testing"

	"overpaint.dev/overpaint/editor/golden"
	"overpaint.dev/overpaint/editor/mask"
)

// compare compares a mask with a picture in testdata.
func compare(t *testing.T, name string, m *mask.Mask) {
	t.Helper()
	golden.Compare(t, name, golden.Coverage(m.Alpha(m.Bounds())))
}

// spiral gives samples of a fast pointer, in whole units, that winds outwards
// about (x, y).
func spiral(s *mask.Stroke, x, y, radius float64, samples int) {
	for i := range samples {
		r := radius * float64(i) / float64(samples-1)
		sin, cos := math.Sincos(float64(i) * math.Pi / 6)
		s.Add(math.Round(x+r*cos), math.Round(y+r*sin))
	}
}

func TestGoldenDabs(t *testing.T) {
	e := mask.New(400, 180).Edit()
	for row, hardness := range []float64{0, 0.5, 0.8, 1} {
		x := 6.0
		for i, size := range []float64{1, 2, 3, 5, 8, 13, 21, 34} {
			x += size/2 + 3
			e.Dab(mask.Brush{Size: size, Hardness: hardness}, x+float64(i)*0.13, 22.4+float64(row)*42)
			x += size / 2
		}
		e.Dab(mask.Brush{Size: 170, Hardness: hardness}, 400-170*0.3-float64(row)*30, 90.5)
	}
	compare(t, "dabs", e.Mask())
}

func TestGoldenStrokes(t *testing.T) {
	m := mask.New(420, 220)
	for i, b := range []mask.Brush{{Size: 1, Hardness: 1}, {Size: 3, Hardness: 1}, {Size: 8, Hardness: 0.8}, {Size: 14, Hardness: 0}} {
		s := mask.NewStroke(m, b, false)
		spiral(s, 55+float64(i)*104, 55, 45, 36)
		m = s.Mask()
	}
	for i, b := range []mask.Brush{{Size: 20, Hardness: 0.8}, {Size: 60, Hardness: 0.3}} {
		s := mask.NewStroke(m, b, false)
		for _, x := range []float64{-40, 20, 60, 110, 170, 190, 230, 300, 460} {
			s.Add(x, 140+float64(i)*50+math.Round(18*math.Sin(x/31)))
		}
		m = s.Mask()
	}
	s := mask.NewStroke(m, mask.Brush{Size: 16, Hardness: 0.7}, true)
	s.Add(20, 215)
	s.Add(300, 110)
	s.Corner()
	s.Add(380, 210)
	compare(t, "strokes", s.Mask())
}

func TestGoldenShapes(t *testing.T) {
	size := image.Pt(400, 200)
	m := mask.Ellipse(size, mask.Point{X: 10, Y: 10}, mask.Point{X: 150, Y: 90})
	m = mask.Subtract(m, mask.Ellipse(size, mask.Point{X: 40, Y: 30}, mask.Point{X: 100, Y: 70}))
	var star []mask.Point
	for i := range 5 {
		sin, cos := math.Sincos(float64(i)*4*math.Pi/5 - math.Pi/2)
		star = append(star, mask.Point{X: 220 + 48*cos, Y: 55 + 48*sin})
	}
	m = mask.Union(m, mask.Polygon(size, star))
	m = mask.Union(m, mask.Polygon(size, []mask.Point{{X: 280, Y: 20}, {X: 395, Y: 12}, {X: 300, Y: 95}, {X: 390, Y: 90}}))
	m = mask.Union(m, mask.Rectangle(size, mask.Point{X: 20, Y: 130}, mask.Point{X: 60, Y: 160}))
	part := mask.Rectangle(size, mask.Point{X: 120, Y: 130}, mask.Point{X: 150, Y: 150})
	m = mask.Union(m, mask.Subtract(part.Grow(18), part.Shrink(3)))
	m = mask.Union(m, mask.Rectangle(size, mask.Point{X: 210, Y: 135}, mask.Point{X: 260, Y: 165}).Feather(12))
	m = mask.Union(m, mask.Ellipse(size, mask.Point{X: 300, Y: 110}, mask.Point{X: 460, Y: 220}).Feather(16).Invert().Invert().Shrink(8))
	compare(t, "shapes", m)
}

func TestGoldenWand(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 240, 120))
	discs := mask.Union(mask.Ellipse(img.Rect.Size(), mask.Point{X: 10, Y: 10}, mask.Point{X: 110, Y: 110}),
		mask.Ellipse(img.Rect.Size(), mask.Point{X: 130, Y: 20}, mask.Point{X: 225, Y: 105}))
	discs = mask.Subtract(discs, mask.Rectangle(img.Rect.Size(), mask.Point{X: 50, Y: 0}, mask.Point{X: 56, Y: 90}))
	for i := range 240 * 120 {
		v := discs.At(i%240, i/240)
		grain := uint8((i%240*7 + i/240*13) % 9)
		copy(img.Pix[4*i:], []uint8{v - v/4 + grain, 100 + grain, 220 - v/2, 255})
	}
	take := func(contiguous bool) *mask.Mask {
		return mask.Wand(img.Rect.Size(), func(image.Rectangle) *image.NRGBA { return img }, image.Pt(40, 60), mask.WandOptions{Tolerance: 40, Contiguous: contiguous})
	}
	both := take(true).Resized(image.Pt(240, 240), image.Point{})
	compare(t, "wand", mask.Union(both, take(false).Resized(image.Pt(240, 240), image.Pt(0, 120))))
}
