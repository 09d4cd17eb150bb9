//go:build unix

package crash_test

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// Go's own status for crashes, 2, means bad input to those who call the program.
func TestCrashesEndBySIGABRTWithoutACore(t *testing.T) {
	for _, how := range []string{"panic", "goroutine", "fatal"} {
		c := program(t.TempDir(), how)
		c.Dir = t.TempDir()
		err := c.Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			t.Fatalf("%s: %v", how, err)
		}
		status := exit.Sys().(syscall.WaitStatus)
		if !status.Signaled() || status.Signal() != syscall.SIGABRT || status.CoreDump() {
			t.Errorf("%s: ended with %v, core %v", how, exit, status.CoreDump())
		}
		if left, err := os.ReadDir(c.Dir); err != nil || len(left) != 0 {
			t.Errorf("%s: left %v, %v", how, left, err)
		}
	}
}
