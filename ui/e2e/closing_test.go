package e2e

import (
	"image"
	"path/filepath"
	"strings"
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

// windows returns the program's windows.
func (p *program) windows() []string {
	out, _ := p.command("xdotool", "search", "--onlyvisible", "--name", "Overpaint").Output()
	return strings.Fields(string(out))
}

// TestClosingOneWindowAndAll opens a photo in two windows, of which the second says that the first
// has it. Ctrl+W closes that one alone, Ctrl+Q all, or none where the user stays in one.
func TestClosingOneWindowAndAll(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1280, 800)
	photo := d.photo("tulips.png")
	p := d.launch(photo)
	p.waitLogged("opened", 1)
	open := func(n int) {
		if err := d.command(binary, photo).Run(); err != nil {
			t.Fatal(err)
		}
		p.waitLogged("opened", n)
		p.wait("a second window", func() bool { return len(p.windows()) == 2 })
	}
	open(2)
	p.xdotool("sleep", "1")
	p.screenshot("1-elsewhere")
	p.xdotool("key", "alt+f", "sleep", "0.5")
	p.screenshot("2-menu")
	p.xdotool("key", "Escape", "sleep", "0.3", "key", "ctrl+w")
	p.wait("one window", func() bool { return len(p.windows()) == 1 })
	open(3)
	p.window = p.windows()[1]
	p.xdotool("windowactivate", "--sync", p.window)
	p.drag(image.Pt(500, 300), image.Pt(560, 340))
	p.xdotool("sleep", "1", "key", "ctrl+q", "sleep", "1")
	p.screenshot("3-question")
	p.xdotool("key", "Escape", "sleep", "1")
	if n := len(p.windows()); n != 2 {
		t.Errorf("of 2 windows %d are left, though the user stayed in one", n)
	}
	p.xdotool("key", "ctrl+z", "sleep", "1", "key", "ctrl+q")
	if err := p.process.Wait(); err != nil {
		t.Errorf("the program ended with %v", err)
	}
}
