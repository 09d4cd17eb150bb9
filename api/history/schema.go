package history

import (
	"context"
	"database/sql"
	"fmt"
)

// migrations bring the database from one version to the next; the number of
// those that were carried out is its user_version. A migration that was
// released is never changed: another one is added behind it.
//
// Times are milliseconds since 1970 in UTC; days are the person's own, as
// 2006-01-02. Files are named by their content's SHA-256.
var migrations = []string{`
CREATE TABLE files (
	hash  TEXT PRIMARY KEY,
	bytes INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE jobs (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	session    TEXT NOT NULL,             -- the program's run that made it
	created    INTEGER NOT NULL,
	day        TEXT NOT NULL,
	connection TEXT NOT NULL,
	name       TEXT NOT NULL,             -- of the connection, as it was called then
	prompt     TEXT NOT NULL,
	settings   TEXT NOT NULL,             -- JSON of Settings
	price      TEXT NOT NULL,             -- JSON of settings.Price
	source     TEXT NOT NULL,             -- path of the picture, or ''
	canvas     TEXT REFERENCES files(hash),
	mask       TEXT REFERENCES files(hash),
	asked      INTEGER NOT NULL,
	state      TEXT NOT NULL,             -- recorded, sending, sent, over
	outcome    TEXT NOT NULL DEFAULT '',  -- '' is success, else a kind of trouble
	trouble    TEXT NOT NULL DEFAULT '',  -- JSON of Trouble
	request_id TEXT NOT NULL DEFAULT '',
	usage      TEXT NOT NULL DEFAULT '',  -- JSON
	favourite  INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX jobs_unfinished ON jobs(state) WHERE state <> 'over';
CREATE INDEX jobs_by_day ON jobs(day);

CREATE TABLE answers (
	id      INTEGER PRIMARY KEY,
	job     INTEGER NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
	variant INTEGER NOT NULL,             -- -1 for all
	type    TEXT NOT NULL,                -- content type, as the service says
	file    TEXT NOT NULL REFERENCES files(hash)
);
CREATE INDEX answers_by_job ON answers(job);

CREATE TABLE variants (
	job       INTEGER NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
	variant   INTEGER NOT NULL,
	file      TEXT NOT NULL REFERENCES files(hash),
	revised   TEXT NOT NULL DEFAULT '',
	saved     TEXT NOT NULL DEFAULT '',   -- path that it was saved to
	favourite INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (job, variant)
) WITHOUT ROWID;

-- What was spent stays when jobs are deleted.
CREATE TABLE spending (
	job        INTEGER PRIMARY KEY,
	day        TEXT NOT NULL,
	connection TEXT NOT NULL,
	pictures   INTEGER NOT NULL,
	usage      TEXT NOT NULL,
	cost       INTEGER NOT NULL,          -- in millionths of the currency
	currency   TEXT NOT NULL,
	uncertain  INTEGER NOT NULL           -- nobody knows whether it was charged
);
CREATE INDEX spending_by_day ON spending(day);

-- Trigrams find parts of words, and words of languages without spaces.
CREATE VIRTUAL TABLE prompts USING fts5(prompt, content='jobs', content_rowid='id', tokenize='trigram');
CREATE TRIGGER jobs_added AFTER INSERT ON jobs BEGIN
	INSERT INTO prompts(rowid, prompt) VALUES (new.id, new.prompt);
END;
CREATE TRIGGER jobs_deleted AFTER DELETE ON jobs BEGIN
	INSERT INTO prompts(prompts, rowid, prompt) VALUES ('delete', old.id, old.prompt);
END;
`, `
-- Further input pictures, in their order.
CREATE TABLE inputs (
	job   INTEGER NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
	place INTEGER NOT NULL,
	file  TEXT NOT NULL REFERENCES files(hash),
	PRIMARY KEY (job, place)
) WITHOUT ROWID;
`}

// migrate brings the database to the version of this program.
func migrate(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for {
		done, err := step(ctx, conn)
		if done || err != nil {
			return err
		}
	}
}

// step carries out one migration in a transaction of its own. The version is
// read inside it, since another program may be doing the same.
func step(ctx context.Context, conn *sql.Conn) (done bool, err error) {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return false, err
	}
	switch {
	case version == len(migrations):
		return true, nil
	case version > len(migrations):
		return false, &NewerError{Version: version}
	}
	if _, err := tx.ExecContext(ctx, migrations[version]); err != nil {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version+1)); err != nil {
		return false, err
	}
	return false, tx.Commit()
}

// NewerError reports a history that a later version of the program has made.
// It is left as it is.
type NewerError struct{ Version int }

// Error describes the trouble for logs.
func (e *NewerError) Error() string {
	return fmt.Sprintf("history: version %d is newer than this program's %d", e.Version, len(migrations))
}
