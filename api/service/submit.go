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

// Edit is an edit that was submitted. It is immutable.
type Edit struct {
	ID ID
	// Connection is the connection's ID, Name what the person called it then.
	Connection, Name string
	Profile          api.Profile
	Job              *job.Job
	// Entry is the edit's place in the history, 0 where it has none.
	Entry int64
	// Source is the picture's path, or "".
	Source string
	// Cost is what was foreseen.
	Cost Cost
	// Submitted is when it was submitted.
	Submitted time.Time
	// Tag is the caller's own and not looked at.
	Tag any

	budget   *Budget // or nil
	reserved int64   // of the budget
}

// AtService reports that the edit is carried out by a service, so that it may
// cost something and goes on whether anybody waits for it or not.
func (e Edit) AtService() bool { return e.Connection != settings.Builtin }

// Submission is what goes with a draft.
type Submission struct {
	// Source is the picture's path, for the history, or "".
	Source string
	// OverCap and Unrecorded are the person's consent to what Submit has refused
	// with an *OverCapError or an *UnrecordedError.
	OverCap, Unrecorded bool
	// Budget, unless nil, is what this edit and others may cost together; no consent
	// lets anything pass it.
	Budget *Budget
	// Hold, unless nil, keeps free what More requests may cost that follow this one and
	// cost the same: it is reserved together with this one's, under the same caps.
	Hold *Hold
	More int
	// Tag is the caller's own.
	Tag any
}

// OverCapError reports that an edit would pass a sum that the person has set for an
// edit, a day or a month, or a Budget, with all that is under way. All sums are in
// millionths of Currency.
type OverCapError = history.OverCapError

// OverCap is the refusal of an edit that would pass such a sum, where there is
// nobody to ask: it says what was spent and what is under way.
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

// UnrecordedError reports that an edit could not be written down, so that it was
// not sent: should this program or computer fail, nobody would know of it.
type UnrecordedError struct{ Cause error }

// Error describes the trouble for logs.
func (e *UnrecordedError) Error() string {
	return fmt.Sprintf("service: the edit can't be recorded: %v", e.Cause)
}

// Unwrap returns why.
func (e *UnrecordedError) Unwrap() error { return e.Cause }

// errClosed reports that the program ends.
var errClosed = &api.Error{Kind: api.KindCancelled, Cause: errors.New("service: closed")}

// Submit reserves what a draft may cost, records it and queues it. An edit that
// a service is asked for is on the disk when Submit returns; without that it is
// not sent (*UnrecordedError), unless the person consented. An edit that would
// pass a cap gives an *OverCapError, unless the person consented. The caps are
// checked and the cost reserved in one step, over all programs of the person.
// Once ctx has ended nothing is queued.
func (s *Service) Submit(ctx context.Context, d *Draft, o Submission) (Edit, error) {
	edits, err := s.SubmitSpots(ctx, &Set{Drafts: []*Draft{d}}, o)
	if err != nil {
		return newEdit(d, o), err
	}
	return edits[0], nil
}

// newEdit returns the edit that a draft becomes.
func newEdit(d *Draft, o Submission) Edit {
	return Edit{
		Connection: d.Connection, Name: d.Name, Profile: d.Profile, Job: d.Job, Source: o.Source,
		Cost: d.Cost, Submitted: time.Now(), Tag: o.Tag, budget: o.Budget,
	}
}

// entry is what is written down of a draft at a connection.
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

// priced returns an entry with what it may cost at a connection, and what caps hold for it.
func (s *Service) priced(c settings.Connection, e history.Entry) history.Entry {
	e.Foreseen = foreseen(c.Price, e.Request)
	if set := s.settings.Current(); c.Price.Known() {
		e.Caps = history.Caps{Edit: set.EditCap, Day: set.DailyCap, Month: set.MonthlyCap}
	}
	return e
}

// write reserves what entries may cost and writes them down, all or none. Its errors
// are an *OverCapError, an *UnrecordedError, and ctx's.
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

// expected is how many bytes the history will need for the answers to a request,
// at most: the pictures as they come in an answer, and as files.
func expected(r *api.Request) int64 {
	size := r.Size
	if size.X*size.Y == 0 && r.Image != nil {
		size = r.Image.Rect.Size()
	}
	picture := 4 * int64(size.X) * int64(size.Y)
	const spooled, kept = 1.4, 1.0 // base64 takes a third more
	return int64(float64(max(r.N, 1)) * float64(picture) * (spooled + kept))
}

// unrecord ends a record whose edit was not queued.
func (s *Service) unrecord(r *history.Record) {
	if r != nil {
		r.End(api.Result{}, &api.Error{Kind: api.KindCancelled, Cause: context.Canceled})
	}
}

// queue hands an edit to the worker.
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

// More returns a draft of the same edit for n further variants, by its
// connection as it is now. Edits that came out of the history can't be asked
// for again so: they are prepared anew.
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

// Cancel stops an edit: one that waits ends at once, one that is carried out as
// soon as its engine lets go. It reports false where the edit is over or unknown.
func (s *Service) Cancel(id ID) bool { return s.worker.Cancel(worker.ID(id)) }

// First lets an edit that waits be the next one to be carried out. It reports
// false where it doesn't wait any more.
func (s *Service) First(id ID) bool { return s.worker.Move(worker.ID(id), 0) }

// Queue returns the IDs of the edits that wait, in the order in which they will start.
func (s *Service) Queue() []ID {
	queue := s.worker.Queue()
	ids := make([]ID, len(queue))
	for i, id := range queue {
		ids[i] = ID(id)
	}
	return ids
}

// Edits returns the edits that wait or are carried out, by ID.
func (s *Service) Edits() []Edit {
	s.editing.Lock()
	defer s.editing.Unlock()
	all := make([]Edit, 0, len(s.edits))
	for _, id := range slices.Sorted(maps.Keys(s.edits)) {
		all = append(all, *s.edits[id])
	}
	return all
}

// Saved notes in the history where a variant was saved to. That it can't be
// noted is written to the log.
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
