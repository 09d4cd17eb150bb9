package cli

import (
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// madeFolders are the folders that a run has created. Several goroutines may use them, and a
// nil one remembers nothing.
type madeFolders struct {
	mu    sync.Mutex
	paths []string // a folder after the one that it is in
}

// make creates a folder with those above it, where it doesn't exist.
func (m *madeFolders) make(dir string) error {
	if m == nil {
		return os.MkdirAll(dir, 0o777)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var missing []string
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if _, err := os.Lstat(at); err == nil || at == filepath.Dir(at) {
			break
		}
		missing = append(missing, at)
	}
	slices.Reverse(missing)
	m.paths = append(m.paths, missing...)
	return os.MkdirAll(dir, 0o777)
}

// tidy removes those folders that are empty. It is called once nothing is written any more.
func (m *madeFolders) tidy() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, path := range slices.Backward(m.paths) {
		_ = os.Remove(path) // which refuses folders with anything in them
	}
}
