package window

import (
	"fyne.io/fyne/v2"

	"overpaint/assets/text"
)

// noteSaved notes in the history where a variant was saved to, so that it may
// be let go sooner than one that was not. It is called off Fyne's goroutine.
func (w *Window) noteSaved(v *variant, path string) {
	if v.made != nil {
		w.service.Saved(v.batch.edit.Entry, v.made.Index, path)
	}
}

// recoverHistory gives each edit that an earlier run left without an end the end
// that follows from what is on the disk, and tells the person of it. Nothing is
// sent that could cost anything. It waits for the disk.
func (w *Window) recoverHistory() {
	found, err := w.service.Recover(w.context)
	if err != nil {
		w.log.Warn("history not recovered", "error", err)
	}
	if found.Pictures == 0 && !found.Unknown {
		return // nothing had left this computer
	}
	sentence := text.N("notice.recovered", found.Pictures)
	if found.Unknown {
		sentence = text.T("notice.recovered_unknown")
	}
	last := found.Entries[len(found.Entries)-1]
	fyne.Do(func() {
		w.notice.Show(sentence, text.T("notice.show_history"), func() { w.showHistory(last) })
	})
}
