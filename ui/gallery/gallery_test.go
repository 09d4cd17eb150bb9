package gallery

import (
	"fmt"
	"image"
	"image/color"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

var (
	violet = color.NRGBA{170, 90, 220, 255}
	pink   = color.NRGBA{240, 120, 170, 255}
	white  = color.NRGBA{245, 240, 250, 255}
)

// ready is a finished edit with cards for variants.
func ready(id int64, prompt string, thumbs ...image.Image) Edit {
	e := Edit{ID: id, Prompt: prompt, Service: "dddai.dev", State: Ended, Cost: "$0.08"}
	for i, img := range thumbs {
		e.Cards = append(e.Cards, Card{N: i, Number: i + 1, State: Ready, Image: img})
	}
	return e
}

// loop is the view of the design's picture, and a failed and a waiting edit.
func loop() View {
	wide, tall, square := uitest.Flower(320, 200, pink), uitest.Flower(180, 320, white), uitest.Flower(320, 320, violet)
	striped := ready(1, "striped petal", square, wide, tall, square)
	striped.Used, striped.Cards[1].Used = []int{2}, true
	striped.Cards[2].Favourite, striped.Cards[3].New = true, true
	working := Edit{
		ID: 2, Prompt: "Violet petals instead of the striped ones", Service: "OpenAI", State: Running, Elapsed: 31 * time.Second, Cancellable: true,
		Cards: []Card{
			{N: 0, Number: 1, State: Ready, Image: square},
			{N: 1, Number: 2, State: Working, Fraction: 0.6, Image: wide},
			{N: 2, Number: 3, State: Working, Fraction: 0.2},
			{N: 3, Number: 4, State: Queued},
		},
	}
	failed := Edit{
		ID: 3, Prompt: "sky", Service: "OpenAI", State: Ended,
		Failed: []Trouble{{Sentence: "The service refused this prompt because of its content rules. Change the prompt and try again.", Again: true}},
	}
	waiting := Edit{ID: 4, Prompt: "a red door", Service: "OpenAI", State: Waiting, Behind: true, Cancellable: true, Cards: []Card{{N: 0, Number: 1}}}
	return View{Original: tall, Current: wide, Edits: []Edit{working, striped, failed, waiting}, Chosen: ID{1, 1}, Against: Original}
}

// many is a view of n edits with four cards each.
func many(n int) View {
	img := uitest.Flower(64, 64, violet)
	v := View{Original: img, Current: img}
	for i := n; i > 0; i-- {
		v.Edits = append(v.Edits, ready(int64(i), fmt.Sprint("edit ", i), img, img, img, img))
	}
	return v
}

// shown returns the IDs of the cards that are on the screen, with their places.
func shown(g *Gallery) map[ID]fyne.Position {
	all := map[ID]fyne.Position{}
	uitest.Walk(g.root, func(o fyne.CanvasObject, at fyne.Position) {
		if c, ok := o.(*card); ok {
			all[c.face.id] = at
		}
	})
	return all
}

func find(t *testing.T, g *Gallery, id ID) *card {
	t.Helper()
	var found *card
	uitest.Walk(g.root, func(o fyne.CanvasObject, _ fyne.Position) {
		if c, ok := o.(*card); ok && c.face.id == id {
			found = c
		}
	})
	if found == nil {
		t.Fatalf("card %v is not on the screen", id)
	}
	return found
}

// strip shows a strip in a window of a width.
func strip(t testing.TB, do Actions, width float32) (*Gallery, fyne.Window) {
	g := NewStrip(do)
	w := uitest.Window(t, container.NewVBox(layout.NewSpacer(), g.Object()), fyne.NewSize(width, 500))
	return g, w
}

func TestLooks(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		name := map[string]string{"TestLooks/en_dark": "en-dark", "TestLooks/en_light": "en-light", "TestLooks/zh_dark": "zh-dark", "TestLooks/zh_light": "zh-light"}[t.Name()]
		for _, scale := range []float32{1, 2} {
			g, w := strip(t, Actions{}, 980)
			uitest.Scale(w, scale)
			w.Resize(fyne.NewSize(980, StripHeight(Usual)))
			g.Set(loop())
			for _, fault := range uitest.Clipped(g.Object()) {
				t.Error(fault)
			}
			uitest.Shot(t, w, fmt.Sprintf("strip-%s-%g", name, scale))
			g.ScrollTo(3)
			uitest.Shot(t, w, fmt.Sprintf("strip-end-%s-%g", name, scale))
		}
		grid := NewGrid(Actions{})
		w := uitest.Window(t, grid.Object(), fyne.NewSize(700, 620))
		grid.Set(loop())
		for _, fault := range uitest.Clipped(grid.Object()) {
			t.Error(fault)
		}
		uitest.Shot(t, w, "grid-"+name)
	})
}

func TestPlacesAndSizes(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	g, w := strip(t, Actions{}, 1280)
	g.Set(loop())
	all := shown(g)
	if len(all) < 10 {
		t.Fatalf("only %d cards are on the screen", len(all))
	}
	if d := all[Current].X - all[Original].X; d != Usual+gap {
		t.Errorf("the fixed cards are %v apart", d)
	}
	if all[ID{2, 0}].X <= all[Current].X || all[ID{1, 0}].X <= all[ID{2, 3}].X {
		t.Error("the newest edit is not the first after the fixed cards")
	}
	for _, size := range []float32{10, 72, 200, 900} {
		v := loop()
		v.CardSize = size
		g.Set(v)
		want := max(Smallest, min(Largest, size))
		if got := find(t, g, Original).Size(); got != fyne.NewSquareSize(want) {
			t.Errorf("size %v: the cards are %v", size, got)
		}
		if got := g.Object().MinSize().Height; got != StripHeight(want) {
			t.Errorf("size %v: the strip is %v high", size, got)
		}
	}
	_ = w
}

// TestTheGridsCardsAreLargerThanTheStrips counts the columns beside each other in
// grids as wide as the canvas of common windows.
func TestTheGridsCardsAreLargerThanTheStrips(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	for _, c := range []struct {
		width, strip     float32
		columns          int
		smallest, widest float32
	}{
		{900 - theme.SideWidth - theme.RailWidth, Usual, 3, 160, 240},
		{1024 - theme.SideWidth - theme.RailWidth, Usual, 3, 180, 240},
		{1280 - theme.SideWidth - theme.RailWidth, Usual, 4, 200, 240},
		{1600, Usual, 5, 280, Largest},
		{3800, Usual, 11, Largest, Largest},
		{936, 250, 3, 280, Largest},
		{936, Largest, 2, Largest, Largest},
	} {
		g := NewGrid(Actions{})
		uitest.Window(t, g.Object(), fyne.NewSize(c.width, 600))
		v := many(1)
		for i := range 10 { // a long line
			v.Edits[0].Cards = append(v.Edits[0].Cards, Card{N: 4 + i, Number: 5 + i, State: Ready, Image: v.Original})
		}
		v.CardSize = c.strip
		g.Set(v)
		columns, size, right := 0, find(t, g, ID{1, 0}).Size().Width, float32(0)
		for id, at := range shown(g) {
			if id.Edit == 1 && at.Y == shown(g)[ID{1, 0}].Y {
				columns++
				right = max(right, at.X+size)
			}
		}
		if columns != c.columns || size < c.smallest || size > c.widest || right > c.width {
			t.Errorf("%v wide, beside a strip of %v: %d columns of %v up to %v", c.width, c.strip, columns, size, right)
		}
	}
}

func TestFiveCardsInASmallWindow(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	g, _ := strip(t, Actions{}, 900-theme.SideWidth)
	g.Set(loop())
	whole := 0
	for _, at := range shown(g) {
		if at.X+Usual <= 600 {
			whole++
		}
	}
	if whole < 5 {
		t.Errorf("%d cards can be seen whole", whole)
	}
}

func TestTrueShape(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	g, _ := strip(t, Actions{}, 1280)
	g.Set(loop())
	c := find(t, g, ID{1, 2}) // 180 x 320
	b := c.scaled.Bounds()
	if b.Dy() != int(Usual) || b.Dx() < 50 || b.Dx() > 53 {
		t.Errorf("a picture of 180 x 320 is shown as %v", b.Size())
	}
}

func TestClicks(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	var heard []string
	say := func(what string) func(ID) {
		return func(id ID) { heard = append(heard, fmt.Sprint(what, id.Edit, ".", id.N)) }
	}
	edit := func(what string) func(int64) {
		return func(id int64) { heard = append(heard, fmt.Sprint(what, id)) }
	}
	g, _ := strip(t, Actions{
		Choose: say("choose"), Use: say("use"), Discard: say("discard"), Again: edit("again"), Clear: edit("clear"),
		Cancel: edit("cancel"), First: edit("first"),
		Menu:      func(id ID, at fyne.Position) { heard = append(heard, fmt.Sprint("menu", id.Edit, ".", id.N)) },
		Favourite: func(id ID, on bool) { heard = append(heard, fmt.Sprint("favourite", id.Edit, ".", id.N, on)) },
	}, 1900)
	g.Set(loop())
	clock := time.Unix(0, 0)
	g.now = func() time.Time { return clock }
	tap := func(id ID, p fyne.Position) { find(t, g, id).Tapped(&fyne.PointEvent{Position: p}) }
	middle, star, cross := fyne.NewPos(46, 46), fyne.NewPos(85, 8), fyne.NewPos(85, 85)

	tap(ID{1, 1}, middle)
	tap(ID{1, 1}, middle)
	clock = clock.Add(time.Second)
	tap(ID{1, 0}, middle)
	tap(ID{1, 2}, middle) // another card: no double click
	clock = clock.Add(time.Second)
	tap(ID{1, 2}, middle) // too late
	tap(ID{2, 2}, middle)
	tap(ID{2, 2}, middle) // not ready: nothing to use
	tap(Original, middle)
	tap(Original, middle)
	tap(ID{1, 2}, star)
	tap(ID{1, 1}, star)
	tap(ID{2, 2}, cross)
	tap(ID{3, Failure}, fyne.NewPos(20, 80))
	tap(ID{3, Failure}, fyne.NewPos(70, 80))
	tap(ID{3, Failure}, fyne.NewPos(70, 20)) // the sentence
	find(t, g, ID{1, 0}).TappedSecondary(&fyne.PointEvent{})
	uitest.Walk(g.root, func(o fyne.CanvasObject, _ fyne.Position) {
		if h, ok := o.(*heading); ok {
			switch h.edit.ID {
			case 2:
				test.Tap(h.cancel)
				h.TappedSecondary(&fyne.PointEvent{})
			case 4:
				test.Tap(h.first)
			}
		}
	})
	want := []string{
		"choose1.1", "use1.1", "choose1.0", "choose1.2", "choose1.2", "choose2.2", "choose-1.0",
		"favourite1.2 false", "favourite1.1 true", "discard2.2", "again3", "clear3", "menu1.0", "cancel2", "menu2.-2", "first4",
	}
	if !slices.Equal(heard, want) {
		t.Errorf("heard %v\nwant  %v", heard, want)
	}
}

// TestADoubleClickDiscardsOneCard clicks a card's cross twice: the second half of the
// double-click isn't for the card that has come into its place.
func TestADoubleClickDiscardsOneCard(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	at := time.Unix(1000, 0)
	widgets.Clock = func() time.Time { return at }
	t.Cleanup(func() { widgets.Clock = time.Now })
	v := many(1)
	var gone []int
	var g *Gallery
	g, w := strip(t, Actions{Discard: func(id ID) {
		gone = append(gone, id.N)
		v.Edits[0].Cards = slices.DeleteFunc(slices.Clone(v.Edits[0].Cards), func(c Card) bool { return c.N == id.N })
		g.Set(v)
	}}, 1900)
	w.SetContent(widgets.WithTips(w.Canvas(), g.root))
	g.Set(v)
	cross := shown(g)[ID{1, 1}].AddXY(85, 85)
	test.TapCanvas(w.Canvas(), cross)
	test.TapCanvas(w.Canvas(), cross)
	if !slices.Equal(gone, []int{1}) {
		t.Errorf("discarded %v, want 1 alone", gone)
	}
	at = at.Add(time.Second)
	if test.TapCanvas(w.Canvas(), cross); !slices.Equal(gone, []int{1, 2}) {
		t.Errorf("a later click: discarded %v", gone)
	}
}

func TestDropOnAnotherCompares(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	var got [][2]ID
	g, _ := strip(t, Actions{Compare: func(a, b ID) { got = append(got, [2]ID{a, b}) }}, 1900)
	g.Set(loop())
	drag := func(from, to ID) {
		c := find(t, g, from)
		target := absolute(find(t, g, to)).AddXY(40, 40)
		c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: absolute(c).AddXY(45, 45)}})
		c.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: target}})
		c.DragEnd()
		c.DragEnd() // Fyne may tell twice
	}
	drag(ID{1, 0}, ID{1, 3})
	drag(ID{1, 2}, Original)
	drag(Original, ID{2, 0})
	drag(ID{1, 0}, ID{1, 0}) // itself
	drag(ID{1, 0}, ID{2, 3}) // nothing there yet
	drag(ID{3, Failure}, ID{1, 0})
	want := [][2]ID{{{1, 0}, {1, 3}}, {{1, 2}, Original}, {Original, {2, 0}}}
	if !slices.Equal(got, want) {
		t.Errorf("compared %v, want %v", got, want)
	}
	if g.ghost.image.Visible() {
		t.Error("the dragged picture stays")
	}
}

func TestOnlyWhatChangedIsDrawn(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	g, _ := strip(t, Actions{}, 1900)
	v := loop()
	g.Set(v)
	for _, c := range []struct {
		name   string
		change func(v *View)
		want   int
	}{
		{"nothing", func(*View) {}, 0},
		{"a fraction", func(v *View) { v.Edits[0].Cards[2].Fraction = 0.3 }, 1},
		{"a second", func(v *View) { v.Edits[0].Elapsed += time.Second }, 1},
		{"less than a second", func(v *View) { v.Edits[0].Elapsed += time.Millisecond }, 0},
		{"chosen", func(v *View) { v.Chosen = ID{1, 0} }, 2},
		{"a new number", func(v *View) { v.Edits[1].Cards[3].Number = 5 }, 1},
	} {
		v.Edits = slices.Clone(v.Edits)
		for i := range v.Edits {
			v.Edits[i].Cards = slices.Clone(v.Edits[i].Cards)
		}
		c.change(&v)
		before := g.redrawn
		g.Set(v)
		if got := g.redrawn - before; got != c.want {
			t.Errorf("%s: %d are drawn, want %d", c.name, got, c.want)
		}
	}
}

func TestOnlyVisibleCardsAreBuilt(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	grid := NewGrid(Actions{})
	uitest.Window(t, grid.Object(), fyne.NewSize(900, 600))
	line, _ := strip(t, Actions{}, 1280)
	for _, g := range []*Gallery{line, grid} {
		g.Set(many(2000))
		for _, edit := range []int64{1000, 1, 2000} {
			g.ScrollTo(edit)
			if find(t, g, ID{edit, 0}); len(g.content.Objects) > 400 {
				t.Errorf("grid %v: %d objects were built for 8000 cards", g.grid, len(g.content.Objects))
			}
		}
	}
}

func TestScrolling(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	g, _ := strip(t, Actions{}, 1280)
	g.Set(many(50))
	g.ScrollTo(20)
	before := shown(g)[ID{20, 1}]
	grown := many(51)
	g.Set(grown)
	if after := shown(g)[ID{20, 1}]; after != before {
		t.Errorf("an edit that came moved what was looked at from %v to %v", before, after)
	}
	g.ScrollTo(51)
	if shown(g)[ID{51, 0}].X > 240 {
		t.Error("the newest edit is not scrolled to")
	}
	more := many(52)
	g.Set(more)
	if _, ok := shown(g)[ID{52, 0}]; !ok {
		t.Error("at the beginning the newest edit is not visible when it comes")
	}
	more.Chosen = ID{3, 2}
	g.Set(more)
	if _, ok := shown(g)[ID{3, 2}]; !ok {
		t.Error("the chosen card is not scrolled to")
	}
	g.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 100000)})
	if g.scroll.Offset.X != 0 {
		t.Error("the wheel does not scroll the strip")
	}
}

func TestSizeBar(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	var sizes []float32
	var ended int
	var g *Gallery
	v := loop()
	g, _ = strip(t, Actions{Resize: func(size float32, done bool) {
		sizes = append(sizes, size)
		v.CardSize = size
		g.Set(v)
		if done {
			ended++
		}
	}}, 1280)
	g.Set(v)
	var bar *sizeBar
	uitest.Walk(g.root, func(o fyne.CanvasObject, _ fyne.Position) {
		if b, ok := o.(*sizeBar); ok {
			bar = b
		}
	})
	for _, dy := range []float32{-8, -1000, 1000, 900} {
		bar.Dragged(&fyne.DragEvent{Dragged: fyne.NewDelta(0, dy)})
	}
	bar.DragEnd()
	bar.DragEnd()
	if want := []float32{100, 320, 100, 72, 72}; !slices.Equal(sizes, want) || ended != 1 {
		t.Errorf("told %v and %d ends, want %v and one", sizes, ended, want)
	}
	if bar.Cursor() != desktop.VResizeCursor {
		t.Error("the bar does not say that it can be dragged")
	}
}

// BenchmarkSet reports how much longer it takes to show a change in 8000 cards
// than in 40.
func BenchmarkSet(b *testing.B) {
	uitest.App(b, "en", theme.Dark)
	measure := func(n int) time.Duration {
		g, _ := strip(b, Actions{}, 1280)
		v := many(n)
		g.Set(v)
		start := time.Now()
		for i := range b.N {
			v.Edits[0].Cards[0].Number = 1 + i%2
			g.Set(v)
		}
		return time.Since(start)
	}
	few := measure(10)
	lots := measure(2000)
	b.ReportMetric(float64(lots)/float64(few), "x40cards")
}

// TestSeveralServicesAreOneGroup: the cards of two services stand side by side under one heading
// with a line beneath each, and one that failed is told apart from the other.
func TestSeveralServicesAreOneGroup(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	var again []int64
	g, w := strip(t, Actions{Again: func(edit int64) { again = append(again, edit) }}, 1280)
	v := many(1)
	alone := g.Object().MinSize().Height
	e := &v.Edits[0]
	e.ID, e.Several, e.Cards = 5, true, e.Cards[:2]
	for i := range e.Cards {
		e.Cards[i].Edit, e.Cards[i].N = int64(5+i), 0
		e.Cards[i].Service, e.Cards[i].Beneath = []string{"Relay", "Other"}[i], "$0.02 · 0:12"
	}
	e.Failed = []Trouble{{Edit: 7, Service: "Third", Sentence: "It refused.", Again: true, Beneath: "0:03"}}
	g.Set(v)
	all := shown(g)
	if d := all[ID{6, 0}].X - all[ID{5, 0}].X; d != Usual+gap || all[ID{6, 0}].Y != all[ID{5, 0}].Y {
		t.Errorf("the cards are at %v and %v", all[ID{5, 0}], all[ID{6, 0}])
	}
	if high := g.Object().MinSize().Height; high != alone+beneathHigh {
		t.Errorf("the strip is %v high, it was %v", high, alone)
	}
	if c := find(t, g, ID{6, 0}); c.Size().Height != Usual+beneathHigh || c.box() != fyne.NewSquareSize(Usual) {
		t.Errorf("a card is %v with a picture of %v", c.Size(), c.box())
	}
	failed := find(t, g, ID{7, Failure})
	if got := failed.face.short(); got != "Third: It refused." {
		t.Errorf("the failed card says %q", got)
	}
	failed.Tapped(&fyne.PointEvent{Position: fyne.NewPos(buttonGap+4, Usual-footHigh/2)})
	if !slices.Equal(again, []int64{7}) {
		t.Errorf("asked again were %v", again)
	}
	_ = w
}

func TestThinAndTransparentPicturesAreSeen(t *testing.T) {
	opaque := func(w, h int) *image.NRGBA {
		img := image.NewNRGBA(image.Rect(0, 0, w, h))
		for i := range img.Pix {
			img.Pix[i] = 255
		}
		return img
	}
	for _, c := range []struct{ size, want image.Point }{
		{image.Pt(640, 3), image.Pt(132, 6)},
		{image.Pt(3, 640), image.Pt(6, 132)},
		{image.Pt(640, 480), image.Pt(132, 99)},
		{image.Pt(3, 2), image.Pt(3, 2)},
		{image.Pt(1, 1), image.Pt(1, 1)},
	} {
		if got := seen(fitted(opaque(c.size.X, c.size.Y), 132), 132).Bounds().Size(); got != c.want {
			t.Errorf("%v is shown as %v, want %v", c.size, got, c.want)
		}
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	clear.SetNRGBA(0, 0, color.NRGBA{200, 10, 10, 255})
	out, ok := seen(clear, 132).(*image.NRGBA)
	if !ok || !out.Opaque() || out.NRGBAAt(0, 0) != (color.NRGBA{200, 10, 10, 255}) || out.NRGBAAt(1, 1) == out.NRGBAAt(9, 1) {
		t.Error("what is transparent isn't over a checkerboard")
	}
}

func TestTheHeadingSaysWhatBecameOfTheEdit(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	for want, e := range map[string]Edit{
		"Relay · cancelled":              {Service: "Relay", State: Ended, Cancelled: true},
		"Relay · cancelled · used: 1, 2": {Service: "Relay", State: Ended, Cancelled: true, Used: []int{1, 2}},
		"Relay · working":                {Service: "Relay", State: Running, Cancelled: true},
	} {
		if got := status(&e); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
