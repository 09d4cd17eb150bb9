package window

import (
	"net/url"

	"fyne.io/fyne/v2"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/update"
	"overpaint.dev/overpaint/assets/text"
)

// lookForUpdate checks for a newer release where the user has switched that on, and offers
// to open the page of the releases. Errors are only logged.
func (w *Window) lookForUpdate() {
	o := w.program.options
	if update.Address == "" || !o.Settings.Current().CheckUpdates {
		return
	}
	go func() {
		newer, err := update.Newer(w.ctx, update.Address, o.Version, o.UserAgent)
		if err != nil {
			w.log.Warn("releases not found", "error", err)
			return
		}
		if newer != "" {
			fyne.Do(func() { w.tellUpdate(newer) })
		}
	}()
}

// tellUpdate tells of a newer release.
func (w *Window) tellUpdate(version string) {
	w.session.Offer(text.T("notice.update", "Version", version), text.T("notice.open_releases"), func() {
		page, err := url.Parse(update.Address)
		if err == nil {
			err = w.program.app.OpenURL(page)
		}
		if err != nil {
			w.fail(&api.Error{Kind: api.KindLocal, Cause: err})
		}
	})
}
