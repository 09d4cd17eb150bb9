package text

import (
	"path"
	"strings"
	"testing"
)

func TestKeysOfSystems(t *testing.T) {
	for _, c := range []struct{ system, s, want string }{
		{"linux", "Ctrl+Alt+S", "Ctrl+Alt+S"},
		{"windows", "Ctrl+Z", "Ctrl+Z"},
		{"darwin", "Ctrl+Alt+S", "Cmd+Option+S"},
		{"darwin", "绘制时按住 Ctrl 可临时切换", "绘制时按住 Cmd 可临时切换"},
		{"darwin", "Alternative", "Alternative"},
	} {
		if got := Keys(c.system, c.s); got != c.want {
			t.Errorf("%s: %q, want %q", c.system, got, c.want)
		}
	}
}

// TestNoSentenceNamesKeysThatMacsLack reads all sentences as macOS gets them.
func TestNoSentenceNamesKeysThatMacsLack(t *testing.T) {
	for _, lang := range Languages() {
		entries, err := files.ReadDir(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			raw, err := sentences("darwin", path.Join(lang, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(string(raw), "\n") {
				if strings.Contains(line, "Ctrl") || strings.Contains(line, "Cmd+H\"") || alt.MatchString(line) {
					t.Errorf("%s: %s", e.Name(), line)
				}
			}
		}
	}
}
