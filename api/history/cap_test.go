package history_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
)

func capped(limit, foreseen int64) history.Entry {
	e := entry("x", 1)
	e.Caps.Month, e.Foreseen = limit, foreseen
	return e
}

// TestCapIsReserved records jobs until the cap is reached, by what was spent and
// by what is under way.
func TestCapIsReserved(t *testing.T) {
	c := &clock{noon("2026-03-10")}
	folder := t.TempDir()
	s, other := open(t, folder, c), open(t, folder, c)
	do(t, s, entry("spent", 2), nil) // 40,000
	first, err := s.Record(t.Context(), capped(100_000, 30_000))
	must(t, err)
	_, err = other.Record(t.Context(), capped(100_000, 30_001))
	var over *history.OverCapError
	want := history.OverCapError{Guard: history.GuardMonth, Cap: 100_000, Spent: 40_000, InFlight: 30_000, Cost: 30_001, Currency: "USD"}
	if !errors.As(err, &over) || *over != want {
		t.Fatalf("%+v, want %+v", err, want)
	}
	if _, err := other.Record(t.Context(), capped(100_000, 30_000)); err != nil {
		t.Errorf("what fits exactly: %v", err)
	}
	if _, err := s.Record(t.Context(), capped(100_000, 0)); !errors.As(err, &over) || over.Cost != 1 {
		t.Errorf("what costs at least something: %v", err)
	}
	e := capped(100_000, 90_000)
	e.Price.Currency = "EUR"
	if _, err := s.Record(t.Context(), e); err != nil {
		t.Errorf("another currency: %v", err)
	}
	if _, err := s.Record(t.Context(), capped(0, 1<<40)); err != nil {
		t.Errorf("without a cap: %v", err)
	}
	all, err := other.Spent(t.Context())
	if got := fmt.Sprint(all, err); got != "{map[USD:40000] map[USD:40000] map[EUR:90000 USD:1099511687776]} <nil>" {
		t.Errorf("spent %v", got)
	}
	// What has ended is reserved no more.
	first.End(api.Result{Asked: 1}, &api.Error{Kind: api.KindNetwork})
	if all, err := s.Spent(t.Context()); err != nil || all.InFlight["USD"] != 30_000+1<<40 {
		t.Errorf("spent %v, %v", all, err)
	}
}

// TestNoTwoPassTheCap has several programs and goroutines ask at once for more
// than the cap allows.
func TestNoTwoPassTheCap(t *testing.T) {
	folder := t.TempDir()
	var all sync.WaitGroup
	var passed, refused atomic.Int32
	for range 3 {
		s := open(t, folder, nil)
		for range 4 {
			all.Go(func() {
				_, err := s.Record(t.Context(), capped(50, 10))
				var over *history.OverCapError
				switch {
				case err == nil:
					passed.Add(1)
				case errors.As(err, &over):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childFolder+"="+folder, childStop+"=cap")
	out, err := cmd.CombinedOutput()
	must(t, err)
	all.Wait()
	for _, b := range out {
		if b == '+' {
			passed.Add(1)
		} else {
			refused.Add(1)
		}
	}
	if passed.Load() != 5 || refused.Load() != 11 {
		t.Errorf("%d passed, %d were refused; output %q", passed.Load(), refused.Load(), out)
	}
}

// askFour is a program that asks four times, and writes + or - for each.
func askFour(folder string) {
	ctx := context.Background()
	s, err := history.Open(ctx, folder)
	if err != nil {
		panic(err)
	}
	defer s.Close()
	for range 4 {
		_, err := s.Record(ctx, capped(50, 10))
		var over *history.OverCapError
		switch {
		case err == nil:
			fmt.Print("+")
		case errors.As(err, &over):
			fmt.Print("-")
		default:
			panic(err)
		}
	}
}

func TestRoom(t *testing.T) {
	s := open(t, t.TempDir(), nil)
	if err := s.Room(1 << 10); err != nil {
		t.Errorf("for a kilobyte: %v", err)
	}
	var none *history.RoomError
	if err := s.Room(1 << 60); !errors.As(err, &none) || none.Need <= 1<<60 || none.Free <= 0 {
		t.Errorf("for an exabyte: %v", err)
	}
}

// TestCapsOfAnEditAndADay: jobs that are asked for together count together, and are
// written down all or not at all.
func TestCapsOfAnEditAndADay(t *testing.T) {
	c := &clock{noon("2026-03-10")}
	s := open(t, t.TempDir(), c)
	do(t, s, entry("spent", 2), nil) // 40,000
	with := func(caps history.Caps) []history.Entry {
		one, two := capped(0, 30_000), capped(0, 30_000)
		one.Caps, two.Caps = caps, caps
		return []history.Entry{one, two}
	}
	for _, test := range []struct {
		caps history.Caps
		want history.OverCapError
	}{
		{history.Caps{Edit: 59_999}, history.OverCapError{Guard: history.GuardEdit, Cap: 59_999, Cost: 60_000, Currency: "USD"}},
		{history.Caps{Day: 99_999}, history.OverCapError{Guard: history.GuardDay, Cap: 99_999, Spent: 40_000, Cost: 60_000, Currency: "USD"}},
		{history.Caps{Edit: 60_000, Day: 100_000, Month: 99_999}, history.OverCapError{Guard: history.GuardMonth, Cap: 99_999, Spent: 40_000, Cost: 60_000, Currency: "USD"}},
	} {
		var over *history.OverCapError
		if _, err := s.RecordAll(t.Context(), with(test.caps)); !errors.As(err, &over) || *over != test.want {
			t.Errorf("%+v: %+v", test.caps, err)
		}
	}
	if all, err := s.Spent(t.Context()); err != nil || all.InFlight["USD"] != 0 {
		t.Errorf("reserved %v, %v", all, err)
	}
	records, err := s.RecordAll(t.Context(), with(history.Caps{Edit: 60_000, Day: 100_000, Month: 100_000}))
	if err != nil || len(records) != 2 {
		t.Fatalf("what fits exactly: %v", err)
	}
	// On the next day what is under way counts still, what was spent doesn't.
	c.now = noon("2026-03-11")
	next := capped(0, 40_000)
	next.Caps.Day = 100_000
	if _, err := s.Record(t.Context(), next); err != nil {
		t.Errorf("on the next day: %v", err)
	}
}
