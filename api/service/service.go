// Package service is the use case "ask a service for an edit" in one place, for
// the window and the command line alike. A Service holds the engines by
// connection, finds keys, prepares edits, reserves what they may cost, records
// them before they are sent, queues, cancels and recovers them, and keeps what
// was learnt about a service.
//
// # Order
//
// The order in which an edit comes onto the disk is written here alone:
// Submit records the request and reserves its cost; the engine reports Sending,
// which is on the disk before the first byte leaves; the answer's bytes are
// spooled as they arrive; pictures are decoded from them; variants are kept; the
// end is written. Whatever the program was doing when it was killed, Recover
// finds out on the next start from what is on the disk, and sends nothing.
//
// There is one Service in a program. It may be used by several goroutines.
// Everything that it does ends with the context given to Open, and each call
// that costs nothing has a time-out of its own (api.FreeLimits).
package service

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/feed"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/profile"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/api/worker"
)

// Settings is the part of settings.Store that a Service needs.
type Settings interface {
	// Current returns the current settings, which must not be changed.
	Current() *settings.Settings
	// Update changes the settings and saves them.
	Update(change func(*settings.Settings)) error
}

// Options are a Service's dependencies. Settings must be given.
type Options struct {
	Settings Settings
	// Profiles are the models' profiles; nil stands for the built-in ones.
	Profiles *profile.Set
	// Keys finds the keys of connections; nil stands for the default store.
	Keys *secret.Store
	// History opens the history; nil opens the default one. It is called once, when the history
	// is first needed, and Close closes its store.
	History func(context.Context, ...history.Option) (*history.Store, error)
	// Notify is called with what the user should know of the history, such as that its index
	// was rebuilt; subscribers get it as a Notice without an edit, too. It may be nil, and may
	// be called from any goroutine.
	Notify func(api.Notice)
	// Log may be nil. Prompts and keys are never logged.
	Log *slog.Logger
	// Limits bound the calls that are free of charge.
	Limits api.FreeLimits
	// UserAgent is the User-Agent of requests; "" is "overpaint".
	UserAgent string
	// Transport replaces the engines' transport, in tests.
	Transport http.RoundTripper
}

// Service makes all edits of the program.
type Service struct {
	settings  Settings
	profiles  *profile.Set
	keys      *secret.Store
	log       *slog.Logger
	limits    api.FreeLimits
	transport http.RoundTripper
	agent     string

	ctx    context.Context // ends when the service is closed
	stop   context.CancelFunc
	open   func() (*history.Store, error)
	opened chan struct{} // closed once the history was asked for
	asked  sync.Once

	worker *worker.Worker
	feed   feed.Feed[Event]
	events <-chan worker.Event
	done   chan struct{} // closed when the last event was passed on

	mu      sync.Mutex
	own     map[string]settings.Connection // of this run alone, by ID
	engines map[string]*engine
	drafts  drafts
	closed  bool

	editing sync.Mutex // guards edits; the worker may ask parallel while it is held
	edits   map[ID]*Edit
}

// Open returns a service, which the caller must close. The history is opened when it is first
// needed.
func Open(ctx context.Context, o Options) *Service {
	if o.Profiles == nil {
		o.Profiles = profile.Builtin()
	}
	if o.Keys == nil {
		o.Keys = secret.NewStore(secret.Options{})
	}
	if o.History == nil {
		o.History = history.OpenDefault
	}
	if o.Notify == nil {
		o.Notify = func(api.Notice) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		settings: o.Settings, profiles: o.Profiles, keys: o.Keys, log: o.Log, limits: o.Limits, transport: o.Transport, agent: o.UserAgent,
		opened: make(chan struct{}), done: make(chan struct{}),
		own: map[string]settings.Connection{}, engines: map[string]*engine{}, edits: map[ID]*Edit{},
	}
	s.ctx, s.stop = context.WithCancel(ctx)
	open := sync.OnceValues(func() (*history.Store, error) {
		return o.History(s.ctx, history.WithReport(func(n api.Notice, cause error) {
			s.log.Warn("history", "sentence", n.Sentence.Key, "error", cause)
			o.Notify(n)
			s.feed.Publish(Notice{Sentence: n.Sentence})
		}))
	})
	s.open = func() (*history.Store, error) {
		s.asked.Do(func() { close(s.opened) })
		return open()
	}
	s.worker = worker.New(worker.Options{Parallel: s.parallel})
	s.events, _ = s.worker.Subscribe()
	go s.listen()
	return s
}

// History returns the history, and opens it if necessary, which blocks on the disk. The error
// is the same at every call.
func (s *Service) History() (*history.Store, error) { return s.open() }

// Settings returns the current settings, which must not be changed.
func (s *Service) Settings() *settings.Settings { return s.settings.Current() }

// Use adds a connection for this run alone, in place of a saved one with its ID. It is not
// saved.
func (s *Service) Use(c settings.Connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.own[c.ID] = c
}

// Connection returns the connection with an ID, and whether there is one. The
// built-in engine has none.
func (s *Service) Connection(id string) (settings.Connection, bool) {
	s.mu.Lock()
	c, ok := s.own[id]
	s.mu.Unlock()
	if ok {
		return c, true
	}
	found, ok := s.settings.Current().Find(id)
	if !ok || id == settings.Builtin {
		return settings.Connection{}, false
	}
	return *found, true
}

// parallel returns how many jobs of a connection run at once: one for the built-in engine,
// which uses all cores.
func (s *Service) parallel(connection string) int {
	if connection == settings.Builtin {
		return 1
	}
	if c, ok := s.Connection(connection); ok {
		return c.Parallel
	}
	return 0
}

// within returns ctx, which ends with the service as well.
func (s *Service) within(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if s.ctx.Err() != nil {
		cancel()
	}
	stop := context.AfterFunc(s.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// Close stops all edits, waits until the end of each is on the disk, trims the history to its
// size and closes it. Edits that may be charged and have not arrived are completed by Recover
// at the next start.
func (s *Service) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	s.mu.Unlock()
	s.worker.Close()
	<-s.done
	s.closeHistory()
	s.stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.engines {
		e.close()
	}
	s.engines = nil
}

// trimTime bounds the trimming of the history at the end.
const trimTime = 5 * time.Second

func (s *Service) closeHistory() {
	select {
	case <-s.opened:
	default:
		return // it was not needed
	}
	store, _ := s.open()
	if store == nil {
		return
	}
	ctx, cancel := context.WithTimeout(s.ctx, trimTime)
	defer cancel()
	if _, err := store.Trim(ctx, s.settings.Current().HistoryBytes); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("history not trimmed", "error", err)
	}
	if err := store.Close(); err != nil {
		s.log.Warn("history not closed", "error", err)
	}
}
