package window

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/local"
	"overpaint.dev/overpaint/api/secret"
	"overpaint.dev/overpaint/api/service"
	"overpaint.dev/overpaint/api/settings"
	"overpaint.dev/overpaint/api/update"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/dialogs"
)

// tellSettings posts a notice of errors in the settings files found at the start, until that
// is dismissed.
func (w *Window) tellSettings() {
	set := w.program.options.Settings
	var trouble interface{ Notice() api.Notice }
	var all []string
	if errors.As(set.Trouble(), &trouble) {
		all = append(all, dialogs.Sentence(trouble.Notice().Sentence))
	}
	for _, err := range set.RefusedProfiles() {
		all = append(all, dialogs.Sentence(api.AsError(err).Text()))
	}
	if len(all) > 0 {
		w.log.Warn("settings not understood", "files", len(all))
		w.session.TellTrouble(text.Sentences(all...))
	}
}

// showSettings opens the settings at a connection, or ""; with key the cursor is in the field
// for its key.
func (w *Window) showSettings(connection string, key bool) {
	before := w.program.options.Settings.Current() // edits that end while the dialog is open add quirks
	if connection == "" {
		connection = before.Connection
	}
	asked := w.program.options.Service
	trying := func() {} // stops the test that goes on
	dialogs.ShowSettings(w.win, dialogs.Settings{
		Settings: before.Clone(), Selected: connection, EnterKey: key, Updates: update.Address != "", Profiles: w.program.options.Settings.Profiles(),
		OnSave: func(s *settings.Settings, keys map[string]secret.Key, forget []string) {
			w.session.SaveSettings(func(now *settings.Settings) {
				*now = *settings.Merge(before, s, now)
			}, keys, forget)
		},
		OnKeySource: func(id string, tell func(service.KeyState)) {
			go func() {
				key, err := asked.Key(w.ctx, id)
				if err == nil {
					fyne.Do(func() { tell(key) })
				}
			}()
		},
		OnTest: func(c settings.Connection, key secret.Key, pictures int, tell func(dialogs.Tested)) {
			trying()
			ctx, cancel := context.WithCancel(w.ctx)
			trying = cancel
			go func() {
				t := test(ctx, asked, c, key, pictures)
				cancel()
				fyne.Do(func() { tell(t) })
			}()
		},
		OnStopTest: func() { trying() },
		OnFindLocal: func(tell func([]local.Found)) {
			trying()
			ctx, cancel := context.WithCancel(w.ctx)
			trying = cancel
			go func() {
				defer cancel()
				if found, err := local.Find(ctx, local.Options{}); err == nil {
					fyne.Do(func() { tell(found) })
				}
			}()
		},
	})
}

// test tests a connection, free of charge or by making some pictures, and returns what was
// learnt.
func test(ctx context.Context, asked *service.Service, c settings.Connection, key secret.Key, pictures int) (t dialogs.Tested) {
	var report service.Report
	var err error
	if pictures > 0 {
		report, err = asked.Probe(ctx, c, key, pictures)
	} else {
		report, err = asked.Test(ctx, c, key)
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
