package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"
)

// source is a way to come by an index.
type source int

const (
	existing source = iota // the file that is there
	fresh                  // a new file, after what is there was set aside
	inMemory               // none on the disk
)

// batch is how many rows are written in one transaction.
const batch = 200

// load puts an index in place that says what the journals say: by the first of
// the given ways that works. The folder is locked. The error is ctx's, or that
// of the last way.
func (s *Store) load(ctx context.Context, ways ...source) error {
	s.indexing.Lock()
	defer s.indexing.Unlock()
	return s.replace(ctx, nil, ways...)
}

// replace is load with the index locked; cause says why what is there will not
// do, or is nil.
func (s *Store) replace(ctx context.Context, cause error, ways ...source) error {
	for _, way := range ways {
		if way == fresh && busy(cause) {
			continue // what is there is sound
		}
		ix, have, err := s.from(ctx, way, cause)
		if err == nil {
			if err = s.bringUp(ctx, ix, have); err == nil {
				s.ix = ix
				s.stale.Store(false)
				return nil
			}
			ix.close()
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		cause = err
	}
	return cause
}

// busy reports whether an error is transient and no sign of damage: the disk is full, or
// another program holds a lock.
func busy(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM:
		return true
	}
	return false
}

// from opens an index in one way and returns what it knows of the journals.
func (s *Store) from(ctx context.Context, way source, cause error) (*index, map[int64]known, error) {
	path := filepath.Join(s.folder, databaseName)
	switch way {
	case existing:
		return s.openExisting(ctx, path)
	case fresh:
		if err := s.setAside(path, cause); err != nil {
			return nil, nil, err
		}
	case inMemory:
		path = ""
		s.tell(cause, "notice.history_memory")
	}
	ix, err := openDatabase(path)
	if err != nil {
		return nil, nil, err
	}
	if err := ix.create(ctx); err != nil {
		ix.close()
		return nil, nil, err
	}
	return ix, nil, nil
}

// openExisting opens the database that is there, after looking through it. One
// of version 0.1 is turned into journals first.
func (s *Store) openExisting(ctx context.Context, path string) (*index, map[int64]known, error) {
	if info, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 && info.Mode().IsRegular() {
		if !s.bare(path) {
			return nil, nil, &errDatabase{"missing or empty"}
		}
	}
	ix, err := openDatabase(path)
	if err != nil {
		return nil, nil, err
	}
	have, err := s.accept(ctx, ix)
	if err != nil {
		ix.close()
		return nil, nil, err
	}
	return ix, have, nil
}

// bare reports whether there is nothing that a database should contain.
func (s *Store) bare(path string) bool {
	for _, with := range []string{"-wal", "-shm"} {
		if _, err := os.Lstat(path + with); err == nil {
			return false
		}
	}
	months, err := os.ReadDir(filepath.Join(s.folder, jobsFolder))
	return err == nil && len(months) == 0
}

func (s *Store) accept(ctx context.Context, ix *index) (map[int64]known, error) {
	version, err := ix.version(ctx)
	if err != nil {
		return nil, err
	}
	switch version {
	case 0:
		var tables int
		if err := ix.db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil {
			return nil, err
		}
		if tables > 0 {
			return nil, &errDatabase{"without a version"}
		}
		return nil, ix.create(ctx)
	case 1, 2:
		return nil, s.convert(ctx, ix)
	case indexVersion:
		return ix.check(ctx)
	}
	return nil, &errDatabase{fmt.Sprintf("version %d", version)}
}

// setAside moves the database and what belongs to it out of the way, under
// names that nothing has, and tells why.
func (s *Store) setAside(path string, cause error) error {
	var found []string
	for _, with := range []string{"", "-wal", "-shm"} {
		if _, err := os.Lstat(path + with); err == nil {
			found = append(found, with)
		}
	}
	var old *convertedError
	if errors.As(cause, &old) && old.whole {
		for _, with := range found {
			if err := s.moveToLost(path + with); err != nil {
				return err
			}
		}
		return nil
	}
	to := ""
	for n := 1; to == ""; n++ {
		to = fmt.Sprintf("%s.damaged-%d", path, n)
		for _, with := range []string{"", "-wal", "-shm"} {
			if _, err := os.Lstat(to + with); err == nil {
				to = ""
				break
			}
		}
	}
	for _, with := range found {
		if err := os.Rename(path+with, to+with); err != nil {
			return err
		}
	}
	if len(found) == 0 {
		s.tell(cause, "notice.history_index_lost")
		return nil
	}
	s.tell(cause, "notice.history_rebuilt", "File", to)
	return nil
}

// repair puts another index in the place of one that failed.
func (s *Store) repair(ctx context.Context, failed *index, cause error) error {
	return s.locked(context.WithoutCancel(ctx), func(ctx context.Context) error {
		s.indexing.Lock()
		defer s.indexing.Unlock()
		if s.ix != failed { // another goroutine has done it
			return nil
		}
		ways := []source{fresh, inMemory}
		switch {
		case failed.replaced():
			ways = []source{existing, fresh, inMemory}
		case !damaged(cause): // its disk is full, or it can't be written
			ways = []source{inMemory}
		}
		failed.close()
		return s.replace(ctx, cause, ways...)
	})
}

// refresh brings the index up to the journals, by whatever way works.
func (s *Store) refresh(ctx context.Context) error {
	return s.locked(ctx, func(ctx context.Context) error {
		s.indexing.RLock()
		ix := s.ix
		s.indexing.RUnlock()
		if !ix.replaced() {
			have, err := ix.known(ctx)
			if err == nil {
				err = s.bringUp(ctx, ix, have)
			}
			if err == nil {
				s.stale.Store(false)
				return nil
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return s.repair(ctx, ix, err)
		}
		return s.repair(ctx, ix, nil)
	})
}

// bringUp brings ix up to date with the journals, of which it knows have. The folder is
// locked.
func (s *Store) bringUp(ctx context.Context, ix *index, have map[int64]known) error {
	found, err := s.journals()
	if err != nil {
		return err
	}
	var todo []int64
	for id, k := range found {
		if old, ok := have[id]; !ok || old != k {
			todo = append(todo, id)
		}
	}
	for id := range have {
		if _, ok := found[id]; !ok {
			todo = append(todo, id)
		}
	}
	slices.Sort(todo)
	var bad []string
	for part := range slices.Chunk(todo, batch) {
		err := transact(ctx, ix.db, func(tx *sql.Tx) error {
			for _, id := range part {
				ok, err := s.compare(tx, id)
				if err != nil {
					return err
				}
				if !ok {
					bad = append(bad, NameOf(id)+journalEnding)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if len(bad) > 0 {
		s.tell(&DamagedError{filepath.Join(s.folder, jobsFolder), fmt.Errorf("journals with unreadable parts: %s", strings.Join(bad, ", "))},
			"notice.history_journals", "Count", len(bad), "Folder", filepath.Join(s.folder, jobsFolder))
	}
	return nil
}

// transact runs f in a transaction, which is rolled back after an error.
func transact(ctx context.Context, db *sql.DB, f func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// journals returns the journals that there are, with what an index has to know
// of them to be up to date. A name that is no journal's is none.
func (s *Store) journals() (map[int64]known, error) {
	all := map[int64]known{}
	months, err := os.ReadDir(filepath.Join(s.folder, jobsFolder))
	if err != nil {
		return nil, err
	}
	for _, month := range months {
		if !month.IsDir() {
			continue
		}
		entries, err := os.ReadDir(filepath.Join(s.folder, jobsFolder, month.Name()))
		if err != nil {
			s.tell(err, "notice.history_journals", "Count", 1, "Folder", filepath.Join(s.folder, jobsFolder, month.Name()))
			continue
		}
		for _, e := range entries {
			id, ok := ParseName(strings.TrimSuffix(e.Name(), journalEnding))
			if !ok || !strings.HasSuffix(e.Name(), journalEnding) || filepath.Base(filepath.Dir(s.journalPath(id))) != month.Name() {
				continue
			}
			if info, err := e.Info(); err == nil {
				all[id] = known{info.Size(), info.ModTime().UnixNano()}
			}
		}
	}
	return all, nil
}

// compare makes the row of one job from its journal, and the other way round
// where the journal has lost something that the row still has. It reports
// whether all of the journal could be read. Errors are the index's.
func (s *Store) compare(tx *sql.Tx, id int64) (whole bool, err error) {
	old, err := readRow(tx, id)
	if err != nil {
		return false, err
	}
	r, readErr := s.readJournal(id)
	if readErr != nil {
		r = &reading{state: state{ID: id, Phase: phaseRecorded}, headless: true}
	}
	alive := s.underWay(r, old)
	lost := old != nil && !alive && lacks(r, old)
	switch {
	case lost:
		r.state = join(old.job, r.state)
		if err := s.restore(r, readErr); err != nil {
			s.tell(err, "notice.history_not_repaired", "File", s.journalPath(id))
			return false, s.put(tx, &r.state, old.known)
		}
		return readErr == nil || errors.Is(readErr, fs.ErrNotExist), s.put(tx, &r.state, known{r.size, r.modified})
	case readErr != nil:
		return false, nil // what the row says stays
	}
	return r.whole() || alive, s.put(tx, &r.state, known{r.size, r.modified})
}

// underWay reports whether a job is being carried out, so that its journal may end in the
// middle of a line.
func (s *Store) underWay(r *reading, old *row) bool {
	session := r.state.Session
	if session == "" && old != nil {
		session = old.job.Session
	}
	return r.state.Phase != phaseOver && s.alive(session)
}

// lacks reports whether a journal has lost events that its row still has.
func lacks(r *reading, old *row) bool {
	return r.state.Phase != phaseDeleted && (!r.whole() || r.size < old.size || old.job.Phase == phaseDeleted)
}

// restore writes down in a journal what was lost of it. A journal with parts
// that can't be read is kept among the lost files.
func (s *Store) restore(r *reading, readErr error) error {
	e := event{Event: eventRestored, At: s.now().UnixMilli(), Job: &r.state}
	path := s.journalPath(r.state.ID)
	if readErr == nil && r.whole() && r.state.Phase != phaseDeleted {
		info, err := s.append(r.state.ID, e)
		if err == nil {
			r.size, r.modified = info.Size(), info.ModTime().UnixNano()
		}
		return err
	}
	if _, err := os.Lstat(path); err == nil && r.state.Phase != phaseDeleted {
		if err := s.moveToLost(path); err != nil {
			return err
		}
	}
	info, err := s.replaceJournal(r.state.ID, e)
	if err == nil {
		r.size, r.modified = info.Size(), info.ModTime().UnixNano()
	}
	return err
}

// readRow returns the row of a job, or nil.
func readRow(tx *sql.Tx, id int64) (*row, error) {
	rows, err := tx.Query("SELECT "+columns+", sum FROM jobs WHERE id = ?", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, rows.Err()
	}
	return scanRow(rows)
}
