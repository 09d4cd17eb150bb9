package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"
)

// Delete removes jobs with their variants and the files that nothing else
// needs. What they cost stays in the totals. Jobs that are being carried out stay.
func (s *Store) Delete(ids ...int64) error {
	return s.remove(func(tx *sql.Tx) error {
		for _, id := range ids {
			if _, err := tx.Exec("DELETE FROM jobs WHERE id = ? AND state = ?", id, stateOver); err != nil {
				return err
			}
		}
		return nil
	})
}

// DeleteVariant removes one variant of a job.
func (s *Store) DeleteVariant(id int64, variant int) error {
	return s.remove(func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM variants WHERE job = ? AND variant = ?", id, variant)
		return err
	})
}

// Size returns how many bytes the history's files take.
func (s *Store) Size(ctx context.Context) (int64, error) {
	var n int64
	err := s.db.QueryRowContext(ctx, "SELECT coalesce(sum(bytes), 0) FROM files").Scan(&n)
	return n, err
}

// Trim removes the oldest jobs until the files take no more than limit bytes,
// and returns how many it removed. What is a favourite stays, and of today's
// jobs those of which a variant, or a raw answer, was not saved; so the files
// may take more. A limit of 0 means none.
func (s *Store) Trim(ctx context.Context, limit int64) (removed int, err error) {
	if limit <= 0 {
		return 0, nil
	}
	err = s.remove(func(tx *sql.Tx) error {
		ids, err := trimmable(ctx, tx, day(s.now()))
		if err != nil {
			return err
		}
		for _, id := range ids {
			var size int64
			if err := tx.QueryRow(sizeInUse).Scan(&size); err != nil || size <= limit {
				return err
			}
			if _, err := tx.Exec("DELETE FROM jobs WHERE id = ?", id); err != nil {
				return err
			}
			removed++
		}
		return nil
	})
	return removed, err
}

// sizeInUse adds up the files that some row names.
const sizeInUse = `SELECT coalesce(sum(bytes), 0) FROM files WHERE hash IN (
	SELECT canvas FROM jobs UNION SELECT mask FROM jobs UNION SELECT file FROM answers UNION SELECT file FROM variants
	UNION SELECT file FROM inputs)`

func trimmable(ctx context.Context, tx *sql.Tx, today string) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id FROM jobs WHERE state = ? AND NOT favourite
		AND NOT EXISTS (SELECT 1 FROM variants WHERE job = jobs.id AND favourite)
		AND NOT (day >= ? AND (EXISTS (SELECT 1 FROM variants WHERE job = jobs.id AND saved = '')
			OR EXISTS (SELECT 1 FROM answers WHERE job = jobs.id)))
		ORDER BY id`, stateOver, today)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// Period is what totals are added up over.
type Period string

// The periods, as the layouts of their names.
const (
	ByDay   Period = "2006-01-02"
	ByMonth Period = "2006-01"
)

// Total is what was spent over one period with one connection.
type Total struct {
	// Period is a day (2006-01-02) or a month (2006-01).
	Period     string
	Connection string
	Jobs       int
	Pictures   int
	// Cost is in millionths of Currency.
	Cost     int64
	Currency string
	// Uncertain counts the jobs of which nobody knows whether they were
	// charged; Cost holds what they cost if they were.
	Uncertain int
	// Usage is the sum of what the service reported, by its names.
	Usage map[string]int64
}

// Totals returns what was spent from one day to another, both included, the
// latest period first. Deleted jobs count too.
func (s *Store) Totals(ctx context.Context, by Period, from, to time.Time) ([]Total, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT substr(day, 1, ?) AS period, connection, currency, pictures, cost, uncertain, usage
		FROM spending WHERE day BETWEEN ? AND ? ORDER BY period DESC, connection, currency`, len(by), day(from), day(to))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Total
	for rows.Next() {
		one := Total{Jobs: 1}
		var usage string
		if err := rows.Scan(&one.Period, &one.Connection, &one.Currency, &one.Pictures, &one.Cost, &one.Uncertain, &usage); err != nil {
			return nil, err
		}
		if usage != "" {
			if err := json.Unmarshal([]byte(usage), &one.Usage); err != nil {
				return nil, err
			}
		}
		if n := len(all) - 1; n >= 0 && all[n].Period == one.Period && all[n].Connection == one.Connection && all[n].Currency == one.Currency {
			all[n].add(one)
		} else {
			all = append(all, one)
		}
	}
	return all, rows.Err()
}

func (t *Total) add(o Total) {
	t.Jobs += o.Jobs
	t.Pictures += o.Pictures
	t.Cost += o.Cost
	t.Uncertain += o.Uncertain
	for name, n := range o.Usage {
		if t.Usage == nil {
			t.Usage = map[string]int64{}
		}
		t.Usage[name] += n
	}
}

// MonthCost returns what was spent in the month of a day, in millionths of the currency.
func (s *Store) MonthCost(ctx context.Context, t time.Time, currency string) (int64, error) {
	var sum int64
	err := s.db.QueryRowContext(ctx, "SELECT coalesce(sum(cost), 0) FROM spending WHERE substr(day, 1, 7) = ? AND currency = ?",
		t.Local().Format(string(ByMonth)), currency).Scan(&sum)
	return sum, err
}

// PassesCap reports whether a further cost, which is taken for 1 at least since
// nothing is free, would take this month's sum over a cap
// (settings.Settings.MonthlyCap), so that the person is to be asked. All three
// are in millionths of the currency; a cap of 0 means none.
func (s *Store) PassesCap(ctx context.Context, limit, cost int64, currency string) (bool, error) {
	if limit <= 0 {
		return false, nil
	}
	spent, err := s.MonthCost(ctx, s.now(), currency)
	return err == nil && spent+max(cost, 1) > limit, err
}
