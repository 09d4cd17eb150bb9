package window

import (
	"image"
	"maps"
	"time"

	"fyne.io/fyne/v2"

	"overpaint/api"
	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/ui/dialogs"
)

// estimate returns what tells the cost of so many pictures of a size at the
// selected connection, "" at a price that nobody knows before, or none, and
// whether it is the least that they cost. It may be called on any goroutine.
func (w *Window) estimate(pictures int) func(size image.Point) (cost string, least bool) {
	c, ok := w.set.Find(w.set.Connection)
	if !ok {
		return func(image.Point) (string, bool) { return "", false }
	}
	pictures = max(pictures, 1)
	price, model, asked, quality := c.Price, c.Model, w.size, w.more.Options["quality"]
	price.Tokens = maps.Clone(price.Tokens)
	return func(size image.Point) (string, bool) {
		if asked != (image.Point{}) {
			size = asked
		}
		if sum := price.Least(model, quality, size, pictures); sum > 0 {
			return settings.Money(max(sum-sum%1000, 1000), price.Currency), true // a tenth of a cent is enough
		}
		if price.Picture == 0 {
			return "", false
		}
		return settings.Money(price.Of(pictures, nil), price.Currency), false
	}
}

// spend calls do, unless what a connection is to be asked would pass, with all
// that is under way, the person's cap for the month: then the person is asked
// first.
func (w *Window) spend(connection string, r *api.Request, do func()) {
	c, ok := w.set.Find(connection)
	if !ok || w.set.MonthlyCap <= 0 || !c.Price.Known() {
		do()
		return
	}
	limit, price := w.set.MonthlyCap, c.Price
	cost := price.Foreseen(r, max(r.N, 1))
	for _, b := range w.batches {
		if other, ok := w.set.Find(b.connection); ok && other.Price.Currency == price.Currency {
			cost += other.Price.Foreseen(b.job.Request(), max(b.job.Request().N, 1))
		}
	}
	go func() {
		over, spent := false, int64(0)
		store, err := w.store()
		if err == nil {
			if over, err = store.PassesCap(background(), limit, cost, price.Currency); err == nil {
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
