package secret

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// Environment is the variable that holds a key for this run, used for every connection.
const Environment = "OVERPAINT_API_KEY"

// DefaultTimeout is how long a Store waits for a call of the keyring. It leaves
// time to type a password at the system's prompt.
const DefaultTimeout = 10 * time.Second

// Source is where a key is kept.
type Source string

// The sources of keys.
const (
	FromNowhere     Source = ""
	FromEnvironment Source = "environment"
	FromKeyring     Source = "keyring"
	// FromSession keys are forgotten when the program ends; the user must be told.
	FromSession Source = "session"
)

var (
	// ErrNotFound reports that there is no key for the connection.
	ErrNotFound = errors.New("secret: no key for this connection")
	// ErrNoKeyring reports that no keyring can be used now.
	ErrNoKeyring = errors.New("secret: no keyring here")
	// ErrSilent is an ErrNoKeyring: there is a keyring, but it is locked or did not answer in
	// time, so that its content isn't known.
	ErrSilent = fmt.Errorf("%w that is unlocked", ErrNoKeyring)
)

// Options change where a Store looks. The zero value is what the program uses.
type Options struct {
	// Timeout limits the wait for each keyring call; 0 is DefaultTimeout.
	Timeout time.Duration
	// Keyring replaces the system's keyring.
	Keyring Keyring
	// Getenv replaces os.Getenv.
	Getenv func(string) string
}

// Store looks up and keeps keys by the connection's ID. It may be used by several
// goroutines.
type Store struct {
	timeout time.Duration
	keyring Keyring
	getenv  func(string) string

	mu      sync.Mutex
	session map[string]Key
	last    chan struct{} // closed when the keyring call that was queued last has ended
}

// NewStore returns a store. It does not call the keyring yet.
func NewStore(o Options) *Store {
	s := &Store{timeout: o.Timeout, keyring: o.Keyring, getenv: o.Getenv, session: map[string]Key{}}
	if s.timeout <= 0 {
		s.timeout = DefaultTimeout
	}
	if s.keyring == nil {
		s.keyring = system{}
	}
	if s.getenv == nil {
		s.getenv = os.Getenv
	}
	s.last = make(chan struct{})
	close(s.last)
	return s
}

// Get returns a connection's key and its source. Without a key the error is
// ErrNotFound, and ErrNoKeyring too if the keyring could not be read.
//
// A key of this session is preferred to the keyring's: it is kept only where the keyring
// could not store it, so that the keyring's is older.
func (s *Store) Get(ctx context.Context, connection string) (Key, Source, error) {
	if k := New(s.getenv(Environment)); !k.IsZero() {
		return k, FromEnvironment, nil
	}
	return s.Kept(ctx, connection)
}

// Kept is Get without the environment, for any name that was used with Set: a
// connection's ID or a HeaderAccount.
func (s *Store) Kept(ctx context.Context, connection string) (Key, Source, error) {
	s.mu.Lock()
	k, ok := s.session[connection]
	s.mu.Unlock()
	if ok {
		return k, FromSession, nil
	}
	var found string
	err := s.call(ctx, true, func() (err error) { found, err = s.keyring.Get(connection); return err })
	if errors.Is(err, ErrNoKeyring) {
		return Key{}, FromNowhere, fmt.Errorf("%w: %w", ErrNotFound, err)
	} else if err != nil {
		return Key{}, FromNowhere, err
	}
	if k = New(found); k.IsZero() {
		return Key{}, FromNowhere, ErrNotFound
	}
	return k, FromKeyring, nil
}

// Set keeps a connection's key in the keyring, or for this session where there is no
// keyring, and returns which. The error is ctx's, or says that key is the zero Key.
func (s *Store) Set(ctx context.Context, connection string, key Key) (Source, error) {
	if key.IsZero() {
		return FromNowhere, errors.New("secret: no key given")
	}
	err := s.call(ctx, false, func() error { return s.keyring.Set(connection, *key.value) })
	if ctx.Err() != nil && err != nil {
		return FromNowhere, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.session[connection] = key
		return FromSession, nil
	}
	delete(s.session, connection)
	return FromKeyring, nil
}

// Delete forgets a connection's key in this session and in the keyring. A missing key is
// no error; ErrNoKeyring says that the keyring could not be used.
func (s *Store) Delete(ctx context.Context, connection string) error {
	s.mu.Lock()
	delete(s.session, connection)
	s.mu.Unlock()
	if err := s.call(ctx, false, func() error { return s.keyring.Delete(connection) }); !errors.Is(err, ErrNotFound) {
		return err
	}
	return nil
}

// Available returns nil where keys can be kept for longer than this session, else
// ErrNoKeyring or ctx's error. A locked keyring may ask for its password.
func (s *Store) Available(ctx context.Context) error {
	err := s.call(ctx, true, func() error { _, err := s.keyring.Get("availability check"); return err })
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// call runs one keyring call in a goroutine of its own and waits for it no longer than the
// time-out, after which it returns ErrSilent. Calls run one after the other in the order
// in which they were made, even after their time-out, so that a prompt answered late
// cannot restore what was deleted meanwhile; only a call that reads is dropped then. Errors
// are ErrNotFound, ErrNoKeyring or ctx's.
func (s *Store) call(ctx context.Context, reads bool, f func() error) error {
	ctx, cancel := context.WithTimeoutCause(ctx, s.timeout, errTimeout)
	defer cancel()
	done := make(chan error, 1)
	s.mu.Lock()
	before, after := s.last, make(chan struct{})
	s.last = after
	s.mu.Unlock()
	go func() {
		defer close(after)
		<-before
		if reads && ctx.Err() != nil {
			return
		}
		done <- guarded(f)
	}()
	select {
	case err := <-done:
		if err == nil || errors.Is(err, ErrNotFound) {
			return err
		}
		if errors.Is(err, ErrSilent) {
			return ErrSilent
		}
		// The keyring's error text is left out: it may contain anything.
		return fmt.Errorf("%w (%T)", ErrNoKeyring, err)
	case <-ctx.Done():
		if cause := context.Cause(ctx); !errors.Is(cause, errTimeout) {
			return cause
		}
		return fmt.Errorf("%w in %v", ErrSilent, s.timeout)
	}
}

var errTimeout = errors.New("secret: the keyring did not answer in time")

// guarded turns a panic of f into an error: the Secret Service library panics on replies
// of unexpected types.
func guarded(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("secret: the keyring's reply makes no sense")
		}
	}()
	return f()
}
