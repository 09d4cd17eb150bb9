package cli

import (
	"context"
	"path/filepath"

	"overpaint/api"
	"overpaint/api/history"
	"overpaint/api/worker"
)

// openHistory opens the history for an edit that may cost something. Where
// there can't be one the person is told, and the edit goes on.
func (e *run) openHistory(ctx context.Context) {
	if e.target.connection == nil {
		return
	}
	var err error
	e.history, err = history.OpenDefault(ctx, history.WithReport(func(n api.Notice, _ error) { e.report.notice(n.Sentence) }))
	if err != nil && ctx.Err() == nil {
		e.report.notice(api.Sentence{Key: "notice.no_history"})
	}
}

// remember returns what writes the job down before it is sent, or nil.
func (e *run) remember() worker.Keeper {
	if e.history == nil {
		return nil
	}
	return &history.Deferred{Make: func(ctx context.Context) (*history.Record, error) {
		source, err := filepath.Abs(e.flags.image)
		if err != nil {
			source = e.flags.image
		}
		r, err := e.history.Record(ctx, history.EntryOf(e.job, e.target.connection, source))
		if err != nil {
			return nil, err
		}
		e.record = r
		return r, nil
	}}
}

// checkCap refuses an edit that would pass the person's cap for the month:
// there is nobody to ask.
func (e *run) checkCap(ctx context.Context) error {
	if e.history == nil {
		return nil
	}
	price := e.target.connection.Price
	if !price.Known() {
		return nil
	}
	over, err := e.history.PassesCap(ctx, e.settings.MonthlyCap, price.Foreseen(e.job.Request(), max(e.job.Request().N, 1)), price.Currency)
	if err == nil && over {
		return api.InputError("input.over_cap")
	}
	return err
}

// closeHistory keeps the history within its size and closes it. What it can't
// remove stays.
func (e *run) closeHistory() {
	if e.history != nil {
		_, _ = e.history.Trim(context.Background(), e.settings.HistoryBytes)
		_ = e.history.Close()
	}
}
