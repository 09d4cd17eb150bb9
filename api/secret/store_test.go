package secret

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// memory is a keyring that works; absent is one that never does.
type memory struct {
	mu   sync.Mutex
	keys map[string]string
}

func (m *memory) Get(c string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if k, ok := m.keys[c]; ok {
		return k, nil
	}
	return "", ErrNotFound
}

func (m *memory) Set(c, k string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys[c] = k
	return nil
}

func (m *memory) Delete(c string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.keys[c]; !ok {
		return ErrNotFound
	}
	delete(m.keys, c)
	return nil
}

type absent struct{}

func (absent) Get(string) (string, error) { return "", errors.New("no bus: " + marked) }
func (absent) Set(_, k string) error      { return errors.New("no bus for " + k) }
func (absent) Delete(string) error        { panic("a reply that makes no sense") }

// stuck is a keyring that answers only after letGo is closed.
type stuck struct {
	memory
	entered chan struct{}
	letGo   chan struct{}
}

func newStuck() *stuck {
	return &stuck{memory: memory{keys: map[string]string{}}, entered: make(chan struct{}, 100), letGo: make(chan struct{})}
}

func (s *stuck) Get(c string) (string, error) {
	s.entered <- struct{}{}
	<-s.letGo
	return s.memory.Get(c)
}

func (s *stuck) Set(c, k string) error { s.entered <- struct{}{}; <-s.letGo; return s.memory.Set(c, k) }

func (s *stuck) Delete(c string) error { s.entered <- struct{}{}; <-s.letGo; return s.memory.Delete(c) }

func none(string) string { return "" }

// opened returns a key's text, from the Authorization header that it sets.
func opened(k Key) string {
	if k.IsZero() {
		return ""
	}
	return *k.value
}

func TestOrder(t *testing.T) {
	ring := &memory{keys: map[string]string{"c": "from-keyring"}}
	env := ""
	s := NewStore(Options{Keyring: ring, Getenv: func(name string) string {
		if name != Environment {
			t.Errorf("it looks at %s", name)
		}
		return env
	}})
	want := func(key string, source Source) {
		t.Helper()
		k, from, err := s.Get(t.Context(), "c")
		if err != nil || opened(k) != key || from != source {
			t.Errorf("from %q: %v", from, err)
		}
	}
	want("from-keyring", FromKeyring)
	env = "from-environment"
	want("from-environment", FromEnvironment)
	env = " "
	want("from-keyring", FromKeyring)
	if source, err := s.Set(t.Context(), "c", New("newer")); err != nil || source != FromKeyring {
		t.Error(source, err)
	}
	want("newer", FromKeyring)
	if err := s.Delete(t.Context(), "c"); err != nil {
		t.Error(err)
	}
	if _, _, err := s.Get(t.Context(), "c"); !errors.Is(err, ErrNotFound) || errors.Is(err, ErrNoKeyring) {
		t.Errorf("deleted: %v", err)
	}
	if err := s.Delete(t.Context(), "c"); err != nil {
		t.Errorf("deleting what is not there: %v", err)
	}
	if _, err := s.Set(t.Context(), "c", Key{}); err == nil {
		t.Error("no key can be set")
	}
	if err := s.Available(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestNoKeyring(t *testing.T) {
	s := NewStore(Options{Keyring: absent{}, Getenv: none})
	if err := s.Available(t.Context()); !errors.Is(err, ErrNoKeyring) {
		t.Error(err)
	}
	_, _, err := s.Get(t.Context(), "c")
	if !errors.Is(err, ErrNotFound) || !errors.Is(err, ErrNoKeyring) {
		t.Errorf("%v", err)
	}
	if strings.Contains(err.Error(), "MARKED") {
		t.Errorf("the keyring's error text is passed on: %v", err)
	}
	if source, err := s.Set(t.Context(), "c", New(marked)); source != FromSession || err != nil {
		t.Errorf("%s %v", source, err)
	}
	if k, source, err := s.Get(t.Context(), "c"); opened(k) != marked || source != FromSession || err != nil {
		t.Errorf("%s %v", source, err)
	}
	if err := s.Delete(t.Context(), "c"); !errors.Is(err, ErrNoKeyring) {
		t.Errorf("a keyring that panics: %v", err)
	}
	if k, _, _ := s.Get(t.Context(), "c"); !k.IsZero() {
		t.Error("the key is still there")
	}
	other := NewStore(Options{Keyring: absent{}, Getenv: none})
	if k, _, _ := other.Get(t.Context(), "c"); !k.IsZero() {
		t.Error("another session has it")
	}
}

// TestHangingKeyring waits for a keyring no longer than the time-out; answers that come
// late change nothing.
func TestHangingKeyring(t *testing.T) {
	defer goleak.VerifyNone(t)
	ring := newStuck()
	s := NewStore(Options{Keyring: ring, Getenv: none, Timeout: time.Millisecond})
	if _, _, err := s.Get(t.Context(), "c"); !errors.Is(err, ErrNotFound) || !errors.Is(err, ErrNoKeyring) || !errors.Is(err, ErrSilent) {
		t.Errorf("get: %v", err)
	}
	for _, key := range []string{"first", "second"} {
		if source, err := s.Set(t.Context(), "c", New(key)); source != FromSession || err != nil {
			t.Errorf("set: %s %v", source, err)
		}
	}
	if k, source, _ := s.Get(t.Context(), "c"); opened(k) != "second" || source != FromSession {
		t.Errorf("from %s", source)
	}
	if source, err := s.Set(t.Context(), "gone", New("x")); source != FromSession || err != nil {
		t.Errorf("set: %s %v", source, err)
	}
	if err := s.Delete(t.Context(), "gone"); !errors.Is(err, ErrNoKeyring) {
		t.Errorf("delete: %v", err)
	}
	// The prompt is answered at last: the calls are carried out in order.
	close(ring.letGo)
	s.mu.Lock()
	last := s.last
	s.mu.Unlock()
	<-last
	if got, _ := ring.memory.Get("c"); got != "second" {
		t.Errorf("the keyring has %q", got)
	}
	if _, err := ring.memory.Get("gone"); !errors.Is(err, ErrNotFound) {
		t.Error("the deleted key came back")
	}
}

func TestCancelledWait(t *testing.T) {
	defer goleak.VerifyNone(t)
	ring := newStuck()
	defer close(ring.letGo)
	s := NewStore(Options{Keyring: ring, Getenv: none, Timeout: time.Hour})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-ring.entered; cancel() }()
	if _, _, err := s.Get(ctx, "c"); !errors.Is(err, context.Canceled) {
		t.Errorf("get: %v", err)
	}
	if _, err := s.Set(ctx, "c", New("x")); !errors.Is(err, context.Canceled) {
		t.Errorf("set: %v", err)
	}
	if err := s.Delete(ctx, "c"); !errors.Is(err, context.Canceled) {
		t.Errorf("delete: %v", err)
	}
}

func TestStoreFromManyGoroutines(t *testing.T) {
	s := NewStore(Options{Keyring: &memory{keys: map[string]string{}}, Getenv: none})
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			id := string(rune('a' + i%3))
			for range 50 {
				if _, err := s.Set(t.Context(), id, New("k-"+id)); err != nil {
					t.Error(err)
				}
				if k, _, err := s.Get(t.Context(), id); err == nil && opened(k) != "k-"+id {
					t.Error("another connection's key")
				}
				if i%4 == 0 {
					_ = s.Delete(t.Context(), id)
				}
			}
		})
	}
	all.Wait()
}
