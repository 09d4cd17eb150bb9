package history

import (
	"path/filepath"

	"overpaint.dev/overpaint/editor/file"
)

// Alone takes a further lock of the history, for what one program may do with it at a time,
// such as resuming an earlier run. The error is file.ErrLocked while another one holds it. It
// ends by Unlock, or with the program.
func (s *Store) Alone(what string) (*file.Lock, error) {
	return file.TryLock(filepath.Join(s.folder, what+".lock"))
}
