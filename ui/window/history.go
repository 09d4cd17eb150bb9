package window

import (
	"image"
	"time"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/history"
	"overpaint.dev/overpaint/assets/text"
	"overpaint.dev/overpaint/ui/dialogs"
	"overpaint.dev/overpaint/ui/widgets"
)

// showHistory opens the history, with an entry shown first or 0.
func (w *Window) showHistory(entry int64) {
	if dialogs.IsOpen(w.win) {
		return
	}
	go func() {
		store, err := w.program.options.Service.History()
		fyne.Do(func() {
			if store == nil {
				w.fail(&api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "notice.history_closed"}, Cause: err})
				return
			}
			w.historyChanged = dialogs.ShowHistory(w.win, w.historyOf(store, entry))
		})
	}()
}

func (w *Window) fail(err error) {
	if e := api.AsError(err); e != nil && e.Kind != api.KindCancelled {
		w.log.Warn("failed", "kind", string(e.Kind), "sentence", e.Text().Key)
		dialogs.ShowError(w.win, err)
	}
}

// historyOf wires the dialog to the store. Its queries block on the disk and run in the
// background.
func (w *Window) historyOf(store *history.Store, entry int64) dialogs.History {
	thumbnails := history.DefaultThumbnails(store)
	failed := func(err error) {
		if err != nil {
			w.log.Warn("history", "error", err)
			fyne.Do(func() { w.fail(err) })
		}
	}
	return dialogs.History{
		Connections: w.connectionOptions(), Selected: entry,
		List: func(f history.Filter, tell func([]history.Item)) {
			go func() {
				items, err := store.List(w.ctx, f)
				failed(err)
				fyne.Do(func() { tell(items) })
			}()
		},
		Thumbnail: func(hash string, tell func(image.Image)) {
			go func() {
				img, err := thumbnails.Get(hash)
				fyne.Do(func() {
					if err != nil {
						tell(nil)
						return
					}
					tell(img)
				})
			}()
		},
		Totals:      func(tell func(string)) { go func() { s := w.totals(); fyne.Do(func() { tell(s) }) }() },
		OnUsage:     func() { w.showUsage(store) },
		OnFavourite: func(id int64, on bool) { go func() { failed(store.SetFavourite(id, on)) }() },
		OnReuse:     func(i history.Item) { w.session.Reuse(i, store.Path) },
		OnReopen:    func(i history.Item) { w.session.OpenEntry(i.ID, false) },
		OnAgain:     func(i history.Item) { w.session.OpenEntry(i.ID, true) },
		OnFetch:     func(i history.Item) { w.session.FetchKept(i.ID) },
		OnSave:      func(i history.Item, v history.Variant) { w.session.SaveKept(i, v) },
		OnRecipe:    w.session.SaveKeptRecipe,
		OnReference: func(_ history.Item, v history.Variant) { w.session.AddKeptReference(store.Path(v.File)) },
		OnDelete: func(id int64, done func()) {
			go func() {
				failed(store.Delete(id))
				failed(thumbnails.Sweep())
				fyne.Do(done)
			}()
		},
	}
}

// connectionOptions returns the connections to filter by, without the built-in engine, whose
// edits the history doesn't record.
func (w *Window) connectionOptions() []widgets.Option {
	var list []widgets.Option
	for _, c := range w.program.options.Settings.Current().Connections {
		list = append(list, widgets.Option{ID: c.ID, Text: c.Name})
	}
	return list
}

// totals says in one line what was spent today and this month.
func (w *Window) totals() string {
	today, month, err := w.program.options.Service.Totals(w.ctx)
	if err != nil {
		return ""
	}
	return text.T("dialog.usage.line", "Today", dialogs.TotalsText(today), "Month", dialogs.TotalsText(month))
}

func (w *Window) showUsage(store *history.Store) {
	dialogs.ShowUsage(w.win, dialogs.Usage{
		Fetch: func(by history.Period, tell func([]history.Total)) {
			go func() {
				now := time.Now()
				from := now.AddDate(0, 0, -60)
				if by == history.ByMonth {
					from = now.AddDate(-10, 0, 0)
				}
				all, err := store.Totals(w.ctx, by, from, now)
				if err != nil {
					w.log.Warn("totals", "error", err)
				}
				fyne.Do(func() { tell(all) })
			}()
		},
		Name: func(connection string) string {
			if c, ok := w.program.options.Settings.Current().Find(connection); ok {
				return c.Name
			}
			return ""
		},
	})
}
