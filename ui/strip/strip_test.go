package strip

import (
	"image"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint/api"
	"overpaint/assets/text"
	"overpaint/ui/dialogs"
	"overpaint/ui/theme"
	"overpaint/ui/uitest"
	"overpaint/ui/widgets"
)

func picture() image.Image { return image.NewNRGBA(image.Rect(0, 0, 104, 104)) }

func ready(id, label string) Card { return Card{ID: id, Label: label, State: Ready, Image: picture()} }

// tap presses a card at a place.
func tap(g *Gallery, id string, x, y float32) {
	test.TapAt(g.views[id], fyne.NewPos(x, y))
}

func button(t *testing.T, g *Gallery, label string) *widgets.Button {
	t.Helper()
	var found *widgets.Button
	uitest.Walk(g.Object(), func(o fyne.CanvasObject, _ fyne.Position) {
		if b, ok := o.(*widgets.Button); ok && b.Text() == label {
			found = b
		}
	})
	if found == nil {
		t.Fatalf("no button %s", label)
	}
	return found
}

func TestCardsAreFoundByID(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	g := New()
	uitest.Window(t, g.Object(), fyne.NewSize(980, 128))
	var selected []string
	g.OnSelect = func(id string) { selected = append(selected, id) }
	if !uitest.Has(g.Object(), "Variants will appear here.") {
		t.Error("an empty gallery says nothing")
	}
	g.Put(ready("a", "1"))
	g.Put(Card{ID: "b", Label: "2", State: Working, Fraction: 0.41})
	g.SetOriginal(picture())
	g.Put(ready("c", "3"))
	if got := g.IDs(); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("cards %v", got)
	}
	if g.Selected() != Original || !uitest.Has(g.Object(), "Working 41%") || !uitest.Has(g.Object(), "Original") {
		t.Errorf("%q is chosen; %q", g.Selected(), uitest.Texts(g.Object()))
	}
	tap(g, "c", 50, 60)
	g.Put(ready("b", "2"))
	if got := g.IDs(); !slices.Equal(got, []string{"a", "b", "c"}) || g.Selected() != "c" {
		t.Errorf("after a change: cards %v, %q is chosen", got, g.Selected())
	}
	if uitest.Has(g.Object(), "Working") {
		t.Error("the finished card still works")
	}
	g.Remove("a")
	g.Remove("nobody")
	if got := g.IDs(); !slices.Equal(got, []string{"b", "c"}) || g.Selected() != "c" {
		t.Errorf("after a removal: cards %v, %q is chosen", got, g.Selected())
	}
	g.Remove("c")
	if g.Selected() != Original {
		t.Errorf("the chosen card was removed and %q is chosen", g.Selected())
	}
	if !slices.Equal(selected, []string{"c"}) {
		t.Errorf("heard %v", selected)
	}
	g.Clear()
	if len(g.IDs()) != 0 || g.Selected() != Original {
		t.Errorf("cleared: %v, %q", g.IDs(), g.Selected())
	}
	if _, ok := g.Card(Original); !ok {
		t.Error("clearing took the original away")
	}
}

func TestButtons(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	g := New()
	uitest.Window(t, g.Object(), fyne.NewSize(980, 128))
	var heard []string
	note := func(what string) func(string) { return func(id string) { heard = append(heard, what+" "+id) } }
	g.OnCompare, g.OnUse, g.OnSave = note("compare"), note("use"), note("save")
	g.OnSaveAll = func() { heard = append(heard, "all") }
	press := func() {
		for _, label := range []string{"Compare", "Use", "Save…", "Save all…"} {
			test.Tap(button(t, g, label))
		}
	}
	g.SetOriginal(picture())
	press()
	if len(heard) != 0 {
		t.Errorf("without a variant: %v", heard)
	}
	if tip := button(t, g, "Use").Tip(); tip != text.T("ui.choose_variant") {
		t.Errorf("why Use can't be pressed: %q", tip)
	}
	g.Put(Card{ID: "a", State: Working, Fraction: -1})
	g.Select("a")
	press()
	if len(heard) != 0 {
		t.Errorf("with a working one: %v", heard)
	}
	g.Put(ready("a", "1"))
	press()
	if want := []string{"compare a", "use a", "save a", "all"}; !slices.Equal(heard, want) {
		t.Errorf("heard %v, want %v", heard, want)
	}
}

func TestFailedCard(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	g := New()
	uitest.Window(t, g.Object(), fyne.NewSize(980, 128))
	var heard []string
	g.OnAgain = func(id string) { heard = append(heard, "again "+id) }
	g.OnDiscard = func(id string) { heard = append(heard, "discard "+id) }
	g.OnSelect = func(id string) { heard = append(heard, "select "+id) }
	g.SetOriginal(picture())
	g.Put(Card{ID: "a", State: Failed, Sentence: text.T("error.unknown_slow", "Rate", 100)})
	if !uitest.Has(g.Object(), "Again") {
		t.Errorf("%q", uitest.Texts(g.Object()))
	}
	tap(g, "a", 20, theme.CardSize-12)
	tap(g, "a", theme.CardSize-8, 8)
	tap(g, "a", 20, 20)
	tap(g, Original, theme.CardSize-8, 8) // has no cross
	g.Put(Card{ID: "a", State: Failed, Sentence: "No.", Final: true})
	tap(g, "a", 20, theme.CardSize-12)
	want := []string{"again a", "discard a", "select a", "select original", "select a"}
	if !slices.Equal(heard, want) {
		t.Errorf("heard %v, want %v", heard, want)
	}
	if uitest.Has(g.Object(), "Again") {
		t.Error("a final failure offers to try again")
	}
}

func TestQueuedCard(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	g := New()
	uitest.Window(t, g.Object(), fyne.NewSize(980, 128))
	var heard []string
	g.OnNext = func(id string) { heard = append(heard, "next "+id) }
	g.OnDiscard = func(id string) { heard = append(heard, "discard "+id) }
	g.OnSelect = func(id string) { heard = append(heard, "select "+id) }
	g.Put(Card{ID: "a", State: Queued})
	if !uitest.Has(g.Object(), "Waiting") || uitest.Has(g.Object(), "Next") {
		t.Errorf("the first that waits: %q", uitest.Texts(g.Object()))
	}
	tap(g, "a", 20, theme.CardSize-12) // nothing to press there
	g.Put(Card{ID: "b", State: Queued, Behind: true})
	if !uitest.Has(g.Object(), "Next") {
		t.Errorf("the second that waits: %q", uitest.Texts(g.Object()))
	}
	tap(g, "b", 20, theme.CardSize-12)
	tap(g, "b", theme.CardSize-8, 8)
	g.Put(Card{ID: "b", State: Working, Fraction: -1})
	tap(g, "b", 20, theme.CardSize-12)
	if want := []string{"select a", "next b", "discard b", "select b"}; !slices.Equal(heard, want) {
		t.Errorf("heard %v, want %v", heard, want)
	}
}

func TestNothingIsClipped(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		g := New()
		uitest.Window(t, g.Object(), fyne.NewSize(724, 128))
		g.SetOriginal(picture())
		g.Put(ready("a", "10"))
		g.Put(Card{ID: "b", State: Working, Fraction: 1})
		g.Put(Card{ID: "c", State: Working, Fraction: -1, Sentence: text.T("ui.stage.pausing")})
		g.Put(Card{ID: "q", State: Queued, Behind: true})
		for _, kind := range api.Kinds() {
			g.Put(Card{ID: string(kind), State: Failed, Short: dialogs.Short(kind), Sentence: text.T("error." + string(kind))})
			// The two ellipses are those of the buttons.
			if all := strings.Join(uitest.Texts(g.Object()), " "); strings.Count(all, "…") != 2 {
				t.Errorf("%s: %q is cut: %s", kind, dialogs.Short(kind), all)
			}
		}
		g.SetNote(text.T("ui.changed", "Percent", 51))
		for _, fault := range uitest.Clipped(g.Object()) {
			t.Error(fault)
		}
	})
}

func TestSelectScrollsToTheCard(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	g := New()
	uitest.Window(t, g.Object(), fyne.NewSize(900, 128))
	g.SetOriginal(picture())
	for i := range 12 {
		g.Put(ready(string(rune('a'+i)), "x"))
	}
	g.Select("l")
	if g.scroll.Offset.X == 0 {
		t.Error("the last card stays out of sight")
	}
	g.Select(Original)
	if g.scroll.Offset.X > 0 {
		t.Errorf("the first card stays out of sight: %v", g.scroll.Offset)
	}
}
