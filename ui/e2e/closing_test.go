package e2e

import (
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api/history"
)

// TestClosingKeepsWhatArrives closes the window while a service works, chooses
// to wait, and finds the answer in the history after the program has ended.
func TestClosingKeepsWhatArrives(t *testing.T) {
	t.Parallel()
	d, relay, path := served(t, nil)
	relay.Use("rate") // asks to wait two seconds
	p := d.ask(path)
	p.xdotool("key", "ctrl+Return")
	p.wait("the first request", func() bool { return relay.Posts() == 1 })
	p.screenshot("1-waiting")
	relay.Use("")
	p.xdotool("key", "ctrl+q", "sleep", "0.5")
	p.press("Don't keep")
	p.press("Wait, then quit")
	if err := p.process.Wait(); err != nil {
		t.Errorf("the program ended with %v", err)
	}
	store, err := history.Open(t.Context(), filepath.Join(d.home, "data", "overpaint", history.Folder))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	items, err := store.List(t.Context(), history.Filter{})
	if err != nil || len(items) != 1 || len(items[0].Variants) != 2 || items[0].Outcome != "" {
		t.Errorf("the history holds %+v, %v", items, err)
	}
}
