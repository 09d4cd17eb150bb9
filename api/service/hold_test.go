package service_test

import (
	"errors"
	"image"
	"testing"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
)

// TestTilesAreReservedTogether asks for the first of several tiles: what all of them cost is kept
// free until they are sent or given up.
func TestTilesAreReservedTogether(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) { c.Price = settings.Price{Picture: 20_000, Currency: "USD"} })
	c := choices(3)
	c.Size = image.Pt(256, 256)
	tiles, err := b.PrepareTiles(t.Context(), wide(), c)
	if err != nil {
		t.Fatal(err)
	}
	n := int64(tiles.Left())
	b.set(func(s *settings.Settings) { s.MonthlyCap = n*20_000 - 1 })
	first := func() (service.Edit, error) {
		return b.Submit(t.Context(), tiles.Draft(), tiles.Submission(service.Submission{}))
	}
	_, err = first()
	var over *service.OverCapError
	if !errors.As(err, &over) || *over != (service.OverCapError{Guard: history.GuardMonth, Cap: n*20_000 - 1, Cost: n * 20_000, Currency: "USD"}) {
		t.Fatalf("beyond the cap: %v", err)
	}
	if spent, err := b.Spent(t.Context(), "USD"); err != nil || spent.InFlight != 0 {
		t.Errorf("what was refused is kept free: %+v, %v", spent, err)
	}
	b.set(func(s *settings.Settings) { s.MonthlyCap = n*20_000 + 10_000 })
	e, err := first()
	if err != nil {
		t.Fatal(err)
	}
	b.ended(e.ID)
	if spent, err := b.Spent(t.Context(), "USD"); err != nil || spent.Month != 20_000 || spent.InFlight != (n-1)*20_000 || spent.Left != 10_000 {
		t.Errorf("after the first tile: %+v, %v", spent, err)
	}
	other := b.prepare(choices(1))
	if _, err := b.Submit(t.Context(), other, service.Submission{}); !errors.As(err, &over) || over.InFlight != (n-1)*20_000 {
		t.Errorf("another edit took what is kept free: %v", err)
	}
	if e, err = b.Submit(t.Context(), tiles.Draft(), service.Submission{Hold: tiles.Submission(service.Submission{}).Hold, More: int(n) - 2}); err != nil {
		t.Fatalf("the second tile: %v", err)
	}
	b.ended(e.ID)
	tiles.Close()
	tiles.Close()
	b.Release(nil)
	if spent, err := b.Spent(t.Context(), "USD"); err != nil || spent.InFlight != 0 {
		t.Errorf("once given up: %+v, %v", spent, err)
	}
	if _, err := b.Submit(t.Context(), other, service.Submission{}); err != nil {
		t.Errorf("another edit after it: %v", err)
	}
}
