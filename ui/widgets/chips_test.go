package widgets

import (
	"fmt"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
)

func TestChips(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	var heard []string
	c := NewChips("Add", "Remove")
	c.OnChanged = func(ids []string) { heard = append(heard, fmt.Sprint(ids)) }
	w := uitest.Window(t, c.Object(), fyne.NewSize(220, 200))
	options := []Option{{"a", "dddai.dev"}, {"b", "OpenAI"}, {"c", "A service with a long name that fills the line"}}
	c.Set(options, []string{"b", "gone", "a"})
	if got := c.chosen; !slices.Equal(got, []string{"b", "a"}) || len(heard) > 0 {
		t.Fatalf("%v are chosen, heard %v", got, heard)
	}
	cross := func(i int) {
		p := c.root.Objects[i].(*chip)
		p.Tapped(&fyne.PointEvent{Position: fyne.NewPos(p.Size().Width-8, 14)})
	}
	c.root.Objects[0].(*chip).Tapped(&fyne.PointEvent{Position: fyne.NewPos(4, 4)}) // its name
	cross(0)
	cross(0) // the last one stays
	if got := c.chosen; !slices.Equal(got, []string{"a"}) {
		t.Errorf("%v are chosen", got)
	}
	if w.Canvas().Overlays().Top() == nil {
		t.Error("a chip that is alone does not open the list")
	}
	w.Canvas().Overlays().Remove(w.Canvas().Overlays().Top())
	test.Tap(c.add)
	if w.Canvas().Overlays().Top() == nil {
		t.Error("the button opens no list")
	}
	c.change([]string{"a", "b", "c"})
	if c.add.Visible() {
		t.Error("there is nothing to add, and the button stays")
	}
	for _, o := range c.root.Objects {
		if o.Visible() && o.Position().X+o.Size().Width > 221 {
			t.Error("a chip stands out of the panel")
		}
	}
	if want := []string{"[a]", "[a b c]"}; !slices.Equal(heard, want) {
		t.Errorf("heard %v, want %v", heard, want)
	}
}

// TestChipsByKeyboard opens a single chip's list, removes one of several, and passes on what
// means neither.
func TestChipsByKeyboard(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	c := NewChips("Add", "Remove")
	w := uitest.Window(t, c.Object(), fyne.NewSize(300, 200))
	c.Set([]Option{{"a", "dddai.dev"}, {"b", "OpenAI"}}, []string{"a"})
	var passed []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { passed = append(passed, e.Name) })
	press := func(key fyne.KeyName) {
		p := c.root.Objects[0].(*chip)
		w.Canvas().Focus(p)
		if !p.focused {
			t.Fatal("a chip can't have the focus")
		}
		p.TypedKey(&fyne.KeyEvent{Name: key})
	}
	press(fyne.KeyDelete) // the only one stays
	press(fyne.KeyReturn)
	if top := w.Canvas().Overlays().Top(); top == nil {
		t.Error("Enter opens no list")
	} else {
		w.Canvas().Overlays().Remove(top)
	}
	c.change([]string{"a", "b"})
	press(fyne.KeyReturn)
	press(fyne.KeyDelete)
	if !slices.Equal(c.chosen, []string{"b"}) || w.Canvas().Overlays().Top() != nil {
		t.Errorf("%v are chosen", c.chosen)
	}
	if want := []fyne.KeyName{fyne.KeyDelete, fyne.KeyReturn}; !slices.Equal(passed, want) {
		t.Errorf("passed on %v, want %v", passed, want)
	}
}

func TestOneChipStaysAlone(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	c := NewChips("Add", "Remove")
	c.Alone = "built-in"
	uitest.Window(t, c.Object(), fyne.NewSize(220, 200))
	options := []Option{{"built-in", "Built-in engine"}, {"a", "A"}, {"b", "B"}}
	c.Set(options, []string{"built-in"})
	if c.add.Visible() {
		t.Error("something can be chosen besides")
	}
	c.Set(options, []string{"a"})
	if got := c.rest(); len(got) != 1 || got[0].ID != "b" {
		t.Errorf("offered are %v", got)
	}
}
