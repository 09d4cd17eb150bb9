package canvas

import (
	"overpaint.dev/overpaint/editor/selection"
	"overpaint.dev/overpaint/editor/view"
)

// Quick is the ID of the tool for quick selection: the object that is roughly painted over.
// The caller finds it and shows it by SetState.
const Quick = "quick"

// beginMark begins a mark with the pointer pressed: a stroke, or with Shift held a box.
func (s *Surface) beginMark() {
	if s.OnMark == nil || s.want == nil || s.want.Size != s.shown.Size {
		return
	}
	p := s.toolPointer()
	at := selection.Point{X: p.X, Y: p.Y}
	s.pointer.act = selecting
	s.pointer.mark = selection.Mark{
		Points: []selection.Point{at}, Radius: s.settings.Brush.Size / 2, Box: p.Shift, Outside: s.subtracts(),
	}
	if !p.Shift {
		s.tellMark(false)
	}
}

// dragMark extends the stroke, or moves the box's corner, to the pointer.
func (s *Surface) dragMark() {
	p, m := s.toolPointer(), &s.pointer.mark
	at := selection.Point{X: p.X, Y: p.Y}
	switch {
	case m.Box:
		m.Points = []selection.Point{m.Points[0], at}
		a := m.Points[0]
		s.comp.SetOutline([]view.Point{{X: a.X, Y: a.Y}, {X: at.X, Y: a.Y}, {X: at.X, Y: at.Y}, {X: a.X, Y: at.Y}}, true)
		s.changed()
	case !s.clicked() || len(m.Points) > 1:
		m.Points = append(m.Points, at)
		s.tellMark(false)
	}
}

// endMark reports the complete mark. A box that is no larger than a click is one.
func (s *Surface) endMark() {
	if m := &s.pointer.mark; m.Box {
		s.comp.SetOutline(s.outline, true)
		s.changed()
		if len(m.Points) < 2 || s.clicked() {
			m.Box, m.Points = false, m.Points[:1]
		}
		s.tellMark(false)
	}
	s.tellMark(true)
}

// tellMark reports the mark so far. Points appended later do not change those that were
// passed.
func (s *Surface) tellMark(done bool) {
	m := s.pointer.mark
	m.Points = m.Points[:len(m.Points):len(m.Points)]
	s.OnMark(m, done)
}
