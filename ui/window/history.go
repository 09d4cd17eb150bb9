package window

import (
	"context"

	"fyne.io/fyne/v2"

	"overpaint/api/history"
	"overpaint/api/job"
	"overpaint/api/settings"
	"overpaint/api/worker"
	"overpaint/assets/text"
)

// record returns what writes a service's job down before it is sent. A history
// that can't be opened stops nobody from working, but the person is told.
func (w *Window) record(j *job.Job, c settings.Connection) func(context.Context) (worker.Keeper, error) {
	name := w.name
	return func(ctx context.Context) (worker.Keeper, error) {
		store, err := w.store()
		if err != nil {
			w.log.Warn("no history", "error", err)
			fyne.Do(func() { w.notice.Show(text.T("notice.no_history"), "", nil) })
			return nil, nil
		}
		kept, err := store.Record(ctx, history.EntryOf(j, &c, name))
		if err != nil {
			return nil, err
		}
		return kept, nil
	}
}
