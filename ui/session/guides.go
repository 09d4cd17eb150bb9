package session

import (
	"image"
	"slices"

	"overpaint.dev/overpaint/editor/document"
)

// ToolGuide draws guide lines: where an edge is to go on across what the built-in engine fills.
const ToolGuide = "guide"

// BeginGuide hears that a guide line begins to be drawn, or to be moved. The document is shown with its
// mask, which the lines belong to; painting on a result ends. AddGuide, MoveGuide, RemoveGuide or
// EndStroke follows.
func (s *Session) BeginGuide() {
	defer s.act(Tools)()
	if s.file.doc == nil {
		return
	}
	s.seeGuides()
	s.editing.stroke = true
}

// seeGuides shows the document with its guide lines.
func (s *Session) seeGuides() {
	s.dropMaskPreview()
	s.seeMask()
	s.showChanges(false)
	s.leaveEditing()
	s.show(Shown{})
}

// AddGuide adds a guide line, a polyline in canvas pixels of two points at least, in one step. The
// points must not be changed afterwards.
func (s *Session) AddGuide(line []image.Point) {
	defer s.act()()
	defer s.endStroke()
	if s.file.doc == nil {
		return
	}
	list := s.file.doc.State().Lines
	if len(list) >= document.MaxLines {
		s.remark(say("guide.many", "Limit", document.MaxLines))
		return
	}
	s.file.doc.SetLines(document.StepGuide, append(slices.Clip(list), line))
}

// MoveGuide gives the guide line with an index in View's other points, in one step.
func (s *Session) MoveGuide(i int, line []image.Point) {
	defer s.act()()
	defer s.endStroke()
	if s.file.doc != nil {
		s.file.doc.MoveLine(i, line)
	}
}

// RemoveGuide takes away the guide line with an index in View's, in one step.
func (s *Session) RemoveGuide(i int) {
	defer s.act()()
	defer s.endStroke()
	if s.file.doc == nil {
		return
	}
	if list := s.file.doc.State().Lines; i >= 0 && i < len(list) {
		s.file.doc.SetLines(document.StepGuideRemove, slices.Delete(slices.Clone(list), i, i+1))
	}
}

// ClearGuides takes all guide lines away in one step.
func (s *Session) ClearGuides() {
	defer s.act()()
	if s.HasPicture() {
		s.seeGuides()
		s.file.doc.SetLines(document.StepGuidesClear, nil)
	}
}

// guidesShown returns the guide lines where they are seen: with the next edit's mask.
func (s *Session) guidesShown() [][]image.Point {
	if s.maskShown() != MaskShownAsChosen || s.editing.refining != nil {
		return nil
	}
	return s.file.doc.State().Lines
}

// guidesObeyed reports whether a service that is chosen obeys guide lines.
func (s *Session) guidesObeyed() bool {
	return slices.ContainsFunc(s.panel.services, func(id string) bool { return s.service.Profile(id).Lines })
}
