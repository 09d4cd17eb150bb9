package window

import (
	"fyne.io/fyne/v2"

	"overpaint/api/settings"
	"overpaint/assets/text"
	"overpaint/ui/dialogs"
)

// leave ends the program, after asking what becomes of the edits that services
// are working on: they may cost money whether anybody waits for them or not.
// Fills of the built-in engine can be made again at any time.
func (w *Window) leave() {
	n := w.atServices()
	if n == 0 {
		w.close()
		return
	}
	dialogs.AskRunning(w.win, n, w.waitAndClose, w.close)
}

// atServices counts the jobs that services are working on.
func (w *Window) atServices() int {
	n := 0
	for _, b := range w.batches {
		if isService(b.connection) {
			n++
		}
	}
	return n
}

// waitAndClose ends the program once the services' jobs have ended. What
// arrives meanwhile is in the history.
func (w *Window) waitAndClose() {
	if w.atServices() == 0 {
		w.close()
		return
	}
	if w.leaving {
		return
	}
	w.leaving = true
	w.notice.During(text.T("notice.leaving"), text.T("notice.stay"), func() { w.leaving = false })
}

// detach lets go of the jobs of a document that is given up. The built-in
// engine's end; a service's go on, since they may be paid for already, and what
// arrives is kept in the history.
func (w *Window) detach() {
	for id, b := range w.batches {
		b.detached, b.cards = true, nil
		w.running.remove(id)
		if b.connection == settings.Builtin {
			w.worker.Cancel(id)
		}
	}
}

// endedDetached tells that a job has ended whose document is not open any more.
func (w *Window) endedDetached(b *batch, got int) {
	if got > 0 && isService(b.connection) {
		w.notice.Show(text.N("notice.arrived", got, "Name", b.picture), text.T("notice.show_history"), func() { w.showHistory(b.entry.Load()) })
	}
}

// close ends the program once the files that the person asked for are written.
func (w *Window) close() { w.writes.after(w.end) }

// end ends the program: all jobs, then the history, then the window.
func (w *Window) end() {
	if w.closed {
		return
	}
	w.closed = true
	size := w.win.Canvas().Size()
	w.set.WindowWidth, w.set.WindowHeight = size.Width, size.Height
	w.keepSettings()
	w.unkeep()
	limit := w.set.HistoryBytes
	go func() {
		w.worker.Close()
		w.clip.Close()
		w.safe.ending.Wait()
		w.closeHistory(limit)
		fyne.Do(w.app.Quit)
	}()
}
