package window

import (
	"time"

	"fyne.io/fyne/v2"

	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/ui/dialogs"
)

// estimate returns what so many pictures cost at the selected connection, "" at
// a price that nobody knows before, or none.
func (w *Window) estimate(pictures int) string {
	c, ok := w.set.Find(w.set.Connection)
	if !ok || c.Price.Picture == 0 {
		return ""
	}
	return settings.Money(c.Price.Of(max(pictures, 1), nil), c.Price.Currency)
}

// spend calls do, unless so many more pictures of a connection would pass the
// person's cap for the month: then the person is asked first.
func (w *Window) spend(connection string, pictures int, do func()) {
	c, ok := w.set.Find(connection)
	if !ok || w.set.MonthlyCap <= 0 || !c.Price.Known() {
		do()
		return
	}
	limit, price := w.set.MonthlyCap, c.Price
	go func() {
		over, spent := false, int64(0)
		store, err := w.store()
		if err == nil {
			if over, err = store.PassesCap(background(), limit, price, max(pictures, 1)); err == nil {
				spent, err = store.MonthCost(background(), time.Now(), price.Currency)
			}
		}
		if err != nil {
			w.log.Warn("spending unknown", "error", err)
			over = true // nobody knows, so the person decides
		}
		fyne.Do(func() {
			if !over {
				do()
				return
			}
			question := text.T("dialog.cap.text", "Cap", settings.Money(limit, price.Currency), "Spent", settings.Money(spent, price.Currency))
			dialogs.Confirm(w.win, text.T("dialog.cap.title"), question, text.T("dialog.cap.do"), do)
		})
	}()
}
