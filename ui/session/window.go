package session

import "overpaint/api/settings"

// Tell says for a while something that is not the session's, as it is to be read.
func (s *Session) Tell(text string) {
	defer s.act()()
	s.remark(say("ui.name", "Name", text))
}

// Offer says something that is not the session's, together with what can be done.
func (s *Session) Offer(text, action string, do func()) {
	defer s.act()()
	s.offer(say("ui.name", "Name", text), say("ui.name", "Name", action), do)
}

// KeepCards remembers the size of the gallery's cards, in units.
func (s *Session) KeepCards(size float32) {
	defer s.act()()
	s.remember(func(set *settings.Settings) { set.CardSize = size })
}

// KeepSide remembers the width of the panel with the prompt, in units.
func (s *Session) KeepSide(width float32) {
	defer s.act()()
	s.remember(func(set *settings.Settings) { set.SideWidth = width })
}
