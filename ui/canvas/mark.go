package canvas

import (
	"overpaint.dev/overpaint/editor/selection"
	"overpaint.dev/overpaint/editor/view"
)

// Quick is the ID of the tool that selects what is painted over roughly. What it selects
// is found elsewhere and shown by SetState.
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

// dragMark takes the stroke, or the box's corner, to where the pointer is.
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

// endMark tells of the complete mark. A box that is but a click is none.
func (s *Surface) endMark() {
	if m := &s.pointer.mark; m.Box {
		s.comp.SetOutline(s.outline, true)
		s.changed()
		if len(m.Points) < 2 || s.clicked() {
			return
		}
		s.tellMark(false)
	}
	s.tellMark(true)
}

// tellMark tells of the mark so far. What is appended to its points later lies behind
// those that were told.
func (s *Surface) tellMark(done bool) {
	m := s.pointer.mark
	m.Points = m.Points[:len(m.Points):len(m.Points)]
	s.OnMark(m, done)
}
