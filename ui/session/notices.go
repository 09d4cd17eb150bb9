package session

import (
	"slices"
	"time"

	"overpaint.dev/overpaint/api"
	"overpaint.dev/overpaint/editor/document"
)

// Notice is a message that needs no answer. A window shows the first three.
type Notice struct {
	ID   int64
	Text Sentence
	// Action is the label of a button beside it, or empty.
	Action Sentence
	// Good reports whether something succeeded, Bad whether something failed; a remark is
	// neither.
	Good, Bad bool
	// Error has the details of what failed, or nil.
	Error *api.Error
}

// stay says when a notice disappears.
type stay int

const (
	fleeting  stay = iota // for a while
	passing               // as staying, but not beyond what is open
	staying               // until there is something newer, or it is dismissed
	answering             // until the user has answered or dismissed it
	lasting               // until its cause is over
)

// telling is how long a notice without a button is shown; with one it is twice as long.
const telling = 6 * time.Second

type notice struct {
	Notice
	stay stay
	do   func()
	stop func() // ends the clock of a fleeting one
	// holds, unless nil, reports whether what it says is still so. It is asked after each action,
	// for the first time after the one that posted the notice.
	holds func() bool
}

type notices struct {
	list []*notice
	last int64
}

// Notices returns the messages, those to show first at the beginning.
func (s *Session) Notices() []Notice {
	list := make([]Notice, len(s.notices.list))
	for i, n := range s.notices.list {
		list[i] = n.Notice
	}
	return list
}

// Act runs the action of a notice.
func (s *Session) Act(id int64) {
	defer s.act()()
	if n := s.removeNotice(id); n != nil && n.do != nil {
		n.do()
	}
}

// Dismiss removes a notice.
func (s *Session) Dismiss(id int64) {
	defer s.act()()
	s.removeNotice(id)
}

func (s *Session) removeNotice(id int64) *notice {
	i := slices.IndexFunc(s.notices.list, func(n *notice) bool { return n.ID == id })
	if i < 0 {
		return nil
	}
	n := s.notices.list[i]
	s.notices.list = slices.Delete(s.notices.list, i, i+1)
	if n.stop != nil {
		n.stop()
	}
	s.touch(Notices)
	s.timeNotice()
	return n
}

// withdraw removes a notice with the same text.
func (s *Session) withdraw(text Sentence) {
	for _, n := range slices.Clone(s.notices.list) {
		if n.Text.same(text) {
			s.removeNotice(n.ID)
		}
	}
}

// tell posts a notice of success, which disappears after a while.
func (s *Session) tell(text Sentence) {
	s.notify(&notice{Notice: Notice{Text: text, Good: true}, stay: fleeting})
}

// tellSaved posts a notice that a file, or a folder's files, were saved, with an action that
// shows them in their folder.
func (s *Session) tellSaved(text Sentence, path string) {
	s.notify(&notice{Notice: Notice{Text: text, Action: say("notice.show_folder"), Good: true}, stay: fleeting, do: func() {
		s.wish(Wish{Kind: WishFolder, Path: path})
	}})
}

// remark posts a notice about the last attempt. It stays until there is a newer one, or until
// the document, what is chosen or what is shown has changed.
func (s *Session) remark(text Sentence) {
	s.notify(&notice{Notice: Notice{Text: text}, stay: passing, holds: s.unmoved()})
}

// note posts a notice about the open document, which stays until there is a newer one or
// another document.
func (s *Session) note(text Sentence) {
	s.notify(&notice{Notice: Notice{Text: text}, stay: passing})
}

// noteWhile posts a notice about the open document, which stays only while holds returns true.
func (s *Session) noteWhile(text Sentence, holds func() bool) {
	s.notify(&notice{Notice: Notice{Text: text}, stay: passing, holds: holds})
}

// situation is what a remark refers to.
type situation struct {
	state   *document.State
	shown   Shown
	target  document.Target
	result  document.ID
	current EditID
	edits   EditID // the newest
}

func (s *Session) situation() situation {
	now := situation{shown: s.shown.now, target: s.editing.target, result: s.results.chosen, current: s.edits.current, edits: s.edits.last}
	if s.file.doc != nil {
		now.state = s.file.doc.State()
	}
	return now
}

// unmoved returns a function that reports whether the situation is as when it was called first.
func (s *Session) unmoved() func() bool {
	var then *situation
	return func() bool {
		now := s.situation()
		if then == nil {
			then = &now
		}
		return *then == now
	}
}

// dropUntrue removes the notices that no longer hold. It is called at the end of each action.
func (s *Session) dropUntrue() {
	for _, n := range slices.Clone(s.notices.list) {
		if n.holds != nil && !n.holds() {
			s.removeNotice(n.ID)
		}
	}
}

// trouble posts a notice of a failure that doesn't concern the open document, which stays
// until there is a newer one.
func (s *Session) trouble(text Sentence) {
	s.notify(&notice{Notice: Notice{Text: text, Bad: true}, stay: staying})
}

// report posts a notice that doesn't concern the open document, which stays until there is a
// newer one.
func (s *Session) report(text Sentence) {
	s.notify(&notice{Notice: Notice{Text: text}, stay: staying})
}

// offer posts a notice with an action.
func (s *Session) offer(text, action Sentence, do func()) {
	s.notify(&notice{Notice: Notice{Text: text, Action: action}, stay: answering, do: do})
}

// warn posts a notice that stays until it is withdrawn or dismissed; with an action unless
// that is empty.
func (s *Session) warn(text, action Sentence, do func()) {
	s.notify(&notice{Notice: Notice{Text: text, Action: action}, stay: lasting, do: do})
}

// moveOn removes the notices about the document that was open until now, or about the attempt
// to open one.
func (s *Session) moveOn() {
	for _, n := range slices.Clone(s.notices.list) {
		if n.stay == passing {
			s.removeNotice(n.ID)
		}
	}
}

// fail posts a notice of an error, unless the error is a cancellation.
func (s *Session) fail(err error) { s.failFor(staying, err) }

func (s *Session) failFor(long stay, err error) {
	e := api.AsError(err)
	if e == nil || e.Kind == api.KindCancelled {
		return
	}
	s.log.Warn("failed", "kind", string(e.Kind), "sentence", e.Text().Key, "error", e)
	s.notify(&notice{Notice: Notice{Text: told(e.Text()), Bad: true, Error: e}, stay: long})
}

// notify adds a notice. Notices with the same text, and those that stay only until there is a
// newer one, are removed.
func (s *Session) notify(n *notice) {
	s.touch(Notices)
	s.withdraw(n.Text)
	for _, old := range slices.Clone(s.notices.list) {
		if old.stay <= staying {
			s.removeNotice(old.ID)
		}
	}
	s.notices.last++
	n.ID = s.notices.last
	// What asks for an answer comes first and keeps its place.
	at := slices.IndexFunc(s.notices.list, func(o *notice) bool { return o.stay < n.stay && o.stay != answering })
	if at < 0 || n.stay != answering {
		at = len(s.notices.list)
	}
	s.notices.list = slices.Insert(s.notices.list, at, n)
	s.timeNotice()
}

// atOnce is how many notices a window shows at a time.
const atOnce = 3

// timeNotice starts the clocks of the fleeting notices that are shown.
func (s *Session) timeNotice() {
	for _, n := range s.notices.list[:min(atOnce, len(s.notices.list))] {
		if n.stay != fleeting || n.stop != nil {
			continue
		}
		long := telling
		if n.do != nil {
			long = 2 * telling
		}
		n.stop = s.after(long, func() { s.removeNotice(n.ID) })
	}
}
