package history

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The folders and files inside the history's folder.
const (
	jobsFolder     = "jobs"     // journals, by month: jobs/2026-03/NAME.jsonl
	answersFolder  = "answers"  // raw answers as they arrived: NAME-NUMBER
	filesFolder    = "files"    // pictures, named by the SHA-256 of their content
	sessionsFolder = "sessions" // the locks of running processes
	reservedFolder = "reserved" // sums that are kept free for jobs to come
	lostFolder     = "lost"     // files that no journal names
	databaseName   = "history.db"
	lockName       = "lock"
	journalEnding  = ".jsonl"
)

// nameLayout is how a job is named: by the moment of its creation in UTC, to
// the microsecond.
const nameLayout = "20060102-150405.000000"

// NameOf returns the name of a job: what its files are called by, and what a
// person may know it by. An ID is the moment of the job's creation in
// microseconds since 1970, unique in a history and never given again, so that
// names and IDs sort by time and each follows from the other.
func NameOf(id int64) string {
	return strings.Replace(time.UnixMicro(id).UTC().Format(nameLayout), ".", "-", 1)
}

// ParseName returns the ID of the job of a name, or false for what is none.
func ParseName(name string) (id int64, ok bool) {
	if len(name) != len(nameLayout) || name[15] != '-' {
		return 0, false
	}
	t, err := time.Parse(nameLayout, name[:15]+"."+name[16:])
	if err != nil || t.UnixMicro() <= 0 || NameOf(t.UnixMicro()) != name {
		return 0, false
	}
	return t.UnixMicro(), true
}

// journalPath is where the journal of a job lies.
func (s *Store) journalPath(id int64) string {
	name := NameOf(id)
	return filepath.Join(s.folder, jobsFolder, name[:4]+"-"+name[4:6], name+journalEnding)
}

// answerName is the name of a job's raw answer number n.
func answerName(id int64, n int) string { return NameOf(id) + "-" + strconv.Itoa(n) }

// parseAnswer returns what the name of a raw answer says.
func parseAnswer(file string) (id int64, n int, ok bool) {
	i := strings.LastIndexByte(file, '-')
	if i < 0 {
		return 0, 0, false
	}
	n, err := strconv.Atoi(file[i+1:])
	if err != nil || n < 0 {
		return 0, 0, false
	}
	id, ok = ParseName(file[:i])
	return id, n, ok && answerName(id, n) == file
}

func isHash(name string) bool {
	raw, err := hex.DecodeString(name)
	return err == nil && len(raw) == sha256.Size && strings.ToLower(name) == name
}

// isFile reports whether a name is one that the history gives to a file.
func isFile(name string) bool {
	_, _, ok := parseAnswer(name)
	return ok || isHash(name)
}

// path is where a file of a name that isFile lies.
func (s *Store) path(name string) string {
	if isHash(name) {
		return filepath.Join(s.folder, filesFolder, name[:2], name)
	}
	return filepath.Join(s.folder, answersFolder, name)
}

// free returns path, or the first of path-1, path-2, ... that nothing has.
func free(path string, taken func(string) bool) string {
	for n, at := 1, path; ; n++ {
		if !taken(at) {
			return at
		}
		at = fmt.Sprintf("%s-%d", path, n)
	}
}
