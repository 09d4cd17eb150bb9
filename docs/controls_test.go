package docs

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// pressed matches the names by which window tests look for controls.
var pressed = regexp.MustCompile(`\b(?:press|pressNth|control)\("([^"]+)"`)

// unworded are names that aren't words: a scale, a key.
var unworded = map[string]bool{"2×": true, "16:9": true, "Ctrl+Z": true}

// TestWindowTestsPressWhatThereIs: a control that was renamed would be waited for in
// vain, minutes long.
func TestWindowTestsPressWhatThereIs(t *testing.T) {
	words := map[string]bool{}
	files, err := filepath.Glob("../assets/text/*/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files of texts, %v", len(files), err)
	}
	for _, path := range files {
		raw, err := os.ReadFile(path)
		var texts map[string]any
		if err != nil || json.Unmarshal(raw, &texts) != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, v := range texts {
			if s, ok := v.(string); ok {
				words[s] = true
			}
		}
	}
	tests, err := filepath.Glob("../ui/e2e/*_test.go")
	if err != nil || len(tests) == 0 {
		t.Fatalf("%d window tests, %v", len(tests), err)
	}
	found := 0
	for _, path := range tests {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range pressed.FindAllSubmatch(raw, -1) {
			found++
			if name := string(m[1]); !words[name] && !unworded[name] {
				t.Errorf("%s presses %q, which no text says", path, name)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d controls are looked for", found)
	}
}
