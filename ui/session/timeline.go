package session

import (
	"slices"

	"overpaint.dev/overpaint/editor/document"
)

// timeline holds the user's actions in one order: steps of the document and actions in the
// gallery. Undo goes back in it.
type timeline struct {
	entries []*entry
	done    int    // entries[:done] are made, the rest undone
	moving  bool   // the document's steps that are reported now are undone or redone
	group   *entry // the steps that are made now belong to it
	// carried counts steps of the document that become part of its next entry; carrying reports
	// whether such steps are being made.
	carried  int
	carrying bool
}

// entry is one action.
type entry struct {
	name string
	// steps is the number of its steps of the document.
	steps int
	// target is what was painted on; paints reports whether this was painting.
	target document.Target
	paints bool
	// undo and redo do what is not part of the document; they may be nil.
	undo, redo func()
}

// maxEntries bounds the number of entries, and so what is kept of discarded edits. The
// document's own bounds are narrower.
const maxEntries = 2000

func (t *timeline) push(e *entry) {
	if e.steps > 0 {
		e.steps, t.carried = e.steps+t.carried, 0
	}
	clear(t.entries[t.done:])
	t.entries = append(t.entries[:t.done], e)
	t.done++
	if over := len(t.entries) - maxEntries; over > 0 {
		t.entries = slices.Delete(t.entries, 0, over)
		t.done -= over
	}
}

// dropped removes the oldest n steps of the document, which can no longer be undone.
func (t *timeline) dropped(n int) {
	for i := 0; i < t.done && n > 0; {
		e := t.entries[i]
		if e.steps == 0 {
			i++
			continue
		}
		gone := min(e.steps, n)
		n -= gone
		if e.steps -= gone; e.steps == 0 {
			t.entries = slices.Delete(t.entries, i, i+1)
			t.done--
		}
	}
}

// Step is one action that can be undone or redone.
type Step struct {
	Name Sentence
	Done bool
}

// Steps returns the actions, the oldest first; those that are not Done were undone.
func (s *Session) Steps() []Step {
	list := make([]Step, len(s.timeline.entries))
	for i, e := range s.timeline.entries {
		list[i] = Step{Name: say(e.name), Done: i < s.timeline.done}
	}
	return list
}

// Undo undoes the last action. Where its effect would not be visible the document is displayed
// first. A shape that is being drawn is dropped instead.
func (s *Session) Undo() {
	defer s.act()()
	if s.dropShape() || s.timeline.done == 0 {
		return
	}
	s.timeline.moving = true
	for ; s.timeline.carried > 0; s.timeline.carried-- {
		s.file.doc.Undo()
	}
	s.timeline.moving = false
	s.timeline.done--
	s.move(s.timeline.entries[s.timeline.done], true)
}

// Redo redoes the action that was undone last.
func (s *Session) Redo() {
	defer s.act()()
	if s.dropShape() || s.timeline.done == len(s.timeline.entries) {
		return
	}
	s.timeline.done++
	s.move(s.timeline.entries[s.timeline.done-1], false)
}

// GoTo undoes or redoes until the first n of Steps are done.
func (s *Session) GoTo(n int) {
	defer s.act()()
	n = min(max(n, 0), len(s.timeline.entries))
	for s.timeline.done > n {
		s.Undo()
	}
	for s.timeline.done < n {
		s.Redo()
	}
}

func (s *Session) move(e *entry, back bool) {
	s.touch(Menu)
	if e.steps > 0 {
		if s.seeDocument(e) {
			key := "notice.redone"
			if back {
				key = "notice.undone"
			}
			s.tell(say(key, "Step", say(e.name)))
		}
		s.timeline.moving = true
		for range e.steps {
			if back {
				s.file.doc.Undo()
			} else {
				s.file.doc.Redo()
			}
		}
		s.timeline.moving = false
	}
	do := e.redo
	if back {
		do = e.undo
	}
	if do != nil {
		do()
	}
}

// seeDocument displays the document and the target of a step, where something else is
// displayed. It reports whether that was so.
func (s *Session) seeDocument(e *entry) bool {
	hidden := s.shown.now != Shown{}
	if e.paints && s.editing.target.Kind != document.DocumentMask && s.editing.target != e.target {
		s.leaveEditing()
		hidden = true
	}
	s.show(Shown{})
	return hidden
}

// together makes one entry of all changes that do makes to the document.
func (s *Session) together(name string, do func()) *entry {
	e := &entry{name: name}
	s.timeline.group = e
	do()
	s.timeline.group = nil
	if e.steps > 0 {
		s.timeline.push(e)
	}
	s.touch(Menu)
	return e
}

// did adds an action in the gallery.
func (s *Session) did(name string, undo, redo func()) {
	s.timeline.push(&entry{name: name, undo: undo, redo: redo})
	s.touch(Menu)
}

// stepped handles a change of the document.
func (s *Session) stepped(step document.Step) {
	if step.Name == "" { // saved, or not any more
		s.touch(Status | Menu)
		return
	}
	t := &s.timeline
	switch {
	case t.moving:
	case t.carrying:
		t.carried++
	case t.group != nil:
		t.group.steps++
	default:
		t.push(&entry{name: step.Name, steps: 1})
	}
	if step.Dropped > 0 {
		t.dropped(step.Dropped)
		if !s.file.dropped {
			s.file.dropped = true
			s.note(say("document.steps_dropped"))
		}
	}
	if step.Resized {
		s.holdMemory()
		s.frame = drawnFrame{} // its pixels are no longer those that it was drawn around
	}
	s.settleEditing()
	s.touch(Canvas | Gallery | Results | Status | Menu)
	s.plan()
}
