package session

import (
	"context"
	"math"
	"slices"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/selection"
	"overpaint.dev/overpaint/editor/tool"
)

// ToolQuick selects the object that is clicked, roughly painted over, or boxed.
const ToolQuick = "quick"

// quick is the state of quick selection.
type quick struct {
	of        *document.State // the picture that is selected from
	scene     *selection.Scene
	stopScene context.CancelFunc // while the scene is being made, else nil

	stroke *selection.Mark    // the current one, or nil
	cuts   bool               // it leaves only what it selects, of what there was
	done   bool               // it is complete
	asked  int                // counts what the stroke became; the newest counts
	stop   context.CancelFunc // ends the answer that is being worked out; nil where none is
	over   *document.State    // the document when the stroke began

	waiting []waitingStroke // for the one that is complete to be settled, the first first

	// Consecutive strokes: the mask before the first of them, and what each led to.
	base  *mask.Mask
	chain []quickStep
}

// waitingStroke is a stroke that began before the one before it was settled.
type waitingStroke struct {
	mark selection.Mark
	cuts bool
	done bool
}

// quickStep is a stored stroke and the mask that it led to.
type quickStep struct {
	mark   selection.Mark
	answer *selection.Answer
	mask   *mask.Mask
}

// found is the mask with a stroke.
type found struct {
	answer *selection.Answer // nil where the stroke only takes away from what was there, or cuts it
	mask   *mask.Mask
	none   bool // the stroke selects nothing at all
}

// prepareQuick prepares the displayed picture for quick selection, so that the first stroke
// needn't wait.
func (s *Session) prepareQuick() {
	if s.file.doc == nil || s.quick.stroke != nil {
		return
	}
	state := s.stateOf(s.shown.now.Picture)
	if s.quick.of != nil && s.quick.of.SamePicture(state) {
		return
	}
	s.forgetQuick()
	ctx, stop := context.WithCancel(s.ctx)
	s.quick = quick{of: state, stopScene: stop}
	background(s, func() outcome[*selection.Scene] {
		return result(selection.Prepare(ctx, state.Size, state.Pixels))
	}, func(got outcome[*selection.Scene]) {
		if stop(); got.err != nil || s.quick.of != state {
			return
		}
		s.quick.scene, s.quick.stopScene = got.value, nil
		if s.quick.stroke != nil {
			s.reckonQuick()
		}
	})
}

// QuickStroke begins a stroke of quick selection, or updates the one under way; its selection
// is previewed as soon as it is known. A stroke that begins while the last one is being
// settled waits for it. The points must not be changed afterwards.
func (s *Session) QuickStroke(m selection.Mark) {
	defer s.act()()
	q := &s.quick
	if s.file.doc == nil || len(m.Points) == 0 {
		return
	}
	cuts := s.tool.settings.Mode == tool.Intersect && !m.Outside
	if q.stroke != nil && q.done {
		q.wait(m, cuts)
		return
	}
	if q.stroke == nil && !s.beginQuick(m, cuts) {
		return
	}
	q.stroke = &m
	q.asked++
	s.reckonQuick()
}

// EndQuickStroke stores the stroke's selection as one step, once it is known.
func (s *Session) EndQuickStroke() {
	defer s.act()()
	q := &s.quick
	if q.stroke == nil {
		return
	}
	if q.done {
		if n := len(q.waiting); n > 0 {
			q.waiting[n-1].done = true
		}
		return
	}
	q.done = true
	q.asked++
	s.reckonQuick()
}

// wait queues a stroke, or updates the last one in the queue.
func (q *quick) wait(m selection.Mark, cuts bool) {
	if n := len(q.waiting); n > 0 && !q.waiting[n-1].done {
		q.waiting[n-1].mark = m
		return
	}
	q.waiting = append(q.waiting, waitingStroke{mark: m, cuts: cuts})
}

// nextQuick begins the first of the queued strokes, and keeps the others.
func (s *Session) nextQuick(waiting []waitingStroke) {
	if len(waiting) == 0 || !s.beginQuick(waiting[0].mark, waiting[0].cuts) {
		return
	}
	q := &s.quick
	q.stroke, q.done, q.waiting = &waiting[0].mark, waiting[0].done, waiting[1:]
	q.asked++
	s.reckonQuick()
}

// beginQuick begins a stroke on the displayed picture, and finds the strokes that it
// continues.
func (s *Session) beginQuick(m selection.Mark, cuts bool) bool {
	s.BeginStroke()
	s.prepareQuick()
	q := &s.quick
	before, ok := s.coverage(s.file.doc.State())
	if s.editing.refining != nil {
		before, ok = s.editing.refining.Mask, true
	}
	if !ok {
		s.endStroke()
		return false
	}
	q.over, q.done, q.cuts = s.file.doc.State(), false, cuts
	for len(q.chain) > 0 && q.chain[len(q.chain)-1].mask != before { // undone, or painted on since
		q.chain = q.chain[:len(q.chain)-1]
	}
	if len(q.chain) > 0 && (m.Box || q.chain[0].mark.Box && !q.chain[0].mark.Within(m.Points[0])) {
		q.chain = nil
	}
	if len(q.chain) == 0 {
		q.base = before
	}
	return true
}

// reckonQuick computes the stroke's selection. While one is being computed only the newest
// waits, so that previews keep coming.
func (s *Session) reckonQuick() {
	q := &s.quick
	if q.scene == nil || q.stop != nil {
		return
	}
	ctx, stop := context.WithCancel(s.ctx)
	q.stop = stop
	number, work := q.asked, q.work()
	background(s, func() outcome[found] { return result(work(ctx)) }, func(got outcome[found]) {
		dropped := ctx.Err() != nil
		if stop(); dropped {
			return
		}
		q.stop = nil
		switch {
		case got.err != nil || s.file.doc == nil || s.file.doc.State() != q.over:
			s.editing.then = nil
			s.endStroke()
		case number == q.asked && q.done:
			s.paintQuick(got.value)
		default:
			s.showQuick(got.value.mask)
			if number != q.asked {
				s.reckonQuick()
			}
		}
	})
}

// work returns the computation for the stroke as it is now, which reads no state of the
// session.
func (q *quick) work() func(context.Context) (found, error) {
	scene, stroke, base := q.scene, *q.stroke, q.base
	var marks []selection.Mark
	var last *selection.Answer
	wanted := false
	for _, step := range q.chain {
		if marks = append(marks, step.mark); step.answer != nil {
			last = step.answer
		}
		wanted = wanted || !step.mark.Outside
	}
	// What strokes did not select can only be removed as an object of its own.
	apart := stroke.Outside && (!wanted || covers(base, stroke.Points[0]))
	before := base
	if len(q.chain) > 0 {
		before = q.chain[len(q.chain)-1].mask
	}
	cuts := q.cuts
	return func(ctx context.Context) (found, error) {
		if apart || cuts {
			stroke.Outside = false
			a, err := scene.Select(ctx, []selection.Mark{stroke}, nil)
			if err != nil {
				return found{}, err
			}
			if cuts {
				return found{mask: mask.Intersect(before, a.Mask), none: a.Mask.Empty()}, nil
			}
			return found{mask: mask.Subtract(before, a.Mask), none: a.Mask.Empty()}, nil
		}
		a, err := scene.Select(ctx, append(marks, stroke), last)
		if err != nil {
			return found{}, err
		}
		return found{answer: a, mask: mask.Union(base, a.Mask), none: a.Mask.Empty()}, nil
	}
}

// covers reports whether a mask covers a position by more than half.
func covers(m *mask.Mask, p selection.Point) bool { return m.At(int(p.X), int(p.Y)) > 127 }

// showQuick previews the target with the stroke.
func (s *Session) showQuick(m *mask.Mask) {
	switch {
	case s.editing.refining != nil:
		s.editing.refining = s.editing.refining.WithMask(m)
	default:
		s.editing.masking = m
		if s.editing.target.Kind != document.DocumentMask {
			s.editing.preview = s.file.doc.State().Painting(s.editing.target, m)
		}
	}
	s.touch(Canvas)
}

// paintQuick stores the stroke's selection as one step, unless that changes nothing. Where
// nothing is selected it says so.
func (s *Session) paintQuick(got found) {
	q := &s.quick
	stroke, before, waiting, then := *q.stroke, q.base, q.waiting, s.editing.then
	s.editing.then = nil
	defer func() {
		s.nextQuick(waiting)
		if !got.none { // else nothing is done with what was there before
			s.editing.then = then
			s.settled()
		}
	}()
	if len(q.chain) > 0 {
		before = q.chain[len(q.chain)-1].mask
	}
	q.stroke, q.done, q.waiting = nil, false, nil
	again := len(q.chain) > 0 && repeats(stroke, q.chain[len(q.chain)-1].mark)
	if got.mask.Equal(before) || again {
		s.endStroke()
		switch {
		case got.none && stroke.Box:
			s.remark(say("mask.nothing_boxed"))
		case got.none:
			s.remark(say("mask.nothing_there"))
		}
		return
	}
	if got.answer == nil { // the next stroke starts anew
		q.chain = nil
	} else {
		q.chain = append(q.chain, quickStep{stroke, got.answer, got.mask})
	}
	s.Paint("step.quick", got.mask)
}

// repeats reports whether a mark is the second click of a double click, which hardly changes what
// the first has selected.
func repeats(m, last selection.Mark) bool {
	if m.Box || last.Box || m.Outside != last.Outside {
		return false
	}
	at := last.Points[0]
	for _, p := range slices.Concat(m.Points, last.Points) {
		if math.Hypot(p.X-at.X, p.Y-at.Y) > m.Radius/2 {
			return false
		}
	}
	return true
}

// selected returns the marks that a mask was selected by, nil where it is not by marks alone.
func (q *quick) selected(m *mask.Mask) (marks []selection.Mark) {
	if len(q.chain) == 0 || !q.base.Empty() {
		return nil
	}
	for _, step := range q.chain {
		if marks = append(marks, step.mark); step.mask.Equal(m) { // the others were undone
			return marks
		}
	}
	return nil
}

// forgetQuick drops the prepared picture and all selections in it.
func (s *Session) forgetQuick() {
	s.dropQuick()
	if s.quick.stopScene != nil {
		s.quick.stopScene()
	}
	s.quick = quick{}
}

// settleQuick stores what is complete of quick selection and still being worked out, which takes a
// moment, and drops the rest.
func (s *Session) settleQuick() {
	q := &s.quick
	for q.stroke != nil && q.done && q.scene != nil && s.file.doc.State() == q.over {
		if q.stop != nil {
			q.stop()
			q.stop = nil
		}
		got, err := q.work()(s.ctx)
		if err != nil {
			break
		}
		s.paintQuick(got)
	}
	s.dropQuick()
}

// dropQuick drops the stroke under way and the queued ones.
func (s *Session) dropQuick() {
	q := &s.quick
	if q.stop != nil {
		q.stop()
	}
	q.stop, q.stroke, q.done, q.waiting = nil, nil, false, nil
}
