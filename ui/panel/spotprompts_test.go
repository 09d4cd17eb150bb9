package panel_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/ui/panel"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
	"overpaint.dev/overpaint/ui/widgets"
)

func TestEachWindowHasItsPrompt(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := panel.NewSidePanel()
	w := uitest.Window(t, p.Object(), fyne.NewSize(300, 900))
	p.SetProfile(profile.Classic())
	const title = "What should be in each area"
	if uitest.Has(p.Object(), title) {
		t.Error("one window has a prompt of its own")
	}
	fields := func() (list []*widgets.Field) {
		for _, f := range find[*widgets.Field](p.Object()) {
			if f.PlaceHolder == "As the prompt says" {
				list = append(list, f)
			}
		}
		return list
	}
	said, asked := map[int]string{}, 0
	p.OnSpotPrompt = func(n int, prompt string) { said[n] = prompt }
	p.OnGenerate = func() { asked++ }
	p.SetSpotPrompts([]string{"", "a cat"})
	if !uitest.Has(p.Object(), title) || len(fields()) != 2 || fields()[1].Text != "a cat" || len(said) != 0 {
		t.Fatalf("%d fields, heard %v", len(fields()), said)
	}
	first := fields()[0]
	w.Canvas().Focus(first)
	test.Type(first, "a dog")
	first.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if said[0] != "a dog" || asked != 0 {
		t.Errorf("heard %v; Enter asked %d times", said, asked)
	}
	first.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.KeyReturn, Modifier: fyne.KeyModifierShortcutDefault})
	if asked != 1 {
		t.Errorf("Ctrl+Enter asked %d times", asked)
	}
	p.SetSpotPrompts([]string{"a dog", "", ""})
	if len(fields()) != 3 || fields()[0] != first || fields()[1].Text != "" || said[1] != "" {
		t.Errorf("%d fields; heard %v", len(fields()), said)
	}
	p.SetSpotPrompts(nil)
	if uitest.Has(p.Object(), title) {
		t.Error("the fields stay")
	}
}
