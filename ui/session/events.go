package session

import (
	"slices"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/service"
)

// listen passes the service's events on to the session's goroutine, in order.
func (s *Session) listen() {
	events, cancel := s.service.Subscribe()
	s.working.Add(1)
	go func() {
		defer s.working.Done()
		defer cancel()
		for {
			select {
			case <-s.ctx.Done():
				return
			case e, ok := <-events:
				if !ok {
					return
				}
				s.post(func() { s.hear(e) })
			}
		}
	}()
}

// hear handles an event of the service, if it concerns one of the session's edits.
func (s *Session) hear(event service.Event) {
	switch event := event.(type) {
	case service.Queued:
		s.queued(event)
		return
	case service.Notice:
		if event.ID == 0 || s.edits.byID[event.ID] != nil { // 0: of the history
			s.report(told(event.Sentence))
		}
		return
	}
	if e := s.edits.byID[event.Of()]; e != nil {
		s.hearOf(e, event)
	}
}

// queued handles the event that an edit was submitted, if this session submitted it.
func (s *Session) queued(event service.Queued) {
	t, ok := event.Edit.Tag.(tag)
	if !ok || t.session != s {
		return
	}
	for _, e := range s.edits.list {
		if e.id == t.id {
			s.submitted(e, event.Edit)
		}
	}
}

// hearOf handles an event of a submitted edit.
func (s *Session) hearOf(e *edit, event service.Event) {
	switch event := event.(type) {
	case service.Moved:
		s.touch(Gallery)
	case service.Started:
		if e.state = Running; e.started.IsZero() {
			e.started = s.options.Now()
		}
		s.log.Info("started", "job", int64(event.ID))
		s.touch(Gallery | Status | Panel)
	case service.Sent:
		e.sent = true
		s.touch(Gallery | Status)
	case service.Progress:
		s.progressAt(e, event.ID, event.Progress)
	case service.Preview:
		if len(e.spots) < 2 {
			s.previewed(e, event)
		}
	case service.Arrived:
		s.arrivedAt(e, event)
	case service.Ended:
		s.endedAt(e, event)
	}
}

func (s *Session) progress(e *edit, p api.Progress) {
	e.stage, e.until = p.Stage, p.Until
	if p.Index >= 0 && p.Index < len(e.cards) {
		e.cards[p.Index].fraction = p.Fraction
	} else {
		e.fraction = p.Fraction
	}
	s.touch(Gallery | Status)
}

// previewed shows a preview of a variant, unless the variant has arrived.
func (s *Session) previewed(e *edit, p service.Preview) {
	if e.detached || p.Index < 0 {
		return
	}
	e.grow(p.Index + 1)
	e.cards[p.Index].part = p.Image
	s.log.Info("preview", "edit", int64(e.id), "index", p.Index)
	s.touch(Gallery)
}

// arrived puts a variant on its card. The first one of an edit is displayed as it arrives,
// where the document is displayed, nothing is being done with it and no other mask was painted
// meanwhile, which the variant would hide. One that was chosen
// before it arrived is displayed at once.
func (s *Session) arrived(e *edit, a service.Arrived) {
	if e.detached || a.Index < 0 {
		return
	}
	e.grow(a.Index + 1)
	c := e.cards[a.Index]
	c.part = nil
	s.touch(Gallery | Canvas | Status)
	if a.Err != nil {
		c.broken = true
		e.broken++
		e.fault = a.Err
		s.leaveGone()
		return
	}
	c.made, c.fresh, c.fraction = a.Variant, true, 1
	s.log.Info("variant", "edit", int64(e.id), "index", a.Index)
	first := !slices.ContainsFunc(s.members(e), func(o *edit) bool { return o.came })
	e.came = true
	v := VariantID{e.id, c.n}
	switch {
	case e.tiling != nil:
		s.useTile(e, c)
	case c.discarded:
	case s.shown.now.What == IsVariant && s.shown.now.Variant == v:
		c.fresh = false
	case first && s.idle() && s.pendingMask(e) == nil:
		s.show(Shown{Picture: Picture{IsVariant, v}})
	}
	s.wish(Wish{Kind: WishReveal, Edit: e.group})
}

// idle reports whether nothing is under way that a change of the displayed picture would
// disturb.
func (s *Session) idle() bool {
	now := s.shown.now
	return !s.editing.stroke && s.shown.held == nil && now.How == Alone && now.What != IsVariant &&
		s.editing.target == noTarget && s.editing.masking == nil && s.chosen() == nil
}

// ended handles the end of an edit. An error is shown on the edit's own card and in a notice.
func (s *Session) ended(e *edit, end service.Ended) {
	s.log.Info("ended", "job", int64(end.ID), "got", end.Result.Got)
	e.ended, e.until = s.options.Now(), time.Time{}
	e.cost = end.Cost
	if e.job != nil {
		e.job.Done() // what was sent is let go of
	}
	s.noteFailed(e, end)
	s.touch(Gallery | Status | Panel | History)
	if e.detached {
		s.endedDetached(e, end)
	} else {
		s.endedHere(e, end)
	}
	if e.tiling != nil {
		s.tileEnded(e, end.Err != nil || end.Result.Got == 0)
	}
	if !s.tilesRun() || e.tiling == nil {
		s.notifyEnd(e, end)
	}
	s.endCancelNotice()
	s.askSpent()
	s.maybeClose()
}

// noteFailed keeps whether a service could be asked.
func (s *Session) noteFailed(e *edit, end service.Ended) {
	switch {
	case end.Result.Got > 0:
		delete(s.panel.failed, e.connection)
	case end.Err != nil && slices.Contains([]api.Kind{api.KindAuth, api.KindQuota, api.KindMoved, api.KindNotService, api.KindNetwork}, end.Err.Kind):
		if s.panel.failed == nil {
			s.panel.failed = map[string]bool{}
		}
		s.panel.failed[e.connection] = true
	}
}

func (s *Session) endedHere(e *edit, end service.Ended) {
	cancelled := end.Err != nil && end.Err.Kind == api.KindCancelled
	missing := e.loseMissing()
	e.state = Done
	if cancelled && missing > 0 {
		for _, o := range s.members(e) {
			o.cut = true
		}
	}
	switch {
	case end.Err != nil && !cancelled:
		e.fault, e.missing, e.state = end.Err, max(missing, 1), Failed
	case e.broken > 0:
		e.state = Failed
	}
	s.leaveGone()
	s.forget(e)
	switch {
	case s.closing.waiting:
	case end.Err == nil && end.Result.Got < end.Result.Asked:
		rest := end.Result.Asked - end.Result.Got
		s.offer(say("service.fewer", "Got", end.Result.Got, "Asked", end.Result.Asked), say("notice.ask_rest"), func() { s.askMore(e, rest) })
	case end.Err != nil && !cancelled:
		s.log.Warn("edit failed", "kind", string(end.Err.Kind), "sentence", end.Err.Text().Key)
		s.notify(&notice{Notice: Notice{Text: e.trouble(), Bad: true, Error: end.Err}, stay: staying})
	case end.Err != nil && end.Err.MayHaveCost():
		s.report(told(end.Err.Text()))
	}
}

// notifyEnd has the desktop notify the user of the end of an edit that they have not
// cancelled themselves.
func (s *Session) notifyEnd(e *edit, end service.Ended) {
	if end.Err != nil && end.Err.Kind == api.KindCancelled {
		return
	}
	told := sayCount("notice.ended", end.Result.Got, "Name", e.nameSentence())
	if end.Result.Got == 0 {
		told = say("notice.ended_failed", "Name", e.nameSentence())
	}
	s.wish(Wish{Kind: WishNotify, Text: told})
}

// loseMissing removes the cards of variants that will not arrive, and returns how many of them
// the user had not discarded.
func (e *edit) loseMissing() (missing int) {
	for _, c := range e.cards {
		if c.made == nil && !c.broken {
			c.gone = true
			if !c.discarded {
				missing++
			}
		}
	}
	return missing
}

// endedDetached posts a notice on the end of an edit of a document that was closed.
func (s *Session) endedDetached(e *edit, end service.Ended) {
	e.state = Done
	s.removeEdit(e)
	if end.Result.Got > 0 && e.paid() && !s.closing.waiting {
		entry := e.entry
		s.offer(sayCount("notice.arrived", end.Result.Got, "Name", e.picture), say("notice.show_history"), func() {
			s.wish(Wish{Kind: WishHistory, Entry: entry})
		})
	}
}
