package e2e

import (
	"image"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
)

// TestTiles extends a photo to another ratio and has the border made in tiles: they are seen and counted
// before, each is in the picture as it comes, one that fails is asked for again, and each is undone by itself.
func TestTiles(t *testing.T) {
	for _, look := range []scene{{"en", "dark", image.Pt(1280, 800), 1}, {"zh", "light", image.Pt(900, 640), 1}} {
		t.Run(look.String(), func(t *testing.T) {
			t.Parallel()
			p, relay := extended(t, look)
			p.control(p.text("ui.tiles.do"), 0)
			p.screenshot("1-offer")
			p.press(p.text("ui.tiles.do"))
			p.control(p.text("ui.tiles.one"), 0)
			p.xdotool("key", "Escape", "sleep", "0.5")
			p.screenshot("2-plan")
			p.xdotool("key", "ctrl+Return")
			<-relay.Arrived()
			relay.Use("moderation") // the first tile is answered well, the second refused
			p.screenshot("3-running")
			p.waitLogged("edit failed", 1)
			p.control(p.text("ui.generate"), 0)
			p.screenshot("4-failed")
			came := p.logged("variant")
			relay.Use("")
			p.click(252, look.size.Y-48) // "Again" on the failed card
			n := 0
			p.wait("all tiles", func() bool {
				project, ok := p.open()
				if !ok { // it is just being written
					return false
				}
				n = len(project.State.Results)
				return project.State.Mask.Empty()
			})
			p.screenshot("5-done")
			if p.logged("variant") != n || came >= n {
				t.Errorf("%d tiles came, %d of them before one failed; %d are in the picture", p.logged("variant"), came, n)
			}
			p.xdotool("key", "ctrl+z")
			p.wait("the last tile to be undone", func() bool {
				project, ok := p.open()
				return ok && len(project.State.Results) == n-1 && !project.State.Mask.Empty()
			})
			p.screenshot("6-undone")
		})
	}
}

// TestKilledBetweenTiles finds what was paid for in the document that is left.
func TestKilledBetweenTiles(t *testing.T) {
	t.Parallel()
	p, relay := extended(t, scene{"en", "dark", image.Pt(1280, 800), 1})
	p.press("Make it in tiles")
	p.control("Make it in one piece", 0)
	p.xdotool("key", "ctrl+Return")
	<-relay.Arrived()
	relay.Use("hang") // the first tile is answered, the second never
	p.wait("a tile in the document that is kept", func() bool {
		project, ok := p.open()
		return ok && len(project.State.Results) > 0
	})
	if err := p.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.process.Wait()
	project, ok := p.open()
	if !ok || len(project.State.Results) < 1 || project.State.Mask.Empty() {
		t.Fatalf("left is a document: %v", ok)
	}
}

// open is the document as the program has kept it on the disk.
func (p *program) open() (document.Project, bool) {
	p.t.Helper()
	return copyOfAutosave(p.t, filepath.Join(p.home, "data", "overpaint", "documents"))
}

// extended starts the program with a photo that is extended so far that one answer would be enlarged.
func extended(t *testing.T, look scene) (*program, *apitest.Relay) {
	t.Helper()
	relay := apitest.New(t)
	d := newDesktop(t, look.size.X+40, look.size.Y+60, "OVERPAINT_API_KEY="+relay.Key)
	c := settings.Connection{
		ID: "relay", Name: "Relay", BaseURL: relay.URL, Model: "dall-e-2", Profile: "classic",
		Price: settings.Price{Picture: 20_000, Currency: "USD"},
	}
	c.Limits.Sizes = []image.Point{{X: 256, Y: 256}}
	err := settings.Open(filepath.Join(d.home, "config", "overpaint")).Update(func(s *settings.Settings) {
		s.Connections, s.Connection, s.Variants, s.MonthlyCap = []settings.Connection{c}, c.ID, 2, 5_000_000
		s.Language, s.Theme = look.language, look.theme
		s.WindowWidth, s.WindowHeight = float32(look.size.X), float32(look.size.Y)
	})
	if err != nil {
		t.Fatal(err)
	}
	d.language = look.language
	p := d.launch(d.photo("tulips.png"))
	p.waitLogged("opened", 1)
	p.waitLogged("shown", 1)
	p.pastePrompt(map[string]string{"en": "more of the field", "zh": "更多花田"}[look.language])
	p.xdotool("key", "Escape", "sleep", "0.2", "key", "ctrl+e")
	p.press("16:9")
	p.screenshot("0-extend")
	p.press(p.text("dialog.extend.do"))
	return p, relay
}
