package history

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// youngest is the age below which Trim deletes nothing.
const youngest = 24 * time.Hour

// Delete deletes jobs with their variants and the files that nothing else needs. Their cost
// stays in the totals. Jobs under way stay.
func (s *Store) Delete(ids ...int64) error {
	return s.locked(context.Background(), func(ctx context.Context) error {
		if err := s.refresh(ctx); err != nil {
			return err
		}
		var all error
		for _, id := range ids {
			all = errors.Join(all, s.delete(ctx, id))
		}
		return all
	})
}

// delete deletes one job, if it is over. The folder is locked and the index up to date.
func (s *Store) delete(ctx context.Context, id int64) error {
	found, err := s.readJournal(id)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	job := &found.state
	if job.Phase != phaseOver {
		return nil
	}
	// What stays says nothing of what was asked, only of what was spent.
	rest := state{
		ID: id, Created: job.Created, Connection: job.Connection, Phase: phaseDeleted,
		Removed: append(job.files(), job.Removed...), First: job.First,
	}
	if job.End != nil && job.End.Spent != nil {
		rest.End = &ending{Spent: job.End.Spent}
		rest.Price.Currency = job.End.Spent.Currency
	}
	info, err := s.replaceJournal(id, event{Event: eventDeleted, At: s.now().UnixMilli(), Job: &rest})
	if err != nil {
		return err
	}
	s.indexed(ctx, &rest, known{info.Size(), info.ModTime().UnixNano()})
	return s.erase(ctx, rest.Removed)
}

// erase deletes those of the files that no job names any more. It holds the index's lock, so
// that no other program begins to name one of them. Where the index is behind the journals,
// nothing is deleted.
func (s *Store) erase(ctx context.Context, names []string) error {
	if s.stale.Load() {
		return nil
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		for _, name := range names {
			var n int
			if err := tx.QueryRow("SELECT count(*) FROM uses WHERE file = ?", name).Scan(&n); err != nil {
				return err
			}
			if n > 0 {
				continue
			}
			if err := os.Remove(s.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		return nil
	})
}

// Size returns the total size of the history's files in bytes, the lost ones included.
func (s *Store) Size(ctx context.Context) (int64, error) {
	lost, err := s.lostFiles()
	if err != nil {
		return 0, err
	}
	if err := s.current(ctx); err != nil {
		return 0, err
	}
	var n int64
	err = s.use(ctx, func(db *sql.DB) error {
		return db.QueryRowContext(ctx, "SELECT coalesce(sum(bytes), 0) FROM (SELECT max(bytes) AS bytes FROM uses GROUP BY file)").Scan(&n)
	})
	for _, l := range lost {
		n += l.bytes
	}
	return n, err
}

// Trim deletes the oldest jobs, and the oldest lost files, until all files take no more than
// limit bytes, and returns the number of deleted jobs. Favourites and what is younger than a
// day stay, so the files may take more. A limit of 0 means none.
func (s *Store) Trim(ctx context.Context, limit int64) (removed int, err error) {
	if limit <= 0 {
		return 0, nil
	}
	if err := s.refresh(ctx); err != nil {
		return 0, err
	}
	t, err := s.weigh(ctx)
	if err != nil {
		return 0, err
	}
	for _, one := range t.removable(limit) {
		if err := ctx.Err(); err != nil {
			return removed, err
		}
		if one.path != "" {
			if err := os.RemoveAll(one.path); err != nil {
				return removed, err
			}
			continue
		}
		err := s.locked(ctx, func(ctx context.Context) error {
			if err := s.current(ctx); err != nil {
				return err
			}
			return s.delete(ctx, one.job)
		})
		if err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}

// weight is a job or a lost file that the limit may remove.
type weight struct {
	job   int64
	path  string // of a lost file
	since time.Time
	bytes int64 // of a lost file
	files []string
}

// scale is what Trim knows: what may go, the files' sizes, and by how many jobs
// each is named.
type scale struct {
	total int64
	items []weight
	bytes map[string]int64
	users map[string]int
}

// removable returns what has to go, the oldest first, so that the rest takes no
// more than limit bytes.
func (t *scale) removable(limit int64) []weight {
	slices.SortStableFunc(t.items, func(a, b weight) int { return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.job, b.job)) })
	for i, one := range t.items {
		if t.total <= limit {
			return t.items[:i]
		}
		t.total -= one.bytes
		for _, f := range one.files {
			if t.users[f]--; t.users[f] == 0 {
				t.total -= t.bytes[f]
			}
		}
	}
	return t.items
}

// weigh finds out what may be removed, in a time that grows with the number of jobs.
func (s *Store) weigh(ctx context.Context) (*scale, error) {
	before := s.now().Add(-youngest)
	t := &scale{}
	err := s.use(ctx, func(db *sql.DB) error {
		*t = scale{bytes: map[string]int64{}, users: map[string]int{}}
		named, err := t.uses(ctx, db)
		if err != nil {
			return err
		}
		ids, err := numbers(ctx, db, "SELECT id FROM jobs WHERE phase = 'over' AND NOT favourite AND created <= ?", before.UnixMilli())
		for _, id := range ids {
			t.items = append(t.items, weight{job: id, since: time.UnixMicro(id), files: named[id]})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, n := range t.bytes {
		t.total += n
	}
	lost, err := s.lostFiles()
	for _, l := range lost {
		t.total += l.bytes
		if !l.since.After(before) {
			t.items = append(t.items, l)
		}
	}
	return t, err
}

// uses reads which files each job names.
func (t *scale) uses(ctx context.Context, db *sql.DB) (map[int64][]string, error) {
	rows, err := db.QueryContext(ctx, "SELECT job, file, bytes FROM uses")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	named := map[int64][]string{}
	for rows.Next() {
		var job, bytes int64
		var file string
		if err := rows.Scan(&job, &file, &bytes); err != nil {
			return nil, err
		}
		named[job] = append(named[job], file)
		t.users[file]++
		t.bytes[file] = max(t.bytes[file], bytes)
	}
	return named, rows.Err()
}

// lostFiles returns what lies among the lost files. A folder counts as one.
func (s *Store) lostFiles() ([]weight, error) {
	entries, err := os.ReadDir(filepath.Join(s.folder, lostFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []weight
	for _, e := range entries {
		one := weight{path: filepath.Join(s.folder, lostFolder, e.Name())}
		err := filepath.WalkDir(one.path, func(_ string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil // files that can't be read count as empty
			}
			if info, err := d.Info(); err == nil {
				if info.Mode().IsRegular() {
					one.bytes += info.Size()
				}
				if info.ModTime().After(one.since) {
					one.since = info.ModTime()
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}
