package session

import (
	"image"
	"time"
)

// closing is the state of closing the window.
type closing struct {
	waiting bool // it closes when the services' edits have ended
	over    bool
}

// leaveDocument calls do, after asking about what would be lost with the document: unsaved
// changes, and paid variants that are not used.
func (s *Session) leaveDocument(do func()) {
	if s.closing.over {
		return
	}
	modified := s.file.doc != nil && s.file.doc.Modified() && !s.nothingPainted()
	unused := s.unused()
	if !modified && unused == 0 {
		do()
		return
	}
	if s.asking(AskUnsaved, AskUnsavedMask, AskUnused) {
		return
	}
	kept := Sentence{}
	if unused > 0 {
		kept = sayCount("dialog.unused.text", unused)
	}
	if n := s.fillsUnderWay(); n > 0 {
		kept = joined(kept, sayCount("dialog.unsaved.running", n))
	}
	if !modified {
		s.confirm(AskUnused, say("dialog.unused"), kept, say("dialog.unused.do"), do)
		return
	}
	s.askUnsaved(kept, do)
}

// nothingPainted reports whether the document, which no project holds, is its picture as it was
// opened: what was painted was cleared again.
func (s *Session) nothingPainted() bool {
	state := s.file.doc.State()
	return s.file.project == "" && !s.file.pasted && !s.file.doc.PictureModified() && state.Mask.Empty() && len(state.Lines) == 0
}

// fillsUnderWay counts the unfinished edits of the built-in engine, which end with the document.
func (s *Session) fillsUnderWay() int {
	var list []*edit
	for _, e := range s.edits.list {
		if !e.paid() && !e.detached && !e.over() {
			list = append(list, e)
		}
	}
	return countGroups(list)
}

// askUnsaved asks what to do with the document's unsaved changes before it calls do; kept says
// what else would be lost.
func (s *Session) askUnsaved(kept Sentence, do func()) {
	ask, key, label, save := AskUnsaved, "dialog.unsaved", "dialog.save", func(then func()) { s.afterShown(func() { s.savePicture(then) }) }
	switch {
	case s.file.project != "":
		save = s.saveProject
	case !s.file.doc.PictureModified() && !s.file.pasted:
		ask, key, label, save = AskUnsavedMask, "dialog.unsaved_mask", "project.save", s.saveProject
	}
	doc := s.file.doc
	s.ask(&question{
		Question: Question{Ask: ask, Name: say(key), Text: say(key+".text", "Name", s.file.shownName()), Also: kept, Answers: []Answer{
			{Reply: Discard, Label: say(key + ".discard")}, {Reply: Dismiss, Label: say("dialog.cancel")}, {Reply: Save, Label: say(label), Safe: true},
		}},
		reply: func(r Reply) {
			switch r {
			case Discard:
				do()
			case Save:
				save(func() {
					if s.file.doc == doc && doc.Modified() { // the user went on meanwhile
						s.leaveDocument(do)
						return
					}
					do()
				})
			}
		},
	})
}

// Close closes the window, after asking about what would be lost and about edits under way at
// services, which may be charged either way. Edits of the built-in engine are dropped, since
// they can be made again. The wish WishClose follows once everything is saved.
func (s *Session) Close() { s.Leave(func(closes func()) { closes() }) }

// Leave asks what Close asks, and calls agreed once nothing stands in the way: with what closes the
// window. Where the user stays, agreed isn't called.
func (s *Session) Leave(agreed func(closes func())) {
	defer s.act()()
	s.leaveDocument(func() { s.leave(agreed) })
}

// leave asks about edits under way at services, and about a run that applies a recipe.
func (s *Session) leave(agreed func(closes func())) {
	closes := func() {
		defer s.act()()
		s.close()
	}
	n, name, text := s.atServices(), say("dialog.running"), Sentence{}
	if n > 0 {
		text = sayCount("dialog.running.text", n)
	}
	also := Sentence{}
	if left := s.toApply(); left > 0 {
		name, also = say("apply.leave"), sayCount("apply.leave.text", left)
		n += left
	}
	if n == 0 {
		agreed(closes)
		return
	}
	if s.asking(AskRunning) {
		return
	}
	s.ask(&question{
		Question: Question{Ask: AskRunning, Name: name, Text: text, Also: also, Answers: []Answer{
			{Reply: Discard, Label: say("dialog.running.cancel")},
			{Reply: Wait, Label: say("dialog.running.wait")},
			{Reply: Dismiss, Label: say("dialog.running.stay"), Safe: true},
		}},
		reply: func(r Reply) {
			switch r {
			case Discard:
				agreed(closes)
			case Wait:
				agreed(func() {
					defer s.act()()
					s.waitAndClose()
				})
			}
		},
	})
}

// waitAndClose closes the window once the services' edits have ended. What
// arrives meanwhile is in the history.
func (s *Session) waitAndClose() {
	s.closing.waiting = true
	s.warn(say("notice.leaving"), say("notice.stay"), func() { s.closing.waiting = false })
	s.maybeClose()
}

// maybeClose closes the window where it only waited for edits and none is left.
func (s *Session) maybeClose() {
	if s.closing.waiting && s.atServices() == 0 && s.toApply() == 0 {
		s.close()
	}
}

// close ends the session once the files that the user asked for are written.
func (s *Session) close() { s.writing.after(s.end) }

// endTime bounds how long a window waits for its autosave to be removed.
const endTime = 10 * time.Second

// end ends the session: its edits, autosave and goroutines.
func (s *Session) end() {
	if s.closing.over {
		return
	}
	s.closing.over = true
	s.file.opening.number++ // what is on its way is not opened any more
	s.endOpening()
	if m := s.options.Memory; m != nil {
		m.Hold(s, image.Point{})
	}
	for _, e := range append([]*edit(nil), s.edits.list...) {
		s.stopEdit(e)
	}
	if run := s.applying.run; run != nil {
		run.cancel()
	}
	changes := s.takePending()
	s.unkeep()
	for _, r := range s.safe.left {
		r.Release()
	}
	s.safe.left = nil
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := s.writeSettings(changes); err != nil {
			s.log.Warn("settings not saved", "error", err)
		}
		s.safe.ending.Wait()
	}()
	background(s, func() struct{} {
		select {
		case <-done:
		case <-time.After(endTime):
		}
		return struct{}{}
	}, func(struct{}) {
		s.wish(Wish{Kind: WishClose})
		s.stop()
	})
}
