package dialogs

import (
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/tool"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

func TestAskAmount(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var got []int
	ask := func() {
		AskAmount(w, Amount{Title: "Grow", Label: "By", Unit: "px", Low: 1, High: 500, Value: 4}, func(n int) { got = append(got, n) })
	}
	ask()
	key(w, fyne.KeyReturn)
	ask()
	test.Type(w.Canvas().Focused(), "12") // the number is selected, so typing replaces it
	key(w, fyne.KeyReturn)
	ask()
	test.Type(w.Canvas().Focused(), "7")
	key(w, fyne.KeyEscape)
	ask()
	test.Type(w.Canvas().Focused(), "8")
	w.Canvas().Unfocus()
	test.Tap(button(t, w, "dialog.apply"))
	ask()
	test.Tap(button(t, w, "dialog.cancel"))
	if want := []int{4, 12, 8}; !slices.Equal(got, want) || IsOpen(w) {
		t.Errorf("got %v, want %v; open: %v", got, want, IsOpen(w))
	}
}

func TestAnAmountThatIsNoneIsNotApplied(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	for _, c := range []struct{ typed, says string }{
		{"abc", "Enter a whole number from 1 to 500."},
		{"", "Enter a whole number from 1 to 500."},
		{"2.5", "Enter a whole number from 1 to 500."},
		{"-7", "That is too small. The smallest possible number is 1."},
		{"9999", "That is too large. The largest possible number is 500."},
		{"1" + strings.Repeat("0", 400), "That is too large. The largest possible number is 500."},
	} {
		previewed, got := 4, 0 // 0 is without a preview
		AskAmount(w, Amount{
			Title: "Grow", Label: "By", Unit: "px", Low: 1, High: 500, Value: 4,
			OnChanged: func(n int) { previewed = n }, OnFault: func() { previewed = 0 },
		}, func(n int) { got = n })
		field := find[*widgets.NumberField](top(t, w))[0]
		field.SetText(c.typed)
		if previewed != 0 || !uitest.Has(top(t, w), c.says) || !button(t, w, "dialog.apply").Disabled() {
			t.Errorf("%.20q: preview %d, %q", c.typed, previewed, uitest.Texts(top(t, w)))
		}
		key(w, fyne.KeyReturn)
		if !IsOpen(w) || got != 0 || field.Text != c.typed {
			t.Errorf("%.20q: Enter applies %d; the field shows %.20q", c.typed, got, field.Text)
		}
		field.SetText("4")
		if previewed != 4 || uitest.Has(top(t, w), c.says) {
			t.Errorf("after %.20q: preview %d, %q", c.typed, previewed, uitest.Texts(top(t, w)))
		}
		field.SetText("30 px")
		key(w, fyne.KeyReturn)
		if IsOpen(w) || got != 30 || previewed != 30 {
			t.Errorf("after %.20q: Enter applies %d, the preview was %d", c.typed, got, previewed)
		}
	}
}

func TestAskMaskLook(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var shown, kept string
	note := func(to *string) func(string, float64) {
		return func(tint string, strength float64) { *to = fmt.Sprintf("%s %.2f", tint, strength) }
	}
	ask := func() { AskMaskLook(w, "#123456", 0.55, note(&shown), note(&kept)) }
	ask()
	all := find[*widgets.Swatch](top(t, w))
	if len(all) != len(Tints())+2 || !all[len(all)-1].Selected() {
		t.Fatalf("%d swatches; a colour of the person's own must be among them and selected", len(all))
	}
	all[1].Tapped(nil)
	find[*widgets.Slider](top(t, w))[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if want := Tints()[0] + " 1.00"; shown != want || !all[1].Selected() || all[len(all)-1].Selected() {
		t.Errorf("shown %q, want %q", shown, want)
	}
	test.Tap(button(t, w, "dialog.cancel"))
	if shown != "#123456 0.55" || kept != "" {
		t.Errorf("after Cancel %q is shown and %q kept", shown, kept)
	}
	ask()
	find[*widgets.Swatch](top(t, w))[0].Tapped(nil)
	test.Tap(button(t, w, "dialog.apply"))
	if kept != " 0.55" {
		t.Errorf("kept %q", kept)
	}
}

func TestColour(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	if got := Colour("#0a84Ff"); got != (color.NRGBA{10, 132, 255, 255}) {
		t.Errorf("#0a84Ff is %v", got)
	}
	for _, s := range []string{"", "#12345", "#12345g", "0a84ff0"} {
		if got := Colour(s); got != theme.Color(theme.Accent) {
			t.Errorf("%q is %v, not the theme's colour", s, got)
		}
	}
}

func someLeft() []Left {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.Local)
	return []Left{
		{"flower.jpg", at, image.Pt(4000, 3000)},
		{"", at, image.Pt(20, 10)},
		{"a picture whose name is so very long that nobody would want to type it again.png", at, image.Pt(1, 1)},
	}
}

func TestAskRecover(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	opened, discarded := -1, -1
	ask := func() {
		AskRecover(w, someLeft(), func(i int) { opened = i }, func(i int) { discarded = i }, func() {})
	}
	ask()
	if !uitest.Has(top(t, w), "flower.jpg 4000 × 3000 · kept 2026-03-04 05:06:07") || !uitest.Has(top(t, w), "Picture without a name") {
		t.Errorf("%q", uitest.Texts(top(t, w)))
	}
	key(w, fyne.KeyReturn) // the safe answer is to put it off
	ask()
	key(w, fyne.KeyEscape)
	if opened != -1 || discarded != -1 || IsOpen(w) {
		t.Fatalf("put off, yet opened %d, discarded %d, open %v", opened, discarded, IsOpen(w))
	}
	ask()
	test.Tap(find[*widgets.Button](top(t, w))[3]) // the second row's Open
	ask()
	test.Tap(find[*widgets.Button](top(t, w))[0]) // the first row's Discard
	if opened != 1 || discarded != 0 || IsOpen(w) {
		t.Errorf("opened %d, discarded %d, open %v", opened, discarded, IsOpen(w))
	}
}

func TestAskingIsNotClipped(t *testing.T) {
	uitest.Everywhere(t, func(t *testing.T) {
		w := window(t)
		none := func(int) {}
		for _, show := range []func(){
			func() { AskRecover(w, someLeft(), none, none, func() {}) },
			func() { AskAmount(w, Amount{Title: "Feather mask", Label: "Width", Unit: "px", High: 500}, none) },
			func() { AskMaskLook(w, "", 1, func(string, float64) {}, func(string, float64) {}) },
			func() { AskFound(w, "Select people", func(tool.Mode) {}, func(tool.Mode) {}, func() {}) },
		} {
			show()
			for _, fault := range uitest.Clipped(top(t, w)) {
				t.Error(fault)
			}
			w.Canvas().Overlays().Top().Hide()
		}
	})
}

func TestSnippets(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	name := ""
	AskSnippet(w, "soft morning light on the stone", func(s string) { name = s })
	key(w, fyne.KeyReturn)
	if name != "soft morning light on" || IsOpen(w) {
		t.Errorf("kept as %q", name)
	}
	var got []settings.Snippet
	EditSnippets(w, []settings.Snippet{{Name: "one", Prompt: "a"}, {Name: "two", Prompt: "b"}}, func(l []settings.Snippet) { got = l })
	test.Tap(find[*widgets.ToolButton](top(t, w))[0])
	fields := find[*widgets.Field](top(t, w))
	if len(fields) != 2 || fields[1].Text != "two" {
		t.Fatalf("%d fields are left", len(fields))
	}
	test.Type(fields[1], "!")
	test.Tap(button(t, w, "dialog.save"))
	if want := []settings.Snippet{{Name: "!two", Prompt: "b"}}; !slices.Equal(got, want) {
		t.Errorf("kept %v, want %v", got, want)
	}
}

func TestAskFound(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	w := window(t)
	var shown, kept []tool.Mode
	dismissed := 0
	ask := func() {
		AskFound(w, "Select people", func(m tool.Mode) { shown = append(shown, m) }, func(m tool.Mode) { kept = append(kept, m) }, func() { dismissed++ })
	}
	ask()
	right, enter := &fyne.KeyEvent{Name: fyne.KeyRight}, &fyne.KeyEvent{Name: fyne.KeyReturn}
	for range 4 {
		w.Canvas().Focused().TypedKey(right)
	}
	w.Canvas().Focused().TypedKey(enter)
	if !slices.Equal(shown, []tool.Mode{tool.Subtract, tool.Intersect, tool.Replace}) || !slices.Equal(kept, []tool.Mode{tool.Replace}) || IsOpen(w) {
		t.Errorf("shown %v, kept %v", shown, kept)
	}
	ask()
	test.Tap(button(t, w, "dialog.apply"))
	ask()
	test.Tap(button(t, w, "dialog.cancel"))
	if !slices.Equal(kept, []tool.Mode{tool.Replace, tool.Add}) || dismissed != 1 {
		t.Errorf("kept %v, dismissed %d times", kept, dismissed)
	}
}
