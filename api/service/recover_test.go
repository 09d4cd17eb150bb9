package service_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"testing"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/settings"
)

// TestRecoverMakesVariantsOfWhatHadArrived and sends nothing. The record of the
// killed run is made by another store, which is let go without an end.
func TestRecoverMakesVariantsOfWhatHadArrived(t *testing.T) {
	b := newBench(t, nil)
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewNRGBA(image.Rect(0, 0, 256, 256))); err != nil {
		t.Fatal(err)
	}
	raw := []byte(`{"data":[{"b64_json":"` + base64.StdEncoding.EncodeToString(file.Bytes()) + `"}]}`)
	store, err := history.Open(t.Context(), b.folder)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := b.Connection(relay)
	r, err := store.Record(t.Context(), history.EntryOf(b.prepare(choices(1)).Job, &c, ""))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []api.Event{api.Sending{Index: -1}, api.Sent{Index: -1}} {
		if err := r.Keep(e); err != nil {
			t.Fatal(err)
		}
	}
	w, err := r.Spool(api.Arrival{Index: -1, Status: 200, ContentType: "application/json", RequestID: "req-7"})
	if err != nil {
		t.Fatal(err)
	}
	w.Write(raw)
	w.Close()
	unknown, err := store.Record(t.Context(), history.EntryOf(b.prepare(choices(1)).Job, &c, ""))
	if err != nil {
		t.Fatal(err)
	}
	if err := unknown.Keep(api.Sending{Index: -1}); err != nil {
		t.Fatal(err)
	}
	store.Close()
	posts := b.relay.Posts()
	found, err := b.Recover(t.Context())
	if err != nil || len(found.Entries) != 2 || found.Pictures != 1 || !found.Unknown {
		t.Fatalf("recovered %+v, %v", found, err)
	}
	if i := b.entry(found.Entries[0]); i.Outcome != "" || len(i.Variants) != 1 || i.RequestID != "req-7" {
		t.Errorf("the history has %+v", i)
	}
	if err := b.FetchAgain(t.Context(), found.Entries[0]); err != nil {
		t.Error(err)
	}
	if b.relay.Posts() != posts {
		t.Errorf("%d requests were sent", b.relay.Posts()-posts)
	}
	b.set(func(s *settings.Settings) { s.Remove(relay) })
	if err := b.FetchAgain(t.Context(), found.Entries[0]); err != nil {
		t.Errorf("of a connection that is gone: %v", err)
	}
	if again, err := b.Recover(t.Context()); err != nil || len(again.Entries) != 0 {
		t.Errorf("recovered twice: %+v, %v", again, err)
	}
}

func TestKeys(t *testing.T) {
	b := newBench(t, nil)
	for id, want := range map[string]secret.Source{relay: secret.FromKeyring, "other": secret.FromNowhere} {
		k, err := b.Key(t.Context(), id)
		if err != nil || k.From != want || !k.Keyring || k.Missing() != (id == "other") {
			t.Errorf("%s: %+v, %v", id, k, err)
		}
	}
	if from, err := b.KeepKey(t.Context(), "other", secret.New("sk-0123456789abcdef")); err != nil || from != secret.FromKeyring {
		t.Errorf("kept in %v, %v", from, err)
	}
	if err := b.ForgetKey(t.Context(), "other"); err != nil {
		t.Error(err)
	}
	if k, _ := b.Key(t.Context(), "other"); !k.Missing() {
		t.Error("a forgotten key is there")
	}
	b.Close()
	if _, err := b.Key(t.Context(), relay); err == nil {
		t.Error("a closed service looks for keys")
	}
}

// TestAConnectionIsTried before it is saved, with a key that isn't kept yet.
func TestAConnectionIsTried(t *testing.T) {
	b := newBench(t, nil)
	c := settings.Connection{ID: "new", Name: "New", BaseURL: b.relay.URL, Model: "dall-e-2", Profile: "classic"}
	far := c
	far.BaseURL = "https://service.invalid/v1"
	_, err := b.Test(t.Context(), far, secret.Key{})
	wantKey(t, err, "error.key_missing")
	r, err := b.Test(t.Context(), c, secret.New(b.relay.Key))
	if err != nil || len(r.Models) == 0 || len(r.Lines) == 0 || b.relay.Posts() != 0 {
		t.Fatalf("%+v, %v, %d requests", r, err, b.relay.Posts())
	}
	r, err = b.Probe(t.Context(), c, secret.New(b.relay.Key), 2)
	if err != nil || r.Quirks.Mask != settings.MaskAlpha || len(r.Models) == 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	store, err := b.History()
	if err != nil {
		t.Fatal(err)
	}
	items, err := store.List(t.Context(), history.Filter{Connection: "new"})
	if err != nil || len(items) != 1 || items[0].Outcome != "" || len(items[0].Variants) != 2 {
		t.Errorf("the history has %+v, %v", items, err)
	}
	if _, err := b.Probe(t.Context(), c, secret.New("wrong"), 1); api.AsError(err) == nil || api.AsError(err).Kind != api.KindAuth {
		t.Errorf("with a wrong key: %v", err)
	}
	models, err := b.Models(t.Context(), relay)
	if err != nil || len(models) == 0 {
		t.Errorf("models %v, %v", models, err)
	}
	if saved, _ := b.Settings().Find(relay); len(saved.Models) != len(models) {
		t.Error("the models were not kept")
	}
	if m, err := b.Models(t.Context(), settings.Builtin); m != nil || err != nil {
		t.Errorf("the built-in engine has models: %v, %v", m, err)
	}
}

// TestAProbeCountsTowardsTheCap like every other edit that costs something.
func TestAProbeCountsTowardsTheCap(t *testing.T) {
	b := newBench(t, func(c *settings.Connection) { c.Price = settings.Price{Picture: 20_000, Currency: "USD"} })
	b.set(func(s *settings.Settings) { s.MonthlyCap = 30_000 })
	c, _ := b.Connection(relay)
	_, err := b.Probe(t.Context(), c, secret.Key{}, 2)
	wantKey(t, err, "input.over_cap")
	if b.relay.Posts() != 0 {
		t.Errorf("%d requests", b.relay.Posts())
	}
	if _, err := b.Probe(t.Context(), c, secret.Key{}, 1); err != nil {
		t.Error(err)
	}
	spent, err := b.Spent(t.Context(), "USD")
	if err != nil || spent.Month != 20_000 || spent.Today != 20_000 || spent.Left != 10_000 {
		t.Errorf("spent %+v, %v", spent, err)
	}
	today, month, err := b.Totals(t.Context())
	if err != nil || len(today) != 1 || len(month) != 1 || today[0].Cost != 20_000 {
		t.Errorf("totals %+v, %+v, %v", today, month, err)
	}
}
