package language

import (
	"testing"

	"fyne.io/fyne/v2/lang"

	"overpaint/assets/text"
)

func TestUse(t *testing.T) {
	t.Cleanup(func() { text.Use("") })
	for _, system := range []string{"en_US.UTF-8", "zh_CN.UTF-8", "de_DE.UTF-8", "zh_TW.UTF-8"} {
		for code, want := range map[string]string{"en": "Cancel", "zh": "取消"} {
			t.Setenv("LC_ALL", system)
			t.Setenv("LANG", system)
			t.Setenv("LANGUAGE", "")
			if err := Use(code); err != nil {
				t.Fatalf("%s, %s: %v", system, code, err)
			}
			if got := lang.L("Cancel"); got != want {
				t.Errorf("%s, %s: Fyne says %q, want %q", system, code, got, want)
			}
			if got := text.Language(); got != code {
				t.Errorf("%s, %s: we speak %q", system, code, got)
			}
		}
	}
}

func TestEveryWordIsTranslated(t *testing.T) {
	t.Cleanup(func() { text.Use("") })
	for _, code := range text.Languages() {
		text.Use(code)
		for key, ours := range fyneKeys {
			if s := text.T(ours); s == ours {
				t.Errorf("%s: no sentence %s for Fyne's %q", code, ours, key)
			}
		}
	}
}
