package session

import (
	"overpaint.dev/overpaint/editor/document"
	"overpaint.dev/overpaint/editor/mask"
	"overpaint.dev/overpaint/editor/subject"
	"overpaint.dev/overpaint/editor/tool"
)

// finding is what was found in the open picture (people, sky, ...) and the mask that it is
// for.
type finding struct {
	kind   subject.Kind
	mask   *mask.Mask
	doc    *document.Document
	target document.Target
}

// takeFound makes a finding the mask where that is empty. Else it asks how to combine the two,
// and previews their sum.
func (s *Session) takeFound(f finding, was *mask.Mask) {
	switch {
	case f.mask.Empty() && f.kind == subject.People:
		s.remark(say("mask.nobody"))
	case f.mask.Empty():
		s.remark(say("mask.not_found"))
	case was.Empty():
		s.paintFound(f, f.mask)
	default:
		s.ask(&question{
			Question: Question{Ask: AskFound, Name: say("step." + string(f.kind))},
			reply:    func(Reply) { s.dropMaskPreview() },
			found:    &f,
		})
		s.previewFound(f, tool.Add)
	}
}

// PreviewFound previews a mode of combining the mask with the finding, as long as the question
// is open. The newest call counts.
func (s *Session) PreviewFound(id int64, mode tool.Mode) {
	defer s.act()()
	for _, q := range s.questions.list {
		if q.ID == id && q.found != nil {
			s.previewFound(*q.found, mode)
		}
	}
}

func (s *Session) previewFound(f finding, mode tool.Mode) {
	s.combine(f, mode, false, func(m *mask.Mask) {
		s.editing.masking = m
		s.touch(Canvas)
	})
}

// AnswerFound combines the mask with the finding by a mode, in one step.
func (s *Session) AnswerFound(id int64, mode tool.Mode) {
	defer s.act()()
	q := s.takeQuestion(id)
	if q == nil || q.found == nil {
		return
	}
	s.combine(*q.found, mode, true, func(m *mask.Mask) {
		s.dropMaskPreview()
		s.paintFound(*q.found, m)
	})
}

// combine computes in the background the combination of the mask and a finding, of which step tells
// that it is not for a preview alone. done is not called where another mask becomes the target
// meanwhile.
func (s *Session) combine(f finding, mode tool.Mode, step bool, done func(*mask.Mask)) {
	s.editing.asked++
	number, was := s.editing.asked, s.maskFor(f)
	if was == nil {
		s.dropMaskPreview()
		return
	}
	if step {
		s.editing.changing++
	}
	background(s, func() *mask.Mask { return mode.Of(was, f.mask) }, func(made *mask.Mask) {
		if step && s.file.doc == f.doc {
			s.editing.changing--
			defer s.settled()
		}
		switch {
		case s.editing.asked != number:
		case s.maskFor(f) != was:
			s.dropMaskPreview()
		default:
			done(made)
		}
	})
}

// maskFor returns the mask that a finding was made for, nil where that is no longer the
// target.
func (s *Session) maskFor(f finding) *mask.Mask {
	if s.file.doc != f.doc || s.editing.target != f.target {
		return nil
	}
	m, ok := f.doc.State().Coverage(f.target)
	if !ok || m.Size() != f.mask.Size() {
		return nil
	}
	return m
}

// paintFound stores a mask from a finding as one step, unless it changes nothing.
func (s *Session) paintFound(f finding, m *mask.Mask) {
	if m.Equal(s.maskFor(f)) {
		return
	}
	s.found = f
	s.paint("step."+string(f.kind), f.target, m)
}

// selected returns the kind of finding that a mask is, "" where it is no finding alone.
// inverted reports whether it is the complement of one.
func (f *finding) selected(m *mask.Mask) (kind subject.Kind, inverted bool) {
	switch {
	case f.mask == nil || m.Size() != f.mask.Size():
		return "", false
	case m.Equal(f.mask):
		return f.kind, false
	case m.Equal(f.mask.Invert()):
		return f.kind, true
	}
	return "", false
}
