package settings

import (
	"path/filepath"
	"sync"
)

// Store holds the settings.
type Store struct {
	mu      sync.Mutex
	path    string
	now     *Settings
	trouble error
}

// Open opens the settings in a folder.
func Open(folder string) *Store {
	path := filepath.Join(folder, FileName)
	s, err := LoadFile(path)
	return &Store{path: path, now: s, trouble: err}
}

// Current returns the settings, not to be changed.
func (s *Store) Current() *Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Update changes and writes them.
func (s *Store) Update(f func(*Settings)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.now.Clone()
	f(c)
	s.now = c
	return c.SaveFile(s.path)
}

// Trouble is what was wrong with reading them.
func (s *Store) Trouble() error { return s.trouble }
