package panel

import (
	"testing"
	"unicode/utf8"

	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/theme"
	"overpaint.dev/overpaint/ui/uitest"
)

// TestEarlierPrompts picks a long prompt of several lines from the menu.
func TestEarlierPrompts(t *testing.T) {
	uitest.App(t, "en", theme.Dark)
	p := NewSidePanel()
	var heard string
	p.OnPrompt = func(s string) { heard = s }
	if p.earlier.button.Visible() {
		t.Error("a button for prompts that there aren't")
	}
	long := "去掉左边的路灯，\n露出后面的天空 and the whole of the mountain behind it, without any people"
	p.SetEarlier([]string{"no lamp post", long})
	items := p.earlier.menu().Items
	// Behind the prompts are a line and the search in all of them.
	if len(items) != 4 || items[3].Label != text.T("ui.earlier.search") || items[0].Label != "no lamp post" || utf8.RuneCountInString(items[1].Label) != earlierChars {
		t.Fatalf("menu %+v", items)
	}
	searched := 0
	p.OnFindPrompt = func() { searched++ }
	if items[3].Action(); searched != 1 {
		t.Error("nobody hears that prompts are searched")
	}
	items[1].Action()
	if p.Prompt() != long || heard != long {
		t.Errorf("prompt %q, heard %q", p.Prompt(), heard)
	}
}
