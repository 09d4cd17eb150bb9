package history

import "time"

// WithClock makes the store take the time from now.
func WithClock(now func() time.Time) Option { return func(s *Store) { s.now = now } }
