package window

import (
	"context"

	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/api/secret"
	"overpaint/api/service"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/ui/dialogs"
	"overpaint/ui/panel"
)

// checkKey finds out in the background whether the selected connection has a
// key, and shows where it has none. With ask, a connection that has one is
// asked for its models, which is free, unless they are known.
func (w *Window) checkKey(ask bool) {
	set := w.set()
	c, ok := set.Find(set.Connection)
	if !ok {
		w.keyless = ""
		return
	}
	id, known := c.ID, len(c.Models) > 0
	go func() {
		key, err := w.service.Key(w.context, id)
		if err != nil {
			return
		}
		fyne.Do(func() {
			if w.set().Connection != id {
				return
			}
			w.keyless = ""
			if key.Missing() {
				w.keyless = id
			}
			w.showEngine()
			w.plan()
		})
		if !key.Missing() && ask && !known {
			w.askModels(id)
		}
	}()
}

// askModels asks a service for its models and shows them. That a service has no
// list, or doesn't answer now, is no news to anybody.
func (w *Window) askModels(id string) {
	models, err := w.service.Models(w.context, id)
	if err != nil || len(models) == 0 {
		return
	}
	fyne.Do(func() {
		if now, ok := w.set().Find(id); ok && w.set().Connection == id {
			w.side.SetModels(now.Model, now.Models)
		}
	})
}

func (w *Window) showSettings() {
	before := w.set().Clone() // edits that end while the dialog is open teach more
	trying := func() {}       // stops the test that goes on
	dialogs.ShowSettings(w.win, dialogs.Settings{
		Settings: before.Clone(), Selected: before.Connection,
		OnSave: func(s *settings.Settings, keys map[string]secret.Key, forget []string) {
			w.settingsChanged(before, s)
			w.showConnection()
			w.plan()
			go func() {
				w.keepKeys(keys, forget)
				fyne.Do(func() { w.checkKey(true) })
			}()
		},
		OnKeySource: func(id string, tell func(secret.Source, bool)) {
			go func() {
				key, err := w.service.Key(w.context, id)
				if err == nil {
					fyne.Do(func() { tell(key.From, key.Keyring) })
				}
			}()
		},
		OnTest: func(c settings.Connection, key secret.Key, pictures int, tell func(dialogs.Tested)) {
			trying()
			ctx, cancel := context.WithCancel(w.context)
			trying = cancel
			go func() {
				t := w.test(ctx, c, key, pictures)
				cancel()
				fyne.Do(func() { tell(t) })
			}()
		},
		OnStopTest: func() { trying() },
	})
}

// keepKeys stores what was entered; it waits for the keyring, so not on Fyne's goroutine.
func (w *Window) keepKeys(keys map[string]secret.Key, forget []string) {
	for id, key := range keys {
		from, err := w.service.KeepKey(w.context, id, key)
		fyne.Do(func() {
			if err != nil {
				w.fail(err)
			} else if from == secret.FromSession {
				w.notice.Show(text.T("dialog.key.session"), "", nil)
			}
		})
	}
	for _, id := range forget {
		if err := w.service.ForgetKey(w.context, id); err != nil {
			w.log.Warn("key not deleted", "error", err)
		}
	}
}

// test tries a connection, without cost or by so many pictures, and tells what
// it learnt.
func (w *Window) test(ctx context.Context, c settings.Connection, key secret.Key, pictures int) (t dialogs.Tested) {
	var report service.Report
	var err error
	if pictures > 0 {
		report, err = w.service.Probe(ctx, c, key, pictures)
	} else {
		report, err = w.service.Test(ctx, c, key)
	}
	t.Models = report.Models
	if err != nil {
		t.Sentences = []string{dialogs.Sentence(api.AsError(err).Text())}
		return t
	}
	t.OK, t.Quirks = true, &report.Quirks
	for _, s := range report.Lines {
		t.Sentences = append(t.Sentences, dialogs.Sentence(s))
	}
	return t
}

// showEngine shows the engine's state in the status bar.
func (w *Window) showEngine() {
	name, set := text.T("ui.builtin"), w.set()
	c, ok := set.Find(set.Connection)
	if ok {
		name = c.Name
	}
	working := false
	for _, b := range w.batches {
		working = working || b.edit.Connection == set.Connection
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
