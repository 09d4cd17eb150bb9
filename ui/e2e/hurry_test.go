package e2e

import (
	"fmt"
	"image"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/photos"
)

// twice clicks a control twice, as a user in a hurry does.
func (p *program) twice(name string) {
	p.t.Helper()
	at := p.control(name, 0).center()
	p.xdotool("mousemove", "--window", p.window, at.X, at.Y, "sleep", "0.3", "click", "--repeat", 2, "--delay", 100, 1, "sleep", "0.5")
}

// TestInAHurry turns to the next picture and clicks twice that the mask isn't kept: the
// second click, which is over the canvas by then, doesn't paint on that picture. Probing a
// service by two clicks asks it once, and what was learnt is kept.
func TestInAHurry(t *testing.T) {
	d, relay, _ := served(t, gptImage)
	p := d.launch(d.photo("flower.jpg")) // the sample lies beside it
	p.waitLogged("shown", 1)
	p.paintStroke()
	p.xdotool("key", "Next")
	p.twice("Don't keep")
	p.waitLogged("shown", 2)
	p.wait("the next picture", func() bool { return strings.Contains(p.title(), photos.SampleName) })
	p.screenshot("1-next")
	if strings.HasPrefix(p.title(), "* ") {
		t.Error("the second click has painted on the next picture")
	}

	p.xdotool("key", "ctrl+comma", "sleep", "0.5")
	p.press("Probe…")
	p.twice("Probe")
	p.wait("the probe to end", func() bool { return relay.Posts() > 0 && len(p.find("Stop")) == 0 })
	p.xdotool("sleep", "0.5")
	p.screenshot("2-probed")
	if relay.Posts() != 1 {
		t.Errorf("%d edits were asked for, want 1", relay.Posts())
	}
	p.press("Save")
	p.wait("what was learnt in the settings", func() bool {
		c := d.kept().Connections
		return len(c) > 0 && c[0].Quirks != settings.Quirks{}
	})
}

// TestReferencesFromTheDesktop drops two pictures on the panel, changes their order and
// asks with them: they are in sight, and go along in that order.
func TestReferencesFromTheDesktop(t *testing.T) {
	t.Parallel()
	d, relay, path := served(t, gptImage)
	p := d.ask(path)
	p.dropAt(image.Pt(1150, 300), d.photo("coffee.png"), d.photo("tulips.png"))
	p.control("One place up", 0)
	p.press("One place up")
	p.wait("another order", func() bool { return len(p.find("One place up")) == 1 })
	p.screenshot("1-dropped")
	p.xdotool("key", "ctrl+Return")
	p.waitLogged("ended", 1)
	var widths []int
	for _, f := range relay.Last().Files {
		if f.Field == "image[]" {
			widths = append(widths, pixels(t, f.Data).Bounds().Dx())
		}
	}
	if len(widths) != 3 || !slices.Equal(widths[1:], []int{500, 600}) {
		t.Errorf("pictures as wide as %v were sent", widths)
	}
}

// TestCardsByHand has the menu of a card use one variant and discard another, which is
// undone, and shows the variants as a grid over the canvas.
func TestCardsByHand(t *testing.T) {
	t.Parallel()
	d, relay, path := served(t, nil)
	p := d.ask(path)
	p.xdotool("key", "Escape", "sleep", "0.2", "key", "ctrl+Return")
	p.waitLogged("ended", 1)
	card := func(n int) string { return fmt.Sprintf("edit 1 card %d", n) }
	menu := func(name string, keys ...any) {
		at := p.control(name, 0).center()
		p.xdotool("mousemove", "--window", p.window, at.X, at.Y, "sleep", "0.3", "click", "3", "sleep", "0.5")
		p.screenshot("menu")
		for _, k := range keys {
			p.xdotool("key", k, "sleep", "0.3")
		}
	}
	results := func(n int) {
		t.Helper()
		p.wait("results", func() bool {
			project, ok := copyOfAutosave(t, filepath.Join(d.home, "data", "overpaint", "documents"))
			return ok && len(project.State.Results) == n
		})
	}
	menu(card(1), "Down", "Return") // Use, the first entry
	results(1)
	menu(card(2), "Down", "Down", "Down", "Down", "Down", "Down", "Down", "Return") // Discard, the last one
	p.wait("the card to go", func() bool { return len(p.find(card(2))) == 0 })
	p.xdotool("key", "ctrl+z")
	strip := p.control(card(2), 0)
	p.xdotool("key", "g")
	p.wait("the card over the canvas", func() bool {
		found := p.find(card(2))
		return len(found) > 0 && found[0].At.Y < strip.At.Y && found[0].Size.Width > strip.Size.Width
	})
	p.xdotool("sleep", "0.5")
	p.screenshot("grid")
	p.xdotool("key", "g")
	p.wait("the strip", func() bool { return p.control(card(2), 0) == strip })
	if relay.Posts() != 1 {
		t.Errorf("%d requests, want 1", relay.Posts())
	}
}
