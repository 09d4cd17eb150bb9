package history

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"overpaint.dev/overpaint/api"
)

// maxJunk is how many bytes are stored of an answer without a picture.
const maxJunk = 1 << 20

// spool is a file that takes an answer. It belongs to one goroutine.
type spool struct {
	record *Record
	file   *os.File
	answer answer
	fault  error // the first error
}

// Write puts b at the file's end, unsynced.
func (w *spool) Write(b []byte) (int, error) {
	n, err := w.file.Write(b)
	w.answer.Bytes += int64(n)
	if w.fault == nil {
		w.fault = err
	}
	return n, err
}

// Close syncs the file and records that the transfer has ended. It returns the first error
// since the answer began.
func (w *spool) Close() error {
	err := errors.Join(w.file.Sync(), w.file.Close())
	w.record.mu.Lock()
	defer w.record.mu.Unlock()
	w.answer.Closed = true
	err = errors.Join(err, w.record.write(event{Event: eventClosed, Answer: &w.answer}))
	if w.fault != nil {
		return w.fault
	}
	return err
}

func (s *Store) answersPath() string { return filepath.Join(s.folder, answersFolder) }

// release deletes the file of an answer that is no longer needed. If that fails, it is deleted
// at the next start.
func (s *Store) release(name string) {
	if isHash(name) {
		return // of version 0.1: it may be a variant's too, see state.Removed
	}
	_ = os.Remove(s.path(name))
}

// isJunk reports whether an error means that the answer holds no picture.
func isJunk(fault *api.Error) bool {
	switch fault.Kind {
	case api.KindAuth, api.KindQuota, api.KindRate, api.KindModeration, api.KindRejected, api.KindMoved, api.KindNotService:
		return true
	case api.KindEmpty: // the error may be temporary
		return !fault.PicturesMade()
	}
	return false
}

// cut shortens answers in which there is no picture.
func (r *Record) cut(answers []answer) error {
	var all error
	for _, a := range answers {
		path := r.store.path(a.File)
		info, err := os.Stat(path)
		if isHash(a.File) || err != nil || info.Size() <= maxJunk {
			if !errors.Is(err, fs.ErrNotExist) {
				all = errors.Join(all, err)
			}
			continue
		}
		if err := os.Truncate(path, maxJunk); err != nil {
			all = errors.Join(all, err)
			continue
		}
		a.Bytes = maxJunk
		all = errors.Join(all, r.write(event{Event: eventClosed, Answer: &a}))
	}
	return all
}
