package history_test

import (
	"database/sql"
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
)

func remove(t *testing.T, folder string) {
	t.Helper()
	for _, with := range []string{"", "-wal", "-shm"} {
		must(t, os.RemoveAll(filepath.Join(folder, "history.db"+with)))
	}
}

// change does something by chance that a person or a service would do.
func change(t *testing.T, s *history.Store, rnd *rand.Rand, c *clock, jobs *[]int64) {
	t.Helper()
	c.now = c.now.Add(time.Duration(rnd.IntN(100)) * time.Minute)
	id := int64(0)
	if len(*jobs) > 0 {
		id = (*jobs)[rnd.IntN(len(*jobs))]
	}
	faults := []*api.Error{nil, nil, {Kind: api.KindUnknown}, {Kind: api.KindRejected, Status: 400, Message: "no"}}
	var err error
	switch rnd.IntN(7) {
	case 0:
		err = s.SetFavourite(id, rnd.IntN(2) == 0)
	case 1:
		err = s.SetVariantFavourite(id, rnd.IntN(2), true)
	case 2:
		err = s.MarkSaved(id, rnd.IntN(2), fmt.Sprint("/out/", rnd.IntN(9), ".png"))
	case 3:
		if rnd.IntN(2) == 0 {
			err = s.Delete(id)
		}
	default:
		e := entry(fmt.Sprint("帽子 hat ", rnd.IntN(5)), 1+rnd.IntN(3))
		if rnd.IntN(3) == 0 {
			e.Request.References = []*image.NRGBA{plain(8, uint8(rnd.IntN(3)))}
		}
		*jobs = append(*jobs, do(t, s, e, faults[rnd.IntN(len(faults))]))
	}
	var deleted bool
	if _, itemErr := s.Item(t.Context(), id); errors.Is(itemErr, sql.ErrNoRows) {
		deleted = true
	}
	if err != nil && !deleted {
		t.Fatal(err)
	}
}

// TestRebuiltIsTheSame makes histories by chance and compares all that they
// answer before and after the database was deleted.
func TestRebuiltIsTheSame(t *testing.T) {
	for seed := range uint64(8) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		folder, c := t.TempDir(), &clock{time.Now().Add(-20 * time.Hour)}
		s := open(t, folder, c)
		var jobs []int64
		for range 25 {
			change(t, s, rnd, c, &jobs)
		}
		want := take(t, s)
		s.Close()
		remove(t, folder)
		again, told := openTelling(t, folder)
		got := take(t, again)
		want.Spent.Today, got.Spent.Today = nil, nil // by another clock
		if d := differences(got, want); d != "" || got.Size != want.Size {
			t.Errorf("seed %d: size %d, want %d: %s", seed, got.Size, want.Size, d)
		}
		if !slices.Equal(told.all(), []string{"notice.history_index_lost"}) {
			t.Errorf("seed %d: told %q", seed, told.all())
		}
		again.Close()
	}
}

// TestVersionsOfTheDatabase has numbers of versions that this program doesn't know.
func TestVersionsOfTheDatabase(t *testing.T) {
	for n, version := range []int{-1, -1 << 31, 0, 4, 1000, 1<<31 - 1} {
		folder := t.TempDir()
		s := open(t, folder, nil)
		id := do(t, s, entry("x", 1), nil)
		s.Close()
		db, err := sql.Open("sqlite", filepath.Join(folder, "history.db"))
		must(t, err)
		_, err = db.Exec(fmt.Sprintf("PRAGMA user_version = %d", version))
		must(t, errors.Join(err, db.Close()))
		// One that was set aside before stays.
		earlier := filepath.Join(folder, "history.db.damaged-1")
		must(t, os.WriteFile(earlier, []byte("kept"), 0o600))
		again, told := openTelling(t, folder)
		if i, err := again.Item(t.Context(), id); err != nil || len(i.Variants) != 1 {
			t.Errorf("version %d: %+v, %v", version, i, err)
		}
		if string(read(t, earlier)) != "kept" || size(t, filepath.Join(folder, "history.db.damaged-2")) == 0 {
			t.Errorf("version %d: what was set aside was overwritten", version)
		}
		if !slices.Equal(told.all(), []string{"notice.history_rebuilt"}) {
			t.Errorf("version %d (%d): told %q", version, n, told.all())
		}
		again.Close()
	}
}

// TestDamageWhileOpen damages the database under a store that is in use: each
// page in turn is filled with zeros.
func TestDamageWhileOpen(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	id := do(t, s, entry("a red hat", 2), nil)
	s.Close()
	path := filepath.Join(folder, "history.db")
	for page := int64(0); page*4096 < size(t, path); page++ {
		s, _ := openTelling(t, folder)
		overwrite(t, path, page*4096, make([]byte, 4096))
		other := do(t, s, entry("another hat", 1), nil)
		must(t, s.SetFavourite(id, true))
		if got := ids(list(t, s, history.Filter{Text: "hat"})); !slices.Contains(got, id) || !slices.Contains(got, other) {
			t.Errorf("page %d: %v", page, got)
		}
		must(t, s.Delete(other))
		s.Close()
		again, _ := openTelling(t, folder)
		if got := ids(list(t, again, history.Filter{Text: "hat"})); !slices.Equal(got, []int64{id}) {
			t.Errorf("page %d: afterwards %v", page, got)
		}
		again.Close()
	}
}

// TestSeveralRebuildAtOnce opens a history whose database is damaged several
// times at once, each of which goes on writing.
func TestSeveralRebuildAtOnce(t *testing.T) {
	folder := t.TempDir()
	sample(t, folder, "")
	must(t, os.WriteFile(filepath.Join(folder, "history.db"), []byte(strings.Repeat("no database", 999)), 0o600))
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			s, err := history.Open(t.Context(), folder)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			for range 3 {
				r, err := s.Record(t.Context(), entry(fmt.Sprint("from ", n), 1))
				if err != nil {
					t.Error(err)
					return
				}
				r.End(api.Result{Asked: 1}, &api.Error{Kind: api.KindNetwork})
			}
		})
	}
	all.Wait()
	s := open(t, folder, nil)
	if n := len(list(t, s, history.Filter{Text: "from"})); n != 12 {
		t.Errorf("%d jobs, want 12", n)
	}
	if found, _ := filepath.Glob(filepath.Join(folder, "history.db.damaged-*")); len(found) != 1 {
		t.Errorf("set aside: %q", found)
	}
}

// TestAnotherProgramRebuilds has a store whose database another one sets aside.
func TestAnotherProgramRebuilds(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no file that is open can be set aside there")
	}
	folder := t.TempDir()
	s := open(t, folder, nil)
	first := do(t, s, entry("first", 1), nil)
	must(t, os.Rename(filepath.Join(folder, "history.db"), filepath.Join(folder, "history.db.damaged-1")))
	other := open(t, folder, nil)
	second := do(t, other, entry("second", 1), nil)
	third := do(t, s, entry("third", 1), nil)
	for _, each := range []*history.Store{s, other} {
		if got := ids(list(t, each, history.Filter{})); !slices.Equal(got, []int64{third, second, first}) {
			t.Errorf("%v", got)
		}
	}
}

// TestFirstVersionIsConverted opens a history that version 0.1 has made.
func TestFirstVersionIsConverted(t *testing.T) {
	for _, damage := range []string{"", "half done"} {
		folder := t.TempDir()
		must(t, os.CopyFS(folder, os.DirFS("testdata/v01")))
		makeOld(t, folder)
		s, told := openTelling(t, folder)
		if damage != "" {
			// It was interrupted: the database is there still, and some journals.
			items := list(t, s, history.Filter{})
			s.Close()
			remove(t, folder)
			must(t, os.WriteFile(filepath.Join(folder, "history.db"), read(t, "testdata/v01/history.db"), 0o600))
			name := history.NameOf(items[0].ID)
			must(t, os.Remove(filepath.Join(folder, "jobs", name[:4]+"-"+name[4:6], name+".jsonl")))
			s, told = openTelling(t, folder)
		}
		converted(t, s, told)
	}
}

func converted(t *testing.T, s *history.Store, told *told) {
	t.Helper()
	if len(told.all()) != 0 {
		t.Errorf("told %q", told.all())
	}
	items := list(t, s, history.Filter{})
	var prompts []string
	for _, i := range items {
		prompts = append(prompts, i.Prompt)
	}
	if !slices.Equal(prompts, []string{"killed before", "killed with an answer", "fill", "帽子", "a red hat"}) {
		t.Fatalf("%q", prompts)
	}
	killed, unknown, hat := items[1], items[3], items[4]
	if killed.Over || len(killed.Variants) != 1 || killed.Answers != 1 || killed.Created.Format("2006-01-02") != "2026-03-03" {
		t.Errorf("killed: %+v", killed)
	}
	if unknown.Trouble == nil || unknown.Trouble.Message != "gateway" || unknown.Answers != 1 || unknown.Cost != 40_000 {
		t.Errorf("unknown: %+v", unknown)
	}
	if !hat.Favourite || !hat.Variants[1].Favourite || hat.Variants[0].Saved != "/out/a-1.png" || len(hat.References) != 1 || hat.Usage["total_tokens"] != 7 {
		t.Errorf("hat: %+v", hat)
	}
	for _, i := range items {
		for _, hash := range append([]string{i.Canvas, i.Mask}, i.References...) {
			if _, err := s.File(hash); err != nil {
				t.Errorf("%s: %v", i.Prompt, err)
			}
		}
		raw, err := s.RawAnswers(i.ID)
		if err != nil || len(raw) != i.Answers {
			t.Errorf("%s: %d answers, %v", i.Prompt, len(raw), err)
		}
	}
	march := noon("2026-03-01")
	totals, err := s.Totals(t.Context(), history.ByMonth, march, march.AddDate(0, 0, 30))
	if err != nil || len(totals) != 1 || totals[0].Cost != 100_000 || totals[0].Jobs != 3 || totals[0].Pictures != 3 {
		t.Errorf("totals %+v, %v", totals, err)
	}
	if got, err := s.Recover(t.Context(), two); err != nil || len(got) != 2 {
		t.Errorf("recovered %v, %v", got, err)
	}
}

// TestDamagedFirstVersion opens a history of version 0.1 in which one page
// after the other is damaged: what can be read is kept, and so is the database.
func TestDamagedFirstVersion(t *testing.T) {
	raw := read(t, "testdata/v01/history.db")
	for page := 0; page*4096 < len(raw); page++ {
		folder := t.TempDir()
		must(t, os.CopyFS(folder, os.DirFS("testdata/v01")))
		makeOld(t, folder)
		overwrite(t, filepath.Join(folder, "history.db"), int64(page)*4096, make([]byte, 4096))
		s, told := openTelling(t, folder)
		_ = list(t, s, history.Filter{})
		have := content(t, folder)
		for _, f := range filesIn(t, "testdata/v01/files") {
			if !have[string(read(t, filepath.Join("testdata/v01/files", f)))] {
				t.Errorf("page %d: %s is gone", page, f)
			}
		}
		if slices.Contains(told.all(), "notice.history_rebuilt") {
			if size(t, filepath.Join(folder, "history.db.damaged-1")) != int64(len(raw)) {
				t.Errorf("page %d: the database was not kept", page)
			}
		} else if n := len(list(t, s, history.Filter{})); n != 5 {
			t.Errorf("page %d: %d items without a word, told %q", page, n, told.all())
		}
		s.Close()
	}
}
