package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"
)

// Period is the kind of period that totals are computed for.
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
	// Uncertain is the number of jobs that may have been charged; Cost includes their cost.
	Uncertain int
	// Usage is the sum of the usage that the service reported, by its names.
	Usage map[string]int64
}

// Totals returns what was spent from one day to another, both included, the latest period
// first. Deleted jobs are included.
func (s *Store) Totals(ctx context.Context, by Period, from, to time.Time) ([]Total, error) {
	if err := s.current(ctx); err != nil {
		return nil, err
	}
	var all []Total
	err := s.use(ctx, func(db *sql.DB) error {
		all = nil
		rows, err := db.QueryContext(ctx, `SELECT substr(day, 1, ?) AS period, connection, currency, pictures, cost, uncertain, usage
			FROM jobs WHERE day BETWEEN ? AND ? ORDER BY period DESC, connection, currency`, len(by), day(from), day(to))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			one := Total{Jobs: 1}
			var usage string
			if err := rows.Scan(&one.Period, &one.Connection, &one.Currency, &one.Pictures, &one.Cost, &one.Uncertain, &usage); err != nil {
				return err
			}
			if usage != "" {
				if err := json.Unmarshal([]byte(usage), &one.Usage); err != nil {
					return &errDatabase{"usage: " + err.Error()}
				}
			}
			if n := len(all) - 1; n >= 0 && all[n].Period == one.Period && all[n].Connection == one.Connection && all[n].Currency == one.Currency {
				all[n].add(one)
			} else {
				all = append(all, one)
			}
		}
		return rows.Err()
	})
	return all, err
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

// Spending is what was spent, and the estimated cost of the jobs under way, in millionths of
// each currency.
type Spending struct {
	Today, Month, InFlight map[string]int64
}

// Spent returns what was or may have been charged today and this month, and what is reserved
// for unfinished jobs and those to come (Reservation), of all processes.
func (s *Store) Spent(ctx context.Context) (Spending, error) {
	all := Spending{map[string]int64{}, map[string]int64{}, map[string]int64{}}
	if err := s.current(ctx); err != nil {
		return all, err
	}
	today := day(s.now())
	err := s.use(ctx, func(db *sql.DB) error {
		for _, part := range []struct {
			into  map[string]int64
			query string
			args  []any
		}{
			{all.Today, "SELECT currency, sum(cost) FROM jobs WHERE day = ? GROUP BY currency", []any{today}},
			{all.Month, "SELECT currency, sum(cost) FROM jobs WHERE substr(day, 1, 7) = ? GROUP BY currency", []any{today[:7]}},
			{all.InFlight, "SELECT currency, sum(foreseen) FROM jobs WHERE phase NOT IN ('over', 'deleted') GROUP BY currency", nil},
		} {
			if err := sums(ctx, db, part.into, part.query, part.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return all, err
	}
	return all, s.addReserved(ctx, all.InFlight)
}

func sums(ctx context.Context, db *sql.DB, into map[string]int64, query string, args ...any) error {
	clear(into)
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var currency string
		var sum int64
		if err := rows.Scan(&currency, &sum); err != nil {
			return err
		}
		if sum != 0 {
			into[currency] = sum
		}
	}
	return rows.Err()
}

// MonthCost returns what was spent in the month of a day, in millionths of the currency.
func (s *Store) MonthCost(ctx context.Context, t time.Time, currency string) (int64, error) {
	if err := s.current(ctx); err != nil {
		return 0, err
	}
	var sum int64
	err := s.use(ctx, func(db *sql.DB) error {
		return db.QueryRowContext(ctx, "SELECT coalesce(sum(cost), 0) FROM jobs WHERE substr(day, 1, 7) = ? AND currency = ?",
			t.Local().Format(string(ByMonth)), currency).Scan(&sum)
	})
	return sum, err
}

// PassesCap reports whether a further cost, which is taken for 1 at least since
// nothing is free, would take this month's sum over a cap
// (settings.Settings.MonthlyCap), so that the user is to be asked. All three
// are in millionths of the currency; a cap of 0 means none. It reserves nothing:
// see Record.
func (s *Store) PassesCap(ctx context.Context, limit, cost int64, currency string) (bool, error) {
	if limit <= 0 {
		return false, nil
	}
	spent, err := s.MonthCost(ctx, s.now(), currency)
	return err == nil && spent+max(cost, 1) > limit, err
}

func day(t time.Time) string { return t.Local().Format("2006-01-02") }
