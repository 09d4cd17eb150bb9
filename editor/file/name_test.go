package file

import (
	"strings"
	"testing"
)

func TestAllowedOnWindows(t *testing.T) {
	for _, name := range []string{
		"CON", "con.png", "Nul.tar.gz", "COM1.png", "lpt9", "LPT¹.jpg", "con .png", "a?.png", "a:b.png", `a\b.png`, `"a".png`, "a|b", "a*", "a<b", "a\tb", "a.", "a ",
	} {
		if allowedOnWindows(name) {
			t.Errorf("%q is allowed", name)
		}
	}
	for _, name := range []string{"a.png", "照片 +1.png", "console.png", "COM.png", "COM10.png", "LPT0.png", ".hidden", "a.b.c", "a, (b) & c.jpg"} {
		if !allowedOnWindows(name) {
			t.Errorf("%q is refused", name)
		}
	}
}

func TestNameAllowed(t *testing.T) {
	if NameAllowed("a/b") || NameAllowed("a\x00b") || !NameAllowed("照片.png") || NameAllowed(strings.Repeat("x", 256)) || !NameAllowed(strings.Repeat("x", 255)) {
		t.Error("a folder in a name is allowed, or a name isn't")
	}
}
