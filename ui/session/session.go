// Package session is what a person has open in one window, without the window:
// the document, the edits with their variants, what is on the canvas, what is
// painted on, the tool, what runs and what it costs, what the user should
// hear and what they must be asked.
//
// # How it is used
//
// A Session belongs to one goroutine (the window's): all methods are called
// there. Work in the background comes back by the post function that New is
// given. The session changes by named actions (Paint, Generate, Choose, Use,
// Undo, ...) and by nothing else. State is read by methods that return plain
// values (View, Edits, Results, Panel, ...), which are read-only.
// After each action readers are told once which parts have changed (Subscribe);
// they show those parts again and keep nothing themselves.
//
// Sentences are values too (Sentence), so that they are in the language that is
// chosen when they are shown.
package session

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/tool"
)

// Part is a set of parts of the state, of which a reader is told which may have changed.
type Part uint

// The parts, each with the methods that return it.
const (
	Canvas    Part = 1 << iota // View
	Gallery                    // Edits, Shown
	Results                    // Results, Editing
	Panel                      // Panel
	Status                     // Document, Running, Spent, Busy
	Menu                       // Document, Steps, MaskLook, Left, Recent
	Tools                      // Tool
	Notices                    // Notices
	Questions                  // Questions
	Wishes                     // Wishes
	History                    // what the history's dialog shows
	Applying                   // Apply, ApplyLooked
)

// everything is all parts.
const everything = Applying<<1 - 1

// Service is what a session needs of api/service.
type Service interface {
	Outline(*document.State, service.Choices) (service.Outline, error)
	PrepareSpots(context.Context, *document.State, service.Choices) (*service.Set, error)
	SubmitAll(context.Context, []service.Order) ([][]service.Edit, error)
	More(service.Edit, int) (*service.Draft, error)
	Cancel(service.ID) bool
	Release(*service.Hold)
	First(service.ID) bool
	Queue() []service.ID
	Subscribe() (events <-chan service.Event, cancel func())
	Saved(entry int64, variant int, path string)

	Profile(connection string) api.Profile
	Connection(id string) (settings.Connection, bool)
	Key(ctx context.Context, connection string) (service.KeyState, error)
	KeepKey(ctx context.Context, connection string, key secret.Key) (secret.Source, error)
	ForgetKey(ctx context.Context, connection string) error
	Models(ctx context.Context, connection string) ([]string, error)
	Spent(ctx context.Context, currency string) (service.Spent, error)

	History() (*history.Store, error)
	Recover(context.Context) (service.Recovery, error)
	FetchAgain(ctx context.Context, entry int64) error
}

// Options are what a session needs. Service, Settings and Post must be given.
type Options struct {
	Service  Service
	Settings service.Settings
	// Post calls f on the session's goroutine, after what was posted before. It may be called
	// from any goroutine.
	Post func(f func())
	// After calls f on the session's goroutine after a while; stop prevents that. nil stands
	// for the system's timers.
	After func(d time.Duration, f func()) (stop func())
	// Now returns the time; nil stands for time.Now.
	Now func() time.Time
	// Memory accounts for what is open; it may be nil.
	Memory *document.Memory
	// Documents is the folder of the autosaves; "" is the default one.
	Documents string
	// Clipboard is the system's clipboard; it may be nil.
	Clipboard Clipboard
	// DropShape drops a shape that is being drawn on the canvas; it may be nil.
	DropShape func()
	// SettleShape ends a drag on the canvas as if its button was released, and reports whether a
	// shape is left that is still open. Where it is nil, shapes are dropped instead.
	SettleShape func() (open bool)
	// Elsewhere reports whether another window has the file at path open (Session.Has); it may be
	// nil.
	Elsewhere func(path string) bool
	// Log may be nil. Prompts are never logged.
	Log *slog.Logger
}

// Session is what a person has open in one window.
type Session struct {
	service  Service
	settings service.Settings // changed by writeSettings alone
	options  Options
	log      *slog.Logger
	ctx      context.Context
	stop     context.CancelFunc
	working  sync.WaitGroup // goroutines of the session's

	readers map[int]func(Part)
	reader  int
	depth   int // actions that are under way within each other
	changed Part

	file      openFile
	timeline  timeline
	shown     shown
	edits     edits
	editing   editing
	quick     quick
	found     finding // what was found last
	applying  applying
	results   results
	changes   changes
	tool      toolState
	frame     drawnFrame
	panel     panel
	spent     Spent
	busy      busy
	notices   notices
	questions questions
	forecast  forecast
	wishes    []Wish
	safe      safe
	writing   writing
	closing   closing
	keeping   keeping
	layout    layout
}

// New returns a session with nothing open. It ends with Close or, without
// questions, with ctx.
func New(ctx context.Context, o Options) *Session {
	s := &Session{service: o.Service, settings: o.Settings, options: o, log: o.Log, readers: map[int]func(Part){}}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.options.Now == nil {
		s.options.Now = time.Now
	}
	s.ctx, s.stop = context.WithCancel(ctx)
	s.edits.byID = map[service.ID]*edit{}
	s.panel.keys, s.panel.keyAnswered = map[string]service.KeyState{}, map[string]int{}
	s.takeSettings()
	s.listen()
	s.plan()
	s.askSpent()
	s.checkKeys(false)
	return s
}

// Subscribe calls f, on the session's goroutine, after each action that changed something,
// with the parts that may look different. cancel ends it.
func (s *Session) Subscribe(f func(Part)) (cancel func()) {
	id := s.reader
	s.reader++
	s.readers[id] = f
	return func() { delete(s.readers, id) }
}

// act begins an action. end ends it and, where it is not nested in another one, tells the
// readers.
func (s *Session) act(parts ...Part) (end func()) {
	s.depth++
	for _, p := range parts {
		s.changed |= p
	}
	return func() {
		if s.depth == 1 {
			s.dropUntrue()
		}
		if s.depth--; s.depth > 0 || s.changed == 0 {
			return
		}
		now := s.changed
		s.changed = 0
		s.safe.noted.Store(s.saved(s.file.project))
		for id := range s.reader {
			if f, ok := s.readers[id]; ok {
				f(now)
			}
		}
	}
}

// touch marks parts as changed within an action.
func (s *Session) touch(p Part) { s.changed |= p }

// post runs f as an action on the session's goroutine.
func (s *Session) post(f func()) {
	s.options.Post(func() {
		defer s.act()()
		f()
	})
}

// after runs f as an action after a while.
func (s *Session) after(d time.Duration, f func()) (stop func()) {
	do := func() {
		defer s.act()()
		f()
	}
	if s.options.After != nil {
		return s.options.After(d, do)
	}
	stopped := false // used only on the session's goroutine
	t := time.AfterFunc(d, func() {
		s.options.Post(func() {
			if !stopped {
				do()
			}
		})
	})
	return func() {
		stopped = true
		t.Stop()
	}
}

// background runs work on its own goroutine, then done with the result on the session's.
func background[T any](s *Session, work func() T, done func(T)) {
	s.working.Add(1)
	go func() {
		defer s.working.Done()
		got := work()
		s.post(func() { done(got) })
	}()
}

// outcome is the result of work that may fail.
type outcome[T any] struct {
	value T
	err   error
}

// result combines a value and an error.
func result[T any](v T, err error) outcome[T] { return outcome[T]{v, err} }

// toolState is the selected tool with its settings.
type toolState struct {
	id       string
	settings tool.Settings
	look     MaskLook
	preview  *MaskLook // while it is being chosen
	amounts  map[MaskChange]int
}
