package session

import (
	"context"
	"errors"
	"slices"
	"time"
)

// patience is how long work on a file may take before the user is notified: most of it is
// done sooner.
const patience = 400 * time.Millisecond

// Busy is work on a file that takes a while.
type Busy struct {
	ID   int64
	Text Sentence
}

// busy is what goes on.
type busy struct {
	list []*task
	last int64
}

type task struct {
	Busy
	shown  bool
	cancel func()
}

// Busy returns the files being opened or saved, once that has taken a while.
func (s *Session) Busy() []Busy {
	var list []Busy
	for _, t := range s.busy.list {
		if t.shown {
			list = append(list, t.Busy)
		}
	}
	return list
}

// StopBusy cancels opening or saving a file. The document, or the file on the disk, stays as
// it was.
func (s *Session) StopBusy(id int64) {
	defer s.act()()
	for _, t := range slices.Clone(s.busy.list) {
		if t.ID == id {
			t.cancel()
		}
	}
}

// begin notes work; what it returns ends that.
func (s *Session) begin(text Sentence, cancel func()) (done func()) {
	s.busy.last++
	t := &task{Busy: Busy{ID: s.busy.last, Text: text}, cancel: cancel}
	s.busy.list = append(s.busy.list, t)
	stop := s.after(patience, func() {
		t.shown = true
		s.touch(Status)
	})
	return func() {
		stop()
		s.busy.list = slices.DeleteFunc(s.busy.list, func(o *task) bool { return o == t })
		s.touch(Status)
	}
}

// writing counts the files that are being written, and holds what waits for them.
type writing struct {
	now  int
	then func() // or nil
}

// after calls then once no file is being written, at once where none is. Where a write fails
// then is not called, so that the user reads of that first.
func (w *writing) after(then func()) {
	if w.now == 0 {
		then()
		return
	}
	w.then = then
}

func (w *writing) ended(err error) {
	w.now--
	then := w.then
	if err != nil || w.now == 0 {
		w.then = nil
	}
	if err == nil && w.now == 0 && then != nil {
		then()
	}
}

// write writes a file in the background and calls done with the error or nil. It can be
// cancelled, which leaves the file as it was. The window does not close before it has ended.
func (s *Session) write(text Sentence, do func(context.Context) error, done func(error)) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.ctx))
	ended := s.begin(text, cancel)
	s.writing.now++
	background(s, func() error {
		defer cancel()
		return do(ctx)
	}, func(err error) {
		ended()
		if errors.Is(err, context.Canceled) {
			s.log.Info("saving cancelled")
			s.remark(say("window.save_cancelled"))
			s.writing.ended(nil)
			return
		}
		done(err)
		s.writing.ended(err)
	})
}
