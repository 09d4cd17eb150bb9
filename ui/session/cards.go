package session

import "slices"

// Discard removes a card; Undo brings it back. Where its variant is still to come and it is
// the only card of its edit, the edit is cancelled as by CancelEdit.
func (s *Session) Discard(v VariantID) {
	defer s.act()()
	e, c := s.card(v)
	if c == nil {
		return
	}
	if c.made == nil && e.pending() == 1 && !e.over() {
		s.cancelEdits([]*edit{e}, nil)
		return
	}
	s.discard([]shownCard{{e, c}}, "step.discard")
}

// DiscardSelected removes the selection: the displayed variant, also in a comparison with the
// photo or the document, or, where the document alone is displayed, the result whose controls
// are shown. What is not visible, or is being painted on, is not removed; a notice says what
// to do.
func (s *Session) DiscardSelected() {
	defer s.act()()
	now := s.shown.now
	picture := now.Picture
	if now.How != Alone && picture.What != IsVariant {
		picture = now.Left
	}
	switch r := s.chosen(); {
	case now.How != Alone && now.What == IsVariant && now.Left.What == IsVariant:
		s.remark(say("ui.discard.two"))
	case picture.What == IsVariant:
		s.Discard(picture.Variant)
	case now != Shown{} || r == nil:
		s.remark(say("ui.discard.nothing"))
	case s.editing.target != noTarget:
		s.remark(say("ui.discard.painting"))
	default:
		s.RemoveResult(r.ID)
	}
}

// DiscardEdit removes all cards of an edit that has ended, at all its services; Undo brings
// them back.
func (s *Session) DiscardEdit(id EditID) {
	defer s.act()()
	group := s.members(s.find(id))
	if len(group) == 0 || slices.ContainsFunc(group, func(e *edit) bool { return !e.over() }) {
		return
	}
	for _, e := range group {
		e.fault = nil
	}
	if cards := cardsOf(group); len(cards) > 0 {
		s.discard(cards, "step.discard_edit")
	}
	for _, e := range group {
		s.forget(e)
	}
}

func (s *Session) discard(cards []shownCard, name string) {
	was := s.shown.now
	do := func() {
		for _, one := range cards {
			one.card.discarded = true
		}
		s.leaveGone()
		s.touch(Gallery | Canvas | Status)
	}
	undo := func() {
		for _, one := range cards {
			one.card.discarded = false
		}
		s.touch(Gallery | Canvas | Status)
		s.wish(Wish{Kind: WishReveal, Edit: cards[0].edit.group})
		if slices.ContainsFunc(cards, func(one shownCard) bool {
			return was.Variant == VariantID{one.edit.id, one.card.n} && was.What == IsVariant
		}) {
			s.show(was)
		}
	}
	do()
	s.did(name, undo, do)
}

// leaveGone shows the document where the canvas shows a variant that was removed.
func (s *Session) leaveGone() {
	now := s.shown.now
	for _, p := range []Picture{now.Picture, now.Left} {
		if _, c := s.card(p.Variant); p.What == IsVariant && c == nil {
			s.show(Shown{})
			return
		}
	}
}

// forget drops an edit of which no card can be brought back.
func (s *Session) forget(e *edit) {
	s.touch(Gallery)
	if e.over() && e.fault == nil && !slices.ContainsFunc(e.cards, func(c *card) bool { return c.made != nil && !c.broken }) {
		s.edits.list = slices.DeleteFunc(s.edits.list, func(o *edit) bool { return o == e })
	}
}

// Favourite marks a variant as a favourite, which the history never deletes by itself, or
// removes the mark. Undo takes either back.
func (s *Session) Favourite(v VariantID, on bool) {
	defer s.act()()
	e, c := s.card(v)
	if c == nil || c.made == nil || c.favourite == on {
		return
	}
	set := func(on bool) func() {
		return func() {
			c.favourite = on
			s.touch(Gallery)
			for _, r := range e.records(c.made) {
				s.noteFavourite(r.entry, r.index, on)
			}
		}
	}
	set(on)()
	name := "step.favourite"
	if !on {
		name = "step.no_favourite"
	}
	s.did(name, set(!on), set(on))
}

// noteFavourite stores the mark of a favourite in the history.
func (s *Session) noteFavourite(entry int64, variant int, on bool) {
	if entry == 0 {
		return
	}
	background(s, func() error {
		store, err := s.service.History()
		if store == nil {
			return err
		}
		return store.SetVariantFavourite(entry, variant, on)
	}, func(err error) {
		if err != nil {
			s.log.Warn("favourite not kept", "error", err)
		}
		s.touch(History)
	})
}

// unused counts the variants that a service was paid for and that are neither
// in the document nor in a file.
func (s *Session) unused() int {
	n := 0
	for _, e := range s.edits.list {
		if e.detached || !e.paid() {
			continue
		}
		used := s.usedOf(e)
		for _, c := range e.visible() {
			if c.made != nil && !c.saved && !used[c] {
				n++
			}
		}
	}
	return n
}
