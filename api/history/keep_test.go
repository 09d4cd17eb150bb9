package history_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/settings"
)

func TestDeleteTakesOnlyWhatNothingElseNeeds(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder, nil)
	first, second := do(t, s, entry("x", 2), nil), do(t, s, entry("y", 1), nil)
	if n := onDisk(t, folder); n != 2+2+1 { // one picture and one mask for both
		t.Fatalf("%d files", n)
	}
	if err := s.Delete(first); err != nil {
		t.Fatal(err)
	}
	i, err := s.Item(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	for _, hash := range []string{i.Canvas, i.Mask, i.Variants[0].File} {
		if _, err := s.File(hash); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Delete(second); err != nil {
		t.Fatal(err)
	}
	size, err := s.Size(t.Context())
	if n := onDisk(t, folder); n != 0 || size != 0 || err != nil {
		t.Fatalf("%d files of %d bytes are left, %v", n, size, err)
	}
}

func TestTrimKeepsFavouritesAndWhatIsYoung(t *testing.T) {
	c := &clock{}
	s := open(t, t.TempDir(), c)
	// Each job has a picture of its own.
	add := func(day string, v uint8) int64 {
		c.now = noon(day)
		e := entry("x", 1)
		e.Canvas = plain(64, v)
		return do(t, s, e, nil)
	}
	oldest := add("2026-03-01", 1)
	loved := add("2026-03-02", 2)
	old := add("2026-03-03", 3)
	savedToday := add("2026-03-04", 4)
	unsavedToday := add("2026-03-04", 5)
	if err := errors.Join(s.SetFavourite(loved, true), s.MarkSaved(savedToday, 0, "/a-1.png")); err != nil {
		t.Fatal(err)
	}
	full, err := s.Size(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Trim(t.Context(), full); n != 0 || err != nil {
		t.Fatalf("removed %d although there was room, %v", n, err)
	}
	if n, err := s.Trim(t.Context(), full-1); n != 1 || err != nil {
		t.Fatalf("removed %d, %v; want the oldest alone", n, err)
	}
	if got := ids(list(t, s, history.Filter{})); slices.Contains(got, oldest) || !slices.Contains(got, old) {
		t.Fatalf("left: %v", got)
	}
	if _, err := s.Trim(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if got, want := ids(list(t, s, history.Filter{})), []int64{unsavedToday, savedToday, loved}; !slices.Equal(got, want) {
		t.Fatalf("left %v, want %v", got, want)
	}
	c.now = noon("2026-03-05")
	if n, err := s.Trim(t.Context(), 1); n != 2 || err != nil {
		t.Fatalf("the day after: removed %d, %v", n, err)
	}
}

func TestTotalsAndCap(t *testing.T) {
	c := &clock{}
	s := open(t, t.TempDir(), c)
	var jobs []int64
	on := func(day string, n int, fault *api.Error) {
		c.now = noon(day)
		jobs = append(jobs, do(t, s, entry("x", n), fault))
	}
	on("2026-02-28", 1, nil)
	on("2026-03-01", 2, nil)
	on("2026-03-01", 1, nil)
	on("2026-03-02", 3, &api.Error{Kind: api.KindUnknown})
	e := entry("x", 4)
	e.Connection, e.Price = settings.Builtin, settings.Price{}
	do(t, s, e, nil)
	if err := s.Delete(jobs[0], jobs[1]); err != nil { // what was spent stays spent
		t.Fatal(err)
	}
	var costs []string
	for _, i := range list(t, s, history.Filter{}) {
		costs = append(costs, fmt.Sprint(i.Cost, i.Currency))
	}
	if want := []string{"0", "60000USD", "20000USD"}; !slices.Equal(costs, want) {
		t.Errorf("the jobs cost %q, want %q", costs, want)
	}
	days, err := s.Totals(t.Context(), history.ByDay, noon("2026-02-01"), noon("2026-03-31"))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(days); got != "[{2026-03-02 relay 1 0 60000 USD 1 map[total_tokens:7]} {2026-03-01 relay 2 3 60000 USD 0 map[total_tokens:14]} {2026-02-28 relay 1 1 20000 USD 0 map[total_tokens:7]}]" {
		t.Errorf("days %v", got)
	}
	months, err := s.Totals(t.Context(), history.ByMonth, noon("2026-03-01"), noon("2026-03-31"))
	if err != nil || len(months) != 1 || months[0].Cost != 120_000 || months[0].Jobs != 3 || months[0].Uncertain != 1 {
		t.Errorf("months %v, %v", months, err)
	}
	price := entry("", 1).Price
	for _, k := range []struct {
		limit    int64
		pictures int
		want     bool
	}{{0, 100, false}, {140_000, 1, false}, {140_000, 2, true}, {120_000, 1, true}} {
		if got, err := s.PassesCap(t.Context(), k.limit, price.Of(k.pictures, nil), "USD"); err != nil || got != k.want {
			t.Errorf("cap %d, %d pictures more: %v, %v", k.limit, k.pictures, got, err)
		}
	}
	c.now = noon("2026-04-01")
	if got, err := s.PassesCap(t.Context(), 20_000, price.Picture, "USD"); err != nil || got {
		t.Errorf("in a new month: %v, %v", got, err)
	}
}
