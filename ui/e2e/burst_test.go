package e2e

import (
	"fmt"
	"testing"
)

// TestStrokesInABurst has the program hear of several strokes at once, as when
// it was busy while the person went on: none is lost.
func TestStrokesInABurst(t *testing.T) {
	e := newEasel(t)
	e.moveTo(pts(250, 350)[0])
	stop := func(signal string) {
		t.Helper()
		if out, err := e.command("sh", "-c", fmt.Sprintf("kill -%s %d", signal, e.process.Process.Pid)).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	dabs := pts(60, 60, 200, 60, 340, 60, 60, 250, 200, 250)
	stop("STOP")
	for _, p := range dabs {
		at := e.at(p.X, p.Y)
		e.xdotool("mousemove", at.X, at.Y, "click", "1")
	}
	stop("CONT")
	e.expect("all dabs", covers(dabs, pts(130, 60, 130, 250)))
	for range dabs {
		e.keys("ctrl+z")
	}
	e.expect("each of them undone", empty)
}
