package window

import (
	"context"
	"image"
	"math/rand/v2"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/api/builtin"
	"overpaint/api/job"
	"overpaint/api/openai"
	"overpaint/api/secret"
	"overpaint/api/settings"
	"overpaint/api/worker"
	"overpaint/assets/text"
	"overpaint/ui/dialogs"
	"overpaint/ui/panel"
	"overpaint/ui/widgets"
)

// parallel gives the number of jobs at once: one fill uses all cores already.
func parallel(s *settings.Settings) func(string) int {
	return func(connection string) int {
		if connection == settings.Builtin {
			return 1
		}
		if c, ok := s.Find(connection); ok {
			return c.Parallel
		}
		return 0
	}
}

func (w *Window) wireSide() {
	w.side.OnPrompt = func(s string) { w.prompt = s; w.plan() }
	w.side.OnConnection = func(id string) {
		w.set.Connection = id
		w.showConnection()
		w.plan()
	}
	w.side.OnModel = func(model string) {
		if c, ok := w.set.Find(w.set.Connection); ok {
			c.Model = model
			w.plan()
		}
	}
	w.side.OnSize = func(p image.Point) { w.size = p; w.plan() }
	w.side.OnVariants = func(n int) { w.set.Variants = n }
	w.side.OnMore = func(m panel.More) { w.more = m }
	w.side.OnGenerate, w.side.OnCancel, w.side.OnSettings = w.generate, w.worker.CancelAll, w.showSettings
}

// showConnection shows the selected connection in the side panel.
func (w *Window) showConnection() {
	list := []widgets.Option{{ID: settings.Builtin, Text: text.T("ui.builtin")}}
	for _, c := range w.set.Connections {
		list = append(list, widgets.Option{ID: c.ID, Text: c.Name})
	}
	w.side.SetConnections(list, w.set.Connection)
	p := w.profile()
	w.side.SetProfile(p)
	w.side.SetVariants(w.set.Variants)
	w.size = image.Point{}
	if len(p.Sizes) > 0 {
		w.size = p.Sizes[0]
	}
	w.side.SetSize(w.size)
	name := text.T("ui.builtin")
	if c, ok := w.set.Find(w.set.Connection); ok {
		w.side.SetModels(c.Model, nil)
		name = c.Name
	}
	w.status.SetEngine(text.T("ui.status.ready", "Name", name), panel.Ready)
}

// profile returns what the selected engine accepts.
func (w *Window) profile() api.Profile {
	c, ok := w.set.Find(w.set.Connection)
	if !ok {
		return api.Builtin()
	}
	e := openai.New(openai.Config{Connection: *c})
	defer e.Close()
	return e.Profile()
}

// engine returns the selected engine; keys are looked up when it is used.
func (w *Window) engine() api.Engine {
	c, ok := w.set.Find(w.set.Connection)
	if !ok {
		return builtin.New()
	}
	id, keys := c.ID, w.keys
	return openai.New(openai.Config{
		Connection: *c,
		Key: func(ctx context.Context) (secret.Key, error) {
			key, _, err := keys.Get(ctx, id)
			return key, err
		},
		Learn: func(q settings.Quirks) {
			fyne.Do(func() {
				if c, ok := w.set.Find(id); ok {
					c.Quirks = q
				}
			})
		},
	})
}

// showReady enables Generate, or says why it can't be pressed.
func (w *Window) showReady(masked bool) {
	p, reason := w.profile(), ""
	switch {
	case w.doc == nil:
		reason = text.T("ui.reason.no_picture")
	case !masked:
		reason = text.T("ui.reason.no_mask")
	case p.NeedsPrompt && w.prompt == "":
		reason = text.T("ui.reason.no_prompt")
	case p.PromptChars > 0 && utf8.RuneCountInString(w.prompt) > p.PromptChars:
		reason = text.T("ui.reason.long_prompt", "Limit", p.PromptChars)
	}
	w.side.SetReady(reason)
}

// generate prepares an edit of the document as it is now, in the background,
// and queues it.
func (w *Window) generate() {
	if w.doc == nil {
		return
	}
	o := job.Options{
		Prompt: w.prompt, N: w.side.Variants(), ResponseFormat: w.more.ResponseFormat, User: w.more.User, Seed: w.more.Seed,
		Extra: w.more.Options, Region: w.regionOptions(), Blend: w.set.Blend, Size: w.size,
	}
	if c, ok := w.set.Find(w.set.Connection); ok {
		o.Model = c.Model
	}
	if o.Seed == 0 {
		o.Seed = rand.Int64()
	}
	doc, state, engine, connection := w.doc, w.doc.State(), w.engine(), w.set.Connection
	w.set.RememberPrompt(w.prompt)
	go func() {
		j, err := job.Prepare(background(), state, o, engine.Profile())
		fyne.Do(func() {
			if err != nil {
				w.fail(err)
			} else if w.doc == doc {
				w.queue(j, engine, connection, o.N)
			}
		})
	}()
}

func (w *Window) showSettings() {
	dialogs.ShowSettings(w.win, dialogs.Settings{
		Settings: w.set, Selected: w.set.Connection,
		OnSave: func(s *settings.Settings, keys map[string]secret.Key, forget []string) {
			w.settingsChanged(s)
			w.showConnection()
			w.plan()
			go w.keepKeys(keys, forget)
		},
		OnKeySource: func(id string, tell func(secret.Source)) {
			go func() {
				_, from, _ := w.keys.Get(background(), id)
				fyne.Do(func() { tell(from) })
			}()
		},
		OnTest: func(c settings.Connection, key secret.Key, tell func(string, bool)) { go w.test(c, key, tell) },
	})
}

// keepKeys stores what was entered; it waits for the keyring, so not on Fyne's goroutine.
func (w *Window) keepKeys(keys map[string]secret.Key, forget []string) {
	for id, key := range keys {
		from, err := w.keys.Set(background(), id, key)
		fyne.Do(func() {
			if err != nil {
				w.fail(err)
			} else if from == secret.FromSession {
				w.notice.Show(text.T("dialog.key.session"), "", nil)
			}
		})
	}
	for _, id := range forget {
		if err := w.keys.Delete(background(), id); err != nil {
			w.log.Warn("key not deleted", "error", err)
		}
	}
}

// test tries a connection without cost and tells what it learnt.
func (w *Window) test(c settings.Connection, key secret.Key, tell func(string, bool)) {
	e := openai.New(openai.Config{Connection: c, Key: func(ctx context.Context) (secret.Key, error) {
		if !key.IsZero() {
			return key, nil
		}
		kept, _, err := w.keys.Get(ctx, c.ID)
		return kept, err
	}})
	defer e.Close()
	report, err := e.Test(background())
	fyne.Do(func() {
		if err != nil {
			tell(dialogs.Sentence(api.AsError(err).Text()), false)
			return
		}
		for _, s := range report.Lines {
			tell(dialogs.Sentence(s), true)
		}
	})
}

// listen passes the worker's events on to Fyne's goroutine, in order.
func (w *Window) listen() {
	events, _ := w.worker.Subscribe()
	go func() {
		for e := range events {
			w.receive(e)
		}
	}()
}

// receive does the heavy part of an event (the stitch) before the window hears of it.
func (w *Window) receive(e worker.Event) {
	if r, ok := e.(worker.Reported); ok {
		if a, ok := r.Event.(api.Answer); ok {
			if j := w.running.get(r.ID); j != nil {
				v, err := j.Variant(a)
				fyne.Do(func() { w.arrived(r.ID, a.Index, v, err) })
			}
			return
		}
	}
	fyne.Do(func() { w.hear(e) })
}
