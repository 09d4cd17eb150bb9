package session

import (
	"math/rand/v2"
	"slices"

	"overpaint/api"
	"overpaint/api/job"
	"overpaint/api/service"
)

// spot is one request of an edit: the window of one spot of its mask. Most edits
// have one alone.
type spot struct {
	draft    *service.Draft
	edit     service.Edit // its ID is 0 until it is submitted
	came     map[int]*job.Variant
	fraction float64
	end      *service.Ended
}

// take takes over a set that is ready to be submitted.
func (e *edit) take(set *service.Set) {
	e.set, e.job, e.cost = set, set.Job, set.Cost
	e.key = e.job.Edit()
	e.spots = nil
	for _, d := range set.Drafts {
		e.spots = append(e.spots, &spot{draft: d, came: map[int]*job.Variant{}, fraction: -1})
	}
}

// spotOf returns the spot that the service knows by an ID; nil if there is none.
func (e *edit) spotOf(id service.ID) *spot {
	for _, p := range e.spots {
		if p.edit.ID == id {
			return p
		}
	}
	return nil
}

// known reports that the service has the edit.
func (e *edit) known() bool {
	return slices.ContainsFunc(e.spots, func(p *spot) bool { return p.edit.ID != 0 })
}

// ids are what the service knows the edit's requests by.
func (e *edit) ids() (list []service.ID) {
	for _, p := range e.spots {
		if p.edit.ID != 0 {
			list = append(list, p.edit.ID)
		}
	}
	return list
}

// arrivedAt takes in what came for one spot of an edit: once all have the variant of an
// index, it is made of them in the background.
func (s *Session) arrivedAt(e *edit, a service.Arrived) {
	p := e.spotOf(a.ID)
	if len(e.spots) < 2 || a.Err != nil || p == nil || e.detached {
		s.arrived(e, a)
		return
	}
	p.came[a.Index] = a.Variant
	made := make([]*job.Variant, len(e.spots))
	for i, other := range e.spots {
		if made[i] = other.came[a.Index]; made[i] == nil {
			return
		}
	}
	e.joining++
	group := e.job
	background(s, func() outcome[*job.Variant] { return result(group.Joined(a.Index, made)) }, func(got outcome[*job.Variant]) {
		e.joining--
		s.arrived(e, service.Arrived{ID: a.ID, Index: a.Index, Variant: got.value, Err: api.AsError(got.err)})
		s.endAll(e)
	})
}

// endedAt takes in how one request of an edit has ended.
func (s *Session) endedAt(e *edit, end service.Ended) {
	delete(s.edits.byID, end.ID)
	if p := e.spotOf(end.ID); p != nil {
		p.end = &end
		p.draft.Job.Done() // what was sent is let go of
	}
	s.endAll(e)
}

// endAll ends an edit once all its requests have ended and their variants are made.
func (s *Session) endAll(e *edit) {
	var ends []service.Ended
	for _, p := range e.spots {
		if p.end == nil {
			return
		}
		ends = append(ends, *p.end)
	}
	if e.joining == 0 && !e.over() && len(ends) > 0 {
		s.ended(e, service.Together(ends))
	}
}

// progressAt takes in how far one request of an edit is.
func (s *Session) progressAt(e *edit, id service.ID, p api.Progress) {
	at := e.spotOf(id)
	if len(e.spots) < 2 || at == nil {
		s.progress(e, p)
		return
	}
	at.fraction = p.Fraction
	sum := 0.0
	for _, other := range e.spots {
		if other.end != nil {
			sum++
		} else {
			sum += max(other.fraction, 0)
		}
	}
	p.Index, p.Fraction = -1, sum/float64(len(e.spots))
	s.progress(e, p)
}

// more returns n further variants of an edit that was submitted as requests.
func (s *Session) more(of *edit, n int) (*service.Set, error) {
	set := &service.Set{}
	for _, p := range of.spots {
		d, err := s.service.More(p.edit, n)
		if err != nil {
			return nil, err
		}
		set.Drafts = append(set.Drafts, d)
		set.Cost.Amount, set.Cost.Currency = set.Cost.Amount+d.Cost.Amount, d.Cost.Currency
		set.Cost.Least = set.Cost.Least || d.Cost.Least
	}
	if set.Job = set.Drafts[0].Job; len(set.Drafts) > 1 {
		set.Job = of.job.Again(n, rand.Int64())
	}
	return set, nil
}

// SetSpots chooses in how many windows a mask is sent.
func (s *Session) SetSpots(how job.Spots) {
	defer s.act(Panel | Menu)()
	if how.Valid() && how != s.panel.spots {
		s.panel.spots = how
		s.plan()
	}
}
