package e2e

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/assets/photos"
)

// TestSeveralServicesTogether asks two services for the same edit: one group, in which each card
// names its service. One of them fails, and is asked again alone. Then the program is killed
// while one has answered and the other works: the history opens both as one edit.
func TestSeveralServicesTogether(t *testing.T) {
	for _, c := range []struct {
		language, theme, prompt string
		size                    image.Point
	}{
		{"en", "dark", "nothing but the lake", image.Pt(1280, 800)},
		{"zh", "light", "只留下湖面", image.Pt(900, 640)},
	} {
		t.Run(c.language, func(t *testing.T) {
			t.Parallel()
			relays := [2]*apitest.Relay{apitest.New(t), apitest.New(t)}
			relays[1].Key = relays[0].Key
			d := newDesktop(t, 1300, 860, "OVERPAINT_API_KEY="+relays[0].Key)
			d.language = c.language
			err := settings.Open(filepath.Join(d.home, "config", "overpaint")).Update(func(s *settings.Settings) {
				s.Connections = nil
				for i, name := range []string{"dddai.dev", "OpenAI"} {
					s.Connections = append(s.Connections, settings.Connection{
						ID: name, Name: name, BaseURL: relays[i].URL, Model: "dall-e-2",
						Profile: "classic", Price: settings.Price{Picture: int64(20_000 + 10_000*i), Currency: "USD"},
					})
				}
				s.Connection, s.Variants = "dddai.dev", 2
				s.Language, s.Theme = c.language, c.theme
				s.WindowWidth, s.WindowHeight = float32(c.size.X), float32(c.size.Y)
			})
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(d.home, photos.SampleName)
			if err := os.WriteFile(path, photos.Sample, 0o600); err != nil {
				t.Fatal(err)
			}
			p := d.launch(path)
			p.waitShown()
			p.paintStroke()
			p.pastePrompt(c.prompt)
			togetherIn(p, relays)
		})
	}
}

func togetherIn(p *program, relays [2]*apitest.Relay) {
	t := p.t
	p.press(p.text("panel.services.add"))
	p.xdotool("sleep", "0.5", "key", "Down", "sleep", "0.2", "key", "Return", "sleep", "0.5")
	p.xdotool("key", "ctrl+Return")
	p.waitLogged("ended", 2)
	if relays[0].Posts() != 1 || relays[1].Posts() != 1 {
		t.Fatalf("%d and %d requests, want one each", relays[0].Posts(), relays[1].Posts())
	}
	second := p.control(card(2, 1), 0)
	if first := p.control(card(1, 2), 0); second.At.Y != first.At.Y || second.At.X <= first.At.X {
		t.Errorf("the second service's card is at %v, the first's at %v", second.At, first.At)
	}
	p.screenshot("1-one-group")
	p.xdotool("key", "Escape", "sleep", "0.3", "key", "3", "sleep", "0.5", "key", "Return", "sleep", "0.7")
	p.screenshot("2-third-used")

	p.xdotool("key", "ctrl+z", "sleep", "0.5") // the mask is back
	relays[1].Use("key")
	p.xdotool("sleep", "1.1", "key", "ctrl+Return")
	p.waitLogged("ended", 4)
	p.control(fmt.Sprintf("edit %d failed", 4), 0)
	p.xdotool("sleep", "0.5")
	p.screenshot("3-one-failed")

	relays[1].Use("hang")
	p.xdotool("sleep", "0.6", "key", "ctrl+Return")
	p.waitLogged("ended", 5)
	p.wait("the other to be asked", func() bool { return relays[1].Posts() == 3 })
	p.xdotool("sleep", "0.5")
	p.screenshot("4-one-works")
	if err := p.process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.process.Wait()
	relays[1].Use("")
	asked := fmt.Sprint(relays[0].Posts(), relays[1].Posts())
	q := p.launch()
	q.waitLogged("history recovered", 1)
	q.press(q.text("session.later")) // what was open is kept
	q.xdotool("sleep", "1", "key", "ctrl+h", "sleep", "1")
	q.screenshot("5-history")
	q.press(q.text("dialog.history.reopen"))
	q.waitLogged("reopened", 1)
	q.control(card(1, 2), 0)
	q.xdotool("sleep", "1")
	q.screenshot("6-reopened")
	if now := fmt.Sprint(relays[0].Posts(), relays[1].Posts()); now != asked {
		t.Errorf("asked %s times, before %s: something was sent unasked", now, asked)
	}
}

// card is what the gallery calls a card of a service's part of an edit, both from 1.
func card(part, n int) string { return fmt.Sprintf("edit %d card %d", part, n) }
