package service

import (
	"cmp"
	"context"
	"maps"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/document"
)

// Set is an edit that is ready to be submitted, as one request for each spot of its mask; most
// have a single one. It is immutable.
type Set struct {
	// Drafts are the requests, at least one.
	Drafts []*Draft
	// Job is the whole edit; job.Job.Joined composes its variants of those of the drafts' jobs.
	Job *job.Job
	// Cost and Bytes are those of all drafts.
	Cost  Cost
	Bytes int64
}

// ReferenceBytes returns the total size of the references' files in bytes, which is part of
// Bytes.
func (s *Set) ReferenceBytes() (n int64) {
	for _, d := range s.Drafts {
		n += d.ReferenceBytes()
	}
	return n
}

// PrepareSpots is Prepare for all windows into which the mask is divided (Choices.Spots).
func (s *Service) PrepareSpots(ctx context.Context, state *document.State, c Choices) (*Set, error) {
	states, windows, err := job.SpotStates(state, c.Options, s.Profile(c.Connection))
	if err != nil {
		return nil, err
	}
	var prompts []string
	if c.SpotPrompts != nil {
		prompts = c.SpotPrompts(windows)
	}
	set := &Set{}
	jobs := make([]*job.Job, len(states))
	for i, part := range states {
		own := c
		own.Spots = ""
		if i < len(prompts) && prompts[i] != "" {
			own.Prompt = prompts[i]
		}
		d, err := s.Prepare(ctx, part, own)
		if err != nil {
			return nil, err
		}
		jobs[i] = d.Job
		set.Drafts = append(set.Drafts, d)
		set.Cost, set.Bytes = set.Cost.plus(d.Cost), set.Bytes+d.Bytes
	}
	set.Job = job.Join(state, c.Options, jobs)
	return set, nil
}

// plus adds the cost of another request, at the same price.
func (c Cost) plus(o Cost) Cost {
	return Cost{Amount: c.Amount + o.Amount, Currency: cmp.Or(o.Currency, c.Currency), Least: c.Least || o.Least}
}

// SubmitSpots submits all drafts of a set, or none, as Submit does: the cost of all is
// reserved before any is queued.
func (s *Service) SubmitSpots(ctx context.Context, set *Set, o Submission) ([]Edit, error) {
	edits, err := s.SubmitAll(ctx, []Order{{set, o}})
	if err != nil {
		return nil, err
	}
	return edits[0], nil
}

// Order is a set to be submitted, and how.
type Order struct {
	Set *Set
	Submission
}

// SubmitAll submits several sets, such as the same edit at several services, or none of them:
// the cost of all is reserved in one step before any is queued. It returns the edits of each
// order. Errors are those of Submit.
func (s *Service) SubmitAll(ctx context.Context, orders []Order) ([][]Edit, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	all := s.ordered(orders)
	if err := s.reserve(all); err != nil {
		return nil, err
	}
	err := s.record(ctx, all)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = s.queueAll(all)
	}
	if err != nil {
		for _, one := range all {
			s.unrecord(one.record)
		}
		freeReserved(all)
		return nil, err
	}
	edits := make([][]Edit, len(orders))
	for _, one := range all {
		edits[one.order] = append(edits[one.order], one.edit)
	}
	return edits, nil
}

// ordered returns the drafts of orders. Requests to several services at once are one edit in
// the history, which doesn't record the built-in engine's.
func (s *Service) ordered(orders []Order) (all []ordered) {
	services, service := 0, 0
	for _, o := range orders {
		if s.AtService(o.Set.Drafts[0].Connection) {
			services++
		}
	}
	for i, o := range orders {
		for n, d := range o.Set.Drafts {
			one := ordered{order: i, draft: d, with: o.Submission, edit: newEdit(d, o.Submission)}
			if of := len(o.Set.Drafts); of > 1 {
				one.spot.Number, one.spot.Of = n, of
			}
			if services > 1 {
				one.spot.Service, one.spot.Services = service, services
			}
			all = append(all, one)
		}
		if s.AtService(o.Set.Drafts[0].Connection) {
			service++
		}
	}
	return all
}

// queueAll queues the edits of drafts, all or none.
func (s *Service) queueAll(all []ordered) error {
	for i := range all {
		one := &all[i]
		var err error
		one.edit, err = s.queue(one.draft, one.edit, one.record)
		one.record = nil // from here on the worker records its end
		if err != nil {
			for k := range all[:i] {
				s.Cancel(all[k].edit.ID)
				all[k].edit.reserved = 0 // its end frees it
			}
			return err
		}
	}
	return nil
}

// ordered is a draft of an order on its way into the queue.
type ordered struct {
	order  int
	spot   history.Spot
	draft  *Draft
	with   Submission
	edit   Edit
	record *history.Record // nil where none is, or the worker has it
}

// Together returns the end of an edit from the ends of its requests: it has as many variants
// as the request with the fewest, and the error of any. The ID is the first one's.
func Together(ends []Ended) Ended {
	out := ends[0]
	for _, end := range ends[1:] {
		out.Result.Asked = max(out.Result.Asked, end.Result.Asked)
		out.Result.Got = min(out.Result.Got, end.Result.Got)
		out.Result.RequestID = cmp.Or(out.Result.RequestID, end.Result.RequestID)
		usage := maps.Clone(out.Result.Usage)
		for name, n := range end.Result.Usage {
			if usage == nil {
				usage = map[string]int64{}
			}
			usage[name] += n
		}
		out.Result.Usage = usage
		if out.Err == nil || end.Err != nil && end.Err.MayHaveCost() {
			out.Err = cmp.Or(end.Err, out.Err)
		}
		out.Cost = out.Cost.plus(end.Cost)
	}
	return out
}

// AtService reports whether a connection is a service, which may cost something.
func (s *Service) AtService(connection string) bool {
	_, ok := s.Connection(connection)
	return ok
}
