package widgets

import (
	"image"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"overpaint.dev/overpaint/ui/theme"
)

func press(w interface{ TypedKey(*fyne.KeyEvent) }, names ...fyne.KeyName) {
	for _, n := range names {
		w.TypedKey(&fyne.KeyEvent{Name: n})
	}
}

func TestSlider(t *testing.T) {
	s := NewSlider(1, 1000, true)
	window(t, Row(0, s), fyne.NewSize(300, 60))
	var heard []float64
	ended := 0
	s.OnChanged = func(v float64) { heard = append(heard, v) }
	s.OnEnded = func(float64) { ended++ }
	s.SetValue(64)
	if len(heard) != 0 {
		t.Errorf("a setter was heard: %v", heard)
	}
	for _, f := range []float64{0, 0.1, 0.5, 0.9, 1} {
		s.SetValue(s.valueAt(f))
		if got := s.fraction(); got < f-0.1 || got > f+0.1 {
			t.Errorf("the knob at %v comes back at %v", f, got)
		}
	}
	// The middle of a logarithmic slider from 1 to 1000 is the root of 1000.
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(s.Size().Width/2, 10)})
	if s.Value() != 32 {
		t.Errorf("in the middle: %v", s.Value())
	}
	s.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(10_000, 10)}})
	s.DragEnd()
	if s.Value() != 1000 {
		t.Errorf("dragged beyond the end: %v", s.Value())
	}
	press(s, fyne.KeyHome, fyne.KeyRight)
	if s.Value() != 2 {
		t.Errorf("one step from the low end: %v, want 2", s.Value())
	}
	if want := []float64{32, 1000, 1, 2}; len(heard) != len(want) || ended != 4 {
		t.Errorf("heard %v (%d ended), want %v", heard, ended, want)
	}
	s.SetValue(-5)
	if s.Value() != 1 {
		t.Errorf("below the range: %v", s.Value())
	}
}

func TestRangeJoinsSliderAndField(t *testing.T) {
	r := NewRange("Hardness", 0, 100, false, "%")
	window(t, r.Object(), fyne.NewSize(400, 60))
	var heard []float64
	r.OnChanged = func(v float64) { heard = append(heard, v) }
	r.SetValue(80)
	if r.field.Text != "80%" {
		t.Errorf("the field shows %q", r.field.Text)
	}
	r.field.SetText("55")
	press(r.field, fyne.KeyReturn)
	press(r.slider, fyne.KeyEnd)
	r.field.SetText("nonsense")
	r.field.FocusLost()
	if r.field.Text != "100%" || r.Value() != 100 {
		t.Errorf("after nonsense: %q, %v", r.field.Text, r.Value())
	}
	r.field.SetText("-7 %")
	press(r.field, fyne.KeyReturn, fyne.KeyUp)
	if want := []float64{55, 100, 0, 1}; len(heard) != 4 || heard[0] != want[0] || heard[1] != want[1] || heard[2] != want[2] || heard[3] != want[3] {
		t.Errorf("heard %v, want %v", heard, want)
	}
}

func TestPromptCounts(t *testing.T) {
	p := NewPrompt("What?")
	w := window(t, p, fyne.NewSize(300, 120))
	p.SetLimit(5)
	var heard []string
	p.OnTyped = func(s string) { heard = append(heard, s) }
	p.Set("蜜蜂")
	if p.Counter() != "2 / 5" || p.Over() || len(heard) != 0 {
		t.Errorf("counter %q, over %v, heard %v", p.Counter(), p.Over(), heard)
	}
	p.Set("")
	w.Canvas().Focus(p)
	test.Type(p, "hello!")
	if p.Counter() != "6 / 5" || !p.Over() || p.Text != "hello!" {
		t.Errorf("counter %q, over %v, text %q", p.Counter(), p.Over(), p.Text)
	}
	if r, g, _, _ := p.counter.Color.RGBA(); r == g {
		t.Error("the counter over its limit has no colour")
	}
	if len(heard) != 6 || heard[5] != "hello!" {
		t.Errorf("heard %q", heard)
	}
	p.TypedShortcut(&fyne.ShortcutUndo{})
	if p.Text != "" && p.Text != "hello" {
		t.Errorf("after undo: %q", p.Text)
	}
	undone := p.Text
	p.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyZ, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift})
	if p.Text == undone {
		t.Errorf("after redo: %q", p.Text)
	}
}

func TestFieldKeys(t *testing.T) {
	f := NewField()
	w := window(t, Column(4, f, NewField()), fyne.NewSize(300, 120))
	submitted, ended := 0, ""
	var passed []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { passed = append(passed, e.Name) })
	f.OnSubmit = func() { submitted++ }
	f.OnEnded = func(s string) { ended = s }
	w.Canvas().Focus(f)
	test.Type(f, "abc")
	f.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault})
	press(f, fyne.KeyReturn)
	if submitted != 2 || ended != "abc" {
		t.Errorf("submitted %d times, ended with %q", submitted, ended)
	}
	if f.AcceptsTab() {
		t.Error("the Tab key stays in the field")
	}
	press(f, fyne.KeyF1)
	if w.Canvas().Focused() != fyne.Focusable(f) || f.Text != "abc" || !slices.Equal(passed, []fyne.KeyName{fyne.KeyF1}) {
		t.Errorf("after F1: focused %v, passed %v, %q", w.Canvas().Focused(), passed, f.Text)
	}
	passed = nil
	press(f, fyne.KeyEscape)
	if w.Canvas().Focused() != nil || len(passed) != 0 {
		t.Errorf("after Esc: focused %v, passed %v", w.Canvas().Focused(), passed)
	}
	inside := NewField()
	dialog := widget.NewModalPopUp(inside, w.Canvas())
	dialog.Show()
	w.Canvas().Focus(inside)
	press(inside, fyne.KeyEscape)
	if w.Canvas().Focused() != nil || !slices.Equal(passed, []fyne.KeyName{fyne.KeyEscape}) {
		t.Errorf("after Esc in a dialog: focused %v, passed %v", w.Canvas().Focused(), passed)
	}
}

// TestComposing types as an X11 input method lets Fyne see it: keys without
// their characters while a word is composed, the characters when it is done.
func TestComposing(t *testing.T) {
	p := NewPrompt("")
	w := window(t, p, fyne.NewSize(300, 120))
	w.Canvas().Focus(p)
	test.Type(p, "ab")
	press(p, fyne.KeyN, fyne.KeyI, fyne.KeyH) // "nih" is being composed
	press(p, fyne.KeyBackspace, fyne.KeyLeft, fyne.KeyReturn)
	if p.Text != "ab" {
		t.Fatalf("keys of the input method reached the text: %q", p.Text)
	}
	press(p, fyne.KeyN, fyne.KeyI, fyne.KeySpace)
	p.TypedRune('你')
	if p.Text != "ab你" {
		t.Fatalf("committed: %q", p.Text)
	}
	press(p, fyne.KeyBackspace)
	if p.Text != "ab" {
		t.Errorf("BackSpace after the word: %q", p.Text)
	}
	press(p, fyne.KeyN, fyne.KeyBackspace, fyne.KeyBackspace)
	if p.Text != "a" {
		t.Errorf("one BackSpace for the composed letter, one for the text: %q", p.Text)
	}
	press(p, fyne.KeyN, fyne.KeyEscape)
	if w.Canvas().Focused() == nil {
		t.Error("Esc that ended the composing left the field")
	}
	p.TypedKey(&fyne.KeyEvent{Name: fyne.KeyX})
	p.TypedRune('x')
	press(p, fyne.KeyReturn)
	if p.Text != "ax\n" {
		t.Errorf("plain typing: %q", p.Text)
	}
}

func TestDropdown(t *testing.T) {
	d := NewDropdown(Option{"a", "Alpha"}, Option{"b", "Beta"}, Option{"c", "A very long name that does not fit"})
	w := window(t, Sized(120, 28, d), fyne.NewSize(300, 300))
	var heard []string
	d.OnChanged = func(id string) { heard = append(heard, id) }
	d.Select("b")
	d.Select("nothing")
	if d.Selected() != "b" || len(heard) != 0 {
		t.Errorf("selected %q, heard %v", d.Selected(), heard)
	}
	press(d, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp)
	if d.Selected() != "b" || len(heard) != 2 {
		t.Errorf("selected %q, heard %v", d.Selected(), heard)
	}
	test.Tap(d)
	if w.Canvas().Overlays().Top() == nil {
		t.Error("no list opens")
	}
	d.SetOptions([]Option{{"x", "X"}, {"b", "Beta"}})
	if d.Selected() != "b" {
		t.Errorf("new options with the same one: %q", d.Selected())
	}
	d.SetOptions([]Option{{"x", "X"}})
	if d.Selected() != "x" {
		t.Errorf("new options without it: %q", d.Selected())
	}
}

func TestStepper(t *testing.T) {
	s := NewStepper(1, 10)
	window(t, Sized(134, 28, s), fyne.NewSize(134, 28))
	var heard []int
	s.OnChanged = func(n int) { heard = append(heard, n) }
	tap := func(x float32) { s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(x, 10)}) }
	tap(5)
	tap(130)
	tap(60)
	s.TypedRune('1')
	s.TypedRune('0')
	press(s, fyne.KeyUp)
	s.SetRange(1, 4)
	if len(heard) != 3 || heard[0] != 2 || heard[1] != 1 || heard[2] != 10 || s.Value() != 4 {
		t.Errorf("heard %v, value %d", heard, s.Value())
	}
}

func TestKeysPassThroughButtons(t *testing.T) {
	pressed := 0
	b := NewButton("Save", "", Normal, func() { pressed++ })
	w := window(t, Row(0, b), fyne.NewSize(200, 100))
	var keys []fyne.KeyName
	var runes []rune
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { keys = append(keys, e.Name) })
	w.Canvas().SetOnTypedRune(func(r rune) { runes = append(runes, r) })
	w.Canvas().Focus(b)
	press(b, fyne.KeySpace, fyne.KeyReturn, fyne.KeyB)
	b.TypedRune('b')
	b.TypedRune(' ')
	if pressed != 2 || len(keys) != 1 || string(runes) != "b" {
		t.Errorf("pressed %d, keys %v, runes %q", pressed, keys, string(runes))
	}
	b.Disable()
	press(b, fyne.KeyReturn)
	if pressed != 2 {
		t.Error("a disabled button was pressed")
	}
}

func TestWrap(t *testing.T) {
	fits := func(n int) func(string) bool { return func(s string) bool { return len([]rune(s)) <= n } }
	for _, c := range []struct {
		text string
		room int
		want string
	}{
		{"one two three", 7, "one two|three"},
		{"one two three", 100, "one two three"},
		{"incomprehensible", 6, "incomp|rehens|ible"},
		{"", 5, ""},
		{"蒙版之外，一个像素都不会改变。", 5, "蒙版之外，|一个像素都|不会改变。"},
		{"照片的 12% 将离开本机", 7, "照片的 12%|将离开本机"},
		{"你好，世界", 2, "你|好，|世界"},
	} {
		if got := strings.Join(wrapped(c.text, fits(c.room)), "|"); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.text, c.room, got, c.want)
		}
	}
	if got := shortened("a long name", fits(7)); got != "a long…" {
		t.Errorf("shortened: %q", got)
	}
}

func TestWrappedLabelGrows(t *testing.T) {
	l := NewLabel(strings.Repeat("word ", 30)).Wrap()
	below := NewLabel("below")
	window(t, Column(4, l, below), fyne.NewSize(200, 400))
	one := NewLabel("word").MinSize().Height
	if l.MinSize().Height < 3*one {
		t.Errorf("the label is %v high", l.MinSize().Height)
	}
	if below.Position().Y < l.Position().Y+l.MinSize().Height {
		t.Errorf("what is below stands at %v, the label ends at %v", below.Position().Y, l.MinSize().Height)
	}
}

func TestMeasures(t *testing.T) {
	window(t, NewSurface(theme.Panel), fyne.NewSize(10, 10))
	field := NewField()
	for name, o := range map[string]fyne.CanvasObject{
		"button": NewButton("Save", "", Normal, nil), "dropdown": NewDropdown(Option{"a", "A"}), "field": field,
		"combo": NewCombo(""), "stepper": NewStepper(1, 2), "segmented": NewSegmented(Option{"a", "A"}, Option{"b", "B"}),
		"slider": NewSlider(0, 1, false), "number": NewNumberField(0, 9, ""),
	} {
		if h := o.MinSize().Height; h != theme.ControlHeight {
			t.Errorf("%s: %v high, want %v", name, h, theme.ControlHeight)
		}
	}
	if s := NewButton("Generate", "", Primary, nil).MinSize(); s.Height != theme.GenerateHeight {
		t.Errorf("Generate: %v", s)
	}
	if s := NewToolButton("brush", "", nil).MinSize(); s != fyne.NewSquareSize(theme.ToolSize) {
		t.Errorf("tool: %v", s)
	}
	p := NewPicture(96)
	p.SetImage(image.NewNRGBA(image.Rect(0, 0, 10, 10)))
	if p.MinSize() != fyne.NewSquareSize(96) || p.Image() == nil {
		t.Errorf("picture: %v", p.MinSize())
	}
}

// TestWheelOverFields turns the wheel where a field is under the pointer.
func TestWheelOverFields(t *testing.T) {
	tapped := 0
	column := Column(0, NewButton("Tap", "", Normal, func() { tapped++ }))
	for range 20 {
		column.Add(NewField())
	}
	o, scroll := NewScrollUpTo(column, 200)
	w := window(t, o, fyne.NewSize(300, 240))
	test.TapCanvas(w.Canvas(), fyne.NewPos(100, 15))
	if tapped != 1 { // all but the wheel reaches what is below
		t.Error("the button was not tapped")
	}
	test.Scroll(w.Canvas(), fyne.NewPos(100, 100), 0, -50)
	if scroll.Offset.Y != 50 {
		t.Errorf("scrolled to %v, want 50", scroll.Offset.Y)
	}
}

func TestSelectStem(t *testing.T) {
	f := NewField()
	w := window(t, f, fyne.NewSize(300, 60))
	f.SetText("画 lake.v2.png")
	w.Canvas().Focus(f)
	f.SelectStem()
	if got := f.SelectedText(); got != "画 lake.v2" {
		t.Errorf("%q is selected", got)
	}
	f.TypedRune('x')
	if f.Text != "x.png" {
		t.Errorf("typing gives %q", f.Text)
	}
}

// TestNoMoreIsScrolledThanIsHidden has content become lower while its end is looked at.
func TestNoMoreIsScrolledThanIsHidden(t *testing.T) {
	test.NewTempApp(t)
	content := func() (all, high fyne.CanvasObject) {
		high = Sized(10, 440, widget.NewLabel(""))
		return container.NewVBox(Sized(10, 60, widget.NewLabel("")), high), high
	}
	check := func(scroll *container.Scroll, object fyne.Widget, high fyne.CanvasObject) {
		t.Helper()
		w := test.NewTempWindow(t, object)
		w.Resize(fyne.NewSize(200, 200))
		scroll.ScrollToBottom()
		if scroll.Offset.Y < 100 {
			t.Fatalf("scrolled by %v", scroll.Offset.Y)
		}
		high.Hide()
		test.TempWidgetRenderer(t, object).Layout(scroll.Size()) // as the driver does where a size has changed
		if scroll.Offset.Y != 0 || scroll.Content.Position().Y != 0 {
			t.Errorf("scrolled by %v, the content is at %v", scroll.Offset.Y, scroll.Content.Position())
		}
	}
	all, high := content()
	outer := NewScroll(all)
	check(outer, outer, high)
	all, high = content()
	inner := NewInnerScroll(all)
	check(&inner.Scroll, inner, high)
}

// TestADisabledButtonIsFilledDifferently holds for all that have a box.
func TestADisabledButtonIsFilledDifferently(t *testing.T) {
	for _, style := range []Style{Normal, Outlined, Primary, Tall} {
		b := NewButton("Generate", "", style, nil)
		usable := b.colors()
		b.Disable()
		if c := b.colors(); c.fill == usable.fill || c.fill == NewButton("", "", Normal, nil).colors().fill || c.text == usable.text {
			t.Errorf("style %d: %v, as if it could be pressed: %v", style, c, usable)
		}
	}
}

// TestASlidersRingIsWithinIt has the knob at both ends: Fyne clips what a slider draws beyond its
// edges.
func TestASlidersRingIsWithinIt(t *testing.T) {
	s := NewSlider(0, 100, false)
	w := test.NewTempWindow(t, s)
	w.Resize(fyne.NewSize(120, 60))
	for _, v := range []float64{0, 100} {
		s.SetValue(v)
		for i, o := range test.WidgetRenderer(s).Objects() {
			if at := o.Position().X; at < 0 || at+o.Size().Width > s.Size().Width {
				t.Errorf("at %v object %d is from %v to %v of %v", v, i, at, at+o.Size().Width, s.Size().Width)
			}
		}
	}
}

// TestAClickedNumberIsReplacedByTyping clicks a field twice: the second click places the cursor.
func TestAClickedNumberIsReplacedByTyping(t *testing.T) {
	n := NewNumberField(0, 1000, "%")
	w := test.NewTempWindow(t, n)
	w.Resize(fyne.NewSize(120, 60))
	n.SetValue(100)
	press := func() {
		e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
		e.Position = fyne.NewPos(9, 14)
		n.MouseDown(e)
		n.MouseUp(e)
	}
	press()
	n.TypedRune('2')
	n.TypedRune('5')
	if n.Text != "25" {
		t.Errorf("the field says %q", n.Text)
	}
	press()
	n.TypedRune('1')
	if n.Text != "125" {
		t.Errorf("after a click before the number the field says %q", n.Text)
	}
}
