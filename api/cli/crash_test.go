package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overpaint.dev/overpaint/api/settings"
)

func TestCrashesAreMentionedOnce(t *testing.T) {
	b := newBench(t)
	dirs, err := settings.Dirs()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dirs.Crashes(), 0o700); err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(dirs.Crashes(), "crash-20261126T120000.000000000-2147483647.txt") // no such process
	if err := os.WriteFile(report, []byte("overpaint 1.2.3\npanic: oh\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	first := run(t.Context(), "edit", "-mask", b.path("none.png"), b.image)
	second := run(t.Context(), "edit", "-mask", b.path("none.png"), b.image)
	if !strings.Contains(first.stderr, report) || strings.Contains(second.stderr, report) {
		t.Errorf("first %q, then %q", first.stderr, second.stderr)
	}
	if strings.Contains(first.stderr, "oh") {
		t.Errorf("the report itself was printed: %q", first.stderr)
	}
}
