package session

import (
	"context"
	"math/rand/v2"
	"slices"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
)

// spot is one request of an edit, for the window of one spot of its mask. Most edits have a
// single one.
type spot struct {
	draft    *service.Draft // nil where nothing is asked for
	edit     service.Edit   // its ID is 0 until it is submitted
	came     map[int]part   // by the index in the edit
	lent     int            // how many of them an earlier request brought; its own come behind them
	fraction float64
	end      *service.Ended
}

// part is the variant of one spot, and its entry in the history.
type part struct {
	made  *job.Variant
	entry int64
}

func newSpot() *spot { return &spot{came: map[int]part{}, fraction: -1} }

// take stores a set of requests that is ready to be submitted.
func (e *edit) take(set *service.Set) {
	e.set, e.job, e.cost = set, set.Job, set.Cost
	e.key = e.results().Edit()
	for len(e.spots) < len(set.Drafts) {
		e.spots = append(e.spots, newSpot())
	}
	next := 0
	for _, p := range e.spots {
		if p.end == nil {
			p.draft = set.Drafts[next]
			next++
		}
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

// known reports whether the edit was submitted.
func (e *edit) known() bool {
	return slices.ContainsFunc(e.spots, func(p *spot) bool { return p.edit.ID != 0 })
}

// ids returns the service's IDs of the edit's requests.
func (e *edit) ids() (list []service.ID) {
	for _, p := range e.spots {
		if p.edit.ID != 0 {
			list = append(list, p.edit.ID)
		}
	}
	return list
}

// arrivedAt stores the variant of one spot. Once all spots have the variant of an index, it is
// composed of them in the background, and fitted to the group's window.
func (s *Session) arrivedAt(e *edit, a service.Arrived) {
	p := e.spotOf(a.ID)
	if p != nil {
		a.Index += p.lent
	}
	whole, lead := e.job, e.results()
	if a.Err != nil || p == nil || e.detached || len(e.spots) < 2 && lead.Adopts(whole) {
		s.arrived(e, a)
		return
	}
	p.came[a.Index] = part{a.Variant, p.edit.Entry}
	made := make([]*job.Variant, len(e.spots))
	for i, other := range e.spots {
		if made[i] = other.came[a.Index].made; made[i] == nil {
			return
		}
	}
	e.joining++
	background(s, func() outcome[*job.Variant] {
		v, err := whole.Joined(a.Index, made)
		if err == nil {
			v, err = lead.Adopted(v, whole)
		}
		return result(v, err)
	}, func(got outcome[*job.Variant]) {
		e.joining--
		s.arrived(e, service.Arrived{ID: a.ID, Index: a.Index, Variant: got.value, Err: api.AsError(got.err)})
		s.endAll(e)
	})
}

// endedAt handles the end of one request of an edit.
func (s *Session) endedAt(e *edit, end service.Ended) {
	delete(s.edits.byID, end.ID)
	if p := e.spotOf(end.ID); p != nil {
		p.end = &end
		p.draft.Job.Done() // what was sent is let go of
	}
	s.endAll(e)
}

// endAll ends an edit once all its requests have ended and their variants are composed.
func (s *Session) endAll(e *edit) {
	var ends []service.Ended
	for _, p := range e.spots {
		if p.end == nil {
			return
		}
		end := *p.end
		end.Result.Got, end.Result.Asked = end.Result.Got+p.lent, end.Result.Asked+p.lent
		ends = append(ends, end)
	}
	if e.joining == 0 && !e.over() && len(ends) > 0 {
		s.ended(e, service.Together(ends))
	}
}

// progressAt updates the progress of one request of an edit.
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

// rest returns the requests for n more variants of this edit. Spots that arrived without the
// others of their variant were paid for, so they are used and not requested again. At least
// one spot is to be requested.
func (e *edit) rest(n int) (list []*spot) {
	var missing []int
	for i := 0; i < e.asked && len(missing) < n; i++ {
		if slices.ContainsFunc(e.spots, func(p *spot) bool { return p.came[i].made == nil }) {
			missing = append(missing, i)
		}
	}
	all := make([][]part, len(e.spots))
	least := n
	for i, p := range e.spots {
		for _, index := range missing {
			if came := p.came[index]; came.made != nil {
				all[i] = append(all[i], came)
			}
		}
		least = min(least, len(all[i]))
	}
	for i, p := range e.spots {
		next := newSpot()
		next.edit, next.lent = p.edit, len(all[i])-least
		next.edit.ID = 0
		for k, came := range all[i][least:] {
			next.came[k] = came
		}
		if next.lent == n {
			next.end = &service.Ended{}
		}
		list = append(list, next)
	}
	return list
}

// more prepares n more variants of an edit as the edit e, with the spots that rest returned.
// It may be called from any goroutine while neither edit is changed.
func (s *Session) more(of, e *edit, n int) (*service.Set, error) {
	set := &service.Set{}
	for _, p := range e.spots {
		if p.end != nil {
			continue
		}
		d, err := s.service.More(p.edit, n-p.lent)
		if err != nil {
			return nil, err
		}
		set.Drafts = append(set.Drafts, d)
		set.Cost.Amount, set.Cost.Currency = set.Cost.Amount+d.Cost.Amount, d.Cost.Currency
		set.Cost.Least = set.Cost.Least || d.Cost.Least
	}
	if set.Job = set.Drafts[0].Job; len(e.spots) > 1 {
		set.Job = of.job.Again(n, rand.Int64())
	}
	return set, nil
}

// SpotsAgain returns the number of a variant's spots that can each be requested again
// (AskSpotAgain), and the estimated cost of one; 0 where it has a single spot.
func (s *Session) SpotsAgain(v VariantID) (n int, one service.Cost) {
	e, c := s.card(v)
	if c == nil || c.made == nil || e.detached || len(e.spots) < 2 || s.file.doc == nil {
		return 0, one
	}
	for _, p := range e.spots {
		if p.came[c.made.Index].made == nil || p.edit.Job == nil { // the latter out of the history
			return 0, one
		}
		if p.draft != nil && e.asked > p.lent {
			one = p.draft.Cost
			one.Amount /= int64(e.asked - p.lent)
		}
	}
	return len(e.spots), one
}

// AskSpotAgain requests one spot of a variant again, by its index in the order of the windows:
// as an edit of one more variant, which shares the other spots.
func (s *Session) AskSpotAgain(v VariantID, spot int) {
	defer s.act()()
	if n, _ := s.SpotsAgain(v); spot < 0 || spot >= n {
		return
	}
	of, c := s.card(v)
	e := s.newEdit(of.connection, of.prompt, 1)
	e.joinGroup(of)
	for i, p := range of.spots {
		next := newSpot()
		next.edit = p.edit
		next.edit.ID = 0
		if i != spot {
			next.came[0], next.lent, next.end = p.came[c.made.Index], 1, &service.Ended{}
		}
		e.spots = append(e.spots, next)
	}
	s.wish(Wish{Kind: WishReveal, Edit: e.group})
	s.prepare(e, &round{waiting: 1}, func(context.Context) (*service.Set, error) { return s.more(of, e, 1) })
}

// record identifies the variant of one request in the history.
type record struct {
	entry int64 // 0: it is not there
	index int
}

// records returns the records of a variant in the history, one for each request.
func (e *edit) records(v *job.Variant) []record {
	if len(e.spots) < 2 {
		return []record{{e.entry, v.Index}}
	}
	var list []record
	for _, p := range e.spots {
		if came := p.came[v.Index]; came.made != nil {
			list = append(list, record{came.entry, came.made.Index})
		}
	}
	return list
}

// faulty returns the history's entry of the request that failed, whose error is the edit's.
func (e *edit) faulty() int64 {
	for _, p := range e.spots {
		if p.end != nil && p.end.Err != nil && p.end.Err == e.fault {
			return p.edit.Entry
		}
	}
	return e.entry
}

// SetSpots chooses into how many windows a mask is divided.
func (s *Session) SetSpots(how job.Spots) {
	defer s.act(Panel | Menu)()
	if (how.Valid() || how == job.SpotsTiles) && how != s.panel.spots {
		s.panel.spots = how
		s.plan()
	}
}
