package file

import (
	"os"
	"time"
)

// Stamp tells one content of a file from others by what the file system knows of it: its size
// and when it was written last. The zero Stamp is that of no file.
type Stamp struct {
	size int64
	when time.Time
}

// StampOf returns the stamp of the file that a path leads to now, the zero Stamp where there is
// none that can be asked.
func StampOf(path string) Stamp {
	info, err := os.Stat(path)
	if err != nil {
		return Stamp{}
	}
	return Stamp{info.Size(), info.ModTime()}
}

// Same reports whether both stamps are of the same content, as far as they tell.
func (s Stamp) Same(other Stamp) bool { return s.size == other.size && s.when.Equal(other.when) }
