package session

import (
	"cmp"
	"context"
	"errors"
	"image"
	"slices"
	"time"

	"overpaint/api/job"
	"overpaint/api/service"
)

// twice is within what time a second wish to generate is taken for the same one.
const twice = time.Second

// Generate asks for an edit of the document as it is now, of each service that
// is chosen. Twice within a second it asks once. Where it can't be done the
// person is told why.
func (s *Session) Generate() {
	defer s.act()()
	if reason := s.reason(); !reason.IsZero() {
		s.remark(reason)
		return
	}
	now := s.options.Now()
	if !s.edits.generated.IsZero() && now.Sub(s.edits.generated) < twice {
		return
	}
	s.edits.generated = now
	s.rememberPrompt()
	state := s.file.doc.State()
	for _, connection := range s.panel.services {
		e := s.newEdit(connection, s.panel.prompt, s.panel.variants)
		c, references := s.choices(connection), s.panel.more.References
		s.prepare(e, func(ctx context.Context) (*service.Set, error) {
			var err error
			if c.References, err = s.readReferences(connection, references); err != nil {
				return nil, err
			}
			return s.service.PrepareSpots(ctx, state, c)
		})
	}
	s.wish(Wish{Kind: WishReveal, Edit: s.edits.last})
}

// newEdit puts an edit with its cards into the gallery.
func (s *Session) newEdit(connection, prompt string, n int) *edit {
	s.edits.last++
	e := &edit{
		id: s.edits.last, connection: connection, picture: s.file.name, prompt: prompt, asked: max(n, 1),
		profile: s.service.Profile(connection), state: Preparing, when: s.options.Now(), fraction: -1,
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

// prepare makes an edit's draft in the background, then submits it. Until that
// is done it costs nothing to cancel it.
func (s *Session) prepare(e *edit, ready func(context.Context) (*service.Set, error)) {
	ctx, cancel := context.WithCancel(s.ctx)
	e.giveUp = cancel
	background(s, func() outcome[*service.Set] { return result(ready(ctx)) }, func(got outcome[*service.Set]) {
		switch {
		case e.gaveUp:
			s.drop(e)
		case got.err != nil:
			s.drop(e)
			s.fail(got.err)
		default:
			e.take(got.value)
			s.submit(ctx, e, service.Submission{Source: s.file.path, Tag: tag{s, e.id}})
		}
	})
}

// tag marks the service's edits that are a session's.
type tag struct {
	session *Session
	id      EditID
}

// submit hands an edit to the service, or asks the person where that would pass
// the cap or can't be written down.
func (s *Session) submit(ctx context.Context, e *edit, o service.Submission) {
	s.touch(Gallery | Status)
	background(s, func() outcome[[]service.Edit] { return result(s.service.SubmitSpots(ctx, e.set, o)) }, func(got outcome[[]service.Edit]) {
		var over *service.OverCapError
		var unrecorded *service.UnrecordedError
		switch {
		case got.err == nil:
			for _, as := range got.value {
				s.submitted(e, as)
				if e.gaveUp && !e.over() { // too late to keep it from being queued
					s.service.Cancel(as.ID)
				}
			}
		case e.gaveUp || ctx.Err() != nil:
			s.drop(e)
		case errors.As(got.err, &over):
			s.askOverCap(e, over, func() {
				o.OverCap = true
				s.submit(ctx, e, o)
			})
		case errors.As(got.err, &unrecorded):
			s.askUnrecorded(e, func() {
				o.Unrecorded = true
				s.submit(ctx, e, o)
			})
		default:
			s.drop(e)
			s.fail(got.err)
		}
	})
}

// submitted takes over what the service knows a request of an edit as. It is called twice:
// by the first event and by the call that submitted it, in any order.
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

// askOverCap asks whether to pass the cap, and names what is in flight.
func (s *Session) askOverCap(e *edit, over *service.OverCapError, do func()) {
	args := []any{
		"Cap", Amount{over.Cap, over.Currency}, "Spent", Amount{over.Spent, over.Currency},
		"InFlight", Amount{over.InFlight, over.Currency}, "Cost", Amount{over.Cost, over.Currency},
	}
	text := say("dialog.cap.text", args...)
	if over.InFlight > 0 {
		text = say("dialog.cap.text_in_flight", args...)
	}
	s.askEdit(e, AskOverCap, say("dialog.cap.title"), text, say("dialog.cap.do"), do)
}

func (s *Session) askUnrecorded(e *edit, do func()) {
	s.askEdit(e, AskUnrecorded, say("dialog.unrecorded.title"), say("dialog.unrecorded.text"), say("dialog.cap.do"), do)
}

// askEdit asks whether an edit is to be made all the same; it is dropped where not.
func (s *Session) askEdit(e *edit, ask Ask, title, text, label Sentence, do func()) {
	e.asking = s.confirm(ask, title, text, label, nil)
	e.asking.reply = func(r Reply) {
		e.asking = nil
		if r == Yes && !e.gaveUp {
			do()
			return
		}
		s.drop(e)
	}
}

// withdrawAsked takes the question whether an edit is to be made back: it isn't.
func (s *Session) withdrawAsked(e *edit) {
	if e.asking != nil {
		s.takeQuestion(e.asking.ID)
		e.asking = nil
		s.drop(e)
	}
}

// drop takes an edit away of which nothing was asked.
func (s *Session) drop(e *edit) {
	e.state, e.ended = Done, s.options.Now()
	for _, c := range e.cards {
		c.gone = true
	}
	s.leaveGone()
	s.forget(e)
	s.touch(Gallery | Status | Panel)
	s.maybeClose()
}

// askMore asks for n more variants of an edit, by its connection as it is now,
// in an edit of its own that belongs to the same one; of its spots those that are missing.
func (s *Session) askMore(of *edit, n int) {
	if n < 1 || of.detached || s.file.doc == nil || len(of.spots) == 0 {
		return
	}
	e := s.newEdit(of.connection, of.prompt, n)
	e.spots = of.rest(n)
	s.wish(Wish{Kind: WishReveal, Edit: e.id})
	s.prepare(e, func(context.Context) (*service.Set, error) { return s.more(of, e, n) })
}

// choices are what the person chose, for a service.
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
	if len(s.panel.services) > 1 { // chosen for the first one
		c.N = min(c.N, p.MaxN)
		if !p.Allows(c.Size) || len(p.Sizes) == 0 {
			c.Size = image.Point{}
		}
	}
	return c
}

// readReferences reads further input pictures for a service that takes them.
func (s *Session) readReferences(connection string, list []Reference) ([]*image.NRGBA, error) {
	if s.service.Profile(connection).Images <= 1 {
		return nil, nil
	}
	var all []*image.NRGBA
	for _, r := range list {
		p, err := openPicture(r.Path)
		if err != nil {
			return nil, referenceError(r, err)
		}
		all = append(all, p.SRGB())
	}
	return all, nil
}

// reason says why Generate can't be done, or nothing.
func (s *Session) reason() Sentence {
	if s.file.doc == nil {
		return say("ui.reason.no_picture")
	}
	state := s.file.doc.State()
	if state.Mask.Empty() && s.panel.settled && !s.panel.masked {
		return say("ui.reason.no_mask")
	}
	for _, id := range s.panel.services {
		p := s.service.Profile(id)
		con, _ := s.service.Connection(id)
		n := len([]rune(s.panel.prompt))
		switch {
		case s.keyless(id):
			return say("ui.reason.no_key_of", "Name", con.Name)
		case p.NeedsPrompt && s.panel.prompt == "":
			return say("ui.reason.no_prompt")
		case p.PromptChars > 0 && n > p.PromptChars:
			return say("ui.reason.long_prompt", "Limit", p.PromptChars)
		}
	}
	return Sentence{}
}
