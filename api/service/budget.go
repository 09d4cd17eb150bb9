package service

import (
	"context"
	"errors"
	"slices"
	"sync"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/settings"
)

// Budget is a sum that the edits submitted with it (Submission.Budget) may cost together. An
// edit's estimated cost is reserved before it is sent and replaced by its actual cost when it
// has ended, so a service that charges more than was estimated can pass the budget with the
// edits under way, but no further one is sent. Its methods are safe for use by several
// goroutines; a nil budget has no limit.
type Budget struct {
	limit    int64
	currency string

	mu              sync.Mutex
	spent, reserved int64
}

// NewBudget returns a budget of limit millionths of a currency.
func NewBudget(limit int64, currency string) *Budget {
	return &Budget{limit: limit, currency: currency}
}

// Spend adds a sum that was spent earlier.
func (b *Budget) Spend(sum int64) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spent += sum
}

// Spent returns the sum of all costs, including what may have been charged.
func (b *Budget) Spent() int64 {
	if b == nil {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.spent
}

// reserve reserves a sum for an edit at a connection.
func (b *Budget) reserve(sum int64, c settings.Connection) error {
	switch {
	case !c.Price.Known():
		return api.InputError("input.budget_price", "Name", c.Name)
	case c.Price.Currency != b.currency:
		return api.InputError("input.budget_currency", "Name", c.Name, "Currency", c.Price.Currency, "Budget", b.currency)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.spent+b.reserved+sum > b.limit {
		return &OverCapError{Guard: history.GuardBudget, Cap: b.limit, Spent: b.spent, InFlight: b.reserved, Cost: sum, Currency: b.currency}
	}
	b.reserved += sum
	return nil
}

// settle replaces a reserved sum by the actual cost.
func (b *Budget) settle(reserved, cost int64) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reserved -= reserved
	b.spent += cost
}

// reserve reserves the estimated costs of drafts in their budgets, all or none. A connection
// without a known price can't be used with a budget.
func (s *Service) reserve(all []ordered) error {
	for i := range all {
		one := &all[i]
		c, ok := s.Connection(one.draft.Connection)
		if one.edit.budget == nil || !ok {
			continue
		}
		sum := foreseen(c.Price, one.draft.Job.Request())
		if err := one.edit.budget.reserve(sum, c); err != nil {
			freeReserved(all)
			return err
		}
		one.edit.reserved = sum
	}
	return nil
}

// freeReserved frees the reserved sums of drafts that are not sent.
func freeReserved(all []ordered) {
	for i := range all {
		e := &all[i].edit
		e.budget.settle(e.reserved, 0)
		e.reserved = 0
	}
}

// record records drafts in the history, all or none. Those of the built-in engine are not
// recorded, since they can be made again, nor are those with Submission.Unrecorded.
func (s *Service) record(ctx context.Context, all []ordered) error {
	var entries []history.Entry
	var at []int
	for i, one := range all {
		if c, ok := s.Connection(one.draft.Connection); ok {
			e := s.entry(one.draft, c, one.with)
			e.Spot = one.spot
			entries, at = append(entries, e), append(at, i)
		}
	}
	if len(entries) == 0 {
		return nil
	}
	records, err := s.write(ctx, entries)
	var unrecorded *UnrecordedError
	if errors.As(err, &unrecorded) && !slices.ContainsFunc(all, func(one ordered) bool { return !one.with.Unrecorded }) {
		return nil
	}
	for i, r := range records {
		all[at[i]].record, all[at[i]].edit.Entry = r, r.ID()
	}
	return err
}
