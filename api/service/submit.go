package service

import (
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/api/worker"
)

// Edit is a submitted edit. It is immutable.
type Edit struct {
	ID ID
	// Connection is the connection's ID, Name its name when the edit was submitted.
	Connection, Name string
	Profile          api.Profile
	Job              *job.Job
	// Entry is the ID of the edit's entry in the history, 0 where it has none.
	Entry int64
	// Source is the picture's path, or "".
	Source string
	// Cost is the estimated cost.
	Cost Cost
	// Submitted is when it was submitted.
	Submitted time.Time
	// Tag belongs to the caller.
	Tag any

	budget   *Budget // or nil
	reserved int64   // of the budget
}

// AtService reports whether a service makes the edit, so that it may be charged and continues
// even if no caller waits for it.
func (e Edit) AtService() bool { return e.Connection != settings.Builtin }

// Submission says how a draft is submitted.
type Submission struct {
	// Source is the picture's path, for the history, or "".
	Source string
	// OverCap and Unrecorded are the user's consent to what Submit has refused with an
	// *OverCapError or an *UnrecordedError.
	OverCap, Unrecorded bool
	// Budget, unless nil, bounds what this edit and others may cost together; there is no
	// consent to passing it.
	Budget *Budget
	// Hold, unless nil, reserves the cost of More requests that will follow this one and cost
	// the same, together with this one's and under the same caps.
	Hold *Hold
	More int
	// Tag belongs to the caller.
	Tag any
}

// OverCapError reports that an edit would pass the user's cap for an edit, a day or a month,
// or a Budget, with all edits under way. All sums are in millionths of Currency.
type OverCapError = history.OverCapError

// OverCap returns the refusal of an edit that would pass a cap, for callers that can't ask: it
// names what was spent and what is under way.
func OverCap(e *OverCapError) *api.Error {
	key := map[history.Guard]string{
		history.GuardEdit: "input.over_edit_cap", history.GuardDay: "input.over_day_cap", history.GuardBudget: "input.over_budget",
	}[e.Guard]
	if key == "" {
		key = "input.over_cap"
	}
	if e.InFlight > 0 {
		key += "_in_flight"
	}
	money := func(sum int64) string { return settings.Money(sum, e.Currency) }
	return api.InputError(key, "Cap", money(e.Cap), "Spent", money(e.Spent), "InFlight", money(e.InFlight), "Cost", money(e.Cost))
}

// UnrecordedError reports that an edit could not be recorded and was not sent: after a crash
// it would be unknown.
type UnrecordedError struct{ Cause error }

// Error describes the cause, for logs.
func (e *UnrecordedError) Error() string {
	return fmt.Sprintf("service: the edit can't be recorded: %v", e.Cause)
}

// Unwrap returns the cause.
func (e *UnrecordedError) Unwrap() error { return e.Cause }

// errClosed reports that the service was closed.
var errClosed = &api.Error{Kind: api.KindCancelled, Cause: errors.New("service: closed")}

// Submit reserves a draft's cost, records it and queues it. An edit at a service is on the
// disk when Submit returns; where that fails it is not sent (*UnrecordedError), unless the
// person has consented. An edit that would pass a cap returns an *OverCapError, unless the
// person has consented. Checking the caps and reserving the cost is one step, across all
// processes of the user. Once ctx has ended nothing is queued.
func (s *Service) Submit(ctx context.Context, d *Draft, o Submission) (Edit, error) {
	edits, err := s.SubmitSpots(ctx, &Set{Drafts: []*Draft{d}}, o)
	if err != nil {
		return newEdit(d, o), err
	}
	return edits[0], nil
}

// newEdit returns the edit of a draft.
func newEdit(d *Draft, o Submission) Edit {
	return Edit{
		Connection: d.Connection, Name: d.Name, Profile: d.Profile, Job: d.Job, Source: o.Source,
		Cost: d.Cost, Submitted: time.Now(), Tag: o.Tag, budget: o.Budget,
	}
}

// entry returns the history's entry for a draft at a connection.
func (s *Service) entry(d *Draft, c settings.Connection, o Submission) history.Entry {
	e := s.priced(c, history.EntryOf(d.Job, &c, o.Source))
	if o.OverCap {
		e.Caps = history.Caps{}
	}
	if o.Hold != nil && c.Price.Known() {
		store, _ := s.open() // without one, write says why
		e.Kept, e.Ahead = o.Hold.in(store, c.Price.Currency), e.Foreseen*int64(o.More)
	}
	return e
}

// priced returns an entry with its estimated cost at a connection, and the caps that apply.
func (s *Service) priced(c settings.Connection, e history.Entry) history.Entry {
	e.Foreseen = foreseen(c.Price, e.Request)
	if set := s.settings.Current(); c.Price.Known() {
		e.Caps = history.Caps{Edit: set.EditCap, Day: set.DailyCap, Month: set.MonthlyCap}
	}
	return e
}

// write reserves the costs of entries and records them, all or none. Its errors are an
// *OverCapError, an *UnrecordedError, and ctx's.
func (s *Service) write(ctx context.Context, entries []history.Entry) ([]*history.Record, error) {
	var room int64
	for _, e := range entries {
		room += expected(e.Request)
	}
	store, err := s.open()
	var records []*history.Record
	if store != nil {
		if err = store.Room(room); err == nil {
			records, err = store.RecordAll(ctx, entries)
		}
	}
	var over *OverCapError
	switch {
	case err == nil:
		return records, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &over):
		return nil, over
	}
	s.log.Warn("edit not recorded", "error", err)
	return nil, &UnrecordedError{Cause: err}
}

// expected returns the most bytes that the history will need for the answers to a request: the
// pictures as they arrive, and as files.
func expected(r *api.Request) int64 {
	size := r.Size
	if size.X*size.Y == 0 && r.Image != nil {
		size = r.Image.Rect.Size()
	}
	picture := 4 * int64(size.X) * int64(size.Y)
	const spooled, kept = 1.4, 1.0 // base64 takes a third more
	return int64(float64(max(r.N, 1)) * float64(picture) * (spooled + kept))
}

// unrecord ends the record of an edit that was not queued.
func (s *Service) unrecord(r *history.Record) {
	if r != nil {
		r.End(api.Result{}, &api.Error{Kind: api.KindCancelled, Cause: context.Canceled})
	}
}

// queue passes an edit to the worker.
func (s *Service) queue(d *Draft, edit Edit, record *history.Record) (Edit, error) {
	j := worker.Job{Connection: d.Connection, Engine: d.engine.Engine, Request: d.Job.Request()}
	j.Request.Key = crand.Text() // the worker may send it again
	if record != nil {
		j.Keeper = record
	}
	if c, ok := s.Connection(d.Connection); ok {
		j.Timeout = time.Duration(c.TimeoutSeconds) * time.Second
	}
	s.editing.Lock() // no event about the edit is looked at before it is known
	id, err := s.worker.Add(j)
	if err == nil {
		edit.ID = ID(id)
		s.edits[edit.ID] = &edit
	}
	s.editing.Unlock()
	if err != nil {
		s.unrecord(record)
		return edit, errClosed
	}
	if s.settings.Current().LogPrompts {
		s.log.Info("asked", "job", int64(edit.ID), "prompt", j.Request.Prompt)
	}
	return edit, nil
}

// More returns a draft of the same edit for n more variants, by its connection as it is now.
// Edits from the history must be prepared anew instead.
func (s *Service) More(e Edit, n int) (*Draft, error) {
	if _, ok := s.Connection(e.Connection); !ok && e.AtService() {
		return nil, api.InputError("input.connection_gone", "Name", e.Name)
	}
	engine, err := s.engine(e.Connection)
	if err != nil {
		return nil, err
	}
	return s.draft(engine, e.Connection, e.Job.Again(n, rand.Int64())), nil
}

// Cancel stops an edit: a waiting one at once, a running one as soon as its engine returns. It
// returns false where the edit is over or unknown.
func (s *Service) Cancel(id ID) bool { return s.worker.Cancel(worker.ID(id)) }

// First makes a waiting edit the next one to run. It returns false where it doesn't wait.
func (s *Service) First(id ID) bool { return s.worker.Move(worker.ID(id), 0) }

// Queue returns the IDs of the waiting edits, in the order in which they will start.
func (s *Service) Queue() []ID {
	queue := s.worker.Queue()
	ids := make([]ID, len(queue))
	for i, id := range queue {
		ids[i] = ID(id)
	}
	return ids
}

// Edits returns the waiting and the running edits, by ID.
func (s *Service) Edits() []Edit {
	s.editing.Lock()
	defer s.editing.Unlock()
	all := make([]Edit, 0, len(s.edits))
	for _, id := range slices.Sorted(maps.Keys(s.edits)) {
		all = append(all, *s.edits[id])
	}
	return all
}

// Saved notes in the history where a variant was saved. Errors are logged.
func (s *Service) Saved(entry int64, variant int, path string) {
	if entry == 0 {
		return
	}
	store, _ := s.open()
	if store == nil {
		return
	}
	if err := store.MarkSaved(entry, variant, path); err != nil {
		s.log.Warn("not marked as saved", "error", err)
	}
}

// guarded turns a panic of f into an error.
func guarded[T any](f func() (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &api.Error{Kind: api.KindLocal, Cause: fmt.Errorf("service: panic: %v\n%s", p, debug.Stack())}
		}
	}()
	return f()
}
