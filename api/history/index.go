package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// indexVersion is the user_version of an index of this shape. 1 and 2 were the
// databases of version 0.1, which were no index but the history itself.
const indexVersion = 3

// schema is the shape of the index. Times are milliseconds since 1970 in UTC,
// days the user's own. size and modified are the journal's when the row was
// made; sum is a checksum of the row's other columns.
const schema = `
CREATE TABLE jobs (
	id         INTEGER PRIMARY KEY,
	size       INTEGER NOT NULL,
	modified   INTEGER NOT NULL,
	created    INTEGER NOT NULL,
	connection TEXT NOT NULL,
	prompt     TEXT NOT NULL,
	phase      TEXT NOT NULL,
	favourite  INTEGER NOT NULL,          -- it or one of its variants
	currency   TEXT NOT NULL,             -- of foreseen and cost
	foreseen   INTEGER NOT NULL,
	day        TEXT NOT NULL,             -- on which something was spent, or ''
	pictures   INTEGER NOT NULL,
	cost       INTEGER NOT NULL,
	uncertain  INTEGER NOT NULL,
	usage      TEXT NOT NULL,             -- JSON, or ''
	body       TEXT NOT NULL,             -- JSON of the whole job
	sum        INTEGER NOT NULL
);
CREATE INDEX jobs_by_phase ON jobs(phase) WHERE phase NOT IN ('over', 'deleted');
CREATE INDEX jobs_by_day ON jobs(day);

CREATE TABLE uses (
	job   INTEGER NOT NULL,
	file  TEXT NOT NULL,
	bytes INTEGER NOT NULL,
	PRIMARY KEY (job, file)
) WITHOUT ROWID;
CREATE INDEX uses_by_file ON uses(file);

-- Trigrams find parts of words, and words of languages without spaces.
CREATE VIRTUAL TABLE prompts USING fts5(prompt, content='jobs', content_rowid='id', tokenize='trigram');
CREATE TRIGGER jobs_added AFTER INSERT ON jobs BEGIN
	INSERT INTO prompts(rowid, prompt) VALUES (new.id, new.prompt);
END;
CREATE TRIGGER jobs_changed AFTER UPDATE ON jobs WHEN old.prompt <> new.prompt BEGIN
	INSERT INTO prompts(prompts, rowid, prompt) VALUES ('delete', old.id, old.prompt);
	INSERT INTO prompts(rowid, prompt) VALUES (new.id, new.prompt);
END;
`

// columns are the columns of the table jobs but the last, sum.
const columns = "id, size, modified, created, connection, prompt, phase, favourite, currency, foreseen, day, pictures, cost, uncertain, usage, body"

// index is the database, which can be made again from the journals.
type index struct {
	db *sql.DB
	// path is the database's, "" where it is in memory alone; file is what was
	// there when it was opened.
	path string
	file fs.FileInfo
}

// address is the URI by which SQLite opens a database file. windows tells the
// rules by which path is written: a drive letter, or two backslashes and a
// computer's name, mean something there alone.
func address(path string, windows bool) string {
	if windows {
		path = strings.ReplaceAll(path, `\`, "/")
		if len(path) >= 2 && path[1] == ':' {
			path = "/" + path
		}
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}.Encode()}
	return u.String()
}

// openDatabase opens the file path, or a database in memory where path is "".
func openDatabase(path string) (*index, error) {
	if path == "" {
		db, err := sql.Open("sqlite", "file::memory:?_txlock=immediate")
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(1) // each connection would have a database of its own
		return &index{db: db}, nil
	}
	db, err := sql.Open("sqlite", address(path, filepath.Separator == '\\'))
	if err != nil {
		return nil, err
	}
	ix := &index{db: db, path: path}
	if err = db.Ping(); err == nil {
		ix.file, err = os.Stat(path)
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return ix, nil
}

func (ix *index) close() error { return ix.db.Close() }

// replaced reports whether the database's file is no longer the one that was opened, since
// another program has set it aside.
func (ix *index) replaced() bool {
	if ix.path == "" {
		return false
	}
	now, err := os.Stat(ix.path)
	return err != nil || !os.SameFile(now, ix.file)
}

// create makes the tables of an empty database.
func (ix *index) create(ctx context.Context) error {
	tx, err := ix.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, schema+fmt.Sprintf("PRAGMA user_version = %d;", indexVersion)); err != nil {
		return err
	}
	return tx.Commit()
}

// version reads the database's version.
func (ix *index) version(ctx context.Context) (version int, err error) {
	err = ix.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}

// errDatabase is what is said of a database that isn't what it should be.
type errDatabase struct{ what string }

func (e *errDatabase) Error() string { return "history: the database is damaged: " + e.what }

// check verifies the whole database: that it is consistent, and that its rows are as they were
// written. It returns the intact rows' keys and the journals' sizes and times that they know.
func (ix *index) check(ctx context.Context) (map[int64]known, error) {
	var verdict string
	if err := ix.db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return nil, err
	}
	if verdict != "ok" {
		return nil, &errDatabase{verdict}
	}
	// With the rank 1 the words are compared with the table that they are from.
	if _, err := ix.db.ExecContext(ctx, "INSERT INTO prompts(prompts, rank) VALUES ('integrity-check', 1)"); err != nil {
		return nil, err
	}
	return ix.known(ctx)
}

// known is what a row says of its journal.
type known struct{ size, modified int64 }

func (ix *index) known(ctx context.Context) (map[int64]known, error) {
	uses, err := ix.uses(ctx)
	if err != nil {
		return nil, err
	}
	all := map[int64]known{}
	err = eachRow(ctx, ix.db, "", func(r *row) error {
		var named uint32
		for _, f := range r.job.files() {
			named ^= crc32.ChecksumIEEE([]byte(f))
		}
		if named != uses[r.id] {
			return &errDatabase{"the files of a job"}
		}
		all[r.id] = r.known
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// uses returns for each job a checksum of the files that it names.
func (ix *index) uses(ctx context.Context) (map[int64]uint32, error) {
	rows, err := ix.db.QueryContext(ctx, "SELECT job, file FROM uses")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[int64]uint32{}
	for rows.Next() {
		var job int64
		var f string
		if err := rows.Scan(&job, &f); err != nil {
			return nil, err
		}
		all[job] ^= crc32.ChecksumIEEE([]byte(f))
	}
	return all, rows.Err()
}

// row is a job in the index.
type row struct {
	known
	id                                              int64
	created                                         int64
	connection, prompt, phase, currency, day, usage string
	favourite, uncertain                            bool
	foreseen, pictures, cost                        int64
	body                                            string
	job                                             state // body, read
}

func rowOf(s *state, k known) *row {
	r := &row{
		known: k, id: s.ID, created: s.Created, connection: s.Connection, prompt: s.Prompt, phase: string(s.Phase),
		currency: s.Price.Currency, foreseen: s.Foreseen, body: toJSON(s), job: *s,
		favourite: s.Favourite || slices.ContainsFunc(s.Variants, func(v variant) bool { return v.Favourite }),
	}
	if s.End != nil && s.End.Spent != nil {
		p := s.End.Spent
		r.day, r.pictures, r.cost, r.currency, r.uncertain, r.usage = p.Day, int64(p.Pictures), p.Cost, p.Currency, p.Uncertain, usageJSON(p.Usage)
	}
	return r
}

// values are the row's columns in their order.
func (r *row) values() []any {
	return []any{
		r.id, r.size, r.modified, r.created, r.connection, r.prompt, r.phase, r.favourite, r.currency, r.foreseen,
		r.day, r.pictures, r.cost, r.uncertain, r.usage, r.body,
	}
}

func (r *row) sum() int64 { return int64(crc32.ChecksumIEEE(fmt.Appendf(nil, "%q", r.values()))) }

// eachRow calls f with the rows of jobs, in the order and of the number that the
// end of a query asks for.
func eachRow(ctx context.Context, db *sql.DB, end string, f func(*row) error, args ...any) error {
	rows, err := db.QueryContext(ctx, "SELECT "+columns+", sum FROM jobs "+end, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanRow(rows)
		if err != nil {
			return err
		}
		if err := f(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

// scanRow reads the columns and the sum of a row.
func scanRow(rows *sql.Rows) (*row, error) {
	r := &row{}
	var sum int64
	err := rows.Scan(&r.id, &r.size, &r.modified, &r.created, &r.connection, &r.prompt, &r.phase, &r.favourite, &r.currency, &r.foreseen,
		&r.day, &r.pictures, &r.cost, &r.uncertain, &r.usage, &r.body, &sum)
	if code(err) == 0 && err != nil || err == nil && sum != r.sum() {
		return nil, &errDatabase{"a row is not as it was written"}
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(r.body), &r.job); err != nil || !r.job.valid() {
		return nil, &errDatabase{"the body of a row"}
	}
	return r, nil
}

// put writes the row of a job.
func (s *Store) put(tx *sql.Tx, job *state, k known) error {
	r := rowOf(job, k)
	marks := strings.Repeat(",?", 16)
	if _, err := tx.Exec("INSERT INTO jobs("+columns+", sum) VALUES (?"+marks+`) ON CONFLICT(id) DO UPDATE SET
		size=excluded.size, modified=excluded.modified, created=excluded.created, connection=excluded.connection, prompt=excluded.prompt,
		phase=excluded.phase, favourite=excluded.favourite, currency=excluded.currency, foreseen=excluded.foreseen, day=excluded.day,
		pictures=excluded.pictures, cost=excluded.cost, uncertain=excluded.uncertain, usage=excluded.usage, body=excluded.body, sum=excluded.sum`,
		append(r.values(), r.sum())...); err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM uses WHERE job = ?", job.ID); err != nil {
		return err
	}
	for _, f := range job.files() {
		var size int64
		if info, err := os.Stat(s.path(f)); err == nil {
			size = info.Size()
		}
		if _, err := tx.Exec("INSERT INTO uses(job, file, bytes) VALUES (?,?,?)", job.ID, f, size); err != nil {
			return err
		}
	}
	return nil
}

// damaged reports whether an error means that the database is damaged.
func damaged(err error) bool {
	var own *errDatabase
	if errors.As(err, &own) {
		return true
	}
	switch code(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT:
		return true
	case sqlite3.SQLITE_ERROR: // a table or a column is missing
		return strings.Contains(err.Error(), "no such ")
	}
	return false
}

// code returns SQLite's primary result code of an error, or 0.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func usageJSON(usage map[string]int64) string {
	if len(usage) == 0 {
		return ""
	}
	return toJSON(usage)
}
