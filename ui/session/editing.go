package session

import (
	"slices"

	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
)

// Editing is the mask that is being painted on.
type Editing struct {
	// Target is the mask: the next edit's, a result's, or the mask by which a variant of a
	// result is mixed in. Name is the result's.
	Target document.Target
	Name   string
	// Variant is the number, on its card, of the variant that is being mixed in; 0 where it has
	// no card.
	Variant int
	// Stroke reports whether a stroke or shape is under way.
	Stroke bool
}

// editing is the state behind Editing.
type editing struct {
	target document.Target
	stroke bool
	// refining is the document with the displayed variant accepted and an empty mask, on which
	// a stroke over that variant is painted until it ends.
	refining *document.State
	preview  *document.State // a stroke on a result as it looks now
	masking  *mask.Mask      // a change of the mask that is being chosen
	asked    int             // counts changes of masks, the newest wins
	changing int             // changes of masks that are being worked out, apart from previews
	then     []func()        // waits for what is being worked out, see onceSettled
}

// Editing returns the mask that is being painted on.
func (s *Session) Editing() Editing {
	e := Editing{Target: s.editing.target, Stroke: s.editing.stroke}
	if s.file.doc == nil || e.Target.Kind == document.DocumentMask {
		return e
	}
	if r := s.file.doc.State().Result(e.Target.Result); r != nil {
		e.Name = r.Name
		if e.Target.Kind == document.ResultMix {
			e.Variant = s.numberOf(r.Variants[e.Target.Variant])
		}
	}
	return e
}

// EditMaskOf begins to paint on a result's own mask.
func (s *Session) EditMaskOf(id document.ID) {
	defer s.act()()
	s.edit(document.Target{Kind: document.ResultMask, Result: id})
}

// Mix begins to paint where a variant of a result shows instead of the others. A negative
// variant means the one after the variant that shows.
func (s *Session) Mix(id document.ID, variant int) {
	defer s.act()()
	if s.file.doc == nil {
		return
	}
	s.completeResult(id)
	r := s.file.doc.State().Result(id)
	if r == nil || len(r.Variants) < 2 {
		return
	}
	if variant < 0 {
		variant = (r.Chosen + 1) % len(r.Variants)
	}
	s.edit(document.Target{Kind: document.ResultMix, Result: id, Variant: variant})
}

// Done ends painting on a result.
func (s *Session) Done() {
	defer s.act()()
	s.leaveEditing()
}

func (s *Session) edit(t document.Target) {
	if s.file.doc == nil {
		return
	}
	if _, ok := s.file.doc.State().Coverage(t); !ok {
		return
	}
	s.dropMaskPreview()
	s.seeMask()
	s.file.doc.SetVisible(t.Result, true) // what is painted on is seen
	s.editing.target = t
	s.choose(t.Result)
	s.show(Shown{})
	s.handBrush()
	s.touch(Canvas | Results | Tools)
}

// leaveEditing makes the next edit's mask the target again.
func (s *Session) leaveEditing() {
	s.dropMaskPreview()
	if s.editing.target == (document.Target{}) {
		return
	}
	s.editing.target, s.editing.preview = document.Target{}, nil
	s.touch(Canvas | Results | Tools)
}

// settleEditing leaves a target that no longer exists after a change of the document.
func (s *Session) settleEditing() {
	state := s.file.doc.State()
	s.editing.preview = nil
	if _, ok := state.Coverage(s.editing.target); !ok {
		s.leaveEditing()
	}
	if s.results.chosen != 0 && state.Result(s.results.chosen) == nil {
		s.choose(0)
	}
	if state != s.results.of {
		s.results.preview = nil
	}
}

// chooseForMix makes a card's variant the one that is mixed in, where it belongs to the result
// whose variants are being mixed, and reports whether it did.
func (s *Session) chooseForMix(v VariantID) bool {
	if s.editing.target.Kind != document.ResultMix {
		return false
	}
	e, c := s.card(v)
	r := s.accepted(e)
	if c == nil || c.made == nil || r == nil || r.ID != s.editing.target.Result {
		return false
	}
	s.completeResult(r.ID)
	s.editing.target.Variant = slices.Index(s.result(r.ID).Variants, c.made.Answer)
	s.show(Shown{})
	s.touch(Canvas | Results | Tools | Gallery)
	return true
}

// BeginStroke tells the session that a stroke or shape begins on the canvas; when it returns,
// View holds the state to paint on. Comparisons end. Over a displayed variant the stroke
// begins the next mask, or goes on with one that was painted since the edit was requested, with
// the variant accepted; where it can't be accepted the document is shown.
func (s *Session) BeginStroke() {
	defer s.act(Tools)()
	if s.file.doc == nil {
		return
	}
	s.settleQuick() // another tool may be in hand
	s.dropMaskPreview()
	s.seeMask()
	if s.shown.now.How != Alone {
		s.endCompare()
	}
	s.showChanges(false)
	s.editing.stroke = true
	if v, ok := s.refines(); ok {
		state, m := s.stateOf(s.shown.now.Picture), s.pendingMask(s.find(v.Edit))
		if m == nil {
			m = mask.New(state.Size.X, state.Size.Y)
		}
		s.editing.refining = state.WithMask(m)
		s.touch(Canvas)
		return
	}
	s.show(Shown{})
}

// MoveStroke shows a result as it would look if the stroke under way ended now; m is the mask
// with the stroke so far. For the next edit's mask it does nothing.
func (s *Session) MoveStroke(m *mask.Mask) {
	if !s.editing.stroke || s.editing.target.Kind == document.DocumentMask {
		return
	}
	defer s.act(Canvas)()
	s.editing.preview = s.file.doc.State().Painting(s.editing.target, m)
}

// Paint stores the mask of a complete stroke or shape as one step; step is the step's name
// ("step.brush"). It may be called before or after EndStroke. Over a displayed variant,
// accepting it is part of the same step.
func (s *Session) Paint(step string, m *mask.Mask) {
	defer s.act()()
	if s.file.doc == nil {
		return
	}
	switch v, ok := s.refines(); {
	case ok:
		s.refine(v, m)
	default:
		s.show(Shown{})
		s.paint(step, s.editing.target, m)
	}
	s.endStroke()
}

// paint paints on a target in one entry of the timeline.
func (s *Session) paint(step string, t document.Target, m *mask.Mask) {
	e := s.together(step, func() { s.file.doc.Paint(step, t, m) })
	e.target, e.paints = t, true
}

// refines returns the variant that a stroke accepts: the one displayed alone, unless that is
// switched off, a result's mask is painted on or nothing of the variant is on the canvas.
func (s *Session) refines() (v VariantID, ok bool) {
	now := s.shown.now
	e, c := s.card(now.Variant)
	ok = now.What == IsVariant && now.How == Alone && c != nil && c.made != nil &&
		s.editing.target == noTarget && s.settings.Current().Refine && !s.offCanvas(e, c)
	return now.Variant, ok
}

// pendingMask returns the document's mask where it is another one than when an edit was
// requested, and so is meant for the next edit; else nil.
func (s *Session) pendingMask(e *edit) *mask.Mask {
	if m := s.file.doc.State().Mask; m != e.mask && !m.Empty() {
		return m
	}
	return nil
}

// refine accepts a variant and begins the next mask on it.
func (s *Session) refine(v VariantID, m *mask.Mask) {
	e, c := s.card(v)
	s.editing.refining = nil
	s.show(Shown{})
	if c == nil || m.Size() != s.file.doc.State().Size {
		return
	}
	s.together(document.StepRefine, func() { s.accept(e, c, m) })
}

// EndStroke tells the session that a stroke or shape has ended, painted or dropped. Without
// Paint everything is as before BeginStroke.
func (s *Session) EndStroke() {
	defer s.act()()
	s.endStroke()
}

func (s *Session) endStroke() {
	if !s.editing.stroke {
		return
	}
	s.dropQuick()
	s.editing.stroke, s.editing.refining, s.editing.preview, s.editing.masking = false, nil, nil, nil
	s.touch(Canvas | Tools)
	s.settled()
}

// onceSettled calls do, which needs the mask as the user has made it: at once, or after the stroke
// under way and the changes of the mask that are still being worked out. Where the stroke is
// dropped, or one of these finds nothing, do is dropped, too.
func (s *Session) onceSettled(do func()) {
	if s.editing.stroke && s.options.SettleShape != nil && s.options.SettleShape() || !s.unsettled() {
		do() // also beside a shape that is still open
		return
	}
	s.editing.then = append(s.editing.then, do)
}

// unsettled reports whether a stroke is under way, or a change of the mask is being worked out.
func (s *Session) unsettled() bool { return s.editing.stroke || s.editing.changing > 0 }

// settled calls what waits, unless more is being worked out, after all that is done now: a
// stroke ends before it is painted.
func (s *Session) settled() {
	if len(s.editing.then) == 0 {
		return
	}
	s.post(func() {
		if s.unsettled() {
			return
		}
		then := s.editing.then
		s.editing.then = nil
		for _, do := range then {
			s.onceSettled(do)
		}
	})
}
