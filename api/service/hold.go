package service

// Hold keeps a sum free under the person's caps for requests that follow one another
// (Submission.Hold): so the last of them isn't refused because other edits have taken what was left.
// It holds for the edits of this program; those of another one are checked when they are sent, as each
// request is. Its zero value keeps nothing.
type Hold struct{ _ byte }

// held is what a hold keeps free, in millionths of a currency.
type held struct {
	sum      int64
	currency string
}

// hold changes what a hold keeps free, and returns what that was.
func (s *Service) hold(h *Hold, now held) (was held) {
	s.holding.Lock()
	defer s.holding.Unlock()
	was = s.holds[h]
	if s.holds[h] = now; now.sum == 0 {
		delete(s.holds, h)
	}
	return was
}

// Release frees what a hold keeps: nothing follows any more. nil is none.
func (s *Service) Release(h *Hold) {
	if h != nil {
		s.hold(h, held{})
	}
}

// held is what all holds but one keep free in a currency.
func (s *Service) held(currency string, but *Hold) (sum int64) {
	s.holding.Lock()
	defer s.holding.Unlock()
	for h, kept := range s.holds {
		if h != but && kept.currency == currency {
			sum += kept.sum
		}
	}
	return sum
}
