package history

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"overpaint.dev/overpaint/editor/file"
	"overpaint.dev/overpaint/editor/picture"
)

// maxPicture bounds what is read of a file of a picture, in bytes: 400 megapixels
// take less even where they can't be compressed. maxAnswer bounds what is read of
// a raw answer; engines take less.
const (
	maxPicture = 2 << 30
	maxAnswer  = 256 << 20
)

// readAnswer returns the bytes of a raw answer, of one that is too long the
// beginning.
func (s *Store) readAnswer(name string) ([]byte, error) {
	return file.Start(s.path(name), maxAnswer)
}

// keep puts data into a file of the folder files, synced to the disk, and
// returns its name. What is there already under that name is looked at first.
func (s *Store) keep(data []byte) (hash string, err error) {
	sum := sha256.Sum256(data)
	hash = hex.EncodeToString(sum[:])
	path := s.path(hash)
	if old, err := file.Read(path, int64(len(data))); err == nil && bytes.Equal(old, data) {
		now := time.Now() // somebody wants it again
		return hash, os.Chtimes(path, now, now)
	}
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		if err := s.lose(path); err != nil {
			return "", err
		}
	}
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return "", err
	}
	return hash, file.Write(path, 0o600, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// keepPicture keeps a picture as PNG. Its pixels tell whether it is there
// already, so that a picture that is edited many times is encoded once.
func (s *Store) keepPicture(img *image.NRGBA, meta picture.Metadata) (hash string, err error) {
	key := pictureKey(img, meta)
	s.mu.Lock()
	known, ok := s.encoded[key]
	s.mu.Unlock()
	if ok {
		if data, err := s.File(known); err == nil {
			return s.keep(data)
		}
	}
	var buffer bytes.Buffer
	if err := picture.Encode(&buffer, img, picture.Encoding{Format: picture.PNG, Meta: meta}); err != nil {
		return "", err
	}
	hash, err = s.keep(buffer.Bytes())
	if err == nil {
		s.mu.Lock()
		s.encoded[key] = hash
		s.mu.Unlock()
	}
	return hash, err
}

func pictureKey(img *image.NRGBA, meta picture.Metadata) [sha256.Size]byte {
	h := sha256.New()
	size := img.Rect.Size()
	for _, n := range []int{size.X, size.Y, len(meta.ICC), len(meta.EXIF)} {
		binary.Write(h, binary.LittleEndian, int64(n)) // a hash takes everything
	}
	h.Write(meta.ICC)
	h.Write(meta.EXIF)
	fmt.Fprintf(h, "%q", []any{meta.XMP, meta.IPTC, meta.Comments, meta.Texts, meta.Chunks, meta.Density})
	for y := range size.Y {
		h.Write(img.Pix[y*img.Stride:][:4*size.X])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Path returns where a file of the history lies (Item.Canvas and the like), or
// "" for what is no such name. It may be removed with the last job that needs it.
func (s *Store) Path(hash string) string {
	if !isHash(hash) {
		return ""
	}
	return s.path(hash)
}

// File returns what is kept under a name, after making sure that it is what
// was put there: the error is a *DamagedError where it isn't.
func (s *Store) File(hash string) ([]byte, error) {
	if !isHash(hash) {
		return nil, fs.ErrNotExist
	}
	data, err := file.Read(s.path(hash), maxPicture)
	if errors.Is(err, file.ErrTooLong) || errors.Is(err, file.ErrNotFile) {
		err = &DamagedError{Path: s.path(hash), Cause: err}
	}
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash {
		return nil, &DamagedError{Path: s.path(hash), Cause: errors.New("the content isn't what was written")}
	}
	return data, nil
}
