package history

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
)

// session is one run of the program. While it lives it holds the lock on a
// file of its own, by which others know that its unfinished jobs are its own
// business. The file goes with it.
type session struct {
	name string
	file *os.File
}

func openSession(folder string) (*session, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	name := strings.ToLower(rand.Text())
	f, err := os.OpenFile(filepath.Join(folder, name), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	lock(f) // nobody else knows the name
	return &session{name, f}, nil
}

func (s *session) close() {
	name := s.file.Name()
	s.file.Close()
	os.Remove(name)
}

// alive reports whether the run of that name still goes on. The file of one
// that doesn't is removed.
func alive(folder, name string) bool {
	path := filepath.Join(folder, name)
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if err != nil {
		return false
	}
	free := lock(f)
	f.Close()
	if free {
		os.Remove(path)
	}
	return !free
}
