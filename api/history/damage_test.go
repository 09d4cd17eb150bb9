package history_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
)

// told collects what a store reports.
type told struct {
	mu   sync.Mutex
	keys []string
}

func (r *told) report(n api.Notice, _ error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys = append(r.keys, n.Sentence.Key)
}

func (r *told) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.keys)
}

// openTelling opens a history and returns what it reports.
func openTelling(t *testing.T, folder string) (*history.Store, *told) {
	t.Helper()
	r := &told{}
	s, err := history.Open(t.Context(), folder, history.WithReport(r.report))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, r
}

// sample fills a history with jobs of every sort: whole, marked, failed with an
// answer kept, interrupted with an answer kept, deleted. It leaves an older copy
// of the folder, made when half of it was there, in old.
func sample(t *testing.T, folder, old string) {
	t.Helper()
	s := open(t, folder, nil)
	first := do(t, s, entry("a red hat", 2), nil)
	gone := do(t, s, entry("deleted", 1), nil)
	if old != "" {
		if err := os.CopyFS(old, os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
	}
	err := errors.Join(s.SetFavourite(first, true), s.SetVariantFavourite(first, 1, true), s.MarkSaved(first, 0, "/out/a-1.png"), s.Delete(gone))
	if err != nil {
		t.Fatal(err)
	}
	do(t, s, entry("failed", 2), &api.Error{Kind: api.KindUnknown, Status: 502, Sentence: api.Sentence{Key: "error.unknown_download"}})
	r := begin(t, s, entry("interrupted", 2))
	receive(t, r, api.Arrival{Index: -1, Status: 200, RequestID: "paid"}, []byte("raw interrupted"))
	keep(t, r, api.Answer{Index: 0, Encoded: distinct(t)})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// account is all that a history answers, without what depends on the run.
type account struct {
	Items  []history.Item
	Hats   []int64
	Loved  []int64
	Totals []history.Total
	Spent  history.Spending
	Size   int64
	Files  map[string]bool // of all items, whether they are whole
	Raw    map[int64][]api.Kept
}

func take(t *testing.T, s *history.Store) account {
	t.Helper()
	var a account
	var err error
	a.Items = list(t, s, history.Filter{})
	a.Hats = ids(list(t, s, history.Filter{Text: "hat"}))
	a.Loved = ids(list(t, s, history.Filter{Favourites: true}))
	if a.Totals, err = s.Totals(t.Context(), history.ByDay, time.Now().AddDate(0, 0, -2), time.Now().AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if a.Spent, err = s.Spent(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a.Size, err = s.Size(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.Files, a.Raw = map[string]bool{}, map[int64][]api.Kept{}
	for _, i := range a.Items {
		names := append([]string{i.Canvas, i.Mask}, i.References...)
		for _, v := range i.Variants {
			names = append(names, v.File)
		}
		for _, name := range names {
			_, err := s.File(name)
			a.Files[name] = err == nil
		}
		a.Raw[i.ID], _ = s.RawAnswers(i.ID) // of those that can be read
	}
	return a
}

// differences says in what two accounts differ. What lies among the lost files
// counts in the size, and is left out.
func differences(got, want account) string {
	var all []string
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range g.NumField() {
		if name := g.Type().Field(i).Name; name != "Size" && !reflect.DeepEqual(g.Field(i).Interface(), w.Field(i).Interface()) {
			all = append(all, fmt.Sprintf("%s: %.600v, want %.600v", name, g.Field(i), w.Field(i)))
		}
	}
	return strings.Join(all, "\n")
}

// isDatabase reports a file of the index.
func isDatabase(path string) bool { return strings.HasPrefix(filepath.Base(path), "history.db") }

// damages are what is done to a file.
var damages = []struct {
	name string
	do   func(t *testing.T, path, older string)
}{
	{"gone", func(t *testing.T, path, _ string) { must(t, os.Remove(path)) }},
	{"empty", func(t *testing.T, path, _ string) { must(t, os.Truncate(path, 0)) }},
	{"half", func(t *testing.T, path, _ string) { must(t, os.Truncate(path, size(t, path)/2)) }},
	{"tail", func(t *testing.T, path, _ string) { must(t, os.Truncate(path, max(size(t, path)-7, 0))) }},
	{"zeros", func(t *testing.T, path, _ string) { overwrite(t, path, 0, make([]byte, min(4096, size(t, path)))) }},
	{"zeros behind", func(t *testing.T, path, _ string) {
		n := size(t, path)
		overwrite(t, path, n/2, make([]byte, min(4096, n-n/2)))
	}},
	{"flipped", func(t *testing.T, path, _ string) {
		raw := read(t, path)
		for i := 0; i < len(raw); i += 97 {
			raw[i] ^= 0x55
		}
		must(t, os.WriteFile(path, raw, 0o600))
	}},
	{"junk", func(t *testing.T, path, _ string) {
		must(t, os.WriteFile(path, bytes.Repeat([]byte("junk"), 5000), 0o600))
	}},
	{"folder", func(t *testing.T, path, _ string) {
		must(t, errors.Join(os.Remove(path), os.MkdirAll(filepath.Join(path, "inside"), 0o700)))
	}},
	{"older", func(t *testing.T, path, older string) {
		if raw, err := os.ReadFile(older); err == nil {
			must(t, os.WriteFile(path, raw, 0o600))
		} else {
			must(t, os.Remove(path))
		}
	}},
	{"unreadable", func(t *testing.T, path, _ string) {
		// A link to itself can be read by nobody, not even by root.
		must(t, errors.Join(os.Remove(path), os.Symlink(filepath.Base(path), path)))
	}},
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	return info.Size()
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	must(t, err)
	return raw
}

func overwrite(t *testing.T, path string, at int64, data []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteAt(data, at)
	must(t, errors.Join(err, f.Close()))
}

// filesIn returns all files below a folder, relative to it, in order.
func filesIn(t *testing.T, folder string) (all []string) {
	t.Helper()
	must(t, filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			rel, _ := filepath.Rel(folder, path)
			all = append(all, rel)
		}
		return err
	}))
	return all
}

// content returns what all files below a folder hold.
func content(t *testing.T, folder string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, f := range filesIn(t, folder) {
		all[string(read(t, filepath.Join(folder, f)))] = true
	}
	return all
}

// TestEveryDamageToEveryFile damages each file of a history in each way, opens
// it, and finds everything but what that file alone held. It then has a picture
// of what each file holds twice: no bytes of a picture or an answer that were
// not damaged themselves may be gone.
func TestEveryDamageToEveryFile(t *testing.T) {
	base := t.TempDir()
	whole, older := filepath.Join(base, "whole"), filepath.Join(base, "older")
	sample(t, whole, older)
	s, _ := openTelling(t, whole)
	want := take(t, s)
	s.Close()
	tries := 0
	for _, file := range filesIn(t, whole) {
		for _, damage := range damages {
			name := filepath.Dir(file) + " " + damage.name
			folder := filepath.Join(base, fmt.Sprint("try", tries))
			tries++
			must(t, os.CopyFS(folder, os.DirFS(whole)))
			makeOld(t, folder)
			damage.do(t, filepath.Join(folder, file), filepath.Join(older, file))
			s, told := openTelling(t, folder)
			got := take(t, s)
			switch {
			case isDatabase(file):
				if d := differences(got, want); d != "" || got.Size != want.Size {
					t.Errorf("%s: size %d, want %d, %s", name, got.Size, want.Size, d)
				}
				if len(told.all()) == 0 && damage.name != "older" {
					t.Errorf("%s: nothing was told", name)
				}
			case strings.HasPrefix(file, "jobs"):
				// The index still has it all; a flipped byte may stand in a text.
				if d := differences(got, want); d != "" && damage.name != "flipped" {
					t.Errorf("%s: %s", name, d)
				}
			default:
				if len(got.Items) != len(want.Items) || !reflect.DeepEqual(got.Totals, want.Totals) {
					t.Errorf("%s: %d items, %+v", name, len(got.Items), got.Totals)
				}
			}
			have := content(t, folder)
			for _, other := range filesIn(t, whole) {
				kept := strings.HasPrefix(other, "files") || strings.HasPrefix(other, "answers")
				if kept && other != file && !have[string(read(t, filepath.Join(whole, other)))] {
					t.Errorf("%s: %s is gone", name, other)
				}
			}
			// It goes on working, and what was interrupted is recovered.
			decode := func(context.Context, history.KeptJob, api.Kept) (api.Recovered, error) {
				return api.Recovered{
					Whole: true, Usage: map[string]int64{"total_tokens": 5},
					Answers: []api.Answer{{Index: 0, Image: plain(8, 1)}, {Index: 1, Image: plain(8, 2)}},
				}, nil
			}
			if _, err := s.Recover(t.Context(), decode); err != nil {
				t.Errorf("%s: Recover: %v", name, err)
			}
			do(t, s, entry("afterwards", 1), nil)
			if items := list(t, s, history.Filter{Text: "afterwards"}); len(items) != 1 || !items[0].Over {
				t.Errorf("%s: afterwards there is %+v", name, items)
			}
			s.Close()
			os.RemoveAll(folder)
		}
	}
	t.Logf("%d tries", tries)
}

// makeOld makes all pictures and answers of a folder so old that they would be
// lost if nothing named them.
func makeOld(t *testing.T, folder string) {
	t.Helper()
	then := time.Now().Add(-48 * time.Hour)
	for _, file := range filesIn(t, folder) {
		if strings.HasPrefix(file, "files") || strings.HasPrefix(file, "answers") {
			must(t, os.Chtimes(filepath.Join(folder, file), then, then))
		}
	}
}

// TestMarksWhileTheIndexIsSetAside: whoever marks a job holds the lock that making
// the index again wants, too. Before, the program waited for itself for ever, and
// every other program with it.
func TestMarksWhileTheIndexIsSetAside(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a file in use can't be moved there")
	}
	folder := t.TempDir()
	s := open(t, folder, nil)
	id := do(t, s, entry("a red hat", 2), nil)
	aside := func() {
		for _, end := range []string{"", "-wal", "-shm"} {
			if err := os.Rename(filepath.Join(folder, "history.db"+end), filepath.Join(t.TempDir(), "aside"+end)); err != nil && end == "" {
				t.Fatal(err)
			}
		}
	}
	for _, mark := range []func() error{
		func() error { return s.MarkSaved(id, 0, "/out/a-1.png") },
		func() error { return s.SetFavourite(id, true) },
		func() error { return s.SetVariantFavourite(id, 1, true) },
	} {
		aside()
		if err := mark(); err != nil {
			t.Error(err)
		}
	}
	items, err := s.List(t.Context(), history.Filter{})
	if err != nil || len(items) != 1 || !items[0].Favourite {
		t.Errorf("%+v, %v", items, err)
	}
}
