package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api/cli"
)

// cancelling is a standard output at whose first line, "queued", the run is interrupted: the
// folders are made then.
type cancelling context.CancelFunc

func (c cancelling) Write(b []byte) (int, error) {
	c()
	return len(b), nil
}

// TestEmptyFoldersAreTakenAway: a run that ends without a result leaves no folder that it made,
// and every other one.
func TestEmptyFoldersAreTakenAway(t *testing.T) {
	b := newBench(t)
	kept := filepath.Join(b.dir, "kept")
	if err := os.Mkdir(kept, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{filepath.Join(kept, "a", "b", "c.png"), filepath.Join(kept, "d", "e")} {
		ctx, cancel := context.WithCancel(t.Context())
		var stderr bytes.Buffer
		status := cli.Main(ctx, []string{"edit", "-mask", b.path("mask.png"), "-out", out, "-json", b.image}, cancelling(cancel), &stderr)
		if cancel(); status != cli.ExitInterrupted {
			t.Errorf("%d, %q", status, stderr.String())
		}
	}
	if list, err := os.ReadDir(kept); err != nil || len(list) != 0 {
		t.Errorf("left: %v, %v", list, err)
	}
	if o := b.edit("-out", filepath.Join(kept, "f", "g")); o.status != cli.ExitDone {
		t.Errorf("%d, %q", o.status, o.stderr)
	}
	if _, err := os.Stat(filepath.Join(kept, "f", "g", "beach-1.png")); err != nil {
		t.Error(err)
	}
}
