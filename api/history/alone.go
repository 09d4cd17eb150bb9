package history

import (
	"path/filepath"

	"overpaint.dev/overpaint/editor/file"
)

// Alone takes a lock beside the history's own, for what one program does with it at a
// time, such as going on where an earlier run ended. The error is file.ErrLocked while
// another one does it. It ends with the program, or by Unlock.
func (s *Store) Alone(what string) (*file.Lock, error) {
	return file.TryLock(filepath.Join(s.folder, what+".lock"))
}
