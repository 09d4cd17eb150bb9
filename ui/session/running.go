package session

import (
	"slices"
	"time"

	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
)

// Under are the edits under way.
type Under struct {
	// Preparing, Running and Waiting count edits of the document, Elsewhere those of documents
	// that were closed. An edit that the user is asked about counts as waiting.
	Preparing, Running, Waiting, Elsewhere int
	// Elapsed is how long the edit that started first has run.
	Elapsed time.Duration
	// Fraction is their overall progress, 0 to 1, or negative where that is unknown. Stage says
	// what the first one is doing.
	Fraction float64
	Stage    Sentence
	// Tile is which of Tiles is being made, from 1, or 0 where none is.
	Tile, Tiles int
	// Cost is the estimated cost of those at services, by currency.
	Cost []service.Cost
}

// Any reports whether any edit is under way.
func (r Under) Any() bool { return r.Preparing+r.Running+r.Waiting+r.Elsewhere > 0 }

// Running returns the edits under way.
func (s *Session) Running() Under {
	r := Under{Fraction: -1}
	if t := s.edits.tiling; s.tilesRun() && t.count() > 1 {
		r.Tile, r.Tiles = t.at()+1, t.count()
	}
	sum, known, running := 0.0, 0, 0
	elsewhere := map[EditID]bool{}
	for _, e := range s.edits.list {
		if e.over() {
			continue
		}
		if !e.paused() {
			r.Cost = addCost(r.Cost, e.cost)
		}
		if e.detached {
			elsewhere[e.group] = true
		}
		if e.detached || e.state != Running {
			continue
		}
		if running == 0 {
			r.Stage, _ = s.stage(e)
		}
		running++
		r.Elapsed = max(r.Elapsed, s.elapsed(e))
		f := progressOf(e)
		if r.Tiles > 0 && e.tiling == s.edits.tiling {
			f = (float64(r.Tile-1) + max(f, 0)) / float64(r.Tiles)
		}
		if f >= 0 {
			sum += f
			known++
		}
	}
	if known > 0 && known == running {
		r.Fraction = sum / float64(known)
	}
	r.Elsewhere = len(elsewhere)
	r.count(s.groups())
	return r
}

// count counts groups of edits by their state.
func (r *Under) count(groups [][]*edit) {
	for _, group := range groups {
		switch state := stateOf(group); {
		case state == Waiting, state == Preparing && slices.ContainsFunc(group, (*edit).paused):
			r.Waiting++
		case state == Preparing:
			r.Preparing++
		case state == Running:
			r.Running++
		}
	}
}

// progressOf returns the progress of an edit as a whole: by its variants where these have
// their own.
func progressOf(e *edit) float64 {
	sum, known := 0.0, false
	for _, c := range e.cards {
		if c.made != nil || c.fraction >= 0 {
			known = known || c.made == nil || len(e.cards) > 1
			sum += min(max(c.fraction, 0), 1)
		}
	}
	if known && len(e.cards) > 0 {
		return sum / float64(len(e.cards))
	}
	return e.fraction
}

// addCost adds a cost to the sum of its currency.
func addCost(all []service.Cost, c service.Cost) []service.Cost {
	if !c.Known() {
		return all
	}
	for i := range all {
		if all[i].Currency == c.Currency {
			all[i].Amount += c.Amount
			all[i].Least = all[i].Least || c.Least
			return all
		}
	}
	return append(all, c)
}

// tick updates the shown seconds while edits are under way.
func (s *Session) tick() {
	if s.edits.clock != nil || !s.Running().Any() {
		return
	}
	s.edits.clock = s.after(time.Second, func() {
		s.edits.clock = nil
		if s.Running().Any() {
			s.touch(Gallery | Status)
			s.tick()
		}
	})
}

// behind reports whether an edit waits for others of its service, so that it can be moved
// before them.
func (s *Session) behind(e *edit) bool {
	for _, id := range s.service.Queue() {
		o := s.edits.byID[id]
		switch {
		case o == e:
			return false
		case o != nil && o.connection == e.connection:
			return true
		}
	}
	return false
}

// PutFirst makes a waiting edit the next one to run.
func (s *Session) PutFirst(id EditID) {
	defer s.act(Gallery)()
	for _, e := range slices.Backward(s.members(s.find(id))) {
		if e.state == Waiting {
			for _, id := range slices.Backward(e.ids()) {
				s.service.First(id)
			}
		}
	}
}

// Cancel stops the running edits. Waiting ones continue, since they were requested separately;
// a notice says so and offers to cancel them too. Where a service has a request already the
// person is asked once. Edits of closed documents are only stopped where there is nothing else
// to stop.
func (s *Session) Cancel() {
	defer s.act()()
	stop, rest := s.toCancel()
	s.cancelEdits(stop, func() {
		if len(rest) == 0 || len(stop) == 0 {
			return
		}
		n := countGroups(rest)
		text := sayCount("notice.cancelled", n, "Edit", editNames(stop))
		s.edits.told = text
		s.offer(text, sayCount("notice.cancel_rest", n), func() { s.cancelEdits(rest, nil) })
	})
}

// CancelEdit stops one edit, at all its services, as Cancel does.
func (s *Session) CancelEdit(id EditID) {
	defer s.act()()
	if group := s.members(s.find(id)); len(group) > 0 {
		s.cancelEdits(group, nil)
	}
}

// CancelAll stops all edits, waiting ones and those of closed documents included.
func (s *Session) CancelAll() {
	defer s.act()()
	s.cancelEdits(slices.Clone(s.edits.list), nil)
}

// toCancel returns the edits that one Cancel stops: those of the document that are being
// prepared or run, or the next one where none is; and the rest, in the order in which they
// wait.
func (s *Session) toCancel() (stop, rest []*edit) {
	for _, detached := range []bool{false, true} {
		rest = s.addWaiting(rest, detached)
		for _, e := range s.edits.list {
			if e.detached == detached && !e.over() && !slices.Contains(rest, e) {
				stop = append(stop, e)
			}
		}
		if len(stop) == 0 && len(rest) > 0 {
			stop, rest = rest[:1:1], rest[1:]
		}
		if stop, rest = withGroups(stop, rest); len(stop) > 0 {
			break
		}
	}
	return stop, rest
}

// addWaiting appends the waiting edits to a list, in their order: those of closed documents
// (detached), or the others.
func (s *Session) addWaiting(list []*edit, detached bool) []*edit {
	for _, id := range s.service.Queue() {
		if e := s.edits.byID[id]; e != nil && e.detached == detached && e.state == Waiting && !slices.Contains(list, e) {
			list = append(list, e)
		}
	}
	return list
}

// withGroups moves from rest to stop the edits of a group of which an edit is in stop.
func withGroups(stop, rest []*edit) ([]*edit, []*edit) {
	var others []*edit
	for _, e := range rest {
		if slices.ContainsFunc(stop, func(o *edit) bool { return o.group == e.group }) {
			stop = append(stop, e)
		} else {
			others = append(others, e)
		}
	}
	return stop, others
}

// cancelEdits stops edits, then calls after, unless that is nil or the user chooses to wait.
// Where services have requests already, which may be charged either way, the user is asked,
// once for all.
func (s *Session) cancelEdits(list []*edit, after func()) {
	var charged []*edit
	var cost []service.Cost
	for _, e := range list {
		switch {
		case e.over():
		case e.sent && e.paid():
			charged = append(charged, e)
			cost = addCost(cost, e.cost)
		default:
			s.stopEdit(e)
		}
	}
	if after == nil {
		after = func() {}
	}
	if len(charged) == 0 {
		after()
		return
	}
	if s.asking(AskCancel) {
		return
	}
	text := sayCount("dialog.cancel_sent.text", countGroups(charged), "Edit", editNames(charged))
	q := s.confirm(AskCancel, say("dialog.cancel_sent"), text, say("dialog.cancel_sent.do"), func() {
		for _, e := range charged {
			s.stopEdit(e)
		}
		after()
	})
	q.Answers[1].Label = say("dialog.cancel_sent.wait")
	if len(cost) == 1 {
		key := "dialog.cancel_sent.cost"
		if cost[0].Least {
			key = "dialog.cancel_sent.cost_least"
		}
		q.Also = say(key, "Cost", Amount{cost[0].Amount, cost[0].Currency})
	}
}

// stopEdit stops an edit without asking.
func (s *Session) stopEdit(e *edit) {
	s.touch(Gallery | Status)
	switch {
	case e.over():
	case e.known():
		for _, id := range e.ids() {
			s.service.Cancel(id)
		}
		e.gaveUp = true // those of its requests that aren't known yet are cancelled too
	default:
		e.gaveUp = true
		e.giveUp()
		s.withdrawAsked(e)
	}
}

// giveUpPreparing cancels the edits that have not been submitted.
func (s *Session) giveUpPreparing() {
	for _, e := range slices.Clone(s.edits.list) {
		if e.state == Preparing && !e.detached && !e.paused() {
			s.stopEdit(e)
		}
	}
}

// endCancelNotice withdraws the notice on edits that continue, once none does.
func (s *Session) endCancelNotice() {
	if !s.edits.told.IsZero() && !s.Running().Any() {
		s.withdraw(s.edits.told)
		s.edits.told = Sentence{}
	}
}

// editNames names edits: one by its prompt, several by their number.
func editNames(list []*edit) Sentence {
	const most = 40
	n := countGroups(list)
	if n == 1 {
		if prompt := []rune(oneLine(list[0].prompt)); len(prompt) > most {
			return say("notice.edit", "Prompt", string(prompt[:most-1])+"…")
		} else if len(prompt) > 0 {
			return say("notice.edit", "Prompt", string(prompt))
		}
	}
	return sayCount("notice.edits", n)
}

// countGroups counts the groups of edits.
func countGroups(list []*edit) int {
	seen := map[EditID]bool{}
	for _, e := range list {
		seen[e.group] = true
	}
	return len(seen)
}

// atServices counts the unfinished edits at services, those of closed documents included.
func (s *Session) atServices() int {
	n := 0
	for _, e := range s.edits.list {
		if e.paid() && !e.over() {
			n++
		}
	}
	return n
}

// detach ends the link between edits and a document that is closed. Those in preparation and
// those of the built-in engine, which can be made again, are cancelled; a service's continue,
// since they may be charged already, and what arrives is in the history.
func (s *Session) detach() {
	for _, e := range slices.Clone(s.edits.list) {
		e.detached = true
		e.cards = nil
		switch {
		case e.over():
			s.removeEdit(e)
		case !e.known() || e.connection == settings.Builtin:
			s.stopEdit(e)
		}
	}
	s.edits.current = 0
	if s.tilesRun() {
		s.stopTiles(s.edits.tiling)
	}
	s.edits.tiling = nil
	s.touch(Gallery | Status)
}

func (s *Session) removeEdit(e *edit) {
	s.edits.list = slices.DeleteFunc(s.edits.list, func(o *edit) bool { return o == e })
}
