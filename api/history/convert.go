package history

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"overpaint.dev/overpaint/api"
)

// convertedError says that a database of version 0.1 has been turned into
// journals, so that an index has to take its place.
type convertedError struct {
	// whole reports whether all of it was read.
	whole bool
	cause error
}

func (e *convertedError) Error() string {
	return fmt.Sprintf("history: a database of version 0.1 (read whole: %v): %v", e.whole, e.cause)
}

func (e *convertedError) Unwrap() error { return e.cause }

// convert writes the journals of the jobs in a database of version 0.1, in
// which the history was the database itself. A job that can't be read is left
// out, and the database then kept. When it is interrupted it is done again from
// the start: a job that has its journal keeps it. The error is a
// *convertedError where that was all that could be done.
func (s *Store) convert(ctx context.Context, ix *index) error {
	done := &convertedError{whole: true}
	fail := func(err error) {
		done.whole, done.cause = false, errors.Join(done.cause, err)
	}
	var verdict string
	if err := ix.db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil || verdict != "ok" {
		fail(cmp.Or(err, error(&errDatabase{verdict})))
	}
	have, err := s.firsts()
	if err != nil {
		return err
	}
	for _, id := range firstIDs(ctx, ix.db) {
		if have[id] {
			continue
		}
		job, err := s.readFirst(ctx, ix.db, id)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err == nil {
			err = s.createFirst(job)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			fail(fmt.Errorf("job %d: %w", id, err))
		}
	}
	return done
}

// firsts returns which jobs of version 0.1 have a journal already.
func (s *Store) firsts() (map[int64]bool, error) {
	found, err := s.journals()
	if err != nil {
		return nil, err
	}
	have := map[int64]bool{}
	for id := range found {
		if r, err := s.readJournal(id); err == nil && r.state.First != 0 {
			have[r.state.First] = true
		}
	}
	return have, nil
}

// firstIDs returns the numbers of all jobs that a database of version 0.1 says
// anything of. In a damaged one each table is read from both ends, as far as
// that goes.
func firstIDs(ctx context.Context, db *sql.DB) []int64 {
	var all []int64
	for _, from := range []string{"id FROM jobs", "job FROM spending", "job FROM variants", "job FROM answers", "seq FROM sqlite_sequence"} {
		for _, order := range []string{"", " ORDER BY 1 DESC"} {
			rows, err := db.QueryContext(ctx, "SELECT "+from+order)
			if err != nil {
				continue
			}
			for rows.Next() {
				var id int64
				if rows.Scan(&id) == nil {
					all = append(all, id)
				}
			}
			rows.Close()
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// readFirst reads a job of version 0.1.
func (s *Store) readFirst(ctx context.Context, db *sql.DB, id int64) (*state, error) {
	job := &state{First: id}
	var settings, price, phase, trouble, usage string
	var outcome api.Kind
	var requestID string
	err := db.QueryRowContext(ctx, `SELECT session, created, connection, name, prompt, settings, price, source, coalesce(canvas, ''),
		coalesce(mask, ''), asked, state, outcome, trouble, request_id, usage, favourite FROM jobs WHERE id = ?`, id).
		Scan(&job.Session, &job.Created, &job.Connection, &job.Name, &job.Prompt, &settings, &price, &job.Source, &job.Canvas,
			&job.Mask, &job.Asked, &phase, &outcome, &trouble, &requestID, &usage, &job.Favourite)
	if errors.Is(err, sql.ErrNoRows) {
		return s.readSpent(ctx, db, id)
	}
	if err != nil {
		return nil, err
	}
	job.Phase = phaseOf(phase)
	err = errors.Join(json.Unmarshal([]byte(settings), &job.Settings), json.Unmarshal([]byte(price), &job.Price))
	if job.Phase == phaseOver {
		job.End = &ending{Outcome: outcome, RequestID: requestID}
		if trouble != "" {
			err = errors.Join(err, json.Unmarshal([]byte(trouble), &job.End.Trouble))
		}
		if usage != "" {
			err = errors.Join(err, json.Unmarshal([]byte(usage), &job.End.Usage))
		}
		spent, spentErr := spentFirst(ctx, db, id)
		if job.End.Spent = spent; !errors.Is(spentErr, sql.ErrNoRows) {
			err = errors.Join(err, spentErr)
		}
	}
	return job, errors.Join(err, job.rest(ctx, db))
}

func phaseOf(name string) phase {
	if p := phase(name); slices.Contains(phases, p) && p != phaseDeleted {
		return p
	}
	return phaseSent
}

// rest reads what further tables say of a job of version 0.1.
func (job *state) rest(ctx context.Context, db *sql.DB) error {
	err := each(ctx, db, "SELECT variant, file, revised, saved, favourite FROM variants WHERE job = ? ORDER BY variant", job.First, func(rows *sql.Rows) error {
		var v variant
		err := rows.Scan(&v.Index, &v.File, &v.Revised, &v.Saved, &v.Favourite)
		if err == nil {
			job.keep(v)
		}
		return err
	})
	err = errors.Join(err, each(ctx, db, "SELECT variant, type, file FROM answers WHERE job = ? ORDER BY id", job.First, func(rows *sql.Rows) error {
		a := answer{Closed: true}
		err := rows.Scan(&a.Index, &a.ContentType, &a.File)
		if err == nil {
			job.put(a)
		}
		return err
	}))
	var inputs int
	if db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master WHERE name = 'inputs'").Scan(&inputs) == nil && inputs == 0 {
		return err // the first shape had no such table
	}
	return errors.Join(err, each(ctx, db, "SELECT file FROM inputs WHERE job = ? ORDER BY place", job.First, func(rows *sql.Rows) error {
		var hash string
		err := rows.Scan(&hash)
		job.References = append(job.References, hash)
		return err
	}))
}

func each(ctx context.Context, db *sql.DB, query string, id int64, f func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query, id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// spentFirst reads what a job of version 0.1 cost.
func spentFirst(ctx context.Context, db *sql.DB, id int64) (*spent, error) {
	var p spent
	var usage string
	err := db.QueryRowContext(ctx, "SELECT day, pictures, usage, cost, currency, uncertain FROM spending WHERE job = ?", id).
		Scan(&p.Day, &p.Pictures, &usage, &p.Cost, &p.Currency, &p.Uncertain)
	if err != nil {
		return nil, err
	}
	if usage != "" {
		err = json.Unmarshal([]byte(usage), &p.Usage)
	}
	return &p, err
}

// readSpent reads what is left of a job of version 0.1 that was deleted.
func (s *Store) readSpent(ctx context.Context, db *sql.DB, id int64) (*state, error) {
	job := &state{First: id, Phase: phaseDeleted}
	p, err := spentFirst(ctx, db, id)
	if err != nil {
		return nil, err
	}
	if err := db.QueryRowContext(ctx, "SELECT connection FROM spending WHERE job = ?", id).Scan(&job.Connection); err != nil {
		return nil, err
	}
	noon, err := time.ParseInLocation("2006-01-02 15", p.Day+" 12", time.Local)
	if err != nil {
		return nil, err
	}
	job.Created, job.End, job.Price.Currency = noon.UnixMilli(), &ending{Spent: p}, p.Currency
	return job, nil
}

// createFirst writes the journal of a job of version 0.1.
func (s *Store) createFirst(job *state) error {
	if !job.valid() {
		return errLine
	}
	for job.ID = max(job.Created, 1)*1000 + job.First%1000; ; job.ID++ {
		_, err := s.createJournal(job.ID, event{Event: eventRestored, At: s.now().UnixMilli(), Job: job})
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
}
