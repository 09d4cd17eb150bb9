package secret

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// Environment is the variable that gives a key to this run, for every connection.
const Environment = "OVERPAINT_API_KEY"

// DefaultTimeout is how long a call of the keyring is waited for. It leaves
// time to type a password at the system's prompt.
const DefaultTimeout = 10 * time.Second

// Source tells where a key is kept.
type Source string

// The places in which keys are.
const (
	FromNowhere     Source = ""
	FromEnvironment Source = "environment"
	FromKeyring     Source = "keyring"
	// FromSession keys are forgotten when the program ends; the person must be told.
	FromSession Source = "session"
)

var (
	// ErrNotFound reports that there is no key for the connection.
	ErrNotFound = errors.New("secret: no key for this connection")
	// ErrNoKeyring reports that this system has no keyring that can be used now.
	ErrNoKeyring = errors.New("secret: no keyring here")
	// ErrSilent is an ErrNoKeyring: there is a keyring, which is locked or did not answer in
	// time. What it holds is not known.
	ErrSilent = fmt.Errorf("%w that is unlocked", ErrNoKeyring)
)

// Options change where a Store looks. The zero value is what the program uses.
type Options struct {
	// Timeout bounds the wait for each keyring call; 0 is DefaultTimeout.
	Timeout time.Duration
	// Keyring replaces the system's keyring.
	Keyring Keyring
	// Getenv replaces os.Getenv.
	Getenv func(string) string
}

// Store gives out and keeps keys by the connection's ID. It may be used by
// several goroutines.
type Store struct {
	timeout time.Duration
	keyring Keyring
	getenv  func(string) string

	mu      sync.Mutex
	session map[string]Key
	last    chan struct{} // closed when the keyring call queued last has ended
}

// NewStore returns a store that has not yet asked anybody.
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

// Get returns a connection's key and where it came from. Without one the error
// is ErrNotFound, and ErrNoKeyring too if the keyring could not be asked.
//
// A key of this session comes before the keyring's: it is there only because
// the keyring did not take it, so what the keyring has is older.
func (s *Store) Get(ctx context.Context, connection string) (Key, Source, error) {
	if k := New(s.getenv(Environment)); !k.IsZero() {
		return k, FromEnvironment, nil
	}
	return s.Kept(ctx, connection)
}

// Kept is Get without the environment: what was kept under a name, which is a
// connection's ID or HeaderAccount.
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

// Set keeps a connection's key in the keyring, or for this session where there
// is none, and tells which. The error is ctx's, or says that key is the zero Key.
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

// Delete forgets a connection's key in this session and in the keyring. A key
// that was not there is no error; ErrNoKeyring says that the keyring could not be asked.
func (s *Store) Delete(ctx context.Context, connection string) error {
	s.mu.Lock()
	delete(s.session, connection)
	s.mu.Unlock()
	if err := s.call(ctx, false, func() error { return s.keyring.Delete(connection) }); !errors.Is(err, ErrNotFound) {
		return err
	}
	return nil
}

// Available tells whether keys can be kept for longer than this session: nil,
// or ErrNoKeyring, or ctx's error. A locked keyring may ask for its password.
func (s *Store) Available(ctx context.Context) error {
	err := s.call(ctx, true, func() error { _, err := s.keyring.Get("availability check"); return err })
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// call runs one keyring call in a goroutine of its own and waits for it no
// longer than the time-out, after which it says ErrSilent. Calls run one after the other in the order in
// which they were asked for, also those that nobody waits for any more, so that
// a prompt answered late cannot bring back what was deleted meanwhile; only a
// call that reads is dropped. Errors are ErrNotFound, ErrNoKeyring or ctx's.
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
		// The keyring's own words go no further: nobody can know what is in them.
		return fmt.Errorf("%w (%T)", ErrNoKeyring, err)
	case <-ctx.Done():
		if cause := context.Cause(ctx); !errors.Is(cause, errTimeout) {
			return cause
		}
		return fmt.Errorf("%w in %v", ErrSilent, s.timeout)
	}
}

var errTimeout = errors.New("secret: the keyring did not answer in time")

// guarded turns a panic into an error: the Secret Service library trusts the
// shapes of the replies that it gets.
func guarded(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("secret: the keyring's reply makes no sense")
		}
	}()
	return f()
}
