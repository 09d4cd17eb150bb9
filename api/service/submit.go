package service

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"time"

	"overpaint/api"
	"overpaint/api/history"
	"overpaint/api/job"
	"overpaint/api/settings"
	"overpaint/api/worker"
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
	// Tag is the caller's own.
	Tag any
}

// OverCapError reports that an edit would pass the person's cap for the month,
// with all that is under way. All sums are in millionths of Currency.
type OverCapError = history.OverCapError

// OverCap is the refusal of an edit that would pass the cap, where there is
// nobody to ask: it says what was spent and what is under way.
func OverCap(e *OverCapError) *api.Error {
	key := "input.over_cap"
	if e.InFlight > 0 {
		key = "input.over_cap_in_flight"
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
// pass the cap gives an *OverCapError, unless the person consented. The cap is
// checked and the cost reserved in one step, over all programs of the person.
// Once ctx has ended nothing is queued.
func (s *Service) Submit(ctx context.Context, d *Draft, o Submission) (Edit, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	edit := newEdit(d, o)
	record, err := s.record(ctx, d, o, history.Spot{})
	if err != nil {
		return edit, err
	}
	if record != nil {
		edit.Entry = record.ID()
	}
	if err := ctx.Err(); err != nil {
		s.unrecord(record)
		return edit, err
	}
	return s.queue(d, edit, record)
}

// newEdit returns the edit that a draft becomes.
func newEdit(d *Draft, o Submission) Edit {
	return Edit{
		Connection: d.Connection, Name: d.Name, Profile: d.Profile, Job: d.Job, Source: o.Source,
		Cost: d.Cost, Submitted: time.Now(), Tag: o.Tag,
	}
}

// record writes the edit down. It is nil for the built-in engine, whose edits
// can be made again for nothing, and where the person does without.
func (s *Service) record(ctx context.Context, d *Draft, o Submission, spot history.Spot) (*history.Record, error) {
	c, ok := s.Connection(d.Connection)
	if !ok {
		return nil, nil
	}
	entry := history.EntryOf(d.Job, &c, o.Source)
	if spot.Of > 1 {
		entry.Spot = spot
	}
	record, err := s.write(ctx, c, entry, o.OverCap)
	var unrecorded *UnrecordedError
	if o.Unrecorded && errors.As(err, &unrecorded) {
		return nil, nil
	}
	return record, err
}

// write reserves what an entry of a connection may cost and writes it down. Its
// errors are an *OverCapError, unless that was agreed to, an *UnrecordedError,
// and ctx's.
func (s *Service) write(ctx context.Context, c settings.Connection, e history.Entry, overCap bool) (*history.Record, error) {
	e.Foreseen = foreseen(c.Price, e.Request)
	if !overCap && c.Price.Known() {
		e.Cap = s.settings.Current().MonthlyCap
	}
	store, err := s.open()
	var record *history.Record
	if store != nil {
		if err = store.Room(expected(e.Request)); err == nil {
			record, err = store.Record(ctx, e)
		}
	}
	var over *OverCapError
	switch {
	case err == nil:
		return record, nil
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
