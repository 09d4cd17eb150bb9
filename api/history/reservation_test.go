package history_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
)

// TestReservationKeepsItsSumFree records jobs that follow one another: nobody else can take what is
// kept free for them, in this program or in another one.
func TestReservationKeepsItsSumFree(t *testing.T) {
	folder := t.TempDir()
	s, other := open(t, folder, nil), open(t, folder, nil)
	r := s.NewReservation("USD")
	flying := func(want int64) {
		t.Helper()
		if all, err := other.Spent(t.Context()); err != nil || all.InFlight["USD"] != want {
			t.Errorf("in flight are %v, want %d: %v", all.InFlight, want, err)
		}
	}
	next := func(foreseen, ahead int64) (*history.Record, error) {
		e := capped(100_000, foreseen)
		e.Kept, e.Ahead = r, ahead
		return s.Record(t.Context(), e)
	}
	var over *history.OverCapError
	if _, err := next(30_000, 70_001); !errors.As(err, &over) || over.Cost != 100_001 {
		t.Errorf("more than the cap: %v", err)
	}
	flying(0)
	first, err := next(30_000, 60_000)
	must(t, err)
	flying(90_000)
	if _, err := other.Record(t.Context(), capped(100_000, 30_000)); !errors.As(err, &over) || over.InFlight != 90_000 {
		t.Errorf("another job took what is kept free: %v", err)
	}
	first.End(api.Result{Asked: 1}, &api.Error{Kind: api.KindNetwork}) // and cost nothing
	flying(60_000)
	// It is asked for again, for more than it was.
	if _, err := next(40_001, 60_000); !errors.As(err, &over) || over.Cost != 100_001 || over.InFlight != 0 {
		t.Errorf("asked again beyond the cap: %v", err)
	}
	flying(60_000)
	if _, err := next(40_000, 60_000); err != nil {
		t.Errorf("asked again: %v", err)
	}
	flying(100_000)
	if _, err := next(30_000, 30_000); err != nil {
		t.Errorf("what was kept free for it: %v", err)
	}
	flying(100_000)
	must(t, r.Release())
	flying(70_000)
}

// TestReservationEndsWithItsProgram leaves a reservation behind, as a program that is killed does.
func TestReservationEndsWithItsProgram(t *testing.T) {
	folder := t.TempDir()
	s, err := history.Open(t.Context(), folder)
	must(t, err)
	e := capped(0, 10_000)
	e.Kept, e.Ahead = s.NewReservation("USD"), 50_000
	r, err := s.Record(t.Context(), e)
	must(t, err)
	r.End(api.Result{Asked: 1}, &api.Error{Kind: api.KindNetwork})
	must(t, s.Close())
	reserved := func() int {
		list, err := os.ReadDir(filepath.Join(folder, "reserved"))
		must(t, err)
		return len(list)
	}
	if reserved() != 1 {
		t.Fatal("the reservation isn't on the disk")
	}
	next := open(t, folder, nil)
	if all, err := next.Spent(t.Context()); err != nil || all.InFlight["USD"] != 0 {
		t.Errorf("in flight are %v, %v", all.InFlight, err)
	}
	if reserved() != 0 {
		t.Error("it is still on the disk")
	}
}
