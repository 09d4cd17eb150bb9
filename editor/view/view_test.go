package view_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/editor/region"
	"overpaint.dev/overpaint/editor/view"
)

// noise returns a picture of random pixels; with holes, some are transparent
// and some half so.
func noise(rng *rand.Rand, w, h int, holes bool) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(rng.Uint32())
		if i%4 == 3 && (!holes || rng.IntN(3) > 0) {
			img.Pix[i] = 255
		}
	}
	return img
}

// randomMask returns a mask with full, empty and noisy tiles.
func randomMask(rng *rand.Rand, w, h int) *mask.Mask {
	a := image.NewAlpha(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			switch (x/64*7 + y/64*3) % 4 {
			case 0:
				a.Pix[a.PixOffset(x, y)] = 255
			case 1:
				a.Pix[a.PixOffset(x, y)] = uint8(rng.Uint32())
			}
		}
	}
	return mask.FromAlpha(a, image.Pt(w, h))
}

// randomState returns a state with results, and perhaps an extended canvas and
// transparency.
func randomState(rng *rand.Rand) *document.State {
	base := &picture.Picture{Pix: noise(rng, 1+rng.IntN(400), 1+rng.IntN(300), rng.IntN(2) == 0)}
	st := document.NewState(base)
	if rng.IntN(2) == 0 {
		st = st.Extended(rng.IntN(70), rng.IntN(70), rng.IntN(70), rng.IntN(70))
	}
	st = st.WithMask(randomMask(rng, st.Size.X, st.Size.Y))
	for range rng.IntN(4) {
		st = withNoise(rng, st)
	}
	return st
}

func withNoise(rng *rand.Rand, st *document.State) *document.State {
	x, y := rng.IntN(st.Size.X), rng.IntN(st.Size.Y)
	if rng.IntN(3) == 0 {
		x, y = x&^63, y&^63
	}
	r := image.Rect(x, y, x+1+rng.IntN(90), y+1+rng.IntN(90)).Intersect(st.Bounds())
	weight := image.NewAlpha(r)
	for i := range weight.Pix {
		weight.Pix[i] = uint8(rng.Uint32())
	}
	return withResult(st, noise(rng, r.Dx(), r.Dy(), false), weight)
}

// withResult returns a state with an answer as a result, without blending.
func withResult(st *document.State, answer *image.NRGBA, weight *image.Alpha) *document.State {
	v, err := document.NewVariant(nil, 0, answer, nil, nil, "")
	if err != nil {
		panic(err) // the test's pixels are valid
	}
	e := document.Edit{Plan: region.Plan{Window: weight.Rect, Send: weight.Rect.Size()}, Mask: mask.FromAlpha(weight, st.Size), Blend: region.Blend{Opacity: 1}}
	return st.WithResult(document.NewResult(st, e, []*document.Variant{v}, 0))
}

// repainted returns a state with a stroke on a result's mask, or with the result
// hidden, shown or fainter.
func repainted(rng *rand.Rand, st *document.State, r *document.Result) *document.State {
	switch rng.IntN(4) {
	case 0:
		return st.Edited(r.ID, func(r *document.Result) *document.Result { return r.Shown(r.Hidden) })
	case 1:
		return st.Edited(r.ID, func(r *document.Result) *document.Result { return r.Blended(region.Blend{Opacity: rng.Float64()}) })
	}
	t := document.Target{Kind: document.ResultMask, Result: r.ID}
	m, _ := st.Coverage(t)
	s := mask.NewStroke(m, mask.Brush{Size: 1 + rng.Float64()*60, Hardness: rng.Float64()}, rng.IntN(2) == 0)
	at := r.Plan.Window.Min
	s.Add(float64(at.X+rng.IntN(90)), float64(at.Y+rng.IntN(90)))
	s.Add(float64(at.X+rng.IntN(90)), float64(at.Y+rng.IntN(90)))
	return st.Painting(t, s.Mask())
}

func randomTransform(rng *rand.Rand, canvas, size image.Point) view.Transform {
	scales := []float64{1, 0.5, 0.25, 2, 8.5, 32, 0.37, 0.02, 0.03, 0.04, 0.06, 0.1, 0.125}
	s := scales[rng.IntN(len(scales))]
	if rng.IntN(2) == 0 {
		s = math.Exp(math.Log(view.MinScale) + rng.Float64()*math.Log(view.MaxScale/view.MinScale))
	}
	t := view.Transform{Scale: s, X: (rng.Float64()*1.4-0.7)*float64(size.X) - s*rng.Float64()*float64(canvas.X)/2, Y: rng.Float64()*float64(size.Y) - s*rng.Float64()*float64(canvas.Y)}
	if rng.IntN(2) == 0 {
		t.X, t.Y = math.Round(t.X), math.Round(t.Y)
	}
	return t.Clamp(canvas, size, 20)
}

// reference draws the view slowly, one pixel at a time, as the package's
// documentation says; lines are left out.
type reference struct {
	t        view.Transform
	st       *document.State
	result   *picture.Pyramid
	original *picture.Pyramid
	style    view.Style
	compare  view.Compare
	exact    bool // average with exact weights, not in 256ths and without rounding between steps
}

func newReference(t view.Transform, st *document.State, style view.Style, cmp view.Compare) *reference {
	t.X, t.Y = math.Round(t.X*1024)/1024, math.Round(t.Y*1024)/1024
	return &reference{
		t: t, st: st, style: style, compare: cmp,
		result: picture.NewPyramid(st.Flatten()), original: picture.NewPyramid(st.Original().Flatten()),
	}
}

func (r *reference) at(x, y int) color.RGBA {
	pyramid, masked := r.result, r.compare.Mode == view.CompareOff && r.style.Mask != view.MaskHidden
	if r.compare.Mode == view.CompareOriginal || r.compare.Mode == view.CompareSplit && x < r.compare.At {
		pyramid = r.original
	}
	x0, y0 := ceil(r.t.X-0.5), ceil(r.t.Y-0.5)
	x1 := max(x0+1, ceil(r.t.X+r.t.Scale*float64(r.st.Size.X)-0.5))
	y1 := max(y0+1, ceil(r.t.Y+r.t.Scale*float64(r.st.Size.Y)-0.5))
	if x < x0 || y < y0 || x >= x1 || y >= y1 {
		return color.RGBA{r.style.Surround.R, r.style.Surround.G, r.style.Surround.B, 255}
	}
	k := 0
	for r.t.Scale*math.Pow(2, float64(k+1)) <= 1 && k+1 < pyramid.Levels() {
		k++
	}
	level := pyramid.Level(k)
	xs := r.weights(x, r.t.X, r.st.Size.X, level.Rect.Dx(), k)
	ys := r.weights(y, r.t.Y, r.st.Size.Y, level.Rect.Dy(), k)
	sum := r.average(xs, ys, func(i, j int) [4]float64 {
		c := level.NRGBAAt(i, j)
		a := float64(c.A) / 255
		return [4]float64{r.round(float64(c.R) * a), r.round(float64(c.G) * a), r.round(float64(c.B) * a), float64(c.A)}
	})
	check := r.style.CheckLight
	if ((x-x0)/r.style.CheckSide+(y-y0)/r.style.CheckSide)%2 == 1 {
		check = r.style.CheckDark
	}
	left := 1 - sum[3]/255
	out := [3]float64{sum[0] + r.round(float64(check.R)*left), sum[1] + r.round(float64(check.G)*left), sum[2] + r.round(float64(check.B)*left)}
	if masked {
		cover := r.average(xs, ys, func(i, j int) [4]float64 { return [4]float64{r.cover(k, i, j)} })[0]
		tint, strength := r.style.Tint, r.style.Strength
		switch r.style.Mask {
		case view.MaskBlack:
			tint, strength = color.NRGBA{}, 1
		case view.MaskWhite:
			tint, strength = color.NRGBA{255, 255, 255, 255}, 1
		}
		w := math.Round(256 * strength * cover / 255)
		for i, c := range []uint8{tint.R, tint.G, tint.B} {
			out[i] = r.round((out[i]*(256-w) + float64(c)*w) / 256)
		}
	}
	return color.RGBA{uint8(math.Round(out[0])), uint8(math.Round(out[1])), uint8(math.Round(out[2])), 255}
}

// round rounds half up, as the fast code does between its steps.
func (r *reference) round(v float64) float64 {
	if r.exact {
		return v
	}
	return math.Floor(v + 0.5)
}

type weight struct {
	at int
	w  float64
}

// weights returns the samples of a device pixel along one axis, with their weights.
func (r *reference) weights(d int, offset float64, length, samples, k int) []weight {
	step := 1 / (r.t.Scale * math.Pow(2, float64(k)))
	lo := (float64(d) - offset) * step
	if r.t.Scale >= 1 {
		return []weight{{max(0, min(samples-1, int(math.Floor(lo+step/2)))), 1}}
	}
	hi := min(lo+step, float64(samples), float64(length)/math.Pow(2, float64(k)))
	lo = max(lo, 0)
	var all []weight
	before := 0.0
	for i := int(math.Floor(lo)); i < samples && float64(i) < hi; i++ {
		upTo := min(1, (min(hi, float64(i+1))-lo)/(hi-lo))
		if !r.exact {
			upTo = math.Round(256*upTo) / 256
		}
		all = append(all, weight{i, upTo - before})
		before = upTo
	}
	return all
}

// average averages along y, then along x.
func (r *reference) average(xs, ys []weight, at func(i, j int) [4]float64) [4]float64 {
	var sum [4]float64
	for _, x := range xs {
		var column [4]float64
		for _, y := range ys {
			for c, v := range at(x.at, y.at) {
				column[c] += v * y.w
			}
		}
		for c := range sum {
			sum[c] += r.round(column[c]) * x.w
		}
	}
	for c := range sum {
		sum[c] = r.round(sum[c])
	}
	return sum
}

// cover returns the mask at level k: averages of 2x2, edges repeated.
func (r *reference) cover(k, i, j int) float64 {
	if k == 0 {
		return float64(r.st.Mask.At(i, j))
	}
	w, h := r.st.Size.X, r.st.Size.Y
	for range k - 1 {
		w, h = (w+1)/2, (h+1)/2
	}
	right, bottom := min(2*i+1, w-1), min(2*j+1, h-1)
	sum := r.cover(k-1, 2*i, 2*j) + r.cover(k-1, right, 2*j) + r.cover(k-1, 2*i, bottom) + r.cover(k-1, right, bottom)
	return math.Floor((sum + 2) / 4)
}

func ceil(v float64) int { return int(math.Ceil(v)) }

func plainStyle() view.Style {
	s := view.DefaultStyle()
	s.Grid = false
	return s
}

func TestFastAgainstReference(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 100 {
		st := randomState(rng)
		size := image.Pt(1+rng.IntN(220), 1+rng.IntN(160))
		tr := randomTransform(rng, st.Size, size)
		style := plainStyle()
		style.Mask = []view.MaskMode{view.MaskTint, view.MaskBlack, view.MaskWhite, view.MaskHidden}[rng.IntN(4)]
		style.Strength = rng.Float64()
		style.CheckSide = 1 + rng.IntN(9)
		c := view.NewCompositor()
		c.SetSize(size)
		c.SetStyle(style)
		c.SetTransform(tr)
		c.SetState(st)
		cmp := view.Compare{}
		if rng.IntN(4) == 0 {
			cmp.Mode = view.CompareOriginal
		}
		c.SetCompare(cmp)
		c.Render()
		for _, exact := range []bool{false, true} {
			ref := newReference(tr, st, style, cmp)
			ref.exact = exact
			within := 0
			if exact {
				within = 3
			}
			for y := range size.Y {
				for x := range size.X {
					if rng.IntN(size.X*size.Y) > 2500 {
						continue // enough of a large view
					}
					if got, want := c.Image().RGBAAt(x, y), ref.at(x, y); apart(got, want) > within {
						t.Fatalf("case %d (exact %v): pixel %d,%d is %v, want %v; transform %+v canvas %v view %v", n, exact, x, y, got, want, tr, st.Size, size)
					}
				}
			}
		}
	}
}

func apart(a, b color.RGBA) int {
	d := func(p, q uint8) int { return max(int(p)-int(q), int(q)-int(p)) }
	return max(d(a.R, b.R), d(a.G, b.G), d(a.B, b.B), d(a.A, b.A))
}

// TestPartialAgainstWhole makes random changes and compares the picture after each, updated
// rectangle by rectangle, with one that is drawn as a whole.
func TestPartialAgainstWhole(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 12 {
		st := randomState(rng)
		c := view.NewCompositor()
		m := &model{size: image.Pt(160, 120), t: view.Transform{Scale: 0.8}, st: st, style: view.DefaultStyle()}
		m.apply(c)
		var job *view.Job
		for step := range 60 {
			hint := m.change(rng)
			for range rng.IntN(3) {
				// Without a hint in one of the two changes, there is none for both.
				if more := m.change(rng); hint.Empty() || more.Empty() {
					hint = image.Rectangle{}
				} else {
					hint = hint.Union(more)
				}
			}
			c.SetMask(m.st.Mask, hint)
			m.apply(c)
			before := clone(c.Image())
			var drawn []image.Rectangle
			switch rng.IntN(4) {
			case 0:
				drawn = c.RenderCoarse()
				if job = c.Start(); job != nil {
					job.Run()
				}
				if rng.IntN(2) == 0 {
					continue // the job finishes after further changes
				}
			}
			if job != nil {
				drawn = append(drawn, c.Finish(job)...)
				job = nil
			}
			drawn = append(drawn, c.Render()...)
			if c.Rough() > 0 {
				j := c.Start()
				j.Run()
				drawn = append(drawn, c.Finish(j)...)
			}
			want := m.fresh()
			for y := range m.size.Y {
				row := func(img *image.RGBA) []uint8 { return img.Pix[y*img.Stride:][:4*m.size.X] }
				if bytes.Equal(row(c.Image()), row(want)) && bytes.Equal(row(c.Image()), row(before)) {
					continue
				}
				for x := range m.size.X {
					if got, want := c.Image().RGBAAt(x, y), want.RGBAAt(x, y); got != want {
						t.Fatalf("step %d: pixel %d,%d is %v, drawn afresh %v; transform %+v, frame %v, mask mode %d, compare %v", step, x, y, got, want, m.t, m.frame, m.style.Mask, m.compare)
					}
					if before.Rect == c.Image().Rect && before.RGBAAt(x, y) != c.Image().RGBAAt(x, y) && !inside(image.Pt(x, y), drawn) {
						t.Fatalf("step %d: pixel %d,%d changed outside of what Render returned", step, x, y)
					}
				}
			}
		}
	}
}

// TestPictureBeforeItsMask draws between SetScene and SetMask.
func TestPictureBeforeItsMask(t *testing.T) {
	rng := rand.New(rand.NewPCG(17, 18))
	for range 20 {
		a, b := randomState(rng), randomState(rng)
		m := &model{size: image.Pt(100, 80), t: randomTransform(rng, b.Size, image.Pt(100, 80)), st: a, style: view.DefaultStyle()}
		c := view.NewCompositor()
		m.apply(c)
		c.Render()
		c.SetScene(view.NewScene(b, nil))
		c.Render()
		c.SetMask(b.Mask, image.Rectangle{})
		c.Render()
		m.st = b
		if !bytes.Equal(c.Image().Pix, m.fresh().Pix) {
			t.Fatal("the picture depends on what was drawn before")
		}
	}
}

func inside(p image.Point, rects []image.Rectangle) bool {
	for _, r := range rects {
		if p.In(r) {
			return true
		}
	}
	return false
}

func clone(img *image.RGBA) *image.RGBA {
	c := *img
	c.Pix = append([]uint8(nil), img.Pix...)
	return &c
}

// A model is the state that was set on a compositor.
type model struct {
	size    image.Point
	t       view.Transform
	st      *document.State
	style   view.Style
	frame   view.Frame
	points  []view.Point
	closed  bool
	lines   [][]view.Point
	mark    view.LineMark // in lines
	compare view.Compare
}

func (m *model) apply(c *view.Compositor) {
	c.SetSize(m.size)
	c.SetStyle(m.style)
	c.SetState(m.st)
	c.SetTransform(m.t)
	c.SetFrame(m.frame)
	c.SetOutline(m.points, m.closed)
	c.SetLines(m.lines, m.mark)
	c.SetCompare(m.compare)
}

func (m *model) fresh() *image.RGBA {
	c := view.NewCompositor()
	m.apply(c)
	c.Render()
	return c.Image()
}

// change makes one random change and returns the part of the mask that it changed.
func (m *model) change(rng *rand.Rand) image.Rectangle {
	switch rng.IntN(15) {
	case 13, 14:
		m.changeLines(rng)
	case 12: // another picture, of the same size half the time
		next := randomState(rng)
		if rng.IntN(2) == 0 {
			next = document.NewState(&picture.Picture{Pix: noise(rng, m.st.Size.X, m.st.Size.Y, false)})
			next = withNoise(rng, next)
		}
		m.st = next
	case 0:
		m.t = randomTransform(rng, m.st.Size, m.size)
	case 1, 2, 3:
		m.t = m.t.Pan(float64(rng.IntN(41)-20), float64(rng.IntN(41)-20))
	case 4, 5:
		x, y := rng.IntN(m.st.Size.X), rng.IntN(m.st.Size.Y)
		r := image.Rect(x, y, x+1+rng.IntN(50), y+1+rng.IntN(50)).Intersect(m.st.Bounds())
		a := image.NewAlpha(r)
		for i := range a.Pix {
			a.Pix[i] = uint8(rng.Uint32())
		}
		m.st = m.st.WithMask(mask.Union(m.st.Mask, mask.FromAlpha(a, m.st.Size)))
		return r
	case 6:
		m.style.Mask = view.MaskMode(rng.IntN(5))
		m.style.Phase, m.style.Edge = rng.IntN(8), rng.IntN(2) == 0
		m.style.Line = 1 + rng.IntN(2)
	case 7:
		x, y := rng.IntN(m.st.Size.X), rng.IntN(m.st.Size.Y)
		m.frame = view.Frame{Rect: image.Rect(x, y, x+rng.IntN(200), y+rng.IntN(200)), Handles: rng.IntN(2) == 0}
		for i := range rng.IntN(3) {
			m.frame.More = append(m.frame.More, m.frame.Rect.Add(image.Pt(40*i+rng.IntN(30), rng.IntN(60)-30)))
		}
	case 8, 9:
		m.points = append(m.points[:len(m.points):len(m.points)], view.Point{X: rng.Float64() * float64(m.st.Size.X), Y: rng.Float64() * float64(m.st.Size.Y)})
		m.closed = rng.IntN(2) == 0
		if len(m.points) > 6 {
			m.points = nil
		}
	case 10:
		m.compare = view.Compare{Mode: view.CompareMode(rng.IntN(3)), At: rng.IntN(m.size.X)}
	case 11:
		m.changeResults(rng)
	}
	return image.Rectangle{}
}

// changeLines marks a guide line, adds one, which may begin or end far outside, or removes one.
func (m *model) changeLines(rng *rand.Rand) {
	m.mark = view.LineMark{Line: rng.IntN(5) - 1, Point: rng.IntN(4) - 1}
	if rng.IntN(2) == 0 {
		return
	}
	if n := len(m.lines); n > 3 {
		at := rng.IntN(n)
		m.lines = append(m.lines[:at:at], m.lines[at+1:]...)
		return
	}
	line := []view.Point{{X: rng.Float64() * 1e7, Y: -rng.Float64() * 1e7}}
	for range 1 + rng.IntN(4) {
		line = append(line, view.Point{X: rng.Float64() * float64(m.st.Size.X), Y: rng.Float64() * float64(m.st.Size.Y)})
	}
	if rng.IntN(3) > 0 {
		line = append(line[1:], line[1])
	}
	m.lines = append(m.lines[:len(m.lines):len(m.lines)], line)
}

// changeResults adds a result, removes one or changes one.
func (m *model) changeResults(rng *rand.Rand) {
	switch n := len(m.st.Results); {
	case n == 0 || rng.IntN(4) == 0:
		m.st = withNoise(rng, m.st)
	case rng.IntN(3) == 0:
		m.st = m.st.Without(m.st.Results[rng.IntN(n)].ID)
	default:
		m.st = repainted(rng, m.st, m.st.Results[rng.IntN(n)])
	}
}

// TestEdgeOfTheTint: dark on the pixels of the mask that have a neighbour outside of it, light on
// those neighbours, and nothing else is another pixel than without.
func TestEdgeOfTheTint(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		st := randomState(rng)
		m := st.Mask
		c := view.NewCompositor()
		c.SetSize(st.Size)
		c.SetState(st)
		c.SetTransform(view.Transform{Scale: 1})
		c.Render()
		plain := image.NewRGBA(c.Image().Rect)
		copy(plain.Pix, c.Image().Pix)
		style := c.Style()
		style.Edge = true
		c.SetStyle(style)
		c.Render()
		in := func(x, y int) bool {
			return image.Pt(x, y).In(st.Bounds()) && m.At(x, y) >= 128
		}
		for y := range st.Size.Y {
			for x := range st.Size.X {
				was, got := plain.RGBAAt(x, y), c.Image().RGBAAt(x, y)
				is := in(x, y)
				edge := in(x-1, y) != is || in(x+1, y) != is || in(x, y-1) != is || in(x, y+1) != is
				sum := func(c color.RGBA) int { return int(c.R) + int(c.G) + int(c.B) }
				if !edge && got != was || edge && is && sum(got) > sum(was) || edge && !is && sum(got) < sum(was) || edge && got == was && sum(was) > 9 && sum(was) < 755 {
					t.Fatalf("pixel %d,%d: %v, without the line %v; in the mask %v, at its edge %v", x, y, got, was, is, edge)
				}
			}
		}
	}
}
