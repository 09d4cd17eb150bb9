package history

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/file"
)

// unnamedAge is how old a file must be that no job names before it counts as
// lost: a younger one may belong to an event that is about to be written.
const unnamedAge = 24 * time.Hour

// moveToLost moves a file or folder to the folder lost, under a free name.
func (s *Store) moveToLost(path string) error {
	folder := filepath.Join(s.folder, lostFolder)
	if err := makeFolder(folder); err != nil {
		return err
	}
	to := free(filepath.Join(folder, filepath.Base(path)), func(p string) bool {
		_, err := os.Lstat(p)
		return err == nil
	})
	if err := os.Rename(path, to); err != nil {
		return err
	}
	// From now on it grows old: the limit on the size removes the oldest first.
	now := s.now()
	_ = os.Chtimes(to, now, now)
	return nil
}

// tidy looks for files that no job names. A raw answer whose name says whose it
// is becomes that job's again; everything else that is old is moved among the
// lost ones. The folder is locked. Trouble with one file leaves it where it is.
func (s *Store) tidy(ctx context.Context) error {
	named, removed, complete, err := s.names(ctx)
	if err != nil {
		return err
	}
	t := &tidying{store: s, named: named, removed: removed, complete: complete, before: s.now().Add(-unnamedAge)}
	t.answers(ctx)
	t.files()
	t.journals()
	t.reservations()
	t.sessions()
	if t.lost > 0 {
		s.tell(nil, "notice.history_lost", "Count", t.lost, "Folder", filepath.Join(s.folder, lostFolder))
	}
	return ctx.Err()
}

// names returns which files the jobs name, which they named before the user
// deleted them, and whether all journals could be read, so that what is not
// among them is nobody's.
func (s *Store) names(ctx context.Context) (named, removed map[string]bool, complete bool, err error) {
	var jobs map[int64]bool
	err = s.use(ctx, func(db *sql.DB) error {
		named, removed, jobs = map[string]bool{}, map[string]bool{}, map[int64]bool{}
		return eachRow(ctx, db, "", func(r *row) error {
			jobs[r.id] = true
			for _, f := range r.job.files() {
				named[f] = true
			}
			for _, f := range r.job.Removed {
				removed[f] = true
			}
			return nil
		})
	})
	if err != nil {
		return nil, nil, false, err
	}
	found, err := s.journals()
	complete = err == nil
	for id := range found {
		complete = complete && jobs[id]
	}
	return named, removed, complete, nil
}

type tidying struct {
	store          *Store
	named, removed map[string]bool
	complete       bool
	before         time.Time
	lost           int
}

// answers looks through the raw answers.
func (t *tidying) answers(ctx context.Context) {
	entries, _ := os.ReadDir(t.store.answersPath())
	for _, e := range entries {
		path := filepath.Join(t.store.answersPath(), e.Name())
		if t.named[e.Name()] && e.Type().IsRegular() {
			continue
		}
		if id, index, ok := parseVariant(e.Name()); ok && e.Type().IsRegular() {
			t.linked(ctx, id, index, e)
			continue
		}
		id, n, ok := parseAnswer(e.Name())
		if !ok || !e.Type().IsRegular() {
			t.moveToLost(path, e)
			continue
		}
		r, err := t.store.openRecord(id)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			t.moveToLost(path, e)
		case err != nil, r.state.Phase != phaseOver && t.store.alive(r.state.Session):
		case r.state.Phase == phaseDeleted, n < r.state.Released:
			_ = os.Remove(path) // its deletion was interrupted
		default:
			t.adopt(ctx, r, e)
		}
	}
}

// adopt makes an answer its job's again: the journal has lost that it began.
func (t *tidying) adopt(ctx context.Context, r *Record, e fs.DirEntry) {
	a := answer{File: e.Name(), Arrival: api.Arrival{Index: -1}}
	if info, err := e.Info(); err == nil {
		a.Bytes = info.Size()
	}
	if err := r.writeWithin(ctx, event{Event: eventAnswer, Answer: &a}); err != nil {
		t.store.tell(err, "notice.history_not_repaired", "File", e.Name())
		return
	}
	if r.state.Phase == phaseOver {
		t.store.adopted = append(t.store.adopted, r.state.ID)
	}
}

// files looks through the pictures.
func (t *tidying) files() {
	root := filepath.Join(t.store.folder, filesFolder)
	parts, _ := os.ReadDir(root)
	for _, part := range parts {
		entries, err := os.ReadDir(filepath.Join(root, part.Name()))
		if err != nil {
			t.moveToLost(filepath.Join(root, part.Name()), part)
			continue
		}
		for _, e := range entries {
			path := filepath.Join(root, part.Name(), e.Name())
			switch {
			case t.named[e.Name()] && path == t.store.path(e.Name()):
			case temporary(e.Name()):
				t.remove(path, e)
			case t.removed[e.Name()]:
				t.remove(path, e) // its deletion was interrupted
			default:
				t.moveToLost(path, e)
			}
		}
	}
}

// journals looks for what is no journal among them.
func (t *tidying) journals() {
	root := filepath.Join(t.store.folder, jobsFolder)
	months, _ := os.ReadDir(root)
	for _, month := range months {
		entries, err := os.ReadDir(filepath.Join(root, month.Name()))
		if err != nil {
			continue // already reported
		}
		for _, e := range entries {
			path := filepath.Join(root, month.Name(), e.Name())
			id, ok := ParseName(strings.TrimSuffix(e.Name(), journalEnding))
			switch {
			case ok && path == t.store.journalPath(id):
			case temporary(e.Name()):
				t.remove(path, e)
			default:
				t.moveToLost(path, e)
			}
		}
	}
}

// sessions removes the locks of runs that were killed.
func (t *tidying) sessions() {
	entries, _ := os.ReadDir(filepath.Join(t.store.folder, sessionsFolder))
	for _, e := range entries {
		if e.Name() != t.store.session {
			_, _ = file.Held(t.store.sessionPath(e.Name())) // removes it
		}
	}
}

// temporary reports whether a name is that of a file that editor/file was writing.
func temporary(name string) bool {
	return strings.HasPrefix(name, ".overpaint-") && strings.HasSuffix(name, ".tmp")
}

// old reports whether a file is older than unnamedAge.
func (t *tidying) old(e fs.DirEntry) bool {
	info, err := e.Info()
	return err == nil && info.ModTime().Before(t.before)
}

func (t *tidying) remove(path string, e fs.DirEntry) {
	if t.old(e) {
		_ = os.Remove(path) // what stays is tried again on the next start
	}
}

// moveToLost moves a file to the folder lost. While a journal can't be read it may be
// that one's, and stays.
func (t *tidying) moveToLost(path string, e fs.DirEntry) {
	if !t.complete || !t.old(e) {
		return
	}
	if err := t.store.moveToLost(path); err != nil {
		t.store.tell(err, "notice.history_not_repaired", "File", path)
		return
	}
	t.lost++
}
