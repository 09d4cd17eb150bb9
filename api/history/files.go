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

// readAnswer returns the bytes of a raw answer, the beginning where it is longer than
// maxAnswer.
func (s *Store) readAnswer(name string) ([]byte, error) {
	return file.Start(s.path(name), maxAnswer)
}

// keep stores data in the folder files, synced to the disk, and returns its name. A file that
// is already there under that name is verified first.
func (s *Store) keep(data []byte) (hash string, err error) {
	sum := sha256.Sum256(data)
	hash = hex.EncodeToString(sum[:])
	path := s.path(hash)
	if old, err := file.Read(path, int64(len(data))); err == nil && bytes.Equal(old, data) {
		now := time.Now() // it is used again
		return hash, os.Chtimes(path, now, now)
	}
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		if err := s.moveToLost(path); err != nil {
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

// keepPicture stores a picture as PNG. Pictures are identified by their pixels, so that one
// that is edited many times is encoded once.
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
		binary.Write(h, binary.LittleEndian, int64(n)) // a hash never fails
	}
	h.Write(meta.ICC)
	h.Write(meta.EXIF)
	fmt.Fprintf(h, "%q", []any{meta.XMP, meta.IPTC, meta.Comments, meta.Texts, meta.Chunks, meta.Density})
	for y := range size.Y {
		h.Write(img.Pix[y*img.Stride:][:4*size.X])
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Path returns the path of a file of the history (Item.Canvas and the like), or "" for an
// invalid name. It may be deleted with the last job that needs it.
func (s *Store) Path(hash string) string {
	if !isHash(hash) {
		return ""
	}
	return s.path(hash)
}

// File returns the content of a file of the history after verifying it: the error is a
// *DamagedError where it has changed.
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
