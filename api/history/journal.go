package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"overpaint.dev/overpaint/editor/file"
)

// A journal is the record of one job: a file to which a line of JSON is appended for each
// event, synced before the next step begins. The job's state follows from the events in their
// order. An unreadable line is skipped; the last one may be incomplete, where the program or
// the machine stopped.

// maxJournal bounds what is read of one journal, in bytes: a real one has some
// thousands.
const maxJournal = 64 << 20

// reading is what was found in a journal.
type reading struct {
	state state
	// size and modified (nanoseconds since 1970) are the file's when it was read.
	size, modified int64
	// bad counts the lines that could not be read.
	bad int
	// headless reports whether the job's own record is missing.
	headless bool
}

// whole reports whether nothing is missing of the journal.
func (r *reading) whole() bool { return r.bad == 0 && !r.headless }

// readJournal reads the journal of a job.
func (s *Store) readJournal(id int64) (*reading, error) {
	f, err := file.Open(s.journalPath(id))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxJournal))
	if err != nil {
		return nil, err
	}
	r := replay(id, raw)
	r.size, r.modified = info.Size(), info.ModTime().UnixNano()
	return r, nil
}

// replay returns a job's state from its journal's lines, and skips those that are not as they
// were written. In a journal from before lines had checksums, lines without one are accepted.
func replay(id int64, raw []byte) *reading {
	r := &reading{state: state{ID: id, Created: id / 1000, Phase: phaseRecorded}, headless: true}
	sums := false
	for len(raw) > 0 {
		line, rest, _ := bytes.Cut(raw, []byte("\n"))
		raw = rest
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		good := hasSum(line)
		if sums = sums || good; !good && (sums || bytes.Contains(line, sumName) || sumLike.Match(line)) {
			r.bad++
			continue
		}
		e, err := parseEvent(line)
		if err != nil {
			r.bad++
			continue
		}
		if e.Job != nil {
			r.headless = false
		}
		r.state.apply(e)
	}
	return r
}

// encodeEvent returns a line of a journal. Its last field is a checksum of what is before it,
// so that a damaged line is recognised.
func encodeEvent(e event) []byte {
	line := bytes.TrimSuffix([]byte(toJSON(e)), []byte("}"))
	return fmt.Appendf(line, "%s\"%08x\"}\n", sumName, crc32.Checksum(line, castagnoli))
}

// sumName begins a line's last field, sumBytes is the field's length with the line's brace.
var sumName = []byte(`,"sum":`)

// sumLike matches the end of a line whose sum's name was damaged.
var sumLike = regexp.MustCompile(`:"[0-9a-f]{8}"}$`)

const sumBytes = len(`,"sum":"01234567"}`)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// hasSum reports whether a line ends with its right sum.
func hasSum(line []byte) bool {
	n := len(line) - sumBytes
	if n < 0 {
		return false
	}
	return string(line[n:]) == fmt.Sprintf("%s\"%08x\"}", sumName, crc32.Checksum(line[:n], castagnoli))
}

// createJournal begins the journal of a new job: it fails with fs.ErrExist
// where there is one of that name. When it returns without an error, the file,
// its name and the folder's are on the disk.
func (s *Store) createJournal(id int64, e event) (fs.FileInfo, error) {
	path := s.journalPath(id)
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := writeOut(f, encodeEvent(e))
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		os.Remove(path)
		return nil, err
	}
	return info, nil
}

// append adds an event to a journal that is there. When it returns without an
// error, the line is on the disk.
func (s *Store) append(id int64, e event) (fs.FileInfo, error) {
	f, err := os.OpenFile(s.journalPath(id), os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return nil, err
	}
	line := encodeEvent(e)
	if cut, err := isCut(f); err != nil {
		f.Close()
		return nil, err
	} else if cut {
		line = append([]byte("\n"), line...)
	}
	return writeOut(f, line)
}

// isCut reports whether a file's last line has no end, since whoever wrote it was
// interrupted.
func isCut(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false, err
	}
	var last [1]byte
	_, err = f.ReadAt(last[:], info.Size()-1)
	return last[0] != '\n', err
}

// writeOut writes data in one piece, syncs and closes f.
func writeOut(f *os.File, data []byte) (fs.FileInfo, error) {
	_, err := f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	info, statErr := f.Stat()
	return info, errors.Join(err, statErr, f.Close())
}

// replaceJournal puts one event in the place of a whole journal. What is there
// and is no ordinary file is moved to the lost ones first.
func (s *Store) replaceJournal(id int64, e event) (fs.FileInfo, error) {
	path := s.journalPath(id)
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		if err := s.moveToLost(path); err != nil {
			return nil, err
		}
	}
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := file.Write(path, 0o600, func(w io.Writer) error { _, err := w.Write(encodeEvent(e)); return err }); err != nil {
		return nil, err
	}
	return os.Stat(path)
}

// makeFolder makes a folder where it isn't there, so that it survives a power cut.
func makeFolder(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// toJSON writes a value of plain data, which can't fail.
func toJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}
