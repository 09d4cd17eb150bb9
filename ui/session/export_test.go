package session

// What tests ask and no widget shows.

// Closed reports that the session has ended.
func (s *Session) Closed() bool { return s.closing.over }

// Unused counts the variants that were paid for and are neither used nor saved.
func (s *Session) Unused() int { return s.unused() }
