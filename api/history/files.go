package history

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"image"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"overpaint/editor/file"
	"overpaint/editor/picture"
)

// orphanAge is how old a file must be that no row names before it is removed:
// a younger one may belong to a row that another program is about to write.
const orphanAge = 24 * time.Hour

func (s *Store) path(hash string) string { return filepath.Join(s.folder, "files", hash[:2], hash) }

// put keeps data as a file, synced to the disk, and returns its name. The row
// of the table is the caller's to write (link).
func (s *Store) put(data []byte) (hash string, err error) {
	sum := sha256.Sum256(data)
	hash = hex.EncodeToString(sum[:])
	path := s.path(hash)
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(data)) {
		now := time.Now() // it is no orphan to be swept away
		return hash, os.Chtimes(path, now, now)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	return hash, file.Write(path, 0o600, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// putPicture keeps a picture as PNG. Its pixels tell whether it is there
// already, so that a picture that is edited many times is encoded once.
func (s *Store) putPicture(img *image.NRGBA, meta picture.Metadata) (hash string, size int64, err error) {
	key := pictureKey(img, meta)
	s.mu.Lock()
	known, ok := s.encoded[key]
	s.mu.Unlock()
	if ok {
		if info, err := os.Stat(s.path(known)); err == nil {
			now := time.Now()
			return known, info.Size(), os.Chtimes(s.path(known), now, now)
		}
	}
	var buffer bytes.Buffer
	if err := picture.Encode(&buffer, img, picture.Encoding{Format: picture.PNG, Meta: meta}); err != nil {
		return "", 0, err
	}
	hash, err = s.put(buffer.Bytes())
	if err == nil {
		s.mu.Lock()
		s.encoded[key] = hash
		s.mu.Unlock()
	}
	return hash, int64(buffer.Len()), err
}

func pictureKey(img *image.NRGBA, meta picture.Metadata) [sha256.Size]byte {
	h := sha256.New()
	size := img.Rect.Size()
	for _, n := range []int{size.X, size.Y, len(meta.ICC), len(meta.EXIF)} {
		binary.Write(h, binary.LittleEndian, int64(n)) // a hash takes everything
	}
	h.Write(meta.ICC)
	h.Write(meta.EXIF)
	for y := range size.Y {
		h.Write(img.Pix[y*img.Stride:][:4*size.X])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// link writes the row of a file that was put.
func link(tx *sql.Tx, hash string, size int64) error {
	_, err := tx.Exec("INSERT INTO files(hash, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING", hash, size)
	return err
}

// unlink removes the rows of files that nothing names, and returns their names.
func unlink(tx *sql.Tx) ([]string, error) {
	rows, err := tx.Query(`DELETE FROM files WHERE hash NOT IN (
		SELECT canvas FROM jobs WHERE canvas IS NOT NULL UNION SELECT mask FROM jobs WHERE mask IS NOT NULL
		UNION SELECT file FROM answers UNION SELECT file FROM variants UNION SELECT file FROM inputs) RETURNING hash`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var gone []string
	for rows.Next() {
		var hash string
		if err := rows.Scan(&hash); err != nil {
			return nil, err
		}
		gone = append(gone, hash)
	}
	return gone, rows.Err()
}

// erase removes files whose rows are gone. It keeps the database locked, so
// that no other program begins to name one of them meanwhile.
func (s *Store) erase(hashes []string) error {
	if len(hashes) == 0 {
		return nil
	}
	return s.write(func(tx *sql.Tx) error {
		for _, hash := range hashes {
			var n int
			if err := tx.QueryRow("SELECT count(*) FROM files WHERE hash = ?", hash).Scan(&n); err != nil {
				return err
			}
			if n > 0 {
				continue
			}
			if err := os.Remove(s.path(hash)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		return nil
	})
}

// sweep removes old files that no row names: a crash came between the file and
// its row, or between the row's end and the file's.
func (s *Store) sweep() error {
	var orphans []string
	err := filepath.WalkDir(filepath.Join(s.folder, "files"), func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil || time.Since(info.ModTime()) < orphanAge {
			return nil
		}
		if len(d.Name()) != 2*sha256.Size {
			return os.Remove(path) // a temporary file of a write that was cut off
		}
		var n int
		if err := s.db.QueryRow("SELECT count(*) FROM files WHERE hash = ?", d.Name()).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			orphans = append(orphans, d.Name())
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.erase(orphans)
}

// Path returns where a file of the history lies. It may be removed with the
// last job that needs it.
func (s *Store) Path(hash string) string { return s.path(hash) }

// File returns what is kept under a name, after making sure that it is what
// was put there.
func (s *Store) File(hash string) ([]byte, error) {
	if len(hash) != 2*sha256.Size {
		return nil, fs.ErrNotExist
	}
	data, err := os.ReadFile(s.path(hash))
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash {
		return nil, &DamagedError{Path: s.path(hash), Cause: errors.New("the content isn't what was written")}
	}
	return data, nil
}
