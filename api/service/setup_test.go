package service_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/picture"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// relay is the ID of the connection to the test's relay.
const relay = "relay"

// bench is a service with settings, keys and a history of its own, and a relay.
type bench struct {
	t        *testing.T
	relay    *apitest.Relay
	settings *settings.Store
	keys     keyring
	folder   string // the history's
	config   string // the settings'
	options  service.Options
	*service.Service
	events <-chan service.Event
}

// newBench starts a service; change may alter the connection to its relay.
func newBench(t *testing.T, change func(*settings.Connection)) *bench {
	t.Helper()
	b := &bench{t: t, relay: apitest.New(t), keys: keyring{}, folder: filepath.Join(t.TempDir(), "history"), config: filepath.Join(t.TempDir(), "config")}
	b.settings = settings.Open(b.config)
	c := settings.Connection{ID: relay, Name: "Relay", BaseURL: b.relay.URL, Model: "dall-e-2", Profile: "classic"}
	if change != nil {
		change(&c)
	}
	b.set(func(s *settings.Settings) { s.Put(c); s.Connection = relay })
	b.keys[relay] = b.relay.Key
	b.options = service.Options{
		Settings: b.settings,
		Keys:     secret.NewStore(secret.Options{Keyring: b.keys, Getenv: func(string) string { return "" }}),
		History: func(ctx context.Context, o ...history.Option) (*history.Store, error) {
			return history.Open(ctx, b.folder, o...)
		},
	}
	b.start()
	t.Cleanup(func() { b.Close() })
	return b
}

// start opens the service, as after a start of the program.
func (b *bench) start() {
	b.Service = service.Open(context.Background(), b.options)
	events, cancel := b.Subscribe()
	b.t.Cleanup(cancel)
	b.events = events
}

func (b *bench) set(change func(*settings.Settings)) {
	b.t.Helper()
	if err := b.settings.Update(change); err != nil {
		b.t.Fatal(err)
	}
}

// keyring is a keyring in memory.
type keyring map[string]string

var keyringLock sync.Mutex

func (k keyring) Get(connection string) (string, error) {
	keyringLock.Lock()
	defer keyringLock.Unlock()
	if v, ok := k[connection]; ok {
		return v, nil
	}
	return "", secret.ErrNotFound
}

func (k keyring) Set(connection, key string) error {
	keyringLock.Lock()
	defer keyringLock.Unlock()
	k[connection] = key
	return nil
}

func (k keyring) Delete(connection string) error {
	keyringLock.Lock()
	defer keyringLock.Unlock()
	delete(k, connection)
	return nil
}

// state is a document with a mask in its middle.
func state() *document.State {
	size := image.Pt(160, 120)
	img := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			img.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(2 * y), uint8(x ^ y), 255})
		}
	}
	hole := mask.Rectangle(size, mask.Point{X: 60, Y: 40}, mask.Point{X: 90, Y: 70})
	return document.NewState(&picture.Picture{Pix: img}).WithMask(hole)
}

// choices ask the relay for n variants.
func choices(n int) service.Choices {
	o := job.DefaultOptions()
	o.Prompt, o.N, o.Size = "a hat", n, image.Pt(256, 256)
	return service.Choices{Connection: relay, Options: o}
}

// prepare makes a draft of choices.
func (b *bench) prepare(c service.Choices) *service.Draft {
	b.t.Helper()
	d, err := b.Prepare(b.t.Context(), state(), c)
	if err != nil {
		b.t.Fatal(err)
	}
	return d
}

// submit submits an edit for n variants.
func (b *bench) submit(n int) service.Edit {
	b.t.Helper()
	e, err := b.Submit(b.t.Context(), b.prepare(choices(n)), service.Submission{Source: "beach.png"})
	if err != nil {
		b.t.Fatal(err)
	}
	return e
}

// until returns the events of an edit up to the first for which stop is true.
func (b *bench) until(id service.ID, stop func(service.Event) bool) []service.Event {
	b.t.Helper()
	var all []service.Event
	for {
		select {
		case e, ok := <-b.events:
			if !ok {
				b.t.Fatalf("the events ended after %v", all)
			}
			if e.Of() != id {
				continue
			}
			if all = append(all, e); stop(e) {
				return all
			}
		case <-b.t.Context().Done():
			b.t.Fatalf("nothing more came after %v", all)
		}
	}
}

// ended waits for the end of an edit and returns all its events.
func (b *bench) ended(id service.ID) ([]service.Event, service.Ended) {
	b.t.Helper()
	all := b.until(id, func(e service.Event) bool { _, ok := e.(service.Ended); return ok })
	return all, all[len(all)-1].(service.Ended)
}

// started waits until a request of the edit has left.
func (b *bench) sent(id service.ID) {
	b.t.Helper()
	b.until(id, func(e service.Event) bool { _, ok := e.(service.Sent); return ok })
}

// entry returns what the history has.
func (b *bench) entry(id int64) history.Item {
	b.t.Helper()
	store, err := b.History()
	if err != nil {
		b.t.Fatal(err)
	}
	i, err := store.Item(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return i
}

// wantKey fails the test unless err is trouble with that sentence.
func wantKey(t *testing.T, err error, key string) {
	t.Helper()
	var fault *api.Error
	if !errors.As(err, &fault) || fault.Text().Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}
