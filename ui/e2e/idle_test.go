package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestIdle leaves the window alone with a picture in it: it comes to rest, which
// shows in how often its threads are woken; and at once it is there again. Fyne by
// itself wakes them 400 times a second.
func TestIdle(t *testing.T) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("there is no /proc to count in")
	}
	p := newDesktop(t, 1300, 860).launch()
	p.trySample()
	for range 2 {
		p.wait("a second with less than 20 wake-ups", func() bool {
			before := p.switches()
			time.Sleep(time.Second)
			n := p.switches() - before
			t.Logf("%d wake-ups in a second", n)
			return n < 20
		})
		p.paintStroke()
		p.xdotool("key", "ctrl+z")
		p.wait("no unsaved changes in the title", func() bool { return !strings.HasPrefix(p.title(), "* ") })
	}
}

// switches returns how often the program's threads have gone to sleep so far.
func (p *program) switches() int {
	p.t.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", p.process.Process.Pid))
	if err != nil || len(threads) == 0 {
		p.t.Fatal("the program has no threads")
	}
	total := 0
	for _, path := range threads {
		status, _ := os.ReadFile(path) // a thread may have ended
		_, rest, _ := strings.Cut(string(status), "\nvoluntary_ctxt_switches:")
		number, _, _ := strings.Cut(rest, "\n")
		n, _ := strconv.Atoi(strings.TrimSpace(number))
		total += n
	}
	return total
}
