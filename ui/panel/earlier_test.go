package panel

import (
	"testing"
	"unicode/utf8"

	"overpaint/ui/theme"
	"overpaint/ui/uitest"
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
	if len(items) != 2 || items[0].Label != "no lamp post" || utf8.RuneCountInString(items[1].Label) != earlierChars {
		t.Fatalf("menu %+v", items)
	}
	items[1].Action()
	if p.Prompt() != long || heard != long {
		t.Errorf("prompt %q, heard %q", p.Prompt(), heard)
	}
}
