package history_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
)

// What lies in the place of a dead run's lock and is no file does not keep its
// jobs from being recovered.
func TestAFolderIsNoLock(t *testing.T) {
	folder := t.TempDir()
	sample(t, folder, "")
	journals, err := filepath.Glob(filepath.Join(folder, "jobs", "*", "*"))
	if err != nil || len(journals) == 0 {
		t.Fatal(journals, err)
	}
	raw, err := os.ReadFile(journals[len(journals)-1])
	if err != nil {
		t.Fatal(err)
	}
	session := regexp.MustCompile(`"session":"([^"]+)"`).FindSubmatch(raw)
	if session == nil {
		t.Fatal("no session")
	}
	if err := os.MkdirAll(filepath.Join(folder, "sessions", string(session[1]), "inside"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := open(t, folder, nil)
	found, err := s.Recover(t.Context(), func(ctx context.Context, _ history.KeptJob, _ api.Kept) (api.Recovered, error) {
		return api.Recovered{}, nil
	})
	if err != nil || len(found) != 1 {
		t.Fatalf("recovered %v, %v", found, err)
	}
}
