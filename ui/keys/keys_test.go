package keys_test

import (
	"reflect"
	"slices"
	"testing"

	"overpaint.dev/overpaint/ui/keys"
)

func chord(t *testing.T, s string) keys.Chord {
	t.Helper()
	c, ok := keys.Parse(s)
	if !ok {
		t.Fatalf("%q is no chord", s)
	}
	return c
}

func TestChordsAreReadAsTheyAreWritten(t *testing.T) {
	for _, s := range []string{"A", "[", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Alt+Shift+F12", "Ctrl++", "+", "Shift+Esc", "Ctrl+,", "Del", "·"} {
		if got := chord(t, s).String(); got != s {
			t.Errorf("%q is read as %q", s, got)
		}
	}
	for s, want := range map[string]string{"ctrl+z": "Ctrl+Z", "SHIFT+alt+enter": "Alt+Shift+Enter", "f1": "F1", " Ctrl + D ": "Ctrl+D"} {
		if got := chord(t, s).String(); got != want {
			t.Errorf("%q is read as %q, want %q", s, got, want)
		}
	}
	for _, s := range []string{"", "Ctrl", "Hyper+A", "AB", "Ctrl+", "1–9", "F13", "\x00"} {
		if c, ok := keys.Parse(s); ok {
			t.Errorf("%q is read as %v", s, c)
		}
	}
	if c := chord(t, "Ctrl++"); c != (keys.Chord{Ctrl: true, Key: "+"}) {
		t.Errorf("Ctrl++ is %#v", c)
	}
}

func TestWhatIsTypedIsAChord(t *testing.T) {
	for r, want := range map[rune]string{'b': "B", 'B': "B", '[': "[", '{': "Shift+[", '}': "Shift+]", '·': "`", '~': "`", '?': "?"} {
		if got := keys.Typed(r, false).String(); got != want {
			t.Errorf("%c is %s, want %s", r, got, want)
		}
	}
	if got := keys.Typed('I', true).String(); got != "Shift+I" {
		t.Errorf("Shift with I is %s", got)
	}
	if got := keys.Typed('?', true).String(); got != "?" {
		t.Errorf("? is %s", got)
	}
}

func TestTheTableHasNoConflictsAndEveryKeyIsOne(t *testing.T) {
	m, seen := keys.New(nil), map[string]bool{}
	for _, c := range keys.Commands() {
		if seen[c.ID] {
			t.Errorf("%s is there twice", c.ID)
		}
		seen[c.ID] = true
		if !slices.Contains(keys.Groups(), c.Group) {
			t.Errorf("%s is of no group", c.ID)
		}
		if got := len(m.Of(c.ID)); got != len(c.Keys) && c.ID != "show" {
			t.Errorf("%s has %d keys of %v", c.ID, got, c.Keys)
		}
		for _, k := range m.Of(c.ID) {
			if users := m.Users(k); len(users) != 1 {
				t.Errorf("%s is for %v", k, users)
			}
		}
	}
	if m.Find(chord(t, "Ctrl+Z")) != "undo" || m.Find(chord(t, "Ctrl+J")) != "" || m.Find(chord(t, "7")) != "show" {
		t.Error("keys mean something else")
	}
	if m.Label("redo") != "Ctrl+Shift+Z" || m.Label("mask_grow") != "" || keys.Tool("brush") != "tool.brush" {
		t.Error("labels are others")
	}
}

func TestKeysAreChanged(t *testing.T) {
	m := keys.New(map[string][]string{"undo": {"Ctrl+U", "nonsense key", "Ctrl+U"}, "leave": {"Q"}, "no command": {"A"}, "fit": {}})
	if got := m.Of("undo"); !reflect.DeepEqual(got, []keys.Chord{{Ctrl: true, Key: "U"}}) {
		t.Errorf("undo has %v", got)
	}
	if m.Find(chord(t, "Ctrl+Z")) != "" || m.Label("fit") != "" || m.Label("leave") != "Esc" {
		t.Error("what was given up, or can't be changed, is still obeyed")
	}
	if !m.Changed("undo") || m.Changed("redo") || len(m.Custom()) != 2 {
		t.Errorf("changed are %v", m.Custom())
	}
}

func TestAKeyThatIsTakenIsTakenAway(t *testing.T) {
	m := keys.New(nil).With("undo", chord(t, "Ctrl+E"))
	if m.Find(chord(t, "Ctrl+E")) != "undo" || m.Label("extend") != "" {
		t.Errorf("Ctrl+E is for %v", m.Users(chord(t, "Ctrl+E")))
	}
	again := keys.New(m.Custom())
	if again.Label("undo") != "Ctrl+E" || again.Label("extend") != "" {
		t.Error("what was chosen is not kept")
	}
	// Its first key went to nobody, so undo gets it back; extend's is free again then.
	m = m.Without("undo").Without("extend")
	if m.Label("undo") != "Ctrl+Z" || m.Label("extend") != "Ctrl+E" || len(m.Custom()) != 0 {
		t.Errorf("after resetting: %v", m.Custom())
	}
	m = keys.New(nil).With("redo", chord(t, "Ctrl+Z"))
	if got := m.Without("undo"); got.Label("undo") != "" {
		t.Error("resetting takes a key from another command")
	}
	for _, taken := range []string{"Esc", "3", "Tab", "Enter", "Space", "F10", "Alt+F"} {
		if got := keys.New(nil).With("undo", chord(t, taken)); got.Label("undo") != "Ctrl+Z" {
			t.Errorf("%s, which is fixed, was given away", taken)
		}
		if keys.New(nil).Taken(chord(t, taken)) == "" {
			t.Errorf("%s counts as free", taken)
		}
	}
	if m := keys.New(nil); m.With("leave", chord(t, "Q")) != m || m.With("nothing", chord(t, "Q")) != m || m.Taken(chord(t, "Ctrl+Z")) != "" || m.Without("undo") != m {
		t.Error("what can't be changed was")
	}
}

func TestConflictsOfAHandWrittenFileAreSeen(t *testing.T) {
	m := keys.New(map[string][]string{"undo": {"Ctrl+E"}})
	if got := m.Users(chord(t, "Ctrl+E")); !slices.Equal(got, []string{"undo", "extend"}) {
		t.Errorf("Ctrl+E is for %v", got)
	}
	if m.Find(chord(t, "Ctrl+E")) != "undo" {
		t.Error("the first of the table doesn't win")
	}
}
