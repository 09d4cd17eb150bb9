package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestCrashIsReported lets the program crash as a fault in C code would, starts it
// again and copies the report: the command line tells of it as well, each once.
func TestCrashIsReported(t *testing.T) {
	t.Parallel()
	d := newDesktop(t, 1300, 860)
	p := d.launch()
	if err := p.process.Process.Signal(syscall.SIGABRT); err != nil {
		t.Fatal(err)
	}
	_ = p.process.Wait()
	reports, _ := filepath.Glob(filepath.Join(d.home, "data", "overpaint", "crashes", "crash-*.txt"))
	if len(reports) != 1 {
		t.Fatalf("%d reports of one crash", len(reports))
	}
	info, err := os.Stat(reports[0])
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the report's mode: %v, %v", info.Mode(), err)
	}
	text, err := os.ReadFile(reports[0])
	if err != nil || !strings.HasPrefix(string(text), "overpaint ") || !strings.Contains(string(text), "goroutine 1 ") {
		t.Fatalf("the report reads %q, %v", text, err)
	}
	edit := func() string {
		out, _ := d.command(binary, "edit", filepath.Join(d.home, "none.png")).CombinedOutput()
		return string(out)
	}
	if first, second := edit(), edit(); !strings.Contains(first, reports[0]) || strings.Contains(second, reports[0]) {
		t.Errorf("the command line says %q, then %q", first, second)
	}

	p = d.launch()
	p.waitLogged("crashed before", 1)
	p.screenshot("1-told")
	p.press("Copy the report")
	p.waitLogged("crash report copied", 1)
	p.wait("the report in the clipboard", func() bool {
		out, err := d.command("xclip", "-selection", "clipboard", "-out").Output()
		return err == nil && string(out) == string(text)
	})
	if err := p.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = p.process.Wait()
	d.launch()
	if n := p.logged("crashed before"); n != 1 {
		t.Errorf("the window told %d times of one crash", n)
	}
}
