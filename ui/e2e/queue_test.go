package e2e

import (
	"testing"

	"overpaint/api/apitest"
	"overpaint/api/settings"
)

// card presses a place of a gallery's card, the original being the first: from
// its upper left corner, in units.
func (p *program) card(n, x, y int) {
	p.t.Helper()
	p.click(15+118*n+x, 659+y)
}

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
	}
	<-relay.Arrived()
	return p, relay
}

// TestQueueOfEdits asks for three edits where one runs at a time: the others
// wait, the last is put before the second, and each is cancelled by its own card.
func TestQueueOfEdits(t *testing.T) {
	p, relay := threeEdits(t)
	p.xdotool("sleep", "0.5")
	p.screenshot("1-waiting")
	p.card(5, 20, 93) // Next, on the third edit's first card
	p.xdotool("sleep", "0.5")
	p.screenshot("2-moved")

	// The first edit's last card cancels it, and the third edit is started.
	p.card(1, 95, 12)
	p.xdotool("sleep", "0.3")
	if p.logged("ended") != 0 {
		t.Fatal("an edit was cancelled whose second variant is wanted")
	}
	p.card(1, 95, 12)
	p.waitLogged("ended", 1)
	<-relay.Arrived()
	p.waitLogged("started", 2)
	p.xdotool("sleep", "0.5")
	p.screenshot("3-third-runs")
	if got := p.started(); len(got) != 2 || got[0] != 1 || got[1] != 3 {
		t.Errorf("the edits %v were started, want 1 and 3", got)
	}
	// A card of one that waits cancels that one alone, and nothing is sent of it.
	p.card(1, 95, 12)
	p.card(1, 95, 12)
	p.waitLogged("ended", 2)
	p.xdotool("key", "Escape")
	p.waitLogged("ended", 3)
	if relay.Posts() != 2 {
		t.Errorf("%d requests were sent, want 2", relay.Posts())
	}
}

// TestEscCancelsWhatRuns asks for three edits where one runs at a time. Esc in
// the prompt only leaves that. Then it cancels the edit, and the next is started;
// the button of what is told cancels the others.
func TestEscCancelsWhatRuns(t *testing.T) {
	p, relay := threeEdits(t)
	p.xdotool("key", "Escape", "sleep", "0.5")
	if p.logged("ended") != 0 {
		t.Fatal("Esc in the prompt cancelled an edit")
	}
	p.xdotool("key", "Escape")
	p.waitLogged("ended", 1)
	<-relay.Arrived()
	p.waitLogged("started", 2)
	p.xdotool("sleep", "0.5")
	p.screenshot("1-cancelled")
	if n := p.logged("ended"); n != 1 {
		t.Fatalf("%d edits were cancelled, want 1", n)
	}
	p.click(875, 85) // Cancel them too
	p.waitLogged("ended", 3)
	p.screenshot("2-all-cancelled")
	if relay.Posts() != 2 {
		t.Errorf("%d requests were sent, want 2", relay.Posts())
	}
}
