package window

import (
	"cmp"
	"errors"
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
	"overpaint/editor/picture"
	"overpaint/ui/dialogs"
	"overpaint/ui/panel"
	"overpaint/ui/widgets"
)

func (w *Window) wireSide() {
	w.side.SetEarlier(w.set.Prompts)
	w.side.OnPrompt = func(s string) {
		w.prompt = s
		w.noteSession()
		w.showReady() // what is sent hangs on the picture and the mask, not on the prompt
	}
	w.side.OnConnection = func(id string) {
		w.set.Connection = id
		w.keepSettings()
		w.showConnection()
		w.checkKey(true)
		w.plan()
	}
	w.side.OnModel = func(model string) {
		if c, ok := w.set.Find(w.set.Connection); ok {
			c.SetModel(model)
			w.keepSettings()
			w.plan()
		}
	}
	w.side.OnSize = func(p image.Point) { w.size = p; w.plan() }
	w.side.OnVariants = func(n int) { w.set.Variants = n; w.keepSettingsSoon(); w.plan() }
	w.side.OnMore = func(m panel.More) { w.more = m; w.plan() }
	w.side.OnAddReference = func(add func(string)) {
		dialogs.OpenFile(w.win, dialogs.FileRequest{Folder: w.folder, Endings: pictureEndings}, add)
	}
	w.side.OnGenerate, w.side.OnCancel, w.side.OnSettings = w.generate, w.cancel, w.showSettings
	w.side.OnAddConnection = w.showSettings
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
	if c, ok := w.set.Find(w.set.Connection); ok {
		w.side.SetModels(c.Model, c.Models)
	}
	w.showEngine()
}

// profile returns what the selected engine accepts.
func (w *Window) profile() api.Profile {
	if c, ok := w.set.Find(w.set.Connection); ok {
		return c.Accepts()
	}
	return api.Builtin()
}

// engineOf returns a connection's engine, and whether there is that connection;
// keys are looked up when the engine is used.
func (w *Window) engineOf(connection string) (api.Engine, bool) {
	if !isService(connection) {
		return builtin.New(), true
	}
	c, ok := w.set.Find(connection)
	if !ok {
		return nil, false
	}
	id, base := c.ID, c.BaseURL
	return openai.New(openai.Config{
		Connection: *c, Key: w.keyOf(id),
		Learn: func(q settings.Quirks) { fyne.Do(func() { w.learn(id, base, q) }) },
	}), true
}

// showReady enables Generate, or says why it can't be pressed.
func (w *Window) showReady() {
	p, reason := w.profile(), ""
	switch {
	case w.doc == nil:
		reason = text.T("ui.reason.no_picture")
	case w.keyless != "" && w.keyless == w.set.Connection:
		reason = text.T("ui.reason.no_key")
	case !w.masked:
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
		Extra: w.more.Options, Stream: w.more.Previews > 0, Partials: w.more.Previews, Region: w.regionOptions(), Blend: w.set.Blend, Size: w.size,
	}
	if c, ok := w.set.Find(w.set.Connection); ok {
		o.Model = c.Model
		o.User, o.ResponseFormat = cmp.Or(o.User, c.User), cmp.Or(o.ResponseFormat, c.ResponseFormat)
	}
	if o.Seed == 0 {
		o.Seed = rand.Int64()
	}
	connection := w.set.Connection
	engine, ok := w.engineOf(connection)
	if !ok {
		return
	}
	doc, state := w.doc, w.doc.State()
	w.set.RememberPrompt(w.prompt)
	w.keepSettings()
	w.side.SetEarlier(w.set.Prompts)
	references, kept := w.more.References, w.more.Names
	go func() {
		profile := engine.Profile()
		var err error
		if profile.Images > 1 {
			o.References, err = readReferences(references, kept)
		}
		var j *job.Job
		if err == nil {
			j, err = job.Prepare(background(), state, fitted(o, profile), profile)
		}
		fyne.Do(func() {
			if err != nil {
				w.fail(err)
				return
			}
			w.spend(connection, j.Request(), func() {
				if w.doc == doc {
					w.queue(j, engine, connection, o.N)
				}
			})
		})
	}()
}

func (w *Window) showSettings() {
	before := w.set.Clone() // edits that end while the dialog is open teach more
	dialogs.ShowSettings(w.win, dialogs.Settings{
		Settings: w.set, Selected: w.set.Connection,
		OnSave: func(s *settings.Settings, keys map[string]secret.Key, forget []string) {
			w.settingsChanged(settings.Merge(before, s, w.set))
			w.showConnection()
			w.plan()
			go func() {
				w.keepKeys(keys, forget)
				fyne.Do(func() { w.checkKey(true) })
			}()
		},
		OnKeySource: func(id string, tell func(secret.Source, bool)) {
			go func() {
				_, from, err := w.keys.Get(background(), id)
				fyne.Do(func() { tell(from, !errors.Is(err, secret.ErrNoKeyring)) })
			}()
		},
		OnTest: func(c settings.Connection, key secret.Key, pictures int, tell func(dialogs.Tested)) {
			go func() {
				t := w.test(c, key, pictures)
				fyne.Do(func() { tell(t) })
			}()
		},
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
		switch event := r.Event.(type) {
		case api.Answer:
			if j := w.running.get(r.ID); j != nil {
				v, err := j.Variant(event)
				fyne.Do(func() { w.arrived(r.ID, event.Index, v, err) })
			}
			return
		case api.Partial:
			event.Image = picture.Thumbnail(event.Image, job.ThumbnailSide)
			e = worker.Reported{ID: r.ID, Event: event}
		}
	}
	fyne.Do(func() { w.hear(e) })
}
