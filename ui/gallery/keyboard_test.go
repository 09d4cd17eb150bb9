package gallery

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

// ringed returns the card that shows the focus ring, or the zero ID.
func ringed(g *Gallery) (id ID) {
	uitest.Walk(g.root, func(o fyne.CanvasObject, _ fyne.Position) {
		if c, ok := o.(*card); ok && c.face.focused {
			id = c.face.id
		}
	})
	return id
}

func press(w fyne.Window, keys ...fyne.KeyName) {
	for _, k := range keys {
		if f := w.Canvas().Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: k})
		} else if do := w.Canvas().OnTypedKey(); do != nil {
			do(&fyne.KeyEvent{Name: k})
		}
	}
}

func TestKeysMoveBetweenCardsAndPressThem(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	var heard []string
	note := func(what string) func(ID) {
		return func(id ID) { heard = append(heard, fmt.Sprint(what, id.Edit, ".", id.N)) }
	}
	g, w := strip(t, Actions{
		Choose: note("choose"), Discard: note("discard"), Use: note("use"),
		Clear: func(id int64) { heard = append(heard, fmt.Sprint("clear", id)) },
		Menu:  func(id ID, _ fyne.Position) { note("menu")(id) },
	}, 500)
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { heard = append(heard, string(e.Name)) })
	w.Canvas().FocusNext()
	if w.Canvas().Focused() != nil {
		t.Fatal("a gallery without a picture takes the focus")
	}
	g.Set(loop())
	for range 5 { // past the buttons of the headings
		if w.Canvas().FocusNext(); w.Canvas().Focused() == fyne.Focusable(g.keys) {
			break
		}
	}
	if ringed(g) != (ID{1, 1}) {
		t.Fatalf("the ring is at %v, not at the chosen card", ringed(g))
	}
	press(w, fyne.KeyReturn) // it is shown already
	press(w, fyne.KeyRight, fyne.KeyReturn, fyne.KeySpace, fyne.KeyDelete, desktop.KeyMenu)
	press(w, fyne.KeyHome, fyne.KeyLeft, fyne.KeySpace, fyne.KeyDelete, fyne.KeyUp)
	press(w, fyne.KeyEnd, fyne.KeyLeft) // a failed edit
	if id := (ID{3, Failure}); ringed(g) != id {
		t.Errorf("the ring is at %v, want %v, scrolled to", ringed(g), id)
	}
	press(w, fyne.KeyReturn, fyne.KeyDelete, fyne.KeyEscape)
	want := []string{
		"Return", "choose1.2", "choose1.2", "discard1.2", "menu1.2", "choose-1.0", "Up", "menu3.-1", "clear3", "Escape",
	}
	if !slices.Equal(heard, want) {
		t.Errorf("heard %q\nwant  %q", heard, want)
	}
	w.Canvas().Unfocus()
	if ringed(g) != (ID{}) {
		t.Error("the ring stays without the focus")
	}
}

func TestTheKeyboardFollowsTheCards(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	g, w := strip(t, Actions{}, 980)
	v := many(2)
	v.Chosen = ID{2, 1}
	g.Set(v)
	w.Canvas().FocusNext()
	v.Edits[0].Cards = slices.Delete(slices.Clone(v.Edits[0].Cards), 1, 2)
	v.Chosen = Current
	g.Set(v)
	if ringed(g) != (ID{2, 2}) {
		t.Errorf("after the card was discarded the ring is at %v, want the next one", ringed(g))
	}
	v.Chosen = ID{1, 0}
	g.Set(v)
	if ringed(g) != (ID{1, 0}) {
		t.Errorf("the ring is at %v, want the card that was chosen", ringed(g))
	}
	g.Set(View{})
	if w.Canvas().Focused() != nil {
		t.Error("an empty gallery keeps the focus")
	}
}

func TestKeysMoveInTheGridsLines(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	g := NewGrid(Actions{})
	w := uitest.Window(t, g.Object(), fyne.NewSize(700, 620))
	v := many(3)
	v.Chosen = ID{3, 1}
	g.Set(v)
	g.TakeKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	var seen []ID
	for _, k := range []fyne.KeyName{"", fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp, fyne.KeyUp} {
		press(w, k)
		seen = append(seen, ringed(g))
	}
	want := []ID{{3, 3}, {2, 0}, {2, 3}, {2, 0}, {3, 3}, {3, 0}, Original} // three to a line
	if !slices.Equal(seen, want) {
		t.Errorf("went to %v, want %v", seen, want)
	}
	if places, _ := g.plan.visible(true, g.offset(), g.offset()+g.room()); len(places) == 0 || places[0].id != Original {
		t.Error("the card isn't scrolled to")
	}
	g.LeaveKeys()
	if w.Canvas().Focused() != nil {
		t.Error("the focus is kept")
	}
}

// TestADoubleClickInTheGridUses clicks a card of the grid twice, which its first click hides.
func TestADoubleClickInTheGridUses(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	at := time.Unix(1000, 0)
	widgets.Clock = func() time.Time { return at }
	t.Cleanup(func() { widgets.Clock = time.Now })
	var heard []string
	below := &clicked{}
	below.ExtendBaseWidget(below)
	var g *Gallery
	g = NewGrid(Actions{
		Choose: func(id ID) { heard = append(heard, fmt.Sprint("choose", id)); g.Object().Hide() },
		Use:    func(id ID) { heard = append(heard, fmt.Sprint("use", id)) },
	})
	w := uitest.Window(t, g.Object(), fyne.NewSize(700, 620))
	w.SetContent(widgets.WithTips(w.Canvas(), container.NewStack(below, g.root)))
	g.Set(many(1))
	for _, id := range []ID{{1, 1}, Original} {
		at = at.Add(time.Minute)
		g.Object().Show()
		middle := shown(g)[id].AddXY(60, 60)
		test.TapCanvas(w.Canvas(), middle)
		test.TapCanvas(w.Canvas(), middle)
	}
	want := []string{"choose{1 1}", "use{1 1}", "choose{-1 0}"}
	if !slices.Equal(heard, want) || below.n != 0 {
		t.Errorf("heard %q, want %q; what lies below heard %d clicks", heard, want, below.n)
	}
}

// clicked counts its clicks.
type clicked struct {
	widget.BaseWidget
	n int
}

func (c *clicked) Tapped(*fyne.PointEvent) { c.n++ }

func (c *clicked) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(&fyne.Container{})
}
