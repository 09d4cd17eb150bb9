package keys_test

import (
	"testing"

	"overpaint.dev/overpaint/ui/keys"
)

// FuzzParse reads chords as people may have written them into the settings: what is one
// is read again as it is written.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"Ctrl+Shift+Z", "ctrl++", "alt + pgup", "ß", "é", "+", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, ok := keys.Parse(s)
		if !ok {
			return
		}
		if again, ok := keys.Parse(c.String()); !ok || again != c {
			t.Fatalf("%q is %+v, and %q is %+v", s, c, c.String(), again)
		}
	})
}
