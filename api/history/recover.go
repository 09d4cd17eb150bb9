package history

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"

	"overpaint/api"
	"overpaint/api/settings"
)

// Kept is what a Decoder needs to know about a job whose raw answers are kept.
type Kept struct {
	// Connection is the connection's ID.
	Connection string
	Settings   Settings
	// Asked counts the variants that were asked for; Have are the indexes of
	// those that are kept as pictures already.
	Asked int
	Have  map[int]bool
}

// Decoder makes variants of a raw answer. Where it fails it returns what it could.
type Decoder func(ctx context.Context, k Kept, raw api.Kept) (api.Recovered, error)

// Recover goes through the jobs that have no end because the program that
// carried them out was killed, and gives each one its end: raw answers become
// variants; a job of which nothing had left counts as cancelled; the outcome of
// one that was on its way is unknown (api.KindUnknown). Nothing is sent again.
// It returns the jobs' numbers, the oldest first. Jobs of programs that still
// run are left alone.
func (s *Store) Recover(ctx context.Context, decode Decoder) ([]int64, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT id, session FROM jobs WHERE state <> ? ORDER BY id", stateOver)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	type lost struct {
		id      int64
		session string
	}
	var found []lost
	for rows.Next() {
		var l lost
		if err := rows.Scan(&l.id, &l.session); err != nil {
			return nil, err
		}
		found = append(found, l)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var recovered []int64
	for _, l := range found {
		if l.session == s.session.name || alive(filepath.Join(s.folder, "sessions"), l.session) {
			continue
		}
		if mine, err := s.claim(l.id, l.session); err != nil || !mine {
			if err != nil {
				return recovered, err
			}
			continue
		}
		if err := s.Restore(ctx, l.id, decode); err != nil {
			return recovered, err
		}
		recovered = append(recovered, l.id)
	}
	return recovered, nil
}

// claim takes over a job of a session that is dead, unless another program was first.
func (s *Store) claim(id int64, from string) (bool, error) {
	mine := false
	err := s.write(func(tx *sql.Tx) error {
		done, err := tx.Exec("UPDATE jobs SET session = ? WHERE id = ? AND session = ?", s.session.name, id, from)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		mine = n == 1
		return err
	})
	return mine, err
}

// Restore makes variants of the raw answers that are kept of one job, and gives
// the job the end that follows. It is for jobs that aren't being carried out.
func (s *Store) Restore(ctx context.Context, id int64, decode Decoder) error {
	r, kept, err := s.load(ctx, id)
	if err != nil {
		return err
	}
	answers, err := s.answers(ctx, id)
	if err != nil {
		return err
	}
	var fault *api.Error
	whole := false // the answer to all variants is there, so none is still to come
	for _, a := range answers {
		whole = whole || a.index < 0
		if len(kept.Have) >= kept.Asked {
			continue
		}
		body, err := s.File(a.hash)
		if err != nil {
			fault = &api.Error{Kind: api.KindLocal, Cause: err}
			continue
		}
		made, err := decode(ctx, kept, api.Kept{Arrival: api.Arrival{ContentType: a.contentType, Index: a.index}, Body: body})
		if err != nil {
			fault = api.AsError(err)
		}
		for _, v := range made.Answers {
			if kept.Have[v.Index] {
				continue
			}
			if err := r.variant(v); err != nil {
				return err
			}
			kept.Have[v.Index] = true
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	got := len(kept.Have)
	switch {
	case got >= kept.Asked:
		fault = nil
	case fault != nil:
	case whole && got == 0:
		fault = &api.Error{Kind: api.KindEmpty}
	case whole:
	case r.entry.Connection == settings.Builtin, r.state == stateRecorded && len(answers) == 0:
		fault = &api.Error{Kind: api.KindCancelled, Sentence: api.Sentence{Key: "notice.killed_before"}}
	default:
		fault = &api.Error{Kind: api.KindUnknown, Sentence: api.Sentence{Key: "notice.killed_sent"}}
	}
	return r.end(api.Result{Asked: kept.Asked, Got: got}, fault)
}

// load makes the record of a job that is in the database.
func (s *Store) load(ctx context.Context, id int64) (*Record, Kept, error) {
	r := &Record{store: s, id: id}
	k := Kept{Have: map[int]bool{}}
	var asked, price string
	err := s.db.QueryRowContext(ctx, "SELECT connection, name, settings, price, asked, state FROM jobs WHERE id = ?", id).
		Scan(&r.entry.Connection, &r.entry.Name, &asked, &price, &k.Asked, &r.state)
	if err != nil {
		return nil, k, err
	}
	k.Connection = r.entry.Connection
	if err := json.Unmarshal([]byte(asked), &k.Settings); err != nil {
		return nil, k, err
	}
	if err := json.Unmarshal([]byte(price), &r.entry.Price); err != nil {
		return nil, k, err
	}
	r.entry.Request = &api.Request{Model: k.Settings.Model, Size: cmp.Or(k.Settings.Size, k.Settings.Plan.Send), Options: k.Settings.Extra}
	rows, err := s.db.QueryContext(ctx, "SELECT variant FROM variants WHERE job = ?", id)
	if err != nil {
		return nil, k, err
	}
	defer rows.Close()
	for rows.Next() {
		var i int
		if err := rows.Scan(&i); err != nil {
			return nil, k, err
		}
		k.Have[i] = true
	}
	return r, k, rows.Err()
}

// keptAnswer is a row of the table answers.
type keptAnswer struct {
	index             int
	contentType, hash string
}

// answers returns a job's raw answers, those for single variants first: they
// hold pictures where the one for all may hold addresses alone.
func (s *Store) answers(ctx context.Context, id int64) ([]keptAnswer, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT variant, type, file FROM answers WHERE job = ? ORDER BY variant < 0, id", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []keptAnswer
	for rows.Next() {
		var a keptAnswer
		if err := rows.Scan(&a.index, &a.contentType, &a.hash); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, rows.Err()
}
