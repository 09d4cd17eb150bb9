// Package apitest is a relay for tests: a service on this machine that speaks
// the images/edits contract, checks each rule of it byte by byte, makes real
// (if ugly) edits, and shows on request every fault that real services were
// found to have.
//
// In a test:
//
//	relay := apitest.New(t)
//	relay.Use("html")
//	... ask relay.URL with relay.Key ...
//	if relay.Posts() != 1 { ... }
//
// A request that breaks the contract is answered with status 400 and a list of
// what is wrong, and fails the test that New was given.
//
// For programs under test in processes of their own there is Serve; there a
// scenario is chosen by the base URL (see Relay.Base), and GET /requests tells
// as JSON what was asked.
package apitest

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Key is the key that a relay wants. It can be told from any other text, so
// that tests can search for it where no key must be.
const Key = "sk-apitest-7f3a9c51e8MARKED"

// Relay is a running service. It may be used by several goroutines.
type Relay struct {
	// URL is the base URL of the contract, with /v1. Root is it without.
	URL, Root string
	// Key is what Authorization must bear.
	Key string

	main, other *http.Server
	elsewhere   string // the other server's address: another origin
	done        chan struct{}
	arrived     chan *Request
	serving     sync.WaitGroup
	connections atomic.Int64

	mu       sync.Mutex
	scenario *Scenario
	requests []*Request
	store    map[string][]byte // pictures behind addresses, by path
	counts   map[string]int    // how often a scenario was played
	ledger   *ledger           // nil where none is kept
	gate     chan struct{}     // where streams rest before the finished picture, or nil
}

// New starts a relay that ends with the test, which fails if the contract was broken.
func New(t testing.TB) *Relay {
	t.Helper()
	r, err := Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.Close()
		for _, q := range r.Requests() {
			for _, fault := range q.Faults {
				t.Errorf("the contract was broken: %s %s: %s", q.Method, q.Path, fault)
			}
		}
	})
	return r
}

// Start starts a relay on addr ("127.0.0.1:0" for a free port). It is to be closed.
func Start(addr string) (*Relay, error) {
	main, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		main.Close()
		return nil, err
	}
	r := &Relay{
		Root: "http://" + main.Addr().String(), Key: Key, elsewhere: "http://" + other.Addr().String(),
		done: make(chan struct{}), arrived: make(chan *Request, 1024),
		store: map[string][]byte{}, counts: map[string]int{},
	}
	r.URL = r.Root + "/v1"
	r.Use("")
	r.main = &http.Server{Handler: r.waited(r.serve), ConnState: r.track}
	r.other = &http.Server{Handler: r.waited(r.serveElsewhere), ConnState: r.track}
	r.serving.Add(2)
	go func() { defer r.serving.Done(); r.main.Serve(main) }()
	go func() { defer r.serving.Done(); r.other.Serve(other) }()
	return r, nil
}

// Serve runs a relay on addr until ctx ends. ready, unless nil, is called once it answers.
func Serve(ctx context.Context, addr string, ready func(*Relay)) error {
	r, err := Start(addr)
	if err != nil {
		return err
	}
	if ready != nil {
		ready(r)
	}
	<-ctx.Done()
	r.Close()
	return nil
}

// track counts connections, so that Close leaves no goroutine behind.
func (r *Relay) track(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		r.serving.Add(1)
		r.connections.Add(1)
	case http.StateClosed, http.StateHijacked:
		r.serving.Done()
	}
}

// waited lets Close wait for a handler, also for one that took its connection over:
// the server counts that connection as gone while the handler still runs.
func (r *Relay) waited(serve http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, h *http.Request) {
		r.serving.Add(1)
		defer r.serving.Done()
		serve(w, h)
	})
}

// Connections counts the connections that were made to the relay.
func (r *Relay) Connections() int { return int(r.connections.Load()) }

// Close ends the relay and all that hangs in it.
func (r *Relay) Close() {
	close(r.done)
	r.main.Close()
	r.other.Close()
	r.serving.Wait()
}

// Use makes the relay play a scenario, "" the one without faults. It panics
// where there is no such scenario.
func (r *Relay) Use(name string) {
	s := find(name)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.scenario = s
}

// Hold lets streams rest between their previews and the finished picture until
// release is called, which may be more than once.
func (r *Relay) Hold() (release func()) {
	gate := make(chan struct{})
	r.mu.Lock()
	r.gate = gate
	r.mu.Unlock()
	return sync.OnceFunc(func() {
		r.mu.Lock()
		r.gate = nil
		r.mu.Unlock()
		close(gate)
	})
}

// Base returns a base URL under which the relay plays a scenario whatever Use said.
func (r *Relay) Base(name string) string {
	find(name)
	return r.Root + "/scenario/" + name + "/v1"
}

// Elsewhere returns the address of another origin of the same relay, to which
// scenarios redirect and where they put pictures.
func (r *Relay) Elsewhere() string { return r.elsewhere }

// Requests returns all that was asked, in order.
func (r *Relay) Requests() []*Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

// Posts counts the POSTs to both origins.
func (r *Relay) Posts() int { return r.count(http.MethodPost) }

// Gets counts the GETs to both origins.
func (r *Relay) Gets() int { return r.count(http.MethodGet) }

func (r *Relay) count(method string) int {
	n := 0
	for _, q := range r.Requests() {
		if q.Method == method {
			n++
		}
	}
	return n
}

// Last returns the last POST, or nil.
func (r *Relay) Last() *Request {
	all := r.Requests()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Method == http.MethodPost {
			return all[i]
		}
	}
	return nil
}

// Arrived gives each POST once it has been read, before it is answered.
func (r *Relay) Arrived() <-chan *Request { return r.arrived }

// Request is what was asked.
type Request struct {
	Method, Path string
	// Elsewhere tells that it went to the other origin.
	Elsewhere bool
	// Authorized tells that it bore an Authorization header.
	Authorized bool
	Header     http.Header `json:"-"` // without Authorization
	Fields     map[string][]string
	Files      []File
	// Broken tells that it did not arrive whole. Nothing more is known of it then.
	Broken bool
	// Faults tell how it broke the contract.
	Faults []string

	tally *tally
}

// File is a file part of a request.
type File struct {
	Field, Name, ContentType string
	Data                     []byte `json:"-"`
}

// Field returns a text field, "" where it was not sent.
func (q *Request) Field(name string) string {
	if v := q.Fields[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// File returns the first file of a field, nil where there is none.
func (q *Request) File(field string) *File {
	for i := range q.Files {
		if q.Files[i].Field == field {
			return &q.Files[i]
		}
	}
	return nil
}

func (r *Relay) record(h *http.Request, elsewhere bool) *Request {
	q := &Request{
		Method: h.Method, Path: h.URL.Path, Elsewhere: elsewhere, Fields: map[string][]string{},
		Authorized: h.Header.Get("Authorization") != "", Header: h.Header.Clone(),
	}
	q.Header.Del("Authorization")
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, q)
	return q
}

func (r *Relay) serve(w http.ResponseWriter, h *http.Request) {
	if h.URL.Path == "/requests" {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(r.Requests())
		return
	}
	r.mu.Lock()
	s, book := r.scenario, r.ledger
	r.mu.Unlock()
	var entered *tally
	if book != nil {
		entered = book.begin(w, h)
		defer entered.end()
		w = entered
	}
	root, path := "", h.URL.Path
	if rest, ok := strings.CutPrefix(path, "/scenario/"); ok {
		name, tail, _ := strings.Cut(rest, "/")
		if s = lookup(name); s == nil {
			http.NotFound(w, h)
			return
		}
		root, path = "/scenario/"+name, "/"+tail
	}
	q := r.record(h, false)
	if q.tally = entered; entered != nil {
		defer func() { // a relay that keeps a ledger runs for long
			r.mu.Lock()
			q.Files = nil
			r.mu.Unlock()
		}()
	}
	x := &Exchange{relay: r, scenario: s, w: w, http: h, Request: q, root: root, path: path}
	w.Header().Set("X-Request-Id", fmt.Sprintf("req-%d", len(r.Requests())))
	if h.Method == http.MethodGet {
		x.get()
		return
	}
	if s.early != nil && s.early(x) {
		return
	}
	x.read()
	if q.Broken {
		return
	}
	select {
	case r.arrived <- q:
	default: // not used
	}
	if s.at(path) {
		s.play(x)
	} else {
		x.error(http.StatusNotFound, fmt.Sprintf("Invalid URL (POST %s)", path), "invalid_request_error", "")
	}
}

// serveElsewhere is another origin. What comes to it must not bear a key.
func (r *Relay) serveElsewhere(w http.ResponseWriter, h *http.Request) {
	q := r.record(h, true)
	if q.Authorized {
		r.mu.Lock()
		q.Faults = append(q.Faults, "the Authorization header went to another origin")
		r.mu.Unlock()
	}
	r.mu.Lock()
	data, ok := r.store[h.URL.Path]
	r.mu.Unlock()
	if !ok {
		http.NotFound(w, h)
		return
	}
	w.Write(data)
}

// put stores a picture and returns its path.
func (r *Relay) put(data []byte) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	path := fmt.Sprintf("/files/%d", len(r.store)+1)
	r.store[path] = data
	return path
}

// nth counts how often a scenario came here, from 1.
func (r *Relay) nth(name string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[name]++
	return r.counts[name]
}

// wait lets a scenario rest; false means that the client or the relay has gone.
func (x *Exchange) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-x.http.Context().Done():
	case <-x.relay.done:
	}
	return false
}

// hold rests where Hold was called; false means that the client or the relay
// has gone.
func (x *Exchange) hold() bool {
	x.relay.mu.Lock()
	gate := x.relay.gate
	x.relay.mu.Unlock()
	if gate == nil {
		return true
	}
	select {
	case <-gate:
		return true
	case <-x.http.Context().Done():
	case <-x.relay.done:
	}
	return false
}

// hang rests until the client or the relay has gone.
func (x *Exchange) hang() {
	select {
	case <-x.http.Context().Done():
	case <-x.relay.done:
	}
}
