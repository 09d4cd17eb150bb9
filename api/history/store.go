// Package history keeps what was asked of engines and what came of it, so that
// nothing that was paid for is lost: not by a crash, not by a power cut.
//
// It is a SQLite database (WAL, synchronous=FULL) and, beside it, the pictures
// and raw answers as files that are named by their content's SHA-256. A job is
// written down in this order, each step on the disk before the next begins:
// the request, before anything is sent; that it is being sent; the bytes of each
// raw answer, before anything is decoded from them; the variants; the end.
// Whatever the program was doing when it was killed, Recover finds out on the
// next start what is known of each job that has no end.
//
// Keys are never in it, nor are the end user's identifiers.
//
// Several programs may have the same history open. A Store may be used by
// several goroutines.
package history

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"overpaint/api"
	"overpaint/api/settings"
)

// Folder is the name of the history's folder inside settings.Folders.Data.
const Folder = "history"

// Store is an open history.
type Store struct {
	folder  string
	db      *sql.DB
	session *session
	now     func() time.Time

	writing sync.Mutex // one transaction at a time; SQLite would make others wait anyway

	mu      sync.Mutex
	encoded map[[sha256.Size]byte]string // files of pictures by their pixels
}

// DamagedError reports that something in the history is not as it was written.
// Where Open returns it, the old history was set aside as Kept.
type DamagedError struct {
	Path, Kept string
	Cause      error
}

// Error describes the trouble for logs.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("history: %s is damaged (kept as %q): %v", e.Path, e.Kept, e.Cause)
}

// Unwrap returns what was found.
func (e *DamagedError) Unwrap() error { return e.Cause }

// Notice is the sentence for the person.
func (e *DamagedError) Notice() api.Notice {
	return api.Notice{Sentence: api.Sentence{Key: "notice.history_damaged", Args: []any{"Folder", e.Kept}}}
}

// Option changes how a history is opened.
type Option func(*Store)

// WithClock makes the store take the time from now.
func WithClock(now func() time.Time) Option { return func(s *Store) { s.now = now } }

// OpenDefault opens the history in the person's data folder, as Open does.
func OpenDefault(ctx context.Context) (*Store, error) {
	dirs, err := settings.Dirs()
	if err != nil {
		return nil, err
	}
	return Open(ctx, filepath.Join(dirs.Data, Folder))
}

// Open opens the history in a folder of its own, which is made where it isn't
// there. A damaged one is set aside: then the store is a new one, and the error
// is a *DamagedError beside it. With any other error there is no store.
func Open(ctx context.Context, folder string, options ...Option) (*Store, error) {
	s, err := open(ctx, folder, options)
	var damage *sqlite.Error
	if !errors.As(err, &damage) || damage.Code()&0xff != sqlite3.SQLITE_CORRUPT && damage.Code()&0xff != sqlite3.SQLITE_NOTADB {
		return s, err
	}
	kept := folder + ".damaged-" + time.Now().Format("20060102-150405.000")
	if err := os.Rename(folder, kept); err != nil {
		return nil, err
	}
	fresh, openErr := open(ctx, folder, options)
	if openErr != nil {
		return nil, openErr
	}
	return fresh, &DamagedError{Path: folder, Kept: kept, Cause: err}
}

func open(ctx context.Context, folder string, options []Option) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	name := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(folder, "history.db")), RawQuery: url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}.Encode()}
	db, err := sql.Open("sqlite", name.String())
	if err != nil {
		return nil, err
	}
	s := &Store{folder: folder, db: db, now: time.Now, encoded: map[[sha256.Size]byte]string{}}
	for _, o := range options {
		o(s)
	}
	if err := s.begin(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) begin(ctx context.Context) error {
	var verdict string
	if err := s.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if err := migrate(ctx, s.db); err != nil {
		return err
	}
	if err := s.sweep(); err != nil {
		return err
	}
	var err error
	s.session, err = openSession(filepath.Join(s.folder, "sessions"))
	return err
}

// Close ends the store. Jobs that were recorded with it and have no end are
// from then on found by Recover.
func (s *Store) Close() error {
	s.session.close()
	return s.db.Close()
}

// write carries out f in a transaction that is on the disk when it returns.
func (s *Store) write(f func(*sql.Tx) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// remove carries out f, which deletes rows, and then does away with the files
// that nothing names any more.
func (s *Store) remove(f func(*sql.Tx) error) error {
	var gone []string
	err := s.write(func(tx *sql.Tx) (err error) {
		if err = f(tx); err == nil {
			gone, err = unlink(tx)
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.erase(gone)
}
