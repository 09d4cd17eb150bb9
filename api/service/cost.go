package service

import (
	"context"
	"image"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/settings"
)

// Cost is the estimated cost of an edit.
type Cost struct {
	// Amount is in millionths of Currency; 0 where the price is unknown.
	Amount   int64
	Currency string
	// Least reports whether it may cost more: the price depends on the answer.
	Least bool
}

// Known reports whether the price is known.
func (c Cost) Known() bool { return c.Amount > 0 }

// estimate returns the cost of an edit before it is prepared; send is the size at which its
// window is sent.
func (s *Service) estimate(c Choices, send image.Point) Cost {
	size := c.Size
	if size == (image.Point{}) {
		size = send
	}
	return s.costOf(c.Connection, &api.Request{Model: c.Model, N: c.N, Options: c.Extra}, size)
}

func (s *Service) costOf(connection string, r *api.Request, size image.Point) Cost {
	c, ok := s.Connection(connection)
	if !ok {
		return Cost{}
	}
	pictures, model := max(r.N, 1), r.Model
	if model == "" {
		model = c.Model
	}
	if sum := c.Price.Least(model, r.Options["quality"], size, pictures); sum > 0 {
		const tenth = 1000 // of a cent: estimates are not more precise
		return Cost{Amount: max(sum-sum%tenth, tenth), Currency: c.Price.Currency, Least: true}
	}
	if c.Price.Picture == 0 {
		return Cost{}
	}
	return Cost{Amount: c.Price.Of(pictures, nil), Currency: c.Price.Currency}
}

// foreseen returns what is reserved for a request: the most that it may cost, in millionths of
// the price's currency, or 0 where that is unknown.
func foreseen(p settings.Price, r *api.Request) int64 {
	if !p.Known() {
		return 0
	}
	return max(p.Foreseen(r, max(r.N, 1)), 1)
}

// Spent is what was spent in one currency, in millionths of it.
type Spent struct {
	Currency     string
	Today, Month int64
	// InFlight is the most that the edits under way may cost, with what is reserved for
	// requests that follow them.
	InFlight int64
	// Left is what the monthly cap leaves, or -1 without a cap.
	Left int64
}

// Spent returns what was spent today and this month in a currency.
func (s *Service) Spent(ctx context.Context, currency string) (Spent, error) {
	store, err := s.open()
	if store == nil {
		return Spent{}, err
	}
	found, err := store.Spent(ctx)
	if err != nil {
		return Spent{}, err
	}
	out := Spent{Currency: currency, Today: found.Today[currency], Month: found.Month[currency], InFlight: found.InFlight[currency], Left: -1}
	if limit := s.settings.Current().MonthlyCap; limit > 0 {
		out.Left = max(limit-out.Month-out.InFlight, 0)
	}
	return out, nil
}

// Totals returns what was spent today and this month with all connections, by currency.
func (s *Service) Totals(ctx context.Context) (today, month []history.Total, err error) {
	store, err := s.open()
	if store == nil {
		return nil, nil, err
	}
	now := time.Now()
	if today, err = store.Totals(ctx, history.ByDay, now, now); err != nil {
		return nil, nil, err
	}
	month, err = store.Totals(ctx, history.ByMonth, now.AddDate(0, 0, 1-now.Day()), now)
	return today, month, err
}
