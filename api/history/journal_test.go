package history

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
)

func TestAddress(t *testing.T) {
	for _, c := range []struct {
		path    string
		windows bool
		want    string
	}{
		{"/home/a b/100%?#.db", false, "file:///home/a%20b/100%25%3F%23.db"},
		{`C:\Users\Ann Lee\history.db`, true, "file:///C:/Users/Ann%20Lee/history.db"},
		{`c:/Users/x.db`, true, "file:///c:/Users/x.db"},
		{`\\server\share\history.db`, true, "file:////server/share/history.db"},
		{`\\?\C:\x.db`, true, "file:////%3F/C:/x.db"},
		{`/home/a\b.db`, false, "file:///home/a%5Cb.db"},
	} {
		got, query, _ := strings.Cut(address(c.path, c.windows), "?")
		if got != c.want || !strings.Contains(query, "_txlock=immediate") {
			t.Errorf("%s: %s, want %s", c.path, got, c.want)
		}
	}
}

func TestNames(t *testing.T) {
	for _, id := range []int64{1, 999_999, 1_000_000, time.Date(2026, 3, 10, 12, 0, 0, 123456000, time.UTC).UnixMicro()} {
		if got, ok := ParseName(NameOf(id)); !ok || got != id {
			t.Errorf("%d became %s and %d", id, NameOf(id), got)
		}
		file := answerName(id, 12)
		if got, n, ok := parseAnswer(file); !ok || got != id || n != 12 || !isFile(file) {
			t.Errorf("%s: %d, %d, %v", file, got, n, ok)
		}
	}
	if a, b := NameOf(1999), NameOf(20_000_000_000_000); a >= b {
		t.Errorf("%s comes before %s", b, a)
	}
	for _, bad := range []string{"", "x", "20260310-120000.000000", "20260310-120000-00000", "20261310-120000-000000", "../20260310-12000-000000", "19600310-120000-000000"} {
		if id, ok := ParseName(bad); ok {
			t.Errorf("%q is %d", bad, id)
		}
	}
	for _, bad := range []string{"..", "../../x-0", "20260310-120000-000000--1", "20260310-120000-000000-01", "20260310-120000-000000-", strings.Repeat("AB", 32)} {
		if isFile(bad) {
			t.Errorf("%q is a file", bad)
		}
	}
}

func number(n int) *int { return &n }

// TestNoDamagedLineIsTakenForAnother changes each byte of a journal in several ways: a
// line is what it was or isn't there, also where the change leaves good JSON behind, such
// as another digit in a picture's name or in a cost.
func TestNoDamagedLineIsTakenForAnother(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	var lines [][]byte
	for _, e := range []event{
		{Event: eventRecorded, Job: &state{Prompt: `say ,"sum":"01234567"} to a hat`, Phase: phaseRecorded, Canvas: hash, Mask: hash, Asked: 2, Foreseen: 40_000}},
		{Event: eventSending},
		{Event: eventAnswer, Answer: &answer{File: answerName(1, 0), Arrival: api.Arrival{Index: -1}}},
		{Event: eventVariant, Variant: &variant{Index: 1, File: hash}},
		{Event: eventEnded, End: &ending{Usage: map[string]int64{"total_tokens": 17}}},
	} {
		lines = append(lines, encodeEvent(e))
	}
	journal := func(without int) []byte {
		var all []byte
		for i, line := range lines {
			if i != without {
				all = append(all, line...)
			}
		}
		return all
	}
	whole := toJSON(replay(1, journal(-1)).state)
	if replay(1, journal(-1)).bad > 0 {
		t.Fatal("what was written can't be read")
	}
	place := 0
	for n, line := range lines {
		without := toJSON(replay(1, journal(n)).state)
		for i := range line[:len(line)-1] {
			for _, change := range []byte{0x55, 0x01, 0x04, 0x20, 0x80} {
				raw := journal(-1)
				if raw[place+i] ^= change; raw[place+i] == '\n' {
					continue // two lines, neither of which is read
				}
				r := replay(1, raw)
				if got := toJSON(r.state); got != without || r.bad != 1 {
					t.Fatalf("%q: %d bad lines, %s, which was %s", raw[place:place+len(line)], r.bad, got, whole)
				}
			}
		}
		place += len(line)
	}
}

// TestJournalsWithoutSums are read, as versions before 0.2 wrote them, and go on with sums.
func TestJournalsWithoutSums(t *testing.T) {
	old := []byte(`{"event":"recorded","at":1,"job":{"id":1,"created":0,"phase":"recorded","prompt":"a hat"}}` + "\n" + `{"event":"sending","at":2}` + "\n")
	r := replay(1, append(old, encodeEvent(event{Event: eventEnded, End: &ending{}})...))
	if r.bad > 0 || r.state.Prompt != "a hat" || r.state.Phase != phaseOver {
		t.Errorf("%d bad lines, %+v", r.bad, r.state)
	}
}

// FuzzReplay reads journals of any bytes: it never fails, what it reads names no
// file out of the folder, and reading goes on behind what can't be read.
func FuzzReplay(f *testing.F) {
	hash := strings.Repeat("0a", 32)
	events := []event{
		{Event: eventRecorded, Job: &state{Prompt: "a hat", Phase: phaseRecorded, Canvas: hash, Mask: hash, Asked: 2}},
		{Event: eventSending},
		{Event: eventSent, Bytes: 7},
		{Event: eventRefused},
		{Event: eventAnswer, Answer: &answer{File: answerName(1, 0), Arrival: api.Arrival{Index: -1}}},
		{Event: eventClosed, Answer: &answer{File: answerName(1, 0), Closed: true}},
		{Event: eventVariant, Variant: &variant{Index: 1, File: hash}},
		{Event: eventSaved, Index: number(1), Path: "/a"},
		{Event: eventFavourite, Index: number(1), On: true},
		{Event: eventFavourite, On: true},
		{Event: eventEnded, End: &ending{Released: true}},
		{Event: eventClaimed, Session: "s"},
	}
	var all []byte
	for _, e := range events {
		line := encodeEvent(e)
		f.Add(line)
		all = append(all, line...)
	}
	f.Add(all)
	f.Add(all[:len(all)-9])
	f.Add([]byte(`{"event":"variant","variant":{"index":0,"file":"../../etc/passwd"}}` + "\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := replay(1, raw)
		s := &Store{folder: filepath.FromSlash("/history")}
		for _, name := range append(r.state.files(), r.state.Removed...) {
			if name != "" && !strings.HasPrefix(s.path(name), s.folder+string(filepath.Separator)) {
				t.Fatalf("%q leads to %s", name, s.path(name))
			}
		}
		if r.state.ID != 1 {
			t.Fatalf("it became job %d", r.state.ID)
		}
		// What was read can be written and read again.
		again := replay(1, encodeEvent(event{Event: eventRestored, Job: &r.state}))
		if again.bad > 0 || toJSON(again.state) != toJSON(r.state) {
			t.Fatalf("%s became %s", toJSON(r.state), toJSON(again.state))
		}
		// A variant that is written behind it is there.
		more := append(append([]byte{}, raw...), '\n')
		more = append(more, encodeEvent(event{Event: eventVariant, Variant: &variant{Index: 77, File: hash}})...)
		found := false
		for _, v := range replay(1, more).state.Variants {
			found = found || v.Index == 77
		}
		if !found {
			t.Fatal("what stands behind it is not read")
		}
	})
}

// TestCutLines appends to a journal whose last line was cut.
func TestCutLines(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	id := int64(1_700_000_000_000_000)
	if _, err := s.createJournal(id, event{Event: eventRecorded, Job: &state{Phase: phaseRecorded, Prompt: "x"}}); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(s.journalPath(id), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"event":"sen`)
	f.Close()
	if _, err := s.append(id, event{Event: eventSent}); err != nil {
		t.Fatal(err)
	}
	r, err := s.readJournal(id)
	if err != nil || r.bad != 1 || r.state.Phase != phaseSent || r.state.Prompt != "x" {
		t.Fatalf("%+v, %v", r, err)
	}
	var lines int
	raw, _ := os.ReadFile(s.journalPath(id))
	for line := range strings.Lines(string(raw)) {
		if json.Valid([]byte(line)) {
			lines++
		}
	}
	if lines != 2 {
		t.Errorf("%d lines of JSON in %s", lines, raw)
	}
}
