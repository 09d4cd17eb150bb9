package e2e

import (
	"fmt"
	"testing"
)

// busy has the program hear of all that the user does in do at once, as
// where it is busy meanwhile.
func (p *program) busy(do func()) {
	p.t.Helper()
	signal := func(name string) {
		p.t.Helper()
		if out, err := p.command("sh", "-c", fmt.Sprintf("kill -%s %d", name, p.process.Process.Pid)).CombinedOutput(); err != nil {
			p.t.Fatalf("%v\n%s", err, out)
		}
	}
	signal("STOP")
	do()
	signal("CONT")
}

// TestStrokesInABurst paints several strokes while the program is busy: none is lost.
func TestStrokesInABurst(t *testing.T) {
	t.Parallel()
	e := newEasel(t)
	e.moveTo(pts(250, 350)[0])
	dabs := pts(60, 60, 200, 60, 340, 60, 60, 250, 200, 250)
	e.busy(func() {
		for _, p := range dabs {
			at := e.at(p.X, p.Y)
			e.xdotool("mousemove", at.X, at.Y, "click", "1")
		}
	})
	e.expect("all dabs", covers(dabs, pts(130, 60, 130, 250)))
	for range dabs {
		e.keys("ctrl+z")
	}
	e.expect("each of them undone", empty)
}
