package history_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
)

// blocked puts a file where the folder for a picture has to be made.
func blocked(t *testing.T, folder string, data []byte) (path string) {
	t.Helper()
	sum := sha256.Sum256(data)
	path = filepath.Join(folder, "files", hex.EncodeToString(sum[:1]))
	if err := os.Rename(path, path+"-aside"); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A picture that could not be kept when it came is kept at the end, should that
// be possible by then.
func TestAVariantIsKeptAtTheEndWhereItCouldNotBeBefore(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	r := begin(t, s, entry("x", 2))
	receive(t, r, api.Arrival{Index: -1, Status: 200}, []byte("raw"))
	first, second := distinct(t), distinct(t)
	path := blocked(t, folder, first)
	if err := r.Keep(api.Answer{Index: 0, Encoded: first, RevisedPrompt: "revised"}); err == nil {
		t.Fatal("the trouble was not told")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	_ = os.Rename(path+"-aside", path)
	keep(t, r, api.Answer{Index: 1, Encoded: second})
	r.End(api.Result{Asked: 2, Got: 2}, nil)
	i, err := s.Item(t.Context(), r.ID())
	if err != nil {
		t.Fatal(err)
	}
	if len(i.Variants) != 2 || i.Outcome != "" || i.Answers != 0 || i.Variants[0].RevisedPrompt != "revised" {
		t.Fatalf("item %+v", i)
	}
	if got, err := s.File(i.Variants[0].File); err != nil || string(got) != string(first) {
		t.Fatalf("the picture: %d bytes, %v", len(got), err)
	}
}

// What can't be kept at all is not called a success, and its answer stays.
func TestAJobWhosePicturesCannotBeKeptIsNoSuccess(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	r := begin(t, s, entry("x", 1))
	receive(t, r, api.Arrival{Index: -1, Status: 200}, []byte("raw"))
	picture := distinct(t)
	blocked(t, folder, picture)
	if err := r.Keep(api.Answer{Index: 0, Encoded: picture}); err == nil {
		t.Fatal("the trouble was not told")
	}
	r.End(api.Result{Asked: 1, Got: 1}, nil)
	i, err := s.Item(t.Context(), r.ID())
	if err != nil {
		t.Fatal(err)
	}
	if !i.Over || i.Outcome != api.KindLocal || i.Trouble == nil || i.Trouble.Key != "notice.not_kept" || i.Cost != 20_000 || i.Answers != 1 {
		t.Fatalf("item %+v", i)
	}
}

// away takes a job's journal away, as a disk does that can't be written, until the
// function that it returns is called.
func away(t *testing.T, folder string, id int64) (back func()) {
	t.Helper()
	name := history.NameOf(id)
	path := filepath.Join(folder, "jobs", name[:4]+"-"+name[4:6], name+".jsonl")
	must(t, os.Rename(path, path+"-aside"))
	must(t, os.Mkdir(path, 0o700))
	return func() { must(t, errors.Join(os.Remove(path), os.Rename(path+"-aside", path))) }
}

// A picture that is on the disk and that the journal could not name is the job's again
// on the next start, whether the job has an end or not.
func TestAPictureThatTheJournalCouldNotNameIsFound(t *testing.T) {
	for _, c := range []struct {
		name    string
		ended   bool
		variant bool // had another variant before
	}{{"killed", false, false}, {"ended", true, false}, {"one of two", true, true}} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			s := open(t, folder, nil)
			r := begin(t, s, entry("x", 2))
			receive(t, r, api.Arrival{Index: -1, Status: 200}, nil)
			if c.variant {
				keep(t, r, api.Answer{Index: 0, Encoded: distinct(t)})
			}
			picture := distinct(t)
			back := away(t, folder, r.ID())
			if err := r.Keep(api.Answer{Index: 1, Encoded: picture}); err == nil {
				t.Fatal("the trouble was not told")
			}
			if c.ended {
				r.End(api.Result{Asked: 2, Got: 2}, nil) // in vain
			}
			back()
			s.Close()
			nothing := func(context.Context, history.KeptJob, api.Kept) (api.Recovered, error) { return api.Recovered{}, nil }
			for range 2 { // the second time changes nothing
				s = open(t, folder, nil)
				if _, err := s.Recover(t.Context(), nothing); err != nil {
					t.Fatal(err)
				}
				i, err := s.Item(t.Context(), r.ID())
				must(t, err)
				last := len(i.Variants) - 1
				if last < 0 || i.Variants[last].Index != 1 || (last == 1) != c.variant {
					t.Fatalf("item %+v", i)
				}
				if got, err := s.File(i.Variants[last].File); err != nil || string(got) != string(picture) {
					t.Fatalf("the picture: %d bytes, %v", len(got), err)
				}
				must(t, s.Close())
			}
			if left, _ := filepath.Glob(filepath.Join(folder, "answers", "*-v*")); len(left) > 0 {
				t.Fatalf("links are left: %q", left)
			}
		})
	}
}

// A raw answer that the journal could not name is made pictures of, where the job has an
// end already, too.
func TestAnAnswerThatTheJournalCouldNotNameIsDecodedAfterTheEnd(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	r := begin(t, s, entry("x", 2))
	back := away(t, folder, r.ID())
	w, err := r.Spool(api.Arrival{Index: -1, Status: 200})
	must(t, err)
	_, err = w.Write([]byte("raw"))
	must(t, err)
	if w.Close() == nil {
		t.Fatal("the trouble was not told")
	}
	back()
	r.End(api.Result{Asked: 2}, &api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "notice.not_kept"}})
	must(t, s.Close())
	s = open(t, folder, nil)
	if _, err := s.Recover(t.Context(), two); err != nil {
		t.Fatal(err)
	}
	i, err := s.Item(t.Context(), r.ID())
	must(t, err)
	if len(i.Variants) != 2 || i.Outcome != "" {
		t.Fatalf("item %+v", i)
	}
}
