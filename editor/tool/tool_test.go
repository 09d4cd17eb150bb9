package tool_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/tool"
)

var size = image.Pt(200, 150)

func at(x, y float64) tool.Pointer { return tool.Pointer{X: x, Y: y} }

func settings() tool.Settings {
	return tool.Settings{Brush: mask.Brush{Size: 20, Hardness: 1}, Tolerance: 20, Contiguous: true}
}

// draw presses at the first position, moves over the others and releases at the
// last, checking on the way that what changes is what is said to.
func draw(t *testing.T, id string, s tool.Settings, m *mask.Mask, path ...tool.Pointer) (*mask.Mask, image.Rectangle) {
	t.Helper()
	g := tool.New(id).Begin(s, m, nil, path[0])
	return follow(t, g, m, path)
}

func follow(t *testing.T, g tool.Gesture, m *mask.Mask, path []tool.Pointer) (*mask.Mask, image.Rectangle) {
	t.Helper()
	before := m.Alpha(m.Bounds())
	shown := m.Alpha(m.Bounds())
	for _, p := range path {
		dirty := g.Move(p)
		preview := g.Preview()
		copyPart(shown, preview, dirty)
		if !mask.FromAlpha(shown, m.Size()).Equal(preview) {
			t.Fatalf("at %v more changed than %v", p, dirty)
		}
	}
	g.Release(path[len(path)-1])
	final, changed := g.Finish()
	copyPart(before, final, changed)
	if !mask.FromAlpha(before, m.Size()).Equal(final) {
		t.Fatalf("the gesture changed more than %v", changed)
	}
	return final, changed
}

func copyPart(to *image.Alpha, from *mask.Mask, r image.Rectangle) {
	r = r.Intersect(to.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			to.Pix[to.PixOffset(x, y)] = from.At(x, y)
		}
	}
}

func TestAllToolsHaveTheirNames(t *testing.T) {
	want := []string{"brush", "eraser", "rectangle", "ellipse", "lasso", "polygon", "wand"}
	all := tool.All()
	if len(all) != len(want) {
		t.Fatalf("%d tools", len(all))
	}
	for i, id := range want {
		if all[i].ID() != id || tool.New(id).ID() != id {
			t.Errorf("tool %d is %q, not %q", i, all[i].ID(), id)
		}
	}
	if tool.New("hammer") != nil {
		t.Error("a tool that there isn't")
	}
}

func TestBrushAndEraser(t *testing.T) {
	empty, all := mask.New(size.X, size.Y), mask.All(size)
	painted, changed := draw(t, "brush", settings(), empty, at(30, 40), at(120, 40))
	if painted.At(75, 40) != 255 || painted.At(75, 55) != 0 || !painted.Bounding().In(changed) {
		t.Error("the brush didn't paint a line")
	}
	erased, _ := draw(t, "eraser", settings(), all, at(30, 40), at(120, 40))
	if !erased.Equal(painted.Invert()) {
		t.Error("the eraser doesn't take away what the brush paints")
	}
	ctrl := at(30, 40)
	ctrl.Ctrl = true
	for _, c := range []struct {
		s tool.Settings
		p tool.Pointer
	}{{settings(), ctrl}, {tool.Settings{Brush: settings().Brush, Mode: tool.Subtract}, at(30, 40)}} {
		if got, _ := draw(t, "brush", c.s, all, c.p, at(120, 40)); !got.Equal(erased) {
			t.Error("the brush doesn't erase with Ctrl or when it subtracts")
		}
	}
}

func TestBrushThatChangesNothing(t *testing.T) {
	all := mask.All(size)
	for _, path := range [][]tool.Pointer{{at(30, 30), at(100, 100)}, {at(-500, -500), at(-400, -700)}} {
		got, changed := draw(t, "brush", settings(), all, path...)
		if got != all || !changed.Empty() {
			t.Errorf("painting over what is covered changed %v", changed)
		}
	}
}

func TestShiftClickGoesOnFromTheLastStroke(t *testing.T) {
	brush := tool.New("brush")
	m := mask.New(size.X, size.Y)
	click := func(p tool.Pointer) {
		t.Helper()
		g := brush.Begin(settings(), m, nil, p)
		m, _ = follow(t, g, m, []tool.Pointer{p})
	}
	shift := func(x, y float64) tool.Pointer { return tool.Pointer{X: x, Y: y, Shift: true} }
	click(shift(20, 20)) // the first has nowhere to come from
	if got := m.Area(); math.Abs(got-math.Pi*100) > 4 {
		t.Fatalf("a first click with Shift painted %v pixels", got)
	}
	cancelled := brush.Begin(settings(), m, nil, at(20, 140))
	cancelled.Move(at(180, 140)) // and is forgotten
	click(shift(120, 100))
	click(shift(180, 20))
	for i := range 101 {
		f := float64(i) / 100
		if m.At(int(20+100*f), int(20+80*f)) != 255 || m.At(int(120+60*f), int(100-80*f)) != 255 {
			t.Fatalf("no straight line %v of the way", f)
		}
	}
	// On a canvas of another size there is nothing to go on from.
	other := mask.New(90, 90)
	g := brush.Begin(settings(), other, nil, shift(80, 80))
	if got, _ := g.Finish(); got.Area() > 330 {
		t.Error("a line came from another canvas")
	}
}

func TestRectangleModifiers(t *testing.T) {
	m := mask.New(size.X, size.Y)
	p := func(x, y float64, keys string) tool.Pointer {
		out := at(x, y)
		for _, k := range keys {
			switch k {
			case 's':
				out.Shift = true
			case 'a':
				out.Alt = true
			case 'c':
				out.Ctrl = true
			case ' ':
				out.Space = true
			}
		}
		return out
	}
	for _, c := range []struct {
		name string
		path []tool.Pointer
		want image.Rectangle
	}{
		{"plain", []tool.Pointer{p(20.3, 30.2, ""), p(79.8, 60.4, "")}, image.Rect(20, 30, 80, 60)},
		{"backwards", []tool.Pointer{p(80, 60, ""), p(20, 30, "")}, image.Rect(20, 30, 80, 60)},
		{"square", []tool.Pointer{p(20, 30, ""), p(80, 50, "s")}, image.Rect(20, 30, 80, 90)},
		{"square to the upper left", []tool.Pointer{p(90, 80, ""), p(60, 70, "s")}, image.Rect(60, 50, 90, 80)},
		{"from the centre", []tool.Pointer{p(50, 50, ""), p(70, 60, "a")}, image.Rect(30, 40, 70, 60)},
		{"square from the centre", []tool.Pointer{p(50, 50, ""), p(70, 60, "sa")}, image.Rect(30, 30, 70, 70)},
		{"moved", []tool.Pointer{p(20, 30, ""), p(40, 50, ""), p(60, 60, " "), p(70, 80, "")}, image.Rect(40, 40, 70, 80)},
		{"key let go again", []tool.Pointer{p(20, 30, "s"), p(70, 40, "s"), p(80, 50, "")}, image.Rect(20, 30, 80, 50)},
		{"over the edge", []tool.Pointer{p(-50, -50, ""), p(20, 30, "")}, image.Rect(0, 0, 20, 30)},
		{"nothing", []tool.Pointer{p(20, 30, ""), p(60, 30, "")}, image.Rectangle{}},
	} {
		got, _ := draw(t, "rectangle", settings(), m, c.path...)
		if !got.Bounding().Eq(c.want) || got.Area() != float64(c.want.Dx()*c.want.Dy()) {
			t.Errorf("%s: covers %v pixels in %v, should be %v", c.name, got.Area(), got.Bounding(), c.want)
		}
		ellipse, _ := draw(t, "ellipse", settings(), m, c.path...)
		if c.want.Min.X > 0 && (!ellipse.Bounding().Eq(c.want) || math.Abs(ellipse.Area()-got.Area()*math.Pi/4) > 3) {
			t.Errorf("%s: an ellipse of %v pixels in %v", c.name, ellipse.Area(), ellipse.Bounding())
		}
		away, _ := draw(t, "rectangle", tool.Settings{Mode: tool.Subtract}, mask.All(size), c.path...)
		if !away.Equal(got.Invert()) {
			t.Errorf("%s: taken away it isn't the rest", c.name)
		}
	}
	first, last := p(20, 30, ""), p(80, 60, "c")
	if got, _ := draw(t, "rectangle", settings(), mask.All(size), first, last); got.Area() != 200*150-60*30 {
		t.Error("Ctrl at the end doesn't subtract")
	}
}

func TestADragWidensTheWand(t *testing.T) {
	img := image.NewNRGBA(image.Rectangle{Max: size}) // grey that becomes lighter from left to right
	for i := range size.X * size.Y {
		v := uint8(40 + i%size.X)
		copy(img.Pix[4*i:], []uint8{v, v, v, 255})
	}
	pixels := func(image.Rectangle) *image.NRGBA { return img }
	m := mask.New(size.X, size.Y)
	begin := func(path ...tool.Pointer) (tool.Gesture, tool.Searcher) {
		g := tool.New("wand").Begin(tool.Settings{Tolerance: 10, Contiguous: true}, m, pixels, path[0])
		for _, p := range path {
			g.Move(p)
		}
		return g, g.(tool.Searcher)
	}
	g, s := begin(at(50, 50), at(53, 50)) // the hand trembled
	if _, ok := s.Learnt(); ok || s.Search() != nil {
		t.Error("a click learns something")
	}
	clicked, _ := g.Finish()
	g, s = begin(at(50, 50), at(110, 50))
	search := s.Search()
	if search == nil || s.Search() != nil {
		t.Fatal("a drag has no preview, or the same one twice")
	}
	near := search()
	g.Move(at(90, 60)) // back again: nothing more was gone over
	if s.Search() != nil {
		t.Error("a preview of the same")
	}
	g.Move(at(140, 60))
	g.Release(at(140, 60))
	wide, _ := g.Finish()
	if clicked.At(110, 50) != 0 || near.At(109, 50) != 255 || near.At(140, 50) != 0 || wide.At(140, 50) != 255 || wide.At(180, 50) != 0 {
		t.Error("it isn't taken as far as it was dragged over")
	}
	if n, ok := s.Learnt(); !ok || n < 40 || n > 120 {
		t.Errorf("it learnt a tolerance of %d", n)
	}
}

func TestShapesCutTheMask(t *testing.T) {
	both := tool.Settings{Mode: tool.Intersect}
	m := mask.Rectangle(size, mask.Point{X: 20, Y: 20}, mask.Point{X: 120, Y: 100})
	want := image.Rect(60, 20, 120, 60)
	for id, path := range map[string][]tool.Pointer{
		"rectangle": {at(60, 10), at(90, 30), at(160, 60)},
		"lasso":     {at(60, 10), at(160, 10), at(160, 60), at(60, 60)},
	} {
		got, _ := draw(t, id, both, m, path...)
		if !got.Bounding().Eq(want) || got.Area() != float64(want.Dx()*want.Dy()) {
			t.Errorf("the %s leaves %v pixels in %v", id, got.Area(), got.Bounding())
		}
	}
	g := tool.New("rectangle").Begin(both, m, nil, at(60, 10))
	g.Move(at(60, 10))
	if g.Preview() != m {
		t.Error("a rectangle that isn't drawn yet cuts")
	}
	if dirty := g.Move(at(160, 60)); !m.Bounding().In(dirty) {
		t.Errorf("only %v is drawn anew where the mask is cut", dirty)
	}
	if dirty := g.Move(at(160, 50)); dirty.Min.X < 60 {
		t.Errorf("%v is drawn anew where only the rectangle changes", dirty)
	}
	held := at(160, 50)
	held.Ctrl = true
	if dirty := g.Move(held); !m.Bounding().In(dirty) || !g.Preview().Equal(mask.Subtract(m, mask.Rectangle(size, mask.Point{X: 60, Y: 10}, mask.Point{X: 160, Y: 50}))) {
		t.Error("with Ctrl held it doesn't take away instead")
	}
}

func TestLasso(t *testing.T) {
	m := mask.New(size.X, size.Y)
	got, _ := draw(t, "lasso", settings(), m, at(20, 20), at(100, 20), at(100, 100), at(20, 100))
	if got.Area() != 80*80 {
		t.Errorf("a square drawn by hand covers %v", got.Area())
	}
	shift := func(x, y float64) tool.Pointer { return tool.Pointer{X: x, Y: y, Shift: true} }
	// With Shift the loose end follows; letting go and holding again sets it.
	got, _ = draw(t, "lasso", settings(), m, at(20, 20), shift(60, 25), shift(101, 22), at(100, 20), shift(97, 60), shift(104, 100), at(100, 100), at(20, 100))
	if math.Abs(got.Area()-80*80) > 100 {
		t.Errorf("with snapped sides it covers %v", got.Area())
	}
	got, _ = draw(t, "lasso", settings(), m, at(20, 20), at(60, 20), at(60, 60), tool.Pointer{X: 70, Y: 75, Space: true}, at(30, 75))
	if !got.Bounding().Eq(image.Rect(30, 35, 70, 75)) {
		t.Errorf("moved by (10, 15) it lies in %v", got.Bounding())
	}
}

func TestPolygon(t *testing.T) {
	m := mask.New(size.X, size.Y)
	begin := func() tool.Gesture { return tool.New("polygon").Begin(settings(), m, nil, at(20, 20)) }
	click := func(g tool.Gesture, p tool.Pointer) bool {
		g.Move(p)
		return g.Release(p)
	}
	corners := []tool.Pointer{at(20, 20), at(120, 20), at(120, 90)}

	g := begin()
	for _, p := range corners {
		if click(g, p) {
			t.Fatal("closed too early")
		}
	}
	g.Move(at(20, 90))
	if _, closed := g.Outline(); closed || g.Preview().Area() != 7000 {
		t.Errorf("the preview covers %v", g.Preview().Area())
	}
	if points, closed := g.Outline(); closed || len(points) != 4 {
		t.Errorf("the outline is %v", points)
	}
	if got, _ := g.Finish(); math.Abs(got.Area()-3500) > 20 {
		t.Errorf("finished with Enter it covers %v", got.Area())
	}
	click(g, at(20, 90))
	g.Move(at(23, 24))
	if _, closed := g.Outline(); !closed {
		t.Error("near the start it doesn't show as closed")
	}
	if !click(g, at(23, 24)) {
		t.Error("a click on the start doesn't close it")
	}
	if got, changed := g.Finish(); got.Area() != 7000 || !image.Rect(20, 20, 120, 90).In(changed) {
		t.Errorf("closed it covers %v", got.Area())
	}

	g = begin() // a double click ends it
	for _, p := range corners {
		click(g, p)
	}
	if !click(g, at(121, 91)) {
		t.Error("a double click doesn't end it")
	}

	g = begin() // Shift snaps, Space moves
	click(g, corners[0])
	click(g, tool.Pointer{X: 118, Y: 26, Shift: true})
	click(g, tool.Pointer{X: 122, Y: 90, Shift: true})
	g.Move(tool.Pointer{X: 122, Y: 90})
	g.Move(tool.Pointer{X: 112, Y: 95, Space: true})
	if got, _ := g.Finish(); !got.Bounding().Eq(image.Rect(10, 25, 108, 95)) {
		t.Errorf("snapped and moved it lies in %v", got.Bounding())
	}

	g = begin()
	click(g, corners[0])
	if got, changed := g.Finish(); got != m || !changed.Empty() {
		t.Error("a single corner changed the mask")
	}
}

func TestWand(t *testing.T) {
	img := image.NewNRGBA(image.Rectangle{Max: size})
	for i := range size.X * size.Y {
		v := uint8(20)
		if i%size.X >= 60 && i%size.X < 90 {
			v = 200
		}
		copy(img.Pix[4*i:], []uint8{v, v, v, 255})
	}
	pixels := func(r image.Rectangle) *image.NRGBA { return img.SubImage(r).(*image.NRGBA) }
	m := mask.New(size.X, size.Y)
	take := func(s tool.Settings, m *mask.Mask, p tool.Pointer) (*mask.Mask, image.Rectangle) {
		g := tool.New("wand").Begin(s, m, pixels, p)
		if !g.Release(p) || g.Preview() != m {
			t.Error("the wand isn't done with one click")
		}
		return g.Finish()
	}
	got, changed := take(settings(), m, at(10.7, 20.2))
	if got.Area() != 60*150 || !got.Bounding().In(changed) {
		t.Errorf("took %v pixels in %v", got.Area(), got.Bounding())
	}
	s := settings()
	s.Contiguous = false
	if got, _ = take(s, m, at(10, 20)); got.Area() != 170*150 {
		t.Errorf("of the whole picture took %v", got.Area())
	}
	ctrl := tool.Pointer{X: 70, Y: 70, Ctrl: true}
	if got, _ = take(s, mask.All(size), ctrl); got.Area() != 170*150 {
		t.Errorf("with Ctrl left %v", got.Area())
	}
	if got, changed = take(s, m, at(-1, 20)); got != m || !changed.Empty() {
		t.Error("a click outside changed the mask")
	}
}

// TestSoak makes random gestures with all tools, with wild pointers, and checks
// what each says to have changed. Some are dropped; the mask must not notice.
func TestSoak(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	img := image.NewNRGBA(image.Rectangle{Max: size})
	for i := range img.Pix {
		img.Pix[i] = uint8(rng.IntN(3) * 40)
	}
	tools := tool.All()
	m := mask.New(size.X, size.Y)
	pointer := func() tool.Pointer {
		key := func() bool { return rng.IntN(6) == 0 }
		return tool.Pointer{X: math.Round(rng.Float64()*400 - 100), Y: math.Round(rng.Float64()*300 - 75), Shift: key(), Alt: key(), Ctrl: key(), Space: key()}
	}
	for range 400 {
		s := tool.Settings{Brush: mask.Brush{Size: 1 + rng.Float64()*60, Hardness: rng.Float64()}, Tolerance: rng.IntN(100), Contiguous: rng.IntN(2) == 0, Mode: tool.Mode(rng.IntN(3))}
		path := []tool.Pointer{pointer()}
		for range rng.IntN(7) {
			path = append(path, pointer())
		}
		g := tools[rng.IntN(len(tools))].Begin(s, m, func(r image.Rectangle) *image.NRGBA { return img.SubImage(r).(*image.NRGBA) }, path[0])
		before := m.Alpha(m.Bounds())
		final, _ := follow(t, g, m, path)
		if !mask.FromAlpha(before, size).Equal(m) {
			t.Fatal("a gesture changed the mask that it began with")
		}
		g.Outline()
		if rng.IntN(3) > 0 {
			m = final
		}
	}
}
