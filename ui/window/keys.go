package window

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/api/openai"
	"overpaint/api/secret"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/ui/dialogs"
	"overpaint/ui/panel"
)

// keyOf returns what looks up a connection's key when it is needed.
func (w *Window) keyOf(id string) func(context.Context) (secret.Key, error) {
	return func(ctx context.Context) (secret.Key, error) {
		key, _, err := w.keys.Get(ctx, id)
		return key, err
	}
}

// checkKey finds out in the background whether the selected connection has a
// key, and shows where it has none. With ask, a connection that has one is
// asked for its models, which is free, unless they are known.
func (w *Window) checkKey(ask bool) {
	c, ok := w.set.Find(w.set.Connection)
	if !ok {
		w.keyless = ""
		return
	}
	c = &settings.Connection{ID: c.ID, Name: c.Name, BaseURL: c.BaseURL, Proxy: c.Proxy, Plain: c.Plain, Quirks: c.Quirks, Profile: c.Profile, Models: c.Models}
	go func() {
		_, err := w.keyOf(c.ID)(background())
		fyne.Do(func() {
			if w.set.Connection != c.ID {
				return
			}
			w.keyless = ""
			if errors.Is(err, secret.ErrNotFound) {
				w.keyless = c.ID
			}
			w.showEngine()
			w.plan()
		})
		if err == nil && ask && len(c.Models) == 0 {
			w.askModels(*c)
		}
	}()
}

// askModels asks a service for its models and remembers them. That a service
// has no list, or doesn't answer now, is no news to anybody.
func (w *Window) askModels(c settings.Connection) {
	e := openai.New(openai.Config{Connection: c, Key: w.keyOf(c.ID)})
	defer e.Close()
	models, err := e.Models(background())
	if err != nil || len(models) == 0 {
		return
	}
	fyne.Do(func() {
		now, ok := w.set.Find(c.ID)
		if !ok || now.BaseURL != c.BaseURL {
			return
		}
		now.SetModels(models)
		w.keepSettings()
		if w.set.Connection == c.ID {
			w.side.SetModels(now.Model, now.Models)
		}
	})
}

// test tries a connection, without cost or by so many pictures, and tells what
// it learnt.
func (w *Window) test(c settings.Connection, key secret.Key, pictures int) (t dialogs.Tested) {
	find := w.keyOf(c.ID)
	if !key.IsZero() {
		find = func(context.Context) (secret.Key, error) { return key, nil }
	}
	e := openai.New(openai.Config{Connection: c, Key: find})
	defer e.Close()
	report, err := e.Test(background())
	if err == nil && pictures > 0 {
		t.Models = report.Models
		report, err = e.Probe(background(), pictures, nil)
	}
	if err != nil {
		return dialogs.Tested{Sentences: []string{dialogs.Sentence(api.AsError(err).Text())}, Models: t.Models}
	}
	t.OK = true
	if report.Models != nil {
		t.Models = report.Models
	}
	q := e.Quirks()
	t.Quirks = &q
	for _, s := range report.Lines {
		t.Sentences = append(t.Sentences, dialogs.Sentence(s))
	}
	return t
}

// learn remembers what an edit taught about a service, unless the connection
// leads elsewhere by now.
func (w *Window) learn(id, base string, q settings.Quirks) {
	if c, ok := w.set.Find(id); ok && c.BaseURL == base && c.Quirks != q {
		c.Quirks = q
		w.keepSettings()
	}
}

// showEngine shows the engine's state in the status bar.
func (w *Window) showEngine() {
	name := text.T("ui.builtin")
	c, ok := w.set.Find(w.set.Connection)
	if ok {
		name = c.Name
	}
	working := false
	for _, b := range w.batches {
		working = working || b.connection == w.set.Connection
	}
	switch {
	case working:
		w.status.SetEngine(text.T("ui.status.working", "Name", name), panel.Busy)
	case ok && w.keyless == c.ID:
		w.status.SetEngine(text.T("ui.status.no_key", "Name", name), panel.Faulty)
	default:
		w.status.SetEngine(text.T("ui.status.ready", "Name", name), panel.Ready)
	}
}
