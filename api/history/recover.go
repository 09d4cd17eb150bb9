package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
)

// KeptJob is what a Decoder needs to know about a job whose raw answers are kept.
type KeptJob struct {
	ID int64
	// Connection is the connection's ID.
	Connection string
	Settings   Settings
	// Asked counts the variants that were asked for; Have are the indexes of
	// those that are kept as pictures already.
	Asked int
	Have  map[int]bool
}

// Decoder makes variants of a raw answer, which may have been cut off. Where it
// fails it returns what it could. Answers have the job's own indexes.
type Decoder func(ctx context.Context, job KeptJob, kept api.Kept) (api.Recovered, error)

// Recover goes through the jobs that have no end because the program that
// carried them out was killed, and gives each one its end (Restore): raw
// answers become variants; a job of which nothing had left counts as cancelled;
// the outcome of one that was on its way is unknown (api.KindUnknown). Nothing
// is sent that could cost anything. It returns the jobs' IDs, the oldest first.
// Jobs that have an end are gone through where an answer of theirs was found that their
// journal didn't name. Jobs of programs that still run are left alone. One that fails is told of
// (WithReport), left for the next time and keeps no other one back; the error
// is ctx's, or that there is no list.
func (s *Store) Recover(ctx context.Context, decode Decoder) ([]int64, error) {
	var found, adopted []int64
	err := s.locked(ctx, func(ctx context.Context) error {
		if err := s.refresh(ctx); err != nil {
			return err
		}
		adopted, s.adopted = s.adopted, nil
		return s.use(ctx, func(db *sql.DB) (err error) {
			found, err = numbers(ctx, db, "SELECT id FROM jobs WHERE phase NOT IN ('over', 'deleted') ORDER BY id")
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	var recovered []int64
	for _, id := range slices.Concat(found, adopted) {
		mine, err := slices.Contains(adopted, id), error(nil)
		if !mine {
			mine, err = s.claim(ctx, id)
		}
		if mine {
			err = s.Restore(ctx, id, decode)
		}
		if ctx.Err() != nil {
			return recovered, ctx.Err()
		}
		if err != nil {
			s.tell(fmt.Errorf("history: %s: %w", NameOf(id), err), "notice.history_not_recovered", "Name", NameOf(id))
		} else if mine {
			recovered = append(recovered, id)
		}
	}
	return recovered, nil
}

// numbers returns the first column of a query.
func numbers(ctx context.Context, db *sql.DB, query string, args ...any) ([]int64, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, rows.Err()
}

// claim takes over a job of a session that is dead, unless another program was
// first. A job that this session took over before without success is its own.
func (s *Store) claim(ctx context.Context, id int64) (mine bool, err error) {
	err = s.locked(ctx, func(ctx context.Context) error {
		r, err := s.open1(id)
		if err != nil {
			return err
		}
		if r.state.Phase == phaseOver || r.state.Phase == phaseDeleted || s.alive(r.state.Session) {
			return nil
		}
		mine = true
		return r.writeWithin(ctx, event{Event: eventClaimed, Session: s.session})
	})
	return mine && err == nil, err
}

// open1 makes the record of a job from its journal.
func (s *Store) open1(id int64) (*Record, error) {
	found, err := s.readJournal(id)
	if err != nil {
		return nil, err
	}
	return &Record{store: s, state: found.state, size: found.size}, nil
}

// Restore makes variants of the raw answers that are kept of one job, also of
// those that were cut off, and gives the job the end that follows. What the
// service said of tokens and its number of the request stay with the job, and
// what it cost follows from them. It is for jobs that aren't being carried out,
// and asks for nothing that could cost anything.
func (s *Store) Restore(ctx context.Context, id int64, decode Decoder) error {
	r, err := s.open1(id)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.state.Phase == phaseDeleted {
		return fs.ErrNotExist
	}
	found, err := r.decode(ctx, decode)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	got := len(r.state.Variants)
	fault, again := r.judge(found, got)
	if again {
		return nil // it has this end already
	}
	result := api.Result{Asked: r.state.Asked, Got: got, RequestID: found.requestID, Usage: found.usage}
	return r.end(result, fault, day(s.created(&r.state)))
}

// decoded is what came of a job's raw answers.
type decoded struct {
	fault     *api.Error
	fresh     int  // variants that were not there before
	whole     bool // an answer to all variants is there to its end
	answers   int  // that may have been charged
	usage     map[string]int64
	requestID string
}

// decode makes variants of the raw answers. Its error is that a variant could
// not be kept.
func (r *Record) decode(ctx context.Context, decode Decoder) (*decoded, error) {
	found := &decoded{}
	if r.state.End != nil {
		found.usage, found.requestID = r.state.End.Usage, r.state.End.RequestID
	}
	have := map[int]bool{}
	for _, v := range r.state.Variants {
		have[v.Index] = true
	}
	usage := map[string]int64{}
	for _, a := range r.answers() {
		if a.Refused {
			continue
		}
		found.answers++
		if a.RequestID != "" {
			found.requestID = a.RequestID
		}
		if len(have) >= r.state.Asked && r.state.End != nil {
			continue // all that it can say is known
		}
		if err := r.decodeOne(ctx, decode, a, have, usage, found); err != nil {
			return nil, err
		}
	}
	// The same answers were counted before, if the job has had an end.
	for name, n := range usage {
		if found.usage[name] < n {
			found.usage = with(found.usage, name, n)
		}
	}
	return found, nil
}

// decodeOne makes variants of one raw answer, and adds them to have, and what
// the service said of tokens to usage.
func (r *Record) decodeOne(ctx context.Context, decode Decoder, a answer, have map[int]bool, usage map[string]int64, found *decoded) error {
	body, err := r.store.readAnswer(a.File)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) { // else it had only been announced
			found.fault = &api.Error{Kind: api.KindLocal, Cause: err}
		}
		return nil
	}
	if len(body) == 0 && !a.Closed {
		return nil // it had begun, and nothing of it came
	}
	job := KeptJob{ID: r.state.ID, Connection: r.state.Connection, Settings: r.state.Settings, Asked: r.state.Asked, Have: have}
	made, err := decode(ctx, job, api.Kept{Arrival: a.Arrival, Body: body})
	if err != nil && (made.Whole && a.Closed || a.Status >= 400 || ctx.Err() != nil) {
		found.fault = api.AsError(err) // of one that was cut off nobody knows the rest
	}
	found.whole = found.whole || made.Whole && a.Index < 0
	for name, n := range made.Usage {
		usage[name] += n
	}
	for _, v := range made.Answers {
		if have[v.Index] {
			continue
		}
		if err := r.variant(v); err != nil {
			return err
		}
		have[v.Index] = true
		found.fresh++
	}
	return nil
}

func with(usage map[string]int64, name string, n int64) map[string]int64 {
	all := map[string]int64{name: n}
	for other, m := range usage {
		if other != name {
			all[other] = m
		}
	}
	return all
}

// answers are the job's raw answers, those for single variants first: they
// hold pictures where the one for all may hold addresses alone.
func (r *Record) answers() []answer {
	all := slices.Clone(r.state.Answers)
	slices.SortStableFunc(all, func(a, b answer) int {
		switch {
		case a.Index < 0 && b.Index >= 0:
			return 1
		case a.Index >= 0 && b.Index < 0:
			return -1
		}
		return 0
	})
	return all
}

// judge says how a job ended by what is left of it, or that nothing has changed
// since it had an end.
func (r *Record) judge(found *decoded, got int) (fault *api.Error, again bool) {
	switch {
	case got >= r.state.Asked:
		return nil, false
	case found.fault != nil:
		return found.fault, false
	case found.whole && got == 0:
		return &api.Error{Kind: api.KindEmpty}, false
	case found.whole:
		return nil, false
	case r.state.End != nil && found.fresh == 0:
		return nil, true
	case r.state.Connection == settings.Builtin, r.state.Phase == phaseRecorded && found.answers == 0 && got == 0:
		return &api.Error{Kind: api.KindCancelled, Sentence: api.Sentence{Key: "notice.killed_before"}}, false
	case r.state.Phase == phaseRecorded && found.answers == 0: // in the pause before the rest was asked for again
		return &api.Error{Kind: api.KindCancelled}, false
	}
	return &api.Error{Kind: api.KindUnknown, Sentence: api.Sentence{Key: "notice.killed_sent"}}, false
}
