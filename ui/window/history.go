package window

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/api/history"
	"overpaint/api/openai"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/ui/dialogs"
)

// openHistory returns what opens the history, once, for whoever asks first.
// Opening waits for the disk, so not on Fyne's goroutine.
func (w *Window) openHistory() func() (*history.Store, error) {
	return sync.OnceValues(func() (*history.Store, error) {
		return history.OpenDefault(background(), history.WithReport(func(n api.Notice, cause error) {
			w.log.Warn("history damaged", "sentence", n.Sentence.Key, "error", cause)
			fyne.Do(func() { w.notice.Show(dialogs.Sentence(n.Sentence), "", nil) })
		}))
	})
}

// record returns what writes a service's job down before it is sent. A history
// that can't be opened stops nobody from working, but the person is told.
func (w *Window) record(b *batch, c settings.Connection) *history.Deferred {
	name := w.name
	return &history.Deferred{Make: func(ctx context.Context) (*history.Record, error) {
		store, err := w.store()
		if err != nil {
			w.log.Warn("no history", "error", err)
			fyne.Do(func() { w.notice.Show(text.T("notice.no_history"), "", nil) })
			return nil, nil
		}
		kept, err := store.Record(ctx, history.EntryOf(b.job, &c, name))
		if err != nil {
			return nil, err
		}
		b.entry.Store(kept.ID())
		fyne.Do(func() { w.historyChanged() })
		return kept, nil
	}}
}

// noteSaved notes in the history where a variant was saved to, so that it may
// be let go sooner than one that was not. It is called off Fyne's goroutine.
func (w *Window) noteSaved(v *variant, path string) {
	id := v.batch.entry.Load()
	if id == 0 || v.made == nil {
		return
	}
	if store, err := w.store(); err == nil {
		if err := store.MarkSaved(id, v.made.Index, path); err != nil {
			w.log.Warn("not marked as saved", "error", err)
		}
	}
}

// recoverHistory gives each job that an earlier run left without an end the end
// that follows from what is on the disk, and tells the person of it. Nothing is
// sent that could cost anything.
func (w *Window) recoverHistory(set *settings.Settings) {
	store, err := w.store()
	if err != nil {
		w.log.Warn("no history", "error", err)
		return
	}
	ids, err := store.Recover(background(), w.decoder(set))
	if err != nil {
		w.log.Warn("history not recovered", "error", err)
	}
	pictures, unknown := 0, false
	for _, id := range ids {
		item, err := store.Item(background(), id)
		if err != nil {
			continue
		}
		pictures += len(item.Variants)
		unknown = unknown || item.Outcome == api.KindUnknown
	}
	if len(ids) == 0 {
		return
	}
	w.log.Info("history recovered", "jobs", len(ids), "pictures", pictures, "unknown", unknown)
	if pictures == 0 && !unknown {
		return // nothing had left this computer
	}
	sentence := text.N("notice.recovered", pictures)
	if unknown {
		sentence = text.T("notice.recovered_unknown")
	}
	fyne.Do(func() {
		w.notice.Show(sentence, text.T("notice.show_history"), func() { w.showHistory(ids[len(ids)-1]) })
	})
}

// removedBase stands for the address of a connection that was removed: what an
// answer holds itself can be decoded all the same. RFC 2606 keeps the name from
// ever being anybody's.
const removedBase = "https://removed.invalid"

// decoder makes variants of answers that were kept undecoded.
func (w *Window) decoder(set *settings.Settings) history.Decoder {
	return func(ctx context.Context, j history.KeptJob, kept api.Kept) (api.Recovered, error) {
		c := settings.Connection{ID: j.Connection, BaseURL: removedBase, Profile: "classic"}
		if found, ok := set.Find(j.Connection); ok {
			c = *found
		}
		e := openai.New(openai.Config{Connection: c, Key: w.keyOf(c.ID)})
		defer e.Close()
		return e.Recover(ctx, kept)
	}
}

// closeHistory keeps the history within its size and closes it.
func (w *Window) closeHistory(limit int64) {
	store, err := w.store()
	if err != nil {
		return
	}
	if _, err := store.Trim(background(), limit); err != nil {
		w.log.Warn("history not trimmed", "error", err)
	}
	if err := store.Close(); err != nil {
		w.log.Warn("history not closed", "error", err)
	}
}
