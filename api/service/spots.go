package service

import (
	"cmp"
	"context"
	"errors"
	"maps"

	"overpaint/api/history"
	"overpaint/api/job"
	"overpaint/editor/document"
)

// Set is one edit that is ready to be submitted as a request for each spot of its
// mask; most have one alone. It is immutable.
type Set struct {
	// Drafts are the requests, at least one.
	Drafts []*Draft
	// Job is the whole edit, whose variants job.Job.Joined makes of those of the drafts' jobs.
	Job *job.Job
	// Cost and Bytes are those of all drafts.
	Cost  Cost
	Bytes int64
}

// PrepareSpots makes drafts for all windows in which the mask is sent (Choices.Spots);
// otherwise it is as Prepare. prompts are the spots' own, by their numbers; where one is missing or "",
// the choices' prompt holds.
func (s *Service) PrepareSpots(ctx context.Context, state *document.State, c Choices, prompts ...string) (*Set, error) {
	states, err := job.SpotStates(state, c.Options, s.Profile(c.Connection))
	if err != nil {
		return nil, err
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

// plus adds what another request costs, by the same price.
func (c Cost) plus(o Cost) Cost {
	return Cost{Amount: c.Amount + o.Amount, Currency: cmp.Or(o.Currency, c.Currency), Least: c.Least || o.Least}
}

// SubmitSpots submits all drafts of a set, or none (Submit): what all may cost is
// reserved before any is queued.
func (s *Service) SubmitSpots(ctx context.Context, set *Set, o Submission) ([]Edit, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	records := make([]*history.Record, len(set.Drafts))
	undo := func(err error) ([]Edit, error) {
		for _, r := range records {
			s.unrecord(r)
		}
		return nil, err
	}
	for i, d := range set.Drafts {
		var err error
		spot := history.Spot{Number: i, Of: len(set.Drafts)}
		if i > 0 && records[0] != nil {
			spot.First = records[0].ID()
		}
		if records[i], err = s.record(ctx, d, o, spot); err != nil {
			return undo(s.overAll(set, i, err))
		}
	}
	if err := ctx.Err(); err != nil {
		return undo(err)
	}
	edits := make([]Edit, len(set.Drafts))
	for i, d := range set.Drafts {
		edit := newEdit(d, o)
		if records[i] != nil {
			edit.Entry = records[i].ID()
		}
		var err error
		edits[i], err = s.queue(d, edit, records[i])
		records[i] = nil
		if err != nil {
			for _, queued := range edits[:i] {
				s.Cancel(queued.ID)
			}
			return undo(err)
		}
	}
	return edits, nil
}

// overAll makes of an *OverCapError for draft i of a set one for all of it: those before it are
// reserved already, and it did not look at those behind it.
func (s *Service) overAll(set *Set, i int, err error) error {
	var over *OverCapError
	c, ok := s.Connection(set.Drafts[i].Connection)
	if !ok || !errors.As(err, &over) {
		return err
	}
	all := *over
	for k, d := range set.Drafts {
		sum := foreseen(c.Price, d.Job.Request())
		if k < i {
			all.InFlight -= sum
		}
		if k != i {
			all.Cost += sum
		}
	}
	return &all
}

// Together is how an edit ended of which each window ended in a way of its own: as many variants
// came as of the one that fewest came of, and trouble of any is the edit's. The ID is the first one's.
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

// AtService reports that a connection is a service, which may cost something.
func (s *Service) AtService(connection string) bool {
	_, ok := s.Connection(connection)
	return ok
}
