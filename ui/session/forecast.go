package session

import (
	"context"
	"slices"
	"time"
)

// forecastAfter is how long choices must be unchanged before a file's size is computed, so
// that a moving slider encodes nothing at each step.
const forecastAfter = 150 * time.Millisecond

// Forecast is the size of the file that a question is about.
type Forecast struct {
	// Bytes is the size or an estimate of it; 0 where it is unknown.
	Bytes int64
	// Working reports whether it is being worked out.
	Working bool
}

// sizing computes how large a file would be. of is all that the size depends on, for a path
// with a given ending. work may be called from any goroutine.
type sizing struct {
	of   target
	work func(context.Context) (int64, error)
}

// forecast computes one size at a time: that of the newest choices, once older work has ended.
type forecast struct {
	of   int64  // the question
	as   target // what the question's answer would be
	now  Forecast
	wait func()             // ends the wait for choices to rest, or nil
	stop context.CancelFunc // ends the work under way, nil where there is none
	next func(context.Context) (int64, error)
}

// Forecast returns what Reckon has found so far.
func (s *Session) Forecast() Forecast { return s.forecast.now }

// Reckon computes the size of the file that would be written if the question were answered
// with c. Only the newest call counts; answering the question ends it. Readers are told by
// Questions when Forecast has changed.
func (s *Session) Reckon(id int64, c Chosen) {
	defer s.act(Questions)()
	i := slices.IndexFunc(s.questions.list, func(q *question) bool { return q.ID == id })
	if i < 0 || s.questions.list[i].size == nil {
		return
	}
	f := &s.forecast
	sizing := s.questions.list[i].size(c)
	if f.of == id && f.as == sizing.of {
		return
	}
	f.drop()
	f.of, f.as, f.now.Working = id, sizing.of, true
	f.wait = s.after(forecastAfter, func() {
		f.wait = nil
		s.workOut(sizing.work)
	})
}

// drop ends what is being worked out, and forgets what was.
func (f *forecast) drop() {
	if f.wait != nil {
		f.wait()
		f.wait = nil
	}
	if f.stop != nil {
		f.stop()
	}
	f.next, f.now, f.of, f.as = nil, Forecast{}, 0, target{}
}

// workOut does the work once there is no other.
func (s *Session) workOut(work func(context.Context) (int64, error)) {
	f := &s.forecast
	if f.stop != nil {
		f.next = work
		return
	}
	ctx, stop := context.WithCancel(s.ctx)
	f.stop = stop
	background(s, func() outcome[int64] { return result(work(ctx)) }, func(got outcome[int64]) {
		dropped := ctx.Err() != nil
		stop()
		f.stop = nil
		next := f.next
		f.next = nil
		switch {
		case next != nil:
			s.workOut(next)
		case dropped: // nothing waits, or the choices still change
		default:
			f.now = Forecast{}
			if got.err == nil {
				f.now.Bytes = got.value
			}
			s.touch(Questions)
		}
	})
}
