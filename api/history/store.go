// Package history keeps what was asked of engines and what came of it, so that
// nothing that was paid for is lost: not by a crash, not by a power cut, not by
// damage to any one of its files.
//
// # What is kept
//
// The truth is in plain files: for each job a journal (journal.go), the raw
// answers as they arrived, and the pictures, which are named by their content's
// SHA-256. A job is written down in this order, each step on the disk before the
// next begins: the request, before anything is sent; that it is being sent; the
// bytes of each answer, as they arrive; the variants; the end. Whatever the
// program was doing when it was killed, Recover finds out on the next start what
// is known of each job that has no end.
//
// Beside them lies a SQLite database (index.go). It is an index, written after
// the journals, and never the only place of anything: where it is missing,
// older than the journals or damaged in any way, it is set aside and made again
// from them (rebuild.go), also in the middle of something, unseen by the caller.
//
// Nothing is removed because nothing names it: what nobody names is moved to
// the folder lost. Only the user (Delete) and the limit on the history's size
// (Trim) delete.
//
// Keys are never in it, nor are the end user's identifiers.
//
// Several programs may have the same history open. A Store may be used by
// several goroutines.
package history

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/file"
)

// Folder is the name of the history's folder inside settings.Folders.Data.
const Folder = "history"

// Store is an open history.
type Store struct {
	folder string
	now    func() time.Time
	report func(api.Notice, error)

	// session identifies this run of the program. While it runs it holds a lock by which others
	// know that its unfinished jobs are under way.
	session string
	life    *file.Lock
	// adopted are finished jobs whose lost raw answers were found when the store was opened.
	// They belong to Recover, under locked.
	adopted []int64

	locking sync.Mutex // before the folder's lock, see locked

	// indexing guards ix: it is read-locked while a statement runs, and locked
	// while the index is put in the place of another.
	indexing sync.RWMutex
	ix       *index
	// stale reports whether the journals have events that the index could not take.
	stale atomic.Bool

	mu      sync.Mutex
	last    int64                        // the ID given last
	encoded map[[sha256.Size]byte]string // files of pictures by their pixels
}

// DamagedError reports that a file of the history is not as it was written.
type DamagedError struct {
	Path  string
	Cause error
}

// Error describes the error for logs.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("history: %s is damaged: %v", e.Path, e.Cause)
}

// Unwrap returns what was found.
func (e *DamagedError) Unwrap() error { return e.Cause }

// Option changes how a history is opened.
type Option func(*Store)

// WithReport has report told, at any time and on any goroutine, of what was
// found in the history that was not as it should be, and what was done about it:
// as a sentence for the user and, for logs, as an error. It must not call the store.
func WithReport(report func(n api.Notice, cause error)) Option {
	return func(s *Store) { s.report = report }
}

// OpenDefault opens the history in the user's data folder, as Open does.
func OpenDefault(ctx context.Context, options ...Option) (*Store, error) {
	dirs, err := settings.Dirs()
	if err != nil {
		return nil, err
	}
	return Open(ctx, filepath.Join(dirs.Data, Folder), options...)
}

// Open opens the history in a folder of its own, which is made where it isn't
// there. Damage to what is in the folder is repaired as far as it can be, and
// told (WithReport); it is no error. Open fails where the folder can't be made
// or locked, or ctx ends.
func Open(ctx context.Context, folder string, options ...Option) (*Store, error) {
	s := &Store{folder: folder, now: time.Now, report: func(api.Notice, error) {}, encoded: map[[sha256.Size]byte]string{}}
	for _, o := range options {
		o(s)
	}
	for _, sub := range []string{"", jobsFolder, answersFolder, filesFolder, sessionsFolder, reservedFolder} {
		if err := makeFolder(filepath.Join(folder, sub)); err != nil {
			return nil, err
		}
	}
	s.session = strings.ToLower(rand.Text())
	var err error
	if s.life, err = file.TryLock(s.sessionPath(s.session)); err != nil {
		return nil, err
	}
	err = s.locked(ctx, func(ctx context.Context) error {
		if err := s.load(ctx, existing, fresh, inMemory); err != nil {
			return err
		}
		return s.tidy(ctx)
	})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes the store. Its unfinished jobs are from then on found by Recover.
func (s *Store) Close() error {
	var err error
	if s.ix != nil {
		err = s.ix.close()
	}
	return errors.Join(err, s.life.Unlock())
}

func (s *Store) sessionPath(name string) string {
	return filepath.Join(s.folder, sessionsFolder, filepath.Base(name))
}

// alive reports whether a run of the program is still running, this one included.
func (s *Store) alive(session string) bool {
	if session == "" {
		return false
	}
	if session == s.session {
		return true
	}
	if info, err := os.Lstat(s.sessionPath(session)); err == nil && !info.Mode().IsRegular() {
		return false // without a lock nothing can hold it
	}
	held, err := file.Held(s.sessionPath(session))
	return held || err != nil // files of running processes must not be touched
}

// tell reports something to whoever opened the store.
func (s *Store) tell(cause error, key string, args ...any) {
	s.report(api.Notice{Sentence: api.Sentence{Key: key, Args: args}}, cause)
}

type lockedKey struct{}

// locked carries out f while no other program, and no other goroutine, is
// within locked of the same folder. f may call it again with its context.
func (s *Store) locked(ctx context.Context, f func(context.Context) error) error {
	if ctx.Value(lockedKey{}) == s {
		return f(ctx)
	}
	s.locking.Lock()
	defer s.locking.Unlock()
	lock, err := file.WaitLock(ctx, filepath.Join(s.folder, lockName))
	if err != nil {
		return err
	}
	defer lock.Unlock()
	return f(context.WithValue(ctx, lockedKey{}, s))
}

// use carries out f with the index. Where that turns out to be damaged or
// unusable, or was set aside by another program, it is made again and f is
// carried out once more.
func (s *Store) use(ctx context.Context, f func(*sql.DB) error) error {
	for try := 0; ; try++ {
		s.indexing.RLock()
		ix := s.ix
		var err error
		gone := ix.replaced()
		if !gone {
			err = f(ix.db)
		}
		s.indexing.RUnlock()
		if !gone && (err == nil || ctx.Err() != nil || try == 2 || !damaged(err) && code(err) == 0) {
			return err
		}
		if err := s.repair(ctx, ix, err); err != nil {
			return err
		}
	}
}

// write carries out f in a transaction of the index.
func (s *Store) write(ctx context.Context, f func(*sql.Tx) error) error {
	return s.use(ctx, func(db *sql.DB) error { return transact(ctx, db, f) })
}

// indexed brings the row of a job up to what its journal says. The journal has
// it already, so that no error here loses anything: the index is then brought
// up at the next chance.
func (s *Store) indexed(ctx context.Context, job *state, k known) {
	err := s.use(context.WithoutCancel(ctx), func(db *sql.DB) error {
		err := transact(ctx, db, func(tx *sql.Tx) error { return s.put(tx, job, k) })
		if err != nil && !damaged(err) {
			s.stale.Store(true)
			return nil
		}
		return err
	})
	if err != nil {
		s.stale.Store(true)
	}
}

// current brings the index up to the journals where it is known not to be.
func (s *Store) current(ctx context.Context) error {
	s.indexing.RLock()
	behind := s.stale.Load() || s.ix.path == ""
	s.indexing.RUnlock()
	if !behind {
		return nil
	}
	return s.refresh(ctx)
}
