package window

import (
	"path/filepath"

	"overpaint/api"
	"overpaint/api/settings"
	"overpaint/editor/file"
)

// set returns a copy of the settings as they are now.
func (w *Window) set() *settings.Settings { return w.settings.Current() }

// change changes the settings and writes the change down; trouble with that
// stops nobody.
func (w *Window) change(f func(*settings.Settings)) { w.notKept(w.settings.Update(f)) }

// changeSoon is change for what changes many times in a second.
func (w *Window) changeSoon(f func(*settings.Settings)) { w.settings.Soon(f, w.notKept) }

func (w *Window) notKept(err error) {
	if err != nil {
		w.log.Warn("settings not saved", "error", err)
	}
}

// settingsChanged keeps the changes that were made from before to after. What
// was changed elsewhere meanwhile stays. The person has chosen them in a dialog,
// so is told where they can't be kept.
func (w *Window) settingsChanged(before, after *settings.Settings) {
	err := w.settings.Update(func(now *settings.Settings) { *now = *settings.Merge(before, after, now) })
	if err != nil {
		w.fail(&api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "notice.settings_not_kept"}, Cause: err})
	}
}

// sweepDrafts removes what killed programs left half written where pictures
// were saved last.
func sweepDrafts(recent []string) {
	done := map[string]bool{}
	for _, path := range recent {
		if folder := filepath.Dir(path); !done[folder] {
			done[folder] = true
			file.Sweep(folder)
		}
	}
}
