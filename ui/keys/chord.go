// Package keys is the one table of what can be done by a key: the commands, the
// keys that each has at first, and those that the user has given it instead.
// Menus, tooltips and the list of shortcuts show it, and the window obeys it.
// It knows nothing of Fyne.
package keys

import (
	"slices"
	"strings"
	"unicode"

	"overpaint.dev/overpaint/assets/text"
)

// Chord is a key together with those that are held.
type Chord struct {
	Ctrl, Alt, Shift bool
	// Key is a character in capitals ("A", "["), or a name out of Names.
	Key string
}

// Names returns the keys that are no characters, as they are written.
func Names() []string {
	list := []string{"Enter", "Esc", "Del", "Backspace", "Insert", "Tab", "Space", "Home", "End", "PgUp", "PgDn", "Left", "Right", "Up", "Down"}
	for i := range 12 {
		list = append(list, functionKey(i+1))
	}
	return list
}

func functionKey(n int) string {
	if n < 10 {
		return "F" + string(rune('0'+n))
	}
	return "F1" + string(rune('0'+n-10))
}

// Parse reads a chord as String writes it, in any case, and reports whether it
// is one.
func Parse(s string) (Chord, bool) {
	var c Chord
	for {
		head, rest, ok := strings.Cut(s, "+")
		if !ok || rest == "" { // "Ctrl++" ends in the key +
			break
		}
		switch strings.ToLower(strings.TrimSpace(head)) {
		case "ctrl":
			c.Ctrl = true
		case "alt":
			c.Alt = true
		case "shift":
			c.Shift = true
		default:
			return Chord{}, false
		}
		s = rest
	}
	s = strings.TrimSpace(s)
	if i := slices.IndexFunc(Names(), func(n string) bool { return strings.EqualFold(n, s) }); i >= 0 {
		c.Key = Names()[i]
		return c, true
	}
	r := []rune(s)
	if len(r) != 1 || !unicode.IsPrint(r[0]) {
		return Chord{}, false
	}
	c.Key = strings.ToUpper(s)
	return c, true
}

// Label writes the chord as the user reads it on a system, which is named as
// runtime.GOOS does: String's, but "Cmd+Shift+Z" on macOS.
func (c Chord) Label(system string) string { return text.Keys(system, c.String()) }

// String writes the chord as settings keep it, the same on all systems:
// "Ctrl+Shift+Z".
func (c Chord) String() string {
	var b strings.Builder
	for _, m := range []struct {
		on   bool
		name string
	}{{c.Ctrl, "Ctrl+"}, {c.Alt, "Alt+"}, {c.Shift, "Shift+"}} {
		if m.on {
			b.WriteString(m.name)
		}
	}
	return b.String() + c.Key
}

// Typed returns the chord of a character that was typed while Shift was held or
// not. Signs that most keyboards have on Shift together with another one are
// the chord of both.
func Typed(r rune, shift bool) Chord {
	switch r {
	case '{':
		return Chord{Shift: true, Key: "["}
	case '}':
		return Chord{Shift: true, Key: "]"}
	case '·', '~': // what Chinese input methods make of `, and Shift with it
		return Chord{Key: "`"}
	}
	return Chord{Shift: shift && unicode.IsLetter(r), Key: strings.ToUpper(string(r))}
}
