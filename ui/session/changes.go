package session

import (
	"image"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/api/job"
	"overpaint.dev/overpaint/editor/align"
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/region"
)

// changes is the state behind View > What the service changed.
type changes struct {
	on   bool
	of   changesOf
	mask *mask.Mask // nil while it is worked out, and where it can't be
	look maskedLook // the picture with it
}

// changesOf is what the mask of changes is of.
type changesOf struct {
	variant *document.Variant
	blend   region.Blend
	size    image.Point
}

// ShowChanges shows the mask of what the service changed in place of the mask: of the
// displayed variant, else of the chosen result, else of the topmost one. A stroke ends it.
func (s *Session) ShowChanges(on bool) {
	defer s.act()()
	if on && s.changedResult() == nil {
		s.remark(say("ui.changes.none"))
		return
	}
	s.showChanges(on)
}

func (s *Session) showChanges(on bool) {
	if s.changes.on != on {
		s.changes = changes{on: on}
		s.touch(Canvas | Menu)
	}
}

// ChangesShown reports whether what the service changed is on the canvas.
func (s *Session) ChangesShown() bool { return s.changes.on }

// changedResult returns the result whose changes ShowChanges would show, nil where there is
// none.
func (s *Session) changedResult() *document.Result {
	if s.file.doc == nil {
		return nil
	}
	if now := s.shown.now; now.What == IsVariant {
		if e, c := s.card(now.Variant); c != nil && c.made != nil {
			return e.results().Result(c.made)
		}
	}
	if r := s.chosen(); r != nil {
		return r
	}
	if all := s.file.doc.State().Results; len(all) > 0 {
		return all[len(all)-1]
	}
	return nil
}

// withChanges returns a view whose mask is that of the changes, where they are shown and
// known; they are computed in the background.
func (s *Session) withChanges(v View) View {
	r := s.changedResult()
	if !s.changes.on || r == nil || v.How != Alone || v.State == nil {
		return v
	}
	of := changesOf{r.Variant(), region.Blend{Align: r.Blend.Align, Counts: r.Blend.Counts}, v.State.Size}
	if s.changes.of != of {
		s.changes.of, s.changes.mask = of, nil
		background(s, r.Changes, func(m *mask.Mask) {
			if s.changes.on && s.changes.of == of {
				s.changes.mask = m
				s.touch(Canvas)
			}
		})
	}
	if m := s.changes.mask; m != nil && m.Size() == v.State.Size {
		if l := &s.changes.look; l.of != v.State || l.mask != m {
			*l = maskedLook{v.State, m, v.State.WithMask(m)}
		}
		v.State, v.Mask, v.Label = s.changes.look.state, MaskShownAsChosen, say("ui.changes")
	}
	return v
}

// keepMore sets a blend with KeepMore, after computing in the background what the service
// really changed.
func (s *Session) keepMore(r *document.Result, b region.Blend) {
	background(s, func() *document.Result { return r.Blended(b) }, func(*document.Result) {
		if s.result(r.ID) == r {
			s.file.doc.SetBlend(r.ID, b) // which is quick now
			s.hold()
		}
	})
}

// hold computes what the chosen result changed and keeps that in memory, so that the slider of
// Blend.Counts responds at once.
func (s *Session) hold() {
	s.results.held = nil
	r := s.chosen()
	if r == nil || !r.Blend.KeepMore {
		return
	}
	background(s, func() any { held, _ := r.Hold(s.ctx); return held }, func(held any) {
		if now := s.chosen(); now != nil && now.ID == r.ID {
			s.results.held = held
		}
	})
}

// details say in words what is known of a result.
func details(r *document.Result) (list []Sentence) {
	v := r.Variant()
	switch v.Method {
	case api.Patches:
		list = append(list, say("ui.result.patches"))
	case api.Pieces:
		list = append(list, say("ui.result.pieces"))
	}
	words, ok := job.Told(v.Motion)
	switch {
	case !ok:
	case r.Blend.Align || v.Motion.Finding == align.Other:
		list = append(list, told(words))
	default:
		list = append(list, say("ui.result.as_it_came"))
	}
	if r.Blend.KeepMore && r.Limit != nil {
		box := r.Plan.Window.Intersect(r.Canvas)
		percent := 100 * r.Covered().Area() / float64(max(box.Dx()*box.Dy(), 1))
		list = append(list, say("ui.result.taken", "Percent", int(percent+0.5)))
	}
	return list
}
