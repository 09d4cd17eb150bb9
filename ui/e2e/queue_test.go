package e2e

import (
	"testing"

	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/settings"
)

// threeEdits asks for three edits where one runs at a time; that one has arrived
// at the service, which does not answer.
func threeEdits(t *testing.T) (*program, *apitest.Relay) {
	t.Helper()
	d, relay, path := served(t, func(c *settings.Connection) { c.Parallel = 1 })
	relay.Use("hang")
	p := d.ask(path)
	for i := range 3 {
		p.xdotool("key", "ctrl+Return")
		p.waitLogged("queued", 1+i)
		p.xdotool("sleep", "1.2") // two within a second would be one edit
	}
	<-relay.Arrived()
	return p, relay
}

// TestQueueOfEdits asks for three edits where one runs at a time: the others
// wait, the last is put before the second, and each is cancelled by its own
// heading. One that the service has already is asked about first.
func TestQueueOfEdits(t *testing.T) {
	t.Parallel()
	p, relay := threeEdits(t)
	p.xdotool("sleep", "0.5")
	p.screenshot("1-waiting")
	p.press("Next") // on the third edit's heading: the newest is the first
	p.xdotool("sleep", "0.5")
	p.screenshot("2-moved")

	p.pressNth("Cancel this edit", 2) // the first edit's
	p.control("Cancel anyway", 0)
	p.screenshot("3-asked")
	p.press("Cancel anyway")
	p.waitLogged("ended", 1)
	<-relay.Arrived()
	p.waitLogged("started", 2)
	p.xdotool("sleep", "0.5")
	p.screenshot("4-third-runs")
	if got := p.started(); len(got) != 2 || got[0] != 1 || got[1] != 3 {
		t.Errorf("the edits %v were started, want 1 and 3", got)
	}
	// One that waits is cancelled alone, unasked, and nothing is sent of it.
	p.pressNth("Cancel this edit", 1)
	p.waitLogged("ended", 2)
	if relay.Posts() != 2 {
		t.Errorf("%d requests were sent, want 2", relay.Posts())
	}
}

// TestEscNeverCancels asks for three edits where one runs at a time. Esc leaves
// the prompt, and does nothing to what may be paid for. Shift+Esc asks about the
// one that the service has, and cancels it; the next is started.
func TestEscNeverCancels(t *testing.T) {
	t.Parallel()
	p, relay := threeEdits(t)
	p.xdotool("key", "Escape", "sleep", "0.3", "key", "Escape", "sleep", "0.3", "key", "Escape", "sleep", "0.5")
	if p.logged("ended") != 0 {
		t.Fatal("Esc has cancelled an edit")
	}
	p.xdotool("key", "shift+Escape")
	p.control("Cancel anyway", 0)
	p.screenshot("1-asked")
	p.press("Cancel anyway")
	p.waitLogged("ended", 1)
	<-relay.Arrived()
	p.waitLogged("started", 2)
	p.xdotool("sleep", "0.5")
	p.screenshot("2-cancelled")
	if n := p.logged("ended"); n != 1 {
		t.Fatalf("%d edits were cancelled, want 1", n)
	}
	if relay.Posts() != 2 {
		t.Errorf("%d requests were sent, want 2", relay.Posts())
	}
}
