package language

import (
	"testing"

	"fyne.io/fyne/v2/lang"

	"overpaint.dev/overpaint/assets/text"
)

func TestUse(t *testing.T) {
	t.Cleanup(func() { text.Use("") })
	for _, system := range []string{"en_US.UTF-8", "zh_CN.UTF-8", "de_DE.UTF-8", "zh_TW.UTF-8", "C", "C.UTF-8", ""} {
		for code, want := range map[string]string{"en": "Cancel", "zh": "取消"} {
			t.Setenv("LC_ALL", system)
			t.Setenv("LANG", system)
			t.Setenv("LC_MESSAGES", "")
			t.Setenv("LANGUAGE", "")
			if err := Use(code); err != nil {
				t.Fatalf("%s, %s: %v", system, code, err)
			}
			if got := lang.L("Cancel"); got != want {
				t.Errorf("%s, %s: Fyne says %q, want %q", system, code, got, want)
			}
			if got := string(lang.SystemLocale())[:2]; got != code {
				t.Errorf("%q, %s: Fyne looks for fonts of %q", system, code, got)
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

func TestSystemsLanguage(t *testing.T) {
	t.Cleanup(func() { text.Use("") })
	for system, want := range map[string]string{"zh_CN.UTF-8": "zh", "fr_FR.UTF-8": "en", "": "en"} {
		for _, v := range []string{"LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"} {
			t.Setenv(v, "")
		}
		t.Setenv("LANG", system)
		if err := Use(""); err != nil || text.Language() != want {
			t.Errorf("%q: we speak %q, %v", system, text.Language(), err)
		}
	}
}

// TestAnotherLanguage changes the language while the program runs, and goes back
// to the system's.
func TestAnotherLanguage(t *testing.T) {
	t.Cleanup(func() { text.Use("") })
	for _, v := range []string{"LC_ALL", "LC_MESSAGES", "LANGUAGE"} {
		t.Setenv(v, "")
	}
	t.Setenv("LANG", "zh_CN.UTF-8")
	for _, c := range []struct{ code, want, word string }{{"", "zh", "取消"}, {"en", "en", "Cancel"}, {"", "zh", "取消"}, {"zh", "zh", "取消"}, {"en", "en", "Cancel"}} {
		if err := Use(c.code); err != nil {
			t.Fatal(err)
		}
		if got := text.Language(); got != c.want || lang.L("Cancel") != c.word {
			t.Errorf("%q: we speak %q, Fyne says %q", c.code, got, lang.L("Cancel"))
		}
	}
}
