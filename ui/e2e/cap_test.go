package e2e

import (
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api/settings"
)

// TestTheCapIsPassedOnlyWhenThatIsAgreedTo asks for an edit that would pass the
// monthly cap: nothing is sent before that is agreed to. Then a second window opens.
func TestTheCapIsPassedOnlyWhenThatIsAgreedTo(t *testing.T) {
	t.Parallel()
	d, relay, path := served(t, nil)
	if err := settings.Open(filepath.Join(d.home, "config", "overpaint")).Update(func(s *settings.Settings) { s.MonthlyCap = 30_000 }); err != nil {
		t.Fatal(err)
	}
	p := d.ask(path)
	p.xdotool("sleep", "0.5", "key", "ctrl+Return")
	p.control("Generate anyway", 0)
	p.screenshot("cap")
	if n := relay.Posts(); n != 0 {
		t.Errorf("%d edits were asked for before the cap was passed", n)
	}
	p.press("Generate anyway")
	p.waitLogged("ended", 1)
	if n := relay.Posts(); n != 1 {
		t.Errorf("%d edits were asked for", n)
	}
	p.xdotool("key", "Escape", "sleep", "0.3", "key", "ctrl+n")
	p.wait("a second window", func() bool { return len(p.windows()) == 2 })
	p.screenshot("windows")
}
