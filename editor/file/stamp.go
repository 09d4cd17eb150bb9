package file

import (
	"crypto/sha256"
	"io"
)

// Stamp tells one content of a file from others, by a hash of its bytes: programs that write
// metadata may keep a file's size and its times. The zero Stamp is that of no file.
type Stamp struct {
	size int64
	sum  [sha256.Size]byte
}

// StampOf returns the stamp of a file with these bytes.
func StampOf(data []byte) Stamp { return Stamp{int64(len(data)), sha256.Sum256(data)} }

// StampAt returns the stamp of the ordinary file that a path leads to now, the zero Stamp where
// there is none that can be read.
func StampAt(path string) Stamp {
	s, err := stampAt(path, -1)
	if err != nil {
		return Stamp{}
	}
	return s
}

// Is reports whether a path leads to an ordinary file with the content of this stamp. One that
// can't be read has another.
func (s Stamp) Is(path string) bool {
	now, err := stampAt(path, s.size)
	return err == nil && now == s
}

// stampAt returns the stamp of the file at path; where it has another size than wanted, which is
// not negative, nothing is read and the stamp has no hash.
func stampAt(path string, wanted int64) (Stamp, error) {
	f, err := Open(path)
	if err != nil {
		return Stamp{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Stamp{}, err
	}
	if s := (Stamp{size: info.Size()}); wanted >= 0 && s.size != wanted {
		return s, nil
	}
	h := sha256.New()
	n, err := io.Copy(h, f)
	s := Stamp{size: n}
	copy(s.sum[:], h.Sum(nil))
	return s, err
}
