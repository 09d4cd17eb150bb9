package window

import (
	"path/filepath"

	"overpaint/api"
	"overpaint/api/settings"
	"overpaint/editor/file"
)

// settingsChanged goes by new settings and keeps them. The person has chosen
// them in a dialog, so is told where they can't be kept.
func (w *Window) settingsChanged(s *settings.Settings) {
	w.set = s
	w.noteParallel()
	if err := w.kept.Update(w.current()); err != nil {
		w.fail(&api.Error{Kind: api.KindLocal, Sentence: api.Sentence{Key: "notice.settings_not_kept"}, Cause: err})
	}
}

// keepSettings writes down what was changed of the settings; trouble with that
// stops nobody.
func (w *Window) keepSettings() { w.notKept(w.kept.Update(w.current())) }

// keepSettingsSoon is keepSettings for what changes many times in a second.
func (w *Window) keepSettingsSoon() { w.kept.Soon(w.current(), w.notKept) }

func (w *Window) notKept(err error) {
	if err != nil {
		w.log.Warn("settings not saved", "error", err)
	}
}

// current sets settings to what the window goes by.
func (w *Window) current() func(*settings.Settings) {
	set := w.set.Clone()
	return func(s *settings.Settings) { *s = *set }
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
