package session

// ToggleCompare compares what is on the canvas with the original, or ends a
// comparison.
func (s *Session) ToggleCompare() {
	defer s.act()()
	if s.shown.now.How != Alone {
		s.endCompare()
		return
	}
	now := s.shown.now.Picture
	if now.What == IsOriginal {
		now = Picture{}
	}
	s.show(Shown{Picture: now, Left: Picture{What: IsOriginal}, How: SliderVertical})
}

// ToggleSideBySide shows what is on the canvas beside what was displayed before, or ends a
// side-by-side comparison.
func (s *Session) ToggleSideBySide() {
	defer s.act()()
	now := s.shown.now
	switch {
	case now.How == SideBySide:
		s.endCompare()
	case now.How != Alone:
		s.CompareAs(SideBySide)
	default:
		left := s.shown.before
		_, c := s.card(left.Variant)
		if left == now.Picture || left.What == IsVariant && c == nil {
			left = Picture{What: IsOriginal}
		}
		if left == now.Picture {
			left = Picture{}
		}
		s.show(Shown{Picture: now.Picture, Left: left, How: SideBySide})
	}
}

// Compare compares two pictures.
func (s *Session) Compare(left, right Picture, how How) {
	defer s.act()()
	for _, p := range []Picture{left, right} {
		if _, c := s.card(p.Variant); p.What == IsVariant && c == nil {
			return
		}
	}
	s.show(Shown{Picture: right, Left: left, How: how})
}

// CompareBy compares in a way: the two pictures that are compared already, else those that the
// key for that way compares. A key compares with the original, but for side by side, which is
// with what was displayed before.
func (s *Session) CompareBy(how How) {
	defer s.act()()
	switch {
	case s.shown.now.How != Alone:
	case how == SideBySide:
		s.ToggleSideBySide()
	default:
		s.ToggleCompare()
	}
	s.CompareAs(how)
}

// CompareAs changes in what way the two pictures are compared.
func (s *Session) CompareAs(how How) {
	defer s.act()()
	if s.shown.now.How == Alone {
		return
	}
	now := s.shown.now
	now.How = how
	s.show(now)
}

// SwapSides changes the sides of a comparison.
func (s *Session) SwapSides() {
	defer s.act()()
	now := s.shown.now
	if now.How != Alone {
		now.Picture, now.Left = now.Left, now.Picture
		s.show(now)
	}
}

// endCompare goes back to the picture that was displayed when the comparison began, where it
// is one of the two; else to Left.
func (s *Session) endCompare() {
	now := s.shown.now
	to := now.Picture
	if now.What == IsOriginal || now.Left == s.shown.from {
		to = now.Left
	}
	if now.Picture == s.shown.from {
		to = now.Picture
	}
	s.show(Shown{Picture: to})
}
