package view_test

import (
	"image"
	"image/draw"
	"math"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/golden"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/view"
)

// scenery returns a photo on an extended canvas, with a result of one colour and a soft
// stroke as its mask.
func scenery(t *testing.T) *document.State {
	t.Helper()
	p, err := picture.Open(filepath.Join("..", "..", "assets", "photos", "flower.jpg"), picture.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	st := document.NewState(&picture.Picture{Pix: picture.Resize(p.Pix, image.Pt(600, 400))}).Extended(40, 0, 0, 30)
	r := image.Rect(400, 60, 560, 180)
	answer, weight := image.NewNRGBA(r), image.NewAlpha(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			i := answer.PixOffset(x, y)
			copy(answer.Pix[i:], []byte{90, 140, 200, 255})
			d := math.Hypot(float64(x-480)/80, float64(y-120)/60)
			weight.Pix[weight.PixOffset(x, y)] = uint8(255 * max(0, min(1, 4-4*d)))
		}
	}
	st = withResult(st, answer, weight)
	stroke := mask.NewStroke(mask.New(st.Size.X, st.Size.Y), mask.Brush{Size: 60, Hardness: 0.3}, false)
	for i := range 9 {
		a := float64(i) * math.Pi / 6
		stroke.Add(250+120*math.Cos(a), 230-110*math.Sin(a))
	}
	return st.WithMask(stroke.Mask())
}

// TestGoldenViews draws one scenery in many ways, side by side.
func TestGoldenViews(t *testing.T) {
	st := scenery(t)
	size := image.Pt(300, 210)
	fit := view.Fit(st.Size, size, 4, 1)
	type cell func(c *view.Compositor)
	style := func(change func(*view.Style)) cell {
		return func(c *view.Compositor) {
			s := c.Style()
			change(&s)
			c.SetStyle(s)
		}
	}
	at := func(tr view.Transform) cell { return func(c *view.Compositor) { c.SetTransform(tr) } }
	cells := [][]cell{
		{at(fit)},
		{at(fit), style(func(s *view.Style) { s.Mask = view.MaskBlack })},
		{at(fit), style(func(s *view.Style) { s.Mask = view.MaskOutline })},
		{at(view.Transform{Scale: 1, X: -180, Y: -60}), func(c *view.Compositor) {
			c.SetFrame(view.Frame{Rect: image.Rect(220, 100, 420, 250), Handles: true})
		}},
		{at(view.Transform{Scale: 11.3, X: -3260, Y: -1160})},
		{at(view.Transform{Scale: 3, X: -1100, Y: -200}), func(c *view.Compositor) {
			c.SetOutline([]view.Point{{X: 380, Y: 80}, {X: 460, Y: 75}, {X: 440, Y: 130}, {X: 395, Y: 120}}, true)
		}},
		{at(fit), func(c *view.Compositor) { c.SetCompare(view.Compare{Mode: view.CompareSplit, At: 205}) }},
		{at(view.Transform{Scale: 0.12, X: 100, Y: 70}), style(func(s *view.Style) { s.Line, s.CheckSide = 2, 16 }), func(c *view.Compositor) {
			c.SetFrame(view.Frame{Rect: image.Rect(-40, -30, 500, 300)})
		}},
		{at(fit), func(c *view.Compositor) {
			c.SetFrame(view.Frame{Rect: image.Rect(60, 40, 260, 200), Handles: true, More: []image.Rectangle{image.Rect(300, 60, 420, 180), image.Rect(380, 220, 600, 400)}})
		}},
	}
	const columns = 3
	rows := (len(cells) + columns - 1) / columns
	sheet := image.NewRGBA(image.Rect(0, 0, columns*(size.X+4)-4, rows*(size.Y+4)-4))
	for i, steps := range cells {
		c := view.NewCompositor()
		c.SetSize(size)
		c.SetState(st)
		for _, step := range steps {
			step(c)
		}
		c.Render()
		corner := image.Pt(i%columns*(size.X+4), i/columns*(size.Y+4))
		draw.Draw(sheet, image.Rectangle{Min: corner, Max: corner.Add(size)}, c.Image(), image.Point{}, draw.Src)
	}
	golden.Compare(t, "views", sheet)
}
