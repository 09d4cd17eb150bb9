package history_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
)

// two is a decoder that finds two pictures in each answer.
func two(_ context.Context, _ history.KeptJob, k api.Kept) (api.Recovered, error) {
	return api.Recovered{
		Whole: true, Usage: map[string]int64{"total_tokens": 9},
		Answers: []api.Answer{{Index: 0, Image: plain(8, 1)}, {Index: 1, Image: plain(8, 2)}},
	}, nil
}

// TestRecoveredKeepsUsageAndNumber recovers a job and finds what the service
// said of it, and what it cost, by tokens.
func TestRecoveredKeepsUsageAndNumber(t *testing.T) {
	c := &clock{noon("2026-03-10")}
	folder := t.TempDir()
	s := open(t, folder, c)
	e := entry("x", 2)
	e.Price.Tokens = map[string]int64{"total_tokens": 3_000_000}
	r := begin(t, s, e)
	receive(t, r, api.Arrival{Index: -1, Status: 200, RequestID: "paid"}, []byte("body"))
	s.Close()
	c.now = noon("2026-03-12")
	s = open(t, folder, c)
	if got, err := s.Recover(t.Context(), two); err != nil || len(got) != 1 {
		t.Fatalf("%v, %v", got, err)
	}
	i, err := s.Item(t.Context(), r.ID())
	if err != nil || i.Outcome != "" || i.RequestID != "paid" || i.Usage["total_tokens"] != 9 || i.Cost != 27 || i.Answers != 0 {
		t.Errorf("%+v, %v", i, err)
	}
	// It was spent when it was asked for.
	if days, err := s.Totals(t.Context(), history.ByDay, noon("2026-03-01"), noon("2026-03-30")); err != nil || len(days) != 1 || days[0].Period != "2026-03-10" {
		t.Errorf("%+v, %v", days, err)
	}
	if files, _ := filepath.Glob(filepath.Join(folder, "answers", "*")); len(files) != 0 {
		t.Errorf("answers that nobody needs: %q", files)
	}
}

// receiveHalf spools an answer that breaks off after "half". Its file stays open until the
// test ends, as Windows deletes no folder with an open file in it.
func receiveHalf(t *testing.T, r *history.Record, a api.Arrival) {
	t.Helper()
	w, err := r.Spool(a)
	must(t, err)
	t.Cleanup(func() { w.Close() })
	_, err = w.Write([]byte("half"))
	must(t, err)
}

// TestCutAnswersAreDecoded has an answer that broke off after its first picture.
func TestCutAnswersAreDecoded(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	r := begin(t, s, entry("x", 2))
	receiveHalf(t, r, api.Arrival{Index: -1, Status: 200})
	s.Close() // killed: the answer is not closed
	s = open(t, folder, nil)
	half := func(_ context.Context, _ history.KeptJob, k api.Kept) (api.Recovered, error) {
		if string(k.Body) != "half" {
			t.Errorf("decoding %q", k.Body)
		}
		return api.Recovered{Answers: []api.Answer{{Index: 0, Image: plain(8, 1)}}}, errors.New("cut")
	}
	_, err := s.Recover(t.Context(), half)
	must(t, err)
	i, err := s.Item(t.Context(), r.ID())
	if err != nil || i.Outcome != api.KindUnknown || len(i.Variants) != 1 || i.Answers != 1 || i.Cost != 40_000 {
		t.Errorf("%+v, %v", i, err)
	}
}

// TestACutDownloadIsUnknown: of a picture whose bytes broke off nobody knows the rest,
// whatever a decoder makes of those that are there.
func TestACutDownloadIsUnknown(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	r := begin(t, s, entry("x", 1))
	receiveHalf(t, r, api.Arrival{Index: 0, Status: 200, ContentType: "image/png"})
	s.Close() // killed: the answer is not closed
	s = open(t, folder, nil)
	broken := func(context.Context, history.KeptJob, api.Kept) (api.Recovered, error) {
		return api.Recovered{Whole: true}, &api.Error{Kind: api.KindEmpty}
	}
	_, err := s.Recover(t.Context(), broken)
	must(t, err)
	i, err := s.Item(t.Context(), r.ID())
	if err != nil || i.Outcome != api.KindUnknown || len(i.Variants) != 0 || i.Answers != 1 || i.Cost != 20_000 {
		t.Errorf("%+v, %v", i, err)
	}
}

// TestOneBadJobKeepsNoOtherBack has two interrupted jobs, of which the first
// one's journal can't be read: it is made again from the index.
func TestOneBadJobKeepsNoOtherBack(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	first, second := begin(t, s, entry("first", 1)), begin(t, s, entry("second", 1))
	receive(t, first, api.Arrival{Index: -1}, []byte("one"))
	receive(t, second, api.Arrival{Index: -1}, []byte("two"))
	s.Close()
	name := history.NameOf(first.ID())
	journal := filepath.Join(folder, "jobs", name[:4]+"-"+name[4:6], name+".jsonl")
	must(t, os.Rename(journal, journal+".away"))
	must(t, os.Symlink(filepath.Base(journal), journal))
	s, told := openTelling(t, folder)
	found, err := s.Recover(t.Context(), two)
	if err != nil || len(found) != 2 {
		t.Errorf("recovered %v, %v, told %q", found, err, told.all())
	}
}

// TestJunkIsCut ends jobs whose answers hold no picture, or may hold one.
func TestJunkIsCut(t *testing.T) {
	page := bytes.Repeat([]byte("<p>no image service</p>"), 1<<17)
	for _, c := range []struct {
		fault *api.Error
		cut   bool
	}{
		{&api.Error{Kind: api.KindNotService}, true},
		{&api.Error{Kind: api.KindRejected, Status: 400}, true},
		{&api.Error{Kind: api.KindUnknown}, false},
		{&api.Error{Kind: api.KindEmpty, Sentence: api.Sentence{Key: "error.empty_download"}}, false},
	} {
		s := open(t, t.TempDir(), nil)
		r := begin(t, s, entry("x", 1))
		receive(t, r, api.Arrival{Index: -1}, page)
		r.End(api.Result{Asked: 1}, c.fault)
		raw, err := s.RawAnswers(r.ID())
		if err != nil || len(raw) != 1 || (len(raw[0].Body) == 1<<20) != c.cut || !c.cut && !bytes.Equal(raw[0].Body, page) {
			t.Errorf("%v: %d answers, %v", c.fault, len(raw), err)
		}
	}
}
