package apitest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Line is one line of a ledger: a request that reached the relay. A request has a
// line when it begins to be answered and another one when that has ended; the later
// line holds.
type Line struct {
	ID     int       `json:"id"`
	Time   time.Time `json:"time"`
	Method string    `json:"method"`
	Path   string    `json:"path"`
	// Bytes is how long the request's body was said to be, -1 where it wasn't said.
	Bytes int64 `json:"bytes"`
	// Arrived tells that the body came whole, Sent how many bytes of an answer's
	// body were handed to the network.
	Arrived bool  `json:"arrived"`
	Sent    int64 `json:"sent"`
	Status  int   `json:"status,omitempty"`
	// Charged tells that a service like this one would have made the pictures and
	// taken the money: an edit that came whole and wasn't refused.
	Charged bool `json:"charged"`
	// Over tells that the answer has ended, Broken that it ended badly.
	Over   bool `json:"over"`
	Broken bool `json:"broken,omitempty"`
}

// ledger writes lines of JSON, each by one call of Write.
type ledger struct {
	mu   sync.Mutex
	to   io.Writer
	last int
}

// Ledger makes the relay write down each request that it gets to w, as one Line of
// JSON each. It is to be called before the first request.
func (r *Relay) Ledger(w io.Writer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ledger = &ledger{to: w}
}

// Book is a ledger that is kept in memory. The zero value is empty and ready.
type Book struct{ Buffer }

// Charged counts the requests that a service would have taken money for. It panics where
// something else than a relay has written into the book.
func (b *Book) Charged() (n int) {
	last := map[int]bool{}
	for line := range strings.Lines(b.String()) {
		var l Line
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			panic(err)
		}
		last[l.ID] = l.Charged
	}
	for _, charged := range last {
		if charged {
			n++
		}
	}
	return n
}

func (l *ledger) next() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	return l.last
}

func (l *ledger) write(line Line) {
	data, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.to.Write(append(data, '\n'))
}

// tally is an answer that is being written down.
type tally struct {
	http.ResponseWriter
	ledger *ledger
	mu     sync.Mutex
	line   Line
}

func (l *ledger) begin(w http.ResponseWriter, h *http.Request) *tally {
	t := &tally{ResponseWriter: w, ledger: l, line: Line{ID: l.next(), Time: time.Now(), Method: h.Method, Path: h.URL.Path, Bytes: h.ContentLength}}
	l.write(t.line)
	return t
}

// arrived notes that the request came whole. It is charged from then on unless its
// answer is a refusal: an answer that never arrives is still charged.
func (t *tally) arrived(edit bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.line.Arrived, t.line.Charged = true, edit
	t.ledger.write(t.line)
}

func (t *tally) WriteHeader(status int) {
	t.mu.Lock()
	t.line.Status = status
	// What a service answers with these it has not begun, or has given up before.
	t.line.Charged = t.line.Charged && (status < 300 || status >= 500 && status != 503)
	t.mu.Unlock()
	t.ResponseWriter.WriteHeader(status)
}

func (t *tally) Write(p []byte) (int, error) {
	t.mu.Lock()
	if t.line.Status == 0 {
		t.line.Status = http.StatusOK
	}
	t.mu.Unlock()
	n, err := t.ResponseWriter.Write(p)
	t.mu.Lock()
	t.line.Sent += int64(n)
	t.mu.Unlock()
	return n, err
}

// Unwrap lets the standard library find what else the writer can do.
func (t *tally) Unwrap() http.ResponseWriter { return t.ResponseWriter }

// Flush sends what was written.
func (t *tally) Flush() { _ = http.NewResponseController(t.ResponseWriter).Flush() }

// end notes how the answer ended and passes on a panic, by which a connection is broken.
func (t *tally) end() {
	p := recover()
	t.mu.Lock()
	t.line.Over, t.line.Broken = true, p != nil
	t.ledger.write(t.line)
	t.mu.Unlock()
	if p != nil {
		panic(p)
	}
}

// edits reports that a path is one at which pictures are edited.
func edits(path string) bool { return strings.HasSuffix(strings.TrimRight(path, "/"), "/images/edits") }
