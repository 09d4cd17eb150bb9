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

// Budget is a sum that edits submitted with it (Submission.Budget) don't pass together.
// What an edit may cost is reserved before it is sent; what it did cost takes its place
// when it has ended, so that a service that takes more than was foreseen can pass the
// budget with the edits under way, but no further one is sent. Its methods may be called
// by several goroutines; a nil budget is one without an end.
type Budget struct {
	limit    int64
	currency string

	mu              sync.Mutex
	spent, reserved int64
}

// NewBudget returns a budget in millionths of the currency that the edits are paid in.
func NewBudget(limit int64, currency string) *Budget {
	return &Budget{limit: limit, currency: currency}
}

// Spend counts what was spent before.
func (b *Budget) Spend(sum int64) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.spent += sum
}

// Spent returns what was spent, with what may have been charged.
func (b *Budget) Spent() int64 {
	if b == nil {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.spent
}

// reserve keeps a sum free for an edit at a connection.
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

// settle puts what an edit cost in the place of what was reserved for it.
func (b *Budget) settle(reserved, cost int64) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reserved -= reserved
	b.spent += cost
}

// reserve takes what drafts may cost out of their budgets, of all or of none. A
// connection whose price nobody knows can't keep to a budget.
func (s *Service) reserve(all []ordered) error {
	for i := range all {
		one := &all[i]
		c, ok := s.Connection(one.draft.Connection)
		if one.edit.budget == nil || !ok {
			continue
		}
		sum := foreseen(c.Price, one.draft.Job.Request())
		if err := one.edit.budget.reserve(sum, c); err != nil {
			giveBack(all)
			return err
		}
		one.edit.reserved = sum
	}
	return nil
}

// giveBack frees what was reserved for drafts that are not sent.
func giveBack(all []ordered) {
	for i := range all {
		e := &all[i].edit
		e.budget.settle(e.reserved, 0)
		e.reserved = 0
	}
}

// record writes drafts down, all or none. Those of the built-in engine, whose edits
// can be made again for nothing, aren't, and none is where the person does without.
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
