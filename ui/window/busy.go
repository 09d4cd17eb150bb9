package window

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"overpaint/assets/text"
	"overpaint/editor/document"
)

// patience is how long work on a file may take before the window says what
// goes on: most of it is done sooner, and then nothing should flash up.
const patience = 400 * time.Millisecond

// busy says what goes on if that takes a while, with a button that cancels it.
// The function that it returns ends that, once it is done; like busy it belongs
// to Fyne's goroutine.
func (w *Window) busy(sentence string, cancel func()) (done func()) {
	ended := false
	over := func() {}
	time.AfterFunc(patience, func() {
		fyne.Do(func() {
			if !ended {
				over = w.notice.During(sentence, text.T("dialog.cancel"), cancel)
			}
		})
	})
	return func() {
		ended = true
		over()
	}
}

// writing does what writes a file that the person asked for, away from Fyne's
// goroutine. Where that takes a while the sentence is told, with a button that
// cancels it: what was there before then stays. done, on Fyne's goroutine, hears
// what came of it. The program does not end before.
func (w *Window) writing(sentence string, write func(context.Context) error, done func(error)) {
	ctx, cancel := context.WithCancel(w.context)
	ended := w.busy(sentence, cancel)
	w.writes.begun()
	go func() {
		err := write(ctx)
		cancel()
		fyne.Do(func() {
			ended()
			if errors.Is(err, context.Canceled) {
				w.log.Info("saving cancelled")
				w.tell(text.T("window.save_cancelled"))
				err = nil
			} else {
				done(err)
			}
			w.writes.ended(err)
		})
	}()
}

// writes counts the files that are being written, and holds what waits for them.
type writes struct {
	now  int
	then func() // or nil
}

// after calls then once no file is being written, at once where none is. Where
// writing one fails it is not called: the person has to hear of that first.
func (s *writes) after(then func()) {
	if s.now == 0 {
		then()
		return
	}
	s.then = then
}

func (s *writes) begun() { s.now++ }

func (s *writes) ended(err error) {
	s.now--
	then := s.then
	if err != nil || s.now == 0 {
		s.then = nil
	}
	if err == nil && s.now == 0 && then != nil {
		then()
	}
}

// opening is the picture or project that is being opened. A newer one, and
// Cancel, take the place of one that is still on its way.
type opening struct {
	number int
	read   bool // and only has to come onto the screen
	done   func()
}

// beginOpening says that a file is being opened; current tells whether it still
// is what the person waits for.
func (w *Window) beginOpening(name string) (current func() bool) {
	w.endOpening()
	w.opening.number++
	w.opening.read = false
	number := w.opening.number
	w.opening.done = w.busy(text.T("window.opening", "File", name), func() { w.opening.number++ })
	return func() bool { return number == w.opening.number }
}

// shown hears that a picture is on the screen.
func (w *Window) shown(*document.State) {
	w.log.Info("shown")
	if w.opening.read {
		w.endOpening()
	}
}

// endOpening is called when the picture is on the screen, or never will be.
func (w *Window) endOpening() {
	if w.opening.done != nil {
		w.opening.done()
		w.opening.done = nil
	}
}
