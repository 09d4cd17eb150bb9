package session

import (
	"cmp"
	"context"
	"errors"
	"image"
	"slices"
	"time"

	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
)

// twice is the time within which a second request to generate is ignored.
const twice = time.Second

// Generate requests an edit of the document as it is now from each chosen service, once a stroke
// and changes of the mask that are still being worked out are in it (onceSettled). A second call
// within a second is ignored. Where it is not possible a notice says why.
func (s *Session) Generate() {
	defer s.act()()
	s.onceSettled(s.generate)
}

func (s *Session) generate() {
	if reason, keyless := s.reason(); keyless != "" && s.panel.keys[keyless].Locked {
		con, _ := s.service.Connection(keyless)
		s.remark(say("notice.keyring_locked", "Name", con.Name))
		s.checkKeys(true) // it may be unlocked by now, or asks for its password
		return
	} else if keyless != "" {
		s.notify(&notice{Notice: Notice{Text: reason, Action: say("ui.reason.enter_key")}, stay: passing, do: s.FindKey, holds: s.stillLacks(reason)})
		return
	} else if !reason.IsZero() {
		s.noteWhile(reason, s.stillLacks(reason))
		return
	}
	now := s.options.Now()
	if !s.edits.generated.IsZero() && now.Sub(s.edits.generated) < twice {
		return
	}
	s.edits.generated = now
	s.rememberPrompt()
	if s.inTiles() {
		s.generateTiles()
		return
	}
	state := s.file.doc.State()
	together := &round{waiting: len(s.panel.services)}
	first := s.edits.last + 1
	for _, connection := range s.panel.services {
		e := s.newEdit(connection, s.editName(), s.panel.variants)
		e.group, e.several = first, len(s.panel.services) > 1
		c, references := s.choices(connection), s.panel.more.References
		c.SpotPrompts = s.spotPrompter(connection)
		s.prepare(e, together, func(ctx context.Context) (*service.Set, error) {
			var err error
			if c.References, err = s.readReferences(ctx, connection, references); err != nil {
				return nil, err
			}
			return s.service.PrepareSpots(ctx, state, c)
		})
	}
	s.wish(Wish{Kind: WishReveal, Edit: first})
}

// newEdit puts an edit with its cards into the gallery.
func (s *Session) newEdit(connection, prompt string, n int) *edit {
	s.edits.last++
	e := &edit{
		id: s.edits.last, connection: connection, picture: s.file.name, prompt: prompt, asked: max(n, 1),
		group: s.edits.last, profile: s.service.Profile(connection), state: Preparing, when: s.options.Now(), fraction: -1,
		mask: s.file.doc.State().Mask,
	}
	if c, ok := s.service.Connection(connection); ok {
		e.name = c.Name
	}
	e.grow(e.asked)
	s.edits.list = append(s.edits.list, e)
	if s.shown.now.What != IsVariant {
		s.edits.current = e.id
	}
	s.touch(Gallery | Status | Panel)
	s.tick()
	return e
}

// round is one request to generate. Its edits, one for each service, are submitted together
// once each is ready or was dropped, so that their total cost is reserved in one step.
type round struct {
	waiting int     // edits that are being prepared
	ready   []*edit // the others, without those that were dropped
}

// prepare makes an edit's draft in the background. Cancelling is free until the edits of its
// round are submitted.
func (s *Session) prepare(e *edit, of *round, ready func(context.Context) (*service.Set, error)) {
	ctx, cancel := context.WithCancel(s.ctx)
	e.giveUp = cancel
	background(s, func() outcome[*service.Set] { return result(ready(ctx)) }, func(got outcome[*service.Set]) {
		cancel()
		switch {
		case e.gaveUp:
			s.drop(e)
		case got.err != nil:
			s.drop(e)
			s.fail(got.err)
		default:
			if e.prepared != nil {
				e.prepared()
			}
			e.take(got.value)
			e.order = service.Order{Set: e.set, Submission: s.submission(e)}
			of.ready = append(of.ready, e)
		}
		if of.waiting--; of.waiting == 0 {
			shareResults(of.ready)
			s.submit(of.ready)
		}
	})
}

// tag identifies the service's edits that belong to a session.
type tag struct {
	session *Session
	id      EditID
}

// submit submits edits to the service, all or none, and asks the user where they would pass
// a cap or can't be recorded.
func (s *Session) submit(edits []*edit) {
	if edits = s.notGivenUp(edits); len(edits) == 0 {
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	var orders []service.Order
	for _, e := range edits {
		orders = append(orders, e.order)
		e.giveUp = func() { // what is wanted of the others is not given up
			if !slices.ContainsFunc(edits, func(o *edit) bool { return !o.gaveUp }) {
				cancel()
			}
		}
	}
	s.touch(Gallery | Status)
	background(s, func() outcome[[][]service.Edit] { return result(s.service.SubmitAll(ctx, orders)) }, func(got outcome[[][]service.Edit]) {
		defer cancel()
		if got.err != nil {
			s.notSubmitted(s.notGivenUp(edits), got.err)
			return
		}
		for i, e := range edits {
			for _, as := range got.value[i] {
				s.submitted(e, as)
				if e.gaveUp && !e.over() { // too late to keep it from being queued
					s.service.Cancel(as.ID)
				}
			}
		}
	})
}

// notGivenUp drops the edits that were cancelled and returns the others.
func (s *Session) notGivenUp(edits []*edit) (list []*edit) {
	for _, e := range edits {
		if e.gaveUp || s.ctx.Err() != nil {
			s.drop(e)
		} else {
			list = append(list, e)
		}
	}
	return list
}

// notSubmitted asks about edits that were refused, or reports the error.
func (s *Session) notSubmitted(edits []*edit, err error) {
	if len(edits) == 0 {
		return
	}
	var over *service.OverCapError
	var unrecorded *service.UnrecordedError
	switch {
	case errors.As(err, &over):
		s.askOverCap(edits, over)
	case errors.As(err, &unrecorded):
		s.askEdits(edits, AskUnrecorded, say("dialog.unrecorded.title"), say("dialog.unrecorded.text"), func(e *edit) { e.order.Unrecorded = true })
	case errors.Is(err, context.Canceled): // all that was wanted then was given up; this is wanted still
		s.submit(edits)
	default:
		for _, e := range edits {
			s.drop(e)
		}
		s.fail(err)
	}
}

// submitted stores the IDs by which the service knows a request of an edit. It is called
// twice, by the first event and by the call that submitted it, in any order.
func (s *Session) submitted(e *edit, as service.Edit) {
	i := slices.IndexFunc(e.spots, func(p *spot) bool { return p.draft != nil && p.draft.Job == as.Job })
	if i < 0 || e.spots[i].edit.ID != 0 {
		return
	}
	if !e.known() {
		e.entry, e.state = as.Entry, Waiting
	}
	e.spots[i].edit = as
	s.edits.byID[as.ID] = e
	s.log.Info("queued", "job", int64(as.ID), "variants", e.asked)
	s.touch(Gallery | Status | Panel | History)
	s.askSpent()
}

// askOverCap asks whether to pass a cap, and names what edits under way may cost.
func (s *Session) askOverCap(edits []*edit, over *service.OverCapError) {
	title, text := overCapWords(over)
	s.askEdits(edits, AskOverCap, title, text, func(e *edit) { e.order.OverCap = true })
}

// overCapWords returns the question whether one edit may pass a cap.
func overCapWords(over *service.OverCapError) (title, text Sentence) {
	return overCapTitle(over), say("dialog.cap.text"+capKey(over), capArgs(over)...)
}

func overCapTitle(over *service.OverCapError) Sentence {
	return say("dialog.cap.title" + capOf(over))
}

// capOf returns the ending of the keys of sentences about a cap.
func capOf(over *service.OverCapError) string {
	return map[history.Guard]string{history.GuardEdit: "_edit", history.GuardDay: "_day"}[over.Guard]
}

// capKey returns the ending of the keys of sentences about a cap, which differ where edits are
// under way.
func capKey(over *service.OverCapError) string {
	if over.InFlight > 0 {
		return capOf(over) + "_in_flight"
	}
	return capOf(over)
}

// capArgs returns the sums in sentences about a cap.
func capArgs(over *service.OverCapError) []any {
	return []any{
		"Cap",
		Amount{over.Cap, over.Currency},
		"Spent",
		Amount{over.Spent, over.Currency},
		"InFlight",
		Amount{over.InFlight, over.Currency},
		"Cost",
		Amount{over.Cost, over.Currency},
	}
}

// askEdits asks whether to make edits after all. If so, agree is called for each and they are
// submitted again; else they are dropped.
func (s *Session) askEdits(edits []*edit, ask Ask, title, text Sentence, agree func(*edit)) {
	q := s.confirm(ask, title, text, say("dialog.cap.do"), nil)
	for _, e := range edits {
		e.asking = q
	}
	s.touch(Gallery | Status | Panel)
	q.reply = func(r Reply) {
		var asked []*edit
		for _, e := range edits {
			if e.asking == q { // it was not given up meanwhile
				e.asking, e.gaveUp = nil, r != Yes
				agree(e)
				asked = append(asked, e)
			}
		}
		s.submit(asked)
	}
}

// withdrawAsked withdraws the question whether to make an edit, which isn't made. A question
// that is also about other edits stays.
func (s *Session) withdrawAsked(e *edit) {
	q := e.asking
	if q == nil {
		return
	}
	e.asking = nil
	s.drop(e)
	if !slices.ContainsFunc(s.edits.list, func(o *edit) bool { return o.asking == q }) {
		s.takeQuestion(q.ID)
	}
}

// drop removes an edit that was not submitted.
func (s *Session) drop(e *edit) {
	e.state, e.ended = Done, s.options.Now()
	if e.tiling != nil {
		s.stopTiles(e.tiling)
	}
	for _, c := range e.cards {
		c.gone = true
	}
	s.leaveGone()
	s.forget(e)
	s.touch(Gallery | Status | Panel)
	s.maybeClose()
}

// askMore requests n more variants of an edit, from its connection as it is now, as a new edit
// of the same group. Of the edit's spots only the missing ones are requested.
func (s *Session) askMore(of *edit, n int) {
	if n < 1 || of.detached || s.file.doc == nil || !of.known() {
		return
	}
	if s.resumable(of) {
		s.resumeTiles(of)
		return
	}
	e := s.newEdit(of.connection, of.prompt, n)
	e.joinGroup(of)
	e.spots = of.rest(n)
	s.wish(Wish{Kind: WishReveal, Edit: e.group})
	s.prepare(e, &round{waiting: 1}, func(context.Context) (*service.Set, error) { return s.more(of, e, n) })
}

// choices returns the user's choices for a service.
func (s *Session) choices(connection string) service.Choices {
	set, m := s.settings.Current(), s.panel.more
	c := service.Choices{Connection: connection}
	c.Prompt, c.N, c.Size = s.panel.prompt, s.panel.variants, s.panel.size
	c.ResponseFormat, c.User, c.Seed, c.Extra = m.ResponseFormat, m.User, m.Seed, m.Options
	p := s.service.Profile(connection)
	c.Stream, c.Partials = m.Previews > 0, min(m.Previews, max(p.Partials, 0))
	c.Region, c.Blend, c.Whole = s.regionOptions(), set.Blend, true
	c.Spots = cmp.Or(s.panel.spots, job.SpotsAuto)
	if con, ok := s.service.Connection(connection); ok {
		c.Model = con.Model
	}
	if s.inTiles() {
		c.N = 1
	}
	if len(s.panel.services) > 1 { // chosen for the first one
		c.N = min(c.N, p.MaxN)
		if !p.Allows(c.Size) || len(p.Sizes) == 0 {
			c.Size = image.Point{}
		}
	}
	return c
}

// reason says why Generate is not possible, and is empty where it is; keyless is the
// connection whose missing key is the reason, or "".
func (s *Session) reason() (why Sentence, keyless string) {
	if s.file.doc == nil {
		return say("ui.reason.no_picture"), ""
	}
	state := s.file.doc.State()
	if state.Mask.Empty() && s.panel.of == s.file.doc && !s.panel.masked {
		return say("ui.reason.no_mask"), ""
	}
	switch {
	case s.inTiles() && len(s.panel.services) > 1:
		return say("ui.reason.tiles_services"), ""
	case s.inTiles() && s.tilesRun():
		return say("ui.reason.tiles_run"), ""
	}
	for _, id := range s.panel.services {
		if why, keyless = s.lacks(id); !why.IsZero() {
			return why, keyless
		}
	}
	return Sentence{}, ""
}

// stillLacks returns a function that reports whether Generate is not possible for the same
// reason, and nothing else has changed since it was called first.
func (s *Session) stillLacks(reason Sentence) func() bool {
	unmoved := s.unmoved()
	return func() bool {
		now, _ := s.reason()
		return unmoved() && now.same(reason)
	}
}

// lacks is reason for one of the chosen services.
func (s *Session) lacks(id string) (why Sentence, keyless string) {
	p := s.service.Profile(id)
	con, _ := s.service.Connection(id)
	switch {
	case s.keyless(id):
		return s.noKey(id, con.Name), id
	case id == settings.Builtin && s.panel.sending != nil && s.panel.sending.Mask >= 1:
		return say("ui.reason.all_masked"), "" // it would have nothing to fill from
	case id == settings.Builtin && s.panel.sending != nil && s.panel.sending.Filled:
		return say("ui.reason.grown_over", "Pixels", s.settings.Current().Window.Grow), ""
	case p.NeedsPrompt && s.panel.prompt == "" && !s.eachHasItsPrompt():
		return say("ui.reason.no_prompt"), ""
	case p.PromptChars > 0 && s.longestPrompt() > p.PromptChars:
		return say("ui.reason.long_prompt", "Limit", p.PromptChars), ""
	}
	return Sentence{}, ""
}

// FindKey helps with the key that Generate lacks: it opens the settings at its field, or asks
// a locked keyring again, which then asks for its password.
func (s *Session) FindKey() {
	defer s.act()()
	switch _, id := s.reason(); {
	case id == "":
	case s.panel.keys[id].Locked:
		s.checkKeys(true)
	default:
		s.wish(Wish{Kind: WishSettings, Connection: id, Key: true})
	}
}

// remedy says what FindKey would do, and is empty where it would do nothing.
func (s *Session) remedy(keyless string) Sentence {
	switch {
	case keyless == "":
		return Sentence{}
	case s.panel.keys[keyless].Locked:
		return say("ui.reason.unlock")
	}
	return say("ui.reason.enter_key")
}
