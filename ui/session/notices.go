package session

import (
	"slices"
	"time"

	"overpaint.dev/overpaint/api"
)

// Notice is something that the person should know and that stops nobody. Few of
// them are there at a time; a window has room for the first three.
type Notice struct {
	ID   int64
	Text Sentence
	// Action is what a button beside it says, or nothing.
	Action Sentence
	// Good reports that something went well, Bad that something failed; a remark is
	// neither.
	Good, Bad bool
	// Error is what is known of trouble besides the sentence, or nil.
	Error *api.Error
}

// stay is how long a notice is shown.
type stay int

const (
	fleeting  stay = iota // for a while
	passing               // as staying, but not beyond what is open
	staying               // until there is something newer, or it is dismissed
	answering             // until the person has answered or dismissed it
	lasting               // until what it tells of is over
)

// telling is how long a sentence is shown that asks for nothing; where there is a
// button it is twice as long.
const telling = 6 * time.Second

type notice struct {
	Notice
	stay stay
	do   func()
	stop func() // ends the clock of a fleeting one
}

type notices struct {
	list []*notice
	last int64
}

// Notices returns what there is to tell, what is to be shown first.
func (s *Session) Notices() []Notice {
	list := make([]Notice, len(s.notices.list))
	for i, n := range s.notices.list {
		list[i] = n.Notice
	}
	return list
}

// Act does what a notice offers.
func (s *Session) Act(id int64) {
	defer s.act()()
	if n := s.removeNotice(id); n != nil && n.do != nil {
		n.do()
	}
}

// Dismiss takes a notice away.
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

// withdraw takes a notice away that says the same.
func (s *Session) withdraw(text Sentence) {
	for _, n := range slices.Clone(s.notices.list) {
		if n.Text.same(text) {
			s.removeNotice(n.ID)
		}
	}
}

// tell says for a while that something went well.
func (s *Session) tell(text Sentence) {
	s.notify(&notice{Notice: Notice{Text: text, Good: true}, stay: fleeting})
}

// tellSaved says for a while that a file, or a folder's files, were saved, and offers
// to show them where they lie.
func (s *Session) tellSaved(text Sentence, path string) {
	s.notify(&notice{Notice: Notice{Text: text, Action: say("notice.show_folder"), Good: true}, stay: fleeting, do: func() {
		s.wish(Wish{Kind: WishFolder, Path: path})
	}})
}

// remark says something of what is open, or of what was just tried. It stays until
// there is something newer, or something else is open.
func (s *Session) remark(text Sentence) {
	s.notify(&notice{Notice: Notice{Text: text}, stay: passing})
}

// trouble says that something failed that has nothing to do with what is open,
// until there is something newer.
func (s *Session) trouble(text Sentence) {
	s.notify(&notice{Notice: Notice{Text: text, Bad: true}, stay: staying})
}

// report says something that has nothing to do with what is open. It stays until
// there is something newer.
func (s *Session) report(text Sentence) {
	s.notify(&notice{Notice: Notice{Text: text}, stay: staying})
}

// offer says something together with what can be done.
func (s *Session) offer(text, action Sentence, do func()) {
	s.notify(&notice{Notice: Notice{Text: text, Action: action}, stay: answering, do: do})
}

// warn says something until it is withdrawn or dismissed; with an action
// where one is given.
func (s *Session) warn(text, action Sentence, do func()) {
	s.notify(&notice{Notice: Notice{Text: text, Action: action}, stay: lasting, do: do})
}

// moveOn takes away what was said of the document that was open until now, or of
// the attempt to open one.
func (s *Session) moveOn() {
	for _, n := range slices.Clone(s.notices.list) {
		if n.stay == passing {
			s.removeNotice(n.ID)
		}
	}
}

// fail tells of trouble. What was cancelled is none.
func (s *Session) fail(err error) { s.failFor(staying, err) }

func (s *Session) failFor(long stay, err error) {
	e := api.AsError(err)
	if e == nil || e.Kind == api.KindCancelled {
		return
	}
	s.log.Warn("failed", "kind", string(e.Kind), "sentence", e.Text().Key, "error", e)
	s.notify(&notice{Notice: Notice{Text: told(e.Text()), Bad: true, Error: e}, stay: long})
}

// notify adds a notice. What says the same, and what only stayed for want of
// something newer, goes.
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
