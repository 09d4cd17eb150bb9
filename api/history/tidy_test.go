package history_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
)

// plant puts a file into a history, of an age.
func plant(t *testing.T, folder, name string, age time.Duration) string {
	t.Helper()
	path := filepath.Join(folder, name)
	then := time.Now().Add(-age)
	must(t, errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(name), 0o600), os.Chtimes(path, then, then)))
	return path
}

// TestWhatNobodyNames has files that no job names: those that say whose they are
// are taken up, others are moved when they are old, and none is deleted.
func TestWhatNobodyNames(t *testing.T) {
	const old = 48 * time.Hour
	folder := t.TempDir()
	s := open(t, folder, nil)
	whole := do(t, s, entry("whole", 1), nil)
	r := begin(t, s, entry("interrupted", 1))
	gone := do(t, s, entry("deleted", 1), nil)
	must(t, s.Delete(gone))
	s.Close()
	hash := strings.Repeat("ab", 32)
	lost := []string{
		plant(t, folder, "files/ab/"+hash, old), plant(t, folder, "files/ab/strange", old), plant(t, folder, "jobs/2026-01/notes.txt", old),
		plant(t, folder, "answers/20260101-000000-000000-0", old), plant(t, folder, "answers/strange", old),
	}
	stay := []string{plant(t, folder, "files/cd/"+strings.Repeat("cd", 32), time.Hour), plant(t, folder, "answers/"+history.NameOf(r.ID())+"-7", old)}
	dropped := []string{
		plant(t, folder, "files/ab/.overpaint-1.tmp", old), plant(t, folder, "answers/"+history.NameOf(whole)+"-0", old),
		plant(t, folder, "answers/"+history.NameOf(gone)+"-0", old),
	}
	again, told := openTelling(t, folder)
	for _, path := range slices.Concat(lost, dropped) {
		if _, err := os.Lstat(path); err == nil {
			t.Errorf("%s is still there", path)
		}
	}
	for _, path := range stay {
		if _, err := os.Lstat(path); err != nil {
			t.Error(err)
		}
	}
	have := content(t, filepath.Join(folder, "lost"))
	for _, path := range lost {
		if name, _ := filepath.Rel(folder, path); !have[filepath.ToSlash(name)] {
			t.Errorf("%s was deleted", name)
		}
	}
	if len(have) != len(lost) || !slices.Contains(told.all(), "notice.history_lost") {
		t.Errorf("%d lost files, told %q", len(have), told.all())
	}
	raw, err := again.RawAnswers(r.ID())
	if err != nil || len(raw) != 1 || raw[0].Index != -1 {
		t.Errorf("taken up: %+v, %v", raw, err)
	}
	// A second one of the same name is put beside the first.
	again.Close()
	plant(t, folder, "files/ab/"+hash, old)
	open(t, folder, nil)
	if found, _ := filepath.Glob(filepath.Join(folder, "lost", hash+"*")); len(found) != 2 {
		t.Errorf("%q", found)
	}
}

// TestLostCountsInTheLimit trims a history whose lost files are what is too much.
func TestLostCountsInTheLimit(t *testing.T) {
	folder := t.TempDir()
	c := &clock{time.Now()}
	s := open(t, folder, c)
	id := do(t, s, entry("x", 1), nil)
	before, err := s.Size(t.Context())
	must(t, err)
	plant(t, folder, "lost/older", 72*time.Hour)
	plant(t, folder, "lost/old", 48*time.Hour)
	plant(t, folder, "lost/young", time.Hour)
	full, err := s.Size(t.Context())
	if err != nil || full != before+int64(len("lost/older"+"lost/old"+"lost/young")) {
		t.Fatalf("%d bytes after %d, %v", full, before, err)
	}
	for _, step := range []struct {
		limit int64
		left  []string
	}{{full, []string{"old", "older", "young"}}, {full - 1, []string{"old", "young"}}, {1, []string{"young"}}} {
		if n, err := s.Trim(t.Context(), step.limit); n != 0 || err != nil {
			t.Errorf("%d jobs were removed, %v", n, err)
		}
		if got := filesIn(t, filepath.Join(folder, "lost")); !slices.Equal(got, step.left) {
			t.Errorf("limit %d: %q are left", step.limit, got)
		}
	}
	if _, err := s.Item(t.Context(), id); err != nil {
		t.Error(err)
	}
}

// TestADeletedJobHasNoEntry deletes a job and searches everything for its prompt.
func TestADeletedJobHasNoEntry(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	must(t, s.Delete(do(t, s, entry("a private matter", 1), nil)))
	s.Close()
	open(t, folder, nil).Close()
	for _, f := range filesIn(t, filepath.Join(folder, "jobs")) {
		if raw := read(t, filepath.Join(folder, "jobs", f)); strings.Contains(string(raw), "private") {
			t.Errorf("%s: %s", f, raw)
		}
	}
	if n := onDisk(t, folder); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

// TestFoldersInPlaceOfTheIndex has folders where the database's files should be.
func TestFoldersInPlaceOfTheIndex(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	first := do(t, s, entry("first", 1), nil)
	s.Close()
	remove(t, folder)
	for _, name := range []string{"history.db", "history.db-wal"} {
		must(t, os.MkdirAll(filepath.Join(folder, name, "inside"), 0o700))
	}
	s, told := openTelling(t, folder)
	second := do(t, s, entry("second", 1), nil)
	must(t, s.SetFavourite(first, true))
	if got := ids(list(t, s, history.Filter{})); !slices.Equal(got, []int64{second, first}) {
		t.Errorf("%v, told %q", got, told.all())
	}
	s.Close()
	s = open(t, folder, nil)
	if i, err := s.Item(t.Context(), first); err != nil || !i.Favourite {
		t.Errorf("%+v, %v", i, err)
	}
}

// TestNoRecordNoRequest has a history whose journals can't be written.
func TestNoRecordNoRequest(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	must(t, os.RemoveAll(filepath.Join(folder, "jobs")))
	must(t, os.WriteFile(filepath.Join(folder, "jobs"), nil, 0o600))
	if r, err := s.Record(t.Context(), entry("x", 1)); err == nil || r != nil {
		t.Fatalf("recorded %v", r)
	}
	must(t, os.Remove(filepath.Join(folder, "jobs")))
	r, err := s.Record(t.Context(), entry("x", 1))
	must(t, err)
	must(t, os.RemoveAll(filepath.Join(folder, "jobs")))
	if err := r.Keep(api.Sending{}); err == nil {
		t.Error("what couldn't be written down was sent")
	}
}
