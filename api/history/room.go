package history

import "fmt"

// RoomError reports that a file system has too little room. Both sums are in bytes.
type RoomError struct {
	Folder     string
	Need, Free int64
}

// Error describes the lack of room, for logs.
func (e *RoomError) Error() string {
	return fmt.Sprintf("history: %d bytes are needed in %s, %d are free", e.Need, e.Folder, e.Free)
}

// spare is how many bytes must stay free besides those asked for: for the journals and the
// index.
const spare = 16 << 20

// Room returns a *RoomError where the history's file system has no room for so many more
// bytes, so that nothing is requested whose answer couldn't be stored. It returns nil where
// the system doesn't tell.
func (s *Store) Room(bytes int64) error {
	have, ok := freeBytes(s.folder)
	if ok && have < bytes+spare {
		return &RoomError{Folder: s.folder, Need: bytes + spare, Free: have}
	}
	return nil
}
