package keys

import (
	"slices"
	"strings"
	"testing"
)

// TestKeysOfMacOS reads the table as macOS gets it: Cmd in the place of Ctrl, no
// keys that the system takes for itself, and none twice.
func TestKeysOfMacOS(t *testing.T) {
	here, mac := table("linux"), table("darwin")
	if len(here) != len(mac) {
		t.Fatalf("%d commands, %d elsewhere", len(mac), len(here))
	}
	seen := map[string]string{}
	for _, c := range mac {
		for _, s := range c.Keys {
			chord, ok := Parse(s)
			if !ok {
				continue
			}
			label := chord.Label("darwin")
			if seen[label] != "" || strings.Contains(label, "Ctrl") || slices.Contains([]string{"Cmd+H", "Cmd+M", "Cmd+Option+H", "Cmd+Tab", "Cmd+Space", "Cmd+`"}, label) {
				t.Errorf("%s has %s, as has %q", c.ID, label, seen[label])
			}
			seen[label] = c.ID
		}
	}
	if seen["Cmd+Shift+H"] != "history" || seen["Cmd+Option+S"] != "save_as" {
		t.Errorf("the keys are %v", seen)
	}
}
