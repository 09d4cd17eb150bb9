package session

import (
	"slices"
	"strings"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
)

// members returns the edits of an edit's group in the order in which they were requested: one
// for each service, and later requests for more variants.
func (s *Session) members(e *edit) (list []*edit) {
	if e == nil {
		return nil
	}
	for _, o := range s.edits.list {
		if o.group == e.group && o.detached == e.detached {
			list = append(list, o)
		}
	}
	return list
}

// groups returns the document's edits by group.
func (s *Session) groups() (list [][]*edit) {
	at := map[EditID]int{}
	for _, e := range s.edits.list {
		if e.detached {
			continue
		}
		i, ok := at[e.group]
		if !ok {
			i = len(list)
			at[e.group] = i
			list = append(list, nil)
		}
		list[i] = append(list[i], e)
	}
	return list
}

// joinGroup puts an edit into another one's group, where that has several services.
func (e *edit) joinGroup(of *edit) {
	e.mask = of.mask
	if of.several {
		e.group, e.several, e.lead = of.group, true, of.results()
	}
}

// results returns the job that makes results of the edit's variants.
func (e *edit) results() *job.Job {
	if e.lead != nil {
		return e.lead
	}
	return e.job
}

// shareResults lets the variants of several services become results of the same edit: that of
// the first service.
func shareResults(edits []*edit) {
	slices.SortFunc(edits, func(a, b *edit) int { return int(a.id - b.id) })
	for _, e := range edits[min(1, len(edits)):] {
		e.lead, e.key = edits[0].job, edits[0].key
	}
}

// shownCard is a card with the edit that it is of.
type shownCard struct {
	edit *edit
	card *card
}

// cardsOf returns the cards of edits that were not discarded, in their order.
func cardsOf(edits []*edit) (list []shownCard) {
	for _, e := range edits {
		for _, c := range e.visible() {
			list = append(list, shownCard{e, c})
		}
	}
	return list
}

// number returns the number on a card: its place among the cards of its group that were not
// discarded, from 1.
func (s *Session) number(e *edit, c *card) int {
	return slices.Index(cardsOf(s.members(e)), shownCard{e, c}) + 1
}

// currentGroup returns the group that the number keys refer to: the one displayed last or,
// where none was displayed since, requested last; nil where there is none.
func (s *Session) currentGroup() []*edit {
	if group := s.members(s.find(s.edits.current)); len(cardsOf(group)) > 0 {
		return group
	}
	for _, group := range slices.Backward(s.groups()) {
		if len(cardsOf(group)) > 0 {
			return group
		}
	}
	return nil
}

// Edits returns the document's edits, the oldest first, without those that have no card left.
func (s *Session) Edits() []Edit {
	var list []Edit
	current := s.currentGroup()
	for _, group := range s.groups() {
		group = slices.DeleteFunc(group, func(e *edit) bool { return len(e.visible()) == 0 && e.fault == nil })
		if len(group) > 0 {
			list = append(list, s.editValue(group, current != nil && group[0].group == current[0].group))
		}
	}
	return list
}

// editValue is a group as the gallery shows it.
func (s *Session) editValue(group []*edit, current bool) Edit {
	first := group[0]
	v := Edit{
		ID: first.group, Prompt: oneLine(first.prompt), Service: serviceNames(group), Several: first.several, When: first.when,
		State: stateOf(group), Fraction: fractionOf(group), Current: current,
	}
	var cost []service.Cost
	for _, e := range group {
		v.Paid, v.Sent, v.Cancelled = v.Paid || e.paid(), v.Sent || e.sent, v.Cancelled || e.cut
		v.First = v.First || e.state == Waiting && s.behind(e)
		v.Elapsed = max(v.Elapsed, s.elapsed(e))
		cost = addCost(cost, e.cost)
		if stage, pause := s.stage(e); v.Stage.IsZero() {
			v.Stage, v.Pause = stage, pause
		}
		if f := s.failure(e); f != nil {
			v.Failures = append(v.Failures, *f)
		}
		v.Cards = append(v.Cards, s.cardValues(e)...)
	}
	if len(cost) == 1 {
		v.Cost = cost[0]
	}
	for i := range v.Cards {
		v.Cards[i].Number = i + 1
		if v.Cards[i].Used {
			v.Used = append(v.Used, i+1)
		}
	}
	return v
}

// cardValues are an edit's cards without their numbers.
func (s *Session) cardValues(e *edit) (list []Card) {
	used := s.usedOf(e)
	stage, _ := s.stage(e)
	for _, c := range e.visible() {
		one := Card{
			ID: VariantID{e.id, c.n}, State: CardReady, Fraction: c.fraction, New: c.fresh, Favourite: c.favourite,
			Used: used[c], Chosen: s.shown.now.Picture == Picture{IsVariant, VariantID{e.id, c.n}},
			Service: e.nameSentence(), Stage: stage, Cost: e.share(), Elapsed: s.elapsed(e),
		}
		switch {
		case c.made != nil:
			one.Thumbnail, one.Note = c.made.Thumbnail, note(e, c)
		case e.state == Running:
			one.State = CardWorking
		default:
			one.State = CardWaiting
		}
		if c.made == nil && c.part != nil {
			one.Thumbnail = c.part
		}
		list = append(list, one)
	}
	return list
}

// share returns the part of an edit's cost that is one variant's.
func (e *edit) share() service.Cost {
	c := e.cost
	if n := int64(len(e.cards) - e.goneCards()); n > 0 {
		c.Amount /= n
	}
	return c
}

// goneCards counts the variants that did not arrive and won't.
func (e *edit) goneCards() (n int) {
	for _, c := range e.cards {
		if c.gone {
			n++
		}
	}
	return n
}

// stage returns what an edit is doing while it runs, and how much longer the service asked to
// wait.
func (s *Session) stage(e *edit) (stage Sentence, pause time.Duration) {
	if e.state != Running {
		return Sentence{}, 0
	}
	if left := e.until.Sub(s.options.Now()); e.stage == api.Pausing && left > 0 {
		pause = left.Round(time.Second)
		return sayCount("notice.pausing", int(pause/time.Second)), pause
	}
	return stageSentence(e.stage), 0
}

// serviceNames names the services of edits, each once.
func serviceNames(group []*edit) Sentence {
	var names []string
	for _, e := range group {
		if name := e.nameSentence().String(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) < 2 {
		return group[0].nameSentence()
	}
	return say("ui.name", "Name", strings.Join(names, ", "))
}

// stateOf returns the state of edits as a group: running where one runs.
func stateOf(group []*edit) EditState {
	for _, state := range []EditState{Running, Preparing, Waiting, Failed} {
		if slices.ContainsFunc(group, func(e *edit) bool { return e.state == state }) {
			return state
		}
	}
	return Done
}

// fractionOf returns the progress of those that have not ended, 0 to 1, or negative where that
// is unknown.
func fractionOf(group []*edit) float64 {
	if len(group) == 1 {
		return group[0].fraction
	}
	sum, n := 0.0, 0
	for _, e := range group {
		if !e.over() {
			if e.fraction < 0 {
				return -1
			}
			sum, n = sum+e.fraction, n+1
		}
	}
	if n == 0 {
		return -1
	}
	return sum / float64(n)
}
