package session_test

import (
	"context"
	"image"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/apitest"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/editor/picture"
	"overpaint.dev/overpaint/ui/session"
)

// keyring is a keyring in memory.
type keyring struct {
	mu   sync.Mutex
	keys map[string]string
}

func (k *keyring) Get(connection string) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if v, ok := k.keys[connection]; ok {
		return v, nil
	}
	return "", secret.ErrNotFound
}

func (k *keyring) Set(connection, key string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys[connection] = key
	return nil
}

func (k *keyring) Delete(connection string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.keys, connection)
	return nil
}

// real is api/service with a relay that answers it.
type real struct {
	*service.Service
	relay    *apitest.Relay
	settings *settings.Store
}

func newReal(t *testing.T) *real {
	t.Helper()
	r := &real{relay: apitest.New(t), settings: settings.Open(filepath.Join(t.TempDir(), "config"))}
	folder := filepath.Join(t.TempDir(), "history")
	c := settings.Connection{
		ID: relay, Name: "Relay", BaseURL: r.relay.URL, Model: "dall-e-2", Profile: "classic", Price: settings.Price{Picture: 20_000, Currency: "USD"},
	}
	c.Limits.Sizes = []image.Point{{X: 256, Y: 256}} // small windows are fast
	err := r.settings.Update(func(s *settings.Settings) {
		s.Connections, s.Connection, s.Variants = []settings.Connection{c}, relay, 2
		s.Window.Min = 64
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Service = service.Open(context.Background(), service.Options{
		Settings: r.settings,
		Keys:     secret.NewStore(secret.Options{Keyring: &keyring{keys: map[string]string{relay: r.relay.Key}}, Getenv: func(string) string { return "" }}),
		History: func(ctx context.Context, o ...history.Option) (*history.Store, error) {
			return history.Open(ctx, folder, o...)
		},
	})
	t.Cleanup(r.Close)
	return r
}

// window opens a session on the service, where what is done after a while is
// done then.
func (r *real) window(t *testing.T) *bench {
	return newBench(t, func(_ *bench, o *session.Options) {
		o.Service, o.Settings, o.After = r.Service, r.settings, nil
	})
}

func TestWithARealServiceFromAPhotoToAVariantThatIsReopened(t *testing.T) {
	r := newReal(t)
	b := r.window(t)
	b.open("lake.png")
	b.spot()
	b.planned()
	b.until("the bytes that would be sent", func() bool { return b.Panel().Sending.Bytes > 0 })
	b.Generate()
	b.until("the end", func() bool { e := b.Edits(); return len(e) == 1 && e[0].State == session.Done })
	e := b.Edits()[0]
	if len(e.Cards) != 2 || len(e.Failures) > 0 || e.Cost.Amount != 40_000 || !e.Sent || r.relay.Posts() != 1 {
		t.Fatalf("the gallery shows %+v after %d requests", e, r.relay.Posts())
	}
	if now := b.Shown(); now.What != session.IsVariant || now.Variant.Edit != e.ID {
		t.Errorf("the canvas shows %+v", now) // whichever came first
	}
	b.until("what was spent", func() bool { return b.Spent().Today == 40_000 })

	b.Favourite(e.Cards[1].ID, true)
	b.SaveVariant(e.Cards[1].ID)
	q := b.asked(session.AskFile)
	path := filepath.Join(b.folder, q.File.Name)
	b.AnswerFile(q.ID, session.Chosen{Path: path})
	b.noticed("window.saved")
	store, err := r.History()
	if err != nil {
		t.Fatal(err)
	}
	var item history.Item
	b.until("the history to know", func() bool {
		items, err := store.List(t.Context(), history.Filter{})
		if err != nil || len(items) != 1 {
			t.Fatalf("%d entries, %v", len(items), err)
		}
		item = items[0]
		return item.Variants[1].Favourite && item.Variants[1].Saved == path
	})
	if item.Source != filepath.Join(b.folder, "lake.png") {
		t.Errorf("made of %q", item.Source)
	}

	b.OpenEntry(item.ID, false) // what is open here isn't replaced
	if w := b.wished(session.WishWindow); w.Entry != item.ID || w.Again || b.Document().Name != "lake.png" {
		t.Errorf("wished is %+v", w)
	}
	two := r.window(t)
	two.Reopen(item.ID, false)
	two.until("the entry", func() bool { return two.Document().Open })
	two.noticed("notice.reopened")
	kept := two.Edits()
	if len(kept) != 1 || len(kept[0].Cards) != 2 || !kept[0].Cards[1].Favourite || kept[0].Cost.Amount != 40_000 || two.Unused() != 1 {
		t.Fatalf("the gallery shows %+v", kept)
	}
	if two.mask().At(75, 55) != 255 || two.View().Mask != session.MaskShownAsChosen || two.Panel().Prompt != item.Prompt {
		t.Error("mask or prompt are not as they were")
	}
	two.Use(kept[0].Cards[1].ID)
	if n := len(two.Results()); n != 1 {
		t.Errorf("%d results", n)
	}
	if r.relay.Posts() != 1 {
		t.Errorf("%d requests: reopening costs nothing", r.relay.Posts())
	}

	three := r.window(t)
	three.OpenEntry(item.ID, true) // nothing is open here
	three.until("the edit once more", func() bool { e := three.Edits(); return len(e) == 2 && e[1].State == session.Done })
	if r.relay.Posts() != 2 || len(b.Edits()) != 1 {
		t.Errorf("%d requests, and %d edits in the first window", r.relay.Posts(), len(b.Edits()))
	}
	three.SaveKept(item, item.Variants[0])
	q = three.asked(session.AskFile)
	path = filepath.Join(three.folder, q.File.Name)
	three.AnswerFile(q.ID, session.Chosen{Path: path})
	three.noticed("window.saved")
	if p, err := picture.Open(path, picture.DefaultLimits); err != nil || p.Size() != size || q.File.Name != "lake-1.png" {
		t.Errorf("%s: %v", q.File.Name, err)
	}
	three.Reopen(4711, false)
	for _, q := range three.Questions() {
		three.Answer(q.ID, q.Answers[0].Reply)
	}
	three.noticed("notice.not_reopened")
	three.FetchKept(item.ID)
	three.until("the history", func() bool { three.drain(); return len(three.Notices()) > 0 || len(three.Wishes()) > 0 })
}

func TestWithARealServiceCancellingWhatItHasIsAskedAndTold(t *testing.T) {
	r := newReal(t)
	b := r.window(t)
	b.open("lake.png")
	b.spot()
	r.relay.Use("hang")
	b.Generate()
	b.until("the request to be sent", func() bool { e := b.Edits(); return len(e) == 1 && e[0].Sent })
	b.Escape()
	b.Cancel()
	b.Answer(b.asked(session.AskCancel).ID, session.Yes)
	b.noticed(api.CancelledSent)
	if b.Running().Any() || len(b.Edits()) != 0 {
		t.Errorf("the gallery shows %+v", b.Edits())
	}
	items, err := b.items(r)
	if err != nil || len(items) != 1 || items[0].Outcome != api.KindCancelled {
		t.Errorf("the history holds %+v, %v", items, err)
	}
}

func (b *bench) items(r *real) ([]history.Item, error) {
	store, err := r.History()
	if err != nil {
		return nil, err
	}
	return store.List(b.Context(), history.Filter{})
}

func TestWithARealServiceAFailureIsACardAndTheKeyIsKept(t *testing.T) {
	r := newReal(t)
	b := r.window(t)
	b.open("lake.png")
	b.spot()
	r.relay.Use("key")
	b.Generate()
	b.until("the failure", func() bool { e := b.Edits(); return len(e) == 1 && e[0].State == session.Failed })
	f := b.Edits()[0].Failures[0]
	if f.Error.Kind != api.KindAuth || !slices.Contains(f.Remedies, session.Retry) || len(b.Edits()[0].Cards) != 0 {
		t.Errorf("the failed card is %+v", f)
	}
	b.quiet()
	r.relay.Use("")
	b.Remedy(b.Edits()[0].ID, session.Retry)
	b.until("the variants", func() bool { e := b.Edits(); return len(e) == 1 && e[0].State == session.Done && len(e[0].Cards) == 2 })
	b.SaveSettings(func(s *settings.Settings) { s.MonthlyCap = 1 }, map[string]secret.Key{relay: secret.New("k")}, nil)
	b.until("the cap", func() bool { return b.Spent().Cap == 1 })
}

func TestWithARealServiceTheCapIsAskedAbout(t *testing.T) {
	r := newReal(t)
	if err := r.settings.Update(func(s *settings.Settings) { s.MonthlyCap = 50_000 }); err != nil {
		t.Fatal(err)
	}
	b := r.window(t)
	b.open("lake.png")
	b.spot()
	r.relay.Use("hang")
	b.Generate()
	b.until("the request to be sent", func() bool { e := b.Edits(); return len(e) == 1 && e[0].Sent })
	b.advance(2 * time.Second)
	b.Generate()
	q := b.asked(session.AskOverCap)
	if q.Text.Key != "dialog.cap.text_in_flight" {
		t.Errorf("it says %q", q.Text)
	}
	b.Answer(q.ID, session.Dismiss)
	if r.relay.Posts() != 1 {
		t.Errorf("%d requests", r.relay.Posts())
	}
	b.CancelAll()
	b.Answer(b.asked(session.AskCancel).ID, session.Yes)
	b.until("the end", func() bool { return !b.Running().Any() })
}
