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

// KeptJob is what a Decoder needs to know about a job with stored raw answers.
type KeptJob struct {
	ID int64
	// Connection is the connection's ID.
	Connection string
	Settings   Settings
	// Asked is the number of requested variants; Have are the indices of those that are stored
	// as pictures.
	Asked int
	Have  map[int]bool
}

// Decoder makes variants of a raw answer, which may have been cut off. With an error it
// returns those that it could make. Answers have the job's indices.
type Decoder func(ctx context.Context, job KeptJob, kept api.Kept) (api.Recovered, error)

// Recover completes the jobs that a killed program left unfinished (Restore): raw answers
// become variants; a job that was never sent counts as cancelled; the outcome of one that was
// sent is unknown (api.KindUnknown). Nothing is sent that could be charged. It returns the
// jobs' IDs, the oldest first. A finished job is included where an answer was found that its
// journal didn't name. Jobs of running programs are left alone. A job that fails is reported
// (WithReport) and left for the next time; the error is ctx's, or that the jobs can't be
// listed.
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

// claim takes over a job of a dead session, unless another program did so first. A job that
// this session took over before without success is its own.
func (s *Store) claim(ctx context.Context, id int64) (mine bool, err error) {
	err = s.locked(ctx, func(ctx context.Context) error {
		r, err := s.openRecord(id)
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

// openRecord returns the record of a job from its journal.
func (s *Store) openRecord(id int64) (*Record, error) {
	found, err := s.readJournal(id)
	if err != nil {
		return nil, err
	}
	return &Record{store: s, state: found.state, size: found.size}, nil
}

// Restore makes variants of the stored raw answers of one job, also of those that were cut
// off, and records the end that follows. Token usage and the request's ID are stored, from
// which the charge follows. The job must not be under way. Nothing is requested that could be
// charged.
func (s *Store) Restore(ctx context.Context, id int64, decode Decoder) error {
	r, err := s.openRecord(id)
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

// decoded is the outcome of decoding a job's raw answers.
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

// decodeOne makes variants of one raw answer, adds their indices to have, and the reported
// token usage to usage.
func (r *Record) decodeOne(ctx context.Context, decode Decoder, a answer, have map[int]bool, usage map[string]int64, found *decoded) error {
	body, err := r.store.readAnswer(a.File)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) { // else it had only been announced
			found.fault = &api.Error{Kind: api.KindLocal, Cause: err}
		}
		return nil
	}
	if len(body) == 0 && !a.Closed {
		return nil // it had begun, and no part of it arrived
	}
	job := KeptJob{ID: r.state.ID, Connection: r.state.Connection, Settings: r.state.Settings, Asked: r.state.Asked, Have: have}
	made, err := decode(ctx, job, api.Kept{Arrival: a.Arrival, Body: body})
	if err != nil && (made.Whole && a.Closed || a.Status >= 400 || ctx.Err() != nil) {
		found.fault = api.AsError(err) // the rest of one that was cut off is unknown
	}
	found.whole = found.whole || made.Whole && a.Index < 0
	for name, n := range made.Usage {
		usage[name] += n
	}
	return r.keepNew(made.Answers, have, found)
}

// keepNew stores the variants that are not in have, and adds them to it and to found.
func (r *Record) keepNew(made []api.Answer, have map[int]bool, found *decoded) error {
	for _, v := range made {
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

// answers returns the job's raw answers, those of single variants first: they hold pictures
// where an answer to the whole request may hold only addresses.
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

// judge returns how a job ended by what is stored of it; again is true where nothing has
// changed since it ended.
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
